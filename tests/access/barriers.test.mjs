// A difficulty is reported by nobody in particular, without scripts; it reaches a person, and its answer the reporter. The
// page about accessibility shows a report when there is one, and says so when there is none.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { token } from '../browser/lib/classroom.mjs';
import { startServer } from '../browser/lib/server.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';

let folder, server, admin, learner;

async function open(content) {
	rmSync(path.join(folder, 'report'), { recursive: true, force: true });
	mkdirSync(path.join(folder, 'report/pictures'), { recursive: true });
	if (content !== undefined) writeFileSync(path.join(folder, 'report/report.json'), content);
	return startServer({ settings: `access_report = ${path.join(folder, 'report')}\n` });
}

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-barriers-'));
	server = await open();
	const [boss, trainee] = [server.addUser('boss', 'admin'), server.addUser('lin', 'learner')];
	admin = new Visitor(server.origin, { token: await token(server, boss) });
	learner = new Visitor(server.origin, { token: await token(server, trainee) });
});
after(async () => {
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const hidden = (html, name) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)[1];

// The form of the page, sent as a browser sends it.
async function send(visitor, fields, { page = '/accessibility', action = '/accessibility/reports', key } = {}) {
	const { text } = await visitor.get(page);
	const form = text.slice(text.indexOf(`action="${action}"`));
	return visitor.post(action, [['csrf', hidden(form, 'csrf')], ['idempotency_key', key ?? hidden(form, 'idempotency_key')], ...Object.entries(fields)]);
}

const codeOf = (reply) => /^\/accessibility\/reports\/([2-9A-Z]{4}(?:-[2-9A-Z]{4}){2})$/.exec(reply.headers.location)?.[1];

test('barriers__nobody_reports_and_reads_the_answer', async () => {
	const nobody = new Visitor(server.origin), began = Date.now(), due = (ms) => Math.floor(ms / 86400e3 + 8 / 24) + 7; // days are those of Beijing
	const sent = await send(nobody, { text: 'the play button is hard to hit', page: '/videos/1', contact: 'tel 123' });
	assert.equal(sent.status, 303);
	const code = codeOf(sent), mine = await nobody.get(sent.headers.location);
	assert.match(mine.text, new RegExp(code));
	const day = /We answer by (\d+ \w+ \d{4})/.exec(mine.text)[1];
	assert.ok([due(began), due(Date.now())].includes(Date.parse(`${day} UTC`) / 86400e3), day);
	assert.match(mine.text, /Not read yet/);
	const inbox = await admin.get('/accessibility/inbox');
	assert.match(inbox.text, /the play button is hard to hit/);
	const address = /\/accessibility\/inbox\/[0-9a-f-]{36}/.exec(inbox.text)[0];
	assert.match((await admin.get(address)).text, /tel 123/);
	assert.match((await nobody.get(sent.headers.location)).text, /Read, an answer is being prepared/);
	assert.equal((await send(admin, { text: 'It is larger now' }, { page: address, action: `${address}/answer` })).status, 303);
	const answered = (await new Visitor(server.origin).get(`/accessibility/reports?code=${code.toLowerCase().replaceAll('-', '+')}`)).text;
	assert.match(answered, /It is larger now/);
	assert.match(answered, /Answered/);
});

test('barriers__what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost', async () => {
	const reply = await send(learner, { text: '  ', page: '/record', contact: 'here <b>' });
	assert.equal(reply.status, 400);
	assert.match(reply.text, /id="text-error"/);
	assert.match(reply.text, /value="here &lt;b&gt;"/);
	assert.match(reply.text, /value="\/record"/);
	const long = await send(learner, { text: 'a', contact: 'x'.repeat(301) });
	assert.deepEqual([long.status, /id="contact-error"/.test(long.text), /id="page-error"/.test(long.text)], [400, true, false]);
	assert.equal((await send(learner, { text: '长'.repeat(4001) })).status, 400);
	assert.equal((await send(learner, { text: '长'.repeat(4000) })).status, 303);
});

test('barriers__sent_twice_is_one_report', async () => {
	const key = '01a20000-0000-7000-8000-0000000000aa';
	const [one, two] = [await send(learner, { text: 'twice' }, { key }), await send(learner, { text: 'twice' }, { key })];
	assert.ok(codeOf(one));
	assert.equal(codeOf(one), codeOf(two));
	assert.match((await learner.get('/accessibility')).text, new RegExp(codeOf(one)));
});

test('barriers__only_who_answers_sees_the_inbox_and_an_unknown_number_is_told', async () => {
	assert.equal((await learner.get('/accessibility/inbox')).status, 403);
	assert.equal((await new Visitor(server.origin).get('/accessibility/inbox')).status, 303);
	assert.equal((await learner.get('/accessibility/reports/AAAA-BBBB-CCCC')).status, 404);
});

test('barriers__what_people_write_is_not_readable_in_the_data_folder', async () => {
	const secret = 'my-very-own-words-about-me';
	await send(new Visitor(server.origin), { text: secret, contact: secret });
	for (const name of readdirSync(server.data).filter((entry) => entry.startsWith('curbcut.db')))
		assert.ok(!readFileSync(path.join(server.data, name)).includes(secret), name);
	assert.ok(!server.log().includes(secret));
});

test('barriers__a_flood_from_one_address_is_slowed', async () => {
	const flooder = new Visitor(server.origin), seen = new Set();
	for (let i = 0; i < 32; i++) seen.add((await send(flooder, { text: `again ${i}` })).status);
	assert.ok(seen.has(429), [...seen].join());
});

test('barriers__the_inbox_has_pages_and_leaves_none_out', async () => {
	const seen = new Set(), pages = [];
	for (let next = '/accessibility/inbox'; next && pages.length < 9;) {
		const { text } = await admin.get(next);
		const here = [...text.matchAll(/\/accessibility\/inbox\/([0-9a-f-]{36})/g)].map((found) => found[1]);
		pages.push(here.length);
		here.forEach((id) => seen.add(id));
		[, next] = /rel="next" href="([^"]+)"/.exec(text) ?? [];
	}
	assert.equal(pages[0], 25);
	assert.ok(pages.length >= 2 && seen.size >= 30, pages.join());
	assert.equal(seen.size, pages.reduce((sum, n) => sum + n, 0));
	assert.match((await admin.get('/accessibility/inbox?page=2')).text, /Page 2 of 2/);
	assert.equal((await admin.get('/accessibility/inbox?page=x')).status, 400);
});

test('barriers__who_reported_much_finds_all_of_it', async () => {
	const own = await open(), mine = new Visitor(own.origin, { token: await token(own, own.addUser('much', 'learner')) }), made = new Set();
	try {
		const { text } = await mine.get('/accessibility');
		for (let i = 0; i < 26; i++)
			made.add(codeOf(await mine.post('/accessibility/reports', [['csrf', hidden(text, 'csrf')], ['text', `number ${i}`]])));
		const listed = (page) => [...page.text.matchAll(/\/accessibility\/reports\/([2-9A-Z-]{14})"/g)].map((found) => found[1]);
		const first = await mine.get('/accessibility'), second = await mine.get('/accessibility?reports=2');
		assert.match(first.text, /Page 1 of 2/);
		assert.match(first.text, /<h2 id="answers">[^]*rel="next" href="\/accessibility\?reports=2#answers"/); // not to the top of a long page
		assert.match(second.text, /rel="prev" href="\/accessibility\?reports=1#answers"/);
		assert.deepEqual([listed(first).length, listed(second).length], [25, 1]);
		assert.deepEqual(new Set([...listed(first), ...listed(second)]), made);
	} finally {
		await own.stop();
	}
});

test('report__is_shown_when_there_is_one', async () => {
	const none = (await learner.get('/accessibility')).text;
	assert.match(none, /The report of the evaluation is not on this server yet/);
	assert.match(none, /What is known without it/);
	assert.doesNotMatch(none, /dev access/); // a command is for who runs the server
	assert.match((await admin.get('/accessibility')).text, /dev access/);
	const led = (await new Visitor(server.origin).get('/accessibility?from=%2Frecord%3Fa%3Db')).text;
	assert.match(led, /value="\/record\?a=b"/);
	for (const link of ['/signin?back=%2Faccessibility"', '/needs?back=%2Faccessibility"', '/accessibility?from=%2Faccessibility#report"']) assert.ok(led.includes(link), link);
	const signin = (await new Visitor(server.origin).get('/signin?back=%2Frecord')).text;
	for (const link of ['/needs?back=%2Frecord"', '/accessibility?from=%2Fsignin#report"']) assert.ok(signin.includes(link), link);
	assert.equal((await learner.get('/accessibility/report.json')).status, 404);
	const other = await open(JSON.stringify({
		version: 1, made_ms: Date.UTC(2026, 10, 21), product: 'Curbcut 9', conclusion: { en: 'All in all <fine>', 'zh-CN': '都好' }, counts: { supports: 1, 'not-evaluated': 54 },
		criteria: [{ number: '1.1.1', level: 'A', clause: '9.1.1.1', name: { en: 'Non-text Content' }, result: 'supports', evidence: [{ kind: 'journey', text: { en: 'Somewhere' }, state: 'passed' }] }],
		ways: [{ id: 'keyboard', name: { en: 'by keyboard' } }], pictures: ['a.jpg', '../report.json'],
		journeys: [{ id: 'j', title: { en: 'A journey' }, about: 'About', script: ['Open the first page.'], results: [{ way: 'keyboard', state: 'failed', why: 'it broke', sentence: 'Open x.', keys: 3, picture: 'a.jpg' }] }],
	}));
	try {
		writeFileSync(path.join(folder, 'report/pictures/a.jpg'), 'JPEG');
		const visitor = new Visitor(other.origin), page = (await visitor.get('/accessibility')).text;
		assert.match(page, /All in all &lt;fine&gt;/);
		assert.match(page, /21 November 2026, Curbcut 9/);
		assert.match(page, /A journey<\/a>: Passed 0 of 1 ways/);
		const criteria = (await visitor.get('/accessibility/criteria')).text;
		assert.match(criteria, /1\.1\.1 Non-text Content/);
		assert.match(criteria, /Journey: Somewhere, Passed\./);
		const journey = (await visitor.get('/accessibility/journeys/j')).text;
		assert.match(journey, /by keyboard: Failed/);
		assert.match(journey, /it broke/);
		assert.equal((await visitor.get('/accessibility/pictures/a.jpg')).text, 'JPEG');
		for (const name of ['b.jpg', '..%2Freport.json', 'report.json']) assert.equal((await visitor.get(`/accessibility/pictures/${name}`)).status, 404, name);
		assert.equal(JSON.parse((await visitor.get('/accessibility/report.json')).text).product, 'Curbcut 9');
	} finally {
		await other.stop();
	}
});

test('report__one_that_cannot_be_read_counts_as_none', async () => {
	for (const content of ['{"version":2}', '{"version":1', '[]']) {
		const other = await open(content);
		try {
			assert.match((await new Visitor(other.origin).get('/accessibility')).text, /The report of the evaluation is not on this server yet/);
			assert.match(other.log(), /event=access_report/);
		} finally {
			await other.stop();
		}
	}
});
