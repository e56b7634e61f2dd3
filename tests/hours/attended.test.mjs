// Attended hours: entered by one, countersigned by another, corrected by new lines; and the online hours that wait for them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';
import { decode, entries, readCheckpoint, readKey, tiles } from '../ledger/lib/tree.mjs';

const HOUR_S = 2700, DAY_S = 86400; // of a class hour, of a day
let clock, school, course, files, count = 0;

before(async () => {
	clock = new Clock();
	files = folder('attended');
	school = await new School(clock, 'checkpoint_s = 1\n[credit]\nclose_days = 3\n').start();
	await school.people(4);
	await school.account('colleague', 'teacher', ['--institution', school.institution]);
	await school.account('county', 'reviewer', ['--region', '370100']);
	const other = JSON.parse(school.command('institution', 'add', '--name', 'Elsewhere', '--region', '370200', '--region-name', 'Qingdao'));
	await school.account('countyelse', 'reviewer', ['--region', '370200']);
	await school.account('auditor', 'auditor');
	await school.account('stranger', 'staff', ['--institution', other.id]);
	course = await school.course(makeCourse(files, { units: 20, seconds: HOUR_S, hours: 1 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// 40 class hours, of which 24 are one offline unit.
const open = (trainees) => school.cohort(course, { total: 40, offline: 24 }, trainees);
const record = async (name, cohort) => (await school.client(name).must('GET', '/api/v1/trainees/me/record')).cohorts.find((one) => one.cohort === cohort);

// A lesson of four class hours that has just ended; `present`: names, or {trainee, seconds}.
const lesson = (present, more = {}) => ({
	unit: 1, mode: 'onsite', from: clock.wall - 4 * HOUR_S * 1000, to: clock.wall, place: 'Base, room 2', teacher: 'Ms Li', key: `sheet-${++count}`,
	present: present.map((one) => (typeof one === 'string' ? { trainee: one, seconds: 4 * HOUR_S } : one)), ...more,
});
const ask = (who, address, body) => school.client(who).ask('POST', address, body, { 'Accept-Language': 'en' });
const enter = (who, cohort, body) => school.client(who).must('POST', `/api/v1/cohorts/${cohort}/attendance`, body);
const sign = (who, id) => ask(who, `/api/v1/attendance/${id}/countersign`, {});
const correct = (who, id, body) => ask(who, `/api/v1/attendance/${id}/corrections`, body);

async function refused(who, cohort, body, status, words) {
	const reply = await ask(who, `/api/v1/cohorts/${cohort}/attendance`, body);
	assert.equal(reply.status, status, reply.text);
	assert.match(reply.json.detail, words);
}

async function watch(name, cohort, units) {
	for (const unit of units) {
		const { play, media } = await school.client(name).must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort });
		await school.fetchMedia(name, media);
		clock.pass(HOUR_S);
		await school.client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, HOUR_S]], rate: 1, position: HOUR_S });
	}
}

test('what is entered is pending and counts once another has countersigned it', async () => {
	const cohort = await open(['t1', 't2']);
	clock.pass(DAY_S);
	const { id, trainees } = await enter('staff', cohort, lesson(['t1', { trainee: 't2', seconds: 2 * HOUR_S }]));
	assert.equal(trainees, 2);
	let mine = await record('t1', cohort);
	assert.deepEqual([mine.offline_s, mine.pending_s, mine.counted_s], [0, 4 * HOUR_S, 0]);

	const own = await sign('staff', id);
	assert.equal(own.status, 409);
	assert.match(own.json.detail, /another person must countersign it/);
	assert.equal((await record('t1', cohort)).offline_s, 0);

	for (const who of ['stranger', 'countyelse', 't3']) assert.equal((await sign(who, id)).status, 404, who);
	assert.deepEqual((await sign('colleague', id)).json, { id, countersigned: 2 });
	mine = await record('t1', cohort);
	assert.deepEqual([mine.offline_s, mine.pending_s, mine.counted_s], [4 * HOUR_S, 0, 4 * HOUR_S]);
	assert.equal((await record('t2', cohort)).offline_s, 2 * HOUR_S);

	assert.deepEqual((await sign('county', id)).json, { id, countersigned: 0 }); // once is enough
	assert.equal((await record('t1', cohort)).offline_s, 4 * HOUR_S);
});

test('online hours wait until offline hours are countersigned, and live lessons share the cap', async () => {
	const cohort = await open(['t1']);
	await watch('t1', cohort, [0, 1, 2, 3]);
	let mine = await record('t1', cohort);
	assert.deepEqual([mine.online_s, mine.waits_s, mine.counted_s], [4 * HOUR_S, 4 * HOUR_S, 0]);

	clock.pass(DAY_S);
	const { id } = await enter('staff', cohort, lesson([{ trainee: 't1', seconds: 3 * HOUR_S }]));
	assert.equal((await record('t1', cohort)).waits_s, 4 * HOUR_S);
	await sign('colleague', id);
	mine = await record('t1', cohort);
	assert.deepEqual([mine.waits_s, mine.counted_s], [2 * HOUR_S, 5 * HOUR_S]);

	clock.pass(DAY_S);
	const live = await enter('staff', cohort, lesson([{ trainee: 't1', seconds: 14 * HOUR_S }], { mode: 'live', from: clock.wall - 14 * HOUR_S * 1000 }));
	await sign('colleague', live.id);
	mine = await record('t1', cohort);
	assert.deepEqual([mine.live_s, mine.live_over_s, mine.offline_s], [12 * HOUR_S, 2 * HOUR_S, 3 * HOUR_S]); // 16 at most are online
	const { play, media } = await school.client('t1').must('POST', '/api/v1/plays', { unit: course.units[5].id, cohort });
	await school.fetchMedia('t1', media);
	clock.pass(60);
	const answer = await school.client('t1').must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, 60]], rate: 1, position: 60 });
	assert.deepEqual([answer.added_s, answer.reason], [0, 'share_full']);
});

test('an office of one: each trainee says for herself that she was there, or the county countersigns', async () => {
	const cohort = await open(['t1', 't2', 't3']);
	clock.pass(DAY_S);
	const { id } = await enter('staff', cohort, lesson(['t1', 't2']));
	assert.equal((await sign('t3', id)).status, 404); // she is not on it
	assert.deepEqual((await sign('t1', id)).json, { id, countersigned: 1 });
	assert.deepEqual([(await record('t1', cohort)).offline_s, (await record('t2', cohort)).offline_s], [4 * HOUR_S, 0]);
	assert.deepEqual((await sign('county', id)).json, { id, countersigned: 1 });
	assert.equal((await record('t2', cohort)).offline_s, 4 * HOUR_S);
});

test('a correction is one more line with its reason, countersigned as well', async () => {
	const cohort = await open(['t1', 't2', 't3']);
	clock.pass(DAY_S);
	const { id } = await enter('staff', cohort, lesson(['t1', 't2']));
	assert.equal((await correct('stranger', id, { trainee: 't1', seconds: 0, reason: 'x' })).status, 404);
	assert.match((await correct('colleague', id, { trainee: 't1', seconds: 4 * HOUR_S, reason: 'x' })).json.detail, /says already/);
	assert.match((await correct('colleague', id, { trainee: 't1', seconds: 5 * HOUR_S, reason: 'x' })).json.detail, /longer than the lesson/);
	assert.match((await correct('colleague', id, { trainee: 't1', seconds: HOUR_S, reason: ' ' })).json.detail, /what was wrong/);
	assert.equal((await correct('colleague', id, { trainee: 't1', seconds: HOUR_S, reason: 'Left at noon' })).status, 201);
	assert.equal((await record('t1', cohort)).pending_s, HOUR_S);

	// whoever entered the sheet may not sign that, and not the correction before it either
	assert.equal((await sign('staff', id)).status, 409);
	assert.deepEqual((await sign('colleague', id)).json, { id, countersigned: 2 });
	let mine = await record('t1', cohort);
	assert.deepEqual([mine.offline_s, mine.pending_s], [4 * HOUR_S, -3 * HOUR_S]);
	assert.deepEqual((await sign('staff', id)).json, { id, countersigned: 1 });
	mine = await record('t1', cohort);
	assert.deepEqual([mine.offline_s, mine.pending_s], [HOUR_S, 0]);

	await correct('staff', id, { trainee: 't3', seconds: 2 * HOUR_S, reason: 'Forgotten' });
	assert.equal((await record('t3', cohort)).pending_s, 2 * HOUR_S);
	await sign('t3', id);
	assert.equal((await record('t3', cohort)).offline_s, 2 * HOUR_S);
});

test('what cannot be true is refused with a clear word, and no total changes', async () => {
	const cohort = await open(['t1', 't2']);
	await refused('staff', cohort, lesson(['t1']), 422, /before the first day/);
	clock.pass(2 * DAY_S);
	const before = await record('t1', cohort), soon = clock.wall + 1000;
	const cases = [
		[lesson(['t3']), 422, /t3 is not on the roster/],
		[lesson(['nobody-at-all']), 422, /not on the roster/],
		[lesson(['t1', 't1']), 422, /twice/],
		[lesson([]), 400, /Nobody is marked/],
		[lesson([{ trainee: 't1', seconds: 4 * HOUR_S + 1 }]), 422, /longer than the lesson/],
		[lesson([{ trainee: 't1', seconds: 0 }]), 400, /how long/],
		[lesson([{ trainee: 't1', seconds: -5 }]), 400, /whole number/],
		[lesson(['t1'], { from: clock.wall - 25 * 3600000 }), 422, /24 hours at most/],
		[lesson(['t1'], { to: soon }), 422, /not over yet/],
		[lesson(['t1'], { from: clock.wall, to: clock.wall }), 422, /end after it begins/],
		[lesson(['t1'], { unit: 2 }), 400, /offline units/],
		[lesson(['t1'], { unit: 0 }), 400, /from 1 on/],
		[lesson(['t1'], { mode: 'video' }), 400, /onsite, visit or live/],
		[lesson(['t1'], { from: '2027-02-30T09:00' }), 400, /2027-03-01T09:00/],
		[lesson(['t1'], { teacher: ' ' }), 400, /who taught/],
		[lesson(['t1'], { place: 'x'.repeat(201) }), 400, /where/],
		[lesson(['t1'], { key: '' }), 400, /key/],
		[lesson([{ trainee: 't1', seconds: 24 * HOUR_S - 1 }, { trainee: 't2', seconds: 24 * HOUR_S + 1 }], { from: clock.wall - 24 * 3600000 }), 422, /t2: with this the unit would have more/],
	];
	for (const [body, status, words] of cases) await refused('staff', cohort, body, status, words);
	await refused('stranger', cohort, lesson(['t1']), 404, /no such class/);
	assert.equal((await ask('t1', `/api/v1/cohorts/${cohort}/attendance`, lesson(['t1']))).status, 403);
	assert.deepEqual(await record('t1', cohort), before);
});

test('nobody is in two places at one time, also not in two classes', async () => {
	const [cohort, second] = [await open(['t4']), await open(['t4'])];
	clock.pass(DAY_S);
	const { id } = await enter('staff', cohort, lesson(['t4']));
	await refused('colleague', cohort, lesson(['t4']), 422, /on another sheet at this time/);
	await refused('staff', second, lesson(['t4'], { from: clock.wall - 60000, to: clock.wall, present: [{ trainee: 't4', seconds: 60 }] }), 422, /on another sheet/);
	await correct('colleague', id, { trainee: 't4', seconds: 0, reason: 'It was the other class' });
	assert.equal((await record('t4', cohort)).pending_s, 0);
	await refused('staff', second, lesson(['t4']), 422, /on another sheet/); // the correction waits: the hours may still count
	assert.equal((await sign('colleague', id)).status, 200);
	await refused('staff', second, lesson(['t4']), 422, /on another sheet/);
	assert.equal((await sign('staff', id)).status, 200);
	await enter('staff', second, lesson(['t4']));
	assert.equal((await record('t4', second)).pending_s, 4 * HOUR_S);
});

test('a sheet of another institution is told without its address', async () => {
	const elsewhere = JSON.parse(school.command('institution', 'add', '--name', 'Near', '--region', '370300', '--region-name', 'Zibo'));
	await school.account('near', 'staff', ['--institution', elsewhere.id]);
	const cohort = await open(['t1']), plan = { ...school.plan(course, { total: 40, offline: 24 }), institution: elsewhere.id };
	const { id: theirs } = await school.client('near').must('POST', '/api/v1/cohorts', plan);
	await school.client('near').must('POST', `/api/v1/cohorts/${theirs}/trainees`, { trainee: 't1' });
	clock.pass(DAY_S);
	await enter('staff', cohort, lesson(['t1']));
	await refused('near', theirs, lesson(['t1']), 422, /on a sheet of another institution at this time; ask her/);
});

test('hours that a waiting correction takes away free nothing of the unit', async () => {
	const cohort = await open(['t1']), all = (more) => lesson([{ trainee: 't1', seconds: 12 * HOUR_S }], { from: clock.wall - 12 * HOUR_S * 1000, ...more });
	clock.pass(2 * DAY_S);
	const first = await enter('staff', cohort, all());
	await sign('colleague', first.id);
	clock.pass(DAY_S);
	const second = await enter('staff', cohort, all());
	await sign('colleague', second.id);
	clock.pass(DAY_S);
	await refused('staff', cohort, all(), 422, /0 minutes are left/);
	await correct('colleague', first.id, { trainee: 't1', seconds: 0, reason: 'She was ill' });
	assert.equal((await record('t1', cohort)).pending_s, -12 * HOUR_S);
	await refused('staff', cohort, all(), 422, /0 minutes are left/);
	await sign('staff', first.id);
	const third = await enter('staff', cohort, all());
	await sign('colleague', third.id);
	assert.equal((await record('t1', cohort)).offline_s, 24 * HOUR_S);
	await correct('staff', first.id, { trainee: 't1', seconds: 60, reason: 'She came for a minute' }).then((reply) => assert.match(reply.json.detail, /0 minutes are left/));
});

test('a key that comes twice is one sheet; the same key for another lesson is refused', async () => {
	const cohort = await open(['t1', 't2']);
	clock.pass(DAY_S);
	const body = lesson(['t2']), [a, b] = [await enter('staff', cohort, body), await enter('staff', cohort, body)];
	assert.equal(a.id, b.id);
	assert.equal((await record('t2', cohort)).pending_s, 4 * HOUR_S);
	for (const present of [[...body.present, { trainee: 't1', seconds: HOUR_S }], [{ trainee: 't2', seconds: HOUR_S }], [{ trainee: 't1', seconds: 4 * HOUR_S }]])
		await refused('staff', cohort, { ...body, present }, 409, /with other trainees or times/);
	await correct('staff', a.id, { trainee: 't1', seconds: HOUR_S, reason: 'Forgotten' });
	assert.deepEqual(await enter('staff', cohort, body), a); // what was corrected later changes nothing of what was sent
	clock.pass(DAY_S);
	await refused('staff', cohort, { ...lesson(['t2']), key: body.key }, 409, /key of its own/);
});

test('a class that has ended takes its last sheets for some days, then it is closed', async () => {
	const { id: cohort } = await school.client('staff').must('POST', '/api/v1/cohorts', school.plan(course, { total: 40, offline: 24, days: 2 }));
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't3' });
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't4' });
	clock.pass(DAY_S);
	const late = lesson(['t3']), later = lesson(['t3'], { from: late.from - 20 * 3600000, to: late.to - 20 * 3600000 });
	clock.pass(3 * DAY_S);
	await refused('staff', cohort, lesson(['t3']), 422, /after the last day/);
	const { id } = await enter('staff', cohort, late);
	clock.pass(2 * DAY_S);
	await refused('staff', cohort, { ...later, from: late.to, to: late.to + 4 * HOUR_S * 1000 }, 422, /class is closed/);
	assert.equal((await sign('colleague', id)).status, 200); // what was entered in time still counts
	assert.equal((await record('t3', cohort)).offline_s, 4 * HOUR_S);
	assert.equal((await correct('staff', id, { trainee: 't3', seconds: HOUR_S, reason: 'Left early' })).status, 201);
	for (const who of ['t3', 't4']) {
		const more = await correct('colleague', id, { trainee: who, seconds: 2 * HOUR_S, reason: 'It was longer' });
		assert.deepEqual([more.status, /class is closed/.test(more.json.detail)], [422, true], who); // as a new sheet is
	}
});

test('what was entered, corrected and countersigned stands in the ledger, and adds up to the totals', async () => {
	const cohort = await open(['t1', 't2']), auditor = school.client('auditor');
	clock.pass(DAY_S);
	const { id } = await enter('staff', cohort, lesson(['t1', 't2'], { teacher: 'Ms Chen', place: 'Room of secrets' }));
	await correct('colleague', id, { trainee: 't1', seconds: HOUR_S, reason: 'A private reason' });
	await sign('colleague', id);
	await sign('staff', id);
	const key = readKey((await auditor.ask('GET', '/ledger/key')).text), late = Date.now() + 20000;
	let facts = [];
	while (facts.filter((one) => one.sheet === id && one.kind === 'countersign').length < 3 && Date.now() < late) {
		await pause(20);
		const reply = await auditor.ask('GET', '/ledger/checkpoint');
		if (reply.status !== 200) continue;
		facts = [];
		for (const { name } of tiles('entries', readCheckpoint(reply.text, key).size)) facts.push(...entries((await auditor.ask('GET', name)).bytes).map(decode));
	}
	const mine = facts.map((one, index) => ({ ...one, index })).filter((one) => one.sheet === id), of = (kind) => mine.filter((one) => one.kind === kind);
	assert.deepEqual([of('sheet').length, of('correction').length, of('countersign').length], [2, 1, 3]);
	for (const one of of('sheet')) assert.deepEqual([one.cohort, one.mode, one.unit, one.seconds, one.role], [cohort, 'onsite', 0, 4 * HOUR_S, 'staff']);
	const [correction] = of('correction');
	assert.deepEqual([correction.seconds, correction.role, facts[correction.ref].sub, facts[correction.ref].kind], [-3 * HOUR_S, 'teacher', correction.sub, 'sheet']);
	for (const one of of('countersign')) {
		const signed = facts[one.entry];
		assert.deepEqual([signed.sheet, signed.sub, signed.seconds], [id, one.sub, one.seconds]);
		assert.notEqual(signed.by, one.by);
	}
	const total = (sub) => of('countersign').filter((one) => one.sub === sub).reduce((sum, one) => sum + one.seconds, 0);
	assert.deepEqual([total(correction.sub), (await record('t1', cohort)).offline_s], [HOUR_S, HOUR_S]);
	assert.doesNotMatch(JSON.stringify(mine), /Chen|secrets|private/);
});
