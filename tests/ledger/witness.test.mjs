// A witness among crooks: whatever it is asked, what it signs is one tree that only grows. A thousand hostile requests, some at
// once, with kills between; each answer is the one that the protocol wants.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Tree, Witness, body, hashOf, signer, submission } from './lib/witness.mjs';
import { readCosignature } from './lib/tree.mjs';

const ROUNDS = 1000, seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
let state = seed;
// mulberry32
const random = (n) => {
	state = (state + 0x6D2B79F5) | 0;
	let t = Math.imul(state ^ (state >>> 15), 1 | state);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) % n;
};

const log = signer('log.example/one', 'one'), other = signer('log.example/two', 'two'), forged = signer('log.example/one', 'not one');
const honest = new Tree('honest');
let witness;
const seen = { size: 0, hash: null }; // what the witness must have cosigned last
const signed = []; // {size, root} of every cosignature that anybody was given

before(async () => {
	witness = await new Witness('witness.example/1').start();
	await witness.stop();
	witness.knows(log.text);
	await witness.start();
});

after(async () => {
	await witness?.stop();
	witness?.remove();
});

const noteOf = (tree, size, by = log, origin = log.name) => {
	const text = body(origin, size, tree.root(size));
	return `${text}\n${by.line(text)}`;
};
const add = (text) => witness.ask('POST', '/add-checkpoint', text);

function took(reply, tree, size) {
	const text = body(log.name, size, tree.root(size)), { ok, time } = readCosignature(reply.text, text, witness.key);
	assert.ok(ok, reply.text);
	assert.ok(Math.abs(time - Date.now() / 1000) < 600);
	signed.push({ size, root: tree.root(size).toString('hex') });
}

// One request and what must come of it, in the order of the protocol.
function request() {
	const size = random(4) ? seen.size + random(4) : random(seen.size + 50), old = random(4) ? seen.size : random(seen.size + 50);
	const tree = seen.size === 0 || random(4) ? honest : honest.branch(`fork ${random(1000)}`, random(seen.size));
	tree.grow(seen.size + 60);
	const proof = old <= size ? tree.consistency(old, size) : [];
	const of = (text, status) => ({ text, status, tree, size });
	switch (random(16)) {
	case 0: return of(submission(old, proof, noteOf(tree, size, other, other.name)), 404);
	case 1: return of(submission(old, proof, noteOf(tree, size, forged)), 403);
	case 2: return of(submission(old, proof, noteOf(tree, size, other)), 403);
	case 3: return of(submission(old, proof, noteOf(tree, size).slice(0, -1 - random(40))), [400, 403]);
	case 4: return of(submission(old, proof, noteOf(tree, size)).slice(0, -1 - random(180)), 400);
	case 5: return of('x'.repeat(70000), 413);
	case 6: return of(submission(old, Array(64).fill(tree.root(1)), noteOf(tree, size)), 400);
	case 7: return of(submission(`0${old + 1}`, proof, noteOf(tree, size)), 400);
	case 8: { // a good signature beside a forged one of the same key
		const text = body(log.name, size, tree.root(size)), line = log.line(text);
		return of(submission(old, proof, `${text}\n${line}${line.replace(/.(?=.{4}\n)/, (c) => (c === 'A' ? 'B' : 'A'))}`), 403);
	}
	case 9: return of(submission(old, proof, noteOf(tree, size).replace(/\n(\d+)\n/, '\n0$1\n')), 400);
	default: return judged(tree, size, old, random(8) ? proof : spoil(proof));
	}
}

const spoil = (proof) => (random(2) ? [...proof, honest.root(3)] : proof.map((hash, i) => (i ? hash : honest.root(1 + random(9)))));

function judged(tree, size, old, proof) {
	const text = submission(old, proof, noteOf(tree, size)), of = (status) => ({ text, status, tree, size, judged: true });
	if (old > size) return of(400);
	if (old !== seen.size) return of(409);
	const right = tree.consistency(old, size), same = proof.length === right.length && proof.every((hash, i) => hash.equals(right[i]));
	const begins = old === 0 || tree.root(old).equals(seen.hash);
	return of(same && begins ? 200 : 422);
}

test(`of ${ROUNDS} hostile requests every one has the answer of the protocol`, async () => {
	const counts = {};
	for (let i = 0; i < ROUNDS; i++) {
		if (i % 100 === 99) {
			await witness.cut();
			await witness.start();
		}
		const asked = request(), reply = await add(asked.text);
		const due = [asked.status].flat();
		assert.ok(due.includes(reply.status), `seed ${seed}, request ${i}: ${reply.status} instead of ${due}\n${asked.text.slice(0, 600)}\n${reply.text}`);
		counts[reply.status] = (counts[reply.status] ?? 0) + 1;
		if (reply.status === 409) {
			assert.equal(reply.headers['content-type'], 'text/x.tlog.size');
			assert.equal(reply.text, `${seen.size}\n`);
		}
		if (reply.status !== 200) continue;
		took(reply, asked.tree, asked.size);
		Object.assign(seen, { size: asked.size, hash: asked.tree.root(asked.size) });
	}
	assert.ok(counts[200] > 20 && counts[409] > 20 && counts[422] > 20, JSON.stringify(counts));
	console.log(`seed ${seed}: ${JSON.stringify(counts)}`);
});

test('of many at once one alone goes first, and none goes back', async () => {
	for (let round = 0; round < 10; round++) {
		const old = seen.size, tree = honest;
		tree.grow(old + 40);
		const sizes = Array.from({ length: 20 }, () => old + 1 + random(39));
		const asked = sizes.map((size) => add(submission(old, tree.consistency(old, size), noteOf(tree, size))).catch(() => null));
		if (round % 3 === 2) await witness.cut(); // some were answered, others were not
		const replies = await Promise.all(asked);
		if (round % 3 === 2) await witness.start();
		const good = replies.flatMap((reply, i) => (reply?.status === 200 ? [{ reply, size: sizes[i] }] : []));
		for (const { reply, size } of good) took(reply, tree, size);
		assert.ok(new Set(good.map(({ size }) => size)).size <= 1, `sizes ${good.map(({ size }) => size)} from ${old}`);
		const now = Number((await add(submission(old === 0 ? 1 : 0, [], noteOf(tree, old + 40)))).text);
		if (good.length) assert.equal(now, good[0].size);
		if (!Number.isNaN(now) && now > old) Object.assign(seen, { size: now, hash: tree.root(now) });
	}
});

test('all that it ever signed is one tree', () => {
	assert.ok(signed.length > 5);
	for (const { size, root } of signed) assert.equal(honest.root(size).toString('hex'), root, `seed ${seed}`);
	for (let i = 1; i < signed.length; i++) assert.ok(signed[i].size >= signed[i - 1].size);
});

test('it shows the last checkpoint of each ledger that it knows', async () => {
	const reply = await witness.ask('GET', `/${hashOf(log.name)}/checkpoint`);
	assert.equal(reply.status, 200);
	assert.equal(Number(reply.text.split('\n')[1]), seen.size);
	assert.equal(reply.text.match(/^— /gm).length, 2);
	const end = reply.text.indexOf('\n\n') + 1;
	assert.ok(readCosignature(reply.text.slice(end + 1), reply.text.slice(0, end), witness.key).ok);
	assert.equal((await witness.ask('GET', `/${hashOf(other.name)}/checkpoint`)).status, 404);
});

test('a ledger that changes its key goes on where it was, once the policy has both keys', async () => {
	const next = signer(log.name, 'the next one'), size = seen.size + 5;
	honest.grow(size + 5);
	const ask = (to, by) => add(submission(seen.size, honest.consistency(seen.size, to), noteOf(honest, to, by)));
	assert.equal((await ask(size, next)).status, 403, 'nobody told it of this key');
	await witness.stop();
	witness.knows(log.text, next.text);
	await witness.start();
	for (const [to, by] of [[size, next], [size + 5, log]]) {
		const reply = await ask(to, by);
		assert.equal(reply.status, 200, reply.text);
		took(reply, honest, to);
		Object.assign(seen, { size: to, hash: honest.root(to) });
	}
	assert.equal((await ask(seen.size, forged)).status, 403);
	const fork = honest.branch('fork', 1);
	fork.grow(seen.size + 5);
	assert.equal((await add(submission(seen.size, [], noteOf(fork, seen.size + 5, next)))).status, 422, 'what it saw under the old key binds the new one');
});

test('its key stays, and is for nobody else', async () => {
	const { key } = witness;
	await witness.stop();
	const line = readFileSync(path.join(witness.data, 'keys/witness'), 'utf8');
	assert.ok(line.startsWith('witness.example/1 ') && !key.includes(line.split(' ')[1].trim()));
	await witness.start();
	assert.equal(witness.key, key);
});
