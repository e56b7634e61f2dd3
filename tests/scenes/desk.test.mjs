// The desk by HTTP: people, roles, places, the list of changes and the machine; who may see and do what.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Client, School, folder, makeCourse } from '../hours/lib/school.mjs';
import { pageOf, sendForm } from './lib/forms.mjs';

let school, other, files;
const page = (name, address) => pageOf(school.client(name), address);
const form = (name, at, fields, action) => sendForm(school.client(name), at, fields, action ?? (at === '/people/new' ? '/people' : at));
const json = (name, method, address, body) => school.client(name).ask(method, address, body, { 'Accept-Language': 'en' });
const names = async (name, query = '') => (await school.client(name).must('GET', `/api/v1/people${query}`)).items.map((item) => item.number);

before(async () => {
	files = folder('desk');
	school = await new School().start();
	await school.people(3);
	other = JSON.parse(school.command('institution', 'add', '--name', 'Other', '--region', '370200', '--region-name', 'Qingdao')).id;
	await school.account('admin', 'admin');
	await school.account('jinan', 'admin', ['--region', '370100']);
	await school.account('auditor', 'auditor', ['--region', '370100']);
	await school.account('far', 'staff', ['--institution', other]);
	await school.account('pupil', 'learner', ['--institution', school.institution]);
});

after(async () => {
	await school?.stop();
	if (files) rmSync(files, { recursive: true, force: true });
});

test('who runs the server sees everybody, the staff and the auditor those of their places', async () => {
	assert.deepEqual((await names('admin')).sort(), ['admin', 'auditor', 'far', 'jinan', 'pupil', 'staff', 't1', 't2', 't3']);
	assert.deepEqual((await names('staff')).sort(), ['pupil', 'staff']);
	assert.deepEqual((await names('auditor')).sort(), ['auditor', 'jinan', 'pupil', 'staff']);
	assert.deepEqual(await names('far'), ['far']);
	assert.equal((await json('pupil', 'GET', '/api/v1/people')).status, 403);
	assert.deepEqual(await names('admin', '?role=learner&place=370100'), ['pupil']);
	assert.deepEqual(await names('admin', '?q=PUPIL'), ['pupil']);
	assert.deepEqual(await names('far', '?q=pupil'), []);
});

test('a person of elsewhere is not there; an address that cannot be is told', async () => {
	const id = (name) => school.accounts[name].id;
	assert.deepEqual(await Promise.all([['staff', 'pupil'], ['far', 'pupil'], ['auditor', 'pupil'], ['auditor', 'far'], ['admin', 'far']].map(async ([who, whom]) => (await page(who, `/people/${id(whom)}`)).status)), [200, 404, 200, 404, 200]);
	assert.equal((await page('admin', '/people/x')).status, 404);
	for (const query of ['page=0', 'page=x', 'role=king', `q=${'x'.repeat(201)}`]) assert.equal((await json('admin', 'GET', `/api/v1/people?${query}`)).status, 400, query);
});

test('staff add a trainee of their own institution; nothing typed is lost, nothing happens twice', async () => {
	const wrong = await form('staff', '/people/new', { name: '王小明', number: '' });
	assert.equal(wrong.status, 422);
	assert.match(wrong.text, /value="王小明"/);
	assert.match(wrong.text, /id="number-error"[^]*Type the learner number/);
	const fields = { name: '王小明', number: '2026001' };
	const added = await form('staff', '/people/new', fields);
	assert.equal(added.status, 303);
	const again = await added.again();
	assert.deepEqual([again.status, again.headers.location], [303, added.headers.location]);
	assert.equal((await names('staff')).filter((number) => number === '2026001').length, 1);
	const taken = await form('staff', '/people/new', fields, '/people');
	assert.equal(taken.status, 422);
	assert.match(taken.text, /id="number-error"[^]*already/);
	const one = await page('staff', added.headers.location);
	assert.match(one.text, /2026001[^]*Trainee/);
	assert.match(one.text, /\/card"/);
	const person = await school.client('staff').must('GET', `/api/v1${added.headers.location.split('?')[0]}`);
	assert.deepEqual(person.grants.map((grant) => [grant.role, grant.place]), [['learner', school.institution]]);
	assert.deepEqual(await names('staff', `?q=${encodeURIComponent('小明')}`), ['2026001']);
	// what the form does not offer is refused as well
	assert.equal((await form('staff', '/people/new', { name: 'x', number: 'x1', place: other })).status, 422);
	const asked = await form('staff', '/people/new', { name: 'Y', number: 'y1', role: 'admin', place: school.institution });
	assert.equal(asked.status, 303);
	assert.deepEqual((await school.client('staff').must('GET', `/api/v1${asked.headers.location.split('?')[0]}`)).grants[0].role, 'learner');
});

test('many at once: what is wrong is told by line and nobody is added; then all are', async () => {
	const lines = '姓名,学号\n李一,3.7E+19\n,12\n张三,2026101\n李四\t2026101\n王五，2026001\n赵六';
	const wrong = await form('staff', '/people/many', { lines });
	assert.equal(wrong.status, 422);
	for (const told of [/Line 2: the number was changed to 3\.7E\+19/, /Line 3: the name is missing/, /Line 5: the number 2026101 stands/, /Line 6: somebody signs in with 2026001/, /Line 7: the learner number is missing/])
		assert.match(wrong.text, told);
	assert.match(wrong.text, /<textarea[^>]*>\s*姓名,学号/);
	assert.deepEqual(await names('staff', '?q=2026101'), []);
	const good = await form('staff', '/people/many', { lines: '张三,2026101\r\n"李四"\t2026102\r\n\r\n王五；2026103' });
	assert.equal(good.status, 303);
	assert.match((await page('staff', good.headers.location)).text, /3 people were added/);
	await good.again();
	for (const number of ['2026101', '2026102', '2026103']) assert.deepEqual(await names('staff', `?q=${number}`), [number]);
	assert.equal((await form('staff', '/people/many', { lines: '' })).status, 422);
	assert.equal((await form('staff', '/people/many', { lines: Array.from({ length: 301 }, (_, i) => `n,${i}x`).join('\n') })).status, 422);
});

test('who must sign in first comes back to the same list', async () => {
	const reply = await pageOf(new Client(school.origin), '/people?q=a%20b&role=learner');
	assert.deepEqual([reply.status, reply.headers.location], [303, '/signin?back=/people%3Fq%3Da%2520b%26role%3Dlearner']);
});

test('a role is given with a place and dates, within reach, and ended after a question', async () => {
	const id = school.accounts.t1.id, at = `/people/${id}`, give = `${at}/roles`;
	const until = { 'until-year': '2099', 'until-month': '6', 'until-day': '30' };
	for (const [fields, told] of [
		[{ role: '', place: '370100' }, /Choose a role/], [{ role: 'teacher', place: '' }, /Choose where/], [{ role: 'teacher', place: 'Nowhere' }, /no region or institution/],
		[{ role: 'teacher', place: 'all', 'until-year': '2026', 'until-month': '2', 'until-day': '30' }, /no such day/],
		[{ role: 'teacher', place: 'all', 'until-year': '2001', 'until-month': '1', 'until-day': '1' }, /lies before/], [{ role: 'learner', place: 'all' }, /already/],
	]) {
		const reply = await form('admin', at, fields, give);
		assert.equal(reply.status, 422, JSON.stringify(fields));
		assert.match(reply.text, told);
	}
	const given = await form('admin', at, { role: 'teacher', place: 'Jinan', ...until }, give);
	assert.deepEqual([given.status, given.headers.location], [303, `${at}?done=given`]);
	const grant = (await school.client('admin').must('GET', `/api/v1/people/${id}`)).grants.find((row) => row.role === 'teacher');
	assert.deepEqual([grant.place, grant.until], ['370100', Date.UTC(2099, 5, 30, 16)]); // the end of the day at home
	assert.match((await form('admin', at, { role: 'admin', place: 'all' }, give)).text, /moves or checks hours/);
	const question = await page('admin', `${at}/roles/${grant.id}`);
	assert.match(question.text, /End this role\?[^]*Teacher[^]*Jinan/);
	assert.equal((await form('admin', `${at}/roles/${grant.id}`, {}, `${at}/roles/${grant.id}/end`)).status, 303);
	assert.equal((await form('admin', at, {}, `${at}/roles/${grant.id}/end`)).status, 409);
	assert.equal((await page('admin', `${at}/roles/00000000-0000-7000-8000-000000000000`)).status, 404);
});

test('nobody gives or ends a role beyond her own reach, and somebody always runs the machine', async () => {
	const pupil = `/people/${school.accounts.pupil.id}`, far = `/people/${school.accounts.far.id}`;
	assert.match((await form('jinan', pupil, { role: 'author', place: 'Qingdao' }, `${pupil}/roles`)).text, /does not reach/);
	assert.match((await form('jinan', pupil, { role: 'author', place: 'all' }, `${pupil}/roles`)).text, /does not cover the whole server/);
	assert.equal((await form('jinan', pupil, { role: 'author', place: 'Base' }, `${pupil}/roles`)).status, 303);
	assert.equal((await page('jinan', far)).status, 404);
	const [own] = (await school.client('admin').must('GET', `/api/v1/people/${school.accounts.admin.id}`)).grants;
	const last = await form('admin', `/people/${school.accounts.admin.id}`, {}, `/people/${school.accounts.admin.id}/roles/${own.id}/end`);
	assert.equal(last.status, 409);
	assert.match(last.text, /Nobody would be left/);
	for (const name of ['admin', 'jinan']) {
		const mine = `/people/${school.accounts[name].id}`;
		assert.doesNotMatch((await page(name, mine)).text, /Give a role/);
		const given = await json(name, 'POST', `/api/v1${mine}/roles`, { role: 'auditor', place: 'all' });
		assert.equal(given.status, 403, given.text);
		assert.match(given.text, /Nobody gives a role to herself/);
	}
	const other = await json('admin', 'POST', `/api/v1/people/${school.accounts.jinan.id}/roles`, { role: 'auditor', place: 'all' });
	assert.equal(other.status, 409, other.text);
	assert.match(other.text, /moves or checks hours/);
	for (const name of ['staff', 'auditor', 'pupil']) assert.equal((await json(name, 'POST', `/api/v1${pupil}/roles`, { role: 'author', place: 'all' })).status, 403, name);
});

test('places: a tree that grows, names with their days, closed and open again', async () => {
	assert.match((await page('admin', '/places')).text, /Jinan[^]*Qingdao/);
	assert.equal((await form('admin', '/places', { code: '37 01', region_name: 'X' }, '/places/top/regions')).status, 422);
	assert.match((await form('admin', '/places', { code: '370100', region_name: 'X' }, '/places/top/regions')).text, /already/);
	assert.equal((await form('admin', '/places/370100', { code: '370102', region_name: 'Lixia' }, '/places/370100/regions')).status, 303);
	assert.equal((await form('admin', '/places/370102', { institution_name: 'School' }, '/places/370102/institutions')).status, 303);
	const [, school2] = /\/places\/([0-9a-f-]{36})">School/.exec((await page('admin', '/places/370102')).text);
	assert.match((await form('admin', `/places/${school2}`, { new_name: 'New School', 'named-year': '2199', 'named-month': '1', 'named-day': '1' }, `/places/${school2}/name`)).text, /still to come/);
	assert.equal((await form('admin', `/places/${school2}`, { new_name: 'New School' }, `/places/${school2}/name`)).status, 303);
	assert.match((await page('admin', `/places/${school2}`)).text, /<h1[^>]*>New School[^]*School, until/);
	assert.equal((await form('admin', `/places/${school2}`, {}, `/places/${school2}/close`)).status, 303);
	const pupil = `/people/${school.accounts.pupil.id}`;
	assert.match((await form('admin', pupil, { role: 'teacher', place: school2 }, `${pupil}/roles`)).text, /is closed/);
	assert.equal((await form('admin', `/places/${school2}`, {}, `/places/${school2}/open`)).status, 303);
	assert.equal((await form('admin', pupil, { role: 'teacher', place: school2 }, `${pupil}/roles`)).status, 303);
	assert.equal((await form('jinan', '/places/370100', { code: '370109', region_name: 'Y' }, '/places/top/regions')).status, 403);
	assert.equal((await page('staff', '/places')).status, 403);
});

test('every change is in the list, for who runs the server and for who checks it', async () => {
	const all = await school.client('admin').must('GET', '/api/v1/changes');
	for (let page = 2; all.items.length < all.total; page++) all.items.push(...(await school.client('admin').must('GET', `/api/v1/changes?page=${page}`)).items);
	const acts = all.items.map((item) => `${item.actor} ${item.act}`);
	for (const act of ['staff added this person, role: {role}', 'staff added {n} trainees at once', 'admin gave the role {role}', 'admin ended the role {role}', 'admin renamed {old_name} to {name}', 'admin closed this place', ' added this person, role: {role}'])
		assert.ok(acts.includes(act), `${act}\n${acts.join('\n')}`);
	const seen = await school.client('auditor').must('GET', '/api/v1/changes');
	assert.ok(seen.total > 0 && seen.total < all.total);
	const far = await school.client('admin').must('GET', `/api/v1/changes?about=${school.accounts.far.id}`);
	assert.deepEqual([far.total, (await school.client('auditor').must('GET', `/api/v1/changes?about=${school.accounts.far.id}`)).total], [1, 0]);
	assert.doesNotMatch(JSON.stringify(all.items), /secret|password/);
	assert.match((await page('auditor', '/changes')).text, /gave the role Author/);
	assert.deepEqual(await Promise.all(['staff', 'pupil'].map(async (name) => (await page(name, '/changes')).status)), [403, 403]);
});

test('the machine tells its state in words, to who runs it alone', async () => {
	const parts = ['', '/plugins', '/jobs', '/storage', '/backups', '/health', '/keys', '/log', '/log?level=info', '/jobs?state=failed'];
	for (const part of parts) {
		assert.equal((await page('admin', `/machine${part}`)).status, 200, part);
		assert.equal((await page('staff', `/machine${part}`)).status, 403, part);
	}
	assert.match((await page('admin', '/machine')).text, /This needs a look[^]*There is no backup yet/);
	school.command('backup');
	assert.match((await page('admin', '/machine')).text, /All is well\./);
	const health = (await page('admin', '/machine/health')).text; // what was refused above, such as the last administrator's role, is no fault
	assert.match(health, /All is well\.[^]*Changes refused since the start[^<]*<\/dt>\s*<dd>[1-9]\d*<[^]*Writes that failed since the start<\/dt>\s*<dd>0</);
	assert.match((await page('admin', '/machine/plugins')).text, /catalog[^]*Runs/);
	assert.match((await page('admin', '/machine/log?level=info')).text, /event=request/);
	const key = readFileSync(path.join(school.data, 'data', 'keys', 'master'), 'utf8').trim().split(' ')[1];
	const keys = (await page('admin', '/machine/keys')).text;
	assert.match(keys, /0 days, since/);
	assert.ok(!keys.includes(key) && !keys.includes(key.slice(0, 16)));
	assert.equal((await page('admin', '/machine/jobs?state=odd')).status, 400);
	assert.equal((await page('admin', '/machine/jobs/x')).status, 404);
});

test('a plugin that is set aside is told with its reason', async () => {
	const broken = await new School(undefined, '[curbcut]\nplugins = catalog credit video nothing\n').start();
	try {
		await broken.account('admin', 'admin');
		assert.match((await pageOf(broken.client('admin'), '/machine')).text, /nothing is set aside/);
		assert.match((await pageOf(broken.client('admin'), '/machine/plugins')).text, /nothing[^]*Set aside[^]*next start/);
	} finally {
		await broken.stop();
	}
});

test('classes and hours of a person are on her page, and the auditor reads them without forms', async () => {
	const course = await school.course(makeCourse(files, { units: 2, seconds: 120, hours: 0.04 }));
	const cohort = await school.cohort(course, { total: 0.1, offline: 0.06 }, ['pupil']);
	const pupil = `/people/${school.accounts.pupil.id}`, record = `/classes/${cohort}/trainees/${school.accounts.pupil.id}`;
	for (const name of ['staff', 'auditor']) assert.match((await page(name, pupil)).text, new RegExp(`${record}">Massage, beginners[^]*0 of 0.1 class hours`));
	assert.doesNotMatch((await page('admin', pupil)).text, /Massage, beginners/); // who runs the machine looks after no class
	for (const address of ['/classes', `/classes/${cohort}`, record]) {
		const seen = await page('auditor', address);
		assert.equal(seen.status, 200, address);
		assert.doesNotMatch(seen.text, /Open a class|Add to the roster|Take off/, address);
	}
	assert.equal((await json('auditor', 'POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't1' })).status, 403);
	const acts = (await school.client('auditor').must('GET', '/api/v1/changes')).items.map((item) => item.act);
	assert.ok(acts.includes('opened the class {name}') && acts.includes('put this person on the roster of {name}'));
});

test('each menu shows what its role may open', async () => {
	const menu = async (name) => [...(await page(name, '/account')).text.split('<nav')[1].split('</nav>')[0].matchAll(/href="([^"]+)"/g)].map((found) => found[1]);
	for (const name of ['admin', 'jinan', 'staff', 'auditor', 'pupil', 'far'])
		for (const address of await menu(name)) assert.ok((await page(name, address)).status < 400, `${name} ${address}`);
	for (const name of ['admin', 'staff', 'pupil']) assert.deepEqual((await menu(name)).slice(0, 2), ['/', '/courses'], name);
	assert.deepEqual((await menu('jinan')).filter((address) => /machine|people/.test(address)), ['/people']);
	assert.ok((await menu('admin')).includes('/machine') && !(await menu('staff')).includes('/machine') && (await menu('auditor')).includes('/changes') && !(await menu('pupil')).includes('/people'));
});

test('who runs the places of a region does not run the server', async () => {
	const routes = school.command('routes').trim().split('\n').map((line) => JSON.parse(line));
	const machine = routes.filter((route) => route.scope === 'machine' && route.method === 'GET');
	for (const address of ['/machine', '/machine/log', '/machine/jobs', '/accessibility/inbox']) assert.ok(machine.some((route) => route.path === address), address);
	for (const route of machine) {
		const seen = await page('jinan', route.path);
		assert.equal(seen.status, 403, route.path);
		assert.match(seen.text, /This is for administrators of the whole server/, route.path);
	}
	// jobs of others by their numbers, too
	const maker = await school.account('maker', 'author'), tus = { ...maker.client.headers, 'Tus-Resumable': '1.0.0' };
	const upload = (await fetch(`${school.origin}/files`, { method: 'POST', headers: { ...tus, 'Upload-Length': '4' } })).headers.get('location');
	await fetch(new URL(upload, school.origin), { method: 'PATCH', headers: { ...tus, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }, body: 'none' });
	const { job } = await maker.client.must('POST', '/api/v1/imports', { upload: upload.split('/').pop() });
	assert.deepEqual(await Promise.all(['admin', 'jinan'].map(async (name) => (await json(name, 'GET', `/api/v1/jobs/${job}`)).status)), [200, 404]);
	assert.equal((await json('jinan', 'DELETE', `/api/v1/jobs/${job}`)).status, 404);
	for (const address of ['/people', '/places', '/places/370100', '/changes']) assert.equal((await page('jinan', address)).status, 200, address);
	// also where a region has no institution yet
	assert.equal((await form('admin', '/places/370100', { code: '370199', region_name: 'Far county' }, '/places/370100/regions')).status, 303);
	await school.account('empty', 'admin', ['--region', '370199']);
	assert.equal((await page('empty', '/places')).status, 200);
	assert.equal((await page('empty', '/machine')).status, 403);
	const home = (await page('jinan', '/')).text;
	assert.doesNotMatch(home, /\/machine/);
	assert.match(home, /href="\/places"/);
	assert.doesNotMatch((await page('jinan', '/help')).text, /Running the machine/);
	assert.match((await page('admin', '/help')).text, /<h2[^>]*>Running the machine/);
});

test('who looks after a region sees its places, not those of others', async () => {
	const mine = (await page('jinan', '/places')).text, all = (await page('admin', '/places')).text;
	const listed = (text) => [...text.split('<main')[1].matchAll(/href="\/places\/([^"]+)"/g)].map((found) => found[1]);
	assert.deepEqual(listed(mine), ['370100']);
	assert.doesNotMatch(mine, /Add the region|Running the machine/);
	assert.match(all, /Add the region/);
	const others = listed(all).filter((id) => id !== '370100');
	assert.ok(others.length >= 1);
	for (const id of others) assert.equal((await page('jinan', `/places/${id}`)).status, 404, id);
	// the region above hers has a name there, and no link
	assert.equal((await page('empty', '/places/370100')).status, 404);
	assert.match((await page('jinan', '/places/370199')).text, /href="\/places\/370100"/);
	const below = (await page('empty', '/places/370199')).text;
	assert.match(below, /Jinan/);
	assert.doesNotMatch(below, /href="\/places\/370100"/);
});

test('one who asks control.sock and then says nothing keeps nobody else waiting', async () => {
	const silent = net.connect(path.join(school.data, 'data', 'control.sock'));
	let ended = false;
	silent.once('close', () => { ended = true; }).resume();
	await once(silent, 'connect');
	await school.account('beside', 'learner');
	assert.equal(ended, false); // the server would have hung up on it first
	silent.destroy();
});

test('a crash leaves no core, and metrics are told on this machine', async () => {
	const limits = readFileSync(`/proc/${school.child.pid}/task/${school.child.pid}/children`, 'utf8').trim().split(' ').map((pid) => readFileSync(`/proc/${pid}/limits`, 'utf8'));
	for (const text of limits) assert.match(text, /Max core file size\s+0\s+0/);
	assert.equal((await new Client(school.origin).ask('GET', '/metrics')).status, 200);
});
