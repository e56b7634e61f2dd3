// The gate of accessibility: what a course lacks for whom is told where it is published and where a class is opened. Nothing is refused by it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { filled, named, read } from '../guard/lib/html.mjs';
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

// Sends a form of a page; what it leads to.
async function send(who, address, action, values) {
	const page = await who.get(address), form = read(page.text).forms.find((one) => one.method === 'POST' && action.test(one.action));
	assert.ok(form, `${address} (${page.status}) has no form for ${action}: ${text(page.text)}`);
	const reply = await who.post(form.action, filled(form, values), { Referer: house.origin + address });
	return reply.status === 303 ? { ...await who.get(reply.headers.location), status: 303 } : reply;
}
const states = (html) => [...html.matchAll(/data-label="State"[^>]*>([^<]*)</g)].map(([, state]) => state.trim());

test('what is missing is owed by who brought the course until the first day, and is late behind it', async () => {
	const course = await look('staff'), plan = house.plan(course, { total: 0.05, offline: 0.03 });
	const { id } = await house.client('staff').must('POST', '/api/v1/cohorts', { ...plan, starts: plan.starts + 3 * 86400000 }), at = `/classes/${id}/tasks`;
	assert.match((await visitor('staff').get(`/classes/${id}`)).text, new RegExp(`href="${at}"`));
	const page = (await visitor('staff').get(at)).text;
	assert.match(text(page), /Thumbs has sound and no captions\. Deaf and hard-of-hearing learners will not know what is said\. author /);
	assert.deepEqual(states(page), LACKS.map(() => 'Still missing'));
	assert.match(text((await visitor('author').get('/')).text), /Missing in your courses: \d+/);
	assert.match(text((await visitor('author').get('/tasks')).text), /Thumbs has sound and no captions/);
	assert.doesNotMatch(text((await visitor('other').get('/tasks')).text), /Thumbs/);
	assert.equal((await visitor('learner').get(at)).status, 403);
	const waiting = async () => [...(await visitor('author').get('/tasks')).text.matchAll(/data-label="Classes that wait"[^>]*>\s*(\d+)/g)].map(([, n]) => Number(n));
	const before = await waiting();
	await house.client('staff').must('POST', '/api/v1/cohorts', { ...plan, starts: plan.starts + 3 * 86400000 });
	assert.deepEqual(await waiting(), before.map((n) => n + 1)); // each thing once, whatever the classes
	assert.equal(before.length, LACKS.length);
	house.clock.pass(5 * 86400);
	assert.deepEqual(states((await visitor('staff').get(at)).text), LACKS.map(() => 'Overdue'));
});

test('staff name who interprets or captions meanwhile, and say what is done in another way', async () => {
	const course = await look('staff'), { id } = await house.client('staff').must('POST', '/api/v1/cohorts', house.plan(course, { total: 0.05, offline: 0.03 })), at = `/classes/${id}/tasks`, staff = visitor('staff');
	assert.equal((await send(staff, at, /help$/, { kind: 'captioner', name: ' ' })).status, 422);
	await send(staff, at, /help$/, { kind: 'captioner', name: 'Wu, by telephone' });
	await send(staff, at, /help$/, { kind: 'interpreter', name: 'Li' });
	const named = text((await send(staff, at, /help$/, { kind: 'interpreter', name: 'Zhao' })).text);
	assert.match(named, /Sign language interpreter Zhao Live captioner Wu, by telephone/);
	assert.doesNotMatch(named, /interpreter Li /);
	const gone = text((await send(staff, at, /nobody$/, { gone: 'interpreter' })).text);
	assert.doesNotMatch(gone, /Zhao/);
	assert.match(gone, /Live captioner Wu, by telephone/);
	await house.account('chief', 'admin');
	const changes = text((await visitor('chief').get('/changes')).text);
	for (const words of [/named who interprets or captions for the class/, /took off who interprets or captions for the class/]) assert.match(changes, words);
	assert.equal((await send(staff, at, /tasks$/, { words: '' })).status, 422);
	const done = await send(staff, at, /tasks$/, { words: 'Signed in the lesson itself' });
	assert.deepEqual([states(done.text)[0], states(done.text).length], ['Done, says staff: Signed in the lesson itself', LACKS.length]);
	assert.equal((await send(staff, at, /again$/, { early: 'x' })).status, 422);
	assert.deepEqual(states((await send(staff, at, /again$/, {})).text), LACKS.map(() => 'Still missing'));
	assert.doesNotMatch((await staff.get(at)).text, /Signed in the lesson itself|again"/);
});

test('what was chosen on a later page of the list is chosen still behind a mistake, and is what is done', async () => {
	const units = Array.from({ length: 11 }, (_, n) => ({ id: `u${n}`, name: `Part ${n}`, kind: 'video', src: 'film.mp4', hours: 0.01 }));
	const { course: id } = (await house.bring('author', zip([{ name: 'course.json', bytes: course({ name: 'Many', units }) }, { name: 'film.mp4', bytes: film }]), 'm.zip')).result;
	await house.client('author').must('POST', `/api/v1/courses/${id}/submit`, {});
	await house.client('reviewer').must('POST', `/api/v1/courses/${id}/approve`, {});
	const made = await house.client('staff').must('GET', `/api/v1/courses/${id}`), { id: cohort } = await house.client('staff').must('POST', '/api/v1/cohorts', house.plan(made, { total: 0.14, offline: 0.09 }));
	const at = `/classes/${cohort}/tasks?page=2`, staff = visitor('staff'), tasks = (html) => named(read(html).forms.find((form) => named(form, 'task')), 'task');
	const { options } = tasks((await staff.get(at)).text), chosen = options[2];
	const wrong = await send(staff, at, /tasks\?page=2$/, { task: chosen, words: '' });
	assert.deepEqual([wrong.status, tasks(wrong.text).value], [422, chosen]);
	const form = read(wrong.text).forms.find((one) => named(one, 'task')), done = await staff.post(form.action, filled(form, { words: 'Signed' }), { Referer: house.origin + at });
	assert.equal(done.headers.location, at);
	const after = (await staff.get(at)).text;
	assert.equal(states(after)[2], 'Done, says staff: Signed');
	assert.ok(!tasks(after).options.includes(chosen));
});

test('an author owes nothing more once a version that has it is published, not before; the class keeps its own and who helps', async () => {
	const lesson = { id: 'u1', name: 'Elbows', kind: 'video', src: 'film.mp4', hours: 0.01 };
	const pack = (tracks) => zip([{ name: 'course.json', bytes: course({ name: 'Arms', units: [{ ...lesson, tracks }] }) }, { name: 'film.mp4', bytes: film }, { name: 'film.srt', bytes: Buffer.from(SRT) }]);
	const publish = async (id) => {
		await house.client('author').must('POST', `/api/v1/courses/${id}/submit`, {});
		await house.client('reviewer').must('POST', `/api/v1/courses/${id}/approve`, {});
	};
	const { course: id } = (await house.bring('author', pack([]), 'b.zip')).result, one = await house.client('author').must('GET', `/api/v1/courses/${id}`);
	await publish(id);
	const { id: cohort } = await house.client('staff').must('POST', '/api/v1/cohorts', house.plan(one, { total: 0.03, offline: 0.02 })), at = `/classes/${cohort}/tasks`;
	const told = async () => states((await visitor('staff').get(at)).text), owed = async () => /Elbows has sound and no captions/.test(text((await visitor('author').get('/tasks')).text));
	const missing = await told();
	assert.deepEqual([missing, await owed()], [missing.map(() => 'Still missing'), true]);

	await house.bring('author', pack([{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }]), 'c.zip', { course: id });
	assert.deepEqual([await told(), await owed()], [missing, true]); // a draft

	await publish((await house.client('author').must('GET', `/api/v1/courses/${id}`)).next);
	const [captions, ...rest] = await told();
	assert.deepEqual([captions, rest, await owed()], ['A newer version has it; where the recording is the same, this class has it too', missing.slice(1), false]);
	const done = await send(visitor('staff'), at, /tasks$/, { words: 'Wu captions every lesson' });
	assert.equal(states(done.text)[0], 'Done, says staff: Wu captions every lesson');
});
