// The audio-book, the lesson of the draft and the voice of the first lesson: sound and captions from texts/.
// Usage: node sound.mjs WORK, a folder for what the film is made of
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Recording, read, vtt } from './speech.mjs';

const work = process.argv[2];
const demo = new URL('..', import.meta.url).pathname;
const text = (name) => readFileSync(`${demo}texts/${name}`, 'utf8');

// AAC-LC, mono, as small as speech stands it; louder than espeak-ng makes it. Returns its length in seconds.
function encode(wav, file) {
	execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', wav, '-af', 'loudnorm=I=-20:TP=-4,aresample=22050', '-ac', '1', '-c:a', 'aac', '-b:a', '32k',
		'-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-movflags', '+faststart', file]);
	return Number(execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file], { encoding: 'utf8' }));
}

const iso = (seconds) => `PT${seconds.toFixed(1)}S`;

function book() {
	const chapters = [], cues = [];
	let total = 0;
	for (let n = 1; n <= 5; n++) {
		const recording = new Recording();
		recording.pause(0.4);
		const mine = read(recording, text(`book/${n}.txt`), 'zh-CN');
		recording.pause(0.6);
		recording.write(`${work}/book${n}.wav`);
		const seconds = encode(`${work}/book${n}.wav`, `${demo}handbook/book/${n}.m4a`);
		cues.push(...mine.map((c) => ({ ...c, from: c.from + total, to: c.to + total })));
		chapters.push({ name: text(`book/${n}.txt`).split('\n')[0], file: `${n}.m4a`, seconds });
		total += seconds;
	}
	writeFileSync(`${demo}handbook/handbook.zh-CN.vtt`, vtt(cues, 'zh-CN'));
	writeFileSync(`${demo}handbook/book/index.html`, `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>新学员手册</title><link rel="publication" href="publication.json"></head>
<body><h1>新学员手册</h1><nav role="doc-toc"><ol>
${chapters.map((c) => `<li><a href="${c.file}">${c.name}</a></li>`).join('\n')}
</ol></nav></body></html>
`);
	writeFileSync(`${demo}handbook/book/publication.json`, `${JSON.stringify({
		'@context': ['https://schema.org', 'https://www.w3.org/ns/pub-context'],
		conformsTo: 'https://www.w3.org/TR/audiobooks/',
		type: 'Audiobook',
		id: 'urn:uuid:0b0f3a52-4a5e-4c0e-9c39-6d3c2f1c7a01',
		name: '新学员手册',
		inLanguage: 'zh-CN',
		author: 'Curbcut',
		readBy: '电脑合成的声音，espeak-ng',
		publisher: 'Curbcut',
		datePublished: '2026-11-21',
		dateModified: '2026-11-21',
		abridged: false,
		readingProgression: 'ltr',
		duration: iso(total),
		accessMode: ['auditory'],
		accessModeSufficient: ['auditory'],
		accessibilityFeature: ['tableOfContents'],
		accessibilityHazard: ['none'],
		accessibilitySummary: '全书由电脑合成的声音朗读，分五章，有目录。',
		readingOrder: chapters.map((c) => ({ url: c.file, encodingFormat: 'audio/mp4', name: c.name, duration: iso(c.seconds) })),
		resources: [
			{ url: 'index.html', encodingFormat: 'text/html', rel: 'contents' },
			{ url: 'cover.png', encodingFormat: 'image/png', rel: 'cover', name: '封面：一条路，路边有一个斜坡' },
		],
	}, null, '\t')}\n`);
	return total;
}

function hours() {
	const recording = new Recording();
	recording.pause(0.4);
	const cues = read(recording, text('hours.txt'), 'en');
	recording.pause(0.4);
	recording.write(`${work}/hours.wav`);
	writeFileSync(`${demo}hours/hours.en.vtt`, vtt(cues, 'en'));
	return encode(`${work}/hours.wav`, `${demo}hours/hours.m4a`);
}

// The voice of the film, with the times by which it is cut.
function lesson() {
	const recording = new Recording(), cues = JSON.parse(text('lesson.json'));
	recording.pause(0.6);
	const timed = cues.map((cue, i) => {
		const [from, to] = recording.say(cue.zh, 'zh-CN');
		recording.pause(cues[i + 1]?.scene === cue.scene ? 0.5 : 1.2);
		return { ...cue, from, to: Math.max(to + 0.2, from + Math.max(cue.zh.length / 8.5, cue.en.length / 19)) };
	});
	timed.forEach((cue, i) => { if (timed[i + 1]) cue.to = Math.min(cue.to, timed[i + 1].from); });
	recording.pause(0.8);
	recording.write(`${work}/lesson.wav`);
	writeFileSync(`${work}/lesson.json`, JSON.stringify({ seconds: recording.seconds, cues: timed }));
	const chapters = [{ text: '开头', from: 0 }, ...timed.filter((c) => c.chapter).map((c) => ({ text: c.chapter, from: c.from }))];
	const folder = `${demo}keyboard/`;
	writeFileSync(`${folder}lesson1.zh-CN.vtt`, vtt(timed.map((c) => ({ ...c, text: c.zh })), 'zh-CN'));
	writeFileSync(`${folder}lesson1.en.vtt`, vtt(timed.map((c) => ({ ...c, text: c.en })), 'en'));
	writeFileSync(`${folder}lesson1.chapters.vtt`, vtt(chapters.map((c, i) => ({ ...c, to: chapters[i + 1]?.from ?? recording.seconds }))));
	return recording.seconds;
}

console.log(`book ${book().toFixed(1)} s, draft ${hours().toFixed(1)} s, lesson ${lesson().toFixed(1)} s`);
