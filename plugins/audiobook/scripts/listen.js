// One player over all chapters of a book: its sounds stand behind each other on one axis of time.
// What it shares with videos, beats.js and js, stands before it in the same file.

const [{ say }, manifest] = await Promise.all([import(root.dataset.say), fetch(root.dataset.manifest).then((reply) => reply.json())]);

const element = document.getElementById('media');
const seconds = (duration) => Number(/^PT([\d.]+)S$/.exec(duration)[1]);
const sounds = [];
for (const { url, duration } of manifest.readingOrder) {
	const before = sounds.at(-1);
	sounds.push({ url, start: before ? before.start + before.length : 0, length: seconds(duration) });
}
const duration = seconds(manifest.duration);

let current = -1, ahead = null;
let going = false, again = null, tries = 0; // somebody wants to hear; the next try after a cut line

function load(index, into) {
	if (index !== current) {
		current = index;
		element.src = sounds[index].url; // nothing is fetched before it plays: preload is none
	}
	if (element.readyState > 0 && !element.error) element.currentTime = into;
	else ahead = into;
}

const axis = {
	element,
	duration,
	get time() {
		const { start, length } = sounds[current];
		// a file may be some hundredths longer or shorter than its place on the axis
		return start + (element.ended ? length : Math.min(ahead ?? element.currentTime, length));
	},
	get playing() { return !element.paused || again !== null; },
	get rate() { return element.playbackRate; },
	set rate(value) { [element.defaultPlaybackRate, element.playbackRate] = [value, value]; },
	seek(to) {
		const time = Math.max(0, Math.min(to, duration - 0.1));
		const index = Math.max(0, sounds.findLastIndex((sound) => sound.start <= time + 0.001));
		const goes = axis.playing;
		load(index, Math.max(0, time - sounds[index].start));
		if (goes) axis.play();
		paint();
	},
	play() {
		going = true;
		if (element.error) revive();
		element.play().catch(() => {});
	},
	pause() {
		rest();
		going = false;
		element.pause();
		label();
	},
};

// ---- a cut line: the sound is loaded anew where it stopped, again and again until it is there or paused ----

const rest = () => {
	clearTimeout(again);
	again = null;
};

function revive() {
	rest();
	ahead ??= element.currentTime;
	element.load();
}

element.addEventListener('error', () => {
	ahead ??= element.currentTime;
	rest();
	if (going) again = setTimeout(() => axis.play(), Math.min(60000, 2000 * 2 ** tries++));
	beats.hear.away('offline');
});
element.addEventListener('pause', () => { if (!element.error) going = false; });
element.addEventListener('playing', () => {
	if (tries) beats.hear.back();
	tries = 0;
});
addEventListener('online', () => { if (again !== null) axis.play(); });

element.addEventListener('loadedmetadata', () => {
	if (ahead === null) return;
	element.currentTime = ahead;
	ahead = null;
});
element.addEventListener('ended', () => {
	if (current + 1 >= sounds.length) return;
	load(current + 1, 0);
	axis.play();
});

// ---- controls ----

const play = document.getElementById('play');
const slider = document.getElementById('position');
const where = document.getElementById('position-text');
const now = document.getElementById('now');
const list = document.getElementById('points');
const points = [...list.querySelectorAll('[data-seconds]')];

function paint() {
	slider.value = Math.floor(axis.time);
	where.textContent = fill(root.dataset.placeWords, { position: span(axis.time), length: span(duration) });
	if (!axis.playing || document.activeElement !== slider) tellPlace();
}

// A screen reader says each new value of what has the focus: while it plays, only where the person moved it to.
const tellPlace = () => slider.setAttribute('aria-valuetext', where.textContent);

const here = () => points.findLastIndex((point) => Number(point.dataset.seconds) <= axis.time + 0.05);
const step = (by) => axis.seek(Number(points[Math.max(0, Math.min(points.length - 1, here() + by))].dataset.seconds));

function tell(point) {
	const number = points.indexOf(point) + 1;
	now.textContent = fill(root.dataset.chapterWords, { number, count: points.length, chapter: point.textContent });
}

element.controls = false;
for (const part of document.querySelectorAll('[data-scripted]')) part.hidden = false;
for (const part of document.querySelectorAll('[data-plain]')) part.hidden = true;
slider.max = Math.floor(duration);

const firstSound = Math.max(0, sounds.findLastIndex((sound) => sound.start <= Number(root.dataset.start)));
load(firstSound, Math.max(0, Number(root.dataset.start) - sounds[firstSound].start));
paint();

play.addEventListener('click', () => (axis.playing ? axis.pause() : axis.play()));
const label = () => playLabel(axis);
for (const name of ['play', 'pause', 'ended', 'error']) element.addEventListener(name, label);
for (const name of ['timeupdate', 'pause', 'seeked']) element.addEventListener(name, paint);
slider.addEventListener('input', () => {
	axis.seek(Number(slider.value));
	tellPlace();
});
document.getElementById('before').addEventListener('click', () => step(axis.time - Number(points[Math.max(0, here())].dataset.seconds) > 3 ? 0 : -1));
document.getElementById('after').addEventListener('click', () => step(1));

const beats = count(axis, say);
links(axis);
follow(axis, list, tell);
const text = document.getElementById('transcript');
if (text) follow(axis, text);
speeds(axis, document.getElementById('speed'), say);
keys(axis, { p: () => step(-1), n: () => step(1) }, say);
root.dataset.ready = 'yes';
