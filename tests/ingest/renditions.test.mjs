// Smaller forms of a video lesson are made behind its import: in the background, on the same axis of time, and what is made stays made.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { House } from './lib/house.mjs';
import { run } from '../hours/lib/school.mjs';

let house, film, long, small, later, others, cut, course, unit;

// A film of some seconds, shown `times` over.
function make(name, seconds, size, { rate = '96k', times = 1 } = {}) {
	const folder = mkdtempSync(path.join(tmpdir(), 'curbcut-low-')), once = path.join(folder, 'once.mp4'), file = path.join(folder, name);
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc=s=${size}:r=25:d=${seconds}`, '-f', 'lavfi', '-i', `sine=d=${seconds}`,
		'-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-c:a', 'aac', '-b:a', rate, '-ac', '2', '-y', once]);
	run('ffmpeg', ['-v', 'error', '-stream_loop', String(times - 1), '-i', once, '-c', 'copy', '-y', file]);
	const bytes = readFileSync(file);
	rmSync(folder, { recursive: true });
	return bytes;
}

const author = () => house.client('author');
const html = (address, lang = 'en') => author().ask('GET', address, undefined, { Accept: 'text/html', 'Accept-Language': lang });
const forms = async (id = course) => (await html(`/packages/courses/${id}/forms`)).text;
const ffmpegs = () => house.below().filter(({ name }) => name === 'ffmpeg').map(({ pid }) => pid);
const master = async (query = '') => (await author().ask('GET', `/videos/${unit}/master.m3u8${query}`)).text;
// {video: the URI, codecs, size, bandwidth} of each variant, in their order
const variants = (playlist) => [...playlist.matchAll(/#EXT-X-STREAM-INF:BANDWIDTH=(\d+),CODECS="([^"]+)"(?:,RESOLUTION=(\d+x\d+))?(?:,AUDIO="(\w+)")?[^\n]*\n(\S+)/g)]
	.map(([, bandwidth, codecs, size, group, uri]) => ({ bandwidth: Number(bandwidth), codecs, size, group, uri }));

async function until(holds) {
	for (const late = Date.now() + 120000; Date.now() < late; await new Promise((resolve) => { setTimeout(resolve, 50); }))
		if (await holds()) return;
	throw new Error(`never came: ${holds}\n${await forms()}\n${house.log}`);
}

const bring = async (bytes, name) => {
	const { result } = await house.bring('author', bytes, name);
	assert.equal(result?.state, 'draft', JSON.stringify(result));
	return result.course;
};
const made = async (n, id = course) => { await until(async () => ((await forms(id)).match(/: Made</g) ?? []).length === n); };
const probe = (bytes, name = 'low.mp4') => {
	const folder = mkdtempSync(path.join(tmpdir(), 'curbcut-look-')), file = path.join(folder, name);
	writeFileSync(file, bytes);
	const { streams, format } = JSON.parse(run('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', file]));
	rmSync(folder, { recursive: true });
	return { video: streams.find((stream) => stream.codec_type === 'video'), audio: streams.find((stream) => stream.codec_type === 'audio'), seconds: Number(format.duration) };
};
const post = (address, values) => author().raw('POST', address, new URLSearchParams(values).toString(), { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' });
const buttons = (page) => [...page.matchAll(/action="(\/jobs\/[^"]+\/cancel)"/g)].map(([, address]) => address);

before(async () => {
	film = make('film.mp4', 9, '640x480');
	long = make('long.mp4', 6, '1280x720', { times: 20 });
	small = make('small.mp4', 2, '160x120', { rate: '32k' });
	later = make('later.mp4', 3, '640x360');
	others = make('others.mp4', 3, '640x362');
	cut = make('cut.mp4', 6, '1280x718', { times: 2 });
	house = await House.open('', 'yes');
});

after(() => house?.close());

test('a lesson is there at once, and its forms are made behind it', async () => {
	course = await bring(film, 'film.mp4');
	[{ id: unit }] = (await author().must('GET', `/api/v1/courses/${course}`)).units;
	assert.equal((await author().ask('GET', `/videos/${unit}`)).status, 200);
	await made(3);
	assert.equal(ffmpegs().length, 0);
	assert.ok(!house.left().some((name) => /tmp\//.test(name)), house.left().join('\n'));
});

test('they are variants of the multivariant playlist, with what RFC 8216 asks of each', async () => {
	const [full, middle, least, sound, ...more] = variants(await master());
	assert.equal(more.length, 0);
	assert.deepEqual([full.size, middle.size, least.size, sound.size], ['640x480', '480x360', '320x240', undefined]);
	assert.deepEqual([full.group, middle.group, least.group, sound.group], ['sound', 'low', 'low', 'low']);
	for (const one of [full, middle, least]) assert.match(one.codecs, /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/);
	assert.equal(sound.codecs, 'mp4a.40.2');
	for (const [more, fewer] of [[full, middle], [middle, least], [least, sound]]) assert.ok(more.bandwidth > fewer.bandwidth, JSON.stringify([more, fewer]));
	const playlist = await master();
	assert.match(playlist, /GROUP-ID="low",NAME=[^\n]*DEFAULT=YES[^\n]*URI="low-sound-audio\.m3u8"/);
	for (const { uri } of [middle, least, sound]) {
		const { text } = await author().ask('GET', `/videos/${unit}/${uri}`);
		const seconds = [...text.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, one]) => sum + Number(one), 0);
		assert.ok(Math.abs(seconds - 9) < 0.2, `${uri}: ${seconds}`);
	}
});

test('a smaller form alone, as one who saves data has it, holds nothing that is larger', async () => {
	assert.deepEqual(variants(await master('?form=240')).map(({ size }) => size), ['320x240', undefined]);
	assert.deepEqual(variants(await master('?form=360')).map(({ size }) => size), ['480x360', '320x240', undefined]);
	assert.doesNotMatch(await master('?form=240'), /GROUP-ID="sound"/);
	assert.equal(variants(await master('?form=full')).length, 4);
});

test('without scripts each form is a plain link, and each is one flat file on the same axis', async () => {
	const page = (await html(`/videos/${unit}`)).text;
	assert.match(page, /Small picture, /);
	assert.match(page, /Smallest picture, /);
	const whole = /data-flat="([^"]+)"/.exec(page)[1];
	for (const [form, height] of [['full', 480], ['360', 360], ['240', 240]]) {
		const { text } = await html(`/videos/${unit}?sound=no&form=${form}`);
		const address = /<source src="([^"]+)" type="video\/mp4">/.exec(text)[1].replaceAll('&amp;', '&');
		if (form === 'full') assert.equal(address, whole);
		const reply = await author().ask('GET', address);
		assert.equal(reply.status, 200);
		const { video, audio, seconds } = probe(reply.bytes);
		assert.deepEqual([video.height, audio.codec_name], [height, 'aac']);
		if (form !== 'full') assert.equal(audio.channels, 1);
		assert.ok(Math.abs(seconds - 9) < 0.2 && Math.abs(Number(video.start_time)) < 0.001, `${form}: ${seconds}, ${video.start_time}`);
		const part = await author().raw('GET', address, undefined, { Range: 'bytes=100-299' });
		assert.equal(part.status, 206);
		assert.deepEqual(part.bytes, reply.bytes.subarray(100, 300));
	}
	const only = (await html(`/videos/${unit}?sound=only`)).text;
	const sound = await author().ask('GET', /<audio[^]*?<source src="([^"]+)"/.exec(only)[1].replaceAll('&amp;', '&'));
	assert.equal(probe(sound.bytes, 'sound.mp4').audio.channels, 1);
	assert.equal((await author().ask('GET', /<source src="([^"]+)"/.exec(page)[1].replace(/[0-9a-f]{64}/, '0'.repeat(64)))).status, 404);
	assert.equal((await house.client('learner').ask('GET', /<source src="([^"]+)"/.exec(page)[1].replaceAll('&amp;', '&'))).status, 404); // a draft
});

test('who saves data begins with the small sound, and with the smallest picture when she wants one', async () => {
	const saving = async (query) => (await author().ask('GET', `/videos/${unit}${query}`, undefined, { Accept: 'text/html', 'Save-Data': 'on' })).text;
	const heard = /<audio[^]*?<source src="([^"]+)"/.exec(await saving(''))[1].replaceAll('&amp;', '&');
	assert.equal(probe((await author().ask('GET', heard)).bytes, 'sound.mp4').audio.channels, 1);
	const seen = /<source src="([^"]+)" type="video\/mp4">/.exec(await saving('?sound=no'))[1].replaceAll('&amp;', '&');
	assert.equal(probe((await author().ask('GET', seen)).bytes).video.height, 240);
	const { text } = await author().ask('GET', `/videos/${unit}/master.m3u8`, undefined, { 'Save-Data': 'on' });
	assert.deepEqual(variants(text).map(({ size }) => size), ['320x240', undefined]);
});

test('a new version of the draft shares what was made; a source that is smaller than a form gets none of it', async () => {
	const before = house.left().filter((name) => name.startsWith('blobs/')).length, again = await bring(film, 'film.mp4');
	await made(3, again);
	assert.equal(house.left().filter((name) => name.startsWith('blobs/')).length, before);
	const tiny = await bring(small, 'small.mp4');
	assert.match(await forms(tiny), /This lesson is small already/);
});

test('how far they are stands on the author\'s page; called off and begun once more', async () => {
	const most = Math.min(2, cpus().length), first = await bring(long, 'long.mp4');
	await until(async () => {
		assert.ok(ffmpegs().length <= most);
		return ffmpegs().length === most && /<progress[^>]* value="[1-9][^]*of a hundred parts are done; about \d+ min more/.test(await forms(first));
	});
	assert.match((await html(`/packages/courses/${first}`)).text, new RegExp(`/packages/courses/${first}/forms`));
	for (const address of buttons(await forms(first))) assert.equal((await post(address, { back: `/packages/courses/${first}/forms` })).status, 303);
	await until(async () => !buttons(await forms(first)).length); // each has its end written, not only its program killed
	assert.match(await forms(first), /: Stopped/);
	assert.equal(ffmpegs().length, 0);
	const [target] = (await author().must('GET', `/api/v1/courses/${first}`)).units, values = { unit: target.id, form: '240' };
	assert.equal((await post(`/packages/courses/${first}/forms`, values)).status, 303);
	await until(async () => buttons(await forms(first)).length > 0);
	assert.equal((await post(`/packages/courses/${first}/forms`, values)).status, 303); // twice is once
	assert.equal(buttons(await forms(first)).length, 1);
	await post(buttons(await forms(first))[0], { back: '/' });
	await until(async () => ffmpegs().length === 0);
	assert.equal((await post(`/packages/courses/${first}/forms`, { ...values, form: '999' })).status, 404);
	assert.equal((await house.client('other').raw('POST', `/packages/courses/${first}/forms`, `unit=${target.id}&form=360`, { 'Content-Type': 'application/x-www-form-urlencoded' })).status, 404);
});

test('a lesson that somebody watches comes first', async () => {
	const first = await bring(long.subarray(0), 'held.mp4'), courses = [first]; // its forms were stopped: they are shared with the lesson above
	const [target] = (await author().must('GET', `/api/v1/courses/${first}`)).units;
	for (const form of ['360', '240']) await post(`/packages/courses/${first}/forms`, { unit: target.id, form });
	await until(() => ffmpegs().length === Math.min(2, cpus().length));
	for (const bytes of [later, others]) courses.push(await bring(bytes, 'one.mp4'));
	const [, early, watched] = courses, [{ id }] = (await author().must('GET', `/api/v1/courses/${watched}`)).units;
	assert.match(await forms(early), /It waits until others are made/);
	assert.equal((await author().ask('GET', `/videos/${id}`)).status, 200);
	const count = async (one) => ((await forms(one)).match(/: Made</g) ?? []).length;
	await post(buttons(await forms(first))[0], { back: '/' }); // one of the cores is free again
	await made(3, watched);
	assert.ok((await count(early)) <= 1, await forms(early)); // at most the one that began beside its last
	for (const address of buttons(await forms(first))) await post(address, { back: '/' });
	await made(2, early);
});

test('kill -9 in the middle: what is made stays made, the rest is made by the next start, and nothing is left', async () => {
	const course = await bring(cut, 'cut.mp4');
	await until(async () => /: Made</.test(await forms(course)) && ffmpegs().length > 0);
	const pids = ffmpegs(), done = (await forms(course)).match(/: Made</g).length;
	await house.cut();
	await Promise.all(pids.map((pid) => house.gone(pid)));
	await house.again();
	assert.ok((await forms(course)).match(/: Made</g).length >= done);
	await until(async () => { house.clock.pass(1); return ((await forms(course)).match(/: Made</g) ?? []).length === 3; });
	assert.ok(!house.left().some((name) => /tmp\//.test(name)), house.left().join('\n'));
});
