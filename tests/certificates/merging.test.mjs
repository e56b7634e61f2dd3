// Two records of one person become one: certificates and results are hers then, with code and place as they were, and no class has two.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Bank } from '../bank/lib/bank.mjs';
import { program } from '../hours/lib/school.mjs';
import { pageOf, sendForm } from '../scenes/lib/forms.mjs';

const house = new Bank(), english = { 'Accept-Language': 'en' };
let alone, both, hers, first, second, third;
const text = ({ text: page }) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const ask = (from, into) => house.client('staff').ask('POST', '/api/v1/moves', { kind: 'merge', trainee: house.id(from), into, reason: 'She was entered twice' }, english);
const decide = (id, decision = 'agree', words = '') => house.client('province').ask('POST', `/api/v1/moves/${id}/decision`, { decision, words }, english);
const doctor = () => spawnSync(program, ['doctor', '--data', path.join(house.school.data, 'data')], { encoding: 'utf8' }).stdout;

before(async () => {
	await house.start();
	alone = await house.finished(['d1']);
	both = await house.finished(['d1', 'd2']);
	hers = await house.finished(['d1']);
	first = await house.issue('d1', alone);
	second = await house.issue('d2', both);
	third = await house.issue('d1', both);
});
after(() => house.stop());

async function withdraw(certificate, more = {}) {
	const at = `/certificates/${certificate}/withdraw`, fields = { reason: 'Entered twice', ...more };
	assert.equal((await sendForm(house.client('staff'), at, fields)).status, 303);
	return sendForm(house.client('colleague'), at, {}, `${at}/countersign`);
}

test('while both have a certificate of one class it is refused, with what to do', async () => {
	const refused = await ask('d1', 'd2');
	assert.equal(refused.status, 422);
	assert.match(refused.json.detail, /Both records have a certificate of the same class.*withdrawn first/);
	assert.equal((await withdraw(third.id)).status, 303);
});

test('while a plugin that keeps something of people does not run, nobody is merged: what it keeps would stay behind', async () => {
	const { config } = house.school;
	await house.school.restart('[curbcut]\nplugins = catalog credit video\ncheckpoint_s = 1\n');
	const refused = await ask('d1', 'd2');
	assert.equal(refused.status, 422);
	assert.match(refused.json.detail, /not merged while \w+, which keeps something of people, does not run/);
	await house.school.restart(config);
});

test('refused by the second person, everything stays where it was', async () => {
	const { json } = await ask('d1', 'd2');
	assert.equal((await decide(json.id, 'refuse', 'Two sisters')).status, 200);
	assert.match(text(await house.page('d1', '/certificates')), /Certificate: Massage/);
	assert.doesNotMatch(text(await house.page('staff', `/certificates/class/${alone}`)), /another name/);
});

test('agreed to, certificates and results are found under the record that stays, and are told as to be issued again', async () => {
	const { json } = await ask('d1', 'd2'), decision = await decide(json.id);
	assert.equal(decision.status, 200, decision.text);
	const mine = text(await house.page('d2', '/certificates'));
	assert.equal(mine.split('Certificate: Massage').length - 1, 3, mine);
	assert.equal((await house.page('d2', `/certificates/${first.id}`)).status, 200);
	assert.match(text(await house.page('d2', `/certificates/${first.id}`)), /You are called otherwise now than on this certificate/);
	assert.match(text(await house.page('staff', `/certificates/${first.id}`)), /to be issued again/);
	assert.match(text(await house.page('staff', `/certificates/class/${alone}`)), /d2 Issued with another name than now/);
	assert.match(text(await house.page('staff', `/certificates/class/${both}`)), /d2 Issued(?! with)/, 'the one in force, not the one that was withdrawn last');
	const checked = await pageOf(house.client('d2'), `/check?code=${encodeURIComponent(first.code)}`);
	assert.match(text(checked), /valid/i, 'its code is as it was');
});

test('results of both count as one person\'s, and no class has two certificates', async () => {
	const again = await house.client('staff').ask('POST', '/api/v1/certificates', { trainee: house.id('d2'), cohort: both }, english);
	assert.equal(again.status, 409, again.text);
	const made = await house.issue('d2', hers);
	assert.ok(made.code, 'what the other record had learned and passed is enough');
	assert.match(text(await house.page('staff', `/assessments/${both}/${house.id('d2')}`)), /passed.*passed/i);
});

test('the list of payments finds them by their entries, once each', async () => {
	for (const cohort of [alone, both, hers]) {
		const made = await sendForm(house.client('province'), `/payments?class=${cohort}`, {}, '/payments');
		assert.equal(made.status, 303, text(made));
		const file = await house.client('province').ask('GET', `${made.headers.location}/file`, undefined, english);
		assert.equal(file.text.trim().split('\r\n').length, 2, 'one line');
		const line = text(await house.page('province', `${made.headers.location}/lines/1`));
		assert.match(line, /Added up again just now they are 1 min 48 s online and 2 min 42 s offline/);
		assert.match(line, /Certificate issued: 0\.04 online and 0\.06 offline class hours/);
	}
});

test('one under the old name gives way to another with the present one', async () => {
	const renewed = await withdraw(first.id, { renew: 'yes' });
	assert.equal(renewed.status, 303);
	assert.match(text(await house.page('d2', `/certificates/${first.id}`)), /was withdrawn/);
	assert.match(text(await house.page('staff', `/certificates/class/${alone}`)), /d2 Issued(?! with)/);
	assert.match(text(await house.page('staff', renewed.headers.location)), /Name d2/);
});

test('each has an entry of whose it is now, and the doctor finds rows and entries equal', async () => {
	const { facts } = await house.ledger('certificate', 5), moved = (kind) => facts.filter((entry) => entry.kind === kind);
	assert.deepEqual(['certificate_moved', 'assessment_moved'].map((kind) => moved(kind).length), [2, 3]);
	const [{ sub: stays }] = moved('merged');
	for (const entry of [...moved('certificate_moved'), ...moved('assessment_moved')]) {
		assert.deepEqual(entry.sub, stays);
		assert.equal(`${facts[entry.entry].kind}_moved`, entry.kind);
		assert.notDeepEqual(facts[entry.entry].sub, stays, 'its own entry is as it was');
	}
	assert.match(doctor(), /Nothing is damaged/, doctor());
});
