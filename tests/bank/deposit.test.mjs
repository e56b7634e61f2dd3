// A certificate brings credits by the rule of its place, once; one that is withdrawn takes them back; the statement adds up.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { program } from '../hours/lib/school.mjs';
import { sendForm } from '../scenes/lib/forms.mjs';
import { Bank } from './lib/bank.mjs';

const bank = new Bank();
let early, skill, rural;
const text = ({ text: page }) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

before(async () => {
	await bank.start();
	early = await bank.finished(['t1']);
	skill = await bank.finished(['t1', 't2'], 'skill');
	rural = await bank.finished(['t2', 't3'], 'rural');
});
after(() => bank.stop());

test('without a rule a certificate brings nothing, and nothing is shown', async () => {
	await bank.issue('t1', early);
	assert.match(text(await bank.page('t1', '/credits')), /You have no credits yet/);
	assert.doesNotMatch(text(await bank.page('t1', '/')), /My credits/);
	assert.doesNotMatch((await bank.page('staff', `/classes/${early}`)).text, /\/credits\/class\//);
});

test('with a rule it brings so many credits for each class hour, and the line names the document', async () => {
	bank.clock.pass(86400);
	assert.equal((await bank.rule({ kind: 'skill', credits: '10.0001' })).status, 422);
	assert.equal((await bank.rule({ kind: 'skill', credits: '0.00005' })).status, 422);
	assert.equal((await bank.rule({ kind: 'skill', credits: '0.625' })).status, 303);
	assert.match(text(await bank.page('staff', '/policies?place=370100&kind=skill')), /Credits for each class hour 0\.625 credits for each class hour of a certificate Shandong: Notice of the credit bank, No\. 7/);
	assert.match(text(await bank.page('staff', '/policies?place=370100&kind=rural')), /Credits for each class hour none/);
	for (const [name, cohort] of [['t1', skill], ['t2', skill], ['t3', rural]]) await bank.issue(name, cohort);
	const [head, ...lines] = await bank.lines('t1', 1);
	assert.deepEqual(head, ['Day', 'What it is', 'Class hours', 'Credits for each class hour', 'Number of the document', 'Credits', 'Together up to here', 'Number of the entry']);
	assert.deepEqual(lines.map((line) => line.slice(1, 7)), [['Certificate of Massage, beginners: 0.1 class hours, 0.625 credits for each. Rule: Notice of the credit bank, No. 7', '0.10', '0.6250', 'No. 7', '0.06', '0.06']]);
	const page = text(await bank.page('t1', '/credits'));
	assert.match(page, /You have 0\.06 credits\./);
	assert.match(page, /0\.1 class hours, 0\.625 credits for each\. Rule: Notice of the credit bank, No\. 7 0\.06 0\.06/);
	assert.match(text(await bank.page('t1', '/')), /My credits 0\.06 credits/);
	assert.equal((await bank.lines('t3')).length, 1, 'no rule for practical skills in the countryside');
});

test('a rule that reaches back brings what was issued since its first day, once', async () => {
	assert.equal((await bank.rule({ kind: 'rural', credits: '5' })).status, 303);
	await bank.issue('t2', rural);
	assert.equal((await bank.lines('t3', 1))[1][5], '0.50', 'issued before the rule was entered, on its first day');
	assert.deepEqual((await bank.lines('t2', 2)).slice(1).map((line) => line.slice(5, 7)), [['0.06', '0.06'], ['0.50', '0.56']]);
	assert.equal((await bank.lines('t1')).length, 2, 'what was issued before the first day of a rule brings nothing');
});

test('staff and auditor of the place read them, names masked for auditors; nobody else', async () => {
	assert.match((await bank.page('staff', `/classes/${skill}`)).text, new RegExp(`href="/credits/class/${skill}"`));
	const list = `/credits/class/${skill}`, one = `${list}/${bank.id('t1')}`;
	assert.match(text(await bank.page('staff', list)), /t1 0\.06 t2 0\.06/);
	assert.match(text(await bank.page('colleague', one)), /Credits: t1.*0\.06 0\.06/);
	assert.equal((await bank.page('province', one)).status, 200);
	for (const address of [list, one]) {
		const page = await bank.page('auditor', address);
		assert.equal(page.status, 200);
		assert.match(page.text, /t …/);
		assert.doesNotMatch(page.text, />t1</);
	}
	assert.deepEqual((await bank.lines('auditor', 0, `${list}/statement.csv`)).slice(1).map(([name, , , , , , credits, sum]) => [name, credits, sum]), [['t …', '0.06', '0.06'], ['t …', '0.06', '0.12']]);
	assert.deepEqual((await bank.lines('staff', 0, `${list}/statement.csv`)).slice(1).map(([name]) => name).sort(), ['t1', 't2']);
	for (const who of ['college', 'auditor-college']) for (const address of [list, one, `${list}/statement.csv`]) assert.equal((await bank.page(who, address)).status, 404, `${who} ${address}`);
	for (const address of [list, one]) assert.equal((await bank.page('t1', address)).status, 403);
	assert.equal((await bank.page('staff', '/credits')).status, 403);
	assert.equal((await bank.page('staff', `${list}/${bank.id('t3')}`)).status, 404, 'not in this class');
});

async function withdraw(who) {
	const certificate = /href="(\/certificates\/[0-9a-f-]{36})"[^]*?>Massage|href="(\/certificates\/[0-9a-f-]{36})"/.exec((await bank.page('staff', `/certificates/class/${skill}`)).text.split(`${bank.id(who)}`)[1]);
	const at = `${certificate[1] ?? certificate[2]}/withdraw`;
	assert.equal((await sendForm(bank.client('staff'), at, { reason: 'Hours of another trainee' })).status, 303);
	assert.equal((await sendForm(bank.client('colleague'), at, {}, `${at}/countersign`)).status, 303);
}

test('what a withdrawn certificate had brought is taken back by a line that names it; a new one brings it again', async () => {
	await withdraw('t1');
	let lines = await bank.lines('t1', 2);
	assert.deepEqual(lines[2].slice(1, 2).concat(lines[2].slice(5, 7)), ['The certificate of Massage, beginners was withdrawn: its credits are taken back', '-0.06', '0.00']);
	assert.match(text(await bank.page('t1', '/credits')), /You have 0 credits\..*taken back minus 0\.06 0/);
	await bank.issue('t1', skill, 'province');
	lines = await bank.lines('t1', 3);
	assert.deepEqual(lines.slice(1).map((line) => line[6]), ['0.06', '0.00', '0.06']);
});

test('deposits are entries of the ledger without a name, and the doctor finds totals and entries equal', async () => {
	const { bytes, facts } = await bank.ledger('credit_deposit', 5);
	const deposits = facts.filter(({ kind }) => kind === 'credit_deposit'), [back] = facts.filter(({ kind }) => kind === 'credit_deposit_return');
	assert.deepEqual(deposits.map(({ credits_c }) => credits_c).sort((a, b) => a - b), [6, 6, 6, 50, 50]);
	assert.equal(back.credits_c, -6);
	assert.equal(facts[back.ref].kind, 'credit_deposit');
	for (const deposit of deposits) {
		assert.equal(facts[deposit.certificate].kind, 'certificate');
		assert.equal(deposit.document, 'No. 7');
		assert.equal(facts.find(({ kind, policy }) => kind === 'policy' && policy === deposit.policy).credits, deposit.credits_t);
	}
	for (const word of ['Massage', bank.id('t1')]) assert.ok(!bytes.toString('latin1').includes(word), word);
	const doctor = () => spawnSync(program, ['doctor', '--data', path.join(bank.school.data, 'data')], { encoding: 'utf8' });
	assert.match(doctor().stdout, /Nothing is damaged/);
});
