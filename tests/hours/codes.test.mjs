// Signing in to a lesson by a code: announced by the teacher, typed by trainees while it lasts, and worth a countersignature.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { ledger } from './lib/entries.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';

const HOUR_S = 3600;
let clock, school, files, cohort, course;

before(async () => {
	clock = new Clock(Date.UTC(2027, 2, 1, 1, 0, 0)); // nine in the morning at the place
	files = folder('codes');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	await school.people(5);
	await school.account('auditor', 'auditor');
	course = await school.course(makeCourse(files, { units: 1, seconds: 40, hours: 0.01 }));
	cohort = await school.cohort(course, { total: 24, offline: 24 }, ['t1', 't2', 't3', 't4']);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name, lang = 'en') => new Visitor(school.origin, { lang, token: school.client(name).headers.Authorization.slice(7) });
const id = (name) => school.accounts[name].id;
const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');

async function send(who, address, action, values = {}) {
	const page = await who.get(address), form = read(page.text).forms.find((one) => one.method === 'POST' && action.test(one.action));
	assert.ok(form, `${address} (${page.status}) has no form for ${action}: ${text(page.text)}`);
	const reply = await who.post(form.action, filled(form, values), { Referer: school.origin + address });
	return reply.status === 303 ? { ...await who.get(reply.headers.location), at: reply.headers.location } : reply;
}
const lesson = (more) => ({ unit: '1', mode: 'onsite', 'when-year': '2027', 'when-month': '3', 'when-day': '1', from: '9:00', to: '12:00', hours: '4', place: 'Base', teacher: 'Ms Li', ...more });
const announce = (values) => send(visitor('staff'), `/classes/${cohort}/rolls`, /rolls$/, lesson(values));
const signIn = (name, code) => send(visitor(name), '/attendance', /attendance\/code$/, { code });
let roll, code;

test('the code is shown large, digit by digit, in braille and as a QR code', async () => {
	roll = await announce();
	assert.match(roll.at, /\/rolls\/[0-9a-f-]{36}$/);
	const shown = /<p class="code" translate="no">(\d{3})-(\d{3})<\/p>/.exec(roll.text);
	code = shown[1] + shown[2];
	assert.equal(Number(code) % 97, 1);
	assert.ok(text(roll.text).includes([...shown[1]].join(' ')));
	assert.match(roll.text, /[\u2800-\u28ff]{4} [\u2800-\u28ff]{4}/);
	assert.match(roll.text, /<svg role="img" aria-label="QR code/);
	assert.match(text(roll.text), /0 of 4 trainees on the roster/);
	assert.match(text((await visitor('staff').get(`/classes/${cohort}/rolls`)).text), /1 March 2027, 9 o'clock to 12 o'clock Its code can be used/);
});

test('what cannot be announced is told at its field', async () => {
	clock.pass(HOUR_S / 2);
	for (const [values, field, words] of [[{ to: '9:15', hours: '0.25' }, 'to', /lesson is over; a code is for while it lasts/], [{ hours: '9' }, 'hours', /more class hours than the lesson lasted/], [{ place: '' }, 'place', /where it was taught/], [{ 'when-year': '2026' }, 'when-year', /before the first day/]]) {
		const reply = await announce(values);
		assert.equal(reply.status, 422);
		assert.match(text(reply.text), words);
		assert.ok(named(read(reply.text).forms.find((one) => /rolls$/.test(one.action)), field).invalid, field);
	}
});

test('trainees sign in by what they type or dictate; a slip is a slip, and a code of others is none', async () => {
	assert.match(text((await signIn('t1', `${code.slice(0, 3)} ${code.slice(3)}`)).text), /You are signed in to this lesson/);
	assert.match(text((await signIn('t1', code)).text), /You are signed in to this lesson/); // again is as once
	assert.match(text((await signIn('t2', [...code].map((c) => '零一二三四五六七八九'[c]).join(''))).text), /You are signed in/);
	assert.match(text((await signIn('t4', code)).text), /You are signed in/);
	const slip = String((Number(code[0]) + 1) % 10) + code.slice(1);
	for (const [who, typed, words] of [['t3', slip, /There is a slip in this code/], ['t3', '12', /six digits/], ['t3', 'abc', /digits alone/], ['t5', code, /No lesson of yours has this code now/]]) {
		const reply = await signIn(who, typed), field = named(read(reply.text).forms.find((one) => /attendance\/code$/.test(one.action)), 'code');
		assert.equal(reply.status, 422, typed);
		assert.match(text(reply.text), words);
		assert.deepEqual([field.value, Boolean(field.invalid)], [typed, true]);
	}
	assert.match(text((await visitor('staff').get(roll.at)).text), /3 of 4 trainees on the roster.*t1.*t2.*t4/);
	assert.equal(named(read((await visitor('t3').get(`/attendance?code=${code}`)).text).forms.find((one) => /attendance\/code$/.test(one.action)), 'code').value, code);
});

test('the sheet is filled in with who signed in; who confirmed what it says is countersigned by that', async () => {
	const staff = visitor('staff');
	clock.pass(HOUR_S * 4);
	assert.equal((await signIn('t3', code)).status, 422); // the lesson is over
	const over = await staff.get(roll.at);
	assert.doesNotMatch(over.text, /class="code"/);
	const address = read(over.text).links.find((link) => /\/sheets\/new\?roll=/.test(link)), page = await staff.get(address);
	const form = read(page.text).forms.find((one) => /sheets\/new$/.test(one.action));
	assert.deepEqual(['when-day', 'from', 'to', 'hours', 'place', 'teacher', 'roll'].map((name) => named(form, name).value), ['1', '9:00', '12:00', '4', 'Base', 'Ms Li', roll.at.split('/').at(-1)]);
	assert.deepEqual(form.fields.filter(({ type, checked }) => type === 'checkbox' && checked).map(({ name, value }) => [name, value]), [['absent[]', id('t3')]]);
	const done = await staff.post(form.action, [...filled(form, { 'absent[]': [], 'part[]': [id('t2')] }), [`minutes-${id('t2')}`, '90']], { Referer: school.origin + address });
	assert.equal(done.status, 303, text(done.text));
	const sheet = text((await staff.get(done.headers.location)).text);
	assert.match(sheet, /t1 4 class hours, 180 min Confirmed by the trainee/);
	assert.match(sheet, /t2 2 class hours, 90 min Confirmed by the trainee/);
	assert.match(sheet, /t3 4 class hours, 180 min Waits/);
	assert.match(text((await visitor('t1').get('/record')).text), /You have 4 of 24 class hours/);
	assert.match(text((await staff.get(roll.at)).text), /The sheet of this lesson is entered\./);
	const all = await ledger(school, 'auditor', (list) => list.filter(({ kind }) => kind === 'countersign').length === 3), of = (wanted) => all.filter(({ kind }) => kind === wanted);
	assert.deepEqual([of('present').length, of('sheet').length, of('countersign').length], [3, 4, 3]);
	for (const entry of of('present')) assert.deepEqual([entry.cohort, entry.unit, entry.mode, entry.announced, entry.role], [cohort, 0, 'onsite', 4 * 2700, 'learner']);
	for (const entry of of('countersign')) assert.ok(of('present').some((one) => one.sub === entry.sub && one.by === entry.by && entry.role === 'learner'));
	assert.equal((await staff.get(address)).status, 303);
});

test('a sheet that says more than was announced waits for a countersignature as any other', async () => {
	const staff = visitor('staff'), next = await announce({ from: '14:00', to: '16:00', hours: '1' }), typed = /class="code" translate="no">([\d-]+)</.exec(next.text)[1];
	clock.pass(HOUR_S);
	assert.match(text((await signIn('t1', typed)).text), /You are signed in/);
	clock.pass(HOUR_S * 3);
	const address = `/classes/${cohort}/sheets/new?roll=${next.at.split('/').at(-1)}`, form = read((await staff.get(address)).text).forms.find((one) => /sheets\/new$/.test(one.action));
	const done = await staff.post(form.action, filled(form, { hours: '2' }), { Referer: school.origin + address });
	assert.match(text((await staff.get(done.headers.location)).text), /t1 2 class hours, 90 min Waits/);
});

// Nine in the morning of the next day, and the fields of a lesson then.
function nextMorning() {
	clock.pass(86400 - (clock.wall / 1000 + 8 * HOUR_S) % 86400 + 9 * HOUR_S);
	const [year, month, day] = new Date(clock.wall + 8 * HOUR_S * 1000).toISOString().slice(0, 10).split('-').map(String);
	return { 'when-year': year, 'when-month': month, 'when-day': day };
}
const codeOf = (page) => /class="code" translate="no">([\d-]+)</.exec(page.text)[1].replace('-', '');

test('until a lesson is over as it was announced its sheet is not entered; behind that nobody signs in to it', async () => {
	const when = nextMorning(), staff = visitor('staff');
	const next = await announce({ ...when, from: '9:00', to: '12:00', hours: '1' }), now = codeOf(next);
	assert.match(text((await signIn('t1', now)).text), /You are signed in/);
	clock.pass(HOUR_S);
	const address = `/classes/${cohort}/sheets/new?roll=${next.at.split('/').at(-1).split('?')[0]}`, formOf = (page) => read(page.text).forms.find((one) => /sheets\/new$/.test(one.action));
	const form = formOf(await staff.get(address)), early = await staff.post(form.action, filled(form, { ...when, from: '9:00', to: '9:45', hours: '1' }), { Referer: school.origin + address });
	assert.equal(early.status, 422);
	assert.match(text(early.text), /This lesson was announced until 12:00, and until then trainees sign in to it/);
	assert.ok(named(formOf(early), 'to').invalid);
	assert.match(text((await signIn('t2', now)).text), /You are signed in/);
	clock.pass(2 * HOUR_S);
	const done = await staff.post(form.action, filled(formOf(early), {}), { Referer: school.origin + address });
	assert.equal(done.status, 303, text(done.text));
	const late = await signIn('t3', now);
	assert.equal(late.status, 422);
	assert.match(text(late.text), /No lesson of yours has this code now/);
});

test('who mistypes waits, and nobody else in the room', async () => {
	const now = codeOf(await announce({ ...nextMorning(), from: '9:00', to: '12:00', hours: '1' }));
	const wrong = Array.from({ length: 12 }, (_, i) => String(97 * (100 + i) + 1).padStart(6, '0')).filter((one) => one !== now); // without a slip, and nobody's
	for (const name of ['t1', 't2', 't3', 't4']) for (const code of wrong.slice(0, 2)) assert.equal((await signIn(name, code)).status, 422);
	assert.match(text((await signIn('t1', now)).text), /You are signed in/);
	for (const code of wrong.slice(0, 5)) assert.equal((await signIn('t5', code)).status, 422);
	const slowed = await signIn('t5', wrong[5]);
	assert.equal(slowed.status, 429);
	assert.match(text(slowed.text), /Wait \d seconds? before the next try/);
	assert.match(text((await signIn('t2', now)).text), /You are signed in/);
});
