// Support that a class was given, entered by one and countersigned by another; and days attended, which the dossier tells.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { ledger } from './lib/entries.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';

const HOUR_S = 3600;
let clock, school, files, cohort, at;

before(async () => {
	clock = new Clock(Date.UTC(2027, 2, 1, 1, 0, 0)); // nine in the morning at the place
	files = folder('support');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	await school.people(2);
	await school.account('colleague', 'teacher', ['--institution', school.institution]);
	await school.account('auditor', 'auditor');
	const course = await school.course(makeCourse(files, { units: 1, seconds: 40, hours: 0.01 }));
	cohort = await school.cohort(course, { total: 24, offline: 24 }, ['t1', 't2']);
	clock.pass(86400 * 3);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name) => new Visitor(school.origin, { lang: 'en', token: school.client(name).headers.Authorization.slice(7) });
const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');
const dates = (from, until) => Object.fromEntries([['from', from], ['until', until]].flatMap(([name, day]) => [[`${name}-year`, '2027'], [`${name}-month`, '3'], [`${name}-day`, String(day)]]));

async function send(who, address, action, values = {}) {
	const page = await who.get(address), form = read(page.text).forms.find((one) => one.method === 'POST' && action.test(one.action));
	assert.ok(form, `${address} (${page.status}) has no form for ${action}: ${text(page.text)}`);
	const reply = await who.post(form.action, filled(form, values), { Referer: school.origin + address });
	return reply.status === 303 ? { ...await who.get(reply.headers.location), at: reply.headers.location.split('?')[0] } : reply;
}
const enter = (values) => send(visitor('staff'), `/classes/${cohort}/support`, /support$/, { kind: 'interpreter', number: '2', ...dates(2, 3), words: 'From the school for the deaf', ...values });

test('support is entered by one and countersigned by another', async () => {
	const entered = await enter();
	at = entered.at;
	assert.match(text(entered.text), /Sign language interpreter, 2.*2 March 2027 to 3 March 2027.*From the school for the deaf.*Entered by staff, waiting for countersignature/);
	assert.match(text(entered.text), /another person must countersign it/);
	assert.match(text((await send(visitor('colleague'), at, /sign$/)).text), /Countersigned by colleague/);
	assert.equal((await visitor('t1').get(at)).status, 403);
	assert.match(text((await visitor('staff').get(`/classes/${cohort}/dossier`)).text), /Support given to the class.*Sign language interpreter, 2.*Countersigned by colleague/);
});

test('what cannot be is told at its field', async () => {
	for (const [values, field, words] of [[dates(3, 2), 'until-year', /last day lies before the first/], [dates(2, 20), 'until-year', /when its last day has come/], [{ ...dates(1, 2), 'from-month': '1' }, 'from-year', /outside of the days of the class/], [{ number: '0' }, 'number', /how many/], [{ words: '' }, 'words', /few words what it was/], [{ ...dates(2, 3), 'from-day': '', 'from-month': '', 'from-year': '' }, 'from-year', /first day/]]) {
		const reply = await enter(values);
		assert.equal(reply.status, 422, JSON.stringify(values));
		assert.match(text(reply.text), words);
		assert.ok(named(read(reply.text).forms.find((one) => /support$/.test(one.action)), field).invalid, field);
	}
});

test('that it was not so is one more line, which counts once it is countersigned', async () => {
	const wrong = await send(visitor('staff'), at, /correct$/, { words: 'They came for another class' });
	assert.match(text(wrong.text), /Was not so: Sign language interpreter, 2.*They came for another class/);
	assert.doesNotMatch(text((await visitor('staff').get(`/classes/${cohort}/support`)).text), /Corrected: it was not so/);
	await send(visitor('colleague'), wrong.at, /sign$/);
	assert.match(text((await visitor('staff').get(`/classes/${cohort}/support`)).text), /Corrected: it was not so/);
	const page = read((await visitor('staff').get(at)).text);
	assert.ok(!page.forms.some((one) => /correct$|sign$/.test(one.action)));
	const all = await ledger(school, 'auditor', (list) => list.filter(({ kind }) => kind === 'support_countersign').length === 2), of = (wanted) => all.filter(({ kind }) => kind === wanted);
	assert.deepEqual([of('support').length, of('support_not').length], [1, 1]);
	assert.equal(all[of('support_not')[0].ref].kind, 'support');
	assert.doesNotMatch(JSON.stringify(all), /\bdeaf\b|another class/);
});

test('days in person are those of countersigned lessons, each once', async () => {
	const staff = school.client('staff'), day = (n) => Date.UTC(2027, 2, n, 1, 0, 0);
	const sheet = (from, present, mode = 'onsite') => staff.must('POST', `/api/v1/cohorts/${cohort}/attendance`, { unit: 1, mode, from, to: from + HOUR_S * 1000, place: 'Base', teacher: 'Li', key: `${from}${mode}`, present: present.map((trainee) => ({ trainee, seconds: 2700 })) });
	clock.pass(86400);
	const sheets = [await sheet(day(2), ['t1', 't2']), await sheet(day(2) + 2 * HOUR_S * 1000, ['t1']), await sheet(day(3), ['t1']), await sheet(day(4), ['t1'], 'visit')];
	await sheet(day(4) + 2 * HOUR_S * 1000, ['t2']); // nobody countersigns it
	for (const { id } of sheets) await school.client('colleague').must('POST', `/api/v1/attendance/${id}/countersign`, {});
	assert.match(text((await visitor('staff').get(`/classes/${cohort}`)).text), /Days attended in person 3 days together, of 2 trainees/);
	const dossier = (await visitor('staff').get(`/classes/${cohort}/dossier`)).text;
	assert.match(dossier, />t1<\/th>(?:(?!<\/tr>).)*data-label="Days in person">2</s);
	assert.match(dossier, />t2<\/th>(?:(?!<\/tr>).)*data-label="Days in person">1</s);
});
