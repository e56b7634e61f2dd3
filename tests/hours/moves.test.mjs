// Trainees who move: asked for by one with a reason, decided by another, and both in the ledger.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from './lib/clock.mjs';
import { Client, School, folder, makeCourse } from './lib/school.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { decode, entries } from '../ledger/lib/tree.mjs';

const HOUR_S = 2700, REASON = 'CANARY: her family moves to Lanzhou';
let clock, school, course, files, cohort;

before(async () => {
	clock = new Clock();
	files = folder('moves');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	const add = (name, region, regionName, parent) => JSON.parse(school.command('institution', 'add', '--name', name, '--region', region, '--region-name', regionName, ...(parent ? ['--parent', parent] : []))).id;
	add('Federation of Shandong', '370000', 'Shandong');
	school.institution = add('Base of Jinan', '370100', 'Jinan', '370000');
	school.other = add('Base of Qingdao', '370200', 'Qingdao', '370000');
	add('Base of Fuzhou', '350100', 'Fuzhou');
	for (const name of ['staff', 'staff2']) await school.account(name, 'staff', ['--institution', school.institution]);
	await school.account('teacher', 'teacher', ['--institution', school.institution]);
	await school.account('near', 'staff', ['--institution', school.other]);
	await school.account('county', 'reviewer', ['--region', '370100']);
	await school.account('elsewhere', 'reviewer', ['--region', '350100']);
	await school.account('auditor', 'auditor');
	for (const name of ['t1', 't3', 't4', 't5', 't6', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'a1']) await school.account(name, 'learner');
	await school.account('t2', 'learner', ['--institution', school.institution]);
	course = await school.course(makeCourse(files, { units: 4, seconds: HOUR_S, hours: 1 }));
	cohort = await school.cohort(course, { total: 4, offline: 2.4 }, ['t1', 't2']);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const english = { 'Accept-Language': 'en' };
async function open(name, unit, of = cohort) {
	const reply = await school.client(name).ask('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort: of }, english);
	if (reply.status !== 201) return reply;
	const { play, media } = reply.json;
	await school.fetchMedia(name, media);
	let seq = 0;
	return (from, to) => {
		clock.pass(to - from);
		return school.client(name).ask('POST', `/api/v1/plays/${play}/beats`, { seq: seq++, played: [[from, to]], rate: 1, position: to }, english);
	};
}
const asked = (kind, trainee, more = {}, name = 'staff') => school.client(name).ask('POST', '/api/v1/moves', { kind, trainee: school.accounts[trainee]?.id ?? trainee, cohort, reason: REASON, ...more }, english);
const decided = (id, decision = 'agree', name = 'staff2', words = '') => school.client(name).ask('POST', `/api/v1/moves/${id}/decision`, { decision, words }, english);
async function moved(kind, trainee, more) {
	const { json, status, text } = await asked(kind, trainee, more);
	assert.equal(status, 201, text);
	const reply = await decided(json.id);
	assert.equal(reply.status, 200, reply.text);
	return json.id;
}
const record = async (name, of = cohort) => (await school.client(name).must('GET', '/api/v1/trainees/me/record')).cohorts.find((one) => one.cohort === of);
const visitor = (name) => new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice(7) });
const text = (reply) => reply.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

test('what is asked for wrongly is refused in words, and nothing is asked for', async () => {
	for (const [kind, trainee, more, words, name] of [['leave', 't1', { reason: ' ' }, /Say why/], ['leave', 't3', {}, /not on the roster/], ['leave', 't1', { cohort: 'none' }, /no such class/],
		['fly', 't1', {}, /Nothing like this/], ['return', 't1', {}, /is in the class/], ['leave', 't1', {}, /no such class/, 'near']]) {
		const reply = await asked(kind, trainee, more, name);
		assert.ok([400, 404, 422].includes(reply.status), `${kind} ${trainee}: ${reply.status}`);
		assert.match(reply.json.detail, words);
	}
	for (const name of ['t1', 'county', 'teacher', 'auditor']) assert.equal((await asked('leave', 't1', {}, name)).status, 403, name);
	assert.match(text(await visitor('staff2').get('/moves')), /Nothing waits/);
});

test('withdrawn by two: beats are refused in words, what was earned stays, and her return opens it again', async () => {
	const beat = await open('t1', 0);
	assert.equal((await beat(0, 600)).json.online.granted_s, 600);
	const { id } = (await asked('leave', 't1')).json;
	assert.equal((await asked('leave', 't1')).status, 409);
	assert.equal((await beat(600, 700)).json.online.granted_s, 700, 'until it is countersigned nothing changes');
	assert.match(text(await visitor('county').get('/')), /Trainees who move, to countersign.*Withdraw from the class: t1/);
	assert.match(text(await visitor('staff').get(`/moves/${id}`)), /You asked for this yourself/);
	for (const [name, status] of [['staff', 403], ['t1', 403], ['teacher', 403], ['near', 404], ['elsewhere', 404]]) assert.equal((await decided(id, 'agree', name)).status, status, name);
	assert.equal((await decided(id, 'maybe')).status, 400);
	assert.equal((await decided(id)).status, 200);
	assert.equal((await decided(id)).status, 409, 'what was decided stays');

	const refused = await beat(700, 800);
	assert.equal(refused.status, 409);
	assert.match(refused.json.detail, /not in this class any more.*What you earned is kept/);
	assert.match((await open('t1', 1)).json.detail, /not in this class any more/);
	assert.equal((await record('t1')).online_s, 700);
	assert.equal((await record('t1')).left_ms, clock.wall - 100000);
	assert.match(text(await visitor('t1').get('/record')), /Withdrawn from this class since .* What was earned is kept/);
	assert.match(text(await visitor('staff').get(`/classes/${cohort}`)), /t1 .* Withdrawn since .* t2 .* In the class/);
	assert.match((await school.client('staff').ask('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't1' }, english)).json.detail, /was withdrawn.*Take the trainee back/);

	assert.equal((await asked('leave', 't1')).status, 422);
	await moved('return', 't1');
	assert.equal((await record('t1')).left_ms, 0);
	const again = await open('t1', 0);
	assert.equal((await again(700, 800)).json.online.granted_s, 800);
	assert.equal((await beat(800, 900)).json.lease, 'moved', 'the old play ended when she left');
});

test('a lesson while she was away is entered for the others alone', async () => {
	await moved('leave', 't2');
	clock.pass(HOUR_S);
	await moved('return', 't2');
	const enter = (present, key) => school.client('staff').ask('POST', `/api/v1/cohorts/${cohort}/attendance`, {
		unit: 1, mode: 'onsite', from: clock.wall - 1200000, to: clock.wall - 600000, place: 'Jinan', teacher: 'Li', key, present: present.map((name) => ({ trainee: school.accounts[name].id, seconds: 600 })),
	}, english);
	const reply = await enter(['t1', 't2'], 'both');
	assert.equal(reply.status, 422);
	assert.match(reply.json.detail, /t2 had left the class/);
	assert.equal((await enter(['t1'], 'one')).status, 201);
});

test('who has left is on no new sheet of the class, and nobody is taken off the roster who moved', async () => {
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't3' });
	await moved('leave', 't3');
	const page = text(await visitor('staff').get(`/classes/${cohort}/sheets/new`));
	assert.match(page, /t1/);
	assert.doesNotMatch(page, /t3/);
	const trainee = await visitor('staff').get(`/classes/${cohort}/trainees/${school.accounts.t3.id}`);
	assert.match(text(trainee), /Take back into the class/);
	assert.doesNotMatch(text(trainee), /Take off the roster/);
});

test('who moves to a class with the same lesson takes what she learned with her, once, under its rules', async () => {
	const { id: other } = await school.client('staff').must('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 2, offline: 1.2 }), programme: 'Massage, a short course' }); // 2,160 s online
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't4' });
	for (const [more, words] of [[{}, /Choose the class/], [{ to: cohort }, /Choose the class/], [{ to: 'none' }, /Choose the class/]]) assert.match((await asked('transfer', 't4', more)).json.detail, words);
	let beat = await open('t4', 0);
	assert.equal((await beat(0, 1500)).json.online.granted_s, 1500);
	clock.pass(86400);
	beat = await open('t4', 1);
	assert.equal((await beat(0, 1000)).json.online.granted_s, 2500);
	await moved('transfer', 't4', { to: other });

	const [old, fresh] = [await record('t4'), await record('t4', other)];
	assert.equal(old.online_s, 0);
	assert.deepEqual(old.lines, []);
	assert.equal(old.uncredited_s, 0);
	assert.equal(fresh.online_s, 2160, 'the cap of the new class');
	assert.equal(fresh.uncredited_s, 340);
	assert.deepEqual(fresh.lines.map((line) => [line.played_s, line.granted_s, line.share_full_s]).sort(), [[1000, 660, 340], [1500, 1500, 0]]);
	assert.match(text(await visitor('t4').get(`/record?class=${cohort}`)), /Moved to Massage, a short course on/);
	assert.match(text(await visitor('staff').get(`/classes/${cohort}`)), /t4 .* Moved to another class on/);
	const told = await school.client('staff').must('GET', `/api/v1/cohorts/${other}/trainees/${school.accounts.t4.id}/entries`), before = await school.client('staff').must('GET', `/api/v1/cohorts/${cohort}/trainees/${school.accounts.t4.id}/entries`);
	assert.equal(told.entries.reduce((sum, entry) => sum + entry.granted_s, 0), 2160, 'the entries add up to the total');
	assert.equal(before.entries.reduce((sum, entry) => sum + entry.granted_s, 0), 0);
	assert.match(text(await visitor('t4').get(`/record/entries?class=${cohort}`)), /taken out/);
	assert.match((await beat(1000, 1100)).json.detail, /not in this class any more/);
	assert.equal((await (await open('t4', 0, other))(0, 1500)).json.added_s, 0, 'what counted counts once');
	assert.match((await asked('transfer', 't4', { to: other })).json.detail, /left the class already/);
});

test('whoever moved comes back the same way, with what she learned; the hours of a reviewed class stay', async () => {
	const plan = { ...school.plan(course, { total: 4, offline: 2.4 }), programme: 'Massage, evenings' };
	const { id: evening } = await school.client('staff').must('POST', '/api/v1/cohorts', plan);
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 'd2' });
	await (await open('d2', 0))(0, 400);
	await moved('transfer', 'd2', { to: evening });
	assert.equal((await record('d2', evening)).online_s, 400);
	assert.match((await asked('return', 'd2')).json.detail, /moved to another class with what she learned/);
	const trainee = await visitor('staff').get(`/classes/${evening}/trainees/${school.accounts.d2.id}`);
	assert.doesNotMatch(text(trainee), /Take off the roster/, 'who came by two persons is not taken off by one');
	await moved('transfer', 'd2', { cohort: evening, to: cohort });
	assert.equal((await record('d2')).online_s, 400);
	assert.equal((await record('d2')).left_ms, 0);
	assert.equal((await record('d2', evening)).online_s, 0);
	assert.equal((await (await open('d2', 0))(400, 500)).json.online.granted_s, 500);

	const { id: short } = await school.client('staff').must('POST', '/api/v1/cohorts', { ...plan, programme: 'Massage, a day', starts: clock.wall - 1000, ends: clock.wall + 60000 });
	await school.client('staff').must('POST', `/api/v1/cohorts/${short}/trainees`, { trainee: 'd2' });
	clock.pass(61);
	const county = visitor('county'), csrf = /name="csrf" value="([^"]+)"/.exec((await county.get(`/classes/${short}/gates`)).text)[1];
	assert.equal((await county.post(`/classes/${short}/gates`, [['csrf', csrf], ['gate', 'completion'], ['result', 'passed'], ['document', 'No. 3']])).status, 303);
	assert.match((await asked('transfer', 'd2', { cohort: short, to: evening })).json.detail, /completion of this class is reviewed/);
});

test('attended hours of a unit that both classes have go along, as far as it has room; the rest stays, and both records say why', async () => {
	const plan = { ...school.plan(course, { total: 4, offline: 2.4 }), programme: 'Massage, mornings' };
	const { id: there } = await school.client('staff').must('POST', '/api/v1/cohorts', { ...plan, offline: [{ name: 'Theory', hours: 1.2 }, { name: 'Practice', hours: 1.2 }] });
	const { id: strange } = await school.client('staff').must('POST', '/api/v1/cohorts', { ...plan, programme: 'Massage, nights', offline: [{ name: 'Workshop', hours: 2.4 }] });
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 'a1' });
	clock.pass(4 * 3600);
	const attend = async (mode, ago_s, seconds, sign = true) => {
		const from = clock.wall - ago_s * 1000, { id } = await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/attendance`, { unit: 1, mode, from, to: from + seconds * 1000, place: 'Jinan', teacher: 'Li', key: `a1 ${ago_s}`, present: [{ trainee: school.accounts.a1.id, seconds }] });
		if (sign) await school.client('staff2').must('POST', `/api/v1/attendance/${id}/countersign`, {});
		return id;
	};
	await attend('onsite', 12000, 3000);
	await attend('live', 8000, 600);
	const last = await attend('onsite', 6000, 2000, false);
	assert.match((await asked('transfer', 'a1', { to: there })).json.detail, /still waits.*countersigned first/);
	await school.client('staff2').must('POST', `/api/v1/attendance/${last}/countersign`, {});
	const sums = async (of) => { const { offline_s, live_s, attended } = await record('a1', of); return [offline_s, live_s, attended.length]; };
	assert.deepEqual((await sums(cohort)).slice(0, 1), [5000]);

	await moved('transfer', 'a1', { to: there });
	assert.deepEqual(await sums(there), [3000, 240, 2], '3,240 s are all that its unit can earn');
	assert.deepEqual(await sums(cohort), [2000, 360, 5], 'what found no room stays where it was attended');
	const said = text(await visitor('a1').get(`/record?class=${there}`)), left = text(await visitor('a1').get(`/record?class=${cohort}`));
	assert.match(said, /came from that class/);
	assert.match(said, /Countersigned by staff2/);
	assert.match(left, /moved to that class/);
	assert.match(left, /attended in offline units that both have/);
	const [one] = (await record('a1', there)).attended;
	assert.deepEqual([one.unit, one.mode, one.seconds, one.countersigned, one.countersigned_as], [2, 'onsite', 3000, true, 'staff']);

	await moved('transfer', 'a1', { cohort: there, to: strange });
	assert.deepEqual(await sums(strange), [0, 0, 0], 'it has no unit of that name');
	assert.deepEqual(await sums(there), [3000, 240, 2]);
	assert.match(school.command('doctor'), /hours are those of the entries/);
});

test('to another institution: its staff are the second person', async () => {
	const { id: there } = await school.client('near').must('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 4, offline: 2.4 }), institution: school.other, programme: 'Massage in Qingdao' });
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't5' });
	await (await open('t5', 0))(0, 300);
	const { id } = (await asked('transfer', 't5', { to: there })).json;
	for (const [name, status] of [['staff2', 403], ['county', 403], ['elsewhere', 404]]) assert.equal((await decided(id, 'agree', name)).status, status, name);
	assert.match(text(await visitor('staff2').get(`/moves/${id}`)), /Massage in Qingdao/);
	assert.match(text(await visitor('near').get('/')), /Move to another class: t5/);
	assert.equal((await decided(id, 'agree', 'near')).status, 200);
	assert.equal((await record('t5', there)).online_s, 300);
	const page = await visitor('staff').get(`/moves/new/transfer/${school.accounts.t1.id}?class=${cohort}&place=Base%20of%20Qingdao`);
	assert.match(text(page), /Massage in Qingdao/);
	assert.match(text(await visitor('staff').get(`/moves/new/transfer/${school.accounts.t1.id}?class=${cohort}&place=Nowhere`)), /No institution is called so/);
});

test('an exception that has ended lifts no cap of who moves; what counted while it was in force stays in its class', async () => {
	const { id: there } = await school.client('staff').must('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 2, offline: 1.2 }), programme: 'Massage, weekends' }); // 2,160 s online
	const both = await school.cohort(course, { total: 2, offline: 1.2 }, ['d3', 'd4']), until = new Date(clock.wall + (8 * 3600 + 86400) * 1000).toISOString().slice(0, 10);
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't6' });
	for (const of of [there, both]) {
		const { id } = await school.client('staff').must('POST', '/api/v1/waivers', { cohort: of, share: 0.9, document: 'No. 6', until });
		assert.equal((await school.client('county').ask('POST', `/waivers/${id}/decision`, { words: 'Seen and agreed', decision: 'grant' })).status, 303);
	}
	for (const [name, of] of [['t6', cohort], ['d3', both]]) {
		assert.equal((await (await open(name, 0, of))(0, 1500)).json.online.granted_s, 1500);
		assert.equal((await (await open(name, 1, of))(0, 1000)).json.online.granted_s, 2500);
	}
	clock.pass(3 * 86400);
	await moved('transfer', 't6', { to: there });
	assert.equal((await record('t6', there)).online_s, 2160, 'the cap of the new class, without its exception');
	await moved('merge', 'd3', { into: 'd4', cohort: undefined });
	assert.equal((await record('d4', both)).online_s, 2500, 'the class in which it was counted');
	assert.equal((await (await open('d4', 2, both))(0, 100)).json.added_s, 0, 'and nothing more');
});

test('an exception for one record goes with her to the other, in its class alone and no longer than it was', async () => {
	const one = await school.cohort(course, { total: 2, offline: 1.2 }, ['d5', 'd6']), other = await school.cohort(course, { total: 2, offline: 1.2 }, ['d6']);
	const until = new Date(clock.wall + (8 * 3600 + 86400) * 1000).toISOString().slice(0, 10);
	const { id } = await school.client('staff').must('POST', '/api/v1/waivers', { cohort: one, trainee: school.accounts.d5.id, share: 0.9, document: 'No. 8', until });
	assert.equal((await school.client('county').ask('POST', `/waivers/${id}/decision`, { words: 'Seen and agreed', decision: 'grant' })).status, 303);
	await moved('merge', 'd5', { into: 'd6', cohort: undefined });
	const said = (await record('d6', one)).waivers;
	assert.equal(said.length, 1);
	assert.deepEqual((await record('d6', other)).waivers, []);
	assert.match(text(await visitor('staff').get(`/waivers/${id}`)), /d6/, 'whose it is now');
	assert.equal((await (await open('d6', 0, one))(0, 2400)).json.online.granted_s, 2400, 'over the 2,160 s of the plan');
	assert.equal((await (await open('d6', 0, other))(0, 2400)).json.online.granted_s, 2160);
	clock.pass(3 * 86400);
	assert.equal((await (await open('d6', 1, one))(0, 100)).json.added_s, 0, 'it has ended');
	assert.match(school.command('doctor'), /hours are those of the entries/);
});

test('a wrong name is mended by two: pages, rosters and new certificates have the right one', async () => {
	const named = (name, more = {}) => asked('name', 't2', { name, cohort: undefined, ...more });
	assert.match((await named('')).json.detail, /Write the name/);
	assert.match((await named('t2')).json.detail, /called so already/);
	assert.equal((await named('CANARY Li Na', {})).status, 201);
	const [, waiting] = /href="\/moves\/([0-9a-f-]{36})"/.exec((await visitor('staff').get(`/people/${school.accounts.t2.id}`)).text);
	assert.match(text(await visitor('staff2').get(`/moves/${waiting}`)), /Called until then t2.*The right name CANARY Li Na/);
	assert.equal((await decided(waiting, 'agree', 'near')).status, 404);
	assert.equal((await decided(waiting, 'refuse', 'staff2', 'CANARY no')).status, 200);
	const { id } = (await named('李娜')).json;
	assert.equal((await decided(id)).status, 200);
	assert.match(text(await visitor('staff').get(`/classes/${cohort}`)), /李娜/);
	assert.match(text(await visitor('staff').get(`/people/${school.accounts.t2.id}`)), /李娜/);
	assert.match(text(await visitor('staff').get(`/moves/${id}`)), /renewed on its page/);
});

test('two records of one person become one: what was seen is united, and nothing counts twice', async () => {
	const county = visitor('county'), form = (await county.get('/policies/new')).text, [year, month, day] = new Date(clock.wall + 8 * 3600000).toISOString().slice(0, 10).split('-');
	const hidden = (name) => [name, new RegExp(`name="${name}" value="([^"]*)"`).exec(form)[1]];
	const entered = await county.post('/policies/new', [hidden('csrf'), hidden('idempotency_key'), ...Object.entries({ kind: '', place: '370100', title: 'Notice of hours', number: 'No. 3', daily: '22', 'from-year': year, 'from-month': month, 'from-day': day, go: 'enter' })]);
	assert.equal(entered.status, 303, text(entered));
	const both = await school.cohort(course, { total: 4, offline: 2.4 }, ['d1', 'd2']), alone = await school.cohort(course, { total: 4, offline: 2.4 }, ['d1']);
	clock.pass((86400000 - (clock.wall + 8 * 3600000) % 86400000) / 1000 + 3600); // the day is a new one, and long enough
	assert.equal((await (await open('d1', 0, both))(0, 1000)).json.online.granted_s, 1000);
	assert.equal((await (await open('d2', 0, both))(500, 1500)).json.online.granted_s, 1000);
	clock.pass(86400);
	assert.equal((await (await open('d1', 1, alone))(0, 300)).json.online.granted_s, 300);
	const from = clock.wall - 3600000, sheet = await school.client('staff').must('POST', `/api/v1/cohorts/${both}/attendance`, {
		unit: 1, mode: 'onsite', from, to: from + 1200000, place: 'Jinan', teacher: 'Li', key: 'merged', present: [{ trainee: school.accounts.d1.id, seconds: 1200 }, { trainee: school.accounts.d2.id, seconds: 900 }],
	});
	const more = { into: 'd2', cohort: undefined };
	assert.match((await asked('merge', 'd1', more)).json.detail, /still waits.*countersigned first/);
	await school.client('staff2').must('POST', `/api/v1/attendance/${sheet.id}/countersign`, {});
	for (const [into, words] of [['nobody', /Nobody has this number/], ['d1', /same account/], ['staff', /not a learner/]]) assert.match((await asked('merge', 'd1', { ...more, into })).json.detail, words);
	await moved('merge', 'd1', more);

	const one = await record('d2', both), other = await record('d2', alone);
	assert.equal(one.online_s, 1320, 'the limit of the day holds for the whole');
	assert.deepEqual(one.lines.map(({ played_s, granted_s, seen_before_s, day_full_s }) => ({ played_s, granted_s, seen_before_s, day_full_s })), [{ played_s: 2000, granted_s: 1320, seen_before_s: 500, day_full_s: 180 }]);
	assert.equal(one.uncredited_s, 180);
	assert.equal(one.offline_s, 1200, 'on one sheet she was there once');
	assert.equal(other.online_s, 300, 'and she is in the class that only the other record was in');
	assert.equal((await school.client('d1').ask('GET', '/api/v1/trainees/me/record')).status, 401);
	assert.equal((await new Client(school.origin).ask('POST', '/api/v1/session', { name: 'd1', password: 'secret-d1' })).status, 401);
	assert.match(text(await visitor('staff').get(`/classes/${both}`)), /d1 .* Merged with another record on/);
	assert.equal((await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 'd1' })).trainee, school.accounts.d2.id, 'her number leads to who she is');
	assert.doesNotMatch(text(await visitor('auditor').get('/people?q=d1')), /d1 /);
	assert.match(school.command('doctor'), /hours are those of the entries/);
	clock.pass(86400);
	assert.equal((await (await open('d2', 0, both))(320, 500)).json.added_s, 180, 'what the limit kept out counts on another day');
});

test('refused with a reason, it changes nothing; the reason and the words lie sealed', async () => {
	const { id } = (await asked('leave', 't1')).json;
	assert.equal((await decided(id, 'refuse', 'county')).status, 400, 'a refusal says why');
	assert.equal((await decided(id, 'refuse', 'county', 'CANARY: she stays')).status, 200);
	assert.equal((await record('t1')).left_ms, 0);
	assert.match(text(await visitor('staff').get(`/moves/${id}`)), /refused.*CANARY: she stays/);
	const data = ['curbcut.db', 'curbcut.db-wal'].map((name) => readFileSync(path.join(school.data, 'data', name)));
	for (const bytes of data) assert.ok(!bytes.includes('CANARY'));
	assert.ok(!school.log.includes('CANARY'));
});

test('by page: asked for on the page of the trainee, countersigned where it waits', async () => {
	const staff = visitor('staff'), link = /href="(\/moves\/new\/leave\/[^"]+)"/.exec((await staff.get(`/classes/${cohort}/trainees/${school.accounts.t2.id}`)).text)[1].replaceAll('&amp;', '&');
	const page = (await staff.get(link)).text, hidden = (name, of) => [name, new RegExp(`name="${name}" value="([^"]*)"`).exec(of)[1]];
	const send = (reason) => staff.post(link.split('?')[0], [hidden('csrf', page), hidden('idempotency_key', page), hidden('class', page), ['reason', reason]]);
	const wrong = await send('');
	assert.equal(wrong.status, 400);
	assert.match(text(wrong), /Say why/);
	const sent = await send(REASON);
	assert.equal(sent.status, 303, text(sent));
	const address = sent.headers.location.split('?')[0], other = visitor('staff2'), form = (await other.get(address)).text;
	assert.match(form, new RegExp(REASON));
	const done = await other.post(`${address}/decision`, [hidden('csrf', form), hidden('idempotency_key', form), ['decision', 'agree'], ['words', '']]);
	assert.equal(done.status, 303);
	assert.match(text(await other.get(done.headers.location)), /countersigned, and holds from now on/);
	assert.match(text(await staff.get('/moves')), /Withdraw from the class: 李娜/);
});

test('the ledger has who asked and who decided, and the doctor agrees', async () => {
	let all = [];
	for (const late = Date.now() + 20000; Date.now() < late && all.filter(({ kind }) => ['move_countersign', 'move_refused'].includes(kind)).length < 19; await pause(20)) {
		const reply = await new Client(school.origin).ask('GET', '/ledger/checkpoint');
		if (reply.status !== 200) continue;
		const size = Number(reply.text.split('\n')[1]), part = await school.client('auditor').ask('GET', `/ledger/tile/entries/000.p/${size}`);
		if (part.status === 200) all = entries(part.bytes).map(decode);
	}
	const of = (wanted) => all.filter(({ kind }) => kind === wanted);
	assert.deepEqual(['move', 'move_countersign', 'move_refused'].map((kind) => of(kind).length), [19, 17, 2]);
	const carried = of('moved');
	assert.equal(carried.reduce((sum, { played }) => sum + played, 0), 0, 'what is taken out is brought in');
	assert.equal(of('merged').length, 3);
	for (const entry of carried) assert.equal(all[entry.entry].kind, 'move_countersign');
	for (const entry of [...of('move_countersign'), ...of('move_refused')]) {
		assert.equal(all[entry.entry].kind, 'move');
		assert.equal(all[entry.entry].move, entry.move);
		assert.notDeepEqual(all[entry.entry].by, entry.by, 'two persons');
	}
	assert.ok(!JSON.stringify(all).includes('CANARY'));
	assert.match(school.command('doctor'), /hours are those of the entries/);
});
