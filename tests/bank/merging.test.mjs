// Two records of one person become one: the credits of both are on one account, those of a certificate once.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { program } from '../hours/lib/school.mjs';
import { sendForm } from '../scenes/lib/forms.mjs';
import { Bank } from './lib/bank.mjs';

const bank = new Bank();
let alone, both, own, first;

before(async () => {
	await bank.start();
	assert.equal((await bank.rule({ kind: 'skill', credits: '0.625' })).status, 303);
	alone = await bank.finished(['d1'], 'skill');
	both = await bank.finished(['d1', 'd2'], 'skill');
	own = await bank.finished(['d2'], 'skill');
	first = await bank.issue('d1', alone);
	await bank.issue('d2', both);
	await bank.issue('d2', own);
});
after(() => bank.stop());

async function withdraw(certificate) {
	const at = `/certificates/${certificate}/withdraw`;
	assert.equal((await sendForm(bank.client('staff'), at, { reason: 'Entered twice' })).status, 303);
	assert.equal((await sendForm(bank.client('colleague'), at, {}, `${at}/countersign`)).status, 303);
}
const doctor = () => spawnSync(program, ['doctor', '--data', path.join(bank.school.data, 'data')], { encoding: 'utf8' }).stdout;

test('what both accounts had is on one, and what a certificate brought is there once', async () => {
	const twice = await bank.issue('d1', both);
	await bank.lines('d1', 2);
	await bank.lines('d2', 2);
	await withdraw(twice.id); // its event may come behind the merger
	const { id } = await bank.client('staff').must('POST', '/api/v1/moves', { kind: 'merge', trainee: bank.id('d1'), into: 'd2', reason: 'She was entered twice' });
	await bank.client('province').must('POST', `/api/v1/moves/${id}/decision`, { decision: 'agree', words: '' });
	const lines = (await bank.lines('d2', 5)).slice(1);
	assert.deepEqual(lines.map((line) => line[5]).sort(), ['-0.06', '0.06', '0.06', '0.06', '0.06']);
	assert.equal(lines.at(-1)[6], '0.18', 'three certificates in force');
	assert.match(doctor(), /Nothing is damaged/, doctor());
});

test('a certificate that came with the other record takes its credits back when it is withdrawn', async () => {
	await withdraw(first.id);
	assert.equal((await bank.lines('d2', 6)).at(-1)[6], '0.12');
	assert.match((await bank.page('d2', '/')).text, /0\.12/);
	assert.match(doctor(), /Nothing is damaged/, doctor());
});

test('each is taken off the one account and brought onto the other by an entry', async () => {
	const { facts } = await bank.ledger('credit_moved', 2), moved = facts.filter(({ kind }) => kind === 'credit_moved');
	assert.deepEqual(moved.map(({ credits_c }) => credits_c), [-6, 6], 'nothing is left of the one that was withdrawn before');
	assert.notDeepEqual(moved[0].sub, moved[1].sub);
	for (const entry of moved) assert.equal(facts[entry.entry].kind, 'credit_deposit');
});
