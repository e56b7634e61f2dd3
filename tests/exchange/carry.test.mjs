// What a county's server counted reaches the province's in files: once, in whatever order, and nobody else can read it on the way.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { program } from '../hours/lib/school.mjs';
import { sendForm } from '../scenes/lib/forms.mjs';
import { CANARIES, County, NUMBER, OTHER, Province, acquaint, textOf } from './lib/office.mjs';

const county = new County(), province = new Province();
let cohort, files;

before(async () => {
	await county.start();
	await province.start();
	await county.pupils(['t1', 't2', 't3']);
	cohort = await county.bank.finished(['t1', 't2', 't3']);
	await county.number('t1', NUMBER);
	await county.number('t2', OTHER);
	await county.bank.issue('t1', cohort);
});
after(async () => {
	await county.stop();
	await province.stop();
});

test('a server is known by its card, which two people compare by a number', async () => {
	assert.match(textOf(await county.page('province')), /No other server is known here yet/);
	assert.match((await county.enter('', '999999', 'curbcut-server/v1 of something')).text, /id="name-error"[^]*id="region-error"[^]*id="card-error"/);
	assert.match((await county.enter('Itself', '370000', await county.card())).text, /This is the card of this server itself/);
	await acquaint(county, province);
	const check = /<p[^>]*>(\d{4} \d{4} \d{4} \d{4})</.exec((await county.page('admin')).text)[1];
	assert.match(textOf(await province.page('admin', '/exchange/servers')), new RegExp(`Jinan County Jinan ${check}`));
	assert.match((await province.enter('Twice', '370100', await county.card())).text, /Jinan County has this card already/);
	assert.equal((await county.page('province', '/exchange/servers')).status, 403);
});

test('a bundle has what differs from the last one, and is the same file each time', async () => {
	files = [await county.make('province', 'Province')];
	const refused = await sendForm(county.client('province'), '/exchange', { server: await county.serverId('Province') }, '/exchange/out');
	assert.equal(refused.status, 422);
	assert.match(refused.text, /Nothing has changed since the last bundle/);
	await county.bank.issue('t2', cohort);
	files.push(await county.make('province', 'Province'));
	await county.bank.issue('t3', cohort);
	files.push(await county.make('province', 'Province'));
	for (const [i, records] of [3, 1, 1].entries()) {
		const bytes = await county.file('province', files[i]);
		assert.deepEqual(await county.file('province', files[i]), bytes);
		assert.match(bytes.toString('latin1'), new RegExp(`^curbcut-bundle/v1\n[^]*\nsequence ${i + 1}\n[^]*\nrecords ${records}\n`));
		files[i] = bytes;
	}
});

test('bundles are taken in whatever order they come; one that is missing is named', async () => {
	const reply = await province.handIn('province', files[2]);
	assert.equal(reply.status, 303);
	const arrived = textOf(await province.page('province', reply.headers.location));
	assert.match(arrived, /Bundle 3 of Jinan County was applied.*Records in it 1 Records that it changed here 1/);
	const page = textOf(await province.page('province'));
	assert.match(page, /Bundle 1 of Jinan County is missing Bundle 2 of Jinan County is missing/);
	const by = await province.post('admin', files[0]);
	assert.equal(by.status, 201, by.text);
	assert.deepEqual([by.json.server, by.json.sequence, by.json.records, by.json.changed], ['Jinan County', 1, 3, 2]);
	assert.match(textOf(await province.page('province')), /Bundle 2 of Jinan County is missing/);
	assert.equal((await province.handIn('province', files[1])).status, 303);
	assert.doesNotMatch(textOf(await province.page('province')), /is missing/);
});

test('the records say what the county counted, and change nothing here', async () => {
	const rows = await province.records('province', 'Jinan County');
	assert.deepEqual(rows.map((row) => row.slice(0, 7)), ['t1', 't2', 't3'].map((name) => [name, 'Massage, beginners', 'Base', '0.04', '0.06', '0.1 of 0.1', 'passed']));
	for (const row of rows) assert.match(row[7], /^issued on /);
	assert.deepEqual((await province.records('auditor', 'Jinan County')).map(([name]) => name), ['t …', 't …', 't …']);
	assert.equal((await province.page('pupil')).status, 403);
	const other = (await province.page('province')).text.match(/\/exchange\/(?:from|in)\/[0-9a-f-]{36}/g);
	for (const address of new Set(other)) assert.equal((await province.page('fujian', address)).status, 404, address);
	assert.doesNotMatch(textOf(await province.page('fujian')), /Records of Jinan/);
});

test('a bundle that comes again changes nothing, and says so', async () => {
	for (const bytes of files) {
		const page = await province.handIn('province', bytes);
		assert.equal(page.status, 409);
		assert.match(page.text, /id="file-error"[^]*is in already: nothing was changed/);
		const by = await province.post('province', bytes);
		assert.equal(by.status, 409);
		assert.match(by.headers['content-type'], /application\/problem\+json/);
		assert.match(by.json.detail, /number \d of Jinan County, is in already/);
	}
	assert.equal((await province.records('province', 'Jinan County')).length, 3);
});

test('a certificate that was withdrawn is none in the next bundle', async () => {
	const held = /href="(\/certificates\/[0-9a-f-]{36})"/.exec((await county.page('staff', `/certificates/class/${cohort}`)).text.split(county.bank.id('t1'))[1])[1];
	assert.equal((await sendForm(county.client('staff'), `${held}/withdraw`, { reason: 'Hours of another trainee' })).status, 303);
	assert.equal((await sendForm(county.client('colleague'), `${held}/withdraw`, {}, `${held}/withdraw/countersign`)).status, 303);
	assert.equal((await province.handIn('province', await county.bundle('province', 'Province'))).status, 303);
	const rows = await province.records('province', 'Jinan County');
	assert.deepEqual(rows.map((row) => row[7].split(' ')[0]), ['none', 'issued', 'issued']);
});

test('both ledgers have it, without a name; the doctors find nothing', async () => {
	const out = await county.bank.ledger('exchange_out', 4);
	assert.deepEqual(out.facts.filter(({ kind }) => kind === 'exchange_out').map(({ sequence, records }) => [sequence, records]), [[1, 3], [2, 1], [3, 1], [4, 1]]);
	assert.ok(!out.bytes.includes('Massage'));
	for (const { school } of [county, province]) {
		const doctor = spawnSync(program, ['doctor', '--data', path.join(school.data, 'data')], { encoding: 'utf8' });
		assert.match(doctor.stdout, /Nothing is damaged/);
	}
});

test('a certificate number stands nowhere in plain: not in a file, a database, a log', async () => {
	const page = Buffer.from((await province.page('province')).text);
	for (const [what, bytes] of [['the bundle', Buffer.concat(files)], ['the county', county.everything()], ['the province', province.everything()], ['the page', page]])
		for (const canary of CANARIES) {
			assert.ok(!bytes.includes(canary), `${what} has ${canary}`);
			assert.ok(!bytes.includes(Buffer.from(canary).toString('hex')), `${what} has ${canary} in hex`);
		}
	for (const word of ['Massage', 't1\t', 'Base']) assert.ok(!Buffer.concat(files).includes(word), `the bundle shows ${word}`);
});

test('all can be told anew; a file is written again when the ledger has another key', async () => {
	const address = await county.make('province', 'Province', { anew: 'yes' }), before = await county.file('province', address);
	assert.match(before.toString('latin1'), /\nsequence 5\n[^]*\nrecords 3\n/);
	county.school.command('ledger', 'rotate', '--reason', 'Every year');
	const asked = await province.enter('Jinan County', '370100', await county.card());
	assert.equal(asked.status, 400);
	assert.match(asked.text, /id="replace-error"[^]*A server of this name is known here/);
	assert.equal((await province.enter('Jinan County', '370100', await county.card(), { replace: 'yes' })).status, 303);
	assert.equal((await province.enter('Jinan County', '370100', await county.card())).status, 303); // the same again
	assert.match((await province.post('province', before)).json.detail, /ledger of Jinan County does not show this bundle/);
	const after = await county.file('province', address);
	assert.deepEqual(await county.file('province', address), after);
	const reply = await province.post('province', after);
	assert.equal(reply.status, 201, reply.text);
	assert.deepEqual([reply.json.sequence, reply.json.records, reply.json.changed], [5, 3, 3]);
});

test('who is trusted no more is refused; what it handed in stays', async () => {
	const before = await province.records('province', 'Jinan County');
	const server = await province.serverId('Jinan County', '/exchange/servers');
	const none = await sendForm(province.client('admin'), '/exchange/servers', {}, '/exchange/servers/end');
	assert.equal(none.status, 400); // the first choice is none
	assert.match(none.text, /id="server-error"[^]*Choose the server that is trusted no more/);
	assert.equal((await sendForm(province.client('admin'), '/exchange/servers', { server }, '/exchange/servers/end')).status, 303);
	const refused = await province.post('province', files[0]);
	assert.equal(refused.status, 422);
	assert.match(refused.json.detail, /key is not known here/);
	assert.deepEqual(await province.records('province', 'Jinan County'), before);
	assert.match(textOf(await province.page('admin', '/changes')), /ended the trust in the server Jinan County/);
	const again = await province.enter('Jinan County', '370100', await county.card());
	assert.equal(again.status, 400);
	assert.match(again.text, /id="replace-error"/);
});
