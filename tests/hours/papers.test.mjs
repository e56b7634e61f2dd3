// Attendance on paper: a sheet is printed, photographed, entered by its code, and countersigned by somebody who sees the photo.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { ledger } from './lib/entries.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';

const DAY_S = 86400, photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('what a camera makes')]);
let clock, school, files, course, cohort, entered;

before(async () => {
	clock = new Clock(Date.UTC(2027, 2, 1, 1, 0, 0)); // nine in the morning at the place
	files = folder('papers');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	await school.people(3);
	await school.account('colleague', 'teacher', ['--institution', school.institution]);
	await school.account('county', 'reviewer', ['--region', '370100']);
	await school.account('auditor', 'auditor');
	course = await school.course(makeCourse(files, { units: 1, seconds: 40, hours: 0.01 }));
	cohort = await school.cohort(course, { total: 24, offline: 24 }, ['t1', 't2']);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name, lang = 'en') => new Visitor(school.origin, { lang, token: school.client(name).headers.Authorization.slice(7) });
const id = (name) => school.accounts[name].id;
const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');

// The page's form that is sent to `action`, filled and sent; where it leads to, or the answer.
async function send(who, address, action, values = {}) {
	const page = await who.get(address), form = read(page.text).forms.find((one) => one.method === 'POST' && action.test(one.action));
	assert.ok(form, `${address} (${page.status}) has no form for ${action}: ${text(page.text)}`);
	const reply = await who[form.files ? 'send' : 'post'](form.action, filled(form, values), { Referer: school.origin + address });
	return reply.status === 303 ? { ...await who.get(reply.headers.location), at: reply.headers.location } : reply;
}
const day = (value) => ({ 'when-year': '2027', 'when-month': '3', 'when-day': String(value) });
const print = (who, value) => send(who, `/classes/${cohort}/papers`, /papers$/, { unit: '1', ...day(value) });
const lesson = { mode: 'onsite', from: '9:00', to: '12:00', hours: '4', place: 'Village hall', teacher: 'Ms Li' };

test('a sheet to print has the roster, and a code that is read, heard, felt and scanned', async () => {
	const staff = visitor('staff'), page = await print(staff, 2), said = text(page.text);
	const code = page.at.split('/').at(-1);
	assert.match(code, /^\d{10}$/);
	assert.equal(BigInt(code) % 97n, 1n);
	assert.ok(said.includes(`${code.slice(0, 3)}-${code.slice(3, 6)}-${code.slice(6)}`));
	assert.ok(said.includes([...code.slice(0, 3)].join(' ')));
	assert.match(said, /[\u2800-\u28ff]{4} [\u2800-\u28ff]{4} [\u2800-\u28ff]{5}/);
	assert.match(page.text, /<svg role="img" aria-label="QR code/);
	assert.match(said, /Each signs in her own line Name Came at Left at Signature t1 .*t2/);
	assert.match(text((await staff.get(`/classes/${cohort}/papers`)).text), /2 March 2027.*Not entered yet/);
	assert.equal((await visitor('t1').get(page.at)).status, 403);
	for (const [values, field, words] of [[day(2), 'unit', /Choose one of the offline units/], [{ unit: '-9223372036854775808', ...day(2) }, 'unit', /Choose one of the offline units/], [{ unit: '1', 'when-year': '', 'when-month': '', 'when-day': '' }, 'when-year', /Give the day/], [{ unit: '1', ...day(31), 'when-month': '4' }, 'when-year', /no such day/]]) {
		const reply = await send(staff, `/classes/${cohort}/papers`, /papers$/, { unit: '', ...values });
		assert.equal(reply.status, 422);
		assert.match(text(reply.text), words);
		assert.ok(named(read(reply.text).forms.find((one) => /papers$/.test(one.action)), field).invalid);
	}
});

test('the code leads to the sheet however it is typed, and a slip is told as a slip', async () => {
	const staff = visitor('staff'), { at } = await print(staff, 2), code = at.split('/').at(-1);
	const find = (typed) => staff.get(`/attendance/paper?code=${encodeURIComponent(typed)}`);
	for (const typed of [code, code.replace(/(...)(...)/, '$1-$2 '), [...code].map((c) => '０１２３４５６７８９'[c]).join(''), [...code].map((c) => '零一二三四五六七八九'[c]).join(' ')])
		assert.equal((await find(typed)).headers.location, `${at}/enter`, typed);
	const slip = code.replace(/^./, (c) => String((Number(c) + 1) % 10));
	for (const [typed, words] of [[slip, /There is a slip in this code/], [code.slice(1), /ten digits/], ['a1b2', /digits alone/]]) {
		const reply = await find(typed);
		assert.equal(reply.status, 422, typed);
		assert.match(text(reply.text), words);
	}
	assert.match(text((await visitor('t1').get(`/attendance/paper?code=${code}`)).text), /./);
	assert.equal((await visitor('t1').get(`/attendance/paper?code=${code}`)).status, 403);
});

test('the photo stands before the entry; who countersigns sees it, or reads what it shows', async () => {
	const staff = visitor('staff'), { at } = await print(staff, 3), enter = `${at}/enter`, code = at.split('/').at(-1);
	clock.pass(DAY_S * 4);
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't3' }); // she is put on the roster after the lesson
	const early = await staff.get(`/classes/${cohort}/sheets/new?paper=${code}`);
	assert.equal(early.headers.location, enter);
	for (const [file, words] of [[{ name: '', bytes: Buffer.alloc(0) }, /Choose the photo first/], [{ name: 'a.pdf', bytes: Buffer.from('%PDF-1.4') }, /no photo \(JPEG or PNG\)/], [{ name: 'a.jpg', bytes: Buffer.concat([photo, Buffer.alloc(6 << 20)]) }, /too large; 6 MB/]]) {
		const reply = await send(staff, enter, /photo$/, { file });
		assert.equal(reply.status, 422, text(reply.text));
		assert.match(text(reply.text), words);
		assert.ok(named(read(reply.text).forms.find((one) => one.files), 'file').invalid);
	}
	const kept = await send(staff, enter, /photo$/, { file: { name: 'a.jpg', bytes: photo } });
	assert.match(text(kept.text), /It is kept\..*Mark who came, from the paper.*Nobody has said yet what the photo shows/);
	await send(staff, enter, /words$/, { words: 'Two lines' });
	const said = text((await send(staff, enter, /words$/, { words: 'Three lines, each with a signature' })).text);
	assert.match(said, /It is kept\..*Three lines, each with a signature/);
	assert.doesNotMatch(said, /Two lines/);
	assert.match(text((await staff.get(`/classes/${cohort}/papers`)).text), /Has its photo, not entered yet/);

	const address = `/classes/${cohort}/sheets/new?paper=${code}`, page = await staff.get(address), form = read(page.text).forms.find((one) => /sheets\/new$/.test(one.action));
	assert.deepEqual(['unit', 'when-day', 'paper'].map((name) => named(form, name).value), ['1', '3', code]);
	const wrong = await staff.post(form.action, filled(form, { ...lesson, ...day(2) }), { Referer: school.origin + address });
	assert.equal(wrong.status, 422);
	assert.match(text(wrong.text), /The printed sheet is of another day/);
	assert.equal(named(read(wrong.text).forms.find((one) => /sheets\/new$/.test(one.action)), 'paper').value, code);
	const done = await staff.post(form.action, filled(form, lesson), { Referer: school.origin + address });
	assert.equal(done.status, 303, text(done.text));

	entered = at;
	const sheet = done.headers.location.split('?')[0], colleague = visitor('colleague'), seen = await colleague.get(sheet);
	assert.match(text(seen.text), /How it was entered Entered from paper; photo attached.*Three lines, each with a signature/);
	assert.match(seen.text, new RegExp(`<img src="${at}/photo" alt="Photo of the printed sheet"`));
	const masked = await visitor('auditor').get(sheet);
	assert.match(text(masked.text), new RegExp(`Auditors read names masked, so neither stands here; .* SHA-256 ${createHash('sha256').update(photo).digest('hex')}`));
	assert.doesNotMatch(masked.text, /Three lines|\/photo"/);
	for (const [who, status] of [['colleague', 200], ['county', 200], ['auditor', 403], ['t1', 403]]) {
		const reply = await visitor(who).get(`${at}/photo`);
		assert.equal(reply.status, status, who);
		if (status === 200) assert.deepEqual([reply.headers['content-type'], Buffer.compare(reply.bytes, photo), reply.headers['x-content-type-options']], ['image/jpeg', 0, 'nosniff']);
	}
	assert.match(text((await send(colleague, sheet, /\/sign$/)).text), /The hours are counted now/);

	const mine = (await ledger(school, 'auditor', (all) => all.filter(({ kind }) => kind === 'countersign').length === 3)).filter(({ kind }) => kind === 'sheet');
	const hash = createHash('sha256').update(photo).digest('hex');
	assert.deepEqual(mine.map(({ paper, late }) => [paper, late]), [[hash, undefined], [hash, undefined], [hash, 1]], 'who had no line on the paper signed nothing on it');
});

test('a photo is of one paper; whose it is stays in the institution', async () => {
	const staff = visitor('staff'), mine = await print(staff, 4), code = entered.split('/').at(-1);
	const refused = await send(staff, `${mine.at}/enter`, /photo$/, { file: { name: 'a.jpg', bytes: photo } });
	assert.equal(refused.status, 422);
	assert.match(text(refused.text), new RegExp(`This photo is of the printed sheet with the code ${code.slice(0, 3)}-${code.slice(3, 6)}-${code.slice(6)} already\\. Take a photo of this sheet`));
	assert.ok(named(read(refused.text).forms.find((one) => one.files), 'file').invalid);
	const other = JSON.parse(school.command('institution', 'add', '--name', 'Elsewhere', '--region', '370200', '--region-name', 'Qingdao')).id;
	await school.account('near', 'staff', ['--institution', other]);
	const { id: far } = await school.client('near').must('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 24, offline: 24 }), institution: other });
	await school.client('near').must('POST', `/api/v1/cohorts/${far}/trainees`, { trainee: 't1' });
	const near = visitor('near'), theirs = await send(near, `/classes/${far}/papers`, /papers$/, { unit: '1', ...day(6) });
	const told = text((await send(near, `${theirs.at}/enter`, /photo$/, { file: { name: 'a.jpg', bytes: photo } })).text);
	assert.match(told, /of a printed sheet of another institution already/);
	assert.doesNotMatch(told, new RegExp(code.slice(6)));
	const own = await send(staff, `${mine.at}/enter`, /photo$/, { file: { name: 'a.jpg', bytes: Buffer.concat([photo, Buffer.from('another')]) } });
	assert.match(text(own.text), /It is kept\./);
});

test('a printed sheet is entered once, its photo stays, and its description can be added to', async () => {
	const staff = visitor('staff'), at = entered, code = at.split('/').at(-1);
	const page = await staff.get(`${at}/enter`), forms = read(page.text).forms;
	assert.match(text(page.text), /This printed sheet is entered\./);
	assert.ok(!forms.some((one) => one.files), 'no other photo');
	assert.equal((await staff.get(`/classes/${cohort}/sheets/new?paper=${code}`)).headers.location, `${at}/enter`);
	const other = await print(staff, 3), upload = read((await staff.get(`${other.at}/enter`)).text).forms.find((one) => one.files);
	const refused = await staff.send(`${at}/photo`, filled(upload, { file: { name: 'a.jpg', bytes: photo } }), { Referer: school.origin + at });
	assert.equal(refused.status, 409);
	assert.match(text(page.text), /Somebody has countersigned this sheet, so what was said stays/);
	const told = await send(visitor('colleague'), `${at}/enter`, /words$/, { words: 'Line three is signed by her sister' });
	assert.match(text(told.text), /It is kept\..*Three lines, each with a signature Added behind the countersignature by colleague, 5 March 2027: Line three is signed by her sister/);
	assert.match(text((await visitor('county').get(read(told.text).links.find((link) => /\/sheets\//.test(link)))).text), /Three lines, each with a signature Added behind/);
	assert.equal((await send(staff, `${at}/enter`, /words$/, { words: ' ' })).status, 422);
	const entry = read((await staff.get(`/classes/${cohort}/sheets/new`)).text).forms.find((one) => /sheets\/new$/.test(one.action));
	const again = await staff.post(entry.action, [...filled(entry, { ...lesson, ...day(3) }), ['paper', code]], { Referer: school.origin });
	assert.equal(again.status, 422);
	assert.match(text(again.text), /This printed sheet was entered already/);
});

test('a sheet of paper is not entered while trainees can sign in to its lesson', async () => {
	const staff = visitor('staff');
	clock.pass(DAY_S - (clock.wall / 1000 + 8 * 3600) % DAY_S + 14 * 3600); // two in the afternoon
	const at = new Date(clock.wall + 8 * 3600e3), today = { ...day(at.getUTCDate()), 'when-month': String(at.getUTCMonth() + 1) };
	await send(staff, `/classes/${cohort}/rolls`, /rolls$/, { unit: '1', ...today, ...lesson, from: '14:00', to: '17:00', hours: '2' });
	const paper = await send(staff, `/classes/${cohort}/papers`, /papers$/, { unit: '1', ...today }), code = paper.at.split('/').at(-1);
	await send(staff, `${paper.at}/enter`, /photo$/, { file: { name: 'a.jpg', bytes: Buffer.concat([photo, Buffer.from('of today')]) } });
	clock.pass(3600);
	const address = `/classes/${cohort}/sheets/new?paper=${code}`, values = { ...lesson, from: '14:00', to: '14:45', hours: '1' };
	const early = await send(staff, address, /sheets\/new$/, values);
	assert.equal(early.status, 422);
	assert.match(text(early.text), /This lesson was announced until 17:00/);
	clock.pass(2 * 3600);
	assert.match((await send(staff, address, /sheets\/new$/, values)).at, /done=entered/);
});
