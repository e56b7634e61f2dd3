// What a trainee takes home: a receipt that anybody can check by the ledger's public key alone; and proofs for everybody,
// read by a verifier of others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Clock } from '../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse, program } from '../hours/lib/school.mjs';
import { decode, leaf, readCheckpoint, readKey, readProof } from './lib/tree.mjs';

let clock, school, course, files, cohort, play, key, keyText;
let at = 0;

before(async () => {
	clock = new Clock();
	files = folder('receipts');
	school = await new School(clock, 'checkpoint_s = 60\n').start(); // who wants it sooner says so
	await school.people(2);
	await school.account('auditor', 'auditor');
	course = await school.course(makeCourse(files, { units: 2, seconds: 600, hours: 0.2 }));
	cohort = await school.cohort(course, { total: 1, offline: 0.6 }, ['t1', 't2']);
	keyText = (await anyone().ask('GET', '/ledger/key')).text;
	key = readKey(keyText);
	const reply = await school.client('t1').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia('t1', reply.media);
	play = reply.play;
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const anyone = () => new Client(school.origin);
const learn = (seconds) => {
	clock.pass(seconds);
	at += seconds;
	return school.client('t1').must('POST', `/api/v1/plays/${play}/beats`, { seq: at, played: [[at - seconds, at]], rate: 1, position: at });
};
const ask = (name, body = { cohort }) => school.client(name).ask('POST', '/record/receipts', body);
const page = (name, address, lang = 'en') => school.client(name).ask('GET', address, undefined, { Accept: 'text/html', 'Accept-Language': lang });
const run = (...args) => spawnSync(program, ['ledger', ...args], { encoding: 'utf8' });

async function takeHome(name) {
	const asked = await ask(name);
	assert.equal(asked.status, 303, asked.text);
	const reply = await school.client(name).ask('GET', `${asked.headers.location}/file`);
	assert.equal(reply.status, 200, reply.text);
	return { address: asked.headers.location, text: reply.text, headers: reply.headers };
}

test('a receipt says what was counted, and needs nothing but the public key', async () => {
	const { granted_s: online } = await learn(100);
	const { address, text, headers } = await takeHome('t1');
	assert.match(headers['content-disposition'], /attachment; filename="curbcut-\d+\.tlog-proof"/);
	const proof = readProof(text), checkpoint = readCheckpoint(proof.checkpoint, key), entry = decode(proof.entry);
	assert.ok(checkpoint.ok && checkpoint.origin === key.name);
	assert.deepEqual(proof.root(leaf(proof.entry), checkpoint.size), checkpoint.root);
	assert.equal(address, `/record/receipts/${proof.index}`);
	assert.deepEqual({ kind: entry.kind, cohort: entry.cohort, online: entry.online, live: entry.live, offline: entry.offline, counted: entry.counted, role: entry.role }, { kind: 'statement', cohort, online, live: 0, offline: 0, counted: 0, role: 'learner' });
	assert.equal(entry.by, entry.sub);

	const file = path.join(files, 'one.tlog-proof');
	writeFileSync(file, text);
	const good = run('verify', '--key', keyText.trim(), file);
	assert.equal(good.status, 0, good.stderr);
	assert.ok(good.stdout.startsWith(`entry ${proof.index} of ${checkpoint.size} is as ${key.name} signed it\n`), good.stdout);
	assert.match(good.stdout, new RegExp(`\n  online: ${online}\n`));
	writeFileSync(file, text.replace(/^extra (.{20})(.)/m, (all, head, one) => `extra ${head}${one === 'A' ? 'B' : 'A'}`));
	assert.equal(run('verify', '--key', keyText.trim(), file).status, 1);
});

test('nothing new is written down when nothing was counted since', async () => {
	const first = await ask('t1'), again = await ask('t1');
	assert.equal(first.headers.location, again.headers.location);
	await learn(10);
	const later = await ask('t1');
	assert.equal(later.status, 303);
	assert.notEqual(later.headers.location, first.headers.location);
	assert.equal((await page('t1', first.headers.location)).status, 200, 'the old one stays');
});

test('the page tells what was counted in words, and where the file is', async () => {
	const { headers: { location } } = await ask('t1');
	const { text } = await page('t1', location);
	assert.match(text, /<h1[^>]*>Receipt \d+ of my hours<\/h1>/);
	assert.match(text, /class hours of 45 minutes, that is 1 min 50 s/);
	assert.ok(text.includes(`href="${location}/file"`));
	assert.ok(text.includes('c2sp.org/tlog-proof@v1'));
	assert.match((await page('t1', '/record')).text, /Get a receipt of my hours/);
	assert.match((await page('t1', location, 'zh-CN')).text, /我的学时凭据/);
});

test('receipts are hers alone, and of her own classes', async () => {
	const { headers: { location } } = await ask('t1');
	assert.equal((await page('t2', location)).status, 404);
	assert.equal((await school.client('t2').ask('GET', `${location}/file`)).status, 404);
	assert.equal((await ask('staff')).status, 403);
	for (const wrong of ['nothing', '00000000-0000-7000-8000-000000000000']) assert.equal((await ask('t2', { cohort: wrong })).status, 404);
	for (const wrong of ['-1', 'x', '999999', '9223372036854775808']) assert.equal((await page('t1', `/record/receipts/${wrong}`)).status, 404);
});

test('whoever runs the server and auditors have receipts of every entry, others proofs without it', async () => {
	const data = `${school.data}/data`, made = run('receipt', '--data', data, '0');
	assert.equal(made.status, 0, made.stderr);
	const { checkpoint } = readProof(made.stdout);
	assert.equal(run('checkpoint', '--data', data).stdout, checkpoint);
	assert.equal((await anyone().ask('GET', '/ledger/checkpoint')).text, checkpoint);
	assert.equal((await school.client('auditor').ask('GET', '/ledger/receipt/0')).text, made.stdout);
	assert.equal((await school.client('t1').ask('GET', '/ledger/receipt/0')).status, 403);
	const bare = await anyone().ask('GET', '/ledger/proof/0');
	assert.equal(bare.text, made.stdout.replace(/^extra .*\n/m, ''));
	for (const wrong of ['/ledger/proof/00', '/ledger/proof/-1', '/ledger/proof/999', '/ledger/proof/x', '/ledger/consistency/1/999', '/ledger/consistency/2/1'])
		assert.equal((await anyone().ask('GET', wrong)).status, 404, wrong);
	assert.match(run('receipt', '--data', data, '999').stderr, /no entry 999/);
	assert.match(run('receipt', '--data', data, '-1').stderr, /invalid option|unrecognized option|name one entry/);
});

test('a verifier of others accepts checkpoints, proofs and receipts, and refuses 1,000 changes', { skip: !process.env.FOREIGN }, async () => {
	const receipts = [];
	for (let i = 0; i < 150; i++) {
		await learn(1);
		if (i % 50) continue;
		receipts.push(path.join(files, `${i}.tlog-proof`));
		writeFileSync(receipts.at(-1), (await takeHome('t1')).text);
	}
	run('checkpoint', '--data', `${school.data}/data`);
	const seed = String(Math.floor(Math.random() * 2 ** 31));
	const done = spawnSync(process.env.FOREIGN, [school.origin, keyText.trim(), seed, ...receipts], { encoding: 'utf8', timeout: 120000 });
	assert.equal(done.status, 0, `seed ${seed}: ${done.stderr}`);
	console.log(done.stdout.trim());
});
