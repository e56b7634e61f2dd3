// A server and its witness elsewhere: checkpoints carry the witness's signature, receipts too; a witness that is gone stops
// nothing; and a server that was put back from an older copy of everything is told so by what the witness has seen.
// Threads meet: checkpoints are fetched and signed beside the writer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from '../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse } from '../hours/lib/school.mjs';
import { readCheckpoint, readCosignature, readKey, readProof } from './lib/tree.mjs';
import { Witness, signer } from './lib/witness.mjs';

let clock, school, course, files, cohort, play, keyText, key, witness;
let at = 0;
let crook, mode = (reply) => reply.writeHead(500).end(), asked = 0; // a second witness that answers as the test wants

before(async () => {
	clock = new Clock();
	files = folder('witnessed');
	witness = await new Witness('witness.example/federation').start();
	crook = http.createServer((request, reply) => request.resume().on('end', () => { asked++; mode(reply, request); })).listen(0, '127.0.0.1');
	await new Promise((resolve) => crook.once('listening', resolve));
	const policy = path.join(files, 'witnesses');
	writeFileSync(policy, `# one to begin with\nwitness federation ${witness.key} ${witness.origin}/\nwitness crook ${signer('crook.example', 'crook', 4).text} http://127.0.0.1:${crook.address().port}\nquorum federation\n`);
	school = await new School(clock, `checkpoint_s = 1\nwitnesses = ${policy}\n`).start();
	keyText = (await anyone().ask('GET', '/ledger/key')).text.trim();
	key = readKey(keyText);
	await witness.stop();
	witness.knows(keyText);
	await witness.start();
	await school.people(1);
	await school.account('admin', 'admin');
	course = await school.course(makeCourse(files, { units: 2, seconds: 600, hours: 0.2 }));
	cohort = await school.cohort(course, { total: 1, offline: 0.6 }, ['t1']);
	await open();
});

after(async () => {
	await school?.stop();
	await witness?.stop();
	witness?.remove();
	crook?.closeAllConnections();
	crook?.close();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const anyone = () => new Client(school.origin);
const health = async () => (await anyone().ask('GET', '/healthz')).json.ledger;
const bodyOf = (note) => note.slice(0, note.indexOf('\n\n') + 1);
const cosigned = (note) => readCosignature(note.slice(bodyOf(note).length + 1), bodyOf(note), witness.key).ok;

async function open() {
	const reply = await school.client('t1').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia('t1', reply.media);
	play = reply.play;
}

const learn = () => {
	clock.pass(2);
	at += 2;
	return school.client('t1').ask('POST', `/api/v1/plays/${play}/beats`, { seq: at, played: [[at - 2, at]], rate: 1, position: at });
};

async function until(what, good) {
	for (const late = Date.now() + 30000; Date.now() < late; await pause(50)) {
		const found = await what();
		if (good(found)) return found;
	}
	throw new Error(`not in time: ${JSON.stringify(await what())}\n${school.log.slice(-3000)}\n${witness.log}`);
}

const checkpoint = async () => (await anyone().ask('GET', '/ledger/checkpoint')).text;
const restart = async () => {
	await school.start();
	for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
};

test('a checkpoint carries the signature of the witness, and the health says how far that is', async () => {
	assert.equal((await learn()).status, 200);
	const note = await until(checkpoint, (text) => cosigned(text) && readCheckpoint(text, key).size >= 1);
	assert.ok(readCheckpoint(note, key).ok);
	const { state, entries, signed, witnessed, witnesses: [one] } = await until(health, (found) => found.state === 'ok');
	assert.deepEqual({ state, name: one.name, failing: one.failing }, { state: 'ok', name: 'witness.example/federation', failing: false });
	assert.ok(signed <= entries && witnessed === signed && one.size === signed && one.at_ms > 0);
	assert.match((await anyone().ask('GET', '/metrics')).text, new RegExp(`curbcut_ledger_witness_size\\{witness="0"\\} ${one.size}\n`));
});

test('so does a receipt, and a verifier of others takes it', { skip: !process.env.FOREIGN }, async () => {
	const { headers: { location } } = await school.client('t1').ask('POST', '/record/receipts', { cohort });
	const { text } = await school.client('t1').ask('GET', `${location}/file`), file = path.join(files, 'receipt');
	assert.ok(cosigned(readProof(text).checkpoint), text);
	writeFileSync(file, text);
	await until(checkpoint, cosigned);
	const seed = String(Math.floor(Math.random() * 2 ** 31));
	const done = spawnSync(process.env.FOREIGN, [school.origin, keyText, seed, file], { encoding: 'utf8', timeout: 120000, env: { ...process.env, WITNESS: witness.key } });
	assert.equal(done.status, 0, `seed ${seed}: ${done.stderr}`);
	assert.match(done.stdout, /the witness has cosigned/);
});

test('what the witness said outlives the process', async () => {
	const before = await until(checkpoint, cosigned);
	await school.cut();
	await restart();
	const after = await checkpoint();
	assert.equal(bodyOf(after), bodyOf(before));
	assert.ok(cosigned(after));
});

test('a witness that is gone stops nothing, is named, and catches up', async () => {
	await witness.cut();
	assert.equal((await learn()).status, 200);
	const found = await until(health, ({ state, witnesses: [one] }) => state === 'unwitnessed' && one.failing);
	const { headers: { location } } = await school.client('t1').ask('POST', '/record/receipts', { cohort });
	const { text } = await school.client('t1').ask('GET', `${location}/file`);
	assert.ok(readCheckpoint(readProof(text).checkpoint, key).ok && !cosigned(readProof(text).checkpoint), 'the receipt does without');
	const page = await school.client('admin').ask('GET', '/machine', undefined, { Accept: 'text/html', 'Accept-Language': 'en' });
	assert.match(page.text, /witness witness\.example\/federation does not sign/);
	await witness.start();
	const now = await until(health, ({ state }) => state === 'ok');
	assert.ok(now.witnessed > found.witnessed);
});

test('a witness that lies, babbles or hangs changes nothing and holds nobody up', async () => {
	const mine = signer('crook.example', 'crook', 4), huge = 'x'.repeat(1 << 20);
	const modes = [
		(reply) => reply.writeHead(200).end(huge),
		(reply) => reply.writeHead(200).end('— crook.example AAAA\n'),
		(reply) => reply.writeHead(200).end(mine.line('something else\n')),
		(reply) => reply.writeHead(409, { 'Content-Type': 'text/x.tlog.size' }).end('999999\n'),
		(reply) => reply.writeHead(409, { 'Content-Type': 'text/x.tlog.size' }).end('0\n'),
		(reply) => reply.writeHead(409).end('-1\n'),
		(reply) => reply.writeHead(422).end(),
		(reply) => reply.writeHead(302, { Location: `${school.origin}/ledger/checkpoint` }).end(),
		// a checkpoint larger than ours that our key did not sign is no evidence
		(reply, { url }) => (url.endsWith('/checkpoint') && !url.endsWith('add-checkpoint')
			? reply.writeHead(200).end(`${key.name}\n999999\n${Buffer.alloc(32).toString('base64')}\n\n${signer(key.name, 'crook').line('x\n')}`)
			: reply.writeHead(409).end('999999\n')),
		() => {}, // never answers
	];
	for (mode of modes) {
		const before = asked;
		await school.cut(); // it is asked at once behind a start
		await restart();
		await until(async () => asked, (n) => n > before);
		assert.equal((await learn()).status, 200);
		const found = await until(health, ({ state }) => state === 'ok');
		assert.equal(found.witnesses[1].size, 0);
	}
	const from = Date.now();
	school.child.kill('SIGTERM'); // with an answer outstanding
	await school.ended;
	assert.ok(Date.now() - from < 8000, `it took ${Date.now() - from} ms to stop`);
	mode = (reply) => reply.writeHead(500).end();
	await restart();
});

test('a server that was put back whole from an older copy counts nothing once the witness has told', async () => {
	const data = path.join(school.data, 'data'), older = path.join(school.data, 'older');
	school.child.kill('SIGTERM');
	await school.ended;
	cpSync(data, older, { recursive: true, filter: (name) => !name.endsWith('.sock') });
	await restart();
	assert.equal((await learn()).status, 200);
	const { witnessed } = await until(health, ({ state, entries, witnessed: n }) => state === 'ok' && n === entries);
	await school.cut();
	rmSync(data, { recursive: true });
	renameSync(older, data);
	await restart();
	await until(health, ({ state }) => state === 'held');
	const refused = await learn();
	assert.equal(refused.status, 503, refused.text);
	assert.match(refused.text, /比账本最后一次签名时旧/);
	assert.equal(Number((await checkpoint()).split('\n')[1]), witnessed, 'what it signed once is shown as evidence');

	// it stays so, also without the witness
	await school.cut();
	await witness.cut();
	await restart();
	assert.equal((await health()).state, 'held');
	const page = await school.client('admin').ask('GET', '/machine/health', undefined, { Accept: 'text/html', 'Accept-Language': 'en' });
	assert.match(page.text, /older than the last checkpoint/);
	await witness.start();
});

test('a policy that is not one stops the start', async () => {
	await school.cut();
	writeFileSync(path.join(files, 'witnesses'), 'quorum federation\n');
	await assert.rejects(school.start(), /line 1 of the policy/);
});
