// Lists of a national system: a map of its columns, a list that is saved by it, and one that comes in and is compared.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { readCsv } from '../bank/lib/bank.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { sendForm } from '../scenes/lib/forms.mjs';
import { CANARIES, County, NUMBER, OTHER, textOf } from './lib/office.mjs';

const PLAIN = '00000000-0000-7000-8000-000000000001';
const HEADINGS = ['姓名', '残疾人证号', '培训机构', '培训项目', '开班日期', '结业日期', '线上学时', '线下学时', '总学时', '考核结果', '证书编号', '发证日期'];
const county = new County();

before(async () => {
	await county.start();
	await county.pupils(['t1', 't2', 't3']);
	await county.bank.finished(['t1', 't2', 't3']);
	await county.number('t1', NUMBER);
	county.school.command('institution', 'add', '--name', 'Elsewhere', '--region', '350000', '--region-name', 'Fujian');
	await county.school.account('fujian', 'reviewer', ['--region', '350000']);
});
after(() => county.stop());

const client = (who) => county.client(who);
const browser = (who) => new Visitor(county.school.origin, { token: client(who).headers.Authorization.slice(7) });
const ids = (text, what) => new RegExp(`/exchange/${what}/([0-9a-f-]{36})`).exec(text)?.[1];

// Made by its form; what it is called by the server.
async function newMap(name, from = '') {
	const reply = await sendForm(client('province'), '/exchange/maps', { name, map: from });
	assert.equal(reply.status, 303, textOf(reply));
	return ids(reply.headers.location, 'maps');
}

const addColumn = (map, fields) => sendForm(client('province'), `/exchange/maps/${map}`, fields, `/exchange/maps/${map}/columns`);

const saved = async (who, fields) => {
	const reply = await sendForm(client(who), '/exchange/list', fields);
	assert.equal(reply.status, 200, textOf(reply));
	return readCsv(reply.text);
};

// By the form of the page, as a browser sends it.
async function compare(who, map, bytes, fields = {}) {
	const one = browser(who), { text } = await one.get('/exchange/comparisons');
	const csrf = /name="csrf" value="([^"]+)"/.exec(text)[1];
	return one.send('/exchange/comparisons', Object.entries({ csrf, map, place: '', ...fields, file: { name: 'list.csv', bytes: Buffer.from(bytes) } }));
}

const findings = async (who, reply) => {
	assert.equal(reply.status, 303, textOf(reply));
	const csv = await client(who).ask('GET', `${reply.headers.location}/findings.csv`, undefined, { 'Accept-Language': 'en' });
	assert.equal(csv.status, 200, csv.text);
	return readCsv(csv.text).slice(1);
};

const line = (cells) => `${cells.map((cell) => `"${cell}"`).join(',')}\r\n`;
const list = (...rows) => [HEADINGS, ...rows].map(line).join('');

test('a list is saved by a map with plain headings, numbers as far as they are shown', async () => {
	const [head, ...rows] = await saved('province', { map: PLAIN });
	assert.deepEqual(head, HEADINGS);
	assert.deepEqual(rows.map((row) => row[0]), ['t1', 't2', 't3']);
	assert.deepEqual(rows.map((row) => row[1]), ['110105', '', '']);
	assert.deepEqual(rows[0].slice(2, 4), ['Base', 'Massage, beginners']);
	assert.match(rows[0][4], /^20\d\d-\d\d-\d\d$/);
	assert.deepEqual(rows[0].slice(6), ['0.04', '0.06', '0.10', '合格', '', '']);
	const reply = await sendForm(client('province'), '/exchange/list', { map: PLAIN });
	assert.ok(Buffer.from(reply.text).toString().length > 0 && !CANARIES.some((canary) => reply.text.includes(canary)));
});

test('whole numbers are for who looks after a region, and that she saved them is entered', async () => {
	const rows = await saved('province', { map: PLAIN, whole: 'yes' });
	assert.equal(rows[1][1], NUMBER);
	assert.equal((await sendForm(client('admin'), '/exchange/list', { map: PLAIN, whole: 'yes' })).status, 403);
	assert.ok(!(await county.page('admin', '/exchange/list')).text.includes('name="whole"'));
	const { facts } = await county.bank.ledger('exchange_list', 1);
	assert.equal(facts.filter(({ kind }) => kind === 'exchange_list').length, 1);
});

test('a map is made, its columns are added, changed and removed', async () => {
	const map = await newMap('The province');
	assert.match(textOf(await county.page('province', `/exchange/maps/${map}`)), /This map has no column yet/);
	assert.equal((await sendForm(client('province'), '/exchange/list', { map })).status, 422);
	for (const [heading, kind, more] of [['学员', 'name'], ['分钟', 'online-min'], ['=结果', 'result', { yes: '是', no: '否' }]]) assert.equal((await addColumn(map, { heading, kind, ...more })).status, 303);
	assert.equal((await addColumn(map, { heading: '县', kind: 'fixed', yes: '济南', at: '1' })).status, 303);
	assert.deepEqual((await saved('province', { map })).slice(0, 2), [['县', '学员', '分钟', "'=结果"], ['济南', 't1', '1', '是']]);
	const column = `/exchange/maps/${map}/columns/3`;
	assert.equal((await sendForm(client('province'), column, { heading: '线上', kind: 'online', at: '1' })).status, 303);
	assert.deepEqual((await saved('province', { map }))[0], ['线上', '县', '学员', "'=结果"]);
	// the column is another one by now: what was typed for it is not done to that
	assert.equal((await sendForm(client('province'), `/exchange/maps/${map}/columns/1`, { was: '分钟', heading: 'x', kind: 'online' })).status, 409);
	const page = await county.page('province', `/exchange/maps/${map}/remove?column=2`);
	assert.match(textOf(page), /Remove the column 县\?/);
	assert.equal((await sendForm(client('province'), `/exchange/maps/${map}/remove?column=2`, { column: '县' }, `/exchange/maps/${map}/remove`)).status, 303);
	assert.deepEqual((await saved('province', { map }))[0], ['线上', '学员', "'=结果"]);
	assert.equal((await sendForm(client('province'), `/exchange/maps/${map}/remove`, {})).status, 303);
	assert.equal((await county.page('province', `/exchange/maps/${map}`)).status, 404);
});

test('what is wrong with a column or a list is told at its field', async () => {
	const map = await newMap('Wrong', PLAIN);
	for (const [fields, said] of [
		[{ heading: '', kind: 'name' }, /Write the heading/], [{ heading: '姓名', kind: 'name' }, /Another column has this heading/], [{ heading: 'x', kind: 'colour' }, /Choose what the column carries/],
		[{ heading: 'x', kind: 'result', yes: 'a', no: ' ' }, /Write the word that stands there/], [{ heading: 'x', kind: 'result', yes: 'a', no: 'a' }, /The two words must differ/],
		[{ heading: 'x', kind: 'fixed' }, /Write the word that stands there/], [{ heading: 'x', kind: 'name', at: '14' }, /Write a number from 1 to 13/],
	]) {
		const reply = await addColumn(map, fields);
		assert.equal(reply.status, 422);
		assert.match(textOf(reply), said);
	}
	for (const [fields, said] of [[{ map: 'none' }, /Choose a map/], [{ map, year: '27' }, /Write a year of four digits/], [{ map, place: 'Nowhere' }, /Write the whole name of an institution/], [{ map, year: '2001' }, /no record of that place and year/]]) {
		const reply = await sendForm(client('province'), '/exchange/list', fields);
		assert.equal(reply.status, 422);
		assert.match(textOf(reply), said);
	}
	assert.equal((await sendForm(client('province'), '/exchange/maps', { name: '' })).status, 422);
});

test('a list that says the same as we do has no finding, as UTF-8, UTF-16 or GB18030', async () => {
	const reply = await sendForm(client('province'), '/exchange/list', { map: PLAIN, whole: 'yes' });
	const text = reply.text.replace(/^\ufeff/, '');
	assert.deepEqual(await findings('province', await compare('province', PLAIN, reply.text)), []);
	const gb18030 = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text }).stdout;
	assert.deepEqual(await findings('province', await compare('province', PLAIN, gb18030)), []);
	const utf16 = Buffer.from(`\ufeff${text.replaceAll('","', '"\t"')}`, 'utf16le');
	const again = await compare('province', PLAIN, utf16);
	assert.deepEqual(await findings('province', again), []);
	assert.match(textOf(await county.page('province', again.headers.location)), /Both systems say the same/);
});

let compared;
test('who is on one side alone, who stands twice and what differs is told, with where and how to mend it', async () => {
	const [, one, two] = await saved('province', { map: PLAIN, whole: 'yes' });
	const more = two.slice(); // t2 is not in the list; t1 differs
	one[6] = '0.05'; one[9] = '不合格'; more[0] = 'Zhang'; more[1] = OTHER;
	compared = await compare('province', PLAIN, list(one, one, more, [...one.slice(0, 6), 'many', ...one.slice(7)].map((cell, i) => (i === 0 ? 'Wang' : i === 1 ? '3.7E+17' : cell))), { place: county.school.institution });
	const rows = await findings('province', compared);
	assert.deepEqual(rows.map(([code, , where, who, , column, here, there, difference]) => [code, where, who, column, here, there, difference].filter(Boolean).join(' ')), [
		'S1 row 5 of the list Wang 残疾人证号 3.7E+17', 'S4 row 5 of the list Wang 线上学时 many', 'L4 row 3 of the list t1',
		'L3 row 2 of the list t1 线上学时 0.04 0.05 -0.01', 'L3 row 2 of the list t1 考核结果 合格 不合格',
		'L1 our records t2', 'L1 our records t3', 'L2 row 4 of the list Zhang', 'L2 row 5 of the list Wang',
	]);
	for (const row of rows) assert.ok(row[1] && row[9]);
	const page = textOf(await county.page('province', compared.headers.location));
	assert.match(page, /Compared by province.*Rows of the list 4 Our records 3 Findings 9/);
	assert.match(page, /S1 A spreadsheet has rounded this number row 5 of the list Wang/);
	assert.match(textOf(await county.page('province', '/exchange/comparisons')), /province 常用表头 Base 4 9/);
});

test('nothing of it changes hours, and what names somebody is sealed', async () => {
	const [, one] = await saved('province', { map: PLAIN });
	assert.deepEqual(one.slice(6, 10), ['0.04', '0.06', '0.10', '合格']);
	const all = county.everything();
	for (const canary of [...CANARIES, 'Zhang', '3.7E+17']) assert.ok(!all.includes(canary), canary);
});

test('a list that cannot be read is refused with what to do', async () => {
	for (const [bytes, said] of [
		['', /Choose another|empty/], ['姓名,线上学时\r\nt1,1\r\n', /no heading 残疾人证号, 培训机构/], [list(), /There is no row/], [`${list()}"open`, /Row 2: a quotation mark is not closed/],
		[Buffer.from([0xff, 0xff, 0xff]), /This is no list/], [list(...Array(10001).fill(Array(12).fill('x'))), /more than 10000 rows/],
	]) {
		const reply = await compare('province', PLAIN, bytes);
		assert.equal(reply.status, 422);
		assert.match(textOf(reply), said);
	}
	assert.equal((await compare('province', 'none', list())).status, 422);
});

test('each sees and removes what is of her own region', async () => {
	const at = compared.headers.location, map = await newMap('Ours', PLAIN);
	for (const address of [at, `${at}/findings.csv`, `${at}/remove`, `/exchange/maps/${map}`, `/exchange/maps/${map}/columns/1`, `/exchange/maps/${map}/remove`]) {
		assert.equal((await county.page('fujian', address)).status, 404, address);
		assert.equal((await county.page('admin', address)).status, 200, address);
		for (const who of ['auditor', 'staff', 't1']) assert.equal((await county.page(who, address)).status, 403, address);
	}
	assert.equal((await county.page('fujian', `/exchange/maps/${PLAIN}`)).status, 200);
	assert.equal((await county.page('fujian', `/exchange/maps/${PLAIN}/remove`)).status, 404);
	assert.equal((await sendForm(client('province'), `${at}/remove`, {})).status, 303);
	assert.equal((await county.page('province', at)).status, 404);
});
