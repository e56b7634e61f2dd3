// The four gates of a class: the federation decides, with its document; a class whose attendance or questions are open is not complete.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse, program, run } from './lib/school.mjs';

let clock, school, course, files, cohort;
const visitors = {};

before(async () => {
	clock = new Clock(Date.UTC(2027, 2, 1, 2));
	files = folder('gates');
	school = await new School(clock).start();
	await school.people(1);
	await school.account('colleague', 'teacher', ['--institution', school.institution]);
	await school.account('county', 'reviewer', ['--region', '370100']);
	JSON.parse(school.command('institution', 'add', '--name', 'Elsewhere', '--region', '370200', '--region-name', 'Qingdao'));
	await school.account('elsewhere', 'reviewer', ['--region', '370200']);
	course = await school.course(makeCourse(files, { units: 1, seconds: 100, hours: 0.03 }));
	cohort = await school.cohort(course, { total: 0.1, offline: 0.07, days: 2 }, ['t1']);
	for (const name of Object.keys(school.accounts)) visitors[name] = new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice('Bearer '.length) });
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const gates = () => `/classes/${cohort}/gates`;
const get = async (name, address, status = 200) => {
	const reply = await visitors[name].get(address);
	assert.equal(reply.status, status, `${name} ${address}: ${reply.text.slice(0, 300)}`);
	return reply.text;
};
async function decide(name, fields) {
	const csrf = /name="csrf" value="([^"]+)"/.exec((await visitors[name].get(gates())).text)?.[1] ?? '';
	return visitors[name].post(gates(), [['csrf', csrf], ...Object.entries(fields)]);
}
const refused = async (fields, status, words) => {
	const reply = await decide('county', fields);
	assert.equal(reply.status, status, reply.text);
	assert.match(reply.text, words);
	for (const typed of [fields.document, fields.note]) if (typed) assert.ok(reply.text.includes(typed), 'nothing typed is lost');
};

test('those who look after the class read, the federation of the place decides', async () => {
	for (const name of ['staff', 'colleague']) {
		assert.match(await get(name, gates()), /Nothing was decided about this class yet/);
		assert.doesNotMatch(await get(name, gates()), /Enter a decision/);
		assert.equal((await decide(name, { gate: 'opening', result: 'passed', document: '1' })).status, 403);
	}
	await get('elsewhere', gates(), 404);
	await get('t1', gates(), 403);
	assert.match(await get('staff', `/classes/${cohort}`), new RegExp(`href="${gates()}"`));
	assert.equal((await decide('county', { gate: 'opening', result: 'passed', document: '鲁残联 2027 3 号' })).status, 303);
	assert.match(await get('staff', gates()), /Opening request[^]*Passed[^]*1 March 2027[^]*鲁残联 2027 3 号/);
});

test('what is missing is told at its field', async () => {
	await refused({ gate: 'soon', result: 'passed', document: '2' }, 400, /Choose a gate/);
	await refused({ gate: 'process', document: '2' }, 400, /Choose whether it passed/);
	await refused({ gate: 'process', result: 'passed', document: ' ' }, 400, /Give the number of the document/);
	await refused({ gate: 'process', result: 'passed', document: '号'.repeat(101) }, 400, /longer than 100 characters/);
	await refused({ gate: 'process', result: 'refused', document: '2' }, 400, /Say what must be mended/);
	await refused({ gate: 'process', result: 'refused', document: '2', note: '很'.repeat(1001) }, 400, /longer than 1,000 characters/);
});

test('a gate that was refused can pass later, and both can be read', async () => {
	assert.equal((await decide('county', { gate: 'process', result: 'refused', document: '4', note: 'No interpreter' })).status, 303);
	assert.match(await get('staff', gates()), /Not passed yet:[^]*<li>Process check/);
	assert.equal((await decide('county', { gate: 'process', result: 'passed', document: '5' })).status, 303);
	const text = await get('staff', gates());
	assert.match(text, /Not passed<[^]*No interpreter[^]*Process check[^]*>Passed</);
	assert.doesNotMatch(text, /<li>Process check/);
});

test('a class is complete when it has ended, its attendance is countersigned and questions are answered', async () => {
	const pass = { gate: 'completion', result: 'passed', document: '9' };
	clock.pass(120);
	const { id } = await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/attendance`, { unit: 1, mode: 'onsite', from: clock.wall - 60e3, to: clock.wall - 1e3, place: 'Base', teacher: 'Ms Li', key: 'one', present: [{ trainee: 't1', seconds: 50 }] });
	const ask = await get('t1', `/record/ask?class=${cohort}`), csrf = /name="csrf" value="([^"]+)"/.exec(ask)[1];
	const asked = await visitors.t1.post('/record/ask', [['csrf', csrf], ['class', cohort], ['text', 'Why?']]);
	await refused(pass, 422, /has not ended yet/);
	assert.doesNotMatch(await get('county', '/'), /Classes whose completion is to be reviewed/);
	clock.pass(2 * 86400);
	assert.match(await get('county', '/'), new RegExp(`Classes whose completion is to be reviewed[^]*href="${gates()}"`));
	assert.match(await get('county', gates()), /waits for a countersignature: 1 lines[^]*wait for an answer: 1/);
	await refused(pass, 422, /not countersigned yet/);
	await school.client('colleague').must('POST', `/api/v1/attendance/${id}/countersign`, {});
	await refused(pass, 422, /wait for an answer/);
	const question = /questions\/([0-9a-f-]+)/.exec(asked.headers.location)[1], theirs = `/classes/${cohort}/questions/${question}`;
	const token = /name="csrf" value="([^"]+)"/.exec(await get('staff', theirs))[1];
	assert.equal((await visitors.staff.post(theirs, [['csrf', token], ['text', 'So it is']])).status, 303);
	assert.match(await get('county', gates()), /Nothing is open/);
	assert.equal((await decide('county', pass)).status, 303);
	assert.doesNotMatch(await get('county', '/'), /Classes whose completion is to be reviewed/);
	assert.match(await get('staff', gates()), /Completion review[^]*Passed/);
});

test('the dossier has the plan, the decisions, who came, what counts, and proofs that hold', async () => {
	const text = await get('staff', `/classes/${cohort}/dossier`), key = (await visitors.staff.get('/ledger/key')).text.trim();
	for (const words of [/Practice/, /Lessons/, /Opening request[^]*鲁残联 2027 3 号/, /Countersigned/, /t1/]) assert.match(text, words);
	const proofs = [...text.matchAll(/c2sp\.org\/tlog-proof@v1\n[^<]+/g)].map(([proof]) => proof.replaceAll('&#43;', '+').replaceAll('&#x2b;', '+'));
	assert.equal(proofs.length, 1 + 4, 'the class, and four decisions');
	for (const [i, proof] of proofs.entries()) {
		const file = path.join(files, `${i}.tlog-proof`);
		writeFileSync(file, proof.trimEnd() + '\n');
		assert.match(run(program, ['ledger', 'verify', '--key', key, file]), /gate|class/);
	}
	await get('elsewhere', `/classes/${cohort}/dossier`, 403);
});
