// Credits that another institution recognises: asked for by one, countersigned by another there; taken back the same way.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendForm } from '../scenes/lib/forms.mjs';
import { Bank } from './lib/bank.mjs';

const bank = new Bank();
let cohort, account, transfer;
const text = ({ text: page }) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const asked = (more) => ({ recogniser: 'College', programme: 'Nursing', credits: '0.5', document: 'No. 12', ...more });
const ask = (who, more) => sendForm(bank.client(who), account, asked(more));
const act = (who, name, fields = {}, at = transfer) => sendForm(bank.client(who), at, fields, `${at}/${name}`);
const sums = async () => (await bank.lines('t1')).slice(1).map((line) => line.slice(5, 7).join(' '));

before(async () => {
	await bank.start();
	await bank.rule({ credits: '10' });
	cohort = await bank.finished(['t1']);
	account = `/credits/class/${cohort}/${bank.id('t1')}`;
	await bank.school.account('college2', 'staff', ['--institution', bank.school.college]);
});
after(() => bank.stop());

test('without credits there is nothing to ask for; with them staff ask, and what is wrong is told at its field', async () => {
	assert.doesNotMatch((await bank.page('staff', account)).text, /id="recogniser"/);
	assert.equal((await ask('staff')).status, 404);
	await bank.issue('t1', cohort);
	await bank.lines('t1', 1);
	assert.match(text(await bank.page('colleague', account)), /1 credits of this certificate can be recognised\./);
	assert.doesNotMatch((await bank.page('province', account)).text, /id="recogniser"/);
	for (const [fields, words] of [[{ recogniser: '' }, /Type the name of the institution/], [{ recogniser: 'Nowhere' }, /Nowhere|There is no|no place/], [{ recogniser: 'Jinan' }, /This is a region/], [{ programme: '' }, /Type the programme/],
		[{ credits: '0' }, /at most two decimals/], [{ credits: '-1' }, /at most two decimals/], [{ credits: '0.001' }, /at most two decimals/], [{ credits: '1.01' }, /1\.00 credits can still be recognised/], [{ document: '' }, /Type the number of the paper/]]) {
		const reply = await ask('staff', fields);
		assert.equal(reply.status, 422, JSON.stringify(fields));
		assert.match(text(reply), words);
		for (const value of Object.values(asked(fields))) assert.ok(!value || reply.text.includes(`value="${value}"`), `${value} is kept`);
	}
	for (const who of ['college', 'province', 'auditor', 't1']) assert.notEqual((await ask(who)).status, 303, who);
	const reply = await ask('staff');
	assert.equal(reply.status, 303, reply.text);
	transfer = reply.headers.location.split('?')[0];
	const page = text(await bank.page('t1', '/credits'));
	assert.match(page, /You have 1 credits\..*College Nursing 0\.5 Waits for a countersignature/);
	assert.deepEqual(await sums(), ['1.00 1.00']);
});

test('who asked does not countersign, and others than the institution that recognises them neither', async () => {
	assert.match(text(await bank.page('staff', transfer)), /You asked for this yourself/);
	assert.equal((await act('staff', 'countersign')).status, 403);
	assert.equal((await act('colleague', 'countersign')).status, 403);
	assert.equal((await act('auditor', 'countersign')).status, 403);
	assert.equal((await act('t1', 'countersign')).status, 403);
	assert.match((await bank.page('auditor', transfer)).text, /t …/);
	assert.doesNotMatch((await bank.page('auditor', transfer)).text, />t1</);
	assert.equal((await bank.page('auditor-college', transfer)).status, 200);
	assert.match((await bank.page('auditor-college', transfer)).text, /t …/);
	assert.match(text(await bank.page('college', '/')), /Credits of others to countersign.*t1: Nursing/);
	assert.match(text(await bank.page('college', transfer)), /Trainee t1 Credits 0\.5 From the certificate of Massage, beginners Issued by Base Recognised by College For the programme Nursing Number of the document No\. 12/);
	assert.equal((await bank.page('college', account)).status, 404, 'the account is not theirs to read');
});

test('countersigned they leave the account, once; refused they stay', async () => {
	const reply = await act('college', 'countersign');
	assert.equal(reply.status, 303, reply.text);
	assert.equal((await act('college2', 'countersign')).status, 409);
	const lines = await bank.lines('t1', 2);
	assert.deepEqual(lines[2].slice(1), ['Recognised by College for Nursing, document No. 12', '', '', 'No. 12', '-0.50', '0.50', lines[2][7]]);
	assert.match(text(await bank.page('t1', '/credits')), /You have 0\.5 credits\./);
	assert.doesNotMatch(text(await bank.page('college', '/')), /Credits of others to countersign/);
	const second = (await ask('colleague', { programme: 'Cooking' })).headers.location.split('?')[0];
	assert.equal((await act('college', 'refuse', { reason: '' }, second)).status, 422);
	assert.equal((await act('auditor', 'refuse', { reason: 'x' }, second)).status, 403);
	assert.equal((await act('staff', 'refuse', { reason: 'x' }, second)).status, 403, 'neither asked nor recognises');
	assert.equal((await act('college', 'refuse', { reason: 'Not our programme' }, second)).status, 303);
	assert.match(text(await bank.page('colleague', second)), /State Refused .*Why it was refused Not our programme/);
	const third = (await ask('colleague', { programme: 'Cooking' })).headers.location.split('?')[0];
	assert.equal((await act('colleague', 'refuse', { reason: 'Asked by mistake' }, third)).status, 303, 'who asked may think better of it');
	assert.deepEqual(await sums(), ['1.00 1.00', '-0.50 0.50']);
});

test('what was recognised is taken back by two, as a line of its own', async () => {
	assert.equal((await act('college', 'return', { reason: '' })).status, 422);
	assert.equal((await act('province', 'return', { reason: 'x' })).status, 403);
	const reply = await act('college', 'return', { reason: 'The wrong programme' });
	assert.equal(reply.status, 303, reply.text);
	const back = reply.headers.location.split('?')[0];
	assert.notEqual(back, transfer);
	assert.equal((await act('college', 'countersign', {}, back)).status, 403);
	assert.match(text(await bank.page('college2', back)), /Taking back recognised credits.*Why they are taken back The wrong programme/);
	assert.equal((await act('college2', 'countersign', {}, back)).status, 303);
	assert.equal((await act('college', 'return', { reason: 'Again' })).status, 409);
	const lines = await bank.lines('t1', 3);
	assert.equal(lines[3][1], 'Taken back: recognised by College for Nursing, document No. 12');
	assert.deepEqual(await sums(), ['1.00 1.00', '-0.50 0.50', '0.50 1.00']);
});

test('a federation countersigns for an office of one, and a withdrawn certificate takes all of it back', async () => {
	const again = (await ask('staff')).headers.location.split('?')[0];
	assert.equal((await act('province', 'countersign', {}, again)).status, 303);
	const certificate = /href="(\/certificates\/[0-9a-f-]{36})"/.exec((await bank.page('staff', `/certificates/class/${cohort}`)).text)[1], at = `${certificate}/withdraw`;
	assert.equal((await sendForm(bank.client('staff'), at, { reason: 'Hours of another trainee' })).status, 303);
	assert.equal((await sendForm(bank.client('colleague'), at, {}, `${at}/countersign`)).status, 303);
	await bank.lines('t1', 6);
	assert.deepEqual(await sums(), ['1.00 1.00', '-0.50 0.50', '0.50 1.00', '-0.50 0.50', '0.50 1.00', '-1.00 0.00']);
	assert.equal((await ask('staff')).status, 404);
});

test('what was recognised stays so when the federation issues another certificate', async () => {
	await bank.issue('t1', cohort, 'province');
	await bank.lines('t1', 8);
	assert.deepEqual((await sums()).slice(6), ['1.00 1.00', '-0.50 0.50']);
	assert.match(text(await bank.page('colleague', account)), /0\.5 credits of this certificate can be recognised\./);
});

test('what an institution recognises of its own certificates the federation countersigns', async () => {
	const own = (await ask('staff', { recogniser: 'Base', credits: '0.1' })).headers.location.split('?')[0];
	assert.match(text(await bank.page('colleague', own)), /issued the certificate itself, so the federation countersigns this/);
	assert.doesNotMatch((await bank.page('colleague', own)).text, /countersign"/);
	assert.doesNotMatch(text(await bank.page('colleague', '/')), /Credits of others to countersign/);
	const refused = await act('colleague', 'countersign', {}, own);
	assert.equal(refused.status, 403);
	assert.match(refused.text, /the federation countersigns this/);
	assert.match(text(await bank.page('province', '/')), /Credits of others to countersign.*t1: Nursing/);
	assert.equal((await act('province', 'countersign', {}, own)).status, 303);
	assert.deepEqual((await sums()).slice(8), ['-0.10 0.40']);
});

test('a first page shows a few of those that wait, and leads to all', async () => {
	const cards = (page) => [...page.text.matchAll(/href="\/credits\/transfers\//g)].length;
	for (let i = 1; i <= 8; i++) assert.equal((await ask('staff', { credits: '0.01', programme: `Nursing ${i}` })).status, 303);
	const home = await bank.page('college', '/');
	assert.equal(cards(home), 6);
	assert.match(home.text, /href="\/credits\/waiting"[^>]*>All credits to countersign</);
	const all = await bank.page('college', '/credits/waiting');
	assert.equal(cards(all), 8);
	assert.match(text(all), /t1: Nursing 1 .*t1: Nursing 8 /);
	assert.match(text(await bank.page('staff', '/credits/waiting')), /Nothing waits/);
	assert.equal((await bank.page('t1', '/credits/waiting')).status, 403);
});

test('each step is an entry; what moves the account names what it takes back', async () => {
	const { facts, bytes } = await bank.ledger('credit_transfer', 13);
	const of = (name) => facts.filter(({ kind }) => kind === name);
	assert.deepEqual(of('credit_transfer').map(({ asked_c, role }) => [asked_c, role]), [[50, 'staff'], [50, 'teacher'], [50, 'teacher'], [50, 'staff'], [10, 'staff'], ...Array(8).fill([1, 'staff'])]);
	assert.deepEqual(of('credit_transfer_countersign').map(({ credits_c, role }) => [credits_c, role]), [[-50, 'staff'], [50, 'staff'], [-50, 'reviewer'], [-10, 'reviewer']]);
	assert.deepEqual(of('credit_transfer_again').map(({ credits_c, role, ref }) => [credits_c, role, facts[ref].kind]), [[-50, undefined, 'credit_transfer_return']]);
	assert.deepEqual(of('credit_transfer_refusal').map(({ ref }) => facts[ref].kind), ['credit_transfer', 'credit_transfer']);
	assert.equal(facts[of('credit_transfer_countersign')[1].ref].credits_c, -50);
	const [request, server] = of('credit_transfer_return');
	assert.deepEqual([request.asked_c, facts[request.ref].credits_c], [50, -50]);
	assert.deepEqual([server.credits_c, server.role, facts[server.ref].credits_c], [50, undefined, -50]);
	for (const word of ['Nursing', 'Not our programme', 'wrong programme', bank.id('t1')]) assert.ok(!bytes.toString('latin1').includes(word), word);
});
