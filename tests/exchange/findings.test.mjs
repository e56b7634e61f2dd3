// What stands out in the records: on the server that counted them, and where they were handed in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readCsv } from '../bank/lib/bank.mjs';
import { CANARIES, County, NUMBER, Province, acquaint, textOf } from './lib/office.mjs';

const county = new County(), province = new Province();

before(async () => {
	await county.start();
	await province.start();
	await county.pupils(['t1', 't2']);
	await county.bank.finished(['t1', 't2']);
	await county.number('t1', NUMBER);
	await acquaint(county, province);
});
after(async () => {
	await county.stop();
	await province.stop();
});

const rows = async (office, who) => {
	const reply = await office.client(who).ask('GET', '/exchange/findings.csv', undefined, { 'Accept-Language': 'en' });
	assert.equal(reply.status, 200, reply.text);
	return readCsv(reply.text);
};

test('a finding says its code, where, what it means and how to mend it', async () => {
	const [head, ...found] = await rows(county, 'province');
	assert.deepEqual(head, ['Code', 'What it means', 'Trainee', 'Training programme', 'Institution', 'Server', 'How to mend it']);
	assert.deepEqual(found.map((row) => row.slice(0, 6)), [['M1', 'No certificate number is recorded', 't2', 'Massage, beginners', 'Base', 'this server']]);
	const page = textOf(await county.page('province', '/exchange/findings'));
	assert.match(page, /Records that were looked at: 2\. Findings: 1\..*M1 No certificate number is recorded t2/);
	assert.deepEqual((await rows(province, 'province')).slice(1), []);
});

test('what was handed in is looked at as well, by who looks after the region', async () => {
	assert.equal((await province.handIn('province', await county.bundle('province', 'Province'))).status, 303);
	assert.deepEqual((await rows(province, 'province')).slice(1).map((row) => [row[0], row[2], row[5]]), [['M1', 't2', 'Jinan County']]);
	assert.deepEqual((await rows(province, 'fujian')).slice(1), []);
	for (const address of ['/exchange/findings', '/exchange/findings.csv']) for (const who of ['pupil', 'auditor']) assert.equal((await province.page(who, address)).status, 403);
	const page = (await province.page('province', '/exchange/findings')).text;
	for (const canary of CANARIES) assert.ok(!page.includes(canary));
});
