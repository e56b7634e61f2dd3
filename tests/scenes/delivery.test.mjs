// The bytes of lessons by HTTP: whose they are, ranges over what is put together, and what counts as sent.
// Threads meet: streams beside each other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { House } from '../ingest/lib/house.mjs';
import { course, films } from '../ingest/lib/films.mjs';
import { zip } from '../ingest/lib/zip.mjs';

let house, film, unit, draft, media, version;

const pack = (name) => zip([{ name: 'course.json', bytes: course({ name, units: [{ id: 'u1', name: 'Lesson', kind: 'video', src: 'film.mp4', hours: 0.02,
	tracks: [{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }] }] }) }, { name: 'film.mp4', bytes: film }, { name: 'film.srt', bytes: Buffer.from(`1\n00:00:01,000 --> 00:00:03,000\n${name}\n`) }]);
const get = (name, address, headers = {}) => (name ? house.client(name) : house.nobody()).ask('GET', address, undefined, headers);

before(async () => {
	({ film } = films());
	house = await House.open();
	await house.account('staff', 'staff', ['--institution', house.institution]);
	await house.account('second', 'learner');
	const open = await house.bring('author', pack('公开'), 'open.zip');
	await house.client('reviewer').must('POST', `/api/v1/courses/${open.result.course}/publish`, {});
	({ version } = open.result);
	[unit] = (await house.client('learner').must('GET', `/api/v1/courses/${open.result.course}`)).units;
	draft = (await house.client('author').must('GET', `/api/v1/courses/${(await house.bring('author', pack('草稿'), 'draft.zip')).result.course}`)).units[0];
	const { id } = await house.client('staff').must('POST', '/api/v1/cohorts', { programme: 'P', courses: [version], total: 0.05, institution: house.institution,
		offline: [{ name: 'p', hours: 0.03 }], starts: house.clock.wall - 1000, ends: house.clock.wall + 86400000 });
	for (const trainee of ['learner', 'second']) await house.client('staff').must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee });
	house.cohort_id = id;
	({ media } = await play('learner'));
});

after(() => house?.close());

const play = (name) => house.client(name).must('POST', '/api/v1/plays', { unit: unit.id, cohort: house.cohort_id });

test('the whole file plays by itself and is the same by any ranges, also over the seams', async () => {
	const whole = await get('learner', media.progressive), { length } = whole.bytes;
	assert.equal(whole.status, 200);
	assert.equal(whole.headers['content-type'], 'video/mp4');
	assert.equal(Number(whole.headers['content-length']), length);
	assert.equal(whole.bytes.subarray(4, 8).toString(), 'ftyp');
	const head = Number(unit.tracks.find((track) => track.kind === 'flat').size);
	assert.ok(head > 0 && head < length);
	const ranges = [[0, 0], [0, head - 1], [head - 1, head], [head - 100, head + 100], [head, length - 1], [length - 1, length - 1], [1, length - 2]];
	for (let i = 0; i < 30; i++) {
		const from = Math.floor(length * i / 30);
		ranges.push([from, Math.min(length - 1, from + 7919 * (i % 5 + 1))]);
	}
	for (const [from, to] of ranges) {
		const part = await get('learner', media.progressive, { Range: `bytes=${from}-${to}` });
		assert.equal(part.status, 206);
		assert.equal(part.headers['content-range'], `bytes ${from}-${to}/${length}`);
		assert.ok(part.bytes.equals(whole.bytes.subarray(from, to + 1)), `${from}-${to}`);
	}
	const tail = await get('learner', media.progressive, { Range: 'bytes=-500' });
	assert.ok(tail.bytes.equals(whole.bytes.subarray(length - 500)));
	assert.equal((await get('learner', media.progressive, { Range: `bytes=${length}-` })).status, 416);
	const two = await get('learner', media.progressive, { Range: `bytes=0-9,${head - 5}-${head + 4}` });
	assert.equal(two.status, 206);
	assert.match(two.headers['content-type'], /^multipart\/byteranges/);
	assert.ok(two.bytes.includes(whole.bytes.subarray(head - 5, head + 5)));
});

test('an address that names the bytes is kept for a year and known by its tag', async () => {
	const first = await get('learner', media.progressive, { Range: 'bytes=0-9' });
	assert.match(first.headers['cache-control'], /private.*max-age=31536000.*immutable|max-age=31536000.*private.*immutable|immutable/);
	const known = await get('learner', media.progressive, { 'If-None-Match': first.headers.etag });
	assert.deepEqual([known.status, known.bytes.length], [304, 0]);
	const other = await get('learner', media.progressive, { Range: 'bytes=0-9', 'If-Range': '"another"' });
	assert.equal(other.status, 200);
});

test('wrong blob, wrong track, wrong person: not there', async () => {
	const [, , track, blob] = media.progressive.split('/');
	const flip = `${blob[0] === '0' ? '1' : '0'}${blob.slice(1)}`;
	for (const address of [`/media/${track}/${flip}`, `/media/${track}/x`, `/media/00000000-0000-7000-8000-000000000000/${blob}`, `/media/x/${blob}`]) assert.equal((await get('learner', address)).status, 404, address);
	assert.equal((await get(null, media.progressive)).status, 401);
});

test('the media of a draft are its author\'s and the reviewer\'s', async () => {
	const page = await get('author', `/videos/${draft.id}`, { Accept: 'text/html' });
	assert.equal(page.status, 200);
	const addresses = [...new Set(page.text.match(/\/media\/[0-9a-f-]{36}\/[0-9a-f]{64}/g))];
	assert.ok(addresses.length >= 2, page.text.slice(0, 500));
	addresses.push(`/videos/${draft.id}`, `/videos/${draft.id}/master.m3u8`);
	for (const address of addresses) {
		const seen = await Promise.all(['author', 'reviewer', 'other', 'learner', 'staff', null].map((name) => get(name, address).then((reply) => reply.status)));
		assert.deepEqual(seen, [200, 200, 404, 404, 404, 401], address);
	}
});

test('a draft that its author plays stays shut to others; published it is open at once, and stays so when it is retired', async () => {
	const { result } = await house.bring('author', pack('Shut'), 'shut.zip');
	const [lesson] = (await house.client('author').must('GET', `/api/v1/courses/${result.course}`)).units;
	const { text } = await get('author', `/videos/${lesson.id}`, { Accept: 'text/html' });
	const addresses = [...new Set(text.match(/\/media\/[0-9a-f-]{36}\/[0-9a-f]{64}/g)), `/videos/${lesson.id}/master.m3u8`];
	assert.ok(addresses.length >= 3, text.slice(0, 500));
	const seen = async (...names) => {
		for (const address of addresses) for (const [name, status] of names) assert.equal((await get(name, address)).status, status, `${name} ${address}`);
	};
	const own = [['author', 200], ['reviewer', 200], ['author', 200]], others = ['learner', 'staff', 'other'];
	const shut = [...own, ...others.map((name) => [name, 404]), [null, 401]], open = [...own, ...others.map((name) => [name, 200]), [null, 401]];
	await seen(...shut);
	for (const [name, act, next] of [['author', 'submit', shut], ['author', 'withdraw', shut], ['author', 'submit', shut], ['reviewer', 'approve', open],
		['reviewer', 'retire', open], ['reviewer', 'restore', open]]) {
		await house.client(name).must('POST', `/api/v1/courses/${result.course}/${act}`, {});
		await seen(...next);
	}
	const bytes = (await get('learner', addresses[0])).bytes;
	assert.ok(bytes.length > 0 && bytes.equals((await get('author', addresses[0])).bytes));
});

// The seconds that count when everything is claimed: those that were sent.
async function claimed(name, opened, seq = 0) {
	house.clock.pass(120);
	return house.client(name).must('POST', `/api/v1/plays/${opened.play}/beats`, { seq, played: [[0, 60]], rate: 1, position: 60 });
}

test('only seconds that were asked for count as sent; captions and playlists are none', async () => {
	const opened = await play('second'), client = house.client('second');
	const words = opened.media.tracks.filter((track) => track.type === 'text/vtt').map((track) => track.href);
	assert.ok(words.length > 0);
	for (const address of [...words, opened.media.hls]) assert.equal((await client.ask('GET', address)).status, 200, address);
	assert.equal((await claimed('second', opened, 0)).seen_s, 0);
	assert.equal((await client.ask('HEAD', opened.media.progressive)).status, 200);
	const head = Number(unit.tracks.find((track) => track.kind === 'flat').size);
	await client.ask('GET', opened.media.progressive, undefined, { Range: `bytes=0-${head - 1}` }); // the table of contents alone
	assert.equal((await claimed('second', opened, 1)).seen_s, 0);
	const length = Number((await client.ask('HEAD', opened.media.progressive)).headers['content-length']);
	await client.ask('GET', opened.media.progressive, undefined, { Range: `bytes=${head}-${head + 20}` });
	const first = await claimed('second', opened, 2);
	assert.ok(first.seen_s > 0 && first.seen_s < 20, JSON.stringify(first));
	await client.ask('GET', opened.media.progressive, undefined, { Range: `bytes=${Math.floor((head + length) / 2)}-` });
	const half = await claimed('second', opened, 3);
	assert.ok(half.seen_s > 25 && half.seen_s < 55, JSON.stringify(half));
	await client.ask('GET', opened.media.progressive);
	assert.equal((await claimed('second', opened, 4)).seen_s, 60);
});

test('what a lesson loads travels packed to who takes it, and is the same', async () => {
	const { text } = await get('learner', `/videos/${unit.id}`, { Accept: 'text/html' });
	const addresses = [...new Set([...text.matchAll(/\/assets\/[^"#]+\.(?:css|js|svg)/g)].map(([address]) => address))];
	assert.ok(addresses.some((address) => address.endsWith('/video.min.js')) && addresses.length > 3, addresses.join(' '));
	for (const address of addresses) {
		const plain = await get(null, address, { 'Accept-Encoding': 'identity' }), packed = await get(null, address, { 'Accept-Encoding': 'gzip' });
		assert.equal(plain.headers['content-encoding'], undefined, address);
		assert.equal(packed.headers['content-encoding'], 'gzip', address);
		assert.ok(gunzipSync(packed.bytes).equals(plain.bytes), address);
	}
	assert.equal((await get('learner', media.progressive, { 'Accept-Encoding': 'gzip' })).headers['content-encoding'], undefined);
});
