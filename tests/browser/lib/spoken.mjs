// The same small book that is read aloud, as DAISY 2.02, DAISY 3 and EPUB 3: two sounds of eight seconds, a sentence every two.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ffmpeg, run } from './classroom.mjs';

export const headings = [{ level: 1, text: '开始', part: 0 }, { level: 2, text: '第一步', part: 1 }, { level: 1, text: '结束', part: 4 }];
export const parts = Array.from({ length: 8 }, (_, i) => ({
	id: `s${i}`, text: headings.find((heading) => heading.part === i)?.text ?? `第 ${i + 1} 句话。`,
	audio: `sound${Math.floor(i / 4) + 1}.mp3`, from: i % 4 * 2,
}));

const html = (body) => '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" ' +
	`xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>${body}</body></html>`;
const content = html(parts.map(({ id, text }) => {
	const heading = headings.find((one) => one.text === text);
	return heading ? `<h${heading.level} id="${id}">${text}</h${heading.level}>` : `<p id="${id}">${text}</p>`;
}).join(''));
const smil = (begin, end, prefix = '', unit = '') => `<smil><body><seq>${parts.map(({ id, audio, from }) =>
	`<par id="p-${id}"><text id="t-${id}" src="content.xhtml#${id}"/><audio src="${audio}" ${begin}="${prefix}${from}${unit}" ` +
	`${end}="${prefix}${from + 2}${unit}"/></par>`).join('')}</seq></body></smil>`;
const opf = (name, items, spine) => `<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>${name}</dc:title>` +
	`<dc:language>zh-CN</dc:language></metadata><manifest>${items}</manifest><spine>${spine}</spine></package>`;

const point = ({ text, part }, inner = '') => `<navPoint><navLabel><text>${text}</text></navLabel>` +
	`<content src="book.smil#p-s${part}"/>${inner}</navPoint>`;
const link = ({ text, part }, inner = '') => `<li><a href="content.xhtml#s${part}">${text}</a>${inner}</li>`;

const files = {
	daisy202: (name) => ({
		'ncc.html': html(headings.map(({ level, text, part }) =>
			`<h${level}><a href="book.smil#t-s${part}">${text}</a></h${level}>`).join(''))
			.replace('<head>', `<head><meta name="dc:title" content="${name}"/><meta name="dc:language" content="zh-CN"/>`),
		'content.xhtml': content, 'book.smil': smil('clip-begin', 'clip-end', 'npt=', 's'),
	}),
	daisy3: (name) => ({
		'book.opf': opf(name, '<item id="n" href="book.ncx" media-type="application/x-dtbncx+xml"/>' +
			'<item id="s" href="book.smil" media-type="application/smil"/>', '<itemref idref="s"/>'),
		'book.ncx': `<ncx><navMap>${point(headings[0], point(headings[1]))}${point(headings[2])}</navMap></ncx>`,
		'content.xhtml': content, 'book.smil': smil('clipBegin', 'clipEnd', '0:00:0'),
	}),
	epub: (name) => ({
		mimetype: 'application/epub+zip',
		'META-INF/container.xml': '<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>',
		'book.opf': opf(name, '<item id="nav" href="nav.xhtml" properties="nav"/><item id="c" href="content.xhtml" media-overlay="s"/>' +
			'<item id="s" href="book.smil"/>', '<itemref idref="c"/>'),
		'nav.xhtml': html(`<nav epub:type="toc"><ol>${link(headings[0], `<ol>${link(headings[1])}</ol>`)}${link(headings[2])}</ol></nav>`),
		'content.xhtml': content, 'book.smil': smil('clipBegin', 'clipEnd', '', 's'),
	}),
};
export const formats = Object.keys(files);

export function makeSpoken(folder, format, name) {
	const to = path.join(folder, format), file = path.join(folder, `${format}.zip`);
	mkdirSync(path.join(to, 'META-INF'), { recursive: true });
	for (const [i, tone] of [330, 440].entries())
		ffmpeg('-f', 'lavfi', '-i', `sine=frequency=${tone}:duration=8`, '-b:a', '64k', path.join(to, `sound${i + 1}.mp3`));
	for (const [at, text] of Object.entries(files[format](name))) writeFileSync(path.join(to, at), text);
	rmSync(file, { force: true });
	run('zip', ['-q', '-X', '-r', '-D', file, '.'], { cwd: to });
	return file;
}
