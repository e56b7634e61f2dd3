// One small package of each kind that is taken, made once a run: {name, bytes}.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../hours/lib/school.mjs';
import { course } from './films.mjs';
import { zip } from './zip.mjs';

const SECONDS = 4;
const PICTURE = ['-f', 'lavfi', '-i', `testsrc=s=64x48:r=5:d=${SECONDS}`], SOUND = ['-f', 'lavfi', '-i', `sine=f=440:d=${SECONDS}`];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '5', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
const MEDIA = {
	'film.mp4': [...PICTURE, ...SOUND, ...H264],
	'front.mp4': [...PICTURE, ...SOUND, ...H264, '-movflags', '+faststart'],
	'film.mkv': [...PICTURE, ...SOUND, ...H264],
	'film.webm': [...PICTURE, ...SOUND, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'],
	'film.avi': [...PICTURE, ...SOUND, '-c:v', 'mpeg4', '-c:a', 'libmp3lame'],
	'film.wmv': [...PICTURE, ...SOUND, '-c:v', 'wmv2', '-c:a', 'wmav2'],
	'sound.mp3': [...SOUND, '-c:a', 'libmp3lame', '-b:a', '64k'],
	'sound.m4b': [...SOUND, '-c:a', 'aac', '-f', 'mp4'],
	'sound.opus': [...SOUND, '-c:a', 'libopus'],
	'sound.flac': [...SOUND, '-c:a', 'flac'],
	'sound.wav': [...SOUND, '-c:a', 'pcm_s16le'],
};

export const file = (name, bytes) => ({ name, bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes) });
const par = (id, text, from, to) => `<par id="${id}"><text src="${text}"/><audio src="a.mp3" clipBegin="${from}s" clipEnd="${to}s"/></par>`;
const smil = (body) => `<smil><head/><body><seq>${body}</seq></body></smil>`;

// `points`: of the contents; `doctype`: before the root of it; `clips`: what is in the one seq.
export function daisy3(mp3, { points = '<navPoint id="n"><navLabel><text>One</text></navLabel><content src="one.smil#p1"/></navPoint>', doctype = '', clips } = {}) {
	return zip([
		file('book.opf', `<package xmlns="http://openebook.org/namespaces/oeb-package/1.0/"><metadata><dc-metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:Title>Book</dc:Title><dc:Language>en</dc:Language></dc-metadata></metadata><manifest><item id="ncx" href="n.ncx" media-type="application/x-dtbncx+xml"/><item id="s1" href="one.smil" media-type="application/smil"/></manifest><spine><itemref idref="s1"/></spine></package>`),
		{ ...file('n.ncx', `${doctype}<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><docTitle><text>T</text></docTitle><navMap>${points}</navMap></ncx>`), deflate: true },
		{ ...file('one.smil', smil(clips ?? par('p1', 'b.xml#x', 0, 1) + par('p2', 'b.xml#y', 1, 2))), deflate: true },
		file('b.xml', `<dtbook><book><level1><h1 id="x">one</h1><p id="y">two</p></level1></book></dtbook>`),
		...(mp3 ? [file('a.mp3', mp3)] : []),
	]);
}

const daisy202 = (mp3) => zip([
	file('ncc.html', '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title><meta name="dc:title" content="B"/><meta name="dc:language" content="en"/></head><body><h1 id="a"><a href="one.smil#t1">One</a></h1></body></html>'),
	file('one.smil', smil('<par><text src="ncc.html#a" id="t1"/><audio src="a.mp3" clip-begin="npt=0s" clip-end="npt=2s"/></par>')),
	file('a.mp3', mp3),
]);

const CONTAINER = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>';

// A book with sound when there is an mp3. `lock`: META-INF/encryption.xml; `more`: other files; `head`: before the root of the package.
export function epub(mp3, { lock, more = [], head = '', title = 'B' } = {}) {
	const overlay = mp3 ? ' media-overlay="m"' : '', items = mp3 ? '<item id="m" href="m.smil" media-type="application/smil+xml"/><item id="s" href="a.mp3" media-type="audio/mpeg"/>' : '';
	return zip([
		file('mimetype', 'application/epub+zip'),
		file('META-INF/container.xml', CONTAINER),
		...(lock ? [file('META-INF/encryption.xml', lock)] : []),
		file('b.opf', `${head}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${title}</dc:title><dc:language>en</dc:language></metadata><manifest><item id="n" href="n.xhtml" properties="nav" media-type="application/xhtml+xml"/><item id="a" href="a.xhtml" media-type="application/xhtml+xml"${overlay}/>${items}</manifest><spine><itemref idref="a"/></spine></package>`),
		file('n.xhtml', '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol><li><a href="a.xhtml">One</a></li></ol></nav></body></html>'),
		file('a.xhtml', `<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><body><h1>B</h1><p id="x">one</p></body></html>`),
		...(mp3 ? [file('m.smil', `<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>${par('p1', 'a.xhtml#x', 0, 2)}</body></smil>`), file('a.mp3', mp3)] : []),
		...more,
	]);
}

const lpf = (mp3) => zip([
	file('publication.json', JSON.stringify({ '@context': ['https://schema.org', 'https://www.w3.org/ns/wp-context'], type: 'Audiobook', conformsTo: 'https://www.w3.org/TR/audiobooks/', name: 'B', inLanguage: 'en', readingOrder: [{ url: 'a.mp3', duration: 'PT4S' }] })),
	file('a.mp3', mp3),
]);

export function packages() {
	const folder = mkdtempSync(path.join(tmpdir(), 'curbcut-packages-'));
	const media = Object.fromEntries(Object.entries(MEDIA).map(([name, args]) => {
		run('ffmpeg', ['-v', 'error', ...args, '-y', path.join(folder, name)]);
		return [name, readFileSync(path.join(folder, name))];
	}));
	rmSync(folder, { recursive: true, force: true });
	const film = file('film.mp4', media['film.mp4']), mp3 = media['sound.mp3'];
	const lesson = { id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0 };
	const made = {
		...media,
		'course.zip': zip([file('course.json', course({ units: [lesson] })), film]),
		'folder.zip': zip([film, file('film.zh-CN.srt', '1\n00:00:01,000 --> 00:00:03,000\n你好\n')]),
		'pages.zip': zip([file('index.html', '<html lang="en"><body><h1>One</h1><p>two</p></body></html>')]),
		'daisy202.zip': daisy202(mp3), 'daisy3.zip': daisy3(mp3), 'spoken.epub': epub(mp3), 'text.epub': epub(), 'book.lpf': lpf(mp3),
	};
	return { media, all: Object.entries(made).map(([name, bytes]) => ({ name, bytes })) };
}
