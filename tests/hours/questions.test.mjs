// A trainee asks about a line of her hours; whoever looks after the class answers; both stay, and the ledger knows of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Visitor } from '../guard/lib/visitor.mjs';
import { decode, entries } from '../ledger/lib/tree.mjs';
import { Clock } from './lib/clock.mjs';
import { Client, School, folder, makeCourse } from './lib/school.mjs';

let clock, school, course, files, cohort, ask;
const visitors = {};

before(async () => {
	clock = new Clock(Date.UTC(2027, 2, 1, 2));
	files = folder('questions');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	await school.people(2);
	await school.account('auditor', 'auditor');
	course = await school.course(makeCourse(files, { units: 1, seconds: 100, hours: 0.03 }));
	cohort = await school.cohort(course, { total: 0.1, offline: 0.07 }, ['t1', 't2']);
	const other = JSON.parse(school.command('institution', 'add', '--name', 'Elsewhere', '--region', '370200', '--region-name', 'Qingdao'));
	await school.account('stranger', 'staff', ['--institution', other.id]);
	for (const name of Object.keys(school.accounts)) visitors[name] = new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice('Bearer '.length) });
	const { play, media } = await school.client('t1').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia('t1', media);
	clock.pass(60);
	await school.client('t1').must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, 60]], rate: 1, position: 60 });
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const get = async (name, address, status = 200) => {
	const reply = await visitors[name].get(address);
	assert.equal(reply.status, status, `${name} ${address}: ${reply.text.slice(0, 300)}`);
	return reply.text;
};

// Sends the page's form with `text` in its field.
async function send(name, page, action, text) {
	const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, field, value]) => [field, value]);
	return visitors[name].post(action, [...fields.filter(([field], i) => fields.findIndex(([other]) => other === field) === i), ['text', text]]);
}

const linked = (text, words) => new RegExp(`href="([^"]+)"[^>]*>(?:<[^>]+>)*${words}`).exec(text)?.[1].replaceAll('&amp;', '&');

test('a line of the record leads to a form that shows it', async () => {
	const record = await get('t1', '/record');
	ask = linked(record, 'Ask about 1 March 2027, lesson 1');
	assert.ok(ask, record);
	const page = await get('t1', ask);
	assert.match(page, /You watched 1 min, 1 min counted/);
	await get('t2', ask, 404); // not her line
	await get('t1', ask.replace(/day=\d+/, 'day=1'), 404);
	await get('t1', `/record/ask?class=${course.version}`, 404);
	assert.match(await get('t2', `/record/ask?class=${cohort}`), /The class Massage, beginners[^]*Your teacher looks at your hours and answers here/);
});

test('a text that does not do is told at its field and stays there', async () => {
	const page = await get('t1', ask);
	for (const [text, words] of [['  ', /Write a few words/], ['很'.repeat(2001), /longer than 2,000 characters/]]) {
		const reply = await send('t1', page, '/record/ask', text);
		assert.equal(reply.status, 400);
		assert.match(reply.text, words);
		assert.match(reply.text, /aria-invalid="true"/);
		if (text.trim()) assert.ok(reply.text.includes(text), 'nothing typed is lost');
	}
	assert.doesNotMatch(await get('t1', '/record'), /Questions about these hours/);
});

test('asked, found, answered, asked once more: each reads it where she looks', async () => {
	const asked = await send('t1', await get('t1', ask), '/record/ask', 'I listened for longer.\nWhy one minute?');
	assert.equal(asked.status, 303, asked.text);
	const own = asked.headers.location.replace('?sent=yes', '');
	assert.match(await get('t1', asked.headers.location), /The answer will stand on this page/);
	assert.match(await get('t1', '/record'), /Asked on 1 March 2027: 1 March 2027, lesson 1: Lesson 1\. Waits for an answer/);

	const home = await get('staff', '/'), theirs = linked(home, '1 March 2027, lesson 1');
	assert.match(home, /Questions to answer[^]*t1 asked on 1 March 2027/);
	assert.match(await get('staff', `/classes/${cohort}`), /waiting for an answer: 1/);
	assert.equal(linked(await get('staff', `/classes/${cohort}/questions`), 't1: 1 March 2027'), theirs);
	const page = await get('staff', theirs);
	assert.match(page, /I listened for longer\.\nWhy one minute\?[^]*You watched|You watched 1 min[^]*Why one minute\?/);
	assert.equal((await send('staff', page, theirs, '')).status, 400);
	const answered = await send('staff', page, theirs, 'One minute came here. Press play again.');
	assert.equal(answered.status, 303);
	assert.doesNotMatch(await get('staff', '/'), /Questions to answer/);

	assert.match(await get('t1', '/'), /Answers to your questions[^]*Answered on 1 March 2027/);
	const read = await get('t1', own);
	assert.match(read, /staff, 1 March 2027[^]*Press play again\./);
	assert.equal((await send('t1', read, own, 'Thank you. And yesterday?')).status, 303);
	assert.match(await get('staff', '/'), /Questions to answer/);
	assert.doesNotMatch(await get('t1', '/'), /Answers to your questions/);
});

test('a question has at most a hundred messages, and what was typed stays', async () => {
	const asked = await send('t2', await get('t2', `/record/ask?class=${cohort}`), '/record/ask', 'first');
	const own = asked.headers.location.replace('?sent=yes', ''), page = await get('t2', own), csrf = /name="csrf" value="([^"]+)"/.exec(page)[1];
	const say = (text) => visitors.t2.post(own, [['csrf', csrf], ['text', text]]);
	for (let i = 1; i < 100; i++) assert.equal((await say(`again ${i}`)).status, 303);
	const reply = await say('one too many');
	assert.equal(reply.status, 422);
	assert.match(reply.text, /This question has 100 messages[^]*one too many/);
	const theirs = own.replace('/record', `/classes/${cohort}`);
	await send('staff', await get('staff', theirs), theirs, 'not even this').then(({ status }) => assert.equal(status, 422));
});

test('nobody else reads it, an auditor answers nothing', async () => {
	const theirs = linked(await get('staff', '/'), '1 March 2027, lesson 1'), own = theirs.replace(/^.*questions/, '/record/questions');
	for (const [name, address, status] of [['t2', own, 404], ['t2', theirs, 403], ['stranger', theirs, 404], ['stranger', `/classes/${cohort}/questions`, 404], ['staff', own, 403]])
		await get(name, address, status);
	const page = await get('auditor', theirs);
	assert.match(page, /Why one minute/);
	for (const words of ['Question: t …', 'Answer: staff']) assert.ok(page.includes(`<h2>${words}, 1 March 2027</h2>`), words);
	assert.doesNotMatch(page, /Your answer/);
	assert.equal((await send('auditor', page, theirs, 'mine')).status, 403);
	assert.match(await get('auditor', `/classes/${cohort}/questions`), /t …: 1 March/); // her name is masked
	assert.doesNotMatch(page, /t1,/);
});

test('more than twenty that wait are not taken, and what was typed stays', async () => {
	const page = () => get('t2', `/record/ask?class=${cohort}`);
	for (let i = 1; i < 20; i++) assert.equal((await send('t2', await page(), '/record/ask', `number ${i}`)).status, 303);
	const reply = await send('t2', await page(), '/record/ask', 'one too many');
	assert.equal(reply.status, 422);
	assert.match(reply.text, /20 of your questions wait[^]*one too many/);
	assert.match(await get('staff', `/classes/${cohort}/questions`), /waiting|Waits for an answer/);
});

test('the ledger has that it was asked and answered, and not what was written', async () => {
	const key = /^\S+/.exec((await new Client(school.origin).ask('GET', '/ledger/key')).text);
	assert.ok(key);
	const size = 1 + 1 + 3 + 100 + 1 + 19; // the class, a beat, two questions and an answer of one, a hundred messages, a look of the auditor, the rest of the other
	for (const late = Date.now() + 20000; ; await pause(20)) {
		const signed = Number((await new Client(school.origin).ask('GET', '/ledger/checkpoint')).text.split('\n')[1]);
		if (signed >= size) break;
		assert.ok(Date.now() < late, `signed: ${signed}`);
	}
	const reply = await school.client('auditor').ask('GET', `/ledger/tile/entries/000.p/${size}`);
	assert.equal(reply.status, 200);
	const all = entries(reply.bytes).map(decode), count = (kind) => all.filter((entry) => entry.kind === kind).length;
	assert.deepEqual([count('online'), count('question'), count('answer'), count('look')], [1, 2 + 100 + 19, 1, 1]);
	assert.equal(all.find((entry) => entry.kind === 'answer').role, 'staff');
	assert.ok(!reply.bytes.includes('Press play again'));
	assert.ok(!school.log.includes('Press play again'), 'nor the log');
});
