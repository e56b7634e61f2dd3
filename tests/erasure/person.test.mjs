// A person asks that all records about her are erased: two agree, her account is closed, it can be undone; when retention has run
// nothing of her is left anywhere, all others have what they had, and the ledger verifies. An older backup does not bring her back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Bank } from '../bank/lib/bank.mjs';
import { Client, School, program, run } from '../hours/lib/school.mjs';
import { decode, entries, leaf, readCheckpoint, readKey, root, tiles } from '../ledger/lib/tree.mjs';
import { pageOf, sendForm } from '../scenes/lib/forms.mjs';
import { fill } from './lib/fill.mjs';

const HER = 'kite7canary', NAME = 'Canary Wren', SAID = 'CANARY-SAID', DAY_S = 86400, YEAR_S = 366 * DAY_S;
const bank = new Bank();
let school, clock, cohort, list, address, backup, before_ledger, hers, others, certificates, more;
const text = ({ text: page }) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const client = (name) => school.client(name), id = (name) => school.accounts[name].id;
const anyone = () => new Client(school.origin);
const english = { 'Accept-Language': 'en' };
const data = () => path.join(school.data, 'data');

// Sessions end, and servers get other ports.
async function signIn(...names) {
	for (const name of names) {
		const { token } = await anyone().must('POST', '/api/v1/session', { name, password: `secret-${name}` });
		school.accounts[name].client = new Client(school.origin, token);
	}
}
const asked = (kind, more = {}, who = 'staff') => client(who).ask('POST', '/api/v1/moves', { kind, trainee: id(HER), reason: `${SAID} reason`, ...more }, english);
const agreed = (move, who = 'second') => client(who).ask('POST', `/api/v1/moves/${move}/decision`, { decision: 'agree' }, english);
async function moved(kind, more) {
	const { json, status, text: said } = await asked(kind, more);
	assert.equal(status, 201, said);
	const reply = await agreed(json.id);
	assert.equal(reply.status, 200, reply.text);
}

// The leaves as the server serves them, once `size` of them are signed.
async function readAll(size = 1) {
	for (const late = Date.now() + 20000; Date.now() < late; await pause(20)) {
		const note = (await anyone().ask('GET', '/ledger/checkpoint')).text, signed = Number(note.split('\n')[1]);
		if (!(signed >= size)) continue;
		const bodies = [], hashes = [];
		for (const { name } of tiles('entries', signed)) bodies.push(...entries((await client('auditor').ask('GET', name)).bytes));
		for (const { name } of tiles('0', signed)) { const { bytes } = await anyone().ask('GET', name); for (let at = 0; at < bytes.length; at += 32) hashes.push(bytes.subarray(at, at + 32)); }
		return { note, bodies, hashes, facts: bodies.map((body) => (body.length ? decode(body) : null)) };
	}
	throw new Error(`no checkpoint of ${size} entries`);
}

function* files(of) {
	for (const name of readdirSync(of)) {
		const whole = path.join(of, name), info = statSync(whole);
		if (info.isDirectory()) yield* files(whole);
		else if (info.isFile()) yield whole;
	}
}
function found(of, needles) {
	const hits = [];
	for (const file of files(of)) {
		const bytes = readFileSync(file);
		for (const [what, needle] of Object.entries(needles)) if (bytes.includes(needle)) hits.push(`${what} in ${path.relative(of, file)}`);
	}
	return hits;
}

before(async () => {
	await bank.start();
	({ school, clock } = bank);
	await school.account('second', 'staff', ['--institution', school.institution]);
	await school.account(HER, 'learner', ['--institution', school.institution]);
	await bank.rule({ kind: 'skill', credits: '10' });
	cohort = await bank.finished([HER, 't2'], 'skill');
	await moved('name', { name: NAME });
	certificates = {};
	for (const name of [HER, 't2']) certificates[name] = await bank.issue(name, cohort);
	await bank.lines(HER, 1);

	const ask = await sendForm(client(HER), `/record/ask?class=${cohort}`, { text: `${SAID} question` }, '/record/ask');
	assert.equal(ask.status, 303, ask.text);
	const receipt = await sendForm(client(HER), '/record', { cohort }, '/record/receipts');
	assert.equal(receipt.status, 303, receipt.text);
	await client('staff').must('POST', '/api/v1/waivers', { cohort, trainee: id(HER), share: 0.6, document: `${SAID} No. 3`, until: '2027-06-01' });
	const report = await sendForm(client(HER), '/accessibility', { page: '/record', text: `${SAID} barrier`, contact: `${SAID} contact` }, '/accessibility/reports');
	assert.equal(report.status, 303, report.text);
	const made = await sendForm(client('province'), `/payments?class=${cohort}`, {}, '/payments');
	assert.equal(made.status, 303, made.text);
	list = made.headers.location;
	more = await fill(bank, HER, SAID);
	others = (await client('t2').must('GET', '/api/v1/trainees/me/record')).cohorts;
});
after(() => bank.stop());

test('she asks for it on her own page; without a rule nothing is erased, and it says so', async () => {
	const page = text(await pageOf(client(HER), '/record/erase'));
	assert.match(page, /No rule has been entered here that says how long records are kept/);
	assert.match(text(await pageOf(client(HER), '/record')), /Have my records erased/);
	const sent = await sendForm(client(HER), '/record/erase', { reason: `${SAID} own reason` });
	assert.equal(sent.status, 303, sent.text);
	address = sent.headers.location;
	assert.match(address, /^\/erasures\/[0-9a-f-]{36}$/);


	assert.match(text(await pageOf(client(HER), '/record/erase')), /You have asked for it. It waits for another person/);
	const state = text(await pageOf(anyone(), address));
	assert.match(state, /waits for a second person.*Another person has to agree/);
	assert.doesNotMatch(state, new RegExp(`${HER}|${NAME}|${SAID}`));
	assert.equal((await asked('erase')).status, 409, 'it waits already');
	assert.equal((await pageOf(client(HER), `${address}/receipt`)).status, 404);
});

test('two agree: nobody signs in as her and no list has her; what was kept is kept, and it is undone by two', async () => {
	const move = address.split('/').pop();
	assert.equal((await agreed(move, HER)).status, 403);
	assert.equal((await agreed(move)).status, 200);
	assert.equal((await client(HER).ask('GET', '/api/v1/trainees/me/record')).status, 401);
	assert.equal((await anyone().ask('POST', '/api/v1/session', { name: HER, password: `secret-${HER}` })).status, 401);
	assert.doesNotMatch(text(await pageOf(client('staff'), `/classes/${cohort}`)), new RegExp(`${HER}|${NAME}`));
	assert.match(text(await pageOf(client('staff'), `/classes/${cohort}`)), /Somebody whose account is closed.*Account closed on/);
	assert.equal((await pageOf(client('staff'), `/people/${id(HER)}`)).status, 404);
	assert.match(text(await pageOf(anyone(), address)), /State done.*The records are kept until No rule has been entered here/);
	assert.match((await anyone().ask('GET', `${address}/receipt`)).text, /^c2sp\.org\/tlog-proof@v1\n/);

	assert.match(text(await pageOf(client('staff'), `/moves/${move}`)), /Keep the records after all/);
	await moved('keep');
	await signIn(HER);
	assert.match(text(await pageOf(anyone(), address)), /It was opened again: the records are kept after all/);
	assert.match(text(await pageOf(client('staff'), `/classes/${cohort}`)), new RegExp(`${NAME}.*In the class`));
	assert.equal((await asked('keep')).status, 422);
});

test('with a rule she is told until when', async () => {
	clock.pass(DAY_S);
	const rule = await bank.rule({ keep: '3' });
	assert.equal(rule.status, 303, rule.text);
	assert.match(text(await pageOf(client('staff'), '/policies?place=370100')), /Records are kept 3 years behind the end of a class/);
	assert.match(text(await pageOf(client(HER), '/record/erase')), /The records are kept until 2\d December 2030|The records are kept until \d+ \w+ 2030/);
	const { json } = await asked('erase');
	assert.equal((await agreed(json.id)).status, 200);
	address = `/erasures/${json.id}`;
	assert.match(text(await pageOf(anyone(), address)), /The records are kept until \d+ \w+ 2030/);
	backup = path.join(bank.files, 'backups');
	mkdirSync(backup);
	run(program, ['backup', '--data', data(), backup]);
	before_ledger = await readAll((await readAll()).facts.length);
	hers = before_ledger.facts.find(({ kind }) => kind === 'move').sub;
});

test('when retention has run nothing of her is left, in no file and on no page; killed in between it goes on', async () => {
	await school.cut();
	assert.ok(found(data(), { her: HER, name: NAME, pseudonym: Buffer.from(hers, 'hex'), ...more.needles }).length >= 6, 'the test is not blind');
	clock.pass(5 * YEAR_S);
	for (let i = 0; i < 6; i++) { // the job begins with the start
		await school.start();
		await pause(15 * i);
		await school.cut();
	}
	await school.start();
	await signIn('staff', 'second', 'province', 'auditor', 't2');
	for (const late = Date.now() + 30000; (await anyone().ask('GET', address)).status !== 404; await pause(50)) assert.ok(Date.now() < late, school.log);
	assert.match(text(await pageOf(anyone(), address)), /There is nothing under this address/);
	const needles = { her: HER, name: NAME, said: SAID, pseudonym: Buffer.from(hers, 'hex'), code: certificates[HER].code.replaceAll('-', ''), certificate: certificates[HER].id, ...more.needles };
	const gone = () => found(data(), needles);
	for (const late = Date.now() + 30000; gone().length && Date.now() < late;) await pause(100);
	assert.deepEqual(gone(), []);
	for (const [what, needle] of Object.entries({ HER, NAME, SAID })) assert.ok(!school.log.includes(needle), `${what} in the log`);
	for (const at of [`/classes/${cohort}`, `/classes/${cohort}/dossier`, '/moves', '/people', list, `${list}/file`, '/changes', `/classes/${cohort}/questions`, `/certificates/class/${cohort}`, `/assessments/${cohort}`]) {
		const page = await pageOf(client(/payments|changes/.test(at) ? (at.includes('changes') ? 'auditor' : 'province') : 'staff'), at);
		assert.equal(page.status, 200, `${at}: ${page.status}`);
		assert.doesNotMatch(page.text, new RegExp(`${HER}|${NAME}|${SAID}`), at);
	}
	assert.match(text(await pageOf(client('staff'), `/classes/${cohort}`)), /Trainees who were erased 1, who had 0\.04 online and 0\.06 offline class hours together/);
	assert.equal((await pageOf(client('staff'), `/certificates/${certificates[HER].id}`)).status, 404);
	assert.equal((await pageOf(client('staff'), `${more.paper}/photo`)).status, 404);
	assert.match(text(await pageOf(client('staff'), more.visit)), /Home visit.*Place erased Taught by Ms Li/);
});

test('all others have what they had; payments keep their sums', async () => {
	assert.deepEqual((await client('t2').must('GET', '/api/v1/trainees/me/record')).cohorts.map(({ online_s, offline_s, lines }) => [online_s, offline_s, lines.length]), others.map(({ online_s, offline_s, lines }) => [online_s, offline_s, lines.length]));
	assert.equal((await bank.lines('t2')).length, 2);
	assert.equal((await pageOf(client('staff'), `/certificates/${certificates.t2.id}`)).status, 200);
	const page = text(await pageOf(client('province'), list));
	assert.match(page, /Somebody who was erased Massage, beginners 0\.04 0\.06 1 /);
	assert.match(page, /Somebody in this list was erased since/);
	const rows = (await client('province').ask('GET', `${list}/file`, undefined, english)).text.split('\r\n');
	assert.equal(rows.filter((row) => /"Somebody who was erased",.*0\.04,0\.06,1,/.test(row)).length, 1);
	assert.equal(rows.filter((row) => row.includes(certificates.t2.code)).length, 1);
});

test('the tree still verifies, an entry tells of what is gone, and the doctor finds nothing', async () => {
	const key = readKey((await anyone().ask('GET', '/ledger/key')).text);
	const now = await readAll(before_ledger.facts.length + 1), checkpoint = readCheckpoint(now.note, key);
	assert.ok(checkpoint.ok);
	assert.ok(root(now.hashes.slice(0, checkpoint.size)).equals(checkpoint.root));
	const due = before_ledger.facts.flatMap(({ sub }, n) => (sub === hers ? [n] : [])), blank = now.facts.flatMap((one, n) => (one ? [] : [n]));
	assert.deepEqual(blank, due, 'those about her and no others');
	now.bodies.forEach((body, n) => assert.ok(!body.length || leaf(body).equals(now.hashes[n]), `entry ${n}`));
	before_ledger.hashes.forEach((hash, n) => assert.ok(hash.equals(now.hashes[n])));
	const told = now.facts.filter((one) => one?.kind === 'erase');
	const places = told.flatMap(({ entries: runs }) => runs.split(' ').flatMap((run) => { const [from, to = from] = run.split('-').map(Number); return Array.from({ length: to - from + 1 }, (_, i) => from + i); }));
	assert.deepEqual(places, due);
	assert.ok(told.every((one) => !one.sub && !one.by));

	const to = path.join(bank.files, 'export');
	run(program, ['ledger', 'export', '--data', data(), to]);
	assert.deepEqual(found(to, { pseudonym: Buffer.from(hers, 'hex') }), []);
	writeFileSync(path.join(bank.files, 'key'), readFileSync(path.join(to, 'key')));
	const verified = spawnSync(program, ['ledger', 'verify', '--key', path.join(bank.files, 'key'), to], { encoding: 'utf8' });
	assert.equal(verified.status, 0, verified.stdout + verified.stderr);
	assert.match(verified.stdout, new RegExp(`${due.length} of them were erased`));
	const doctor = spawnSync(program, ['doctor', '--data', data()], { encoding: 'utf8' });
	assert.equal(doctor.status, 0, doctor.stdout + doctor.stderr);
	if (process.env.FOREIGN) {
		const foreign = spawnSync(process.env.FOREIGN, [school.origin, (await anyone().ask('GET', '/ledger/key')).text.trim(), '7'], { encoding: 'utf8' });
		assert.equal(foreign.status, 0, foreign.stdout + foreign.stderr);
	}
});

test('an older backup does not bring her back', async () => {
	const there = new School(clock, school.config);
	run(program, ['restore', backup, path.join(there.data, 'data')]);
	cpSync(path.join(data(), 'keys'), path.join(there.data, 'data', 'keys'), { recursive: true });
	assert.ok(found(there.data, { name: NAME }).length > 0);
	try {
		await there.start();
		const needles = { her: HER, name: NAME, said: SAID, pseudonym: Buffer.from(hers, 'hex') };
		for (const late = Date.now() + 30000; found(path.join(there.data, 'data'), needles).length && Date.now() < late;) await pause(100);
		assert.deepEqual(found(path.join(there.data, 'data'), needles), []);
		assert.match(there.log, /erased_again persons=1/);
		assert.equal((await new Client(there.origin).ask('POST', '/api/v1/session', { name: 't2', password: 'secret-t2' })).status, 201);
	} finally {
		await there.stop();
	}
});

test('a part whose plugin was removed is forgotten by its name, and no other', async () => {
	const forget = (...names) => spawnSync(program, ['erasure', 'forget-part', '--data', data(), ...names], { encoding: 'utf8' });
	for (const [names, status, words] of [[['bank'], 1, /bank runs: it erases what it keeps/], [['nothing'], 1, /no part of erasing is called nothing/], [[], 2, /the name of one part is needed/]]) {
		const done = forget(...names);
		assert.equal(done.status, status, done.stdout + done.stderr);
		assert.match(done.stderr, words);
	}
	await school.restart('[curbcut]\nplugins = catalog credit video certificate\ncheckpoint_s = 1\n');
	const done = forget('bank');
	assert.deepEqual([done.status, done.stdout], [0, '{"forgotten":"bank"}\n'], done.stderr);
	assert.equal(forget('bank').status, 1);
});
