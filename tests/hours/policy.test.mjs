// Rules of counting: entered by a reviewer with their document, inherited figure by figure, kept by a class; the daily limit.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';

const DAY_S = 86400, HOURS = 3600;
let clock, school, course, files;

before(async () => {
	clock = new Clock();
	files = folder('policy');
	school = await new School(clock).start();
	const add = (name, region, regionName, parent) => JSON.parse(school.command('institution', 'add', '--name', name, '--region', region, '--region-name', regionName, ...(parent ? ['--parent', parent] : []))).id;
	add('Federation of Shandong', '370000', 'Shandong');
	add('Federation of Jinan', '370100', 'Jinan', '370000');
	school.county = add('Base of Lixia', '370102', 'Lixia', '370100');
	school.other = add('Base of Fuzhou', '350100', 'Fuzhou');
	school.institution = school.county;
	await school.account('staff', 'staff', ['--institution', school.county]);
	await school.account('staff-other', 'staff', ['--institution', school.other]);
	for (const [name, region] of [['province', '370000'], ['city', '370100'], ['county', '370102'], ['elsewhere', '350100']])
		await school.account(name, 'reviewer', ['--region', region]);
	await school.account('admin', 'admin');
	await school.account('auditor', 'auditor');
	for (const name of ['t1', 't2']) await school.account(name, 'learner');
	course = await school.course(makeCourse(files, { units: 4, seconds: 2700, hours: 1 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name) => new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice(7) });
const today = () => { const [year, month, day] = new Date(clock.wall + 8 * HOURS * 1000).toISOString().slice(0, 10).split('-'); return { 'from-year': year, 'from-month': month, 'from-day': day }; };

// What the form answers; `go` "enter" enters it.
async function rule(name, figures, go = 'enter') {
	const browser = visitor(name), form = await browser.get('/policies/new');
	if (form.status !== 200) return form;
	const csrf = /name="csrf" value="([^"]+)"/.exec(form.text)[1], key = /name="idempotency_key" value="([^"]+)"/.exec(form.text)[1];
	const fields = { csrf, idempotency_key: key, kind: '', title: 'Notice of hours', number: 'No. 3', ...today(), ...figures, go };
	return browser.post('/policies/new', Object.entries(fields));
}
const text = (reply) => reply.text.replace(/<[^>]*>/g, ' ').replace(/&quot;/g, '"').replace(/&#39;|&apos;/g, "'").replace(/\s+/g, ' ');
const shows = async (place, kind = '') => text(await visitor('staff').get(`/policies?place=${place}&kind=${kind}`));
const plan = (more, days) => ({ ...school.plan(course, { total: 10, offline: 6, days }), ...more });
const opened = async (more, name = 'staff') => school.client(name).ask('POST', '/api/v1/cohorts', plan(more), { 'Accept-Language': 'en' });

test('every figure that counting rests on is asked for, and presence checks come at most every ten minutes', async () => {
	const form = await visitor('county').get('/policies/new');
	for (const name of ['completion', 'daily', 'points', 'presence']) assert.ok(form.text.includes(`name="${name}"`), name);
	const look = await rule('county', { place: '370102', completion: '90', presence: '10' }, 'look');
	assert.match(text(look), /Hours to complete a class/);
	assert.match(text(look), /Presence checks at the end of a chapter, after 10 minutes .* one button is pressed; before: none/);
	assert.equal((await rule('county', { place: '370102', presence: '9' }, 'look')).status, 422);
});

test('skill training in Shandong has its published share, and the page says by which document', async () => {
	const page = await shows('370102', 'skill');
	assert.match(page, /Online share at most 40 of every hundred class hours Shandong: 山东省“十四五”残疾人职业技能提升计划/);
	assert.match(page, /Class hour 45 minutes No document was entered/);
	const other = await shows('350100', 'skill');
	assert.match(other, /No document has been entered here that says how many hours may be online/);
});

test('a rule is entered by a reviewer of its place, seen first, and never by others', async () => {
	const looked = await rule('county', { place: '370102', kind: 'skill', share: '30' }, 'look');
	assert.equal(looked.status, 200);
	assert.match(text(looked), /Online share at most 30 of every hundred class hours; before: at most 40/);
	assert.match(await shows('370102', 'skill'), /at most 40 of/, 'looking changes nothing');
	for (const [name, status] of [['staff', 403], ['admin', 403], ['auditor', 403]]) assert.equal((await rule(name, { place: '370102', share: '30' })).status, status);
	const far = await rule('elsewhere', { place: '370102', share: '30' });
	assert.equal(far.status, 422);
	assert.match(text(far), /does not reach this place/);
	assert.equal((await rule('county', { place: '370100', share: '30' })).status, 422, 'not for the city above');
	const entered = await rule('county', { place: 'Lixia', kind: 'skill', share: '30', hour: '40' });
	assert.equal(entered.status, 303);
	const one = text(await visitor('t1').get(entered.headers.location));
	assert.match(one, /Notice of hours/);
	assert.match(one, /at most 30 of every hundred/);
	const page = await shows('370102', 'skill');
	assert.match(page, /Online share at most 30 of every hundred class hours Lixia: Notice of hours, No\. 3/);
	assert.match(page, /Class hour 40 minutes/);
	assert.match(await shows('370100', 'skill'), /at most 40 of/, 'the city keeps what the province has');
});

test('what contradicts is refused at its field, and nothing that was typed is lost', async () => {
	const refused = async (figures, words, field, name = 'county') => {
		const reply = await rule(name, { place: '370102', ...figures });
		assert.ok([409, 422].includes(reply.status), `${reply.status}`);
		assert.match(text(reply), words);
		assert.match(reply.text, new RegExp(`id="${field}"[^>]*aria-invalid="true"|id="${field}-error"`));
		for (const value of Object.values(figures)) assert.ok(reply.text.includes(`value="${value}"`), `${value} is kept`);
	};
	await refused({ kind: 'skill', share: '20' }, /has a rule for this kind of training from that day on already/, 'from');
	await refused({ share: '100.5' }, /too small or too large|as a number/, 'share');
	await refused({ share: 'forty' }, /Write this as a number/, 'share');
	await refused({ kind: 'skill', share: '45', 'from-year': '2027', 'from-month': '3', 'from-day': '9' }, /stricter limit in its document/, 'share');
	await refused({ hour: '45', 'until-year': '2026', 'until-month': '1', 'until-day': '1' }, /last day lies before the first/, 'until');
	await refused({ rate: '0.5' }, /too small or too large/, 'rate');
	await refused({}, /Enter at least one figure/, 'share');
	await refused({ hour: '45', 'from-month': '2', 'from-day': '30' }, /There is no such day/, 'from');
	await refused({ kind: 'skill', share: '20', 'from-year': '2025' }, /begins later; a new one begins behind it/, 'from');
});

test('a class opens by the rule of its day and keeps it', async () => {
	const wrong = await opened({ type: 'skill' });
	assert.equal(wrong.status, 422);
	assert.match(wrong.json.detail, /at most 3 may be online/);
	assert.equal((await opened({ type: 'cooking' })).status, 400);
	const { id } = (await opened({ type: 'skill', offline: [{ name: 'Practice', hours: 7 }] })).json;
	await school.client('staff').must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: 't1' });
	const [before] = (await school.client('t1').must('GET', '/api/v1/trainees/me/record')).cohorts;
	assert.equal(before.total_s, 10 * 40 * 60);
	assert.equal(before.cap_s, 3 * 40 * 60);
	clock.pass(2 * DAY_S);
	assert.equal((await rule('county', { place: '370102', kind: 'skill', share: '20', hour: '30' })).status, 303);
	const [later] = (await school.client('t1').must('GET', '/api/v1/trainees/me/record')).cohorts;
	assert.deepEqual([later.total_s, later.cap_s], [before.total_s, before.cap_s]);
	assert.match(text(await visitor('staff').get(`/classes/${id}`)), /Notice of hours: at most 30 of every hundred class hours\. The class keeps it until its end/);
	assert.match((await opened({ type: 'skill' })).json.detail, /at most 2 may be online/);
	// the class of another kind has the settings of the server
	const other = (await opened({ type: 'rural' })).json;
	assert.match(text(await visitor('staff').get(`/classes/${other.id}`)), /This server's settings: at most 40/);
});

test('a class whose share is tested on what was earned may plan more online, and its hours wait', async () => {
	assert.equal((await rule('county', { place: '370102', kind: 'work', basis: '2', share: '40' })).status, 303);
	assert.equal((await opened({ type: 'startup', total: 4, offline: [] })).status, 422);
	const { id } = await school.client('staff').must('POST', '/api/v1/cohorts', plan({ type: 'work', total: 4, offline: [] }));
	await school.client('staff').must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: 't2' });
	const play = await school.client('t2').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort: id });
	await school.fetchMedia('t2', play.media);
	clock.pass(60);
	const answer = await school.client('t2').must('POST', `/api/v1/plays/${play.play}/beats`, { seq: 0, played: [[0, 60]], rate: 1, position: 60 });
	assert.equal(answer.online.cap_s, 4 * 2700);
	assert.equal(answer.granted_s, 60);
});

test('the daily limit holds for all classes of a person, until midnight of the place', async () => {
	assert.equal((await rule('county', { place: '370102', kind: 'startup', daily: '10' })).status, 303);
	const client = school.client('t1'), cohorts = [];
	for (let i = 0; i < 2; i++) {
		const { id } = (await opened({ type: 'startup' })).json;
		await school.client('staff').must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: 't1' });
		cohorts.push(id);
	}
	const toMidnight = DAY_S - (clock.wall / 1000 + 8 * HOURS) % DAY_S;
	clock.pass(toMidnight - 1000); // 1,000 s before it
	const open = async (cohort, unit) => {
		const { play, media } = await client.must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort });
		await school.fetchMedia('t1', media);
		return (seq, from, to) => {
			clock.pass(to - from);
			return client.must('POST', `/api/v1/plays/${play}/beats`, { seq, played: [[from, to]], rate: 1, position: to });
		};
	};
	let beat = await open(cohorts[0], 0), answer = await beat(0, 0, 400);
	assert.equal(answer.granted_s, 400);
	beat = await open(cohorts[1], 1);
	answer = await beat(0, 0, 300);
	assert.equal(answer.granted_s, 200, 'with the 400 of the other class');
	assert.equal(answer.reason, 'day_full');
	assert.equal(answer.seen_s, 300);
	assert.match(answer.why, /一天|今天/);
	clock.pass(400); // past midnight
	answer = await beat(1, 200, 300);
	assert.equal(answer.granted_s, 300, 'watched again, it counts');
	assert.equal(answer.reason, 'counted');
	const { cohorts: record } = await client.must('GET', '/api/v1/trainees/me/record'), mine = record.find(({ cohort }) => cohort === cohorts[1]);
	assert.equal(mine.online_s, 300);
	assert.deepEqual(mine.lines.map(({ day_full_s, granted_s }) => [day_full_s, granted_s]), [[0, 100], [100, 200]]);
	const { entries } = await school.client('staff').must('GET', `/api/v1/cohorts/${cohorts[1]}/trainees/${school.accounts.t1.id}/entries`);
	assert.deepEqual(entries.map(({ day_full_s, granted_s, played_s }) => [day_full_s, granted_s, played_s]), [[0, 100, 100], [100, 200, 300]]);
	assert.match(text(await visitor('t1').get('/record')), /1 min 40 s not counted: that day's online hours were full/);
	// the same hours at three times the speed, the same limit
	clock.pass(DAY_S);
	beat = await open(cohorts[1], 2);
	clock.pass(200 - 600);
	answer = await beat(0, 0, 600);
	assert.equal(answer.granted_s, 600);
	clock.pass(1);
	answer = await beat(1, 600, 601);
	assert.equal(answer.granted_s, 600);
});

test('live lessons take of the daily limit as well', async () => {
	const { id: cohort } = (await opened({ type: 'startup' })).json;
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't2' });
	clock.pass(600);
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/attendance`, { unit: 1, mode: 'live', from: clock.wall - 500e3, to: clock.wall, place: 'Online', teacher: 'Ms Li', key: 'live', present: [{ trainee: 't2', seconds: 500 }] });
	const client = school.client('t2'), { play, media } = await client.must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia('t2', media);
	clock.pass(200);
	const answer = await client.must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, 200]], rate: 1, position: 200 });
	assert.equal(answer.granted_s, 100, 'ten minutes a day, of which 500 s were a live lesson');
	assert.equal(answer.reason, 'day_full');
});
