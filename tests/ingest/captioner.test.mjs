// Captions that a program drafts: their author reads all of them, mends them, and only then are they a track of her draft.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { captioner, press, spoken, tell } from '../guard/lib/heard.mjs';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { folder } from '../hours/lib/school.mjs';
import { House } from './lib/house.mjs';

let house, files, bytes, lessons = 0;

before(async () => {
	files = folder('captioner');
	house = await House.open(captioner(files));
});
after(async () => {
	await house?.close();
	rmSync(files, { recursive: true, force: true });
});

const visitor = (name = 'author', lang = 'en') => new Visitor(house.origin, { lang, token: house.client(name).headers.Authorization.slice(7) });
const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const course = (id, who = 'author') => house.client(who).must('GET', `/api/v1/courses/${id}`);
const lacks = async (id) => (await course(id)).lacks.map(({ code }) => code);

// A course of one lesson with sound and without captions; the page of drafts by machine.
async function bring() {
	bytes ??= spoken(files);
	const { result } = await house.bring('author', bytes, `lesson-${++lessons}.zip`);
	return { id: result.course, machine: `/packages/courses/${result.course}/drafted` };
}

const send = (address, button, values) => press(visitor(), address, button, values);

async function until(address, what) {
	let page;
	for (const late = Date.now() + 30000; Date.now() < late; await pause(20)) {
		page = (await visitor().get(address)).text;
		if (what.test(text(page))) return page;
		if (/waits until others/.test(page)) house.clock.pass(1);
	}
	throw new Error(`never ${what}: ${text(page)}`);
}
const ask = (machine) => send(machine, undefined);
async function drafted(machine) {
	await ask(machine);
	return /href="([^"]+\/reading\/[^"]+)"/.exec(await until(machine, /Drafted; 0 of 21 captions are read/))[1];
}

test('what is drafted reaches nobody until its author has read all of it; then it is in her draft, mended', async () => {
	const { id, machine } = await bring();
	assert.match((await visitor().get(`/packages/courses/${id}`)).text, new RegExp(`href="${machine}"`));
	const reading = await drafted(machine), version = (await course(id)).version;
	assert.equal((await course(id)).version, version);
	assert.ok((await lacks(id)).includes('a11y.no-captions'));

	const first = await visitor().get(`${reading}?page=2`), fields = read(first.text).forms.find(({ fields }) => fields.some(({ name }) => name === 'text-1')).fields; // nothing is read yet
	assert.equal(fields.find(({ name }) => name === 'text-1').value, 'Second 1 in en, heard from 0 x a & b');
	assert.ok(!fields.some(({ name }) => name === 'text-21'));
	assert.match(text(first.text), /Captions 1 to 20 of 21/);
	assert.match(text(first.text), /0:00 to 0:01/);
	const next = await send(reading, 'read', { 'text-1': 'The thumb <b>& the palm', 'text-2': '' });
	assert.equal(next.headers.location, `${reading}?page=2`);
	assert.match(text((await visitor().get(machine)).text), /20 of 21 captions are read/);
	assert.ok((await lacks(id)).includes('a11y.no-captions'));
	assert.match((await visitor().get(`${reading}?page=1`)).text, /value="The thumb &lt;b&gt;&amp; the palm"/);

	const done = await send(next.headers.location, 'read', {});
	assert.equal(done.headers.location, `/packages/courses/${id}?done=added`);
	assert.ok(!(await lacks(id)).includes('a11y.no-captions'));
	const { units: [unit] } = await course(id), track = /\/tracks\/[0-9a-f-]+/.exec((await visitor().get(`/packages/courses/${id}`)).text)[0];
	assert.ok(track);
	const heard = (await visitor().get(`/videos/${unit.id}`)).text;
	assert.match(heard, /The thumb &lt;b&gt;&amp; the palm/); // its transcript
	assert.match(heard, /Second 21 in en/);
	assert.doesNotMatch(heard, /Second [12] in en/);
	for (const address of [machine, reading]) assert.equal((await visitor().get(address)).status, 404); // nothing is left to read
});

test('a window that was opened before the course became another version still finds its lesson', async () => {
	const { id, machine } = await bring(), reading = await drafted(machine);
	const draft = `/packages/courses/${id}`, form = read((await visitor().get(draft)).text).forms.find((one) => named(one, 'name'));
	assert.equal((await visitor().post(draft, filled(form, { name: 'Another name' }))).status, 303);
	assert.match(text((await visitor().get(reading)).text), /Captions 1 to 20 of 21/);
	assert.equal((await send(reading, 'read', { 'text-1': 'kept' })).status, 303);
	assert.match((await visitor().get(`${reading}?page=1`)).text, /value="kept"/);
});

test('a course that is published with an unread draft has no captions', async () => {
	const { id, machine } = await bring(), reading = await drafted(machine);
	await send(reading, 'read', {});
	await house.client('author').must('POST', `/api/v1/courses/${id}/submit`, {});
	await house.client('reviewer').must('POST', `/api/v1/courses/${id}/approve`, {});
	const { units: [unit] } = await course(id, 'learner');
	assert.doesNotMatch((await visitor('learner').get(`/videos/${unit.id}`)).text, /Second 1 in en/);
	assert.equal((await visitor('learner').get(reading)).status, 403);
	assert.equal((await visitor('other').get(reading)).status, 404);
});

test('two lines stand on one with a blank between them where the script has blanks', async () => {
	tell(files, 'lines');
	const { machine } = await bring();
	await ask(machine);
	const reading = /href="([^"]+\/reading\/[^"]+)"/.exec(await until(machine, /Drafted; 0 of 3 captions are read/))[1];
	tell(files, 'good');
	const { fields } = read((await visitor().get(reading)).text).forms.find(({ buttons }) => buttons.some(({ value }) => value === 'read'));
	assert.deepEqual([1, 2, 3].map((n) => fields.find(({ name }) => name === `text-${n}`).value), ['가나 다라', '按住这里', 'press here']);
});

test('a second window is told that the draft was changed, and a draft is thrown away only when that is ticked', async () => {
	const { machine } = await bring(), reading = await drafted(machine), old = read((await visitor().get(reading)).text).forms.find(({ buttons }) => buttons.some(({ value }) => value === 'read'));
	await send(reading, 'read', {});
	const late = await visitor().post(reading, filled(old, { 'text-3': 'typed in the second window' }));
	assert.equal(late.status, 409);
	assert.match(text(late.text), /changed in another window meanwhile\. What you typed stands below/);
	assert.match(late.text, /value="typed in the second window"/);
	const again = read(late.text).forms.find(({ buttons }) => buttons.some(({ value }) => value === 'read'));
	assert.equal((await visitor().post(reading, filled(again, {}))).headers.location, `${reading}?page=2`);
	assert.match((await visitor().get(`${reading}?page=1`)).text, /value="typed in the second window"/);
	const kept = await send(reading, 'drop', {});
	assert.equal(kept.status, 422);
	assert.match(text(kept.text), /Tick this first/);
	assert.equal((await send(reading, 'drop', { sure: 'yes' })).headers.location, machine);
	assert.match(text((await visitor().get(machine)).text), /Draft captions: Lesson 1/);
});

test('a program that does not do it is told about, and can be tried again', async () => {
	const { machine } = await bring();
	for (const [mode, words] of [['fails', /program that drafts captions failed\. Tell whoever runs the server/], ['rubbish', /wrote is not captions/], ['nothing', /wrote is not captions/], ['much', /more than a lesson can have: 20000 captions, 4 MB/]]) {
		tell(files, mode);
		await ask(machine);
		await until(machine, words);
	}
	assert.match(text((await visitor('author', 'zh-CN').get(machine)).text), /超出一课能有的字幕：最多 20000 条/);
	tell(files, 'hangs');
	await ask(machine);
	await until(machine, /percent|parts are done|begun|Stop: Lesson 1/);
	const [stop] = read((await visitor().get(machine)).text).forms.filter(({ action }) => /cancel$/.test(action ?? ''));
	await visitor().post(stop.action, filled(stop, {}));
	await until(machine, /Stopped/);
	tell(files, 'good');
	await drafted(machine);
	assert.ok(!house.left().some((name) => /tmp\//.test(name)), house.left().join('\n'));
});

// The process of the program, once it runs.
async function captioning() {
	for (const late = Date.now() + 60000; Date.now() < late; await pause(20)) {
		const found = house.below().find(({ name }) => name === 'captioner');
		if (found) return found;
	}
	throw new Error('no captioner runs');
}

test('a draft that is being made is called off when the lesson gets captions in another way', async () => {
	const { id, machine } = await bring();
	tell(files, 'hangs');
	await ask(machine);
	const { pid } = await captioning();
	const at = `/packages/courses/${id}/captions`, form = read((await visitor().get(at)).text).forms.find((one) => one.files);
	const file = { name: 'mine.vtt', bytes: Buffer.from('WEBVTT\n\n00:00.000 --> 00:02.000\nPress here\n') };
	assert.equal((await visitor().send(at, filled(form, { file }))).status, 303);
	await house.gone(pid);
	tell(files, 'good');
});

test('kill -9 while it is drafted: the next start drafts it', async () => {
	const { machine } = await bring();
	tell(files, 'hangs');
	await ask(machine);
	const { pid } = await captioning();
	await house.cut();
	await house.gone(pid);
	tell(files, 'good');
	await house.again();
	house.clock.pass(10);
	await until(machine, /Drafted; 0 of 21/);
});

test('a server without such a program says so', async () => {
	const { machine } = await bring();
	rmSync(`${files}/captioner`);
	const page = (await visitor().get(machine)).text;
	assert.match(text(page), /The program that drafts captions is not installed here/);
	assert.doesNotMatch(page, /Draft captions:/);
});
