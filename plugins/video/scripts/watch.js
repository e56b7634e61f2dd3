// The video page with scripts: video.js plays HLS by media source extensions, else the flat file; our own controls,
// transcript, chapters and beats stand around it. Without all this the page's own <video> plays.
// What it shares with books, beats.js and player.js, stands before it in the same file.

const data = root.dataset;

const script = (address) => new Promise((resolve, reject) => {
	const element = Object.assign(document.createElement('script'), { src: address, onload: resolve, onerror: reject });
	document.head.append(element);
});

window.VIDEOJS_NO_DYNAMIC_STYLE = true; // the page's policy allows no styles but files
document.head.prepend(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: data.librarySheet }));
const [{ say }] = await Promise.all([import(data.say), script(data.library).then(() => script(data.libraryZh))]);

const canStream = 'MediaSource' in window || 'ManagedMediaSource' in window;
// some browsers inside other programs know neither streaming nor captions: the library brings its own
const ownCaptions = !canStream && 'textTracks' in HTMLMediaElement.prototype && 'track' in HTMLTrackElement.prototype;
const flat = { src: data.flat, type: data.type || 'video/mp4' };
const streamed = { src: `${data.hls}${data.hls.includes('?') ? '&' : '?'}text=no`, type: 'application/vnd.apple.mpegurl' };
const sources = [...(data.hls && canStream ? [streamed] : []), ...(data.flat ? [flat] : [])];

// Times in words, as everywhere on the page; what the library says in words that are hard to read, or that are ours, is said anew.
window.videojs.time.setFormatTime((seconds) => span(seconds));
window.videojs.addLanguage(document.documentElement.lang, {
	'progress bar timing: currentTime={1} duration={2}': fill(data.positionWords, { position: '{1}', length: '{2}' }),
	Captions: data.languagesWords, Subtitles: data.languagesWords,
	'captions off': data.noneWords, 'subtitles off': data.noneWords,
	'captions settings': data.looksWords, 'subtitles settings': data.looksWords,
});

document.getElementById('media').classList.add('video-js');
const player = window.videojs('media', {
	language: document.documentElement.lang, sources, preload: 'none', controls: true,
	experimentalSvgIcons: true, disablePictureInPicture: false, inactivityTimeout: 4000,
	controlBar: {
		pictureInPictureToggle: false, volumePanel: { inline: true }, chaptersButton: false, descriptionsButton: false,
		audioTrackButton: false, playbackRateMenuButton: false, remainingTimeDisplay: false, durationDisplay: false, timeDivider: false,
	},
	html5: { vhs: { overrideNative: canStream }, nativeTextTracks: ownCaptions, nativeAudioTracks: !canStream, nativeVideoTracks: !canStream },
});
await new Promise((resolve) => player.ready(resolve));
// the large sign on the picture is for the mouse; who comes by Tab has our own button
const large = player.bigPlayButton.el();
large.tabIndex = -1;
large.setAttribute('aria-hidden', 'true');
if (data.width) player.el().style.aspectRatio = `${data.width} / ${data.height}`;
player.el().classList.add('video');

// What cannot be streamed here is played as one file; what a cut line ended goes on where it stopped when the line is back.
let lost = null;
const anew = (source, at) => {
	player.src(source);
	player.one('loadedmetadata', () => player.currentTime(at));
	axis.play();
};
player.on('error', () => {
	const at = player.currentTime();
	if (navigator.onLine && data.flat && player.currentType() === streamed.type) anew(flat, at);
	else lost ??= at;
});
addEventListener('online', () => {
	if (lost !== null) anew(player.currentSource(), lost);
	lost = null;
});

const element = player.el().querySelector('video, audio');
let ahead = Number(data.start) || null; // where it goes on once there is something to play
player.on('loadedmetadata', () => {
	if (ahead !== null) player.currentTime(ahead);
	ahead = null;
});

const axis = {
	element,
	duration: Number(data.duration),
	get time() { return ahead ?? player.currentTime(); },
	get playing() { return !player.paused(); },
	get rate() { return player.playbackRate(); },
	set rate(value) { player.playbackRate(value); player.defaultPlaybackRate(value); },
	seek(to) {
		const time = Math.max(0, Math.min(to, axis.duration));
		if (player.readyState() > 0) player.currentTime(time);
		else ahead = time;
	},
	play() { player.play()?.catch?.(() => {}); },
	pause() { player.pause(); },
};

// ---- captions, spoken description ----

const pressed = (button, on) => button.setAttribute('aria-pressed', String(on));
const textTracks = (...kinds) => Array.from(player.textTracks()).filter((track) => kinds.includes(track.kind));
const captions = () => textTracks('captions', 'subtitles');

function captionsButton(button) {
	let last = captions().find((track) => track.mode === 'showing') ?? captions().find((track) =>
		track.language.split('-')[0] === document.documentElement.lang.split('-')[0]) ?? captions()[0];
	const paint = () => {
		const shown = captions().find((track) => track.mode === 'showing');
		if (shown) last = shown;
		pressed(button, Boolean(shown));
	};
	button.addEventListener('click', () => {
		const shown = captions().find((track) => track.mode === 'showing');
		if (shown) shown.mode = 'disabled';
		else last.mode = 'showing';
		paint();
	});
	player.textTracks().addEventListener('change', paint);
	button.hidden = !last;
	paint();
}

// What a description says at its moment: told to who listens to a screen reader, and seen below the picture.
function tellDescription(track, place) {
	const words = Array.from(track.activeCues ?? []).map(({ text }) => text.replace(/<[^>]*>/g, '')).join(' ');
	place.hidden = !words || track.mode === 'disabled';
	if (place.hidden || place.textContent === words) return;
	place.lang = track.language;
	place.textContent = words;
	say(words);
}

// A recorded description is another sound of the same video; without one there may be texts that are told.
function descriptionButton(button, place) {
	const described = () => Array.from(player.audioTracks()).find((track) => /desc/.test(track.kind));
	const plain = () => Array.from(player.audioTracks()).find((track) => !/desc/.test(track.kind));
	const recorded = () => Boolean(described() && plain());
	const [text] = textTracks('descriptions');
	const paint = () => {
		button.hidden = !recorded() && !text;
		pressed(button, recorded() ? described().enabled : text?.mode === 'hidden');
	};
	const turnText = (on) => {
		text.mode = on ? 'hidden' : 'disabled';
		tellDescription(text, place);
		paint();
	};
	text?.addEventListener('cuechange', () => tellDescription(text, place));
	button.addEventListener('click', () => {
		if (recorded()) (described().enabled ? plain() : described()).enabled = true;
		else turnText(text.mode !== 'hidden');
	});
	// who needs it has it from the start; switched off it stays off
	if (text && data.described === 'yes') turnText(true);
	const wanted = () => {
		if (text && recorded() && text.mode === 'hidden') turnText(false); // the sound says it
		if (data.described !== 'yes' || !described()) return;
		player.audioTracks().removeEventListener('addtrack', wanted);
		queueMicrotask(() => { described().enabled = true; }); // the list looks after a track once it has told of it
	};
	player.audioTracks().addEventListener('addtrack', wanted);
	wanted();
	for (const name of ['addtrack', 'removetrack', 'change']) player.audioTracks().addEventListener(name, paint);
	paint();
}

const captionsToggle = document.getElementById('captions');
captionsButton(captionsToggle);
descriptionButton(document.getElementById('description'), document.getElementById('told'));

// The signing stands beside the lesson and keeps its time; its own sound is off.
function signing(sign) {
	if (!sign) return;
	const together = () => {
		sign.playbackRate = axis.rate;
		if (Math.abs(sign.currentTime - axis.time) > 0.15) sign.currentTime = axis.time;
		if (axis.playing && sign.closest('details').open) sign.play().catch(() => {});
		else sign.pause();
	};
	for (const name of ['playing', 'pause', 'seeked', 'ratechange', 'timeupdate', 'ended']) player.on(name, together);
	sign.closest('details').addEventListener('toggle', together);
	sign.controls = false; // the lesson's controls move both
}
signing(document.getElementById('sign'));

// ---- the rest is the same as for books ----

for (const part of document.querySelectorAll('[data-scripted]')) part.hidden = false;
const play = document.getElementById('play');
play.addEventListener('click', () => (axis.playing ? axis.pause() : axis.play()));
for (const name of ['play', 'pause', 'ended'])
	player.on(name, () => playLabel(axis));

count(axis, say);
links(axis);
for (const id of ['points', 'transcript']) {
	const list = document.getElementById(id);
	if (list) follow(axis, list);
}
speeds(axis, document.getElementById('speed'), say);
keys(axis, {
	c: () => { if (!captionsToggle.hidden) captionsToggle.click(); },
	f: () => (player.isFullscreen() ? player.exitFullscreen() : player.requestFullscreen()),
	m: () => player.muted(!player.muted()),
}, say);
data.ready = 'yes';
