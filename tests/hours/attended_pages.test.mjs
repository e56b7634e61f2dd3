// Attendance by forms: somebody marks who came, a colleague or the trainee herself confirms, and the record tells of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { Client, School, folder, makeCourse } from './lib/school.mjs';

const DAY_S = 86400;
let clock, school, course, files, cohort;

before(async () => {
	clock = new Clock(Date.UTC(2027, 2, 1, 1, 0, 0)); // nine in the morning at the place
	files = folder('attended');
	school = await new School(clock).start();
	await school.people(3);
	await school.account('colleague', 'teacher', ['--institution', school.institution]);
	await school.account('county', 'reviewer', ['--region', '370100']);
	course = await school.course(makeCourse(files, { units: 1, seconds: 40, hours: 0.01 }));
	cohort = await school.cohort(course, { total: 24, offline: 24 }, ['t1', 't2', 't3']);
	clock.pass(DAY_S * 3);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name, lang = 'en') => new Visitor(school.origin, { lang, token: school.client(name).headers.Authorization.slice(7) });
const token = async (name) => (await new Client(school.origin).must('POST', '/api/v1/session', { name, password: `secret-${name}` })).token;
const again = async (name) => new Visitor(school.origin, { token: await token(name) }); // a session of its own, days later
const id = (name) => school.accounts[name].id;
const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');

// The page's form that is sent to `action`, filled and sent; where it leads to, or the answer.
async function send(who, address, action, values = {}) {
	const page = await who.get(address), form = read(page.text).forms.find((one) => one.method === 'POST' && action.test(one.action));
	assert.ok(form, `${address} (${page.status}) has no form for ${action}: ${text(page.text)}`);
	const reply = await who.post(form.action, filled(form, values), { Referer: school.origin + address });
	return reply.status === 303 ? { ...await who.get(reply.headers.location), at: reply.headers.location } : reply;
}

const lesson = (day, more = {}) => ({
	unit: '1', mode: 'onsite', 'when-year': '2027', 'when-month': '3', 'when-day': String(day), from: '9:00', to: '12：30', hours: '4', place: 'Base, room 2', teacher: 'Ms Li', ...more,
});
const enter = (who, values) => send(who, `/classes/${cohort}/sheets/new`, /sheets\/new$/, values);

test('all present but for some: who came for a part is asked for the minutes, and nothing typed is lost', async () => {
	const staff = visitor('staff'), values = lesson(2, { 'absent[]': [id('t3')], 'part[]': [id('t2')] });
	const asked = await enter(staff, values), form = read(asked.text).forms.find((one) => /sheets\/new$/.test(one.action)), field = named(form, `minutes-${id('t2')}`);
	assert.equal(asked.status, 422);
	assert.ok(field.invalid);
	assert.match(asked.text, /Minutes that t2 was there/);
	assert.deepEqual(form.fields.filter(({ type, checked }) => type === 'checkbox' && checked).map(({ name, value }) => [name, value]), [['absent[]', id('t3')], ['part[]', id('t2')]]);
	assert.match(asked.text, /<details open><summary>Somebody did not come/);
	for (const name of ['from', 'to', 'hours', 'place', 'teacher', 'when-day']) assert.equal(named(form, name).value, values[name]);
	const done = await staff.post(form.action, filled(form, { [field.name]: '90' }), { Referer: school.origin });
	assert.equal(done.status, 303, text(done.text));

	const page = text((await staff.get(done.headers.location)).text);
	assert.match(page, /2 March 2027, 9 o'clock to 12:30/);
	assert.match(page, /t1 4 class hours, 180 min/);
	assert.match(page, /t2 2 class hours, 90 min/);
	assert.doesNotMatch(page, / t3 /);
	assert.match(page, /another person must countersign it/);
	assert.match(text((await visitor('t1').get('/record')).text), /4 class hours are entered and wait for countersignature.*Entered by staff, waiting for countersignature.*These hours count once you confirm them\. Somebody else can confirm them too/);
});

test('the next sheet of a unit begins as its last one was, with nobody absent', async () => {
	const { text: html } = await visitor('staff').get(`/classes/${cohort}/sheets/new`), form = read(html).forms.find((one) => /sheets\/new$/.test(one.action));
	assert.deepEqual(['from', 'to', 'hours', 'place', 'teacher'].map((name) => named(form, name).value), ['9:00', '12:30', '4', 'Base, room 2', 'Ms Li']);
	assert.match(text(html), /With nobody ticked, all were there\. Somebody did not come/);
	assert.doesNotMatch(html, /<details open/);
});

test('a colleague finds on her first page what waits, and countersigns a whole sheet at once', async () => {
	const colleague = visitor('colleague'), home = (await colleague.get('/')).text;
	assert.match(text(home), /Countersign the attendance of colleagues/);
	const [sheet] = read((await colleague.get('/attendance')).text).links.filter((link) => /\/sheets\/[0-9a-f-]{36}$/.test(link));
	assert.match(text((await visitor('staff').get('/attendance')).text), /No sheet waits for your countersignature/);
	assert.match(text((await colleague.get('/attendance')).text), /, 2 wait /);
	assert.match(text((await colleague.get(sheet)).text), /Not countersigned yet; the hours do not count yet.*t1 4 class hours, 180 min Waits.*Countersign: 2 people/);
	const signed = await send(colleague, sheet, /\/sign$/);
	assert.match(text(signed.text), /The hours are counted now.*t1 4 class hours, 180 min Countersigned by colleague/);
	assert.match(text((await colleague.get('/attendance')).text), /No sheet waits/);
	const record = text((await visitor('t1').get('/record')).text);
	assert.match(record, /You have 4 of 24 class hours/);
	assert.match(record, /In person, Base, room 2\. Taught by Ms Li 4 class hours, 180 min\. Countersigned by colleague/);
	assert.match(record, /For the end of the class 4 class hours count; of every hundred of them 0 are online/);
});

test('a trainee says herself that she was there', async () => {
	await enter(visitor('staff'), lesson(3, { 'absent[]': [id('t2')] }));
	const trainee = visitor('t3');
	assert.match(text((await trainee.get('/')).text), /Lessons to confirm/);
	assert.match((await trainee.get('/attendance')).text, new RegExp(`href="/record/ask\\?class=${cohort}">If not, do not confirm`));
	assert.match(text((await trainee.get('/attendance')).text), /Ms Li Your time 180 min I was there: 3 March 2027, 9 o'clock to 12:30/);
	assert.match(text((await send(trainee, '/attendance', /\/sign$/)).text), /Confirmed\. The hours of 3 March 2027, 9 o'clock to 12:30 count now\..*Nothing waits for you .*confirm here that you were there\. My class hours/);
	assert.match(text((await trainee.get('/record')).text), /Confirmed by the trainee/);
	assert.doesNotMatch(text((await visitor('t2').get('/attendance')).text), /3 March/);
	const ask = /href="(\/record\/ask[^"]+sheet=[^"]+)">Ask about 3 March/.exec((await trainee.get('/record')).text)[1].replaceAll('&amp;', '&');
	assert.match((await trainee.get(ask)).text, /<textarea[^>]*>\s*3 March 2027, 9 o&#39;clock to 12:30: <\/textarea>/);
	assert.equal((await visitor('t2').get(ask)).status, 404, 'she was not there');
	assert.match(text((await visitor('t1', 'zh-CN').get('/attendance')).text), /签到：2027 年 3 月 3 日，9 点到 12 点 30 分/);
});

test('what was wrong is corrected with its reason, and the federation may countersign that', async () => {
	const colleague = visitor('colleague'), county = visitor('county');
	const [sheet] = read((await county.get('/attendance')).text).links.filter((link) => /\/sheets\//.test(link));
	let reply = await send(colleague, `${sheet}/correct`, /correct$/, { who: id('t3'), minutes: '500', reason: 'Left early' });
	assert.equal(reply.status, 422);
	assert.match(text(reply.text), /t3: this is longer than the lesson lasted/);
	reply = await send(colleague, `${sheet}/correct`, /correct$/, { who: id('t3'), minutes: '90', reason: 'Left early' });
	assert.match(text(reply.text), /Corrected: was 4 class hours, now 2\. Reason: Left early\. The old entry is kept\. Waits t3 4 class hours, 180 min Confirmed by the trainee.*Countersign: t1, 4 class hours, 180 min/, 'what waits comes first, and the button says whose it is');
	const page = await county.get(sheet);
	for (const link of read(page.text).links.filter((link) => link.startsWith('/') && !/^\/(help|assets)/.test(link))) assert.ok((await county.get(link)).status < 400, link);
	await send(county, sheet, /\/sign$/);
	assert.match(text((await visitor('t3').get('/record')).text), /You have 2 of 24 class hours.*Reason: Left early\. The old entry is kept\. Countersigned by county, federation Ask about 3 March/);
});

test('mistakes are told at their fields', async () => {
	const staff = visitor('staff');
	for (const [values, field, words] of [
		[{ from: 'nine' }, 'from', /such as 9:00/], [{ to: '25:00' }, 'to', /such as 9:00/], [{ to: '8:00' }, 'to', /end after it begins/],
		[{ hours: '5' }, 'hours', /more class hours than the lesson lasted/], [{ hours: 'x' }, 'hours', /two decimals/], [{ teacher: ' ' }, 'teacher', /who taught/],
		[{ 'when-day': '31', 'when-month': '4' }, 'when-year', /no such day/], [{ 'when-day': '20' }, 'when-year', /not over yet/], [{ 'when-year': '2026' }, 'when-year', /before the first day/],
	]) {
		const reply = await enter(staff, lesson(4, values)), form = read(reply.text).forms.find((one) => /sheets\/new$/.test(one.action));
		assert.equal(reply.status, 422, JSON.stringify(values));
		assert.ok(named(form, field).invalid, field);
		assert.match(text(reply.text), words);
	}
	assert.match(text((await enter(staff, lesson(4, { from: 'nine', to: 'ten' }))).text), /Begins at: Write the time as hours and minutes, such as 9:00 or 14:30 Ends at: Write the time/, 'the same words, told apart');
	const twice = await enter(staff, lesson(4, { 'absent[]': [id('t1')], 'part[]': [id('t1')] }));
	assert.match(text(twice.text), /both as absent and as there for a part/);
	const nobody = await enter(staff, lesson(4, { 'absent[]': [id('t1'), id('t2'), id('t3')] }));
	assert.match(text(nobody.text), /Nobody is marked as present/);
	assert.match(text((await enter(staff, lesson(3, { 'absent[]': [id('t2'), id('t3')] }))).text), /t1 is on another sheet at this time/);
});

test('a list from a spreadsheet fills in the form, and nothing is saved before it is sent', async () => {
	const staff = visitor('staff'), address = `/classes/${cohort}/sheets/new`;
	const template = await staff.get(`/classes/${cohort}/sheets/template`);
	assert.match(template.headers['content-disposition'], /attendance\.csv/);
	assert.equal(template.text, `\ufeff"Number","Name","Minutes","Day","Begins at","Ends at"\r\n${['t1', 't2', 't3'].map((name) => `"${id(name)}","${name}",,,,\r\n`).join('')}`);
	const page = read((await staff.get(address)).text), upload = page.forms.find((one) => one.files);
	const read_ = (bytes) => staff.send(upload.action, filled(upload, { file: { name: 'list.csv', bytes: Buffer.from(bytes) } }), { Referer: school.origin + address });

	const lines = template.text.split('\r\n'), back = await read_([lines[0], lines[1].replace(',,,,', ',90,2027/3/5,8:30,'), lines[2], lines[3].replace(',,,,', ',45,,,10.00')].join('\r\n'));
	assert.equal(back.status, 200);
	assert.match(text(back.text), /Nothing is saved yet/);
	const form = read(back.text).forms.find((one) => /sheets\/new$/.test(one.action));
	assert.deepEqual(form.fields.filter(({ type, checked }) => type === 'checkbox' && checked).map(({ name, value }) => [name, value]), [['absent[]', id('t2')], ['part[]', id('t3')]]);
	assert.deepEqual([named(form, 'hours').value, named(form, `minutes-${id('t3')}`).value, named(form, 'form_page').value], ['2', '45', address]);
	assert.deepEqual(['when-year', 'when-month', 'when-day', 'from', 'to'].map((name) => named(form, name).value), ['2027', '3', '5', '8:30', '10:00']);
	clock.pass(DAY_S * 3);
	const done = await staff.post(form.action, filled(form, lesson(5, { hours: '2', 'absent[]': [id('t2')], 'part[]': [id('t3')], [`minutes-${id('t3')}`]: '45' })), { Referer: school.origin + address });
	assert.match(text((await staff.get(done.headers.location)).text), /t1 2 class hours, 90 min.*t3 1 class hours, 45 min/);

	for (const [bytes, ...words] of [
		['n,n,m\nt1,,10\n6.22E+17,,10\nt2,,x\nt1,,5\nnobody,,5\n622000000000000000,,1', /Row 3, column A: the number was changed by the spreadsheet to 6\.22E\+17/, /Row 4: x is no number of minutes/, /Row 5: this trainee stands in row 2 already/, /Row 6: nobody is not on the roster/, /Row 7, column A: the number was changed/, /Rows that are right: 1\. Nothing is saved yet/],
		['n,n,m,d,b,e\nt1,,10,2027-02-30,9 Uhr,\nt2,,10,2027年3月5日,,25:00\nt3,,10,2027-3-6,,', /Row 2, column D: 2027-02-30 is no day/, /Row 2, column E: 9 Uhr is no time/, /Row 3, column F: 25:00 is no time/, /Row 4, column D: another row says something else than 2027-3-6/],
		['n,n,m\n"t1,,10', /Row 2: a quotation mark is not closed/], ['n,n,m\n', /no trainee in this file/], ['', /empty or too large/], [Buffer.from([0xff, 0xff, 0, 1]), /no list of one class/],
	]) {
		const told = await read_(bytes), file = read(told.text).forms.find((one) => one.files);
		assert.equal(told.status, 422, text(told.text));
		for (const word of words) assert.match(text(told.text), word);
		assert.ok(named(file, 'file').invalid);
	}
	assert.equal((await visitor('t1').get(`/classes/${cohort}/sheets/template`)).status, 403);
});

test('a whole day of a class is countersigned at once, but for what one entered oneself', async () => {
	const colleague = visitor('colleague'), staff = visitor('staff');
	clock.pass(DAY_S);
	for (const [who, from, to] of [[staff, '0800', '08 点 45 分'], [staff, '13:00', '13.45'], [colleague, '15:00', '15:45']]) {
		const done = await enter(who, lesson(6, { from, to, hours: '1', 'absent[]': [id('t2'), id('t3')] }));
		assert.match(done.at ?? text(done.text), /done=entered/);
	}
	assert.doesNotMatch(text((await staff.get('/attendance')).text), /whole day: 6/); // one sheet of another is no whole day
	assert.match(text((await colleague.get('/attendance')).text), /Countersign the whole day: 6 March 2027, Massage, beginners, 2 sheets/);
	await send(colleague, '/attendance', /\/day$/);
	const left = read((await colleague.get('/attendance')).text).links.filter((link) => /\/sheets\//.test(link)), page = text((await staff.get('/attendance')).text);
	for (const sheet of left) assert.doesNotMatch(text((await colleague.get(sheet)).text), /6 March/);
	assert.match(page, /6 March 2027, 15 o'clock to 15:45/);
	assert.doesNotMatch(page, /6 March 2027, 8 o'clock/);
});

test('whoever entered a sheet does not confirm it as the helper of a trainee either', async () => {
	clock.pass(DAY_S);
	await school.account('admin', 'admin');
	await school.client('admin').must('POST', `/api/v1/people/${id('staff')}/roles`, { role: 'helper', place: school.institution });
	const trainee = await again('t2'), staff = await again('staff');
	await enter(staff, lesson(7, { 'absent[]': [id('t1'), id('t3')] }));
	await send(trainee, '/account/help', /\/account\/help$/, { helper: 'staff' });
	await send(staff, '/account/help', /\/begin$/);
	assert.match(text((await staff.get('/account')).text), /Signed in as t2, with the help of staff/);
	const hers = await staff.get('/attendance'), forms = read(hers.text).forms.filter((one) => one.method === 'POST');
	assert.match(text(hers.text), /recorded under your own name.*somebody else confirms them/);
	assert.ok(!forms.some((one) => /\/sign$/.test(one.action)), 'nothing of her own to confirm');
	const { action } = read((await trainee.get('/attendance')).text).forms.find((one) => /\/sign$/.test(one.action));
	const refused = await staff.post(action, filled(forms[0]), { Referer: school.origin });
	assert.equal(refused.status, 409);
	assert.match(text(refused.text), /another person must countersign it/);
	await school.account('aunt', 'helper');
	const aunt = await again('aunt');
	await send(trainee, '/account/help', /\/account\/help$/, { helper: 'aunt' });
	await send(aunt, '/account/help', /\/begin$/);
	assert.match(text((await send(aunt, '/attendance', /\/sign$/)).text), /Confirmed\. The hours of 7 March/);
	assert.match(text((await trainee.get('/record')).text), /Confirmed for the trainee by aunt, who helps her/);
});

test('a correction for everybody is for those who were there, each for as long as she was', async () => {
	const staff = await again('staff');
	school.accounts.staff.client = new Client(school.origin, staff.cookies.get('__Host-curb'));
	const own = await school.cohort(course, { total: 24, offline: 24 }, ['t1', 't2', 't3']);
	clock.pass(DAY_S + 4 * 3600);
	const day = new Date(clock.wall + 8 * 3600e3).getUTCDate(), values = lesson(day, { 'part[]': [id('t2')] });
	const asked = await send(staff, `/classes/${own}/sheets/new`, /sheets\/new$/, values), form = read(asked.text).forms.find((one) => /sheets\/new$/.test(one.action));
	const made = await staff.post(form.action, filled(form, { [`minutes-${id('t2')}`]: '90' }), { Referer: school.origin }), sheet = made.headers.location.split('?')[0];
	const correct = (who, minutes) => send(staff, `${sheet}/correct`, /correct$/, { who, minutes: String(minutes), reason: 'Of another length' });
	const stands = async () => [...(await staff.get(`${sheet}/correct`)).text.matchAll(/t[123], now ([^<]*)/g)].map(([, time]) => time);
	await correct(id('t3'), 0);
	await correct('all', 200);
	assert.deepEqual(await stands(), ['200 min', '90 min', '0 s']);
	await correct('all', 120);
	assert.deepEqual(await stands(), ['120 min', '90 min', '0 s']);
	await correct('all', 60);
	assert.deepEqual(await stands(), ['60 min', '60 min', '0 s']);
});

test('who came to the class or left it while the form was open is told, and what was typed is kept', async () => {
	const staff = await again('staff'), county = new Client(school.origin, await token('county'));
	const client = school.accounts.staff.client = new Client(school.origin, await token('staff'));
	const mine = await school.cohort(course, { total: 24, offline: 24 }, ['t1', 't2']), address = `/classes/${mine}/sheets/new`;
	clock.pass(DAY_S + 4 * 3600);
	const when = new Date(clock.wall + 8 * 3600e3), values = lesson(when.getUTCDate(), { 'when-month': String(when.getUTCMonth() + 1), place: 'Village hall', 'absent[]': [id('t1')] });
	const formOf = (html) => read(html).forms.find((one) => /sheets\/new$/.test(one.action)), post = (form, more) => staff.post(form.action, filled(form, { ...values, ...more }), { Referer: school.origin + address });
	const first = formOf((await staff.get(address)).text);
	await client.must('POST', `/api/v1/cohorts/${mine}/trainees`, { trainee: id('t3') });
	let told = await post(first);
	assert.equal(told.status, 409);
	assert.match(text(told.text), /other trainees than when this form was shown.*In the class now: t3/);
	assert.doesNotMatch(text(told.text), /any more|off the roster/);
	const second = formOf(told.text);
	assert.deepEqual(['place', 'from', 'hours'].map((name) => named(second, name).value), ['Village hall', '9:00', '4']);
	assert.deepEqual(second.fields.filter(({ type, checked }) => type === 'checkbox' && checked).map(({ name, value }) => [name, value]), [['absent[]', id('t1')]]);
	assert.doesNotMatch((await staff.get(`/classes/${mine}/sheets`)).text, /\/sheets\/[0-9a-f]{8}-/, 'nothing is saved');

	await send(staff, `/classes/${mine}/trainees/${id('t2')}`, /remove$/);
	const { id: move } = await client.must('POST', '/api/v1/moves', { kind: 'leave', trainee: id('t3'), cohort: mine, reason: 'She moves away' });
	await county.must('POST', `/api/v1/moves/${move}/decision`, { decision: 'agree', words: '' });
	told = await post(second, { 'absent[]': [] });
	assert.equal(told.status, 409);
	assert.match(text(told.text), /Not in the class any more: t3 Taken off the roster: 1 people/);
	assert.doesNotMatch(text(told.text), /In the class now/);
	const done = await post(formOf(told.text), { 'absent[]': [] });
	assert.equal(done.status, 303, text(done.text));
	const sheet = text((await staff.get(done.headers.location)).text);
	assert.match(sheet, /t1 4 class hours/);
	assert.doesNotMatch(sheet, / t[23] /);

	const empty = await school.cohort(course, { total: 24, offline: 24 }, []);
	const nobody = await staff.post(`/classes/${empty}/sheets/new`, filled(first, values), { Referer: school.origin + address });
	assert.equal(nobody.status, 409);
	assert.match(text(nobody.text), /Nobody is on the roster yet/);
});
