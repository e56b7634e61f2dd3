// From the hours of a class to a certificate that a stranger checks: by its code, by its file, and with a library that knows nothing
// of this server but what it serves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { compactVerify, createLocalJWKSet, importJWK } from '../browser/node_modules/jose/dist/node/esm/index.js';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from '../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse } from '../hours/lib/school.mjs';
import { pageOf, sendForm } from '../scenes/lib/forms.mjs';
import { countersign, enter, result } from './lib/assess.mjs';
import { readLedger } from './lib/ledger.mjs';

const ORIGIN = 'http://school.example'; // no request ever names it
const ONLINE_S = 108, OFFLINE_S = 162; // 0.04 and 0.06 class hours
let clock, school, course, cohort, files, certificate;
const client = (name) => school.client(name), id = (name) => school.accounts[name].id;
const issue = (who, trainee, more) => client(who).ask('POST', '/api/v1/certificates', { trainee: id(trainee), cohort, ...more }, { 'Accept-Language': 'en' });
const row = async (trainee) => new RegExp(`>${trainee}</a></th><td[^>]*>(?:<a[^>]*>)?([^<]*)`).exec((await pageOf(client('staff'), `/certificates/class/${cohort}`)).text)?.[1];

before(async () => {
	clock = new Clock();
	files = folder('certificates');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	await school.people(4);
	await school.account('colleague', 'teacher', ['--institution', school.institution]);
	await school.account('federation', 'reviewer', ['--region', '370100']);
	await school.account('auditor', 'auditor');
	await school.account('admin', 'admin');
	course = await school.course(makeCourse(files, { units: 1, seconds: ONLINE_S, hours: 0.04 }));
	cohort = await school.cohort(course, { total: 0.1, offline: 0.06 }, ['t1', 't2', 't3', 't4']);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

async function watch(name) {
	const { play, media } = await client(name).must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia(name, media);
	clock.pass(ONLINE_S);
	await client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, ONLINE_S]], rate: 1, position: ONLINE_S });
}

async function attend(names) {
	const sheet = { unit: 1, mode: 'onsite', from: clock.wall - OFFLINE_S * 1000, to: clock.wall, place: 'Base', teacher: 'Ms Li', key: names.join(), present: names.map((trainee) => ({ trainee, seconds: OFFLINE_S })) };
	return (await client('staff').must('POST', `/api/v1/cohorts/${cohort}/attendance`, sheet)).id;
}

test('the page of the class says in words what is missing, until nothing is', async () => {
	assert.equal(await row('t1'), '0.1 class hours are missing in all. Of these, 0.06 offline. Theory: No result yet. Practice: No result yet.');
	await watch('t1');
	assert.equal(await row('t1'), '0.1 class hours are missing in all. Of these, 0.06 offline. 0.04 online hours wait for offline hours: 0.06 more offline hours, and they count. Theory: No result yet. Practice: No result yet.');
	clock.pass(OFFLINE_S);
	const sheet = await attend(['t1', 't2', 't3', 't4']);
	assert.match(await row('t1'), /0\.06 hours wait for a countersignature\./);
	await client('colleague').must('POST', `/api/v1/attendance/${sheet}/countersign`, {});
	assert.equal(await row('t1'), 'Theory: No result yet. Practice: No result yet.');
	await enter(client('staff'), cohort, id('t1'));
	assert.equal(await row('t1'), 'Theory: Waits for a countersignature. Practice: Waits for a countersignature.');
	const early = await issue('staff', 't1');
	assert.equal(early.status, 422, early.text);
	assert.match(early.json.detail, /says what is missing/);
	await countersign(client('colleague'), cohort, id('t1'));
	assert.equal(await row('t1'), 'Can be issued');
});

// The server ends as it likes to, and begins anew with the same data.
async function again(config = '') {
	school.config += config;
	school.child.kill('SIGTERM');
	await school.ended;
	await school.start();
	for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
}

test('nothing is issued in the name of an address that whoever asks made up', async () => {
	const refused = await client('staff').ask('POST', '/api/v1/certificates', { trainee: id('t1'), cohort }, { 'Accept-Language': 'en', Host: 'elsewhere.example' });
	assert.equal(refused.status, 422, refused.text);
	assert.match(refused.json.detail, /must set origin in its configuration/);
	await again(`origin = ${ORIGIN}\n`);
});

test('a trainee is told what she lacks, and that what was not passed can be sat again', async () => {
	const mine = async (name) => (await pageOf(client(name), '/certificates')).text;
	assert.match(await mine('t1'), /You have no certificate yet[^]*<h2>Still without a certificate: Massage, beginners<\/h2>\s*<p>Nothing is missing\. Your institution issues the certificate\.<\/p>/);
	await enter(client('staff'), cohort, id('t4'), { theory: 'failed', practice: 'none' });
	await countersign(client('colleague'), cohort, id('t4'));
	assert.match(await mine('t4'), /<p>0\.04 class hours are missing in all\. Theory was not passed\. You can sit it again\. Ask your teacher\. Practice: No result yet\.<\/p>/);
	assert.match(await row('t4'), /Theory: Not passed\./);
});

test('staff of the institution issue it, once, and its holder sees it', async () => {
	assert.equal((await issue('t1', 't1')).status, 403);
	assert.equal((await issue('federation', 't1')).status, 403);
	assert.equal((await issue('staff', 't2')).status, 422);
	const made = await issue('staff', 't1');
	assert.equal(made.status, 201, made.text);
	certificate = made.json;
	assert.match(certificate.code, /^([2-9ACDEFHJKMNPRTWX]{4}-){3}[2-9ACDEFHJKMNPRTWX]{4}$/);
	assert.equal((await issue('colleague', 't1')).status, 409);
	assert.equal(await row('t1'), 'Issued');
	assert.match((await pageOf(client('t1'), '/')).text, /My certificates/);
	assert.match((await pageOf(client('t1'), '/certificates')).text, new RegExp(`href="/certificates/${certificate.id}"`));
	const page = await pageOf(client('t1'), `/certificates/${certificate.id}`);
	for (const word of ['Training pass certificate', 't1', 'Massage, beginners', '0.1, of which 0.04 online and 0.06 offline', 'Passed in theory and practice', 'Base', certificate.code, certificate.code.replaceAll('-', ', ').replace(/\w(?=\w)/g, '$& '), '<svg role="img"'])
		assert.ok(page.text.includes(word), word);
	for (const [who, status] of [['staff', 200], ['colleague', 200], ['federation', 200], ['auditor', 200], ['t2', 404]])
		assert.equal((await pageOf(client(who), `/certificates/${certificate.id}`)).status, status, who);
	assert.equal((await new Client(school.origin).ask('GET', `/certificates/${certificate.id}.jwt`)).status, 401);
});

test('hours that a certificate rests on do not go to another class', async () => {
	const other = await school.cohort(course, { total: 0.1, offline: 0.06 }, []);
	const reply = await client('staff').ask('POST', '/api/v1/moves', { kind: 'transfer', trainee: id('t1'), cohort, to: other, reason: 'She moves' }, { 'Accept-Language': 'en' });
	assert.equal(reply.status, 422);
	assert.match(reply.json.detail, /certificate of this class is in force/);
});

test('an auditor sees a name masked, and nothing that leads to it in full', async () => {
	const page = await pageOf(client('auditor'), `/certificates/${certificate.id}`);
	assert.match(page.text, /<dd>t …<\/dd>/);
	assert.doesNotMatch(page.text, /<dd>t1<\/dd>/);
	assert.ok(!page.text.includes(certificate.code) && !page.text.includes('.jwt'));
	assert.equal((await client('auditor').ask('GET', `/certificates/${certificate.id}.jwt`)).status, 404);
	const list = await pageOf(client('auditor'), `/certificates/class/${cohort}`);
	assert.equal(list.text.match(/>t …<\/a>/g).length, 4);
	assert.doesNotMatch(list.text, />t1</);
	assert.match((await pageOf(client('federation'), `/certificates/${certificate.id}`)).text, /<dd>t1<\/dd>/);
});

const fileOf = async (which = certificate) => (await client('t1').ask('GET', `/certificates/${which.id}.jwt`)).text;
const served = async (address) => (await new Client(school.origin).must('GET', address));

test('a foreign library verifies it with the keys that are served, and refuses what was changed', async () => {
	const token = await fileOf(), jwks = createLocalJWKSet(await served('/.well-known/jwks.json'));
	const { payload, protectedHeader } = await compactVerify(token, jwks, { algorithms: ['EdDSA'] });
	const vc = JSON.parse(Buffer.from(payload).toString()), did = 'did:web:school.example';
	assert.deepEqual(vc.type, ['VerifiableCredential', 'OpenBadgeCredential']);
	assert.equal(vc.issuer.id, did);
	assert.equal(vc.issuer.name, 'Base');
	assert.equal(vc.iss, did);
	assert.ok(vc.id.startsWith(`${ORIGIN}/certificates/`));
	assert.equal(vc.credentialSubject.activityEndDate, vc.validFrom, 'the class goes on; hers is over');
	assert.ok(protectedHeader.kid.startsWith(`${did}#`));
	assert.deepEqual(vc.credentialSubject.identifier, [{ type: 'IdentityObject', identityType: 'name', identityHash: 't1', hashed: false }]);
	assert.equal(vc.credentialSubject.achievement.name, 'Massage, beginners');
	assert.deepEqual(vc.credentialSubject.result.map(({ value }) => value), ['0.04', '0.06']);
	for (const secret of [id('t1'), certificate.code.replaceAll('-', '')]) assert.ok(!JSON.stringify(vc).includes(secret));
	const document = await served('/.well-known/did.json');
	assert.equal(document.id, did);
	const method = document.verificationMethod.find((one) => one.id === protectedHeader.kid);
	assert.ok(document.assertionMethod.includes(method.id));
	await compactVerify(token, await importJWK(method.publicKeyJwk, 'EdDSA'));

	const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
	for (let round = 0; round < 200; round++) {
		const at = Math.floor(round * (token.length - 1) / 200);
		if (token[at] === '.') continue;
		const wrong = token.slice(0, at) + letters[(letters.indexOf(token[at]) + 1 + round % 62) % 64] + token.slice(at + 1);
		await assert.rejects(compactVerify(wrong, jwks, { algorithms: ['EdDSA'] }), `changed at ${at}`);
	}
});

const visitor = () => new Visitor(school.origin, { lang: 'en' });
const byCode = async (code) => visitor().get(`/check?code=${encodeURIComponent(code)}`);
async function byText(text) {
	const somebody = visitor(), csrf = /name="csrf" value="([^"]+)"/.exec((await somebody.get('/check')).text)[1];
	return somebody.post('/check/text', [['csrf', csrf], ['text', text]]);
}
async function byFile(bytes, name = 'certificate.jwt') {
	const somebody = visitor(), csrf = /name="csrf" value="([^"]+)"/.exec((await somebody.get('/check')).text)[1];
	return somebody.send('/check/file', [['csrf', csrf], ['file', { name, bytes: Buffer.from(bytes) }]]);
}
const told = ({ text }) => /<p class="title">([^<]*)</.exec(text)?.[1];

test('whoever has the code or the file is told that it is valid, and sees what it says', async () => {
	for (const reply of [await byCode(certificate.code), await byCode(` ${certificate.code.toLowerCase().replaceAll('-', '  ')} `), await byText(await fileOf()), await byFile(`${await fileOf()}\n`)]) {
		assert.equal(reply.status, 200);
		assert.equal(told(reply), 'The certificate is valid');
		for (const word of ['t1', 'Massage, beginners', 'Base']) assert.ok(reply.text.includes(`<dd>${word}</dd>`), word);
		assert.ok(!reply.text.includes(id('t1')));
	}
	assert.equal((await visitor().get('/check')).status, 200);
});

test('a slip in the code is told as a slip, and slows nobody down', async () => {
	const code = certificate.code;
	for (let round = 0; round < 12; round++) {
		const at = round % 4, wrong = code.slice(0, at) + (code[at] === '2' ? '3' : '2') + code.slice(at + 1), reply = await byCode(wrong);
		assert.equal(reply.status, 400);
		assert.match(reply.text, /There is a mistake in this code/);
	}
	assert.match((await byCode(code.slice(0, 15))).text, /A code has 16 letters and digits/);
	assert.match((await byCode(`${code.slice(0, -1)}O`)).text, /A character here is in no code/);
});

test('what was changed is told apart from what was never signed here', async () => {
	const token = await fileOf(), [head, body, signature] = token.split('.'), encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
	const vc = JSON.parse(Buffer.from(body, 'base64url'));
	const renamed = [head, encode({ ...vc, credentialSubject: { ...vc.credentialSubject, identifier: [{ ...vc.credentialSubject.identifier[0], identityHash: 'Somebody Else' }] } }), signature].join('.');
	for (const reply of [await byText(renamed), await byFile(renamed)]) {
		assert.equal(told(reply), 'This certificate was changed');
		assert.ok(!reply.text.includes('Somebody Else') && !reply.text.includes('<dd>t1</dd>'), 'nothing of it is shown');
	}
	for (const header of [{ alg: 'none', kid: 'x#y' }, { alg: 'HS256', kid: JSON.parse(Buffer.from(head, 'base64url')).kid }, { alg: 'EdDSA', kid: 'did:web:elsewhere#abc' }, { alg: 'EdDSA' }])
		assert.equal(told(await byText([encode(header), body, signature].join('.'))), 'This certificate is not of this server', JSON.stringify(header));
	const list = (await new Client(school.origin).ask('GET', '/certificates/status/0')).text;
	assert.equal(told(await byText(list)), 'This certificate was not found');
	for (const wrong of ['hello', `${head}.${body}`, `${token}.x`, `${head}..${signature}`, `${token}=`, '..', '{}', `${head}.${body}.AAAA`, token.replace('.', '.%')]) {
		const reply = await byText(wrong);
		assert.equal(reply.status, 400, wrong);
		assert.match(reply.text, /This is not a certificate file/);
	}
	assert.equal((await byText('A'.repeat(40000))).status, 413);
	for (const [reply, status] of [[await byFile(''), 400], [await byFile('x', ''), 400], [await byFile('A'.repeat(40000)), 413], [await byFile('A'.repeat(200000)), 413]]) assert.equal(reply.status, status);
});

// Which bit of the list says that the certificate was withdrawn, checked by what the list itself says.
async function withdrawnBit(token) {
	const { statusListCredential, statusListIndex } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).credentialStatus;
	const reply = await new Client(school.origin).ask('GET', new URL(statusListCredential).pathname);
	assert.equal(reply.headers['content-type'], 'application/vc+jwt');
	const { payload } = await compactVerify(reply.text, createLocalJWKSet(await served('/.well-known/jwks.json')));
	const list = JSON.parse(Buffer.from(payload).toString());
	assert.ok(list.nbf * 1000 <= clock.wall - 3600000 && list.nbf * 1000 > clock.wall - 2 * 3600000 - 1, 'a clock that is late takes it too');
	assert.equal(Date.parse(list.validFrom), list.nbf * 1000);
	assert.equal(list.id, statusListCredential);
	assert.equal(list.credentialSubject.statusPurpose, 'revocation');
	const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url')), n = Number(statusListIndex);
	assert.equal(bits.length, 16384);
	return bits[n >> 3] >> (7 - (n & 7)) & 1;
}

test('a certificate is withdrawn by two, and whoever checks it then is told', async () => {
	const at = `/certificates/${certificate.id}/withdraw`, token = await fileOf();
	assert.equal(await withdrawnBit(token), 0);
	const unsaid = await sendForm(client('staff'), at, { reason: '' });
	assert.equal(unsaid.status, 400);
	assert.ok(!unsaid.text.includes('name="renew"'), 'the name is the one on the certificate');
	assert.match((await sendForm(client('staff'), at, { reason: 'Wrong name', renew: 'yes' })).text, /still called as on this certificate/);
	clock.step(3600);
	assert.equal((await sendForm(client('staff'), at, { reason: 'Two were mixed up' })).status, 303);
	const first = /name="withdrawal" value="([^"]+)"/.exec((await pageOf(client('colleague'), at)).text)[1];
	clock.step(-3600); // what was asked for last is the last, whatever the clock of the wall says
	const asked = await sendForm(client('staff'), at, { reason: 'Hours of another trainee' });
	assert.equal(asked.status, 303, asked.text);
	for (const withdrawal of [first, '']) {
		const late = await sendForm(client('colleague'), at, { withdrawal }, `${at}/countersign`);
		assert.equal(late.status, 409, late.text);
		assert.match(late.text, /Something else is asked for now than what you were shown/);
	}
	assert.equal(told(await byCode(certificate.code)), 'The certificate is valid', 'asking alone changes nothing');
	const own = await pageOf(client('staff'), at);
	assert.match(own.text, /You asked for this yourself, so another person must countersign it/);
	assert.ok(!own.text.includes('Why is it withdrawn?'), 'it was asked for already');
	assert.ok(!own.text.includes(`action="${at}/countersign"`));
	assert.equal((await sendForm(client('staff'), at, {}, `${at}/countersign`)).status, 403);
	assert.equal((await sendForm(client('colleague'), at, {}, `${at}/countersign`)).status, 303);
	for (const reply of [await byCode(certificate.code), await byText(token)]) {
		assert.equal(told(reply), 'This certificate was withdrawn');
		assert.match(reply.text, /<title>This certificate was withdrawn – Check a certificate/);
		assert.match(reply.text, /class="notice error"/); // gets the focus
		assert.ok(!reply.text.includes('Hours of another trainee'), 'the reason is not for everybody');
	}
	assert.equal(await withdrawnBit(token), 1);
	assert.match((await pageOf(client('t1'), `/certificates/${certificate.id}`)).text, /This certificate was withdrawn on [^.]*\. To know why, ask Base\./);
	assert.match((await pageOf(client('colleague'), `/certificates/${certificate.id}?done=asked`)).text, /class="notice error"/);
	assert.equal((await sendForm(client('colleague'), at, { reason: 'x' })).status, 409);
	const anew = await issue('colleague', 't1');
	assert.equal(anew.status, 403, anew.text);
	assert.match(anew.json.detail, /only the federation issues another one/);
	assert.equal(await row('t1'), 'Was withdrawn; the federation can issue another one');
});

test('several are issued by the page, once somebody says that she looked; a federation withdraws alone', async () => {
	for (const name of ['t2', 't3']) {
		await watch(name);
		await enter(client('staff'), cohort, id(name));
		await countersign(client('colleague'), cohort, id(name));
	}
	const at = `/certificates/class/${cohort}`, post = async (fields, who = 'staff') => {
		const page = await pageOf(client(who), at);
		const hidden = [...page.text.slice(page.text.indexOf('<form method="post" action="/certificates')).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].slice(0, 3).map((found) => [found[1], found[2]]);
		const reply = await fetch(school.origin + at, { method: 'POST', redirect: 'manual', body: new URLSearchParams([...hidden.filter(([name]) => name !== 'idempotency_key'), ...fields]), headers: { ...client(who).headers, Accept: 'text/html', 'Accept-Language': 'en' } });
		return { status: reply.status, text: await reply.text() };
	};
	const who = ['t2', 't3'].map((name) => ['trainees[]', id(name)]);
	assert.match((await post([['sure', 'yes']])).text, /Tick who gets a certificate/);
	assert.match((await post(who)).text, /Tick this once you have looked/);
	assert.equal((await post([...who, ['trainees[]', id('t4')], ['sure', 'yes']])).status, 422, 'all or nobody');
	assert.equal(await row('t2'), 'Can be issued');
	assert.equal((await post([...who, ['trainees[]', id('t1')], ['sure', 'yes']])).status, 403, 'one of them was withdrawn');
	assert.equal((await post([...who, ['sure', 'yes']])).status, 303);
	const offered = async (name) => [...(await pageOf(client(name), at)).text.matchAll(/name="trainees\[\]" value="([^"]+)"/g)].map((found) => found[1]);
	assert.deepEqual([await offered('staff'), await offered('federation')], [[], [id('t1')]]);
	assert.equal((await post([['trainees[]', id('t1')], ['sure', 'yes']], 'federation')).status, 303);
	for (const name of ['t1', 't2', 't3']) assert.equal(await row(name), 'Issued');
	const firstOf = async (name) => /href="\/certificates\/([0-9a-f-]{36})"/.exec((await pageOf(client(name), '/certificates')).text)[1];
	const withdraw = `/certificates/${await firstOf('t2')}/withdraw`;
	await client('admin').must('POST', `/api/v1/people/${id('t3')}/roles`, { role: 'reviewer', place: '370100' });
	const own = await sendForm(client('t3'), `/certificates/${await firstOf('t3')}/withdraw`, { reason: 'I do not like it', sure: 'yes' });
	assert.equal(own.status, 403, own.text);
	assert.match(own.text, /another person must decide it/);
	assert.equal(await row('t3'), 'Issued');
	const unsure = await sendForm(client('federation'), withdraw, { reason: 'Review of the class' });
	assert.equal(unsure.status, 400);
	assert.match(unsure.text, /Tick the box when you are sure/);
	assert.match(unsure.text, /Withdraw this certificate now[^]*Review of the class/, 'nothing typed is lost');
	assert.equal((await sendForm(client('federation'), withdraw, { reason: 'Review of the class', sure: 'yes' })).status, 303);
	assert.equal(await row('t2'), 'Was withdrawn; the federation can issue another one');
});

test('what is corrected behind a certificate is told where it is listed', async () => {
	const at = `/assessments/${cohort}/${id('t3')}`, [, link] = new RegExp(`href="(${at}\\?corrects=[^"]+)#form"`).exec((await pageOf(client('staff'), at)).text);
	assert.equal((await sendForm(client('staff'), link, result({ practice: 'failed', reason: 'Two sheets were swapped' }), at)).status, 303);
	assert.equal(await row('t3'), 'Issued');
	await countersign(client('colleague'), cohort, id('t3'));
	assert.equal(await row('t3'), 'Issued, but now something is missing: Practice: Not passed.');
});

test('certificates and withdrawals are entries with the hash of the token, and without a name', async () => {
	const { bytes, facts } = await readLedger(client('auditor'), 31), token = await fileOf();
	const made = facts.filter(({ kind }) => kind === 'certificate');
	assert.equal(made.length, 4);
	assert.deepEqual(made.map(({ ref }) => facts[ref]?.hash), [undefined, undefined, undefined, made[0].hash], 'another one names the one that was withdrawn');
	assert.deepEqual(made.map(({ role }) => role), ['staff', 'staff', 'staff', 'reviewer']);
	assert.equal(made[0].hash, createHash('sha256').update(token).digest('hex'));
	assert.deepEqual([made[0].online_c, made[0].offline_c], [4, 6]);
	const asked = facts.filter(({ kind }) => kind === 'withdrawal'), signed = facts.filter(({ kind }) => kind === 'withdrawal_countersign');
	assert.deepEqual(asked.map(({ role }) => role), ['staff', 'staff', 'reviewer']);
	assert.deepEqual(signed.map(({ role }) => role), ['teacher', 'reviewer']);
	assert.equal(facts[asked[0].entry].hash, made[0].hash);
	assert.deepEqual(facts.filter(({ kind }) => kind === 'look').map(({ role, cohort: of }) => [role, of]), Array(2).fill(['auditor', cohort]));
	for (const word of ['Hours of another', certificate.code.replaceAll('-', ''), id('t1'), certificate.id]) assert.ok(!bytes.toString('latin1').includes(word), word);
});

test('guessing codes is slowed by the address, and what is known is kept behind a crash', async () => {
	const letters = '23456789ACDEFHJKMNPRTWX', numbers = (code) => [...code].map((c) => letters.indexOf(c));
	// a code with right check characters that nobody has
	const fresh = (n) => {
		const random = Array.from({ length: 14 }, (_, i) => (n * 7 + i * 5 + 3) % 23), sum = random.reduce((a, b) => a + b), weighted = random.reduce((a, b, i) => a + (i + 1) * b, 0);
		const last = ((15 * sum - weighted) % 23 + 23) % 23, before = ((-sum - last) % 23 + 23) % 23;
		return [...random, before, last].map((place) => letters[place]).join('');
	};
	const sums = (code) => numbers(code).reduce(([a, b], place, i) => [(a + place) % 23, (b + (i + 1) * place) % 23], [0, 0]);
	assert.deepEqual(sums(certificate.code.replaceAll('-', '')), [0, 0]);
	// also of many at one time no more than five are looked at
	const replies = (await Promise.all(Array.from({ length: 24 }, (_, n) => byCode(fresh(n))))).sort((a, b) => a.status - b.status);
	assert.deepEqual(replies.map(({ status }) => status), [...Array(5).fill(404), ...Array(19).fill(429)]);
	assert.match(replies[0].text, /This certificate was not found; check the code/);
	assert.match(replies[5].text, /Wait 1 seconds before the next try/);
	assert.equal((await byCode(certificate.code)).status, 429);
	clock.pass(3601);
	const keys = await served('/.well-known/jwks.json'), origin = school.origin;
	await school.cut();
	await school.start();
	for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
	const again = await served('/.well-known/jwks.json');
	assert.equal(again.keys[0].x, keys.keys[0].x, 'the key is the same');
	assert.equal(again.keys.length, 1);
	assert.notEqual(school.origin, origin);
	assert.equal(told(await byCode(certificate.code)), 'This certificate was withdrawn');
});
