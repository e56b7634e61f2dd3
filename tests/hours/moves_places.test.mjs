// Trainees who move, on the pages of who decides: by place, in pages, and however many wait elsewhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';

const MANY = 205, PAGE = 30;
let clock, school, course, files, there, receiver;

before(async () => {
	clock = new Clock();
	files = folder('places');
	school = await new School(clock).start();
	const add = (name, region, regionName) => JSON.parse(school.command('institution', 'add', '--name', name, '--region', region, '--region-name', regionName)).id;
	school.institution = add('Base of Jinan', '370100', 'Jinan');
	there = add('Base of Fuzhou', '350100', 'Fuzhou');
	receiver = add('Base of Qingdao', '370200', 'Qingdao');
	for (const [name, place] of [['staff', school.institution], ['staff2', school.institution], ['far', there], ['near', receiver]]) await school.account(name, 'staff', ['--institution', place]);
	for (const [name, region] of [['elsewhere', '350100'], ['qingdao', '370200'], ['jinan', '370100']]) await school.account(name, 'reviewer', ['--region', region]);
	for (const name of ['t1', 'f1']) await school.account(name, 'learner');
	course = await school.course(makeCourse(files, { units: 1, seconds: 40, hours: 0.01 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name) => new Visitor(school.origin, { lang: 'en', token: school.client(name).headers.Authorization.slice(7) });
const text = (reply) => reply.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const cards = (reply) => [...reply.text.matchAll(/href="\/moves\/([0-9a-f-]{36})"/g)].map(([, id]) => id);
const open = async (name, institution) => (await school.client(name).must('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 24, offline: 24 }), institution })).id;

// Somebody is in a class of her own, and is to leave it.
async function ask(name, institution, trainee, more = {}) {
	const cohort = await open(name, institution);
	await school.client(name).must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee });
	clock.pass(1);
	return (await school.client(name).must('POST', '/api/v1/moves', { kind: 'leave', trainee: school.accounts[trainee].id, cohort, reason: 'She moves away', ...more })).id;
}

test('what waits is found however many wait elsewhere', async () => {
	const far = [];
	for (let i = 0; i < MANY; i++) far.push(await ask('far', there, 'f1'));
	const own = await ask('staff', school.institution, 't1');
	for (const name of ['staff2', 'jinan']) {
		assert.match(text(await visitor(name).get('/')), /Trainees who move, to countersign Withdraw from the class: t1/, name);
		assert.deepEqual(cards(await visitor(name).get('/moves')), [own], name);
	}
	assert.deepEqual(cards(await visitor('staff').get('/moves')), [own]);
	assert.doesNotMatch(text(await visitor('staff').get('/')), /to countersign Withdraw/, 'her own is for another');

	const pages = Math.ceil(MANY / PAGE), seen = [];
	for (let page = 1; page <= pages; page++) {
		const reply = await visitor('elsewhere').get(`/moves?open=${page}`);
		assert.match(text(reply), new RegExp(`Page ${page} of ${pages}`));
		seen.push(...cards(reply));
	}
	assert.deepEqual(seen, far, 'each once, the first in front');
	assert.equal(cards(await visitor('far').get('/')).length, 0, 'who asked for all of them decides none');
	assert.deepEqual(cards(await visitor('elsewhere').get('/')), far.slice(0, 6));
});

test('what was decided has pages of its own, and waits no more', async () => {
	const waiting = cards(await visitor('elsewhere').get('/moves?open=1')), done = waiting.slice(0, 3);
	for (const id of done) {
		clock.pass(1);
		await school.client('elsewhere').must('POST', `/api/v1/moves/${id}/decision`, { decision: 'agree', words: '' });
	}
	const page = await visitor('elsewhere').get('/moves'), [left, decided] = page.text.split('id="decided"').map((part) => cards({ text: part }));
	assert.equal(left[0], waiting[3]);
	assert.deepEqual(decided, [...done].reverse());
	assert.match(text(page), new RegExp(`Page 1 of ${Math.ceil((MANY - 3) / PAGE)}`));
});

test('to another institution: both see it, once each, and the one that receives decides', async () => {
	const target = await open('near', receiver), id = await ask('staff', school.institution, 't1', { kind: 'transfer', to: target });
	for (const name of ['staff2', 'jinan', 'near', 'qingdao']) assert.equal(cards(await visitor(name).get('/moves')).filter((one) => one === id).length, 1, name);
	for (const [name, n] of [['near', 1], ['qingdao', 0], ['staff2', 0], ['jinan', 0], ['far', 0]]) assert.equal(cards(await visitor(name).get('/')).filter((one) => one === id).length, n, name);
	await school.account('province', 'reviewer');
	const all = [];
	for (let page = 1; page <= Math.ceil((MANY + 2) / PAGE); page++) all.push(...cards(await visitor('province').get(`/moves?open=${page}&decided=9`)));
	assert.equal(all.filter((one) => one === id).length, 1);
	assert.equal(new Set(all).size, MANY - 3 + 2);
});
