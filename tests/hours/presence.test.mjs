// Presence checks: off until a rule wants them; due by what counted, at the end of a chapter; what is seen meanwhile waits and
// counts as soon as the answer comes, once, on the day on which it was seen.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readLedger } from '../certificates/lib/ledger.mjs';
import { filled, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse, program } from './lib/school.mjs';

const HOUR_MS = 3600000, DAY_S = 86400;
let clock, school, course, files, without, cohort;

// As long as a package may have them.
const QUESTION = { chapter: 3, text: 'What is it? '.padEnd(500, '?'), answers: Array.from({ length: 6 }, (_, i) => `${i + 1}`.padEnd(500, '.')), right: 2 };

// Lessons of 45 minutes: the first in chapters of 700 s, the last of them with a question; the second without any.
function makeChapters() {
	const zip = makeCourse(files, { units: 3, seconds: 2700, hours: 1 }), at = path.join(files, 'course');
	const units = [1, 2, 3].map((n) => ({ id: `u${n}`, name: `Lesson ${n}`, kind: 'video', src: 'film.mp4', hours: 1, ...(n === 1 ? { tracks: [{ kind: 'chapters', src: 'film.chapters.vtt' }], questions: [QUESTION] } : {}) }));
	writeFileSync(path.join(at, 'course.json'), JSON.stringify({ name: 'Lessons', inLanguage: 'en', units }));
	const cue = (n, from, to) => `00:${from}.000 --> 00:${to}.000\nPart ${n}\n`;
	writeFileSync(path.join(at, 'film.chapters.vtt'), `WEBVTT\n\n${cue(1, '00:00', '11:40')}\n${cue(2, '11:40', '23:20')}\n${cue(3, '23:20', '45:00')}`);
	rmSync(zip);
	const zipped = spawnSync('zip', ['-q', '-0', '-X', zip, 'course.json', 'film.mp4', 'film.chapters.vtt'], { cwd: at });
	assert.equal(zipped.status, 0);
	return zip;
}

before(async () => {
	clock = new Clock();
	files = folder('presence');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	school.institution = JSON.parse(school.command('institution', 'add', '--name', 'Base', '--region', '370100', '--region-name', 'Jinan')).id;
	school.other = JSON.parse(school.command('institution', 'add', '--name', 'Far', '--region', '350100', '--region-name', 'Fuzhou')).id;
	await school.account('staff', 'staff', ['--institution', school.institution]);
	await school.account('staff-far', 'staff', ['--institution', school.other]);
	await school.account('city', 'reviewer', ['--region', '370100']);
	await school.account('auditor', 'auditor');
	for (const name of ['t1', 't2', 't3', 't4', 't5', 't6']) await school.account(name, 'learner');
	course = await school.course(makeChapters());
	without = await school.cohort(course, { total: 10, offline: 7 }, ['t1']);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name) => new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice(7) });
const text = (reply) => reply.text.replace(/<[^>]*>/g, ' ').replace(/&quot;/g, '"').replace(/\s+/g, ' ');
const page = async (name, address) => text(await visitor(name).get(address));
const ask = (name, check, where = cohort) => school.client(name).ask('POST', `/api/v1/cohorts/${where}/presence`, { check }, { 'Accept-Language': 'en' });

async function form(name, address) {
	const browser = visitor(name), shown = (await browser.get(address)).text;
	const hidden = ['csrf', 'idempotency_key'].map((field) => [field, new RegExp(`name="${field}" value="([^"]+)"`).exec(shown)[1]]);
	return { browser, hidden, shown };
}

async function rule(figures) {
	const { browser, hidden } = await form('city', '/policies/new');
	const [year, month, day] = new Date(clock.wall + 8 * HOUR_MS).toISOString().slice(0, 10).split('-');
	return browser.post('/policies/new', [...hidden, ...Object.entries({ place: '370100', kind: '', title: 'Notice of presence', number: 'No. 5', 'from-year': year, 'from-month': month, 'from-day': day, go: 'enter', ...figures })]);
}

// A lesson opened, with its media fetched; what a beat of it answers.
async function study(name, unit, where = cohort) {
	const opened = await school.client(name).must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort: where });
	await school.fetchMedia(name, opened.media);
	let seq = 0;
	const beat = async (from, to, more = {}) => {
		clock.pass(to - from);
		const reply = await school.client(name).ask('POST', `/api/v1/plays/${opened.play}/beats`, { seq: seq++, played: [[from, to]], rate: 1, position: to, ...more }, { 'Accept-Language': 'en' });
		assert.equal(reply.status, 200, reply.text);
		return reply.json;
	};
	return { beat, opened };
}
async function record(name, where = cohort) {
	const { cohorts } = await school.client(name).must('GET', '/api/v1/trainees/me/record');
	return cohorts.find((one) => one.cohort === where);
}
// Every second that was played is in exactly one sum of its line.
function addsUp({ lines }) {
	for (const line of lines) assert.equal(line.played_s, line.granted_s + line.seen_before_s + line.share_full_s + line.day_full_s + line.hours_full_s + line.clock_s + line.not_delivered_s + line.waiting_s, JSON.stringify(line));
}
function sound() {
	const done = spawnSync(program, ['doctor', '--data', path.join(school.data, 'data')], { encoding: 'utf8' });
	assert.equal(done.status, 0, done.stdout + done.stderr);
}

test('without a rule nothing waits and nothing is asked', async () => {
	const { beat, opened } = await study('t1', 0, without);
	assert.equal(opened.presence, undefined);
	const answer = await beat(0, 1500);
	assert.deepEqual([answer.granted_s, answer.reason, answer.presence], [1500, 'counted', undefined]);
	assert.doesNotMatch((await visitor('t1').get(`/videos/${course.units[0].id}`)).text, /record\/presence/);
	assert.doesNotMatch(await page('staff', `/classes/${without}`), /Presence checks/);
	assert.equal((await ask('t1', 1, without)).status, 409);
});

test('a rule says after how many minutes, in a range, and a class keeps it', async () => {
	for (const presence of ['9', '241', '-1', 'x']) assert.equal((await rule({ presence })).status, 422, presence);
	const entered = await rule({ presence: '10' });
	assert.equal(entered.status, 303, text(entered));
	assert.match(await page('staff', '/policies?place=370100'), /Presence checks at the end of a chapter, after 10 minutes that count at the earliest, playback waits until one button is pressed Jinan: Notice of presence, No\. 5/);
	cohort = await school.cohort(course, { total: 10, offline: 7 }, ['t1', 't2', 't3', 't4', 't5', 't6']);
	assert.equal((await study('t1', 0, without)).opened.presence, undefined, 'the class of before keeps what it had');
});

test('it is due at the end of the chapter, never before, and what is seen behind it waits', async () => {
	const { beat, opened } = await study('t2', 0);
	assert.deepEqual(opened.presence, { check: 1, due: false });
	assert.deepEqual((await beat(0, 500)).presence, { check: 1, due: false });
	let answer = await beat(500, 650);
	assert.deepEqual([answer.granted_s, answer.reason, answer.presence], [650, 'counted', { check: 1, due: false, from_s: 0, to_s: 700 }]);
	const early = await ask('t2', 1);
	assert.equal(early.status, 409);
	assert.match(early.json.detail, /at the end of this chapter/);
	assert.doesNotMatch(await page('t2', `/record?class=${cohort}`), /press Go on/);
	answer = await beat(650, 700);
	assert.deepEqual([answer.granted_s, answer.reason, answer.presence], [700, 'counted', { check: 1, due: true, from_s: 0, to_s: 700 }]);
	answer = await beat(700, 900);
	assert.deepEqual([answer.granted_s, answer.seen_s, answer.added_s, answer.reason], [700, 900, 0, 'presence']);
	assert.match(answer.why, /press Go on/);
	answer = await beat(700, 1000);
	assert.deepEqual([answer.granted_s, answer.seen_s, answer.added_s], [700, 1000, 0], 'again is no second time');
	const { lines, online_s } = await record('t2');
	assert.deepEqual([online_s, lines[0].waiting_s, lines[0].granted_s, lines[0].seen_before_s], [700, 300, 700, 200]);
	addsUp({ lines });
	assert.match(await page('t2', `/record?class=${cohort}`), /5 min wait for a presence check\. They count as soon as it is answered/);
	sound();
});

test('an answer counts what waited, once; another answer to the same check does nothing', async () => {
	const other = await ask('t3', 1);
	assert.equal(other.status, 409, 'what waits for one is not answered by another');
	assert.equal((await ask('t1', 1, 'nothing')).status, 404);
	assert.equal((await school.client('staff').ask('POST', `/api/v1/cohorts/${cohort}/presence`, { check: 1 })).status, 403);
	for (const check of [0, -1, 2]) assert.equal((await ask('t2', check)).status, 400, String(check));
	const [one, two] = await Promise.all([ask('t2', 1), ask('t2', 1)]);
	assert.deepEqual([one.json.repeated, two.json.repeated].sort(), [false, true]);
	const first = one.json.repeated ? two : one;
	assert.deepEqual([first.json.waited_s, first.json.granted_s, first.json.presence], [300, 300, { check: 2, due: false }]);
	const now = await record('t2');
	assert.deepEqual([now.online_s, now.lines.length, now.lines[0].waiting_s, now.lines[0].granted_s], [1000, 1, 0, 1000]);
	addsUp(now);
	assert.match(await page('t2', `/record?class=${cohort}`), /you pressed Go on\. 5 min had waited for it; 5 min of it count now/);
	assert.match(await page('t2', `/record/entries?class=${cohort}`), /5 min had waited for a presence check/);
	sound();
});

test('an answer for an earlier boundary does not answer the next one', async () => {
	const { beat } = await study('t2', 0);
	let answer = await beat(1000, 1400);
	assert.deepEqual([answer.granted_s, answer.presence], [1400, { check: 2, due: false }]);
	answer = await beat(1400, 1700);
	assert.deepEqual([answer.presence.due, answer.presence.to_s], [false, 2700]);
	answer = await beat(0, 10, { position: 10 }); // she goes back: that is a boundary as well
	assert.deepEqual([answer.presence.due, answer.granted_s], [true, 1700]);
	answer = await beat(2000, 2100);
	assert.equal(answer.granted_s, 1800, 'the chapter goes on counting');
	const old = await ask('t2', 1);
	assert.equal(old.status, 200, old.text);
	assert.deepEqual([old.json.repeated, old.json.presence.due, old.json.presence.question.answers], [true, true, QUESTION.answers]);
	assert.equal((await ask('t2', 2)).json.repeated, false);
	assert.equal((await record('t2')).online_s, 1800);
});

test('a lesson without chapters waits at its end; another lesson, or a queue of a day before, is seen and waits', async () => {
	const { beat } = await study('t3', 1);
	let answer = await beat(0, 2700);
	assert.deepEqual([answer.granted_s, answer.presence], [2700, { check: 1, due: true, from_s: 0, to_s: 2700 }]);
	const next = await study('t3', 2);
	assert.deepEqual(next.opened.presence, { check: 1, due: true });
	answer = await next.beat(100, 400, { seq: 7 });
	answer = await next.beat(0, 100, { seq: 3 });
	assert.deepEqual([answer.granted_s, answer.seen_s], [0, 400]);
	const before = (await record('t3')).lines.map(({ day }) => day);
	clock.pass(DAY_S);
	answer = await next.beat(400, 500, { seq: 8 });
	assert.deepEqual([answer.granted_s, answer.seen_s], [0, 500]);
	const { browser, hidden, shown } = await form('t3', `/videos/${course.units[2].id}`);
	assert.match(shown, /<form class="notice warn" id="check"[^>]*action="\/record\/presence">/);
	const fields = [...hidden, ['cohort', cohort], ['check', '1'], ['unit', course.units[2].id]];
	const pressed = await browser.post('/record/presence', fields);
	assert.equal(pressed.status, 303, text(pressed));
	assert.equal(pressed.headers.location, `/videos/${course.units[2].id}?from=500&answered=yes`);
	const again = await browser.post('/record/presence', fields);
	assert.equal(again.status, 303, 'pressed twice is once');
	assert.match(text(await browser.get(pressed.headers.location)), /Your answer is in, and what had waited for it counts/);
	const now = await record('t3');
	assert.equal(now.online_s, 3200);
	const counted = now.lines.filter(({ unit }) => unit === course.units[2].id).map(({ day, granted_s }) => [day - before[0], granted_s]);
	assert.deepEqual(counted.sort(), [[0, 400], [1, 100]], 'each on the day on which it was seen');
	addsUp(now);
	sound();
});

test('who looks after the class confirms, is named, and nobody else does', async () => {
	const { beat } = await study('t4', 0);
	await beat(0, 800);
	assert.equal((await visitor('staff-far').get(`/classes/${cohort}/presence`)).status, 404);
	assert.equal((await visitor('auditor').get(`/classes/${cohort}/presence`)).status, 403);
	assert.match(await page('staff', `/classes/${cohort}`), /Presence checks that wait/);
	const { browser, hidden, shown } = await form('staff', `/classes/${cohort}/presence`);
	const who = /value="([^"]+\/1)"/.exec(shown)[1];
	assert.equal(who, `${school.accounts.t4.id}/1`);
	assert.equal((await browser.post(`/classes/${cohort}/presence`, hidden)).status, 422);
	const outside = await form('staff-far', '/classes');
	assert.equal((await outside.browser.post(`/classes/${cohort}/presence`, [...outside.hidden, ['who', who]])).status, 404);
	const done = await browser.post(`/classes/${cohort}/presence`, [['csrf', hidden[0][1]], ['who', who]]);
	assert.equal(done.status, 303, text(done));
	assert.match(text(await browser.get(done.headers.location)), /Confirmed\. What had waited counts now/);
	assert.match(await page('t4', `/record?class=${cohort}`), /staff confirmed that you were there\. 1 min 40 s had waited for it; 1 min 40 s of it count now/);
	assert.equal((await record('t4')).online_s, 800);
	sound();
});

test('what a helper answers is her answer, and the page says so', async () => {
	const { beat } = await study('t6', 0);
	await beat(0, 800);
	await school.account('aunt', 'helper');
	const { token } = await school.client('t6').must('POST', '/api/v1/session', { name: 't6', password: 'secret-t6' }); // of now: she takes a step
	school.client('t6').headers.Authorization = `Bearer ${token}`;
	const aunt = visitor('aunt'), trainee = visitor('t6');
	const send = async (who, address, action, values) => {
		const wanted = read((await who.get(address)).text).forms.find((one) => one.method === 'POST' && action.test(one.action));
		const reply = await who.post(wanted.action, filled(wanted, values), { Referer: school.origin + address });
		assert.equal(reply.status, 303, text(reply));
		return reply.headers.location;
	};
	await send(trainee, '/account/help', /\/account\/help$/, { helper: 'aunt' });
	await send(aunt, '/account/help', /\/begin$/);
	const shown = await send(aunt, `/record?class=${cohort}`, /\/record\/presence$/);
	const answered = /Your answer is in, and what had waited for it counts\./, hers = text(await trainee.get(`/record?class=${cohort}`));
	assert.doesNotMatch(hers, answered);
	assert.match(hers, /: aunt, who helps you, answered the check\. 1 min 40 s had waited for it; 1 min 40 s of it count now/);
	assert.match(text(await aunt.get(shown)), answered);
	assert.equal((await record('t6')).online_s, 800);
	sound();
});

test('hours that wait go nowhere: neither to another class nor to another record', async () => {
	const { beat } = await study('t4', 1);
	await beat(0, 2700);
	const move = (more) => school.client('staff').ask('POST', '/api/v1/moves', { trainee: school.accounts.t4.id, reason: 'She moved', ...more }, { 'Accept-Language': 'en' });
	for (const more of [{ kind: 'transfer', cohort, to: without }, { kind: 'merge', into: 't5' }]) {
		const refused = await move(more);
		assert.equal(refused.status, 422, refused.text);
		assert.match(refused.json.detail, /wait for the answer to a presence check/);
	}
});

test('kill -9 between loses nothing and counts nothing twice', async () => {
	const { beat, opened } = await study('t5', 0);
	await beat(0, 900);
	for (const step of ['waits', 'answered', 'answered again']) {
		await school.cut();
		await school.start();
		for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
		const had = (await record('t5')).online_s;
		assert.equal(had, step === 'waits' ? 700 : 900, step);
		const reply = await ask('t5', 1);
		assert.deepEqual([reply.status, reply.json.repeated], [200, step !== 'waits'], step);
	}
	const late = await school.client('t5').ask('POST', `/api/v1/plays/${opened.play}/beats`, { seq: 0, played: [[0, 900]], rate: 1, position: 900 });
	assert.equal(late.json.reason, 'repeated');
	addsUp(await record('t5'));
	sound();
});

test('each answer is an entry with how it was given, and each that counts what waited names it', async () => {
	const { facts } = await readLedger(school.client('auditor'), 30);
	const answers = facts.map((entry, place) => ({ ...entry, place })).filter(({ kind }) => kind === 'presence');
	assert.deepEqual(answers.map(({ modality }) => modality).sort(), ['button', 'button', 'button', 'form', 'form', 'instructor']);
	assert.deepEqual(answers.filter(({ modality }) => modality === 'instructor').map(({ role }) => role), ['staff']);
	assert.deepEqual(answers.map(({ role }) => role).sort(), ['helper', 'learner', 'learner', 'learner', 'learner', 'staff']);
	const freed = facts.filter(({ kind, answer }) => kind === 'online' && answer !== undefined);
	assert.ok(freed.length >= 5);
	for (const entry of freed) {
		assert.ok(answers.some(({ place }) => place === entry.answer), 'an answer stands there');
		assert.ok(entry.held < 0 && entry.granted === -entry.held && entry.played === 0);
	}
	for (const { kind, cohort: where, held } of facts) if (kind === 'online' && where === without) assert.equal(held, undefined);
});
