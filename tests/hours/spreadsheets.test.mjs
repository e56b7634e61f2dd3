// Attendance from a spreadsheet: it fills in the form, or its rows are told what is wrong with them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';
import { zip } from '../ingest/lib/zip.mjs';
import { unzip, workbook } from './lib/xlsx.mjs';

const DAY_S = 86400;
let clock, school, files, cohort;

before(async () => {
	clock = new Clock(Date.UTC(2027, 2, 1, 1, 0, 0)); // nine in the morning at the place
	files = folder('spreadsheets');
	school = await new School(clock).start();
	await school.people(3);
	const course = await school.course(makeCourse(files, { units: 1, seconds: 40, hours: 0.01 }));
	cohort = await school.cohort(course, { total: 24, offline: 24 }, ['t1', 't2', 't3']);
	clock.pass(DAY_S * 3);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name, lang = 'en') => new Visitor(school.origin, { lang, token: school.client(name).headers.Authorization.slice(7) });
const id = (name) => school.accounts[name].id;
const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');
const head = ['Number', 'Name', 'Minutes'];

// The answer to a file that is chosen on the page.
async function choose(who, name, bytes) {
	const address = `/classes/${cohort}/sheets/new`, upload = read((await who.get(address)).text).forms.find((one) => one.files);
	return who.send(upload.action, filled(upload, { file: { name, bytes } }), { Referer: school.origin + address });
}
const form = (reply) => read(reply.text).forms.find((one) => /sheets\/new$/.test(one.action));
const ticked = (reply) => form(reply).fields.filter(({ type, checked }) => type === 'checkbox' && checked).map(({ name, value }) => [name, value]);

test('a workbook fills in the form, which becomes a sheet that waits', async () => {
	const staff = visitor('staff');
	for (const inside of [false, true]) {
		const back = await choose(staff, 'list.xlsx', workbook([{ name: '1 班', rows: [head, [id('t1'), 't1', 90], ['', 't2', ''], [id('t3'), '', { raw: '<c r="@"><f>40+5</f><v>45</v></c>' }]] }], { inside }));
		assert.equal(back.status, 200, text(back.text));
		assert.match(text(back.text), /Nothing is saved yet.*Read from the sheet 1 班/);
		assert.deepEqual(ticked(back), [['absent[]', id('t2')], ['part[]', id('t3')]]);
		assert.deepEqual([named(form(back), 'hours').value, named(form(back), `minutes-${id('t3')}`).value], ['2', '45']);
		if (inside) continue;
		const done = await staff.post(form(back).action, filled(form(back), { unit: '1', mode: 'onsite', 'when-year': '2027', 'when-month': '3', 'when-day': '2', from: '9:00', to: '11:00', hours: '2', place: 'Base', teacher: 'Ms Li' }), { Referer: school.origin });
		assert.equal(done.status, 303, text(done.text));
		assert.match(text((await staff.get(done.headers.location)).text), /t1 2 class hours, 90 min Waits t3 1 class hours, 45 min/);
	}
});

test('the workbook that the page offers has the roster in it, and comes back with what was filled in', async () => {
	const staff = visitor('staff'), page = read((await staff.get(`/classes/${cohort}/sheets/new`)).text);
	const given = await staff.get(page.links.find((link) => /\/workbook$/.test(link)));
	assert.match(given.headers['content-disposition'], /attendance\.xlsx/);
	assert.equal(given.headers['content-type'], 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
	const untouched = await choose(staff, 'attendance.xlsx', given.bytes);
	assert.deepEqual([untouched.status, ticked(untouched)], [200, ['t1', 't2', 't3'].map((name) => ['absent[]', id(name)])]);
	const parts = unzip(given.bytes), more = { t1: '<c r="C2"><v>180</v></c><c r="D2" s="3"><v>46450</v></c>', t2: '<c r="E3" s="4"><v>0.354166666666667</v></c><c r="F3" s="1"><v>0.5</v></c>', t3: '<c r="C4"><v>180</v></c>' };
	const sheet = ['t1', 't2', 't3'].reduce((xml, name) => xml.replace(new RegExp(`(>${name}</t></is></c>)</row>`), `$1${more[name]}</row>`), parts['xl/worksheets/sheet1.xml']);
	const styles = parts['xl/styles.xml'].replace(/<cellXfs.*<\/cellXfs>/, '<cellXfs><xf/><xf numFmtId="20"/><xf/><xf numFmtId="31"/><xf numFmtId="20"/></cellXfs>');
	const back = await choose(staff, 'attendance.xlsx', zip(Object.entries({ ...parts, 'xl/worksheets/sheet1.xml': sheet, 'xl/styles.xml': styles }).map(([name, text]) => ({ name, bytes: Buffer.from(text), deflate: true }))));
	assert.equal(back.status, 200, text(back.text));
	assert.deepEqual(ticked(back), [['absent[]', id('t2')]]);
	assert.deepEqual(['when-year', 'when-month', 'when-day', 'from', 'to', 'hours'].map((name) => named(form(back), name).value), ['2027', '3', '4', '8:30', '12:00', '4']);
	assert.equal((await visitor('t1').get(`/classes/${cohort}/sheets/workbook`)).status, 403);
});

test('only the first sheet that is shown is read, and hidden rows too; both is said', async () => {
	const back = await choose(visitor('staff'), 'list.xlsx', workbook([{ name: 'old', state: 'hidden', rows: [['x']] }, { name: 'May', rows: [head, ['', 't1', 45], ['', 't2', 45]], hidden: [3] }, { name: 'June', rows: [['y']] }]));
	assert.match(text(back.text), /Read from the sheet May\. Sheets that were not read: 1/);
	assert.match(text(back.text), /hides, and that were read as well: 1/);
	assert.deepEqual(ticked(back), [['absent[]', id('t3')]]);
});

test('rows of a workbook are told what is wrong with them as those of a list are', async () => {
	const rows = [head, ['t1', '', 10], [622000000000000000, '', 10], [{ raw: '<c r="@"><v>6.2219019900101123E+17</v></c>' }, '', 10], ['t2', '', 'x'], ['t1', '', 5], ['nobody', '', 5], ['', 't3', { raw: '<c r="@" s="2"><v>0.0625</v></c>' }]];
	const back = await choose(visitor('staff'), 'list.xlsx', workbook([{ rows }]));
	assert.equal(back.status, 422);
	for (const words of [/Row 3, column A: the number was changed by the spreadsheet to 6\.22E\+17, and its last digits are lost/, /Row 4, column A: the number was changed by the spreadsheet to 6\.2219019900101\dE\+17/, /Row 5: x is no number of minutes/, /Row 6: this trainee stands in row 2 already/, /Row 7: nobody is not on the roster/, /Row 8: 1:30 is no number of minutes/, /Rows that are right: 1\. Nothing is saved yet/])
		assert.match(text(back.text), words);
});

test('what is no workbook, or one that cannot be trusted, is refused with what to do', async () => {
	const staff = visitor('staff'), good = { rows: [head, ['t1', '', 10]] };
	const old = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(600)]);
	for (const [name, bytes, words] of [
		['a.xls', old, /old Excel \(\.xls\).*Save it as an Excel workbook/], ['a.xlsx', Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')]), /protected by a password/],
		['a.xlsm', workbook([good], { macros: true }), /has programs in it/], ['a.xlsx', workbook([good], { more: [['xl/vbaProject.bin', 'x']] }), /has programs in it/],
		['a.ods', workbook([good], { more: [['mimetype', 'application/vnd.oasis.opendocument.spreadsheet'], ['content.xml', '<x/>']] }), /OpenDocument/],
		['a.xlsx', workbook([{ ...good, merged: ['A2:B2'] }]), /cells A2:B2 are merged/], ['a.xlsx', workbook([{ rows: [head, ['t1', '', { raw: '<c r="@"><f>1+1</f></c>' }]] }]), /Cell C2 has a formula without its result/],
		['a.xlsx', workbook([{ ...good, state: 'hidden' }]), /no sheet that is shown/], ['a.xlsx', workbook([good]).subarray(0, 900), /damaged/], ['a.xlsx', Buffer.from('PK\x03\x04 and no more'), /damaged/],
	]) {
		const back = await choose(staff, name, bytes), file = read(back.text).forms.find((one) => one.files);
		assert.equal(back.status, 422, name);
		assert.match(text(back.text), words);
		assert.ok(named(file, 'file').invalid);
	}
	assert.match(text((await choose(visitor('staff', 'zh-CN'), 'a.xls', old)).text), /旧版 Excel/);
});
