// What no author means to send, by curbcut check: each gets a verdict with its reasons within 10 s and 256 MB, and nothing is left behind.
// CUTS: at how many places each package is cut short.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { program } from '../hours/lib/school.mjs';
import { daisy3, epub, file, packages } from './lib/packages.mjs';
import { zip } from './lib/zip.mjs';

const CUTS = Number(process.env.CUTS ?? 20), SECONDS = 10, KB = 256 << 10, LARGEST = 16 << 20;
const corpora = process.env.CURBCUT_CORPORA ?? new URL('../../../shared/corpora', import.meta.url).pathname;
let folder, scratch, made;

before(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-hostile-'));
	scratch = mkdtempSync(path.join(tmpdir(), 'curbcut-hostile-left-'));
	made = packages();
});

after(() => { for (const one of [folder, scratch]) rmSync(one, { recursive: true, force: true }); });

// The verdict on a file, its processor time, which other tests beside it do not make longer, and the most memory that any of its processes had; the worker did not end by a fault of its own.
function verdict(name, bytes) {
	const at = path.join(folder, name);
	writeFileSync(at, bytes);
	const done = spawnSync(process.env.USAGE, [String(process.pid), program, 'check', at], { encoding: 'utf8', timeout: 60000, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C.UTF-8', TMPDIR: scratch } });
	rmSync(at);
	const lines = done.stdout.split('\n').filter(Boolean), told = `${name}, ${bytes.length} bytes: ${done.stdout}${done.stderr}`;
	assert.equal(lines.length, 1, told);
	const { state, findings } = JSON.parse(lines[0]), { client_s: seconds, peak_kb: peak } = JSON.parse(done.output[3]);
	assert.ok(['checked', 'refused'].includes(state), told);
	assert.equal(done.status, state === 'refused' ? 1 : 0, told);
	assert.ok(findings.every(({ code, what }) => /^[a-z0-9]+\.[a-z0-9_-]+$/.test(code) && what), told);
	assert.equal(state === 'refused', findings.some(({ severity }) => severity === 'refused'), told);
	assert.ok(!findings.some(({ code }) => code === 'worker.stopped'), told);
	assert.ok(seconds < SECONDS, `${seconds} s: ${told}`);
	assert.ok(peak > 0 && peak < KB, `${peak} KB: ${told}`);
	assert.deepEqual(readdirSync(scratch), [], told);
	return { state, codes: findings.map(({ code }) => code), told };
}

const refused = (name, bytes, code) => {
	const { state, codes, told } = verdict(name, bytes);
	assert.equal(state, 'refused', told);
	assert.ok(codes.includes(code), told);
};

test('each package is taken as it was made', () => {
	for (const { name, bytes } of made.all) {
		const { state, told } = verdict(name, bytes);
		assert.equal(state, 'checked', told);
	}
});

// Packages of others, as large as they are handed in.
const foreign = () => ['audiobooks', 'epub', 'video'].flatMap((kind) => readdirSync(path.join(corpora, kind)).map((name) => path.join(corpora, kind, name)))
	.filter((at) => statSync(at).isFile() && statSync(at).size <= LARGEST && /\.(epub|lpf|mp4)$/.test(at)).map((at) => ({ name: path.basename(at), bytes: readFileSync(at) }));

function cutShort({ name, bytes }) {
	for (let i = 0; i < CUTS; i++) {
		const { codes, told } = verdict(name, bytes.subarray(0, Math.floor((bytes.length * i) / CUTS)));
		assert.ok(codes.length > 0, told);
	}
}

test(`cut short at ${CUTS} places, each package has a verdict with its reasons`, () => made.all.forEach(cutShort));

test(`cut short at ${CUTS} places, so have packages of others`, { skip: existsSync(path.join(corpora, 'epub')) ? false : 'no corpora' }, () => foreign().forEach(cutShort));

test('no name makes a file what it is not', () => {
	for (const [from, to] of [['film.mp4', 'film.zip'], ['film.mp4', 'film.mp3'], ['course.zip', 'course.mp4'], ['course.zip', 'course.epub'], ['spoken.epub', 'book.lpf'], ['book.lpf', 'book.epub'], ['sound.mp3', 'sound.mp4'], ['film.wmv', 'film.wav']]) {
		const { codes, told } = verdict(to, made.all.find(({ name }) => name === from).bytes);
		assert.ok(codes.length > 0, told);
	}
	assert.equal(verdict('daisy3', made.all.find(({ name }) => name === 'daisy3.zip').bytes).state, 'checked'); // it needs none
	for (const { name } of made.all) assert.equal(verdict(name, Buffer.alloc(0)).state, 'refused');
});

test('what is two things at once is one of them or none', () => {
	const { media } = made, of = (wanted) => made.all.find(({ name }) => name === wanted).bytes;
	for (const [name, ...parts] of [['a.mp4', media['front.mp4'], of('course.zip')], ['a.zip', media['front.mp4'], of('course.zip')], ['a.zip', Buffer.from('%PDF-1.4\n'), of('course.zip')], ['a.zip', of('course.zip'), of('daisy3.zip')], ['a.mp3', media['sound.mp3'], of('book.lpf')], ['a.html', Buffer.from('<html><script>1</script>'), of('pages.zip')]]) {
		const { codes, told } = verdict(name, Buffer.concat(parts));
		assert.ok(codes.length > 0, told);
	}
});

const points = (n, nested) => (nested ? '<navPoint><navLabel><text>x</text></navLabel><content src="one.smil#p1"/>'.repeat(n) + '</navPoint>'.repeat(n) : '<navPoint><navLabel><text>x</text></navLabel><content src="one.smil#p1"/></navPoint>'.repeat(n));
const laughs = `<!DOCTYPE x [<!ENTITY a "${'lol'.repeat(100)}">${[...'bcdefghi'].map((name, i) => `<!ENTITY ${name} "${`&${'abcdefgh'[i]};`.repeat(100)}">`).join('')}]>`;
const outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
const clip = (text, audio) => `<par id="p1"><text src="${text}"/><audio src="${audio}" clipBegin="0s" clipEnd="1s"/></par>`;
const lockedBy = (how, what) => `<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="${how}"/><CipherData><CipherReference URI="${what}"/></CipherData></EncryptedData></encryption>`;
const deep = '<i>'.repeat(200000) + '</i>'.repeat(200000);

test('contents of 100,000 places are taken as far as there is room, and it is told', () => {
	const { state, codes, told } = verdict('many.zip', daisy3(made.media['sound.mp3'], { points: points(100000) }));
	assert.equal(state, 'checked', told);
	assert.ok(codes.includes('book.points'), told);
});

for (const [what, code, name, bytes] of [
	['contents nested 100,000 deep', 'book.xml', 'a.zip', () => daisy3(made.media['sound.mp3'], { points: points(100000, true) })],
	['a clip nested 200,000 deep', 'book.xml', 'a.zip', () => daisy3(made.media['sound.mp3'], { clips: deep })],
	['entities of entities in the contents', 'book.xml', 'a.zip', () => daisy3(made.media['sound.mp3'], { doctype: laughs, points: '&i;' })],
	['entities of entities in the package', 'book.xml', 'a.epub', () => epub(made.media['sound.mp3'], { head: laughs, title: '&i;' })],
	['an entity outside in the package', 'book.xml', 'a.epub', () => epub(made.media['sound.mp3'], { head: outside, title: '&e;' })],
	['an entity outside in the contents', 'book.xml', 'a.zip', () => daisy3(made.media['sound.mp3'], { doctype: outside, points: '&e;' })],
	['sound that lies outside', 'book.missing', 'a.zip', () => daisy3(made.media['sound.mp3'], { clips: clip('b.xml#x', '../../../etc/passwd') })],
	['sound that lies on another server', 'book.missing', 'a.zip', () => daisy3(made.media['sound.mp3'], { clips: clip('b.xml#x', 'http://127.0.0.1/a.mp3') })],
	['sound that is the list of clips itself', 'media.unreadable', 'a.zip', () => daisy3(made.media['sound.mp3'], { clips: clip('b.xml#x', 'one.smil') })],
	['no sound at all', 'book.missing', 'a.zip', () => daisy3(null)],
	['a book that is locked', 'book.protected', 'a.epub', () => epub(made.media['sound.mp3'], { lock: lockedBy('http://www.w3.org/2001/04/xmlenc#aes256-cbc', 'a.mp3') })],
	['10 GB of zeros that say so', 'zip.bomb', 'a.zip', () => zip([...'abcde'].map((one) => ({ name: `${one}.mp4`, bytes: Buffer.alloc(2048), size: 0x80000000, deflate: true })))],
]) test(`refused: ${what}`, () => refused(name, bytes(), code));

test('texts in circles, and fonts that are only made unreadable, refuse nothing', () => {
	const round = verdict('a.zip', daisy3(made.media['sound.mp3'], { clips: clip('one.smil#p1', 'a.mp3') }));
	assert.equal(round.state, 'checked', round.told);
	for (const how of ['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC']) {
		const book = verdict('a.epub', epub(made.media['sound.mp3'], { lock: lockedBy(how, 'f.otf'), more: [file('f.otf', 'font')] }));
		assert.equal(book.state, 'checked', book.told);
	}
});
