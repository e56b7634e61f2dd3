// The video page with scripts: video.js plays HLS by media source extensions, else the flat file; our own controls,
// transcript, chapters and beats stand around it. Without all this the page's own <video> plays.

const root = document.getElementById('player');
const data = root.dataset;

const script = (address) => new Promise((resolve, reject) => {
	const element = Object.assign(document.createElement('script'), { src: address, onload: resolve, onerror: reject });
	document.head.append(element);
});

window.VIDEOJS_NO_DYNAMIC_STYLE = true; // the page's policy allows no styles but files
document.head.prepend(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: data.librarySheet }));
const [counting, shared, { say }] = await Promise.all([
	import(data.beats), import(data.shared), import(data.say), script(data.library).then(() => script(data.libraryZh)),
]);

const canStream = 'MediaSource' in window || 'ManagedMediaSource' in window;
const flat = { src: data.flat, type: 'video/mp4' };
const streamed = { src: `${data.hls}?text=no`, type: 'application/vnd.apple.mpegurl' };
const sources = [...(data.hls && canStream ? [streamed] : []), ...(data.flat ? [flat] : [])];
const rates = [...document.getElementById('speed').options].map((option) => Number(option.value));

const player = window.videojs('media', {
	language: document.documentElement.lang, sources, playbackRates: rates, preload: 'none', controls: true,
	experimentalSvgIcons: true, disablePictureInPicture: false, inactivityTimeout: 4000,
	controlBar: { pictureInPictureToggle: false, volumePanel: { inline: false } },
	html5: { vhs: { overrideNative: canStream }, nativeTextTracks: !canStream, nativeAudioTracks: !canStream, nativeVideoTracks: !canStream },
});
await new Promise((resolve) => player.ready(resolve));
if (data.width) player.el().style.aspectRatio = `${data.width} / ${data.height}`;
player.el().classList.add('video');

// what cannot be streamed here is played as one file
player.on('error', () => {
	if (player.currentType() !== streamed.type || !data.flat) return;
	const at = player.currentTime();
	player.src(flat);
	player.one('loadedmetadata', () => player.currentTime(at));
	player.play();
});

const element = player.el().querySelector('video');
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

// ---- captions, spoken description, chapters ----

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

// A recorded description is another sound of the same video.
function descriptionButton(button) {
	const described = () => Array.from(player.audioTracks()).find((track) => /desc/.test(track.kind));
	const plain = () => Array.from(player.audioTracks()).find((track) => !/desc/.test(track.kind));
	const paint = () => {
		button.hidden = !described() || !plain();
		pressed(button, Boolean(described()?.enabled));
	};
	button.addEventListener('click', () => { (described().enabled ? plain() : described()).enabled = true; });
	for (const name of ['addtrack', 'removetrack', 'change']) player.audioTracks().addEventListener(name, paint);
	paint();
}

// The player's own chapter menu is made of the page's list when the lesson has no chapter track.
function chapters(list) {
	if (!list || textTracks('chapters').length) return;
	const rows = [...list.querySelectorAll('[data-seconds]')];
	const track = player.addRemoteTextTrack({ kind: 'chapters', language: document.documentElement.lang }, false).track;
	rows.forEach((row, i) => {
		const end = Number(rows[i + 1]?.dataset.seconds ?? axis.duration);
		track.addCue(new window.VTTCue(Number(row.dataset.seconds), end, row.textContent));
	});
}

const captionsToggle = document.getElementById('captions');
captionsButton(captionsToggle);
descriptionButton(document.getElementById('description'));
chapters(document.getElementById('points'));

// ---- the rest is the same as for books ----

for (const part of document.querySelectorAll('[data-scripted]')) part.hidden = false;
const play = document.getElementById('play');
play.addEventListener('click', () => (axis.playing ? axis.pause() : axis.play()));
for (const name of ['play', 'pause', 'ended'])
	player.on(name, () => { play.textContent = axis.playing ? play.dataset.pause : play.dataset.play; });

shared.count(axis, counting, say);
shared.links(axis);
for (const id of ['points', 'transcript']) {
	const list = document.getElementById(id);
	if (list) shared.follow(axis, list);
}
shared.speeds(axis, document.getElementById('speed'), say);
shared.keys(axis, {
	c: () => { if (!captionsToggle.hidden) captionsToggle.click(); },
	f: () => (player.isFullscreen() ? player.exitFullscreen() : player.requestFullscreen()),
	m: () => player.muted(!player.muted()),
}, say);
data.ready = 'yes';
