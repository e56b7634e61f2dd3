// The auditor's room: whom an auditor finds, what stands out, and that her looks are entries of the ledger.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { decode, entries } from '../ledger/lib/tree.mjs';
import { Clock } from './lib/clock.mjs';
import { Client, School, folder, makeCourse } from './lib/school.mjs';

const SECONDS = 900, DAY_S = 86400;
let clock, school, course, files, cohort, other;

before(async () => {
	clock = new Clock(Date.UTC(2027, 2, 1, 2));
	files = folder('audit');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	await school.people(4);
	for (const name of ['second', 'third', 'fourth']) await school.account(name, 'teacher', ['--institution', school.institution]);
	await school.account('auditor', 'auditor', ['--region', '370100']);
	await school.account('everywhere', 'auditor');
	other = JSON.parse(school.command('institution', 'add', '--name', 'Elsewhere', '--region', '370200', '--region-name', 'Qingdao')).id;
	await school.account('faraway', 'auditor', ['--region', '370200']);
	course = await school.course(makeCourse(files, { units: 3, seconds: SECONDS, hours: 0.3 }));
	cohort = await school.cohort(course, { total: 2, offline: 1.2 }, ['t1', 't2', 't3', 't4']);
	for (const [i, [t3, t4]] of [[600, 450], [840, 300], [720, 100]].entries()) {
		await watch('t1', i, 500 + i);
		await watch('t2', i, 500 + i); // as another did, to the second
		await watch('t3', i, t3);
		await watch('t4', i, t4, { told: 850 }); // much more than the clock allowed
		clock.pass(DAY_S);
	}
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

async function watch(name, unit, seconds, { told = seconds } = {}) {
	const { play, media } = await school.client(name).must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort });
	await school.fetchMedia(name, media);
	clock.pass(name === 't4' ? 1 : seconds);
	await school.client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, told]], rate: 1, position: told });
}

async function again() {
	for (const name of Object.keys(school.accounts)) {
		const { token } = await new Client(school.origin).must('POST', '/api/v1/session', { name, password: `secret-${name}` });
		school.accounts[name].client = new Client(school.origin, token);
	}
}

const get = async (name, address, status = 200) => {
	const reply = await school.client(name).ask('GET', address, undefined, { Accept: 'text/html', 'Accept-Language': 'en' });
	assert.equal(reply.status, status, `${name} ${address}: ${reply.text.slice(0, 300)}`);
	return reply.text;
};
const find = async (name, person, status = 200) => {
	const visitor = new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice('Bearer '.length) });
	const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get('/audit')).text)[1];
	const reply = await visitor.post('/audit', [['csrf', csrf], ['person', person]]);
	assert.equal(reply.status, status);
	return reply.text;
};
const part = (text, from, to) => text.slice(text.indexOf(from), to ? text.indexOf(to) : undefined);
const room = (name = 'auditor', period = 'all') => get(name, `/audit?institution=${school.institution}&period=${period}`);
const FAST = '<h3>More was reported', EQUAL = '<h3>The same days', PAIRS = '<h3>Two who';

test('a person is found by her whole number, masked, in the classes of the region alone', async () => {
	const found = await find('auditor', 't1');
	assert.match(found, /t …: Massage, beginners/);
	assert.doesNotMatch(found, />t1</);
	assert.match(found, new RegExp(`href="/classes/${cohort}/trainees/${school.accounts.t1.id}"`));
	for (const [name, number] of [['faraway', 't1'], ['auditor', 'nobody'], ['auditor', 'staff']])
		assert.match(await find(name, number), /Nobody of that number is in a class that you may read/);
	assert.match(await find('auditor', ' ', 400), /Type a number to look for/);
	assert.match(await get('auditor', '/'), /href="\/audit">Auditor&#39;s room</);
	await get('staff', '/audit', 403);
	await get('t1', '/audit', 403);
	await get('auditor', `/audit?institution=${other}`, 404);
});

test('equal traces and what came too fast stand out with their evidence, and nobody else', async () => {
	const text = await room(), id = (name) => school.accounts[name].id, links = (html) => [...html.matchAll(/trainees\/([^/"]+)\/entries/g)].map(([, person]) => person);
	assert.deepEqual(new Set(links(part(text, EQUAL, PAIRS))), new Set([id('t1'), id('t2')]));
	for (const place of [1, 2]) assert.match(part(text, EQUAL, PAIRS), new RegExp(`Group 1: Massage, beginners, t …, no\\. ${place}, \\d+ lines`));
	assert.deepEqual(new Set(links(part(text, FAST, EQUAL))), new Set([id('t4')]));
	assert.match(part(text, FAST, EQUAL), /t …, no\. 4, 1 March 2027: 14 min 7 s more was reported than can be played/);
	assert.doesNotMatch(text, /\bt[1-4]\b(?!\/)/, 'no whole name');
	clock.pass(120 * DAY_S);
	await again(); // their sessions have ended
	assert.match(part(await room('auditor', 'quarter'), EQUAL, PAIRS), /Nothing found\./);
	assert.deepEqual(links(part(await room('auditor', 'year'), EQUAL, PAIRS)).length, 2);
});

test('two who countersign each other alone stand out, unless the office has nobody else', async () => {
	let count = 0;
	const sheet = async (enters, signs) => {
		const body = { unit: 1, mode: 'onsite', from: clock.wall - 600e3, to: clock.wall, place: 'Base', teacher: 'Ms Li', key: `sheet-${++count}`, present: [{ trainee: 't1', seconds: 60 }] };
		clock.pass(3600);
		const { id } = await school.client(enters).must('POST', `/api/v1/cohorts/${cohort}/attendance`, body);
		await school.client(signs).must('POST', `/api/v1/attendance/${id}/countersign`, {});
	};
	for (const [enters, signs] of [['staff', 'second'], ['second', 'staff'], ['staff', 'second']]) await sheet(enters, signs);
	assert.match(await room(), /An office of two has no choice/);
	for (const [enters, signs] of [['third', 'fourth'], ['fourth', 'staff']]) await sheet(enters, signs);
	const text = part(await room(), PAIRS);
	assert.match(text, /(second|staff) and (staff|second) countersign each other alone: (2 and 1|1 and 2) sheets\. People of the office who enter or countersign: 4/);
	assert.equal(text.match(/countersign each other alone: /g).length, 1);
	await sheet('staff', 'third');
	assert.match(await room(), /Nothing found\. An office of two/);
});

test('lessons from before the class or the roster stand out, and those in person while recorded ones were played', async () => {
	const EARLY = '<h3>Lessons from before', BOTH = '<h3>In person and online';
	assert.match(part(await room(), EARLY), /Nothing found\.[^]*Nothing found\./);
	const attend = async (of, trainee, seconds) => (await school.client('staff').must('POST', `/api/v1/cohorts/${of}/attendance`, { unit: 1, mode: 'onsite', from: clock.wall - 1800e3, to: clock.wall, place: 'Base', teacher: 'Ms Li', key: `early-${seconds}`, present: [{ trainee, seconds }] })).id;
	const enrol = (of, trainee) => school.client('staff').must('POST', `/api/v1/cohorts/${of}/trainees`, { trainee });
	await school.account('t5', 'learner');
	await enrol(cohort, 't5');
	const early = await attend(cohort, 't5', 61);
	const { id: opened } = await school.client('staff').must('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 2, offline: 1.2 }), starts: clock.wall - DAY_S * 1000 });
	await enrol(opened, 't4');
	await attend(opened, 't4', 62);
	clock.pass(3600);
	await watch('t5', 1, 700);
	const sheet = await attend(cohort, 't5', 63), text = await room();
	assert.match(part(text, EARLY, BOTH), new RegExp(`href="/classes/${cohort}/sheets/${early}">Massage, beginners, [^:]*: they came onto the roster behind this lesson. Trainees: 1<`));
	assert.match(part(text, EARLY, BOTH), /the class was opened behind this lesson\. Trainees on its sheet: 1</);
	assert.equal(part(text, EARLY, BOTH).match(/<li>/g).length, 2);
	assert.match(part(text, BOTH), new RegExp(`trainees/${school.accounts.t5.id}/entries">[^,<]*, no\\. 5, [^:]*: in a lesson in person, and 11 min 40 s of recorded lessons were played meanwhile<`));
	assert.match(await get('second', `/classes/${cohort}/sheets/${sheet}`), /Ask about it before you countersign[^]*<li>t5: 11 min 40 s of recorded lessons</);
	assert.doesNotMatch(await get('second', `/classes/${cohort}/sheets/${early}`), /Ask about it before you countersign/);
});

test('each look at the hours of a trainee is an entry, a look at a list is none', async () => {
	const looks = async () => {
		const size = Number(school.command('ledger', 'checkpoint').split('\n')[1]); // signs all that is there
		const { status, bytes, text } = await school.client('everywhere').ask('GET', `/ledger/tile/entries/000.p/${size}`);
		assert.equal(status, 200, text);
		return entries(bytes).map(decode).filter(({ kind }) => kind === 'look');
	};
	const trainee = `/classes/${cohort}/trainees/${school.accounts.t1.id}`;
	const before = (await looks()).length; // of her search
	assert.equal(before, 1);
	await get('auditor', `/classes/${cohort}/trainees/${randomUUID()}/entries`, 404);
	await get('auditor', `/classes/${cohort}`);
	await get('staff', trainee);
	await get('t1', '/record');
	assert.equal((await looks()).length, before);
	assert.doesNotMatch(await get('auditor', trainee), /<h1[^>]*>t1/);
	await get('auditor', `${trainee}/entries`);
	await school.client('auditor').must('GET', `/api/v1${trainee.replace('classes', 'cohorts')}/entries`);
	await school.client('auditor').must('GET', `/api/v1/trainees/${school.accounts.t1.id}/record`);
	const all = await looks();
	assert.deepEqual(all.map(({ role, cohort: of }) => [role, of]), Array(before + 4).fill(['auditor', cohort]));
});
