// From certificates to the list by which subsidies are paid, and from each of its lines back to the entries of the ledger.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Clock } from '../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse } from '../hours/lib/school.mjs';
import { readCheckpoint, readKey } from '../ledger/lib/tree.mjs';
import { pageOf, sendForm } from '../scenes/lib/forms.mjs';
import { countersign, enter } from './lib/assess.mjs';
import { readLedger } from './lib/ledger.mjs';

const ONLINE_S = 108, OFFLINE_S = 162; // 0.04 and 0.06 class hours
let clock, school, course, cohort, files, list, codes, place;
const client = (name) => school.client(name), id = (name) => school.accounts[name].id;

before(async () => {
	clock = new Clock();
	files = folder('payments');
	school = await new School(clock, 'checkpoint_s = 1\norigin = http://school.example\n').start();
	await school.people(3);
	await school.account('colleague', 'teacher', ['--institution', school.institution]);
	await school.account('federation', 'reviewer', ['--region', '370100']);
	school.command('institution', 'add', '--name', 'Elsewhere', '--region', '350100', '--region-name', 'Fuzhou');
	await school.account('elsewhere', 'reviewer', ['--region', '350100']);
	await school.account('auditor', 'auditor');
	course = await school.course(makeCourse(files, { units: 1, seconds: ONLINE_S, hours: 0.04 }));
	cohort = await school.cohort(course, { total: 0.1, offline: 0.06 }, ['t1', 't2', 't3']);
	codes = {};
	for (const name of ['t1', 't2']) await watch(name);
	clock.pass(OFFLINE_S);
	const sheet = await attend(['t1', 't2', 't3']);
	await client('colleague').must('POST', `/api/v1/attendance/${sheet}/countersign`, {});
	for (const name of ['t1', 't2']) {
		await enter(client('staff'), cohort, id(name));
		await countersign(client('colleague'), cohort, id(name));
		codes[name] = await client('staff').must('POST', '/api/v1/certificates', { trainee: id(name), cohort });
	}
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

async function watch(name) {
	const { play, media } = await client(name).must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia(name, media);
	for (let seq = 0; seq < 3; seq++) {
		clock.pass(ONLINE_S / 3);
		await client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq, played: [[seq * ONLINE_S / 3, (seq + 1) * ONLINE_S / 3]], rate: 1, position: ONLINE_S });
	}
}

async function attend(names) {
	const sheet = { unit: 1, mode: 'onsite', from: clock.wall - OFFLINE_S * 1000, to: clock.wall, place: 'Base', teacher: 'Ms Li', key: names.join(), present: names.map((trainee) => ({ trainee, seconds: OFFLINE_S })) };
	return (await client('staff').must('POST', `/api/v1/cohorts/${cohort}/attendance`, sheet)).id;
}

const csv = (text) => text.replace(/^\ufeff/, '').trim().split('\r\n').map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, text, plain]) => text?.replaceAll('""', '"') ?? plain));
const places = (text) => text.split(' ').flatMap((run) => { const [from, to = from] = run.split('-').map(Number); return Array.from({ length: to - from + 1 }, (_, i) => from + i); });
const makeOf = (who, fields, at = '/payments') => sendForm(client(who), at, fields, '/payments');

test('a federation makes the list of a class: a line for each certificate, with every entry that it rests on', async () => {
	const made = await makeOf('federation', {}, `/payments?class=${cohort}`);
	assert.equal(made.status, 303, made.text);
	list = made.headers.location;
	const page = await pageOf(client('federation'), list);
	assert.equal(page.status, 200);
	for (const word of ['>t …</a>', 'Massage, beginners', '0.04', '0.06', codes.t1.code, codes.t2.code, 'Passed on 1 March 2027', '<td role="cell" data-label="Listed before">No</td>'])
		assert.ok(page.text.includes(word), word);
	assert.ok(!page.text.includes('>t1<'), 'names are masked');
	assert.equal(page.text.split('>t …</a>').length - 1, 2, 'who has no certificate is not in it');

	const file = await client('federation').ask('GET', `${list}/file`), rows = csv(file.text), column = (name) => rows[0].indexOf(name);
	assert.equal(rows.length, 3);
	const ledger = (await readLedger(client('auditor'), 1)).facts;
	place = ledger.findIndex(({ kind }) => kind === 'payment');
	const entry = ledger[place];
	assert.equal(entry.hash, createHash('sha256').update(file.bytes).digest('hex'), 'the ledger has the checksum of the file');
	assert.deepEqual([entry.lines, entry.cohort, entry.institution, entry.role], [2, cohort, school.institution, 'reviewer']);

	const key = readKey((await new Client(school.origin).ask('GET', '/ledger/key')).text), note = /<p class="typed" translate="no">([^<]*\n\n[^<]*)<\/p>/.exec(page.text)[1];
	const checkpoint = readCheckpoint(note.replaceAll('&#43;', '+').replaceAll('&#x2F;', '/').replaceAll('&#x3D;', '='), key);
	assert.ok(checkpoint.ok && checkpoint.size >= entry.size);
	for (const row of rows.slice(1)) {
		assert.deepEqual([row[0], row[column('Online class hours')], row[column('Offline class hours')], row[column('Days attended in person')]], ['t …', '0.04', '0.06', '1']);
		assert.deepEqual([row[column('Ledger')], Number(row[column('Entries that the checkpoint has')]), row[column('Hash of its tree')].replace(/^'(?=[+])/, '')], [key.name, checkpoint.size, checkpoint.root.toString('base64')]);
		const its = places(row[column('Entries')]).map((place) => { assert.ok(place < checkpoint.size); return ledger[place]; });
		assert.equal(its.length, Number(row[column('Number of entries')]));
		const who = its.find(({ kind }) => kind === 'certificate').sub;
		assert.ok(its.every(({ sub, kind }) => sub === who || (kind === 'class' && !sub)), 'all are hers, or of the class');
		const sum = (kind, fact) => its.filter((one) => one.kind === kind).reduce((all, one) => all + one[fact], 0);
		assert.deepEqual([sum('online', 'granted'), sum('countersign', 'seconds')], [ONLINE_S, OFFLINE_S]);
		const missed = ledger.slice(0, entry.size).filter(({ sub, kind }) => sub === who && ['online', 'sheet', 'countersign', 'assessment', 'assessment_countersign', 'certificate'].includes(kind)).length;
		assert.equal(its.length, missed + 1, 'none of hers is left out');
	}
	assert.deepEqual(rows.slice(1).map((row) => row[column('Code of the certificate')]).sort(), [codes.t1.code, codes.t2.code].sort());
});

test('an auditor follows a line to its entries; names, and codes that lead to them, stay masked; the look is an entry', async () => {
	const page = await pageOf(client('auditor'), list);
	assert.ok(!page.text.includes(codes.t1.code) && page.text.includes(`ends in ${codes.t1.code.slice(-4)}`));
	assert.equal((await pageOf(client('auditor'), `${list}/file`)).status, 404);
	const line = await pageOf(client('auditor'), `${list}/lines/1`);
	assert.equal(line.status, 200);
	for (const word of ['Recorded lesson: 36 s counted', 'Attendance countersigned: 2 min 42 s count', 'Final assessment countersigned', 'Certificate issued: 0.04 online and 0.06 offline class hours', 'The class opened: 0.1 class hours', 'Added up again just now they are 1 min 48 s online and 2 min 42 s offline.'])
		assert.ok(line.text.includes(word), word);
	const proof = /href="(\/ledger\/proof\/\d+)"/.exec(line.text)[1];
	assert.match((await client('auditor').ask('GET', proof)).text, /^c2sp\.org\/tlog-proof@v1\n/);
	const looks = (await readLedger(client('auditor'), place + 2)).facts.filter(({ kind }) => kind === 'look');
	assert.equal(looks.length, 1);
	assert.equal((await pageOf(client('auditor'), `${list}/lines/3`)).status, 404);
});

test('a list of an institution and days says what was listed before', async () => {
	const days = (year) => ({ 'first-year': year, 'first-month': '1', 'first-day': '1', 'last-year': year, 'last-month': '12', 'last-day': '31' });
	const year = String(new Date(clock.wall).getUTCFullYear());
	const made = await makeOf('auditor', { institution: school.institution, ...days(year) });
	assert.equal(made.status, 303, made.text);
	const page = await pageOf(client('federation'), made.headers.location);
	assert.equal(page.text.match(/>t …<\/a>/g).length, 2);
	assert.doesNotMatch(page.text, /data-label="Listed before">No</);
	const none = await makeOf('federation', { institution: school.institution, ...days(String(Number(year) - 1)) });
	assert.match((await pageOf(client('federation'), none.headers.location)).text, /Nobody has a certificate in force here/);
	assert.equal((await pageOf(client('federation'), '/payments')).text.match(/href="\/payments\/[0-9a-f-]{36}"/g).length, 3);
});

test('what is typed wrong is said at its field and kept', async () => {
	const reply = await makeOf('federation', { institution: school.institution, 'first-year': '2027', 'first-month': '2', 'first-day': '30', 'last-year': '2027', 'last-month': '3', 'last-day': '1' });
	assert.equal(reply.status, 400);
	assert.match(reply.text, /<p class="error" id="first-error"><span[^>]*>!<\/span> There is no such day/);
	assert.match(reply.text, /id="first-day"[^>]*value="30"/);
	const back = await makeOf('federation', { institution: school.institution, 'first-year': '2027', 'first-month': '3', 'first-day': '2', 'last-year': '2027', 'last-month': '3', 'last-day': '1' });
	assert.match(back.text, /The last day lies before the first one/);
	assert.match((await makeOf('federation', {})).text, /Choose an institution first/);
});

test('of lists that are made at once one alone says that a certificate was in none before', async () => {
	await watch('t3');
	await enter(client('staff'), cohort, id('t3'));
	await countersign(client('colleague'), cohort, id('t3'));
	const { code } = await client('staff').must('POST', '/api/v1/certificates', { trainee: id('t3'), cohort });
	const made = await Promise.all(['federation', 'auditor', 'federation', 'auditor'].map((who) => makeOf(who, {}, `/payments?class=${cohort}`)));
	const lists = made.filter(({ status }) => status === 303), refused = made.filter(({ status }) => status !== 303);
	assert.ok(lists.length > 0);
	for (const { status, text } of refused) {
		assert.equal(status, 409, text);
		assert.match(text, /No list was made: while it was computed[^]*t …, Massage, beginners: It was put into another list meanwhile/);
	}
	const fresh = await Promise.all(lists.map(async ({ headers }) => {
		const rows = csv((await client('federation').ask('GET', `${headers.location}/file`)).text), column = (name) => rows[0].indexOf(name);
		return rows.slice(1).filter((row) => row[column('Code of the certificate')] === code && !row[column('Listed before on')]).length;
	}));
	assert.equal(fresh.reduce((sum, n) => sum + n, 0), 1, 'it is paid once');
	const again = await makeOf('federation', {}, `/payments?class=${cohort}`);
	assert.equal(again.status, 303, again.text);
});

test('the lists of all institutions come in pages, those of a class by themselves', async () => {
	const there = JSON.parse(school.command('institution', 'add', '--name', 'Elsewhere too', '--region', '370100')).id;
	const links = (page) => [...page.text.matchAll(/href="\/payments\/([0-9a-f-]{36})"/g)].map(([, one]) => one);
	const days = { 'first-year': '2020', 'first-month': '1', 'first-day': '1', 'last-year': '2020', 'last-month': '1', 'last-day': '2' };
	for (const made of await Promise.all(Array.from({ length: 28 }, () => makeOf('federation', { institution: there, ...days }))))
		assert.equal(made.status, 303, made.text);
	const pages = [await pageOf(client('federation'), '/payments'), await pageOf(client('federation'), '/payments?page=2')];
	assert.match(pages[0].text, /Page 1 of 2/);
	assert.equal(links(pages[0]).length, 30);
	const all = pages.flatMap(links);
	assert.equal(new Set(all).size, all.length, 'each once');
	assert.ok(all.includes(list.split('/').at(-1)));
	const own = links(await pageOf(client('federation'), `/payments?class=${cohort}`));
	assert.ok(own.length > 0 && own.length < 10 && own.includes(list.split('/').at(-1)));
	assert.equal(links(await pageOf(client('elsewhere'), '/payments')).length, 0);
});

test('others learn nothing of it', async () => {
	for (const who of ['staff', 'colleague', 't1']) assert.equal((await pageOf(client(who), list)).status, 403, who);
	assert.equal((await pageOf(client('elsewhere'), list)).status, 404);
	assert.equal((await pageOf(client('elsewhere'), `/payments?class=${cohort}`)).status, 404);
	assert.equal((await makeOf('elsewhere', { institution: school.institution, 'first-year': '2027', 'first-month': '1', 'first-day': '1', 'last-year': '2027', 'last-month': '12', 'last-day': '31' })).status, 404);
});
