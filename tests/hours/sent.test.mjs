// What counts as sent: only bytes that really leave the server, and every second of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse, run } from './lib/school.mjs';

const MEDIA_S = 120;
let clock, school, course, files, next = 0;

before(async () => {
	clock = new Clock();
	files = folder('sent');
	school = await new School(clock).start();
	await school.people(0);
	course = await school.course(makeCourse(files, { units: 1, seconds: MEDIA_S, hours: 0.04 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// A new trainee opens a lesson, asks for its flat file as told, and says that she played all of it.
async function claim(method, headers, status, of = course, mediaS = MEDIA_S) {
	const name = `s${++next}`, { client } = await school.account(name, 'learner');
	const cohort = await school.cohort(of, { total: 0.1, offline: 0.06 }, [name]);
	const { play, media } = await client.must('POST', '/api/v1/plays', { unit: of.units[0].id, cohort });
	const reply = await client.ask(method, media.progressive, undefined, headers);
	assert.equal(reply.status, status);
	clock.pass(mediaS);
	const answer = await client.must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, mediaS]], rate: 1, position: mediaS });
	return { seen: answer.seen_s, reason: answer.reason, bytes: reply.bytes.length, total: reply.headers['content-length'] };
}

test('an answer without a body sends nothing', async () => {
	for (const [method, headers, status] of [
		['HEAD', {}, 200], ['HEAD', { Range: 'bytes=0-' }, 206], ['GET', { Range: 'bytes=999999999-' }, 416],
		['GET', { 'If-None-Match': '*' }, 304], ['GET', { 'If-Match': '"other"' }, 412],
	]) {
		const { seen, reason } = await claim(method, headers, status);
		assert.equal(seen, 0, `${method} ${JSON.stringify(headers)}`);
		assert.equal(reason, 'not_delivered');
	}
});

test('a range of an older file brings the whole file, and all of it is noted', async () => {
	assert.equal((await claim('GET', { Range: 'bytes=0-0', 'If-Range': '"other"' }, 200)).seen, MEDIA_S);
});

test('each of several ranges is noted, and what lies between them is not', async () => {
	const { total } = await claim('HEAD', {}, 200), size = Number(total), third = Math.floor(size / 3);
	assert.equal((await claim('GET', { Range: `bytes=0-${third},${third + 1}-${size - 1}` }, 206)).seen, MEDIA_S);
	const { seen } = await claim('GET', { Range: `bytes=0-0,${size - 2}-${size - 1}` }, 206);
	assert.ok(seen <= 4, `${seen} seconds of two bytes`);
});

test('one byte brings the second that it lies in and no more', async () => {
	const middle = Math.floor(Number((await claim('HEAD', {}, 200)).total) / 2);
	const { seen } = await claim('GET', { Range: `bytes=${middle}-${middle}` }, 206);
	assert.ok(seen <= 2, `${seen} seconds of one byte`);
});

test('sound that goes on after the picture is reached to its last second', async () => {
	const into = path.join(files, 'tail');
	mkdirSync(into, { recursive: true });
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'color=c=black:s=64x48:r=5:d=10', '-f', 'lavfi', '-i', 'sine=d=14', '-c:v', 'libx264',
		'-preset', 'ultrafast', '-g', '20', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '32k', '-y', path.join(into, 'film.mp4')]);
	writeFileSync(path.join(into, 'course.json'), JSON.stringify({ name: 'Tail', inLanguage: 'en',
		units: Array.from({ length: 8 }, (_, i) => ({ id: `u${i + 1}`, name: `Lesson ${i + 1}`, kind: 'video', src: 'film.mp4', hours: 0.01 })) }));
	spawnSync('zip', ['-q', '-0', '-X', path.join(into, 'course.zip'), 'course.json', 'film.mp4'], { cwd: into });
	const tail = await school.course(path.join(into, 'course.zip'));
	assert.equal((await claim('GET', {}, 200, tail, 14)).seen, 14);
});

// A film whose length is no whole number of seconds, with sound, as cameras make them.
async function oddFilm() {
	const into = path.join(files, 'odd');
	mkdirSync(into, { recursive: true });
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x48:r=30000/1001:d=27.43', '-f', 'lavfi', '-i', 'sine=d=27.43', '-c:v', 'libx264',
		'-preset', 'ultrafast', '-g', '100', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '32k', '-y', path.join(into, 'film.mp4')]);
	writeFileSync(path.join(into, 'course.json'), JSON.stringify({ name: 'Odd', inLanguage: 'en',
		units: Array.from({ length: 8 }, (_, i) => ({ id: `u${i + 1}`, name: `Lesson ${i + 1}`, kind: 'video', src: 'film.mp4', hours: 0.01 })) }));
	spawnSync('zip', ['-q', '-0', '-X', path.join(into, 'course.zip'), 'course.json', 'film.mp4'], { cwd: into });
	return school.course(path.join(into, 'course.zip'));
}

// Byte ranges of a playlist: [[uri, range], …].
async function playlist(client, address) {
	const found = [];
	let next = 0, range;
	for (const line of (await client.ask('GET', address)).text.split('\n')) {
		const bytes = /^#EXT-X-BYTERANGE:(\d+)(?:@(\d+))?/.exec(line);
		if (bytes) {
			const start = bytes[2] === undefined ? next : Number(bytes[2]);
			next = start + Number(bytes[1]);
			range = `${start}-${next - 1}`;
		} else if (line && !line.startsWith('#')) found.push([line, range]);
	}
	return found;
}

test('a player that fetches every fragment, or the flat file by ranges, earns the lesson to its last second', async () => {
	const odd = await oddFilm(), unit = odd.units[0];
	const ways = {
		async picture(client) {
			const track = unit.tracks.find((one) => one.kind === 'video');
			for (const [uri, range] of await playlist(client, `/videos/${unit.id}/${track.id}.m3u8`)) await client.ask('GET', uri, undefined, { Range: `bytes=${range}` });
		},
		async sound(client) {
			const track = unit.tracks.find((one) => one.kind === 'audio');
			for (const [uri, range] of await playlist(client, `/videos/${unit.id}/${track.id}.m3u8`)) await client.ask('GET', uri, undefined, { Range: `bytes=${range}` });
		},
		async flat(client, media) {
			const size = Number((await client.ask('HEAD', media.progressive)).headers['content-length']);
			for (let at = 0; at < size; at += 7001) await client.ask('GET', media.progressive, undefined, { Range: `bytes=${at}-${Math.min(at + 7000, size - 1)}` });
		},
	};
	for (const [way, fetchAll] of Object.entries(ways)) {
		const name = `odd-${way}`, { client } = await school.account(name, 'learner');
		const cohort = await school.cohort(odd, { total: 0.1, offline: 0.06 }, [name]);
		const { play, media } = await client.must('POST', '/api/v1/plays', { unit: unit.id, cohort });
		await fetchAll(client, media);
		clock.pass(28);
		const answer = await client.must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, 27.43]], rate: 1, position: 27.4 });
		assert.equal(answer.granted_s, 27, way);
		assert.equal(answer.granted_s, answer.unit_s, way);
	}
});

test('two people of one browser ask for a lesson at two addresses, and one person always at the same', async () => {
	const addresses = [];
	for (const name of ['shared1', 'shared2']) {
		const { client } = await school.account(name, 'learner');
		const cohort = await school.cohort(course, { total: 0.1, offline: 0.06 }, [name]);
		const ask = async () => (await client.must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort })).media;
		const media = await ask(), [[variant]] = await playlist(client, media.hls);
		const [[inList]] = await playlist(client, new URL(variant, school.origin + media.hls).pathname);
		assert.equal((await ask()).progressive, media.progressive);
		addresses.push(media.progressive, inList, ...media.tracks.map((track) => track.href));
		assert.equal((await client.ask('GET', media.progressive, undefined, { Range: 'bytes=0-9' })).status, 206);
		const { text } = await client.ask('GET', `/videos/${course.units[0].id}`, undefined, { Accept: 'text/html' });
		const [, download] = /href="([^"]*download=[^"]*)"/.exec(text);
		assert.match((await client.ask('GET', download.replaceAll('&amp;', '&'), undefined, { Range: 'bytes=0-9' })).headers['content-disposition'], /^attachment/);
	}
	assert.equal(new Set(addresses.slice(0, addresses.length / 2)).size + new Set(addresses.slice(addresses.length / 2)).size, new Set(addresses).size);
});
