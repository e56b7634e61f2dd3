// The page where anybody checks a receipt; another key of a healthy ledger, announced under the old one; and a receipt that tells a
// server that its database was put back.
// Threads meet: what is signed beside the writer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from '../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse, program } from '../hours/lib/school.mjs';
import { leaf, readCheckpoint, readKey, readProof } from './lib/tree.mjs';
import { body as bodyOf, signer } from './lib/witness.mjs';

let clock, school, course, files, cohort, play, first, oldKey;
let at = 0;

before(async () => {
	clock = new Clock();
	files = folder('check');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	await school.people(1);
	course = await school.course(makeCourse(files, { units: 2, seconds: 600, hours: 0.2 }));
	cohort = await school.cohort(course, { total: 1, offline: 0.6 }, ['t1']);
	await open();
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

async function open() {
	const reply = await school.client('t1').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia('t1', reply.media);
	play = reply.play;
}

const learn = () => {
	clock.pass(10);
	at += 10;
	return school.client('t1').ask('POST', `/api/v1/plays/${play}/beats`, { seq: at, played: [[at - 10, at]], rate: 1, position: at });
};

async function receipt() {
	assert.equal((await learn()).status, 200);
	const { headers: { location } } = await school.client('t1').ask('POST', '/record/receipts', { cohort });
	const { text } = await school.client('t1').ask('GET', `${location}/file`);
	assert.ok(text.startsWith('c2sp.org/tlog-proof@v1\n'), text);
	return text;
}

const told = ({ text }) => /<p class="title">([^<]*)</.exec(text)?.[1];
async function visit() {
	const visitor = new Visitor(school.origin, { lang: 'en' }), page = await visitor.get('/ledger/check');
	assert.equal(page.status, 200);
	return { visitor, page, csrf: /name="csrf" value="([^"]+)"/.exec(page.text)[1] };
}
async function byText(text) {
	const { visitor, csrf } = await visit();
	return visitor.post('/ledger/check/text', [['csrf', csrf], ['text', text]]);
}
async function byFile(bytes, name = 'receipt.tlog-proof') {
	const { visitor, csrf } = await visit();
	return visitor.send('/ledger/check/file', [['csrf', csrf], ['file', { name, bytes: Buffer.from(bytes) }]]);
}
const restart = async () => {
	await school.start();
	for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
};
const run = (...args) => spawnSync(program, ['ledger', ...args], { encoding: 'utf8' });
const data = () => path.join(school.data, 'data');

test('the page says what the ledger is and how far it is signed', async () => {
	const { page: { text } } = await visit(), key = readKey((await new Client(school.origin).ask('GET', '/ledger/key')).text);
	for (const word of ['What the ledger is', key.name, 'No witness is named for this server yet']) assert.ok(text.includes(word), word);
});

test('a receipt stands, as a file and as text, whatever a form does to its line ends', async () => {
	first = await receipt();
	for (const reply of [await byFile(first), await byText(first), await byText(first.replaceAll('\n', '\r\n')), await byText(`\n  ${first.trim()}`)]) {
		assert.equal(reply.status, 200);
		assert.equal(told(reply), 'This receipt stands');
		assert.match(reply.text, /\nonline: 10\n/);
	}
});

test('what was changed, is of another ledger, or is none, is told apart', async () => {
	const { index } = readProof(first), lines = first.split('\n');
	const changes = [
		first.replace(/^extra (.{30})(.)/m, (all, head, one) => `extra ${head}${one === 'A' ? 'B' : 'A'}`),
		first.replace(`index ${index}\n`, `index ${index ? index - 1 : 1}\n`),
		first.replace(/\n(\d+)\n/, (all, size) => `\n${Number(size) + 1}\n`),
		first.replace(/(— \S+ .{20})(.)/, (all, head, one) => `${head}${one === 'A' ? 'B' : 'A'}`),
		first.replace(/^extra .*\n/m, ''),
	];
	for (const text of changes) {
		assert.notEqual(text, first);
		const reply = await byText(text);
		assert.equal(told(reply), 'This receipt was changed', text);
		assert.doesNotMatch(reply.text, /What the entry says/);
	}
	const other = signer('elsewhere.example/ledger', 'elsewhere'), body = `elsewhere.example/ledger\n1\n${Buffer.alloc(32).toString('base64')}\n`;
	const reply = await byText(`c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\n${body}\n${other.line(body)}`);
	assert.equal(told(reply), 'This receipt is of another ledger');
	assert.match(reply.text, /elsewhere\.example\/ledger/);
	for (const text of ['hello', lines[0], lines.slice(0, 3).join('\n'), '{}', '\u0001', `x${first}`, first.replace('index ', 'index 0')]) assert.equal(told(await byText(text)), 'This is not a receipt', text);
	assert.match((await byText(' ')).text, /Paste the text of the receipt here/);
	assert.match((await byFile('')).text, /This file is empty|Choose the file/);
	assert.match((await byFile('x', '')).text, /Choose the file that ends in \.tlog-proof first/);
	for (const size of [50000, 70000, 300000]) assert.equal((await byFile('A'.repeat(size))).status, 413);
	assert.equal((await byText('A'.repeat(70000))).status, 413);
	assert.equal(told(await byFile(Buffer.from([0, 255, 254, 10, 0]))), 'This is not a receipt');
});

test('another key is announced under the old one; who knows either verifies all of it', async () => {
	const to = path.join(files, 'exported');
	oldKey = (await new Client(school.origin).ask('GET', '/ledger/key')).text.trim();
	assert.equal(run('export', '--data', data(), to).status, 0);
	assert.match(run('rotate', '--data', data()).stderr, /--reason is needed/);
	const done = run('rotate', '--data', data(), '--reason', 'Every year');
	assert.equal(done.status, 0, done.stderr);
	const newKey = done.stdout.trim();
	assert.match(done.stderr, /log KEY/);
	assert.equal((await new Client(school.origin).ask('GET', '/ledger/key')).text.trim(), newKey);
	assert.equal(readKey(newKey).name, readKey(oldKey).name);
	assert.notEqual(readKey(newKey).id, readKey(oldKey).id);
	const both = (await new Client(school.origin).ask('GET', '/ledger/checkpoint')).text;
	assert.ok(readCheckpoint(both, readKey(oldKey)).ok && readCheckpoint(both, readKey(newKey)).ok, both);

	const second = await receipt();
	assert.ok(readCheckpoint(readProof(second).checkpoint, readKey(newKey)).ok && !readCheckpoint(readProof(second).checkpoint, readKey(oldKey)).ok);
	for (const text of [first, second]) assert.equal(told(await byText(text)), 'This receipt stands');
	assert.equal(run('export', '--data', data(), to).status, 0, 'the same folder goes on');
	for (const key of [oldKey, newKey]) {
		const verified = run('verify', '--key', key, to);
		assert.equal(verified.status, 0, verified.stdout + verified.stderr);
		assert.match(verified.stdout, /its key changed 1 times; each new key was announced under the old one and signed by both/);
	}
	assert.equal(run('verify', '--key', signer(readKey(oldKey).name, 'another').text, to).status, 1);
	const handover = path.join(to, 'handover/1'), good = readFileSync(handover, 'utf8');
	for (const wrong of [good.replace(/^extra (.{40})(.)/m, (all, head, one) => `extra ${head}${one === 'A' ? 'B' : 'A'}`), good.replace(/— [^\n]*\n$/, ''), good.replace(/(\n\n[^—]*)— [^\n]*\n/, '$1'), first, 'x']) {
		writeFileSync(handover, wrong);
		assert.equal(run('verify', '--key', oldKey, to).status, 1, wrong);
	}
	rmSync(handover);
	assert.equal(run('verify', '--key', oldKey, to).status, 1, 'without the proof of the change the old key says nothing');
	writeFileSync(handover, good);
});

// What whoever has a key can make: a receipt whose entry is the last of a tree of 2^n + 1, of which one hash is all that is left of it.
function forged(by, size) {
	const { entry } = readProof(first), left = createHash('sha256').update('left').digest();
	const body = bodyOf(by.name, size, createHash('sha256').update(Buffer.of(1)).update(left).update(leaf(entry)).digest());
	return `c2sp.org/tlog-proof@v1\nextra ${entry.toString('base64')}\nindex ${size - 1}\n${left.toString('base64')}\n\n${body}\n${by.line(body)}`;
}
const state = async () => (await new Client(school.origin).ask('GET', '/healthz')).json.ledger.state;
const secretOf = (name) => {
	const [owner, hex] = readFileSync(path.join(data(), 'keys', name), 'utf8').trim().split(' ');
	return signer(owner, Buffer.from(hex, 'hex'));
};

test('a key that was replaced proves nothing of later entries, and one that nobody knows nothing at all', async () => {
	const stolen = secretOf(`ledger-${readKey(oldKey).id}`);
	assert.equal(stolen.text, oldKey);
	assert.equal(told(await byText(forged(stolen, 1025))), 'This receipt is signed by a key that was replaced');
	const unknown = signer(stolen.name, 'nobody');
	const reply = await byText(forged(unknown, 1025));
	assert.equal(told(reply), 'This receipt is signed with a key that this server does not know');
	assert.match(reply.text, /says that the ledger had 1025 entries; here it has \d+\./);
	const small = await byText(forged(unknown, 2));
	assert.equal(told(small), 'This receipt is signed with a key that this server does not know');
	assert.doesNotMatch(small.text, /entries; here it has/);
	assert.equal(told(await byText(forged(unknown, 1025).replace('index 1024', 'index 1023'))), 'This receipt was changed', 'whoever signed it');
	assert.equal(await state(), 'ok');
	assert.equal(told(await byText(first)), 'This receipt stands');
});

test('the new key outlives the process', async () => {
	const key = (await new Client(school.origin).ask('GET', '/ledger/key')).text.trim();
	await school.cut();
	await restart();
	assert.equal((await new Client(school.origin).ask('GET', '/healthz')).json.ledger.state, 'ok');
	assert.equal((await new Client(school.origin).ask('GET', '/ledger/key')).text.trim(), key);
	assert.equal((await learn()).status, 200);
	assert.ok(!existsSync(path.join(data(), 'keys/ledger-next')));
});

test('a key that could not be put in its place signs all the same, and the next start puts it there', async () => {
	const before = secretOf('ledger'), file = readFileSync(path.join(data(), 'keys/ledger')), aside = path.join(data(), `keys/ledger-${readKey(before.text).id}`);
	mkdirSync(aside); // where the old one is to be kept
	const failed = run('rotate', '--data', data(), '--reason', 'Every year');
	assert.equal(failed.status, 1, failed.stderr);
	const next = secretOf('ledger-next');
	const held = await receipt();
	assert.ok(readCheckpoint(readProof(held).checkpoint, readKey(next.text)).ok && !readCheckpoint(readProof(held).checkpoint, readKey(before.text)).ok);
	for (const done of [false, true]) {
		await school.cut();
		if (done) rmSync(aside, { recursive: true });
		await restart();
		assert.equal(await state(), 'ok');
		assert.equal((await new Client(school.origin).ask('GET', '/ledger/key')).text.trim(), next.text);
		assert.equal(existsSync(path.join(data(), 'keys/ledger-next')), !done);
	}
	assert.equal(secretOf('ledger').text, next.text);
	assert.equal(readFileSync(aside, 'utf8'), file.toString());

	// the folder of keys from an older copy: nothing is signed with what was replaced
	const good = readFileSync(path.join(data(), 'keys/ledger'));
	await school.cut();
	writeFileSync(path.join(data(), 'keys/ledger'), file);
	await restart();
	assert.equal(await state(), 'held');
	const refused = await learn();
	assert.equal(refused.status, 503);
	assert.match(refused.text, /密钥/);
	await school.cut();
	writeFileSync(path.join(data(), 'keys/ledger'), good);
	await restart();
	assert.equal(await state(), 'ok');
	assert.equal(told(await byText(held)), 'This receipt stands');
});

test('a receipt of entries that the database has no more is proof: nothing is counted from then on', async () => {
	const older = path.join(school.data, 'older');
	school.child.kill('SIGTERM');
	await school.ended;
	cpSync(data(), older, { recursive: true, filter: (name) => !name.endsWith('.sock') });
	await restart();
	const lost = await receipt();
	assert.equal(run('rotate', '--data', data(), '--reason', 'Every year').status, 0);
	const newer = await receipt();
	await school.cut();
	rmSync(data(), { recursive: true });
	cpSync(older, data(), { recursive: true });
	await restart();
	assert.equal((await new Client(school.origin).ask('GET', '/healthz')).json.ledger.state, 'ok', 'nobody has told it yet');
	assert.equal(told(await byText(first)), 'This receipt stands');
	assert.equal(told(await byText(newer)), 'This receipt is signed with a key that this server does not know');
	assert.equal(await state(), 'ok', 'a key that nobody here knows is no proof');
	const reply = await byFile(lost);
	assert.equal(told(reply), 'This server signed it, and its ledger has it no more');
	assert.equal((await new Client(school.origin).ask('GET', '/healthz')).json.ledger.state, 'held');
	assert.equal((await learn()).status, 503);
	const page = await school.client('t1').ask('GET', '/record', undefined, { Accept: 'text/html', 'Accept-Language': 'en' });
	assert.match(page.text, /Hours cannot be recorded now/);
	assert.match((await visit()).page.text, /No hours are counted now/);

	// nobody here is an auditor: whoever runs the machine decides
	assert.equal(run('renew', '--data', data(), '--reason', 'The copy is of last night').status, 0);
	assert.equal((await learn()).status, 200);
	assert.equal(told(await byText(lost)), 'This server signed it, and went on without it later');
	assert.equal(told(await byText(first)), 'This receipt stands');
});
