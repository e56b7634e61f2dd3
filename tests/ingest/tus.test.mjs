// Resumable uploads, as tus 1.0 wants them and as bad lines make them.
// Threads meet: uploads beside each other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomBytes } from 'node:crypto';
import { House } from './lib/house.mjs';
import { TUS, path, sum } from './lib/tus.mjs';

let house, mine, theirs;

before(async () => {
	house = await House.open();
	mine = house.uploads('author');
	theirs = house.uploads('other');
});

after(() => house?.close());

async function fresh(length, name) {
	const made = await mine.create(length, name);
	assert.equal(made.status, 201, made.text);
	return path(made);
}

async function stands(address, offset, length) {
	const head = await mine.head(address);
	assert.equal(head.status, 204);
	assert.equal(head.offset, offset);
	assert.equal(head.headers.get('upload-length'), String(length));
	assert.equal(head.headers.get('cache-control'), 'no-store');
	assert.equal(head.headers.get('tus-resumable'), '1.0.0');
}

test('OPTIONS tells what is spoken here, to anybody', async () => {
	const reply = await fetch(`${house.origin}/files`, { method: 'OPTIONS' });
	assert.equal(reply.status, 204);
	assert.equal(reply.headers.get('tus-version'), '1.0.0');
	assert.equal(reply.headers.get('tus-extension'), 'creation,termination,checksum,expiration');
	assert.equal(reply.headers.get('tus-checksum-algorithm'), 'sha1,sha256');
	assert.ok(Number(reply.headers.get('tus-max-size')) > 0);
});

test('an upload in parts: created, asked about, sent, whole', async () => {
	const bytes = randomBytes(300000), made = await mine.create(bytes.length, '课程.zip');
	assert.equal(made.status, 201);
	assert.match(path(made), /^\/files\/[0-9a-f-]{36}$/);
	assert.ok(Date.parse(made.headers.get('upload-expires')) > house.clock.wall);
	const address = path(made);
	await stands(address, 0, bytes.length);
	let at = 0;
	for (const part of [1, 65536, 100000, bytes.length - 165537]) { // in memory, at the bound, spooled, the rest
		const sent = await mine.patch(address, at, bytes.subarray(at, at + part));
		assert.equal(sent.status, 204, sent.text);
		at += part;
		assert.equal(sent.offset, at);
		await stands(address, at, bytes.length);
	}
});

test('an empty file is whole at once', async () => {
	await stands(await fresh(0), 0, 0);
});

test('a part from the wrong place is 409 and keeps nothing', async () => {
	const address = await fresh(100);
	for (const offset of [1, 50, 100, 101]) assert.equal((await mine.patch(address, offset, Buffer.alloc(10))).status, 409);
	await stands(address, 0, 100);
	await mine.patch(address, 0, Buffer.alloc(40));
	assert.equal((await mine.patch(address, 0, Buffer.alloc(10))).status, 409);
	await stands(address, 40, 100);
});

test('what a part must have: offset, type, version', async () => {
	const address = await fresh(100);
	const part = { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' };
	assert.equal((await mine.ask('PATCH', address, { ...part, 'Content-Type': 'text/plain' }, 'x')).status, 415);
	for (const offset of ['-1', 'x', '1e3', '']) assert.equal((await mine.ask('PATCH', address, { ...part, 'Upload-Offset': offset }, 'x')).status, 400, offset);
	for (const [method, where] of [['PATCH', address], ['HEAD', address], ['DELETE', address], ['POST', '/files']]) {
		const reply = await mine.ask(method, where, { ...part, 'Upload-Length': '5', 'Tus-Resumable': '0.2.2' }, method === 'PATCH' ? 'x' : undefined);
		assert.equal(reply.status, 412, method);
		assert.equal(reply.headers.get('tus-version'), '1.0.0');
	}
	await stands(address, 0, 100);
});

test('an upload needs a length that is taken', async () => {
	for (const length of ['', '-1', 'x', '9999999999999999999999']) assert.equal((await mine.create(length)).status, 400, length);
	assert.equal((await mine.create(String(2 ** 50))).status, 413);
	assert.equal((await mine.create(1, 'a'.repeat(256))).status, 400);
	assert.equal((await mine.ask('POST', '/files', { 'Upload-Length': '1' })).status, 201); // without a name
	assert.equal((await mine.ask('POST', '/files', { 'Upload-Length': '1', 'Upload-Metadata': 'filename !!!' })).status, 201);
});

test('bytes beyond the announced length are 413 and none of them is kept', async () => {
	const address = await fresh(100);
	await mine.patch(address, 0, Buffer.alloc(90));
	assert.equal((await mine.patch(address, 90, Buffer.alloc(11))).status, 413);
	await stands(address, 90, 100);
	assert.equal((await mine.patch(address, 90, Buffer.alloc(10))).status, 204);
});

test('checksums: right ones are taken, wrong ones are 460, unknown kinds are 400', async () => {
	const address = await fresh(200000), bytes = randomBytes(200000);
	assert.equal((await mine.patch(address, 0, bytes.subarray(0, 1000), { 'Upload-Checksum': sum('sha1', bytes.subarray(0, 1000)) })).status, 204);
	const rest = bytes.subarray(1000);
	assert.equal((await mine.patch(address, 1000, rest, { 'Upload-Checksum': sum('sha256', bytes) })).status, 460);
	for (const bad of ['md5 AAAA', 'sha256', 'sha1 ', '']) assert.ok([400, 460].includes((await mine.patch(address, 1000, rest, { 'Upload-Checksum': bad })).status), bad);
	await stands(address, 1000, 200000);
	assert.equal((await mine.patch(address, 1000, rest, { 'Upload-Checksum': sum('sha256', rest) })).status, 204);
	await stands(address, 200000, 200000);
});

test('what is not mine is not there', async () => {
	const address = await fresh(100), part = { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' };
	for (const method of ['HEAD', 'PATCH', 'DELETE']) {
		assert.equal((await theirs.ask(method, address, part, method === 'PATCH' ? 'x' : undefined)).status, 404, method);
		assert.equal((await mine.ask(method, '/files/00000000-0000-7000-8000-000000000000', part, method === 'PATCH' ? 'x' : undefined)).status, 404, method);
		assert.equal((await house.uploads('learner').ask(method, address, part, method === 'PATCH' ? 'x' : undefined)).status, 403, method);
		assert.equal((await fetch(house.origin + address, { method, headers: { ...TUS, ...part }, body: method === 'PATCH' ? 'x' : undefined })).status, 401, method);
	}
	assert.equal((await house.uploads('learner').create(1)).status, 403);
	await stands(address, 0, 100);
});

test('an ended upload is gone, its file too', async () => {
	const before = house.left(), address = await fresh(100);
	await mine.patch(address, 0, Buffer.alloc(50));
	assert.notDeepEqual(house.left(), before);
	assert.equal((await mine.ask('DELETE', address)).status, 204);
	assert.equal((await mine.head(address)).status, 404);
	assert.equal((await mine.ask('DELETE', address)).status, 404);
	assert.deepEqual(house.left(), before);
});

test('two parts at once: one is taken, and what is there is one of them whole', async () => {
	const address = await fresh(400000), [a, b] = [randomBytes(200000), randomBytes(200000)];
	const replies = await Promise.all([mine.patch(address, 0, a), mine.patch(address, 0, b)]);
	assert.deepEqual(replies.map((reply) => reply.status).sort(), [204, 409]);
	await stands(address, 200000, 400000);
});

test('a line that breaks in the middle of a part: what came is kept, and the upload goes on there', async () => {
	const bytes = randomBytes(500000), address = await fresh(bytes.length);
	for (const [from, came] of [[0, 100], [100, 150000]]) { // kept in memory; spooled
		const said = await mine.raw(address, from, bytes.length - from, bytes.subarray(from, from + came), { cut: true, headers: { 'Accept-Language': 'en' } });
		assert.match(said, /^HTTP\/1\.1 408 /);
		assert.match(said, new RegExp(`\r\nUpload-Offset: ${from + came}\r\n`));
		assert.match(said, /what came is kept/);
		await stands(address, from + came, bytes.length);
	}
	const at = 150100;
	assert.equal((await mine.patch(address, at, bytes.subarray(at), { 'Upload-Checksum': sum('sha256', bytes.subarray(at)) })).status, 204);
	await stands(address, bytes.length, bytes.length);
});

test('a broken part with a checksum, from the wrong place or too long keeps nothing', async () => {
	const address = await fresh(1000), bytes = randomBytes(1000);
	assert.match(await mine.raw(address, 0, 1000, bytes.subarray(0, 400), { cut: true, headers: { 'Upload-Checksum': sum('sha1', bytes) } }), /^HTTP\/1\.1 408 /);
	assert.match(await mine.raw(address, 7, 900, bytes.subarray(0, 400), { cut: true }), /^HTTP\/1\.1 409 /);
	assert.match(await mine.raw(address, 0, 5000, Buffer.alloc(1500), { cut: true }), /^HTTP\/1\.1 413 /);
	await stands(address, 0, 1000);
});

test('a client that asks first is told to go on', async () => {
	const address = await fresh(100);
	const said = await mine.raw(address, 0, 100, Buffer.alloc(100), { expect: true });
	assert.match(said, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 204 /);
	await stands(address, 100, 100);
});

test('kill -9 in the middle of a part: what HEAD tells is there, and the upload goes on to its end', async () => {
	const bytes = randomBytes(300000), address = await fresh(bytes.length);
	await mine.patch(address, 0, bytes.subarray(0, 100000));
	const half = mine.raw(address, 100000, 200000, bytes.subarray(100000, 200000)).catch(() => '');
	await house.cut();
	await half;
	await house.again();
	mine = house.uploads('author');
	theirs = house.uploads('other');
	const { offset } = await mine.head(address);
	assert.equal(offset, 100000);
	assert.equal((await mine.patch(address, offset, bytes.subarray(offset))).status, 204);
	await stands(address, bytes.length, bytes.length);
});

test('an upload expires: 410, and the next start removes it', async () => {
	const address = await fresh(100, 'late.mp4');
	await mine.patch(address, 0, Buffer.alloc(50));
	const files = house.left().length;
	house.clock.pass(7 * 86400 + 1);
	assert.equal((await mine.head(address)).status, 410);
	assert.equal((await mine.patch(address, 50, Buffer.alloc(50))).status, 410);
	await house.cut();
	await house.again();
	assert.equal((await house.uploads('author').head(address)).status, 404);
	assert.ok(house.left().length < files, house.left().join('\n'));
	assert.equal(house.left().filter((name) => name.startsWith('uploads/')).length, 0);
});
