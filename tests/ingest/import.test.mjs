// Imports over HTTP: from the upload to the course, and what is refused leaves nothing.
// Threads meet: jobs, workers and the writer at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { filled, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { House } from './lib/house.mjs';
import { course, films } from './lib/films.mjs';
import { zip } from './lib/zip.mjs';

const corpora = process.env.CURBCUT_CORPORA ?? new URL('../../../shared/corpora', import.meta.url).pathname;
let house, made, good;

before(async () => {
	made = films();
	good = zip([{ name: 'course.json', bytes: course({ units: [{ id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0.01,
		tracks: [{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }] }] }) }, { name: 'film.mp4', bytes: made.film },
	{ name: 'film.srt', bytes: Buffer.from('1\n00:00:01,000 --> 00:00:03,000\n你好\n') }]);
	house = await House.open();
});

after(() => house?.close());

const state = (reply) => reply.status;
const see = (name, id) => (name ? house.client(name) : house.nobody()).ask('GET', `/api/v1/courses/${id}`).then(state);

// Refused: the job is done and says so, with this finding; nothing is left behind, by files or by courses.
async function refused(bytes, file, code, lang = 'en') {
	const before = house.left(), drafts = (await house.client('reviewer').ask('GET', '/drafts')).text;
	const job = await house.bring('author', bytes, file, { lang });
	assert.equal(job.state, 'done', JSON.stringify(job));
	assert.equal(job.result.state, 'refused', `${file}: ${JSON.stringify(job.result)}`);
	assert.equal(job.result.course, null);
	const found = job.result.findings.find((finding) => finding.code === code);
	assert.ok(found, `${file}: ${JSON.stringify(job.result.findings)}`);
	assert.equal(found.severity, 'refused');
	assert.ok(found.what.length > 5 && found.mend.length > 5);
	assert.deepEqual(house.left(), before, file);
	const after = (await house.client('reviewer').ask('GET', '/drafts')).text;
	assert.equal((after.match(/\/courses\//g) ?? []).length, (drafts.match(/\/courses\//g) ?? []).length);
	return found;
}

test('an import: progress to its end, a draft for its author and the reviewer, then published for all', async () => {
	const job = await house.bring('author', good, '课程.zip');
	assert.equal(job.state, 'done', JSON.stringify(job));
	assert.equal(job.progress, 1);
	assert.equal(job.result.state, 'draft');
	assert.equal(job.result.file, '课程.zip');
	const id = job.result.course;
	assert.deepEqual(await Promise.all(['author', 'reviewer', 'other', 'learner', null].map((name) => see(name, id))), [200, 200, 404, 404, 404]);
	const draft = (await house.client('author').must('GET', `/api/v1/courses/${id}`));
	assert.equal(draft.name, '推拿入门');
	assert.equal(draft.state, 'draft');
	assert.deepEqual(draft.features, ['captions', 'transcript']);
	assert.equal(draft.units.length, 1);
	assert.ok(draft.units[0].tracks.some((track) => track.kind === 'captions' && track.lang === 'zh-CN'));
	assert.equal((await house.client('learner').must('GET', '/api/v1/courses')).total, 0);
	assert.equal((await house.client('learner').must('GET', `/api/v1/courses?q=${encodeURIComponent('推拿')}`)).total, 0);
	assert.match((await house.client('author').ask('GET', '/drafts')).text, new RegExp(id));
	assert.doesNotMatch((await house.client('other').ask('GET', '/drafts')).text, new RegExp(id));

	const publish = (name) => house.client(name).ask('POST', `/api/v1/courses/${id}/publish`, {}).then(state);
	assert.deepEqual([await publish('author'), await publish('learner'), await publish('reviewer'), await publish('reviewer')], [403, 403, 200, 409]);
	assert.deepEqual(await Promise.all(['author', 'reviewer', 'other', 'learner', null].map((name) => see(name, id))), [200, 200, 200, 200, 200]);
	assert.equal((await house.client('learner').must('GET', `/api/v1/courses?q=${encodeURIComponent('推拿')}`)).items[0].id, id);
	assert.ok(!house.left().some((name) => name.startsWith('uploads/')), 'the upload is gone');
});

test('findings speak the language of the author', async () => {
	const bad = zip([{ name: 'course.json', bytes: course() }]);
	assert.match((await refused(bad, 'a.zip', 'course.missing', 'en')).what, /film\.mp4 is named in course\.json/);
	assert.match((await refused(bad, 'a.zip', 'course.missing', 'zh-CN')).what, /[\u4e00-\u9fff]{4}/);
});

const bomb = () => zip([{ name: 'course.json', bytes: course() }, { name: 'film.mp4', bytes: Buffer.alloc(64 << 20), deflate: true }]);
const packed = (file, change) => zip([{ name: 'course.json', bytes: course(change) }, ...file]);
const film = () => ({ name: 'film.mp4', bytes: made.film });
const beside = (captions) => zip([film(), { name: 'film.zh-CN.srt', bytes: captions }]);

for (const [what, file, code, bytes] of [
	['a name that leads out', 'a.zip', 'zip.traversal', () => packed([film(), { name: '../evil.txt' }])],
	['an absolute name', 'a.zip', 'zip.absolute', () => packed([film(), { name: '/evil.txt' }])],
	['a link', 'a.zip', 'zip.link', () => packed([film(), { name: 'link', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }])],
	['a bomb', 'a.zip', 'zip.bomb', bomb],
	['a password', 'a.zip', 'zip.encrypted', () => packed([{ ...film(), flags: 0x801 }])],
	['100,000 entries', 'a.zip', 'zip.many', () => zip(Array.from({ length: 100000 }, (_, i) => ({ name: `f${i}` })))],
	['a wrong checksum', 'a.zip', 'zip.checksum', () => packed([{ ...film(), crc: 12345 }])],
	['a zip that was cut short', 'a.zip', 'zip.end', () => good.subarray(0, good.length - 100)],
	['a film without moov', 'film.mp4', 'media.no_moov', () => made.film.subarray(0, made.film.length >> 1)],
	['what begins as an AVI and is none', 'film.avi', 'media.unreadable', () => Buffer.from('RIFF\0\0\0\0AVI hello')],
	['captions in no known encoding', 'a.zip', 'captions.encoding', () => beside(Buffer.from('1\n00:00:01,000 --> 00:00:02,000\n\x81\x20\xff\xfe\x01\x80\n', 'latin1'))],
	['a course.json that is none', 'a.zip', 'course.json', () => zip([{ name: 'course.json', bytes: Buffer.from('{"name":') }, film()])],
	['a missing file', 'a.zip', 'course.missing', () => packed([])],
	['sums that do not add up', 'a.zip', 'course.sums', () => packed([film()], { programme: { total: 10, offline: [{ name: 'p', hours: 5 }] } })],
	['hours that the film does not last', 'a.zip', 'course.hours_long', () => packed([film()], { units: [{ id: 'u1', name: 'n', kind: 'video', src: 'film.mp4', hours: 9 }] })],
	['something else altogether', 'a.txt', 'package.unknown', () => Buffer.from('hello')],
	['nothing', 'a.zip', 'zip.end', () => Buffer.alloc(0)],
]) test(`refused with a finding and nothing left: ${what}`, () => refused(bytes(), file, code));

test('doubts are told and the course is taken: an unknown field, times that run backwards', async () => {
	const unknown = await house.bring('author', packed([film()], { colour: 'red' }), 'a.zip');
	assert.equal(unknown.result.state, 'draft');
	assert.ok(unknown.result.findings.some((finding) => finding.code === 'course.unknown_field' && finding.severity === 'doubt' && /colour/.test(finding.what)));
	const backwards = await house.bring('author', beside(Buffer.from('1\n00:00:05,000 --> 00:00:03,000\n你好\n\n2\n00:00:06,000 --> 00:00:08,000\n再见\n')), 'a.zip');
	assert.equal(backwards.result.state, 'draft', JSON.stringify(backwards.result));
	assert.ok(backwards.result.findings.some((finding) => finding.code === 'captions.backwards' && finding.severity === 'doubt'));
});

test('every hostile zip of the corpus is refused and leaves nothing', { skip: existsSync(path.join(corpora, 'archives')) ? false : 'no corpora' }, async () => {
	const files = readdirSync(path.join(corpora, 'archives')).filter((name) => name.endsWith('.zip'));
	assert.equal(files.length, 24);
	for (const file of files) {
		const before = house.left(), job = await house.bring('author', readFileSync(path.join(corpora, 'archives', file)), file.slice(0, 60));
		assert.equal(job.result?.state, 'refused', `${file}: ${JSON.stringify(job)}`);
		assert.ok(job.result.findings.some((finding) => finding.severity === 'refused' && finding.mend));
		assert.deepEqual(house.left(), before, file);
	}
});

test('an import asked for twice with the same key is one import', async () => {
	const upload = (await house.uploads('author').whole(good, 'twice.zip')).split('/').pop(), client = house.client('author');
	const ask = (key) => client.ask('POST', '/api/v1/imports', { upload }, { 'Idempotency-Key': key });
	const [first, second] = [await ask('one'), await ask('one')];
	assert.equal(first.status, 202);
	assert.deepEqual(second.json, first.json);
	assert.equal((await ask('two')).status >= 400, true);
	const job = await house.job('author', first.json.job);
	assert.equal(job.result.state, 'draft');
	const third = await ask('one');
	assert.equal(third.json.job, first.json.job);
	assert.equal((await ask('three')).status, 404); // the upload is used up
});

test('what an import must be: whole, mine, of a course of mine', async () => {
	const mine = house.uploads('author'), part = await mine.create(100, 'a.zip'), client = house.client('author');
	const id = part.headers.get('location').split('/').pop();
	const unfinished = await client.ask('POST', '/api/v1/imports', { upload: id }, { 'Accept-Language': 'en' });
	assert.equal(unfinished.status, 409);
	assert.match(unfinished.json.detail, /0 of 100 bytes/);
	assert.equal((await house.client('other').ask('POST', '/api/v1/imports', { upload: id })).status, 404);
	assert.equal((await house.client('learner').ask('POST', '/api/v1/imports', { upload: id })).status, 403);
	assert.equal((await client.ask('POST', '/api/v1/imports', {})).status, 404);
	assert.equal((await client.ask('POST', '/api/v1/imports', { upload: '../../etc/passwd' })).status, 404);
	await mine.ask('DELETE', `/files/${id}`);

	const first = await house.bring('author', good, 'a.zip');
	const upload = (await house.uploads('other').whole(good, 'b.zip')).split('/').pop();
	const add = (course) => house.client('other').ask('POST', '/api/v1/imports', { upload, course }).then(state);
	assert.equal(await add('x'), 400);
	assert.equal(await add('00000000-0000-7000-8000-000000000000'), 404);
	assert.equal(await add(first.result.course), 404); // a draft of somebody else is not known to be there
	await house.uploads('other').ask('DELETE', `/files/${upload}`);

	const second = await house.bring('author', good, 'c.zip', { course: first.result.course });
	assert.equal(second.result.course, first.result.course);
	assert.notEqual(second.result.version, first.result.version);
	assert.equal((await client.must('GET', `/api/v1/courses/${first.result.course}`)).version, second.result.version);
});

test('blobs that a crash left without rows are removed by the next start; the others stay', async () => {
	const kept = await house.bring('author', good, 'kept.zip'), before = house.left();
	const folder = path.join(house.folder, 'blobs/ab'), name = `ab${'c'.repeat(62)}`;
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, name), 'left');
	writeFileSync(path.join(house.folder, 'uploads/.importing'), '');
	await house.cut();
	await house.again();
	assert.deepEqual(house.left(), before);
	assert.equal((await house.client('author').ask('GET', `/api/v1/courses/${kept.result.course}`)).status, 200);
});

test('jobs are seen by the person they run for', async () => {
	const job = await house.bring('author', Buffer.from('hello'), 'a.txt');
	assert.equal((await house.client('other').ask('GET', `/api/v1/jobs/${job.id}`)).status, 404);
	assert.equal((await house.client('reviewer').ask('GET', `/api/v1/jobs/${job.id}`)).status, 404);
});

test('an import that fails can be tried again or thrown away: its upload is not held', async () => {
	const first = await house.bring('author', good, 'a.zip');
	await house.client('author').must('POST', `/api/v1/courses/${first.result.course}/submit`, {});
	const before = house.left(), address = await house.uploads('author').whole(good, 'b.zip'), upload = address.split('/').pop();
	const { job } = await house.client('author').must('POST', '/api/v1/imports', { upload, course: first.result.course });
	assert.equal((await house.uploads('author').ask('DELETE', address)).status, 409);
	const ended = await house.job('author', job);
	assert.equal(ended.state, 'failed');
	assert.match(ended.error, /waits for approval/);
	const told = await house.client('author').ask('GET', `/packages/${job}`, undefined, { Accept: 'text/html', 'Accept-Language': 'zh-CN' });
	assert.deepEqual([told.status, told.text.includes('<html lang="zh-CN"')], [200, true]);
	assert.equal(told.text.includes(ended.error), false); // in the author's language
	const again = await house.client('author').ask('POST', '/api/v1/imports', { upload });
	assert.equal(again.status, 202);
	assert.equal((await house.uploads('author').ask('DELETE', address)).status, 409);
	assert.equal((await house.job('author', again.json.job)).state, 'done');
	assert.equal((await house.uploads('author').ask('DELETE', address)).status, 404);
	assert.ok(!house.left().some((name) => name.startsWith('uploads/')));
});

// An import of `good` that is seen while its worker is at work: {job, upload, worker}.
async function atWork() {
	for (let i = 0; i < 20; i++) {
		const upload = (await house.uploads('author').whole(good, 'b.zip')).split('/').pop();
		const { job } = await house.client('author').must('POST', '/api/v1/imports', { upload });
		for (let state = 'waiting'; ['waiting', 'running'].includes(state);) {
			const worker = house.below().find((one) => one.name === 'worker');
			if (worker) return { job, upload, worker: worker.pid };
			({ state } = await house.client('author').must('GET', `/api/v1/jobs/${job}`));
		}
	}
	throw new Error('no worker was ever seen');
}

test('an import that is called off ends at once, leaves nothing, and its upload can be thrown away', async () => {
	const { job, upload, worker } = await atWork();
	process.kill(worker, 'SIGSTOP'); // it would never end by itself
	assert.equal((await house.client('other').ask('DELETE', `/api/v1/jobs/${job}`)).status, 404);
	assert.equal((await house.client('author').ask('DELETE', `/api/v1/jobs/${job}`)).status, 204);
	assert.equal((await house.job('author', job)).state, 'cancelled');
	assert.equal((await house.uploads('author').ask('DELETE', `/files/${upload}`)).status, 204);
	assert.ok(!house.left().some((name) => /^uploads\/|tmp\//.test(name)), house.left().join('\n'));
	assert.ok(!house.below().some((one) => one.name === 'worker'));
});

// What its page offers: to read it again, as long as its upload is there.
const again = (page) => read(page.text).forms.find((one) => one.action?.endsWith('/import'));

test('an import that was called off is read again by a button of its page, once, and its upload is kept until then', async () => {
	const { job, upload, worker } = await atWork(), at = `/packages/${job}`;
	const author = new Visitor(house.origin, { token: house.client('author').headers.Authorization.slice(7) });
	process.kill(worker, 'SIGSTOP');
	assert.equal((await house.client('author').ask('DELETE', `/api/v1/jobs/${job}`)).status, 204);
	assert.equal((await house.job('author', job)).state, 'cancelled');
	const page = await author.get(at), form = again(page);
	assert.match(page.text, /Nothing of the package was taken in/);
	assert.match(page.text, /The file is kept here until \d+ \w+ \d{4}/);
	const twice = await Promise.all([0, 1].map(() => author.post(form.action, filled(form), { Referer: house.origin + at })));
	for (const { status, headers } of twice) assert.deepEqual([status, headers.location], [303, at]);
	assert.equal((await house.job('author', job)).state, 'done');
	const done = await author.get(at);
	assert.match(done.text, /The package is a draft now/);
	assert.equal(again(done), undefined);
	assert.equal((await house.uploads('author').ask('HEAD', `/files/${upload}`)).status, 404);
});

test('an import that was called off says nothing of its file once that is thrown away', async () => {
	const { job, upload, worker } = await atWork(), at = `/packages/${job}`;
	const author = new Visitor(house.origin, { token: house.client('author').headers.Authorization.slice(7) });
	process.kill(worker, 'SIGSTOP');
	assert.equal((await house.client('author').ask('DELETE', `/api/v1/jobs/${job}`)).status, 204);
	assert.equal((await house.job('author', job)).state, 'cancelled');
	const form = again(await author.get(at));
	assert.equal((await house.uploads('author').ask('DELETE', `/files/${upload}`)).status, 204);
	const page = await author.get(at);
	assert.doesNotMatch(page.text, /is kept here/);
	assert.equal(again(page), undefined);
	const late = await author.post(form.action, filled(form), { Referer: house.origin + at });
	assert.equal(late.status, 409);
	assert.match(late.text, /not kept here any more; hand it in once more/);
});

test('the server has none of the libraries that read packages, and no worker stays', async () => {
	const names = house.below();
	assert.ok(!names.some((one) => one.name === 'worker'), JSON.stringify(names));
	assert.ok(names.length >= 1);
	for (const { pid } of [...names, { pid: house.child.pid }]) {
		const maps = readFileSync(`/proc/${pid}/maps`, 'latin1');
		assert.match(maps, /libsqlite3/);
		assert.doesNotMatch(maps, /libav[a-z]*\.so|libarchive|libexpat|libsw(scale|resample)/);
	}
});

const drafts = async () => (await house.client('author').ask('GET', '/drafts')).text.match(/\/courses\//g)?.length ?? 0;

test('kill -9 while the worker reads: after the next start the import runs to its end and is there once', async () => {
	const { job, worker } = await atWork(), before = await drafts();
	process.kill(worker, 'SIGSTOP');
	await house.cut();
	try { process.kill(worker, 'SIGCONT'); } catch { /* gone already */ }
	await house.again();
	const ended = await house.job('author', job);
	assert.equal(ended.state, 'done', JSON.stringify(ended));
	assert.equal(ended.result.state, 'draft');
	assert.equal(ended.tries, 2);
	assert.equal(await drafts(), before + 1);
	assert.ok(!house.left().some((name) => /^uploads\/|tmp\//.test(name)), house.left().join('\n'));
	await house.gone(worker); // it went with its server
});

test('kill -9 right behind the answer: the import is not lost', async () => {
	const upload = (await house.uploads('author').whole(good, 'cut.zip')).split('/').pop(), before = await drafts();
	const { job } = await house.client('author').must('POST', '/api/v1/imports', { upload });
	await house.cut();
	await house.again();
	assert.equal((await house.job('author', job)).state, 'done');
	assert.equal(await drafts(), before + 1);
	assert.ok(!house.left().some((name) => /^uploads\/|tmp\//.test(name)), house.left().join('\n'));
});

test('what lies beside a lesson by its name belongs to it, and is no lesson of its own', async () => {
	const vtt = (words) => Buffer.from(`WEBVTT\n\n00:01.000 --> 00:03.000\n${words}\n`);
	const { result } = await house.bring('author', zip([
		{ name: '课/第一课.mp4', bytes: made.film }, { name: '课/第一课 手语.mp4', bytes: made.film }, { name: '课/第一课.口述影像.mp4', bytes: made.film },
		{ name: '课/第一课.zh-CN.srt', bytes: Buffer.from('1\n00:00:01,000 --> 00:00:03,000\n你好\n') }, { name: '课/第一课.desc.vtt', bytes: vtt('A hand') },
		{ name: '课/第一课-章节.vtt', bytes: vtt('Begin') }, { name: '课/字幕/第一课.en.vtt', bytes: vtt('Hello') }, { name: '课/第二课.mp4', bytes: made.film },
		{ name: '课/别的.srt', bytes: Buffer.from('1\n00:00:01,000 --> 00:00:03,000\nx\n') },
	]), 'lessons.zip');
	assert.deepEqual(result.findings.filter(({ code }) => code === 'folder.unused').map(({ a }) => a), ['课/别的.srt']);
	const { units } = await house.client('author').must('GET', `/api/v1/courses/${result.course}`);
	assert.deepEqual(units.map(({ name }) => name), ['第一课', '第二课']);
	const kinds = units[0].tracks.map(({ kind, lang }) => [kind, lang].filter(Boolean).join(' '));
	for (const kind of ['captions zh-CN', 'captions en', 'descriptions', 'sign', 'audio-description']) assert.ok(kinds.includes(kind), `${kind}: ${kinds}`);
	assert.match((await house.client('author').ask('GET', `/videos/${units[0].id}`, undefined, { Accept: 'text/html' })).text, /Begin/);
	assert.ok(!units[1].tracks.some(({ kind }) => /captions|sign|description/.test(kind)));
});
