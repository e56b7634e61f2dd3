// The gate of accessibility: what a course lacks for whom is told where it is published and where a class is opened. Nothing is refused by it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { filled, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { course, films } from '../ingest/lib/films.mjs';
import { House } from '../ingest/lib/house.mjs';
import { zip } from '../ingest/lib/zip.mjs';

const SRT = '1\n00:00:01,000 --> 00:00:05,000\n按住这里\n';
let house, film, made;

before(async () => {
	({ film } = films());
	house = await House.open();
	await house.account('staff', 'staff', ['--institution', house.institution]);
	const lesson = (id, name, tracks) => ({ id, name, kind: 'video', src: 'film.mp4', hours: 0.01, tracks });
	const units = [lesson('u1', 'Palms', [{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }, { kind: 'descriptions', src: 'film.srt', lang: 'zh-CN' }]), lesson('u2', 'Thumbs', [])];
	const pack = zip([{ name: 'course.json', bytes: course({ name: 'Massage', units }) }, { name: 'film.mp4', bytes: film }, { name: 'film.srt', bytes: Buffer.from(SRT) }]);
	made = (await house.bring('author', pack, 'a.zip')).result.course;
});
after(() => house?.close());

const visitor = (name, lang = 'en') => new Visitor(house.origin, { lang, token: house.client(name).headers.Authorization.slice(7) });
const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/&#39;/g, "'").replace(/\s+/g, ' ');
const look = (name) => house.client(name).must('GET', `/api/v1/courses/${made}`);
const LACKS = [[1, 'a11y.no-sign'], [2, 'a11y.no-captions'], [2, 'a11y.no-description'], [2, 'a11y.no-sign'], [0, 'a11y.no-easy']];

test('an author sees what her draft lacks and for whom, and hands it in all the same', async () => {
	assert.deepEqual((await look('author')).lacks.map(({ lesson, code }) => [lesson, code]), LACKS);
	const page = text((await visitor('author').get(`/courses/${made}`)).text);
	assert.match(page, /What is missing, and for whom The course can be published all the same/);
	assert.match(page, /Thumbs has sound and no captions\. Deaf and hard-of-hearing learners will not know what is said\. Add captions/);
	assert.match(page, /Thumbs has no description[^]*Blind trainees will not know what the picture shows/);
	assert.match(page, /Palms has sound and no sign language\. Deaf learners whose first language is sign language/);
	assert.match(page, /Massage has no easy text\. Learners who need short sentences/);
	assert.doesNotMatch(page, /Palms has (no description|sound and no captions)/);
	assert.match(text((await visitor('author', 'zh-CN').get(`/courses/${made}`)).text), /缺什么，缺给谁/);
	await house.client('author').must('POST', `/api/v1/courses/${made}/submit`, {});
});

test('who decides sees it and publishes the course all the same; others are told nothing of it', async () => {
	assert.deepEqual((await look('reviewer')).lacks.map(({ lesson, code }) => [lesson, code]), LACKS);
	assert.match(text((await visitor('reviewer').get(`/courses/${made}`)).text), /Thumbs has sound and no captions/);
	assert.equal((await house.client('reviewer').must('POST', `/api/v1/courses/${made}/approve`, {})).state, 'published');
	assert.equal((await look('learner')).lacks, undefined);
	assert.doesNotMatch(text((await visitor('learner').get(`/courses/${made}`)).text), /What is missing|no captions/);
});

test('who opens a class is told what its courses lack, and it opens', async () => {
	const course = await look('staff'), staff = visitor('staff');
	const opened = await house.client('staff').must('POST', '/api/v1/cohorts', house.plan(course, { total: 0.05, offline: 0.03 }));
	assert.deepEqual(opened.lacks.map(({ version, lesson, code }) => [version, lesson, code]), LACKS.map((one) => [course.version, ...one]));
	assert.match(opened.lacks[1].means, /听不见和听力不好的学员/); // in the language of the one who asks

	let at = '/classes/new';
	const days = (id, year) => ({ [`${id}-year`]: String(year), [`${id}-month`]: '3', [`${id}-day`]: '1' });
	const year = new Date(house.clock.wall).getUTCFullYear() + 1;
	for (const values of [{ programme: 'Massage', institution: house.institution, total: '0.05' }, { 'courses[]': course.version }, { name1: 'Practice', hours1: '0.03' }, { ...days('starts', year), ...days('ends', year + 1) }]) {
		const page = await staff.get(at), form = read(page.text).forms.find((one) => one.method === 'POST' && /^\/classes/.test(one.action) && !/drop$/.test(one.action));
		const reply = await staff.post(form.action, filled(form, values, form.buttons.find(({ value }) => value === 'next')), { Referer: house.origin + at });
		assert.equal(reply.status, 303, `${at}: ${text(reply.text)}`);
		at = reply.headers.location;
	}
	const check = await staff.get(at);
	assert.match(text(check.text), /What is missing, and for whom The class can be opened all the same, and everybody may be in it/);
	assert.match(text(check.text), /Thumbs has sound and no captions\. Deaf and hard-of-hearing learners will not know what is said/);
	const form = read(check.text).forms.find((one) => /open$/.test(one.action));
	assert.equal((await staff.post(form.action, filled(form, {}), { Referer: house.origin + at })).status, 303);
});

test('nobody\'s need decides what is told: with a deaf trainee on the roster it is the same', async () => {
	const course = await look('staff'), open = () => house.client('staff').must('POST', '/api/v1/cohorts', house.plan(course, { total: 0.05, offline: 0.03 }));
	const first = await open();
	await house.client('staff').must('POST', `/api/v1/cohorts/${first.id}/trainees`, { trainee: 'learner' });
	assert.deepEqual((await open()).lacks, first.lacks);
	assert.doesNotMatch(JSON.stringify(first), new RegExp(`learner"|${house.accounts.learner.id}`));
});
