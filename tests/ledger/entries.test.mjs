// What trainees learn is in the ledger, whole and in order: read by HTTP as an auditor reads it, checked by code that shares
// nothing with the server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pageOf, sendForm } from '../scenes/lib/forms.mjs';
import { Clock } from '../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse, program } from '../hours/lib/school.mjs';
import { decode, entries, leaf, readCheckpoint, readKey, root, tileName, tiles } from './lib/tree.mjs';

let clock, school, course, files, cohort, key;

before(async () => {
	clock = new Clock();
	files = folder('ledger');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	await school.people(2);
	await school.account('auditor', 'auditor');
	await school.account('near', 'auditor', ['--region', '370100']);
	await school.account('admin', 'admin');
	await bothRoles('both');
	course = await school.course(makeCourse(files, { units: 2, seconds: 600, hours: 0.2 }));
	cohort = await school.cohort(course, { total: 1, offline: 0.6 }, ['t1', 't2']);
	key = readKey((await new Client(school.origin).ask('GET', '/ledger/key')).text);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// Somebody who runs the machine and is an auditor, as nobody can become any more: here because the wall clock was set back.
async function bothRoles(name) {
	const { id } = await school.account(name, 'admin'), from = new Date(clock.wall), DAY = 86400;
	clock.step(2 * DAY);
	const admin = new Client(school.origin, (await anyone().must('POST', '/api/v1/session', { name: 'admin', password: 'secret-admin' })).token);
	const [grant] = (await admin.must('GET', `/api/v1/people/${id}`)).grants;
	assert.equal((await admin.ask('DELETE', `/api/v1/people/${id}/roles/${grant.id}`)).status, 204);
	await admin.must('POST', `/api/v1/people/${id}/roles`, { role: 'auditor', place: 'all', 'from-year': String(from.getUTCFullYear()), 'from-month': String(from.getUTCMonth() + 1), 'from-day': String(from.getUTCDate()) });
	clock.step(-2 * DAY);
	const { token, user } = await anyone().must('POST', '/api/v1/session', { name, password: `secret-${name}` });
	assert.deepEqual([...user.roles].sort(), ['admin', 'auditor']);
	school.accounts[name].client = new Client(school.origin, token);
}

const DATABASE = ['curbcut.db', 'curbcut.db-wal', 'curbcut.db-shm'];
const anyone = () => new Client(school.origin);

async function open(name, unit) {
	const play = await school.client(name).must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort });
	await school.fetchMedia(name, play.media);
	return play.play;
}

const beat = (name, play, seq, from, to) => {
	clock.pass(to - from);
	return school.client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq, played: [[from, to]], rate: 1, position: to });
};

// The first checkpoint of at least `size` entries.
async function checkpointOf(size) {
	for (const late = Date.now() + 20000; Date.now() < late; await pause(20)) {
		const reply = await anyone().ask('GET', '/ledger/checkpoint');
		if (reply.status !== 200) continue;
		const checkpoint = readCheckpoint(reply.text, key);
		assert.ok(checkpoint.ok, reply.text);
		assert.equal(checkpoint.origin, key.name);
		if (checkpoint.size >= size) return checkpoint;
	}
	throw new Error(`no checkpoint of ${size} entries:\n${school.log}`);
}

async function allOf(kind, size, client) {
	const parts = [];
	for (const { name } of tiles(kind, size)) {
		const reply = await client.ask('GET', name);
		assert.equal(reply.status, 200, name);
		parts.push(reply.bytes);
	}
	return parts;
}

test('every beat that counted is an entry, and the checkpoint is that of the entries', async () => {
	assert.equal(key.id, key.own);
	const granted = { t1: 0, t2: 0 }, plays = { t1: await open('t1', 0), t2: await open('t2', 1) };
	for (let i = 0; i < 300; i++) {
		const name = i % 3 ? 't1' : 't2';
		granted[name] += (await beat(name, plays[name], i, i % 540, i % 540 + 2)).added_s ?? 0;
	}
	const { size, root: signed } = await checkpointOf(301);
	assert.equal(size, 301); // and that the class was opened
	const hashes = Buffer.concat(await allOf('0', size, anyone()));
	const leaves = Array.from({ length: size }, (_, i) => hashes.subarray(32 * i, 32 * i + 32));
	assert.deepEqual(root(leaves), signed);

	const bodies = (await allOf('entries', size, school.client('auditor'))).flatMap(entries);
	assert.deepEqual(bodies.map(leaf), leaves);
	const [opened, ...facts] = bodies.map(decode), people = new Set(facts.map(({ sub }) => sub));
	assert.equal(people.size, 2);
	for (const name of ['t1', 't2']) {
		const record = await school.client(name).must('GET', '/api/v1/trainees/me/record');
		const mine = record.cohorts.find((one) => one.cohort === cohort);
		const sums = [...people].map((sub) => facts.filter((one) => one.sub === sub).reduce((sum, one) => sum + one.granted, 0));
		assert.ok(sums.includes(mine.online_s), `${name}: ${mine.online_s} of ${sums}`);
	}
	assert.equal(opened.kind, 'class');
	assert.equal(opened.cohort, cohort);
	assert.deepEqual([opened.share, opened.hour, opened.rate, opened.basis, opened.daily, opened.total], [400, 2700, 3000, 0, 0, 100]);
	for (const one of facts) {
		assert.equal(one.kind, 'online');
		assert.equal(one.policy, 0, 'the entry of its class');
		assert.equal(one.cohort, cohort);
		assert.equal(one.role, 'learner');
		assert.equal(one.by, one.sub);
		assert.equal(one.salt.length, 64);
		assert.equal(one.played, one.granted + one.again + one.share + one.daily + one.hours + one.clock + one.undelivered);
	}
	assert.equal(new Set(facts.map(({ salt }) => salt)).size, size - 1);
});

test('nothing in an entry says who somebody is', async () => {
	const { size } = await checkpointOf(1);
	const bytes = Buffer.concat(await allOf('entries', size, school.client('auditor'))).toString('latin1');
	const known = ['again', 'at', 'by', 'clock', 'cohort', 'daily', 'day', 'granted', 'hours', 'key', 'kind', 'played', 'policy', 'role', 'salt', 'share', 'sub', 'undelivered', 'unit', 'v', 'version'];
	for (const entry of (await allOf('entries', size, school.client('auditor'))).flatMap(entries).map(decode)) {
		if (entry.kind === 'online') assert.deepEqual(Object.keys(entry).sort(), known);
		assert.equal(entry.at % 60000, 0);
	}
	for (const [name, { id }] of Object.entries(school.accounts)) {
		assert.ok(!bytes.includes(id), `${name}'s id`);
		assert.ok(!bytes.includes(`secret-${name}`));
	}
});

test('entries are for auditors of the whole server, hashes for everybody', async () => {
	const { size } = await checkpointOf(1), name = tileName('entries', 0, Math.min(size, 256));
	for (const [client, status] of [[anyone(), 401], [school.client('t1'), 403], [school.client('staff'), 403], [school.client('near'), 403], [school.client('auditor'), 200]])
		assert.equal((await client.ask('GET', name)).status, status);
	assert.equal((await anyone().ask('GET', tileName('0', 0, 1))).status, 200);
	for (const wrong of ['/ledger/tile/0/001.p/255', '/ledger/tile/9/000', '/ledger/tile/0/x', '/ledger/tile/0/000.p/0', '/ledger/tile/0/../key', '/ledger/tile/', '/ledger/nothing'])
		assert.equal((await anyone().ask('GET', wrong)).status, 404, wrong);
});

test('a tile that is full is kept for a year, a checkpoint is asked for again', async () => {
	await checkpointOf(300);
	assert.match((await anyone().ask('GET', tileName('0', 0, 256))).headers['cache-control'], /immutable/);
	assert.doesNotMatch((await anyone().ask('GET', '/ledger/checkpoint')).headers['cache-control'] ?? '', /immutable/);
});

test('behind a kill -9 the ledger goes on where it was', async () => {
	const before = await checkpointOf(300), play = await open('t1', 1);
	let seq = 0;
	for (let i = 0; i < 20; i++) await beat('t1', play, seq++, i, i + 1);
	await school.cut();
	for (const name of DATABASE) if (existsSync(`${school.data}/data/${name}`)) copyFileSync(`${school.data}/data/${name}`, path.join(files, name));
	await school.start();
	for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
	for (let i = 20; i < 40; i++) await beat('t1', play, seq++, i, i + 1);
	const { size, root: signed } = await checkpointOf(before.size + 40);
	const leaves = (await allOf('entries', size, school.client('auditor'))).flatMap(entries).map(leaf);
	assert.equal(leaves.length, before.size + 40);
	assert.deepEqual(root(leaves), signed);
	assert.deepEqual(root(leaves.slice(0, before.size)), before.root);
});

const run = (...args) => spawnSync(program, ['ledger', ...args], { encoding: 'utf8' });
const filesBelow = (top) => readdirSync(top, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => path.join(one.parentPath ?? one.path, one.name));

test('the files alone and the public key tell whether a single bit was changed', async () => {
	const to = path.join(files, 'exported'), { size } = await checkpointOf(300);
	const made = run('export', '--data', `${school.data}/data`, to);
	assert.equal(made.status, 0, made.stderr);
	assert.equal(JSON.parse(made.stdout.trim().split('\n').pop()).entries, size);
	const good = run('verify', '--key', path.join(to, 'key'), to);
	assert.equal(good.status, 0, good.stderr);
	assert.match(good.stdout, new RegExp(`^${size} entries are as ${key.name} signed them\n$`));
	const all = filesBelow(to).filter((file) => !file.endsWith('/key')), text = readFileSync(path.join(to, 'key'), 'utf8').trim();
	assert.ok(all.some((file) => file.includes('tile/1/')) && all.some((file) => file.includes('tile/entries/')));
	for (let round = 0; round < 100; round++) {
		const file = all[round % all.length], bytes = readFileSync(file), at = Math.floor(Math.random() * bytes.length), bit = 1 << round % 8;
		bytes[at] ^= bit;
		writeFileSync(file, bytes);
		const bad = run('verify', '--key', text, to);
		assert.equal(bad.status, 1, `${file}, byte ${at}, bit ${bit}: ${bad.stdout}`);
		bytes[at] ^= bit;
		writeFileSync(file, bytes);
	}
	for (const file of all) {
		const bytes = readFileSync(file);
		writeFileSync(file, bytes.subarray(0, bytes.length - 1));
		assert.equal(run('verify', '--key', text, to).status, 1, `${file} cut off`);
		rmSync(file);
		assert.equal(run('verify', '--key', text, to).status, 1, `${file} missing`);
		writeFileSync(file, bytes);
	}
	assert.equal(run('verify', '--key', text, to).status, 0);
	const other = `${key.name}+${key.id}+${text.split('+').slice(2).join('+').replace(/.(?=.{3}$)/, (c) => (c === 'A' ? 'B' : 'A'))}`;
	assert.match(run('verify', '--key', other, to).stderr, /not that of the key|not signed with the key/);
});

test('an export goes on where the last one ended', async () => {
	const to = path.join(files, 'exported'), before = readFileSync(path.join(to, 'tile/0/000'));
	const play = await open('t2', 0);
	for (let i = 0; i < 3; i++) await beat('t2', play, i, i, i + 1);
	assert.equal(run('export', '--data', `${school.data}/data`, to).status, 0);
	assert.match(run('verify', '--key', path.join(to, 'key'), to).stdout, /^\d+ entries are as/);
	assert.deepEqual(readFileSync(path.join(to, 'tile/0/000')), before);
	writeFileSync(path.join(to, 'key'), 'another+00000000+AAAA\n');
	const refused = run('export', '--data', `${school.data}/data`, to);
	assert.equal(refused.status, 1);
	assert.match(refused.stderr, /another ledger in it/);
});

test('a server that lost entries which it had signed counts nothing and says why', async () => {
	const { size } = await checkpointOf(1);
	assert.ok(size > 0);
	await school.cut();
	const data = `${school.data}/data`;
	for (const name of DATABASE) rmSync(`${data}/${name}`, { force: true });
	for (const name of DATABASE) if (existsSync(path.join(files, name))) copyFileSync(path.join(files, name), `${data}/${name}`); // an older one
	await school.start();
	for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
	const online = async () => (await school.client('t1').must('GET', '/api/v1/trainees/me/record')).cohorts.find((one) => one.cohort === cohort).online_s;
	const counted = await online(), play = await open('t1', 0);
	clock.pass(10);
	const reply = await school.client('t1').ask('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[595, 600]], rate: 1, position: 600 });
	assert.equal(reply.status, 503);
	assert.match(reply.text, /比账本最后一次签名时旧/);
	const refused = await school.client('staff').ask('POST', '/api/v1/cohorts', school.plan(course, { total: 1, offline: 0.6 }));
	assert.equal(refused.status, 503, 'nor is a class opened');
	assert.equal(await online(), counted);

	// an auditor decides, and nobody else
	const secret = () => readFileSync(`${data}/keys/ledger`, 'utf8'), old = secret(), auditor = school.client('auditor');
	assert.match(run('renew', '--data', data).stderr, /--reason is needed/);
	assert.match(run('renew', '--data', data, '--reason', 'The disk was lost').stderr, /an auditor decides|由审计人员决定/);
	assert.match((await pageOf(auditor, '/ledger/decision')).text, /older than the last checkpoint/);
	assert.equal((await pageOf(school.client('near'), '/ledger/decision')).status, 403, 'not an auditor of a region');
	const both = await pageOf(school.client('both'), '/ledger/decision');
	assert.match(both.text, /You also run this machine, so another auditor must decide/);
	assert.doesNotMatch(both.text, /<textarea/);
	assert.equal((await sendForm(school.client('both'), '/ledger/decision', { reason: 'The copy is of last night', sure: 'yes' }, '/ledger/decision')).status, 403);
	const unsure = await sendForm(auditor, '/ledger/decision', { reason: 'The copy is of last night' });
	assert.equal(unsure.status, 400);
	assert.match(unsure.text, /Tick this once you have looked/);
	assert.match(unsure.text, />\nThe copy is of last night<\/textarea>/);
	assert.match((await sendForm(auditor, '/ledger/decision', { reason: ' ', sure: 'yes' })).text, /Say what happened, and how you know it/);
	assert.equal(secret(), old, 'a decision that is refused changes no key');
	assert.match((await pageOf(school.client('t1'), '/record')).text, /Hours cannot be recorded now/);
	const decided = await sendForm(auditor, '/ledger/decision', { reason: 'The disk was lost; the copy is of last night', sure: 'yes' });
	assert.equal(decided.status, 303, decided.text);
	assert.match((await pageOf(auditor, decided.headers.location)).text, /The ledger takes entries again/);
	assert.doesNotMatch((await pageOf(school.client('t1'), '/record')).text, /Hours cannot be recorded now/);
	const fresh = secret();
	assert.equal((await sendForm(auditor, '/ledger/decision', { reason: 'again', sure: 'yes' }, '/ledger/decision')).status, 409);
	assert.equal(secret(), fresh);
	assert.ok(readdirSync(`${data}/keys`).some((name) => name.startsWith('ledger-') && readFileSync(`${data}/keys/${name}`, 'utf8') === old));
	const answer = await school.client('t1').must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[595, 600]], rate: 1, position: 600 });
	assert.equal(answer.added_s, 5);
	assert.equal(await online(), counted + 5);
	const before = key;
	key = readKey((await anyone().ask('GET', '/ledger/key')).text);
	assert.notEqual(key.name, before.name);
	const all = async (size) => (await allOf('entries', (await checkpointOf(size)).size, school.client('auditor'))).flatMap(entries).map(decode);
	const at = (await all(2)).findIndex(({ kind }) => kind === 'renew'), [renewed, last] = (await all(at + 2)).slice(at);
	assert.equal(renewed.kind, 'renew');
	assert.match(renewed.reason, /copy is of last night/);
	assert.equal(renewed.role, 'auditor');
	assert.ok(renewed.old_key.startsWith(before.name) && renewed.old_size === size);
	assert.ok(readCheckpoint(renewed.old_note, before).ok);
	assert.equal(last.granted, 5);
	assert.ok(readdirSync(path.join(data, 'ledger')).some((name) => name.startsWith(`checkpoint.${size}.`)));
});

test('a lost checkpoint is not taken for a new ledger', async () => {
	await school.cut();
	rmSync(`${school.data}/data/ledger/checkpoint`);
	await school.start();
	school.accounts.t1.client.origin = school.origin;
	const reply = await school.client('t1').ask('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	assert.equal(reply.status, 201, reply.text);
	await school.fetchMedia('t1', reply.json.media);
	clock.pass(10);
	const refused = await school.client('t1').ask('POST', `/api/v1/plays/${reply.json.play}/beats`, { seq: 0, played: [[590, 595]], rate: 1, position: 595 });
	assert.equal(refused.status, 503);
	assert.match(refused.text, /最后一个检查点不在或读不出/);
});
