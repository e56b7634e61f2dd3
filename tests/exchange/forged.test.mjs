// Bundles that are cut, changed, of nobody known, or for somebody else: refused with a word of what to do, and nothing is changed.
import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { County, Province, acquaint, textOf } from './lib/office.mjs';

const CUTS = 20, FLIPS = 200, SIGNATURE = 64;
const county = new County(), province = new Province(), third = new Province();
let bytes;

before(async () => {
	await county.start();
	await province.start();
	await third.start();
	await county.bank.finished(['t1', 't2']);
	await acquaint(county, province);
	bytes = await county.bundle('province', 'Province');
});
after(async () => {
	await county.stop();
	await province.stop();
	await third.stop();
});

const nothingCame = async (office = province) => assert.match(textOf(await office.page('province')), /No bundle has come in yet/);

async function refused(what, sent, said, office = province) {
	const reply = await office.post('province', sent);
	assert.ok([400, 413, 422].includes(reply.status), `${what}: ${reply.status} ${reply.text}`);
	assert.match(reply.headers['content-type'], /application\/problem\+json/, what);
	assert.match(reply.json.detail, said, what);
}

test('cut off at twenty places', async () => {
	for (let i = 0; i < CUTS; i++) await refused(`cut ${i}`, bytes.subarray(0, Math.floor((bytes.length * i) / CUTS)), /cut off|no bundle/);
	await refused('without its last byte', bytes.subarray(0, -1), /cut off/);
	const page = await province.handIn('province', bytes.subarray(0, -1));
	assert.equal(page.status, 400);
	assert.match(page.text, /id="file-error"[^]*cut off: copy the file again/);
	await nothingCame();
});

test('one byte changed, at two hundred places', async () => {
	for (let i = 0; i < FLIPS; i++) {
		const changed = Buffer.from(bytes), at = Math.floor((bytes.length * i) / FLIPS);
		changed[at] ^= 1 << i % 8;
		await refused(`byte ${at}`, changed, /no bundle|cut off|changed|forged|not known here/);
	}
	await refused('something behind it', Buffer.concat([bytes, Buffer.from('x')]), /changed on its way/);
	await nothingCame();
});

// Signed anew, as whoever has a key of her own and the format can do it.
function forged(from) {
	const { privateKey } = from, raw = createPublicKey(privateKey).export({ format: 'jwk' }).x;
	const body = bytes.subarray(0, -SIGNATURE).toString('latin1').replace(/^from .*$/m, `from ${Buffer.from(raw, 'base64url').toString('hex')}`);
	const text = Buffer.from(body, 'latin1');
	return Buffer.concat([text, sign(null, text, privateKey)]);
}

test('signed by a key that nobody entered', async () => {
	const privateKey = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]), format: 'der', type: 'pkcs8' });
	await refused('a key of its own', forged({ privateKey }), /key is not known here.*administrator enters that server's card/);
	const page = await province.handIn('province', forged({ privateKey }));
	assert.equal(page.status, 422);
	assert.match(page.text, /id="file-error"[^]*key is not known here/);
	await nothingCame();
});

test('for another server', async () => {
	assert.equal((await third.enter('Jinan County', '370100', await county.card())).status, 303);
	await refused('the province’s', bytes, /is for another server/, third);
	await nothingCame(third);
});

test('of a region that somebody else looks after', async () => {
	const reply = await province.post('fujian', bytes);
	assert.equal(reply.status, 422);
	assert.match(reply.json.detail, /not in your region/);
	assert.equal((await province.post('pupil', bytes)).status, 403);
	assert.equal((await province.post('auditor', bytes)).status, 403);
	await nothingCame();
});

test('when its ledger has another key than its card says', async () => {
	const card = await county.card(), other = await third.card();
	const mixed = [...card.split(' ').slice(0, 3), other.split(' ')[3]].join(' ');
	assert.equal((await province.enter('Jinan County', '370100', mixed, { replace: 'yes' })).status, 303);
	await refused('under another ledger key', bytes, /ledger of Jinan County does not show this bundle/);
	await nothingCame();
	assert.equal((await province.enter('Jinan County', '370100', card, { replace: 'yes' })).status, 303);
	assert.equal((await province.post('province', bytes)).status, 201);
});

test('what is too large, empty, or no file', async () => {
	assert.equal((await province.post('province', Buffer.alloc((1 << 20) + 8192))).status, 413);
	await refused('nothing', Buffer.alloc(0), /no bundle/);
	for (const [name, sent, said] of [['', Buffer.alloc(0), /Choose the file/], ['a.curb-bundle', Buffer.alloc(0), /is empty/], ['a.zip', Buffer.from('PK\x03\x04'), /no bundle/]]) {
		const page = await province.handIn('province', sent, name);
		assert.equal(page.status, 400, name);
		assert.match(page.text, said);
	}
});
