// Why a person may be a trainee: recorded, changed by two, shown masked, looked at with a reason; and the number is nowhere else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { School, folder, program, run } from '../hours/lib/school.mjs';
import { pageOf, sendForm } from './lib/forms.mjs';

// The citizen number in the standard's own example, and one beside it.
const NUMBER = '11010519491231002X44', OTHER = '11010519491231002X43';
const spaced = (number) => number.replace(/^(.{6})(.{8})(.{4})/, '$1 $2 $3 ');
const CANARIES = ['11010519491231002', '19491231', '1949-12-31', '31002X4'];
let school, files, pupil, other;
const page = (name, address) => pageOf(school.client(name), address);
const at = (after = '') => `/people/${pupil}/eligibility${after}`;
const form = (name, fields, after = '') => sendForm(school.client(name), at(), fields, at(after));

before(async () => {
	files = folder('eligible');
	school = await new School().start();
	await school.people(1);
	other = JSON.parse(school.command('institution', 'add', '--name', 'Other', '--region', '370200', '--region-name', 'Qingdao')).id;
	await school.account('admin', 'admin');
	await school.account('colleague', 'staff', ['--institution', school.institution]);
	await school.account('teacher', 'teacher', ['--institution', school.institution]);
	await school.account('reviewer', 'reviewer', ['--region', '370100']);
	await school.account('auditor', 'auditor', ['--region', '370100']);
	await school.account('far', 'staff', ['--institution', other]);
	await school.account('pupil', 'learner', ['--institution', school.institution]);
	await school.account('second', 'learner', ['--institution', school.institution]);
	pupil = school.accounts.pupil.id;
});

after(async () => {
	await school?.stop();
	if (files) rmSync(files, { recursive: true, force: true });
});

test('a number that cannot be is told at its field, and nothing typed is lost', async () => {
	const wrong = await form('staff', { kind: 'disability', sealed_number: '110105 19491231 0021 44' });
	assert.equal(wrong.status, 422);
	assert.match(wrong.text, /id="sealed_number-error"[^]*Character 18 does not fit/);
	assert.match(wrong.text, /value="110105 19491231 0021 44"/);
	assert.match((await form('staff', { sealed_number: NUMBER })).text, /id="kind-error"[^]*Choose what makes this person eligible/);
	assert.match((await form('staff', { kind: 'relative' })).text, /id="whose-error"[^]*Type whose relative/);
	assert.match((await page('staff', at())).text, /Nothing is recorded/);
});

test('what is recorded is shown masked, and whole to who says what for', async () => {
	const done = await form('staff', { kind: 'disability', sealed_number: NUMBER });
	assert.equal(done.status, 303);
	assert.equal((await done.again()).headers.location, done.headers.location);
	for (const who of ['staff', 'colleague', 'reviewer', 'auditor']) {
		const { status, text } = await page(who, at());
		assert.equal(status, 200, who);
		assert.match(text, /Begins with 110105; the rest is hidden/);
		for (const canary of CANARIES) assert.ok(!text.includes(canary), `${who} reads ${canary}`);
	}
	assert.match((await form('staff', {}, '/look')).text, /id="purpose-error"[^]*Choose what you need/);
	const whole = await form('colleague', { purpose: 'subsidy' }, '/look');
	assert.equal(whole.status, 200);
	assert.ok(whole.text.includes(spaced(NUMBER)));
	assert.match(whole.text, /Physical[^]*Grade 4/);
	assert.match(whole.headers['cache-control'], /no-store/);
	assert.match((await page('auditor', `/changes?about=${pupil}`)).text, /colleague[^]*looked at the certificate number, to apply for a subsidy/);
});

test('a change is countersigned by somebody else before it holds', async () => {
	assert.match((await form('staff', { kind: 'disability', sealed_number: OTHER })).headers.location, /done=asked/);
	const own = await page('staff', at());
	assert.match(own.text, /Somebody else must countersign it/);
	const [, change] = /name="change" value="([^"]+)"/.exec((await page('colleague', at())).text);
	assert.equal((await form('staff', { change, decision: 'agree' }, '/decide')).status, 403);
	const both = (await form('reviewer', { purpose: 'compare' }, '/look')).text; // whoever countersigns compares
	assert.ok(both.indexOf(spaced(NUMBER)) > 0 && both.indexOf(spaced(OTHER)) > both.indexOf(spaced(NUMBER)));
	assert.match((await page('reviewer', '/')).text, /Changes of eligibility to countersign[^]*Eligibility of pupil/);
	assert.doesNotMatch((await page('staff', '/')).text, /Changes of eligibility to countersign/);
	assert.match((await form('reviewer', { change, decision: 'agree' }, '/decide')).headers.location, /done=agreed/);
	const read = async () => (await form('staff', { purpose: 'compare' }, '/look')).text;
	assert.ok((await read()).includes(spaced(OTHER)) && !(await read()).includes(spaced(NUMBER)));
	assert.doesNotMatch((await page('reviewer', '/')).text, /Changes of eligibility to countersign/);
});

test('a number is of one person', async () => {
	const second = school.accounts.second.id, there = `/people/${second}/eligibility`;
	const taken = await sendForm(school.client('staff'), there, { kind: 'disability', sealed_number: OTHER });
	assert.equal(taken.status, 422);
	assert.match(taken.text, /Another person has this number already/);
	assert.match((await page('auditor', `/changes?about=${second}`)).text, /typed a certificate number that another person has/);
});

test('who looked after her elsewhere once does so no more', async () => {
	const { id } = await school.client('admin').must('POST', '/api/v1/people', { name: 'Guest', number: 'guest', role: 'learner', place: school.institution });
	const there = `/people/${id}/eligibility`;
	assert.equal((await page('staff', there)).status, 200);
	const { grants } = await school.client('admin').must('GET', `/api/v1/people/${id}`);
	await school.client('admin').must('POST', `/api/v1/people/${id}/roles`, { role: 'learner', place: other });
	await school.client('admin').must('DELETE', `/api/v1/people/${id}/roles/${grants[0].id}`);
	assert.equal((await page('staff', there)).status, 404);
	assert.equal((await page('far', there)).status, 200);
	assert.match((await page('far', `/people/${id}`)).text, /Eligibility and certificate number/);
	assert.doesNotMatch((await page('staff', `/people/${id}`)).text, /Eligibility and certificate number/);
});

test('who has no business with it reads nothing of it', async () => {
	for (const [who, status] of [['far', 404], ['teacher', 403], ['admin', 403], ['pupil', 403], ['t1', 403]]) {
		assert.equal((await page(who, at())).status, status, who);
		assert.ok([403, 404].includes((await form(who, { purpose: 'compare' }, '/look')).status), who);
	}
	for (const who of ['admin', 'auditor', 'staff', 'teacher', 'pupil', 'far', 'reviewer'])
		for (const address of ['/', '/people', `/people/${pupil}`, '/changes', `/changes?about=${pupil}`, '/account', '/record', `/api/v1/people/${pupil}`, '/api/v1/changes', '/metrics', '/healthz', '/machine/log']) {
			const { text } = await page(who, address);
			for (const canary of CANARIES) assert.ok(!text.includes(canary), `${who} reads ${canary} at ${address}`);
		}
});

// Every file below a folder.
function* filesOf(at) {
	for (const name of readdirSync(at)) {
		const file = path.join(at, name);
		if (statSync(file).isDirectory()) yield* filesOf(file);
		else if (statSync(file).isFile()) yield file;
	}
}

test('the number is in no log, address, file, backup nor ledger', async () => {
	const to = path.join(files, 'backups');
	mkdirSync(to);
	run(program, ['backup', '--data', path.join(school.data, 'data'), to]);
	school.command('doctor');
	let count = 0;
	for (const file of [...filesOf(school.data), ...filesOf(to)]) {
		const bytes = readFileSync(file);
		count++;
		for (const canary of CANARIES) {
			assert.ok(!bytes.includes(canary), `${canary} is in ${file}`);
			assert.ok(!bytes.includes(Buffer.from(canary, 'utf16le')), `${canary} is in ${file}`);
		}
	}
	assert.ok(count > 10);
	assert.ok(school.log.length > 100);
	for (const canary of CANARIES) assert.ok(!school.log.includes(canary), `${canary} is in the log`);
});
