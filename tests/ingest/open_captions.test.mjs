// Captions that are part of the picture: they count once somebody has looked, the transcript is still owed, and it can be taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { press, spoken } from '../guard/lib/heard.mjs';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { folder } from '../hours/lib/school.mjs';
import { course as described, films } from './lib/films.mjs';
import { House } from './lib/house.mjs';
import { zip } from './lib/zip.mjs';

let house, files, id, page, old;

before(async () => {
	files = folder('open-captions');
	house = await House.open();
	id = (await house.bring('author', spoken(files), 'lesson.zip')).result.course;
	page = `/packages/courses/${id}/open-captions`;
});
after(async () => {
	await house?.close();
	rmSync(files, { recursive: true, force: true });
});

const visitor = (name = 'author', lang = 'en') => new Visitor(house.origin, { lang, token: house.client(name).headers.Authorization.slice(7) });
const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const course = (who = 'author') => house.client(who).must('GET', `/api/v1/courses/${id}`);
const lacks = async () => (await course()).lacks.map(({ code }) => code).filter((code) => /caption|transcript/.test(code));
const count = (values) => press(visitor(), page, 'count', { lesson: 'u1', ...values });

test('until somebody says that she looked nothing counts', async () => {
	assert.deepEqual(await lacks(), ['a11y.no-captions']);
	assert.match((await visitor().get(`/packages/courses/${id}`)).text, new RegExp(`href="${page}"`));
	const unlooked = await count({});
	assert.equal(unlooked.status, 422);
	assert.match(text(unlooked.text), /Look at the lesson to its end, then tick this/);
	const nowhere = await count({ lesson: 'u9', looked: 'yes' });
	assert.equal(nowhere.status, 422);
	assert.match(text(nowhere.text), /Choose the lesson/);
	assert.match(nowhere.text, /name="looked"[^>]* checked/); // what was ticked stays
	assert.deepEqual(await lacks(), ['a11y.no-captions']);
	assert.equal((await course()).units[0].openCaptions, undefined);
});

test('then the lesson has captions for everybody, and a transcript is owed', async () => {
	const before = await course();
	assert.ok(!before.features.includes('captions'));
	[old] = read((await visitor().get(page)).text).forms.filter((form) => named(form, 'lesson'));
	const done = await count({ looked: 'yes' });
	assert.equal(done.headers.location, `/packages/courses/${id}?done=open`);
	assert.match(text((await visitor().get(done.headers.location)).text), /A transcript is still owed/);
	const after = await course();
	assert.notEqual(after.version, before.version); // the version before stays as it was
	assert.equal((await house.client('author').must('GET', `/api/v1/courses/${id}?version=${before.version}`)).units[0].openCaptions, undefined);
	assert.equal(after.units[0].openCaptions, true);
	assert.ok(after.features.includes('captions'));
	assert.deepEqual(await lacks(), ['a11y.no-transcript']);
	assert.match(text((await visitor().get(page)).text), /Counted Lesson 1 author looked on /);
	assert.match(text((await visitor().get(`/packages/courses/${id}/versions`)).text), /Lesson 1: the captions in its picture count/);
	assert.match(text((await visitor().get(`/videos/${after.units[0].id}`)).text), /Its captions are part of the picture and cannot be made larger\./);
});

test('it stays through other changes of the draft, and a second window changes nothing', async () => {
	const draft = `/packages/courses/${id}`, [form] = read((await visitor().get(draft)).text).forms.filter((one) => named(one, 'hours1'));
	assert.equal((await visitor().post(draft, filled(form, { name: 'Hands' }))).status, 303);
	const { name, version } = await course();
	assert.equal(name, 'Hands');
	assert.deepEqual(await lacks(), ['a11y.no-transcript']);
	const again = await visitor().post(page, filled(old, { looked: 'yes' }));
	assert.equal(again.headers.location, page);
	assert.equal((await course()).version, version);
});

test('its author takes it back', async () => {
	const done = await press(visitor(), page, 'back');
	assert.equal(done.headers.location, `/packages/courses/${id}?done=closed`);
	assert.deepEqual(await lacks(), ['a11y.no-captions']);
	assert.match(text((await visitor().get(`/packages/courses/${id}/versions`)).text), /Lesson 1: the captions in its picture count no more/);
	await count({ looked: 'yes' });
});

test('nobody else can say so; who decides and who learns are told of it', async () => {
	for (const [who, status] of [['other', 404], ['learner', 403], ['reviewer', 403]]) {
		assert.equal((await visitor(who).get(page)).status, status, who);
	}
	await house.client('author').must('POST', `/api/v1/courses/${id}/submit`, {});
	assert.match(text((await visitor('reviewer').get(`/courses/${id}`)).text), /Captions in the picture/);
	await house.client('reviewer').must('POST', `/api/v1/courses/${id}/approve`, {});
	const published = await course('learner');
	assert.equal(published.units[0].openCaptions, true);
});

test('a package cannot bring it', async () => {
	const unit = { id: 'u1', name: 'Lesson 1', kind: 'video', src: 'film.mp4', hours: 0.01, openCaptions: true, open_captions: { by: 'somebody', ms: 1 } };
	const { result } = await house.bring('author', zip([{ name: 'course.json', bytes: described({ units: [unit] }) }, { name: 'film.mp4', bytes: films().film }]), 'b.zip');
	const made = await house.client('author').must('GET', `/api/v1/courses/${result.course}`);
	assert.equal(made.units[0].openCaptions, undefined);
	assert.ok(made.lacks.some(({ code }) => code === 'a11y.no-captions'));
});
