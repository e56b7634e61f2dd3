// Results of the final assessment: entered by one, signed by another, corrected by a new entry.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Clock } from '../hours/lib/clock.mjs';
import { School, folder, makeCourse } from '../hours/lib/school.mjs';
import { pageOf, sendForm } from '../scenes/lib/forms.mjs';
import { countersign, enter, result } from './lib/assess.mjs';
import { readLedger } from './lib/ledger.mjs';

let clock, school, files, course, cohort;
const client = (name) => school.client(name), id = (name) => school.accounts[name].id;
const page = (who, trainee) => pageOf(client(who), `/assessments/${cohort}/${id(trainee)}`);
const standing = async (trainee) => [...(await page('staff', trainee)).text.matchAll(/<dt>(?:Theory|Practice)<\/dt><dd>([^<]*)</g)].slice(0, 2).map(([, text]) => text);

before(async () => {
	clock = new Clock();
	files = folder('assess');
	school = await new School(clock, 'checkpoint_s = 1\n[credit]\nclose_days = 0\n').start();
	await school.people(4);
	await school.account('colleague', 'staff', ['--institution', school.institution]);
	await school.account('teacher', 'teacher', ['--institution', school.institution]);
	await school.account('federation', 'reviewer', ['--region', '370100']);
	await school.account('auditor', 'auditor');
	course = await school.course(makeCourse(files, { units: 1, seconds: 60, hours: 0.02 }));
	cohort = await school.cohort(course, { total: 0.05, offline: 0.03 }, ['t1', 't2', 't3']);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

test('the page of the class leads to its results', async () => {
	assert.match((await pageOf(client('staff'), `/classes/${cohort}`)).text, new RegExp(`href="/assessments/${cohort}">Final assessment<`));
	const { status, text } = await pageOf(client('staff'), `/assessments/${cohort}`);
	assert.equal(status, 200);
	for (const trainee of ['t1', 't2', 't3']) assert.ok(text.includes(`href="/assessments/${cohort}/${id(trainee)}"`));
	assert.equal((text.match(/No result yet/g) ?? []).length, 6);
});

test('a result counts once another person has countersigned it', async () => {
	assert.equal((await enter(client('staff'), cohort, id('t1'), { theory_points: '85.5', 'adjustments[]': 'braille', other: 'A lamp of her own' })).status, 303);
	assert.deepEqual(await standing('t1'), ['Waits for a countersignature', 'Waits for a countersignature']);
	assert.match((await pageOf(client('staff'), `/assessments/${cohort}/${id('t1')}?done=entered`)).text, new RegExp(`href="/assessments/${cohort}/${id('t2')}">Next: t2<`));
	assert.match((await page('staff', 't2')).text, /id="day-day"[^>]* value="1"[^]*id="examiner"[^>]* value="Examiner Qian"/, 'as she entered it last');
	assert.doesNotMatch((await page('colleague', 't2')).text, /Examiner Qian/);
	const own = await page('staff', 't1');
	assert.match(own.text, /You entered this yourself, so another person must countersign it/);
	assert.match(own.text, /Passed, 85.5 points/);
	assert.equal(await countersign(client('staff'), cohort, id('t1')), null);
	assert.match((await pageOf(client('colleague'), '/')).text, /Results of final assessments to countersign/);
	assert.doesNotMatch((await pageOf(client('staff'), '/')).text, /Results of final assessments to countersign/);
	const signed = await countersign(client('colleague'), cohort, id('t1'));
	assert.equal(signed.status, 303, signed.text);
	assert.deepEqual(await standing('t1'), ['Passed', 'Passed']);
	assert.match((await page('staff', 't1')).text, /Countersigned by colleague on 1 March 2027/);
});

test('nobody signs her own entry by sending the form herself', async () => {
	await enter(client('teacher'), cohort, id('t2'));
	assert.match((await pageOf(client('colleague'), `/assessments/${cohort}/${id('t1')}?done=signed`)).text, new RegExp(`href="/assessments/${cohort}/${id('t2')}">Next: t2<`));
	assert.doesNotMatch((await pageOf(client('teacher'), `/assessments/${cohort}/${id('t1')}?done=signed`)).text, /Next:/, 'her own entry is not for her to sign');
	assert.match((await pageOf(client('auditor'), `/assessments/${cohort}/${id('t1')}?done=signed`)).text, />Next: t …</);
	assert.match((await pageOf(client('staff'), `/assessments/${cohort}`)).text, />t2<[^]*>Waits<[^]*>t1<[^]*>t3</, 'what waits comes first');
	const at = `/assessments/${cohort}/${id('t2')}`, action = /action="([^"]+countersign)"/.exec((await page('staff', 't2')).text)[1];
	const reply = await sendForm(client('teacher'), at, {}, action);
	assert.equal(reply.status, 403);
	assert.deepEqual(await standing('t2'), ['Waits for a countersignature', 'Waits for a countersignature']);
	assert.equal((await sendForm(client('federation'), at, {}, action)).status, 303); // of the county
	assert.deepEqual(await standing('t2'), ['Passed', 'Passed']);
	assert.equal((await sendForm(client('staff'), at, {}, action)).status, 409); // it has a signature
});

test('a resit leaves what was there before, and passing once is passing', async () => {
	await enter(client('staff'), cohort, id('t3'), { practice: 'failed', practice_points: '40' });
	await countersign(client('colleague'), cohort, id('t3'));
	assert.deepEqual(await standing('t3'), ['Passed', 'Not passed']);
	await enter(client('staff'), cohort, id('t3'), { theory: 'none' });
	assert.deepEqual(await standing('t3'), ['Passed', 'Not passed'], 'what waits takes nothing away');
	await countersign(client('teacher'), cohort, id('t3'));
	assert.deepEqual(await standing('t3'), ['Passed', 'Passed']);
	const { text } = await page('staff', 't3');
	assert.match(text, /Resit/);
	assert.match(text, /Not passed, 40 points/);
});

test('a correction is a new entry that counts once it is countersigned; the old one is kept', async () => {
	const at = `/assessments/${cohort}/${id('t2')}`, link = new RegExp(`href="(${at}\\?corrects=[^"]+)#form"`).exec((await page('staff', 't2')).text)[1];
	const without = await sendForm(client('staff'), link, result({ practice: 'failed' }), at);
	assert.equal(without.status, 400);
	assert.match(without.text, /Say what was wrong, and how it is known/);
	const { status } = await sendForm(client('staff'), link, result({ practice: 'failed', reason: 'Two sheets were swapped' }), at);
	assert.equal(status, 303);
	assert.deepEqual(await standing('t2'), ['Passed', 'Passed'], 'it is not signed yet');
	await countersign(client('colleague'), cohort, id('t2'));
	assert.deepEqual(await standing('t2'), ['Passed', 'Not passed']);
	const { text } = await page('staff', 't2');
	assert.match(text, /Corrected by a newer entry\. This one is kept as it was/);
	assert.match(text, /Two sheets were swapped/);
	const late = await sendForm(client('teacher'), at, result({ reason: 'again', corrects: link.split('=')[1] }));
	assert.equal(late.status, 409, 'a window that was open before');
	assert.match(late.text, /corrected meanwhile/);
});

test('what is wrong is told at its field, and nothing is entered', async () => {
	const before = (await page('staff', 't1')).text.match(/<h2>Result of/g).length;
	for (const [more, told] of [
		[{ theory: '' }, /Choose passed, not passed, or not taken/], [{ theory: 'none', practice: 'none' }, /Theory or practice must have a result/],
		[{ theory_points: 'many' }, /Points are a number/], [{ theory_points: '1000.01' }, /Points are a number/], [{ theory: 'none', theory_points: '3' }, /Points belong to a result/],
		[{ 'day-month': '2', 'day-day': '30' }, /There is no such day/], [{ 'day-year': '2028' }, /still to come/], [{ examiner: '' }, /Who was the examiner/],
	]) {
		const reply = await enter(client('staff'), cohort, id('t1'), more);
		assert.equal(reply.status, 400, JSON.stringify(more));
		assert.match(reply.text, told);
	}
	assert.equal((await page('staff', 't1')).text.match(/<h2>Result of/g).length, before);
	assert.equal((await enter(client('staff'), cohort, id('t4'))).status, 404, 'not in the class');
});

test('a result is of a day of the class, and entered before it is closed', async () => {
	const early = await enter(client('staff'), cohort, id('t1'), { 'day-month': '2', 'day-day': '28' });
	assert.equal(early.status, 422);
	assert.match(early.text, /before the first day of the class/);
	const short = await school.cohort(course, { total: 0.05, offline: 0.03, days: 0.01 }, ['t1']);
	clock.pass(900);
	const late = await enter(client('staff'), short, id('t1'));
	assert.equal(late.status, 422);
	assert.match(late.text, /This class is closed; no more results can be entered for it/);
});

test('who has nothing to do with the class sees nothing of it', async () => {
	for (const who of ['t1', 'auditor', 'federation']) {
		const { status, text } = await page(who, 't1');
		assert.equal(status, who === 't1' ? 403 : 200);
		assert.ok(!text.includes('Enter a result'));
	}
	assert.doesNotMatch((await page('auditor', 't1')).text, /Questions in braille|A lamp of her own|\bt1\b/, 'what a disability needs, and whose it is, is for the class alone');
	assert.match((await page('staff', 't1')).text, /Questions in braille, A lamp of her own/);
	assert.doesNotMatch((await pageOf(client('auditor'), `/assessments/${cohort}`)).text, />t1</);
	const other = JSON.parse(school.command('institution', 'add', '--name', 'Other', '--region', '370200', '--region-name', 'Qingdao')).id;
	await school.account('stranger', 'staff', ['--institution', other]);
	assert.equal((await page('stranger', 't1')).status, 404);
	assert.equal((await enter(client('stranger'), cohort, id('t1'))).status, 404);
});

test('each result and each signature is an entry of the ledger, and none says who somebody is', async () => {
	const { bytes, facts } = await readLedger(client('auditor'), 15);
	const results = facts.filter(({ kind }) => kind === 'assessment'), signatures = facts.filter(({ kind }) => kind === 'assessment_countersign');
	assert.deepEqual([results.length, signatures.length], [5, 5]);
	assert.deepEqual(results.map(({ theory, practice, resit }) => [theory, practice, resit]),
		[['passed', 'passed', 0], ['passed', 'passed', 0], ['passed', 'failed', 0], ['none', 'passed', 1], ['passed', 'failed', 0]]);
	assert.equal(results[0].theory_points, 8550);
	assert.equal(facts[results[4].ref].kind, 'assessment');
	assert.equal(facts[results[4].ref].sub, results[4].sub);
	for (const one of signatures) {
		assert.equal(facts[one.entry].kind, 'assessment');
		assert.equal(facts[one.entry].sub, one.sub);
		assert.notEqual(facts[one.entry].by, one.by);
	}
	assert.deepEqual(signatures.map(({ role }) => role), ['staff', 'reviewer', 'staff', 'teacher', 'staff']);
	assert.deepEqual(facts.filter(({ kind }) => kind === 'look').map(({ role, cohort: of }) => [role, of]), Array(3).fill(['auditor', cohort]));
	const text = bytes.toString('latin1');
	for (const word of ['Examiner', 'swapped', ...Object.values(school.accounts).map((one) => one.id)]) assert.ok(!text.includes(word), word);
});

test('of classes with results that wait a few stand on the first page, and all of them behind it', async () => {
	const ids = [];
	for (let i = 0; i < 31; i++) {
		ids.push(await school.cohort(course, { total: 0.05, offline: 0.03 }, ['t4']));
		assert.equal((await enter(client('staff'), ids[i], id('t4'))).status, 303);
	}
	const cards = ({ text }) => new Set([...text.matchAll(/href="\/assessments\/([0-9a-f-]{36})"/g)].map(([, at]) => at));
	const home = await pageOf(client('colleague'), '/'), [first, second] = [await pageOf(client('colleague'), '/assessments'), await pageOf(client('colleague'), '/assessments?page=2')];
	assert.equal(cards(home).size, 6);
	assert.match(home.text, /href="\/assessments">All results to countersign</);
	assert.equal(cards(first).size, 30);
	assert.deepEqual([...cards(first), ...cards(second)].sort(), ids.sort(), 'each once');
	assert.equal(cards(await pageOf(client('staff'), '/assessments')).size, 0, 'nobody countersigns her own');
	assert.match((await pageOf(client('staff'), '/assessments')).text, /Nothing waits/);
	assert.equal(cards(await pageOf(client('stranger'), '/assessments')).size, 0);
	assert.equal((await pageOf(client('t1'), '/assessments')).status, 403);
});
