// Classes, rosters and records by HTTP: who may open, fill and see what.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Clock } from '../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse } from '../hours/lib/school.mjs';
import { Browser } from '../signin/lib/browser.mjs';

let clock, school, files, course, other, cohort;
const ask = (name, method, address, body, headers) => (name ? school.client(name) : new Client(school.origin)).ask(method, address, body, headers);
const status = async (...args) => (await ask(...args)).status;
const plan = (change) => ({ ...school.plan(course, { total: 0.1, offline: 0.06 }), ...change });

before(async () => {
	clock = new Clock();
	files = folder('classes');
	school = await new School(clock).start();
	await school.people(3);
	other = JSON.parse(school.command('institution', 'add', '--name', 'Other', '--region', '370200', '--region-name', 'Qingdao')).id;
	await school.account('stranger', 'staff', ['--institution', other]);
	await school.account('teacher', 'teacher', ['--institution', school.institution]);
	await school.account('auditor', 'auditor', ['--region', '370100']);
	await school.account('author', 'author');
	course = await school.course(makeCourse(files, { units: 2, seconds: 120, hours: 0.04 }));
	cohort = await school.cohort(course, { total: 0.1, offline: 0.06 }, ['t1']);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

test('a class is opened by staff of its institution alone', async () => {
	assert.deepEqual(await Promise.all([null, 't1', 'author', 'auditor', 'stranger', 'teacher'].map((name) => status(name, 'POST', '/api/v1/cohorts', plan({ programme: 'Opened' })))),
		[401, 403, 403, 403, 403, 201]);
	assert.equal(await status('staff', 'POST', '/api/v1/cohorts', plan({ institution: other })), 403);
	assert.equal(await status('staff', 'POST', '/api/v1/cohorts', plan({ institution: 'x' })), 403);
});

test('a plan that cannot be is refused in words, and no class is there', async () => {
	const before = (await school.client('staff').must('GET', '/api/v1/cohorts')).items.length;
	const [version] = plan().courses;
	for (const [change, code] of [
		[{ programme: '' }, 400], [{ programme: 'x'.repeat(201) }, 400], [{ total: 0 }, 400], [{ total: -1 }, 400], [{ total: '40' }, 400], [{ total: 0.001 }, 400], [{ total: 10001 }, 400],
		[{ starts: 5, ends: 5 }, 400], [{ courses: [] }, 400], [{ courses: 'all' }, 400], [{ courses: ['00000000-0000-7000-8000-000000000000'] }, 404], [{ courses: [version, version] }, 400],
		[{ offline: [{ name: '', hours: 0.06 }] }, 400], [{ offline: [{ name: 'p', hours: 0 }] }, 400], [{ offline: [{ name: 'p', hours: 'x' }] }, 400],
		[{ offline: [{ name: 'p', hours: 0.06 }, { name: 'q', hours: 0.06 }] }, 422], [{ offline: [] }, 422], [{ total: 1, offline: [{ name: 'p', hours: 0.6 }] }, 422],
	]) {
		const reply = await ask('staff', 'POST', '/api/v1/cohorts', plan(change), { 'Accept-Language': 'en' });
		assert.equal(reply.status, code, `${JSON.stringify(change).slice(0, 90)}: ${reply.text}`);
		assert.ok(reply.json.detail.length > 10);
	}
	assert.equal((await school.client('staff').must('GET', '/api/v1/cohorts')).items.length, before);
});

test('a class opened twice with one key is one class', async () => {
	const key = { 'Idempotency-Key': 'open-1' }, body = plan({ programme: 'Twice' });
	const first = await ask('staff', 'POST', '/api/v1/cohorts', body, key), second = await ask('staff', 'POST', '/api/v1/cohorts', body, key);
	assert.deepEqual([first.status, second.status, second.text], [201, 201, first.text]);
	assert.equal((await school.client('staff').must('GET', '/api/v1/cohorts')).items.filter((item) => item.programme === 'Twice').length, 1);
});

test('a roster is filled by those who teach there; for others the class is not there', async () => {
	const address = `/api/v1/cohorts/${cohort}/trainees`;
	assert.deepEqual(await Promise.all([null, 't1', 'author', 'auditor', 'stranger'].map((name) => status(name, 'POST', address, { trainee: 't2' }))), [401, 403, 403, 403, 404]);
	assert.equal(await status('teacher', 'POST', address, { trainee: ' T2 ' }), 201); // typed, not copied
	assert.equal(await status('staff', 'POST', address, { trainee: 't2' }), 201); // there already: nothing changes
	assert.deepEqual([await status('staff', 'POST', address, { trainee: 'nobody' }), await status('staff', 'POST', address, { trainee: 'author' }), await status('staff', 'POST', address, {})], [404, 422, 400]);
	assert.equal(await status('staff', 'POST', '/api/v1/cohorts/00000000-0000-7000-8000-000000000000/trainees', { trainee: 't2' }), 404);
	const page = await ask('staff', 'GET', `/classes/${cohort}`, undefined, { Accept: 'text/html' });
	assert.deepEqual([page.text.match(/\bt1\b/g)?.length > 0, page.text.match(/\bt2\b/g)?.length, /author/.test(page.text)], [true, 1, false]);
});

test('classes of another institution are not seen, by list or by page', async () => {
	const list = async (name) => (await school.client(name).must('GET', '/api/v1/cohorts')).items.map((item) => item.id);
	assert.ok((await list('staff')).includes(cohort) && (await list('teacher')).includes(cohort) && (await list('auditor')).includes(cohort));
	assert.deepEqual(await list('stranger'), []);
	const page = (name, address) => status(name, 'GET', address, undefined, { Accept: 'text/html' });
	assert.deepEqual(await Promise.all(['staff', 'teacher', 'stranger', 'auditor', 't1', 'author'].map((name) => page(name, `/classes/${cohort}`))), [200, 200, 404, 200, 403, 403]); // the auditor reads
	assert.doesNotMatch((await ask('stranger', 'GET', '/classes', undefined, { Accept: 'text/html' })).text, new RegExp(cohort));
	assert.match((await ask('teacher', 'GET', '/classes', undefined, { Accept: 'text/html' })).text, new RegExp(cohort));
});

test('the page of a class takes a trainee by its form', async () => {
	const reply = await new Promise((resolve, reject) => {
		fetch(`${school.origin}/classes/${cohort}/trainees`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ trainee: 't3' }),
			headers: { ...school.client('staff').headers, Accept: 'text/html' } }).then(resolve, reject);
	});
	assert.deepEqual([reply.status, reply.headers.get('location')], [303, `/classes/${cohort}?added=${school.accounts.t3.id}`]);
	const page = (address) => ask('staff', 'GET', address, undefined, { Accept: 'text/html', 'Accept-Language': 'en' });
	assert.match((await page(reply.headers.get('location'))).text, /class="notice status"[^]*t3 is on the roster now/);
	assert.doesNotMatch((await page(`/classes/${cohort}?added=${school.accounts.author.id}`)).text, /on the roster now/);
});

test('a record is seen by its person and by those who look after her classes', async () => {
	const [t1, author] = ['t1', 'author'].map((name) => school.accounts[name].id), of = (id) => `/api/v1/trainees/${id}/record`;
	assert.deepEqual(await Promise.all([null, 't1', 't2', 'staff', 'teacher', 'auditor', 'stranger', 'author'].map((name) => status(name, 'GET', of(t1)))), [401, 200, 404, 200, 200, 200, 404, 403]);
	for (const id of [author, 'x', '00000000-0000-7000-8000-000000000000']) assert.equal(await status('staff', 'GET', of(id)), 404, id);
	const mine = (await school.client('t1').must('GET', of('me'))).cohorts;
	assert.deepEqual(mine.map((one) => [one.cohort, one.online_s, one.total_s, one.cap_s]), [[cohort, 0, 270, 108]]);
	assert.deepEqual((await school.client('staff').must('GET', of(t1))).cohorts, mine);
});

test('somebody of two institutions is seen by each in its own classes alone', async () => {
	const { id } = await school.client('stranger').must('POST', '/api/v1/cohorts', plan({ institution: other, programme: 'Elsewhere' }));
	assert.equal(await status('stranger', 'POST', `/api/v1/cohorts/${id}/trainees`, { trainee: 't1' }), 201);
	const of = async (name) => (await school.client(name).must('GET', `/api/v1/trainees/${school.accounts.t1.id}/record`)).cohorts.map((one) => one.programme);
	assert.deepEqual([(await of('stranger')), (await of('staff')), (await of('t1')).length], [['Elsewhere'], ['Massage, beginners'], 2]);
});

test('hours are learned by those on the roster, in a class under way, in its own lessons', async () => {
	const unit = course.units[0].id, play = (name, body) => status(name, 'POST', '/api/v1/plays', body);
	await school.account('late', 'learner');
	assert.deepEqual([await play('late', { unit, cohort }), await play('t1', { unit, cohort }), await play('staff', { unit, cohort }), await play('t1', { unit }), await play('t1', { unit: 'x', cohort })],
		[404, 201, 403, 400, 404]);
	const second = await school.course(makeCourse(files, { units: 1, seconds: 60, hours: 0.02, name: 'Another' }));
	assert.equal(await play('t1', { unit: second.units[0].id, cohort }), 404);
	const soon = await school.client('staff').must('POST', '/api/v1/cohorts', plan({ programme: 'Soon', starts: clock.wall + 3600000 }));
	assert.equal(await status('staff', 'POST', `/api/v1/cohorts/${soon.id}/trainees`, { trainee: 't1' }), 201);
	assert.equal(await play('t1', { unit, cohort: soon.id }), 409);
	const short = await school.client('staff').must('POST', '/api/v1/cohorts', plan({ programme: 'Short', ends: clock.wall + 5000 }));
	assert.equal(await status('staff', 'POST', `/api/v1/cohorts/${short.id}/trainees`, { trainee: 't1' }), 201);
	assert.equal(await play('t1', { unit, cohort: short.id }), 201);
	clock.pass(5);
	assert.equal(await play('t1', { unit, cohort: short.id }), 409);
});

test('what is played after the end of a class adds no hours', async () => {
	const client = school.client('t2'), unit = course.units[0].id;
	const { id } = await school.client('staff').must('POST', '/api/v1/cohorts', plan({ programme: 'Ends', ends: clock.wall + 10000 }));
	await school.client('staff').must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: 't2' });
	const play = await client.must('POST', '/api/v1/plays', { unit, cohort: id });
	await school.fetchMedia('t2', play.media);
	clock.pass(60);
	const answer = await client.must('POST', `/api/v1/plays/${play.play}/beats`, { seq: 0, played: [[0, 60]], rate: 1, position: 60 });
	assert.equal(answer.granted_s, 30, JSON.stringify(answer)); // ten seconds of the class, at three times the speed
	clock.pass(60);
	assert.equal((await client.must('POST', `/api/v1/plays/${play.play}/beats`, { seq: 1, played: [[60, 100]], rate: 1, position: 100 })).granted_s, 30);
});

test('lists of classes and a roster have pages, and nobody is left out', async () => {
	const client = school.client('staff'), { next: none, items: before } = await client.must('GET', '/api/v1/cohorts');
	assert.equal(none, null);
	const { id: other2 } = JSON.parse(school.command('institution', 'add', '--name', 'Third', '--region', '370100')), made = new Set();
	const two = await school.account('two', 'teacher', ['--institution', other2]);
	await (school.accounts.admin ?? await school.account('admin', 'admin')).client.must('POST', `/api/v1/people/${two.id}/roles`, { role: 'teacher', place: school.institution });
	for (let i = before.length; i < 101; i++) made.add((await client.must('POST', '/api/v1/cohorts', plan({ programme: `Class ${i}` }))).id);
	for (let i = 0; i < 4; i++) made.add((await two.client.must('POST', '/api/v1/cohorts', plan({ programme: `Third ${i}`, institution: other2 }))).id);
	const first = await two.client.must('GET', '/api/v1/cohorts'), second = await two.client.must('GET', '/api/v1/cohorts?page=2');
	assert.deepEqual([first.items.length, first.next, second.items.length, second.next], [100, 2, 5, null]);
	assert.equal(new Set([...first.items, ...second.items].map((item) => item.id)).size, 105);
	for (const page of ['0', 'x', '-1']) assert.equal((await ask('two', 'GET', `/api/v1/cohorts?page=${page}`)).status, 400);
	const html = async (address) => (await ask('two', 'GET', address, undefined, { Accept: 'text/html', 'Accept-Language': 'en' })).text;
	const seen = new Set();
	let pages = 0;
	for (let next = '/classes'; next; pages++) {
		const text = await html(next);
		for (const [, id] of text.matchAll(/href="\/classes\/([0-9a-f-]{36})"/g)) seen.add(id);
		next = /rel="next" href="([^"]+)"/.exec(text)?.[1].replaceAll('&amp;', '&');
		assert.ok(pages < 9);
	}
	assert.deepEqual([pages, seen.size], [4, 105]);

	const lines = Array.from({ length: 101 }, (_, i) => `Many ${i}, many-${String(i).padStart(3, '0')}`);
	const { client: admin } = school.accounts.admin;
	for (const line of lines) await admin.must('POST', '/api/v1/people', { name: line.split(',')[0], number: line.split(', ')[1], role: 'learner', place: school.institution });
	const { id } = await client.must('POST', '/api/v1/cohorts', plan({ programme: 'Large' }));
	for (const line of lines) await client.must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: line.split(', ')[1] });
	const roster = async (query) => (await ask('staff', 'GET', `/classes/${id}${query}`, undefined, { Accept: 'text/html', 'Accept-Language': 'en' })).text;
	const trainees = (text) => [...text.matchAll(/\/trainees\/([0-9a-f-]{36})"/g)].map((found) => found[1]);
	const one = await roster(''), rest = await roster('?find=&page=2');
	assert.match(one, /Trainees on the roster: 101/);
	assert.match(one, /Page 1 of 2/);
	assert.match(one, /<title>Large – Curbcut/);
	assert.match(rest, /<title>Large, page 2 – Curbcut/);
	assert.deepEqual([trainees(one).length, trainees(rest).length], [100, 1]);
	assert.equal(new Set([...trainees(one), ...trainees(rest)]).size, 101);
	const found = await roster('?find=Many+10'); // 10 and 100
	assert.equal(trainees(found).length, 2);
	assert.doesNotMatch(found, /class="pager"/);
});

test('drafts of classes have pages, and none is left out', async () => {
	const teacher = new Browser(school.origin);
	await teacher.signIn('teacher', 'secret-teacher');
	for (let i = 1; i <= 13; i++) {
		const form = await teacher.get('/classes/new');
		assert.equal((await teacher.send(form, '/classes/new', { programme: `Draft ${i}`, total: '1', go: 'save' })).status, 303);
	}
	const named = (page) => [...page.text.matchAll(/>(Draft \d+)</g)].map(([, name]) => name);
	const one = await teacher.get('/classes'), two = await teacher.get('/classes?drafts=2');
	assert.deepEqual([named(one).length, named(two).length], [12, 1]);
	assert.equal(new Set([...named(one), ...named(two)]).size, 13);
	assert.match(one.text, /<nav class="pager" aria-label="Pages of Drafts of classes">.*href="\/classes\?q=&amp;state=&amp;drafts=2"/s);
	assert.match(two.text, /rel="prev" href="\/classes\?q=&amp;state=&amp;drafts=1"/);
	assert.doesNotMatch(two.text, /rel="next" href="[^"]*drafts=3/);
	// each of the two lists keeps the page of the other, and each page has a name of its own
	const both = await teacher.get('/classes?q=&state=&page=2&drafts=2');
	assert.match(both.text, /rel="prev" href="\/classes\?q=&amp;state=&amp;page=2&amp;drafts=1"/);
	assert.match(both.text, /<nav class="pager" aria-label="Pages of Classes">.*rel="prev" href="\/classes\?q=&amp;state=&amp;drafts=2"/s);
	const title = (page) => /<title>(.*) – /.exec(page.text)[1];
	assert.deepEqual([one, two, await teacher.get('/classes?page=2'), both].map(title),
		['Classes', 'Classes; drafts, page 2', 'Classes, page 2', 'Classes, page 2; drafts, page 2']);
});
