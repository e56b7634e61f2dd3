// The online share, from a plan to the last counted second and one more. The clock is the test's.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';

const HOUR_S = 2700; // of a class hour
let clock, school, course, files;

before(async () => {
	clock = new Clock();
	files = folder('course');
	school = await new School(clock).start();
	await school.people(3);
	course = await school.course(makeCourse(files, { units: 20, seconds: HOUR_S, hours: 1 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// Plays [from, to) of a unit at normal speed in beats of a minute; returns the last answer.
async function watch(name, play, from, to, seq = 0) {
	let answer;
	for (let at = from; at < to; at += 60, seq++) {
		const end = Math.min(at + 60, to);
		clock.pass(end - at);
		answer = await school.client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq, played: [[at, end]], rate: 1, position: end });
	}
	return answer;
}

async function open(name, cohort, unit) {
	const play = await school.client(name).must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort });
	await school.fetchMedia(name, play.media);
	return play;
}

test('a class that plans too many online hours is refused with the figure that would pass', async () => {
	const reply = await school.client('staff').ask('POST', '/api/v1/cohorts', school.plan(course, { total: 40, offline: 20 }), { 'Accept-Language': 'en' });
	assert.equal(reply.status, 422);
	assert.match(reply.json.detail, /at most 16 may be online/);
	assert.match(reply.json.detail, /at least 24 offline/);
	const list = await school.client('staff').must('GET', '/api/v1/cohorts');
	assert.equal(list.items.length, 0);
});

test('16 class hours count, the next second is seen and not counted, and the answer and the page say why', async () => {
	const cohort = await school.cohort(course, { total: 40, offline: 24 }, ['t1']);
	let answer;
	for (let unit = 0; unit < 16; unit++) answer = await watch('t1', (await open('t1', cohort, unit)).play, 0, HOUR_S);
	assert.equal(answer.online.granted_s, 43200);
	assert.equal(answer.online.cap_s, 43200);
	assert.equal(answer.reason, 'counted');

	const play = await open('t1', cohort, 16);
	answer = await watch('t1', play.play, 0, 1);
	assert.equal(answer.seen_s, 1);
	assert.equal(answer.granted_s, 0);
	assert.equal(answer.uncredited_s, 1);
	assert.equal(answer.online.granted_s, 43200);
	assert.equal(answer.reason, 'share_full');
	assert.match(answer.why, /线上学时已经记满了|online hours of this class are full/);

	const record = await school.client('t1').must('GET', '/api/v1/trainees/me/record');
	const [mine] = record.cohorts;
	assert.equal(mine.online_s, 43200);
	assert.equal(mine.uncredited_s, 1);
	assert.equal(mine.share_now, 0.4);
	assert.equal(mine.lines.reduce((sum, line) => sum + line.granted_s, 0), 43200);
	const page = await school.client('t1').ask('GET', '/record', undefined, { Accept: 'text/html', 'Accept-Language': 'en' });
	assert.match(page.text, /online hours of this class are full/);
	assert.match(page.text, /720 min/);
});

test('doubled, late and reordered beats and a second device change no total', async () => {
	const cohort = await school.cohort(course, { total: 40, offline: 24 }, ['t2']);
	const first = await open('t2', cohort, 0);
	const client = school.client('t2');
	const beat = (play, seq, from, to) => client.must('POST', `/api/v1/plays/${play}/beats`, { seq, played: [[from, to]], rate: 1, position: to });
	clock.pass(30);
	await beat(first.play, 1, 10, 20); // before beat 0
	const doubled = await beat(first.play, 1, 10, 20);
	assert.equal(doubled.reason, 'repeated');
	assert.equal(doubled.granted_s, 10);
	await beat(first.play, 0, 0, 10);

	const second = await open('t2', cohort, 0); // another device
	clock.pass(10);
	const late = await beat(first.play, 2, 20, 30); // of the first one, played before it moved
	assert.equal(late.lease, 'moved');
	assert.equal(late.granted_s, 30);
	const answer = await beat(second.play, 0, 0, 30);
	assert.equal(answer.lease, 'held');
	assert.equal(answer.granted_s, 30);
	assert.equal(answer.reason, 'seen_before');
});

test('a script that claims hours at once gets three times the clock, and nothing that was not sent', async () => {
	const cohort = await school.cohort(course, { total: 40, offline: 24 }, ['t3']);
	const client = school.client('t3');
	const play = await open('t3', cohort, 0);
	clock.pass(60);
	const answer = await client.must('POST', `/api/v1/plays/${play.play}/beats`, { seq: 0, played: [[0, 2700]], rate: 16, position: 2700 });
	assert.equal(answer.granted_s, 180);
	assert.equal(answer.reason, 'clock');

	const other = await client.must('POST', '/api/v1/plays', { unit: course.units[5].id, cohort });
	clock.pass(60);
	const unsent = await client.must('POST', `/api/v1/plays/${other.play}/beats`, { seq: 0, played: [[0, 60]], rate: 1, position: 60 });
	assert.equal(unsent.granted_s, 0);
	assert.equal(unsent.reason, 'not_delivered');
});

test('once, twice or three times the speed earn the same hours; a stepped wall clock earns none', async () => {
	for (const rate of [1, 2, 3]) await school.account(`rate${rate}`, 'learner');
	clock.pass(2 * 86400); // a clock set back must not fall before the accounts were made
	for (const rate of [1, 2, 3]) {
		const cohort = await school.cohort(course, { total: 40, offline: 24 }, [`rate${rate}`]);
		const play = await open(`rate${rate}`, cohort, 0);
		clock.pass(600 / rate);
		clock.step(rate === 2 ? 86400 : -86400);
		const answer = await school.client(`rate${rate}`).must('POST', `/api/v1/plays/${play.play}/beats`, { seq: 0, played: [[0, 600]], rate, position: 600 });
		clock.step(rate === 2 ? -86400 : 86400);
		assert.equal(answer.granted_s, 600);
	}
});

test('beats of others, of nobody and of nonsense are refused in words', async () => {
	const cohort = await school.cohort(course, { total: 40, offline: 24 }, ['t1']);
	const play = await open('t1', cohort, 0);
	const address = `/api/v1/plays/${play.play}/beats`;
	const good = { seq: 0, played: [[0, 1]], rate: 1, position: 1 };
	assert.equal((await school.client('t2').ask('POST', address, good)).status, 404);
	assert.equal((await fetch(school.origin + address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(good) })).status, 401);
	for (const bad of [{ ...good, seq: -1 }, { ...good, seq: 'x' }, { ...good, played: [[0]] }, { ...good, played: [[-1, 5]] }, { ...good, played: 'all' },
		{ ...good, played: Array(600).fill([0, 1]) }, { ...good, position: -3 }])
		assert.equal((await school.client('t1').ask('POST', address, bad)).status, 400, JSON.stringify(bad).slice(0, 80));
	assert.equal((await school.client('t2').ask('POST', '/api/v1/plays', { unit: course.units[0].id, cohort })).status, 404);
});

test('beats that cannot be played change no total, and each is told why', async () => {
	await school.account('wild', 'learner');
	const cohort = await school.cohort(course, { total: 40, offline: 24 }, ['wild']), client = school.client('wild');
	const { play, media } = await client.must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia('wild', media);
	clock.pass(600);
	let seq = 0;
	const send = (text) => client.raw('POST', `/api/v1/plays/${play}/beats`, text, { 'Content-Type': 'application/json', 'Accept-Language': 'en' });
	const online = async () => (await client.must('GET', '/api/v1/trainees/me/record')).cohorts.find((one) => one.cohort === cohort).online_s;
	const beat = (played, more = '') => `{"seq":${seq++},"played":${played},"rate":1${more}}`;
	for (const [text, status] of [
		[beat('[[NaN,5]]'), 400], [beat('[[0,Infinity]]'), 400], [beat('[[0,1e400]]'), 400], [beat('[["0","5"]]'), 400], [beat('[[null,5]]'), 400],
		[beat('[[-5,-1]]'), 400], [beat('[[0,-1e9]]'), 400], [beat('[[0,1000000001]]'), 400], [beat('[[0,5]]', ',"position":NaN'), 400],
		[beat(`[${'[0,1],'.repeat(512)}[0,1]]`), 400],
		[beat(`[${'[0,1],'.repeat(50000)}[0,1]]`), 413], // as 10^9 would be: what is said to follow is not waited for
		['{"seq":1000000001,"played":[[0,5]],"rate":1}', 400], ['{"seq":1.5,"played":[[0,5]],"rate":1}', 400], ['{"seq":9,"seq":10', 400], ['', 400], ['[]', 400], ['null', 400]]) {
		const reply = await send(text), what = text.slice(0, 60);
		assert.equal(reply.status, status, `${what}: ${reply.text.slice(0, 300)}`);
		assert.ok(reply.json.detail.length > 10, what);
		assert.equal(await online(), 0, what);
	}
	// reversed, empty, behind the end of the lesson: nothing was played
	for (const played of ['[[5,2]]', '[[2700,1]]', '[[7,7]]', '[]', '[[2700,2800]]', '[[999999999,1000000000]]']) {
		const reply = await send(beat(played, ',"position":1000000000'));
		assert.deepEqual([reply.status, reply.json.granted_s, reply.json.added_s], [200, 0, 0], played);
	}
	assert.equal(await online(), 0);
	const good = await send(beat('[[0,5],[9,2],[100000,100005]]'));
	assert.deepEqual([good.status, good.json.granted_s], [200, 5], good.text);
	assert.equal(await online(), 5);
});
