// The pages of trainees, staff, authors and reviewers, as their forms send them: what is done, what is kept, what is said.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync, rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { House } from '../ingest/lib/house.mjs';
import { course as package_, films } from '../ingest/lib/films.mjs';
import { zip } from '../ingest/lib/zip.mjs';
import { folder, makeCourse } from '../hours/lib/school.mjs';

let house, files, course, film, other;
const HTML = { Accept: 'text/html', 'Accept-Language': 'en' };

const page = (name, address) => (name ? house.client(name) : house.nobody()).ask('GET', address, undefined, HTML);

// Sends a form as a browser does; an array is sent once for each of its values.
async function send(name, address, fields = {}) {
	const body = new URLSearchParams(Object.entries(fields).flatMap(([key, value]) => [value].flat().map((one) => [key, one])));
	const reply = await fetch(house.origin + address, { method: 'POST', redirect: 'manual', body, headers: { ...house.client(name).headers, ...HTML } });
	return { status: reply.status, to: reply.headers.get('location'), text: await reply.text() };
}

before(async () => {
	files = folder('pages');
	house = await House.open();
	await house.account('staff', 'staff', ['--institution', house.institution]);
	for (const name of ['t1', 't2', 't3', 't4']) await house.account(name, 'learner');
	other = JSON.parse(house.command('institution', 'add', '--name', 'Other', '--region', '370200', '--region-name', 'Qingdao')).id;
	await house.account('chief', 'reviewer'); // for everything; what the command line brings belongs to nobody below
	await house.account('stranger', 'staff', ['--institution', other]);
	course = await house.course(makeCourse(files, { units: 2, seconds: 120, hours: 0.04 }));
	({ film } = films());
});
after(async () => {
	await house?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const plan = (change) => ({ programme: '保健按摩师', total: '0.1', institution: house.institution, ...change });
const dates = (change) => ({ 'starts-year': '2027', 'starts-month': '2', 'starts-day': '1', 'ends-year': '2027', 'ends-month': '12', 'ends-day': '31', ...change });

// A draft with everything but what `change` leaves out; its id.
async function draft(change = {}) {
	const first = await send('staff', '/classes/new', { ...plan(change.plan), go: 'next' });
	assert.equal(first.status, 303, first.text);
	const id = /drafts\/([0-9a-f-]{36})\/courses$/.exec(first.to)[1], at = `/classes/drafts/${id}`;
	assert.equal((await send('staff', `${at}/courses`, { 'courses[]': [course.version], go: 'next' })).to, `${at}/offline`);
	assert.equal((await send('staff', `${at}/offline`, { name1: '实操', hours1: change.hours ?? '0.06', place1: '城关', 'when1-year': '2027', 'when1-month': '6', 'when1-day': '3', go: 'next' })).to, `${at}/dates`);
	assert.equal((await send('staff', `${at}/dates`, { ...dates(change.dates), go: 'next' })).to, `${at}/check`);
	return id;
}

test('pages__a_class_form_with_a_mistake_says_once_that_something_is_wrong', async () => {
	const { status, text } = await send('staff', '/classes/new', { ...plan({ total: 'much' }), go: 'next' });
	assert.equal(status, 400);
	assert.equal(text.split('Some answers need another look').length - 1, 1);
	assert.match(text, /<a href="#total">/);
	assert.match(text, /value="much"/);
});

test('a class is planned in steps, checked, and opened once', async () => {
	const id = await draft(), at = `/classes/drafts/${id}`;
	const check = await page('staff', `${at}/check`);
	assert.match(check.text, /0\.06 offline and 0\.04 online\. At most 0\.04 may be online/);
	assert.match(check.text, /实操: 0\.06 class hours, on 3 June 2027, 城关/);
	const opened = await send('staff', `${at}/open`), again = await send('staff', `${at}/open`);
	assert.match(opened.to, /^\/classes\/[0-9a-f-]{36}\?opened=yes$/);
	assert.equal(again.to, opened.to);
	const one = await page('staff', opened.to);
	assert.match(one.text, /The class is open\. Now add its trainees/);
	assert.match(one.text, /From 1 February 2027 to 31 December 2027/);
	assert.equal((await send('staff', `${at}/plan`, { ...plan({ programme: 'Changed' }), go: 'next' })).to, opened.to); // its plan stays
	const { items } = await house.client('staff').must('GET', '/api/v1/cohorts');
	assert.equal(items.filter((item) => item.programme === '保健按摩师').length, 1);
	assert.ok(!(await page('staff', '/classes')).text.includes(`drafts/${id}`));
});

test('too many online hours: the last step says how many offline hours would pass, and opens nothing', async () => {
	const id = await draft({ hours: '0.03' }), at = `/classes/drafts/${id}`;
	const check = await page('staff', `${at}/check`);
	assert.match(check.text, /Plan at least 0\.06 offline class hours/);
	assert.ok(!check.text.includes(`${at}/open"`));
	const forced = await send('staff', `${at}/open`);
	assert.deepEqual([forced.status, /Plan at least 0\.06/.test(forced.text)], [422, true]);
	assert.equal((await house.client('staff').must('GET', '/api/v1/cohorts')).items.length, 1);
});

test('what is typed wrongly is kept and told at its field; a draft may hold anything', async () => {
	const wrong = await send('staff', '/classes/new', { ...plan({ programme: '', total: 'forty <b>' }), go: 'next' });
	assert.equal(wrong.status, 400);
	assert.match(wrong.text, /value="forty &lt;b&gt;"/);
	assert.match(wrong.text, /id="total-error"[^]*Give the total class hours as a number/);
	assert.match(wrong.text, /href="#programme"/);
	const saved = await send('staff', '/classes/new', { ...plan({ programme: 'Half done', total: 'forty' }), go: 'save' });
	assert.equal(saved.to, '/classes?saved=yes');
	const list = await page('staff', saved.to);
	assert.match(list.text, /The draft is saved/);
	const [, at] = /href="(\/classes\/drafts\/[0-9a-f-]{36})\/check">Half done/.exec(list.text);
	assert.match((await page('staff', `${at}/plan`)).text, /value="forty"/);
	assert.match((await page('staff', `${at}/check`)).text, /Give the first day of the class/);
	const day = await send('staff', `${at}/dates`, { ...dates({ 'starts-month': '2', 'starts-day': '30' }), go: 'next' });
	assert.deepEqual([day.status, /There is no such day/.test(day.text), /value="30"/.test(day.text)], [400, true, true]);
	assert.match((await send('staff', `${at}/dates`, { ...dates({ 'ends-year': '2026' }), go: 'next' })).text, /The last day lies before the first/);
	assert.equal((await send('staff', `${at}/plan`, { ...plan({ total: '０.１' }), go: 'next' })).status, 303); // digits of a Chinese keyboard
	const more = await send('staff', `${at}/offline`, { name1: 'A', hours1: '', go: 'more' });
	assert.deepEqual([more.status, /id="name2"/.test(more.text), /value="A"/.test(more.text)], [200, true, true]);
});

test('the first step sent once more, by way of the Back button, keeps what the other steps have', async () => {
	const key = { idempotency_key: '01a20000-0000-7000-8000-0000000000bb' };
	const first = await send('staff', '/classes/new', { ...plan({ programme: 'Back and on' }), ...key, go: 'next' }), at = first.to.replace('/courses', '');
	await send('staff', `${at}/courses`, { 'courses[]': [course.version], go: 'next' });
	await send('staff', `${at}/dates`, { ...dates(), go: 'next' });
	assert.equal((await send('staff', '/classes/new', { ...plan({ programme: 'Back, mended' }), ...key, go: 'next' })).to, first.to);
	assert.match((await page('staff', `${at}/plan`)).text, /value="Back, mended"/);
	assert.match((await page('staff', `${at}/dates`)).text, /value="2027"/);
	assert.match((await page('staff', `${at}/courses`)).text, new RegExp(`value="${course.version}" checked`));
});

test('a unit of which only the year is typed is shown with what is wrong', async () => {
	const { to } = await send('staff', '/classes/new', { ...plan({ programme: 'A year' }), go: 'next' }), at = to.replace('/courses', '/offline');
	const reply = await send('staff', at, { name1: 'A', hours1: '1', 'when2-year': '2027', go: 'next' });
	assert.equal(reply.status, 400);
	assert.match(reply.text, /id="when2-year"[^>]*value="2027"/);
});

test('a draft is its author\'s alone, is thrown away and taken back', async () => {
	const id = await draft({ plan: { programme: 'To be dropped' } }), at = `/classes/drafts/${id}`;
	assert.equal((await page('stranger', `${at}/check`)).status, 404);
	assert.equal((await send('stranger', `${at}/open`)).status, 404);
	assert.equal((await send('stranger', '/classes/new', { ...plan(), idempotency_key: id, go: 'save' })).status < 500, true);
	assert.match((await page('staff', `${at}/plan`)).text, /To be dropped/); // a key that names somebody else's draft changes nothing of it
	const dropped = await send('staff', `${at}/drop`);
	const list = await page('staff', dropped.to);
	assert.match(list.text, /The draft is thrown away/);
	assert.ok(!list.text.includes('To be dropped'));
	assert.equal((await send('staff', `${at}/restore`)).to, '/classes?saved=yes');
	assert.match((await page('staff', '/classes')).text, /To be dropped/);
});

test('a roster takes several at once, by number or by a name it knows; all or nobody', async () => {
	const { items } = await house.client('staff').must('GET', '/api/v1/cohorts'), at = `/classes/${items[0].id}`;
	const mixed = await send('staff', `${at}/trainees`, { trainee: 't1\nnobody-here，t2' });
	assert.deepEqual([mixed.status, /Nobody was added yet[^]*nobody-here/.test(mixed.text), /t1\nnobody-here，t2<\/textarea>/.test(mixed.text)], [404, true, true]);
	assert.match((await page('staff', at)).text, /Nobody is on the roster yet/);
	assert.equal((await send('staff', `${at}/trainees`, { trainee: 't1, t2；t3' })).to, `${at}?several=3`);
	assert.match((await page('staff', `${at}?several=3`)).text, /On the roster now: 3 trainees more[^]*Trainees on the roster: 3/);
	assert.match((await send('staff', `${at}/trainees`, { trainee: ' ' })).text, /Give the trainee/);
	const found = await page('staff', `${at}?find=t2`);
	assert.deepEqual([/>t2<\/a>/.test(found.text), />t1<\/a>/.test(found.text)], [true, false]);
});

test('who learned nothing is taken off the roster, and put back; who has learned stays', async () => {
	const { items } = await house.client('staff').must('GET', '/api/v1/cohorts'), at = `/classes/${items[0].id}`;
	const one = `${at}/trainees/${house.accounts.t1.id}`, removed = `${at}?removed=${house.accounts.t1.id}`;
	assert.match((await page('staff', one)).text, /Take off the roster/);
	assert.equal((await send('stranger', `${one}/remove`)).status, 404);
	assert.equal((await send('staff', `${one}/remove`)).to, removed);
	const undo = await page('staff', removed);
	assert.match(undo.text, /The trainee is off the roster/);
	assert.match(undo.text, new RegExp(`name="trainee" value="${house.accounts.t1.id}"`));
	assert.equal((await send('staff', `${at}/trainees`, { trainee: house.accounts.t1.id })).status, 303);
	const play = await house.client('t1').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort: items[0].id });
	await house.fetchMedia('t1', play.media);
	house.clock.pass(30);
	await house.client('t1').must('POST', `/api/v1/plays/${play.play}/beats`, { seq: 0, played: [[0, 30]], rate: 1, position: 30 });
	assert.doesNotMatch((await page('staff', one)).text, /Take off the roster/);
	const kept = await send('staff', `${one}/remove`);
	assert.deepEqual([kept.status, /has learned in the class/.test(kept.text)], [409, true]);
	assert.match((await page('staff', at)).text, /30 s, less than a tenth of a class hour/);
	assert.match((await page('staff', one)).text, /Counted so far: 30 s\. A class hour has 45 minutes/);
});

test('classes are found by a word and by their state', async () => {
	const hits = async (query) => [...(await page('staff', `/classes?${query}`)).text.matchAll(/href="\/classes\/[0-9a-f]{8}-/g)].length;
	assert.deepEqual([await hits('q=按摩'), await hits('q=推拿'), await hits('state=now'), await hits('state=soon'), await hits('state=ended')], [1, 0, 1, 0, 0]);
	assert.match((await page('staff', '/classes?q=推拿')).text, /No class fits/);
	assert.match((await page('stranger', '/classes?q=按摩')).text, /No class fits/);
});

test('the first page says what comes next: begin, go on, or choose', async () => {
	const fresh = await page('t2', '/');
	assert.match(fresh.text, /class="button main" href="\/videos\/[^"]+">Begin with lesson 1: Lesson 1</);
	assert.match(fresh.text, /Lessons finished: 0 of 2/);
	assert.match(fresh.text, /Next class: 3 June 2027, 城关, 实操/);
	const under = await page('t1', '/');
	assert.match(under.text, />Go on with lesson 1: Lesson 1<[^]*You stopped at 30 s/);
	assert.match(under.text, /Still to learn: about 4 min/);
	assert.match(under.text, /You have 0\.01 of 0\.1 class hours/);
	const outside = await page('t4', '/');
	assert.match(outside.text, /You have not begun a course yet[^]*You are in no class now/);
	assert.match(outside.text, /href="\/courses\/[0-9a-f-]{36}"/); // the list stands below
	const nobody = await page(null, '/');
	assert.match(nobody.text, /Sign in and begin/);
	assert.match(nobody.text, /href="\/courses\/[0-9a-f-]{36}"/);
	assert.match((await page('staff', '/')).text, /Classes under way[^]*保健按摩师/);
	for (const reply of [fresh, under, nobody]) assert.ok(gzipSync(reply.text).length < 15 << 10);
});

test('online hours that wait for offline hours are told with the figure', async () => {
	house.clock.pass(200);
	const { items } = await house.client('staff').must('GET', '/api/v1/cohorts');
	const play = await house.client('t1').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort: items[0].id });
	house.clock.pass(200);
	await house.client('t1').must('POST', `/api/v1/plays/${play.play}/beats`, { seq: 0, played: [[30, 120]], rate: 1, position: 120 });
	const text = (await page('t1', '/record')).text;
	assert.match(text, /0\.04 online hours wait for offline hours: 0\.06 more offline hours, and they count/);
	assert.match(text, /The online hours of this class are full/);
	assert.match((await page('t1', '/')).text, />Next lesson, number 2: Lesson 2</);
});

// ---- authors and reviewers ----

async function handIn(name, file, bytes, fields = {}) {
	const body = new FormData();
	for (const [key, value] of Object.entries(fields)) body.append(key, value);
	body.append('file', new Blob([bytes]), file);
	const reply = await fetch(`${house.origin}/packages/new`, { method: 'POST', redirect: 'manual', body, headers: { ...house.client(name).headers, ...HTML } });
	return { status: reply.status, to: reply.headers.get('location'), text: await reply.text() };
}

const good = () => zip([{ name: 'course.json', bytes: package_() }, { name: 'film.mp4', bytes: film }]);

test('a package is handed in by a plain form, and becomes a draft', async () => {
	const sent = await handIn('author', 'C:\\fake\\推拿.zip', good());
	assert.equal(sent.status, 303, sent.text);
	const job = sent.to.split('/').pop();
	assert.equal((await house.job('author', job)).result.file, '推拿.zip');
	const done = await page('author', sent.to);
	assert.match(done.text, /The package is a draft now[^]*href="\/courses\/[0-9a-f-]{36}"/);
	for (const name of ['other', 'learner']) assert.ok((await page(name, sent.to)).status >= 403);
	assert.match((await page('author', '/drafts')).text, /推拿入门/);
});

test('what is wrong with a package is told in words, with how to mend it', async () => {
	const sent = await handIn('author', 'x.zip', zip([{ name: 'course.json', bytes: package_({ colour: 'red' }) }, { name: 'film.mp4', bytes: film }]));
	await house.job('author', sent.to.split('/').pop());
	const text = (await page('author', sent.to)).text;
	assert.match(text, /<section>[^]*<h2>What [^<]+<\/h2>[^]*colour/);
	const large = await handIn('author', 'no.zip', Buffer.alloc(200000, 7));
	await house.job('author', large.to.split('/').pop());
	assert.match((await page('author', large.to)).text, /The package was not taken in[^]*What must be mended/);
});

test('a form without a file, with an empty one, or cut short hands in nothing', async () => {
	for (const [name, bytes, said] of [['', '', /Choose the file of your package first/], ['empty.zip', '', /This file is empty/]]) {
		const sent = await handIn('author', name, bytes);
		assert.deepEqual([sent.status, said.test(sent.text)], [400, true], sent.text.slice(0, 300));
	}
	const cut = Buffer.from('--b\r\nContent-Disposition: form-data; name="course"\r\n\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\nPK and no end');
	const reply = await fetch(`${house.origin}/packages/new`, { method: 'POST', body: cut, redirect: 'manual', headers: { ...house.client('author').headers, ...HTML, 'Content-Type': 'multipart/form-data; boundary=b' } });
	assert.deepEqual([reply.status, /cut short/.test(await reply.text())], [400, true]);
	assert.equal((await handIn('author', 'a.zip', good(), { course: course.course })).status, 404); // not hers
	assert.ok(!house.left().some((line) => /^(uploads|spool)\/[^/]+ \d/.test(line)), house.left().join('\n'));
});

test('a form with a cookie must carry the token of its page, also with a file', async () => {
	const token = house.client('author').headers.Authorization.slice(7), body = new FormData();
	body.append('csrf', 'wrong');
	body.append('file', new Blob([good()]), 'a.zip');
	const reply = await fetch(`${house.origin}/packages/new`, { method: 'POST', redirect: 'manual', body, headers: { ...HTML, Cookie: `__Host-curb=${token}` } });
	assert.equal(reply.status, 403);
});

test('a course goes to a reviewer, comes back with the reason, goes again and is published', async () => {
	const list = (await page('author', '/drafts')).text, [, id] = /href="\/courses\/([0-9a-f-]{36})"[^>]*>推拿入门/.exec(list), at = `/courses/${id}`;
	const state = async () => (await house.client('author').must('GET', `/api/v1/courses/${id}`)).state;
	for (const act of ['approve', 'reject']) assert.equal((await send('reviewer', `${at}/${act}`, { reason: 'x' })).status, 409, act);
	assert.equal((await send('other', `${at}/submit`)).status, 404);
	assert.equal((await send('author', `${at}/submit`)).to, `${at}?done=submit`);
	assert.match((await page('author', `${at}?done=submit`)).text, /The course is handed in[^]*Waits for approval/);
	assert.equal((await send('author', `${at}/submit`)).status, 409);
	const refused = await send('author', `${at}/approve`, { form_page: `${at}/approve` });
	assert.deepEqual([refused.status, /name="back" value="\/"/.test(refused.text)], [403, true]); // a language leads to a page that can be opened
	assert.equal(await state(), 'waiting');
	assert.match((await page('reviewer', '/')).text, /Look at the course 推拿入门/);
	const empty = await send('reviewer', `${at}/reject`, { reason: ' ' });
	assert.deepEqual([empty.status, /id="reason-error"/.test(empty.text)], [400, true]);
	assert.equal((await send('reviewer', `${at}/reject`, { reason: 'Lesson 1: <b>captions</b> are missing' })).status, 303);
	assert.match((await page('author', at)).text, /Sent back to be mended[^]*Lesson 1: &lt;b&gt;captions&lt;\/b&gt; are missing/);
	assert.match((await page('author', '/')).text, /Mend the course 推拿入门/);
	assert.equal((await send('author', `${at}/submit`)).status, 303);
	assert.equal((await send('author', `${at}/withdraw`)).status, 303);
	assert.equal(await state(), 'draft');
	assert.equal((await send('author', `${at}/submit`)).status, 303);
	assert.equal((await page('learner', at)).status, 404);
	const { version } = await house.client('author').must('GET', `/api/v1/courses/${id}`);
	assert.match((await page('reviewer', at)).text, new RegExp(`action="${at}/approve"[^]*?name="version" value="${version}"`));
	assert.equal((await send('reviewer', `${at}/approve`, { version: course.version })).status, 409); // another one than she has looked at
	assert.equal(await state(), 'waiting');
	assert.equal((await send('reviewer', `${at}/approve`, { version })).to, `${at}?done=approve`);
	assert.equal((await page('learner', at)).status, 200);
	assert.match((await page(null, '/courses?q=推拿')).text, /推拿入门/);
});

test('a published course is retired after a question, is found no more, and comes back', async () => {
	const at = `/courses/${course.course}`, found = async () => /href="\/courses\/[0-9a-f-]{36}"/.test((await page(null, '/courses?q=Lessons')).text);
	assert.ok(await found());
	assert.match((await page('chief', `${at}/retire`)).text, /Retire this course\?[^]*You can take it back/);
	assert.equal((await page('author', `${at}/retire`)).status, 404); // not hers
	assert.equal((await send('chief', `${at}/retire`)).status, 303);
	assert.ok(!await found());
	assert.ok(!(await page(null, '/courses')).text.includes(at));
	assert.equal((await page('t1', at)).status, 200); // her class has it
	const plan_ = { programme: 'New', courses: [course.version], total: 0.1, institution: house.institution, offline: [{ name: 'p', hours: 0.06 }], starts: house.clock.wall - 1, ends: house.clock.wall + 9e8 };
	assert.equal((await house.client('staff').ask('POST', '/api/v1/cohorts', plan_)).status, 422);
	assert.equal((await send('chief', `${at}/restore`)).status, 303);
	assert.ok(await found());
});

test('help: a page for each role, of what its owners say', async () => {
	for (const [name, said] of [[null, /Help for trainees[^]*Go on learning/], ['t1', /Help for trainees/], ['author', /Help for authors[^]*Captions belong beside the film/], ['staff', /Help for teachers and staff[^]*Planning a class takes five steps/], ['reviewer', /Help for reviewers[^]*send it back and say what should be mended/]]) {
		const reply = await page(name, '/help');
		assert.match(reply.text, said);
		assert.match(reply.text, /href="\/help\/admin"/);
	}
	assert.equal((await page(null, '/help/nonsense')).status, 404);
	assert.match((await page('t1', '/record')).text, /href="\/help"/); // from every page
});

test('who is taken off a roster with a lesson open learns on in her other classes', async () => {
	const { items } = await house.client('staff').must('GET', '/api/v1/cohorts'), [{ id }] = items.filter((item) => item.programme === '保健按摩师'), at = `/classes/${id}`;
	const unit = course.units[0].id;
	const second = await house.client('staff').must('POST', '/api/v1/cohorts', { programme: 'Second', courses: [course.version], total: 0.1, institution: house.institution, offline: [{ name: 'p', hours: 0.06 }], starts: house.clock.wall - 1, ends: house.clock.wall + 9e8 });
	assert.equal((await send('staff', `${at}/trainees`, { trainee: 't4' })).status, 303);
	await house.client('t4').must('POST', '/api/v1/plays', { unit, cohort: id });
	assert.equal((await send('staff', `${at}/trainees/${house.accounts.t4.id}/remove`)).status, 303);
	assert.equal((await send('staff', `/classes/${second.id}/trainees`, { trainee: 't4' })).status, 303);
	const play = await house.client('t4').ask('POST', '/api/v1/plays', { unit, cohort: second.id });
	assert.equal(play.status, 201, play.text);
});

test('a trainee of the institution is put on the roster by her whole name', async () => {
	const { items } = await house.client('staff').must('GET', '/api/v1/cohorts'), at = `/classes/${items[0].id}`;
	const add = (place, number) => house.client(place === house.institution ? 'staff' : 'stranger').must('POST', '/api/v1/people', { name: '王小明', number, place });
	const { id } = await add(house.institution, 'w1');
	await add(other, 'w2'); // of another institution: nobody here means her
	assert.equal((await send('staff', `${at}/trainees`, { trainee: '王小明' })).to, `${at}?added=${id}`);
	assert.equal((await send('staff', `${at}/trainees`, { trainee: '王小' })).status, 404);
	await add(house.institution, 'w3');
	assert.match((await send('staff', `${at}/trainees`, { trainee: '王小明' })).text, /Several people are called 王小明/);
	assert.match((await page('staff', at)).text, /Trainees of your institution[^<]*can be added by their whole name; for all others type the number/);
});

test('her own classes are found among hundreds of others of that name', async () => {
	const plan_ = { programme: '按摩', courses: [course.version], total: 0.1, institution: other, offline: [{ name: 'p', hours: 0.06 }], starts: house.clock.wall - 1, ends: house.clock.wall + 9e8 };
	for (let i = 0; i < 9; i++) await Promise.all(Array.from({ length: 50 }, () => house.client('stranger').must('POST', '/api/v1/cohorts', plan_)));
	assert.match((await page('staff', '/classes?q=按摩')).text, /href="\/classes\/[0-9a-f]{8}-/);
});
