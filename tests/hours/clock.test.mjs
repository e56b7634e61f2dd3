// The server's clock and the order of beats: what a play may earn, and when.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';

const MEDIA_S = 2700;
let clock, school, course, files, next = 0;

before(async () => {
	clock = new Clock();
	files = folder('clock');
	school = await new School(clock).start();
	await school.people(0);
	course = await school.course(makeCourse(files, { units: 2, seconds: MEDIA_S, hours: 1 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// A new trainee with a lesson open and delivered: {client, cohort, play, beat(seq, from, to, position)}.
async function learner(days = 300) {
	const name = `c${++next}`, { client } = await school.account(name, 'learner');
	const cohort = await school.cohort(course, { total: 4, offline: 3, days }, [name]);
	const open = async () => {
		const { play, media, resume_s: resume } = await client.must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
		await school.fetchMedia(name, media);
		const beat = (seq, from, to, position = to) => client.must('POST', `/api/v1/plays/${play}/beats`, { seq, played: from < to ? [[from, to]] : [], rate: 1, position });
		return { play, resume, beat };
	};
	return { client, cohort, open };
}

test('a play that stays open earns nothing for the time after its class ended', async () => {
	const { open } = await learner(1);
	clock.pass(86400 - 60);
	const { beat } = await open();
	clock.pass(3600);
	const answer = await beat(0, 0, 600);
	assert.equal(answer.granted_s, 180); // what the last minute of the class allows, told late
	assert.equal(answer.reason, 'class_over');
	assert.match(answer.why, /已经结业|has ended/);
	assert.deepEqual(answer.late, []);
	clock.pass(86400);
	assert.equal((await beat(1, 180, 600)).granted_s, 180);
});

test('what came too fast is named, and counts when it is told again', async () => {
	const { open } = await learner();
	const { beat } = await open();
	clock.pass(9.7); // at three times the speed, and the line was slow at first
	let answer = await beat(0, 0, 30);
	assert.equal(answer.granted_s, 29);
	assert.deepEqual(answer.late, [[29, 30]]);
	clock.pass(10);
	answer = await beat(1, 29, 59);
	assert.equal(answer.granted_s, 59);
	assert.deepEqual(answer.late, []);
});

test('a beat that comes late does not move the place back', async () => {
	const { open } = await learner();
	const first = await open();
	clock.pass(60);
	await first.beat(0, 0, 10);
	await first.beat(2, 20, 30);
	await first.beat(1, 10, 20);
	const second = await open();
	assert.equal(second.resume, 30);
	clock.pass(60);
	await second.beat(0, 30, 60);
	assert.equal((await first.beat(3, 30, 40)).lease, 'moved');
	assert.equal((await open()).resume, 60);
});

test('a play takes only so many gaps between its beats', async () => {
	const { client, open } = await learner();
	const { play } = await open();
	let status = 200, seq = 0;
	for (; status === 200 && seq < 2200; seq += 2)
		status = (await client.ask('POST', `/api/v1/plays/${play}/beats`, { seq, played: [], rate: 1 })).status;
	assert.equal(status, 409);
	assert.equal((await client.ask('POST', `/api/v1/plays/${play}/beats`, { seq: 1, played: [], rate: 1 })).status, 200);
});

test('a lesson says what it can earn: its hours, or its media where they are shorter', async () => {
	const short = await school.course(makeCourse(files, { units: 8, seconds: 100, hours: 0.04, name: 'Short' }));
	const name = 'short', { client } = await school.account(name, 'learner');
	const cohort = await school.cohort(short, { total: 0.25, offline: 0.15 }, [name]);
	const { play, media } = await client.must('POST', '/api/v1/plays', { unit: short.units[0].id, cohort });
	await school.fetchMedia(name, media);
	clock.pass(100);
	const answer = await client.must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, 100]], rate: 1, position: 100 });
	assert.equal(answer.granted_s, 100);
	assert.equal(answer.unit_s, 100);
});

test('a lesson of two classes is learned in the one that it can still earn hours in', async () => {
	const { client, cohort, open } = await learner(), name = `c${next}`;
	clock.pass(10);
	const later = await school.cohort(course, { total: 4, offline: 3, days: 400 }, [name]);
	const offered = async () => /data-cohort="([^"]*)"/.exec((await client.ask('GET', `/videos/${course.units[0].id}`, undefined, { Accept: 'text/html' })).text)[1];
	assert.equal(await offered(), cohort);
	const { beat } = await open();
	clock.pass(MEDIA_S);
	assert.equal((await beat(0, 0, MEDIA_S)).granted_s, MEDIA_S);
	assert.equal(await offered(), later);
	const { play, media } = await client.must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort: later });
	await school.fetchMedia(name, media);
	clock.pass(MEDIA_S);
	await client.must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, MEDIA_S]], rate: 1, position: MEDIA_S });
	assert.equal(await offered(), cohort); // both are full: the one that began first
});

test('a lesson that is opened twice with one key is one play, and its answer the same', async () => {
	const { client, cohort } = await learner(), body = { unit: course.units[0].id, cohort };
	const ask = () => client.ask('POST', '/api/v1/plays', body, { 'Idempotency-Key': `play ${cohort}` });
	const first = await ask(), second = await ask();
	assert.deepEqual([first.status, second.status], [201, 201]);
	assert.deepEqual(second.json, first.json);
	assert.ok(first.json.media);
});
