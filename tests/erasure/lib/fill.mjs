// What else is kept by person: why she may be a trainee, passkeys, photos of attendance, learning points, presence checks. Each is looked
// at before anybody is erased, so that the test is not blind.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { filled, read } from '../../guard/lib/html.mjs';
import { Visitor } from '../../guard/lib/visitor.mjs';
import { folder, makeCourse } from '../../hours/lib/school.mjs';
import { pageOf, sendForm } from '../../scenes/lib/forms.mjs';
import { Browser } from '../../signin/lib/browser.mjs';
import { Passkey } from '../../signin/lib/passkey.mjs';

const PHOTO = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('CANARY photo')]), HOUR_MS = 3600000, LESSON_S = 800;
const text = ({ text: page }) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

async function study(school, clock, who, unit, cohort, spans) {
	const { play, media } = await school.client(who).must('POST', '/api/v1/plays', { unit, cohort });
	await school.fetchMedia(who, media);
	let answer, seq = 0;
	for (const [from, to] of spans) {
		clock.pass(to - from);
		answer = await school.client(who).must('POST', `/api/v1/plays/${play}/beats`, { seq: seq++, played: [[from, to]], rate: 1, position: to });
	}
	return answer;
}

async function addEligible(school, who) {
	const at = `/people/${school.accounts[who].id}/eligibility`, sent = await sendForm(school.client('staff'), at, { kind: 'disability', sealed_number: '11010519491231002X44' });
	assert.equal(sent.status, 303, text(sent));
	assert.match((await pageOf(school.client('staff'), at)).text, /Begins with 110105/);
}

// Only a server that was not told another address has passkeys at localhost.
async function addPasskey(school, who, name) {
	const { config } = school;
	await school.restart('checkpoint_s = 1\n');
	const browser = new Browser(school.origin.replace('127.0.0.1', 'localhost')), device = new Passkey(browser.origin), at = '/account/passkeys';
	assert.equal((await browser.signIn(who, `secret-${who}`)).status, 303);
	const page = await browser.get(at), sent = await browser.send(page, at, { passkey_name: name, ...device.added(page) });
	assert.equal(sent.status, 303, sent.words);
	assert.ok((await browser.get(at)).words.includes(name));
	await school.restart(config);
	return device;
}

// The pages of her staff: `send` fills one of their forms, and gives where it leads.
function desk(school) {
	const staff = new Visitor(school.origin, { lang: 'en', token: school.client('staff').headers.Authorization.slice(7) });
	const send = async (address, action, values) => {
		const form = read((await staff.get(address)).text).forms.find((one) => one.method === 'POST' && action.test(one.action));
		const reply = await staff[form.files ? 'send' : 'post'](form.action, filled(form, values), { Referer: school.origin + address });
		assert.equal(reply.status, 303, text(reply));
		return reply.headers.location.split('?')[0];
	};
	return { staff, send };
}
// Of a moment, at the place.
function dayOf(ms) {
	const [year, month, day] = new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 10).split('-').map(Number);
	return { 'when-year': String(year), 'when-month': String(month), 'when-day': String(day) };
}

// Lessons at her home: one that she was taught, and one that was announced. Gives the address of the first one's sheet.
async function addVisits(school, clock, who, cohort, place) {
	const { send } = desk(school), lesson = { unit: 1, mode: 'visit', place, teacher: 'Ms Li' }, now = clock.wall;
	await send(`/classes/${cohort}/rolls`, /rolls$/, { ...lesson, unit: '1', ...dayOf(now), from: '0:00', to: '23:59', hours: '1' });
	clock.pass(60);
	const { id } = await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/attendance`, { ...lesson, from: now, to: clock.wall, key: 'visit', present: [{ trainee: who, seconds: 60 }] });
	await school.client('colleague').must('POST', `/api/v1/attendance/${id}/countersign`, {});
	return `/classes/${cohort}/sheets/${id}`;
}

// A lesson that she alone came to, on a printed sheet with its photo.
async function addPhoto(school, clock, cohort) {
	const { staff, send } = desk(school), paper = await send(`/classes/${cohort}/papers`, /papers$/, { unit: '1', ...dayOf(clock.wall + 24 * HOUR_MS) });
	clock.pass(2 * 86400);
	await send(`${paper}/enter`, /photo$/, { file: { name: 'a.jpg', bytes: PHOTO } });
	const sheet = await send(`/classes/${cohort}/sheets/new?paper=${paper.split('/').at(-1)}`, /sheets\/new$/, { mode: 'onsite', from: '9:00', to: '11:00', hours: '2', place: 'Hall', teacher: 'Ms Li' });
	await school.client('colleague').must('POST', `/api/v1/attendance/${sheet.split('/').at(-1)}/countersign`, {});
	assert.equal((await staff.get(`${paper}/photo`)).status, 200);
	return paper;
}

// Half a class with presence checks: one is answered, one is due, and what is seen behind it waits.
async function addPresence(school, clock, who, course, cohort) {
	const [one, two, three] = course.units.map(({ id }) => id), answer = (check) => school.client(who).must('POST', `/api/v1/cohorts/${cohort}/presence`, { check });
	assert.equal((await study(school, clock, who, one, cohort, [[0, 700], [700, LESSON_S]])).presence.due, true);
	await answer(1);
	assert.equal((await study(school, clock, who, two, cohort, [[0, 700], [700, LESSON_S]])).presence.due, true);
	const waits = await study(school, clock, who, three, cohort, [[0, 50]]);
	assert.deepEqual([waits.added_s, waits.reason], [0, 'presence']);
}

// `said`: a word to look for. Gives what must be in no file any more, and the address of the photo.
export async function fill(bank, who, said) {
	const { school, clock } = bank, files = folder('erasure');
	assert.equal((await bank.rule({ presence: '10', points: '2' })).status, 303);
	const course = await school.course(makeCourse(files, { units: 3, seconds: LESSON_S, hours: 0.3, name: 'Long' }));
	const free = await school.course(makeCourse(files, { units: 1, seconds: 300, hours: 0.1, name: 'Free' }));
	const cohort = await school.cohort(course, { total: 4, offline: 3.1 }, [who]);
	await addEligible(school, who);
	const device = await addPasskey(school, who, `${said} phone`);
	const paper = await addPhoto(school, clock, cohort);
	const visit = await addVisits(school, clock, who, cohort, `${said} Lane 7`);
	assert.match(text(await pageOf(school.client('staff'), visit)), new RegExp(`Place ${said} Lane 7`));
	await addPresence(school, clock, who, course, cohort);
	await study(school, clock, who, free.units[0].id, 'points', [[0, 250]]);
	assert.match(text(await pageOf(school.client(who), '/points')), /2 points, for 4 min 10 s of self-study/);
	const sealed = createHash('sha256').update(PHOTO).digest('hex');
	return { paper, visit, needles: { person: school.accounts[who].id, photo: sealed, passkey: device.id } };
}
