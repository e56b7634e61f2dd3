// Who is no longer told of is forgotten where she was told of: a trainee whose account is closed, and all that a server handed in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendForm } from '../scenes/lib/forms.mjs';
import { County, NUMBER, Province, acquaint, textOf } from './lib/office.mjs';

const county = new County(), province = new Province();
let first;

before(async () => {
	await county.start();
	await province.start();
	await county.pupils(['t1', 't2']);
	await county.bank.finished(['t1', 't2']);
	await county.number('t2', NUMBER);
	await acquaint(county, province);
	first = await county.bundle('province', 'Province');
});
after(async () => {
	await county.stop();
	await province.stop();
});

const names = async () => (await province.records('province', 'Jinan County')).map(([name]) => name);

test('whose account is closed goes from the records there; an older bundle does not bring her back', async () => {
	const second = await county.bundle('province', 'Province', { anew: 'yes' });
	assert.equal((await province.post('province', second)).status, 201);
	assert.deepEqual(await names(), ['t1', 't2']);
	const english = { 'Accept-Language': 'en' };
	const asked = await county.client('staff').ask('POST', '/api/v1/moves', { kind: 'erase', trainee: county.bank.id('t2'), reason: 'She moves away' }, english);
	assert.equal(asked.status, 201, asked.text);
	await county.school.account('second', 'staff', ['--institution', county.school.institution]);
	const agreed = await county.client('second').ask('POST', `/api/v1/moves/${asked.json.id}/decision`, { decision: 'agree' }, english);
	assert.equal(agreed.status, 200, agreed.text);
	const third = await county.bundle('province', 'Province');
	assert.match(third.toString('latin1'), /\nsequence 3\n[^]*\nrecords 1\n/);
	assert.equal((await province.post('province', third)).status, 201);
	assert.deepEqual(await names(), ['t1']);
	assert.equal((await province.post('province', first)).status, 201);
	assert.deepEqual(await names(), ['t1']);
	const again = await sendForm(county.client('province'), '/exchange', { server: await county.serverId('Province') }, '/exchange/out');
	assert.match(again.text, /Nothing has changed since the last bundle/);
});

test('an administrator deletes what a server handed in, and says so twice', async () => {
	const whose = await province.serverId('Jinan County', '/exchange/servers');
	const send = (fields, who = 'admin') => sendForm(province.client(who), '/exchange/servers', fields, '/exchange/servers/forget');
	assert.match((await send({ whose: '' })).text, /id="whose-error"[^]*id="sure-error"/);
	const unsure = await send({ whose });
	assert.equal(unsure.status, 400);
	assert.doesNotMatch(unsure.text, /id="whose-error"/);
	assert.match(unsure.text, new RegExp(`<option value="${whose}" selected>`));
	assert.deepEqual(await names(), ['t1']);
	assert.equal((await send({ whose, sure: 'yes' })).status, 303);
	assert.deepEqual(await names(), []);
	assert.match(textOf(await province.page('admin', '/changes')), /deleted the records of the server Jinan County/);
	assert.equal((await send({ whose, sure: 'yes' })).status, 303);
	assert.equal(textOf(await province.page('admin', '/changes')).split('deleted the records of').length, 2); // once
	assert.equal((await province.post('province', await county.bundle('province', 'Province', { anew: 'yes' }))).status, 201);
	assert.deepEqual(await names(), ['t1']); // told again
});
