// Speech by espeak-ng, put together piece by piece, so that every caption knows when its words are said.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const RATE = 22050;
const here = new URL('.', import.meta.url).pathname;
const readings = Object.entries(JSON.parse(readFileSync(`${here}../texts/readings.json`, 'utf8')))
	.sort(([a], [b]) => b.length - a.length);

// espeak-ng reads some words wrong; they are given to it in pinyin.
function spelled(text) {
	let out = text;
	for (const [word, pinyin] of readings) out = out.replaceAll(word, ` ${pinyin} `);
	return out;
}

// Samples of the data chunk; espeak-ng writes a length of its own invention when it writes to a pipe.
function samples(wav) {
	const at = wav.indexOf('data');
	const bytes = wav.subarray(at + 8);
	return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
}

// Without the silence around it: pauses are ours.
function trimmed(pcm) {
	const QUIET = 200;
	let from = 0, to = pcm.length;
	while (from < to && Math.abs(pcm[from]) < QUIET) from++;
	while (to > from && Math.abs(pcm[to - 1]) < QUIET) to--;
	return pcm.subarray(from, to);
}

const voices = { 'zh-CN': ['-v', 'cmn-latn-pinyin', '-s', '150'], en: ['-v', 'en-gb', '-s', '150'] };

export function speak(text, lang) {
	const words = lang === 'zh-CN' ? spelled(text) : text;
	const wav = execFileSync('espeak-ng', [...voices[lang], '-a', '90', '--stdout', words], { maxBuffer: 64 << 20 });
	return trimmed(samples(wav));
}

// A recording that grows: speech and pauses, with the times of each piece.
export class Recording {
	constructor() {
		this.parts = [];
		this.length = 0;
	}

	get seconds() { return this.length / RATE; }

	pause(seconds) { this.put(new Int16Array(Math.max(0, Math.round(seconds * RATE)))); }

	put(pcm) {
		this.parts.push(pcm);
		this.length += pcm.length;
	}

	// Returns [from, to] in seconds.
	say(text, lang) {
		const from = this.seconds;
		this.put(speak(text, lang));
		return [from, this.seconds];
	}

	write(file) {
		const data = Buffer.concat(this.parts.map((pcm) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)));
		const head = Buffer.alloc(44);
		head.write('RIFF', 0);
		head.writeUInt32LE(36 + data.length, 4);
		head.write('WAVEfmt ', 8);
		head.writeUInt32LE(16, 16);
		head.writeUInt16LE(1, 20); // PCM
		head.writeUInt16LE(1, 22); // channels
		head.writeUInt32LE(RATE, 24);
		head.writeUInt32LE(RATE * 2, 28);
		head.writeUInt16LE(2, 32);
		head.writeUInt16LE(16, 34);
		head.write('data', 36);
		head.writeUInt32LE(data.length, 40);
		writeFileSync(file, Buffer.concat([head, data]));
	}
}

function clock(seconds) {
	const ms = Math.round(seconds * 1000);
	const two = (n) => String(n).padStart(2, '0');
	return `${two(Math.floor(ms / 3600000))}:${two(Math.floor(ms / 60000) % 60)}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}

// Two lines at most, broken near the middle: 16 characters a line in Chinese, 42 in English.
export function lines(text, lang) {
	const most = lang === 'en' ? 42 : 16;
	if (text.length <= most) return text;
	const breaks = [...text].map((c, i) => i + 1).filter((i) => i < text.length &&
		(lang === 'en' ? text[i - 1] === ' ' : !/[，。：？、！]/.test(text[i]) && !/[A-Za-z]/.test(text[i - 1] + text[i])));
	const better = (i) => Math.abs(i - text.length / 2) - (/[，：、。]/.test(text[i - 1]) || /[.,:;] $/.test(text.slice(0, i)) ? 4 : 0) +
		(Math.max(i, text.length - i) > most ? 100 : 0);
	const at = breaks.sort((a, b) => better(a) - better(b))[0];
	return `${text.slice(0, at).trim()}\n${text.slice(at).trim()}`;
}

// cues: [{from, to, text}…]
export function vtt(cues, lang) {
	return `WEBVTT\n\n${cues.map((c) => `${clock(c.from)} --> ${clock(c.to)}\n${lang ? lines(c.text, lang) : c.text}\n`).join('\n')}`;
}

// A text as pieces that fit a caption: sentences, and their clauses where a sentence is long.
export function pieces(paragraph, lang) {
	const most = lang === 'en' ? 80 : 31;
	const out = [];
	for (const sentence of paragraph.match(lang === 'en' ? /[^.?!]+[.?!]+/g : /[^。？！]+[。？！]/g)) {
		let piece = '';
		for (const clause of sentence.trim().match(lang === 'en' ? /[^,;:]+[,;:.?!]*/g : /[^，：；]+[，：；。？！]?/g)) {
			if (piece && (piece + clause).length > most) {
				out.push(piece.trim());
				piece = '';
			}
			piece += clause;
		}
		out.push(piece.trim());
	}
	return out;
}

// Reads a text aloud: a title, then paragraphs. Returns its cues.
export function read(recording, text, lang, { title = true } = {}) {
	const cues = [];
	const [head, ...paragraphs] = text.trim().split('\n');
	const say = (words) => {
		const [from, to] = recording.say(words, lang);
		cues.push({ from, to: to + 0.2, text: words });
		recording.pause(/[。？！.?!]$/.test(words) ? 0.5 : 0.25);
	};
	if (title) {
		say(head);
		recording.pause(0.7);
	}
	for (const paragraph of paragraphs) {
		for (const words of pieces(paragraph, lang)) say(words);
		recording.pause(0.4);
	}
	return cues;
}
