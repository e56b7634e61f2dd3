// Learning points for self-study outside classes: off until a rule turns them on, counted by the server's clock, no second twice.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { readLedger } from '../certificates/lib/ledger.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse, program } from './lib/school.mjs';

const DAY_S = 86400, HOUR_MS = 3600000;
let clock, school, course, files, alone, together;

before(async () => {
	clock = new Clock();
	files = folder('points');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	const add = (name, region, regionName, parent) => JSON.parse(school.command('institution', 'add', '--name', name, '--region', region, '--region-name', regionName, ...(parent ? ['--parent', parent] : []))).id;
	add('Federation of Gansu', '620000', 'Gansu');
	school.institution = add('Base of Lanzhou', '620100', 'Lanzhou', '620000');
	await school.account('staff', 'staff', ['--institution', school.institution]);
	await school.account('province', 'reviewer', ['--region', '620000']);
	await school.account('auditor', 'auditor');
	for (const name of ['t1', 't2', 't3']) await school.account(name, 'learner', ['--region', '620100']);
	course = await school.course(makeCourse(files, { units: 3, seconds: 2700, hours: 1 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name) => new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice(7) });
const text = (reply) => reply.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const page = (name, address) => visitor(name).get(address);
const open = (name, unit, cohort = 'points') => school.client(name).ask('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort }, { 'Accept-Language': 'en' });

async function rule(figures) {
	const browser = visitor('province'), form = (await browser.get('/policies/new')).text;
	const hidden = ['csrf', 'idempotency_key'].map((name) => [name, new RegExp(`name="${name}" value="([^"]+)"`).exec(form)[1]]);
	const [year, month, day] = new Date(clock.wall + 8 * HOUR_MS).toISOString().slice(0, 10).split('-');
	return browser.post('/policies/new', [...hidden, ...Object.entries({ place: '620000', kind: '', title: 'Notice of points', number: 'No. 9', 'from-year': year, 'from-month': month, 'from-day': day, go: 'enter', ...figures })]);
}

// A lesson opened, with its media fetched; what a beat of it answers.
async function study(name, unit, cohort) {
	const opened = await open(name, unit, cohort);
	assert.equal(opened.status, 201, opened.text);
	await school.fetchMedia(name, opened.json.media);
	let seq = 0;
	const beat = (from, to, took = to - from, more = {}) => {
		clock.pass(took);
		return school.client(name).ask('POST', `/api/v1/plays/${opened.json.play}/beats`, { seq: seq++, played: [[from, to]], rate: 1, position: to, ...more }, { 'Accept-Language': 'en' });
	};
	return { beat, media: opened.json.media, resume: opened.json.resume_s };
}

test('without a rule nothing is counted and nothing is shown', async () => {
	assert.equal((await open('t1', 0)).status, 409);
	assert.equal((await page('t1', '/points')).status, 404);
	assert.doesNotMatch(text(await page('t1', '/')), /points/);
	const player = await page('t1', `/videos/${course.units[0].id}`);
	assert.match(text(player), /it adds no hours/);
	assert.match(player.text, /data-cohort=""/);
});

test('with a rule each stretch counts once, by the clock of the server and at any speed alike', async () => {
	assert.equal((await rule({ points: '1441' })).status, 422);
	const entered = await rule({ points: '2', daily: '15' });
	assert.equal(entered.status, 303, text(entered));
	assert.match(text(await page('staff', '/policies?place=620100')), /Points for self-study one point for every 2 minutes Gansu: Notice of points, No\. 9/);
	const player = await page('t1', `/videos/${course.units[0].id}`);
	assert.match(player.text, /data-cohort="points"/);
	assert.match(text(player), /outside a class: every 2 min of it make one learning point/);
	assert.doesNotMatch(text(player), /it adds no hours/);
	alone = await study('t1', 0);
	let answer = (await alone.beat(0, 100, 20)).json; // faster than it can be played
	assert.deepEqual([answer.granted_s, answer.points, answer.reason, answer.late], [60, 0, 'clock', [[60, 100]]]);
	answer = (await alone.beat(60, 100)).json;
	assert.deepEqual([answer.granted_s, answer.points, answer.reason], [100, 0, 'counted']);
	answer = (await alone.beat(50, 150)).json;
	assert.deepEqual([answer.granted_s, answer.added_s, answer.points], [150, 50, 1]);
	answer = (await alone.beat(0, 150)).json;
	assert.deepEqual([answer.granted_s, answer.points, answer.reason], [150, 1, 'seen_before']);
	answer = (await alone.beat(0, 150, 0, { seq: 1 })).json;
	assert.equal(answer.reason, 'repeated');
	answer = (await alone.beat(150, 250, 34)).json; // three times as fast
	assert.deepEqual([answer.granted_s, answer.points], [250, 2]);
	for (const [played, status] of [[[[5, 1]], 200], [[['x', 2]], 400], [[[0, 1e12]], 400]]) assert.equal((await alone.beat(0, 0, 0, { played })).status, status);
	assert.equal((await school.client('t2').ask('POST', '/api/v1/plays/nothing/beats', { seq: 0, played: [], rate: 1 })).status, 404);
});

test('the limit of the day holds, and a new day goes on', async () => {
	const second = await study('t1', 1);
	let answer = (await second.beat(0, 900)).json;
	assert.equal(answer.reason, 'day_full');
	const before = text(await page('t1', '/points'));
	assert.match(before, /7 points, for 15 min of self-study/);
	clock.pass(DAY_S);
	const { granted_s: had } = answer;
	answer = (await second.beat(had, had + 60)).json;
	assert.deepEqual([answer.added_s, answer.points, answer.reason], [60, 8, 'counted']);
	assert.match(text(await page('t1', '/')), /My learning points 8 points, for 16 min of self-study/);
});

test('one play a person is live, in a class or outside of it', async () => {
	together = await school.cohort(course, { total: 10, offline: 7, days: 1 }, ['t2']);
	const inClass = await open('t2', 0);
	assert.equal(inClass.status, 409, 'a lesson of her class is learned there');
	assert.match(inClass.json.detail, /You have this lesson in a class/);
	const own = await study('t2', 0, together);
	assert.equal((await own.beat(0, 60)).json.granted_s, 60);
	const first = await study('t3', 0), second = await study('t3', 1);
	let answer = (await first.beat(0, 60)).json;
	assert.deepEqual([answer.lease, answer.granted_s, answer.reason], ['moved', 0, 'clock']);
	answer = (await second.beat(0, 60)).json;
	assert.deepEqual([answer.lease, answer.granted_s], ['held', 60]);
	await school.client('staff').must('POST', `/api/v1/cohorts/${together}/trainees`, { trainee: 't3' });
	const third = await study('t3', 2, together);
	assert.equal((await second.beat(60, 120)).json.lease, 'moved');
	assert.equal((await third.beat(0, 10)).json.lease, 'held');
});

test('what counted in a class counts for no point; points take no hours from a class', async () => {
	clock.pass(DAY_S); // the class is over
	const again = await study('t2', 0);
	const answer = (await again.beat(0, 180)).json;
	assert.deepEqual([answer.granted_s, answer.added_s, answer.points], [120, 120, 1]);
	assert.equal((await again.beat(0, 60)).json.reason, 'seen_before');
	const next = await school.cohort(course, { total: 10, offline: 7 }, ['t2']);
	const own = await study('t2', 1, next);
	assert.equal((await own.beat(0, 900)).json.granted_s, 900, 'the whole day is left for the class');
});

test('two records of one person become one: what both learned counts once, and the limit of the day holds for the whole', async () => {
	for (const name of ['d1', 'd2']) await school.account(name, 'learner', ['--institution', school.institution]);
	await school.account('staff2', 'staff', ['--institution', school.institution]);
	clock.pass(DAY_S);
	assert.equal((await (await study('d1', 0)).beat(0, 600)).json.points, 5);
	assert.equal((await (await study('d2', 0)).beat(500, 1200)).json.points, 5);
	clock.pass(DAY_S);
	assert.equal((await (await study('d1', 1)).beat(0, 100)).json.points, 5, 'no whole point yet');
	const { id } = await school.client('staff').must('POST', '/api/v1/moves', { kind: 'merge', trainee: school.accounts.d1.id, into: 'd2', reason: 'Two cards' });
	await school.client('staff2').must('POST', `/api/v1/moves/${id}/decision`, { decision: 'agree', words: '' });
	const said = text(await page('d2', '/points'));
	assert.match(said, /8 points, for 16 min 40 s of self-study/, said); // 700 + 200 on the first day, whose limit is 900, and 100
	const more = await study('d2', 0);
	clock.pass(DAY_S);
	assert.equal((await more.beat(0, 200)).json.added_s, 0, 'what counted for one of the two counts for neither again');
	assert.equal((await more.beat(200, 500)).json.added_s, 300, 'what the limit kept out counts on another day');
	const doctor = spawnSync(program, ['doctor', '--data', path.join(school.data, 'data')], { encoding: 'utf8' });
	assert.match(doctor.stdout, /Nothing is damaged/, doctor.stdout);
});

test('turned off again nothing more is counted, and what she has is kept', async () => {
	const last = await study('t1', 2);
	clock.pass(DAY_S);
	assert.equal((await rule({ points: '0' })).status, 303);
	const refused = await last.beat(0, 60);
	assert.equal(refused.status, 409);
	assert.match(refused.json.detail, /earns no points/);
	assert.equal((await open('t1', 0)).status, 409);
	assert.match(text(await page('t1', '/points')), /8 points.*Self-study earns no more points now\. What you have is kept\./);
	assert.equal((await page('t3', '/points')).status, 200);
});

test('points are entries without a name, and the doctor compares them', async () => {
	const points = async (name) => Number(/(\d+) points, for/.exec(text(await page(name, '/points')))[1]);
	const all = await points('t1') + await points('t2') + await points('t3') + await points('d2');
	for (let least = 1, sum = -1; sum !== all;) { // until all of them are signed
		const { facts } = await readLedger(school.client('auditor'), least), own = facts.filter(({ kind }) => kind === 'self_study'), moved = facts.filter(({ kind }) => kind === 'self_study_moved');
		assert.ok(own.every((entry) => entry.point === 120 && entry.role === 'learner' && entry.granted <= entry.played));
		assert.ok(moved.every((entry) => facts[entry.entry].kind === 'move_countersign' && entry.role === 'staff'));
		sum = [...own, ...moved].reduce((before, entry) => before + entry.points, 0);
		least = facts.length + 1;
	}
	const doctor = () => spawnSync(program, ['doctor', '--data', path.join(school.data, 'data')], { encoding: 'utf8' });
	assert.match(doctor().stdout, /Nothing is damaged/);
});
