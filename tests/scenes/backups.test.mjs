// Backups by their doors: made while hours are counted, restored elsewhere and served, cut off, asked for on the page.
// Threads meet: copies are made beside the writer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Clock } from '../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse, program } from '../hours/lib/school.mjs';
import { pageOf, sendForm } from './lib/forms.mjs';

const TRAINEES = ['t1', 't2', 't3'], MEDIA_S = 2700;
let clock, school, files, course, cohort, play;

before(async () => {
	clock = new Clock();
	files = folder('backups');
	school = await new School(clock).start();
	await school.people(TRAINEES.length);
	await school.account('admin', 'admin');
	await school.account('jinan', 'admin', ['--region', '370100']);
	course = await school.course(makeCourse(files, { units: 8, seconds: MEDIA_S, hours: 1 }));
	cohort = await school.cohort(course, { total: 20, offline: 12 }, TRAINEES);
	play = {};
	for (const name of TRAINEES) {
		const opened = await school.client(name).must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
		await school.client(name).ask('GET', opened.media.progressive);
		play[name] = { id: opened.play, at: 0 };
	}
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const data = () => path.join(school.data, 'data');
const page = (name, address) => pageOf(school.client(name), address);
const run = (...args) => spawnSync(program, args, { encoding: 'utf8', timeout: 60000 });
// A folder for backups has to be there.
function place(name) {
	const to = path.join(files, name);
	mkdirSync(to);
	return to;
}
const whole = (to) => readdirSync(to).filter((name) => /^\d{4}-.*Z$/.test(name)).sort();

// A command that goes on while the test does something else.
function begin(...args) {
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
	const told = { out: '', error: '' };
	child.stdout.on('data', (chunk) => { told.out += chunk; });
	child.stderr.on('data', (chunk) => { told.error += chunk; });
	return once(child, 'close').then(([code]) => ({ code, ...told }));
}

// Every blob below a data folder with its bytes.
function blobs(data) {
	const all = {};
	for (const two of readdirSync(path.join(data, 'blobs')))
		for (const name of readdirSync(path.join(data, 'blobs', two))) all[name] = readFileSync(path.join(data, 'blobs', two, name)).toString('base64');
	return all;
}

async function beat(name) {
	const one = play[name];
	clock.pass(1);
	const answer = await school.client(name).ask('POST', `/api/v1/plays/${one.id}/beats`, { seq: one.at, played: [[one.at, one.at + 1]], rate: 1, position: one.at + 1 });
	assert.equal(answer.status, 200);
	one.at++;
}

const counted = async (client) => (await client.must('GET', '/api/v1/trainees/me/record')).cohorts[0].online_s;

test('a backup is made while hours are counted; restored and served elsewhere it has all that was acknowledged before', async () => {
	const to = place('far');
	for (const name of TRAINEES) for (let i = 0; i < 5; i++) await beat(name);
	const acked = Object.fromEntries(TRAINEES.map((name) => [name, play[name].at]));
	let made;
	const making = begin('backup', '--data', data(), to).then((done) => { made = done; });
	while (!made) await Promise.all(TRAINEES.map(beat));
	await making;
	assert.equal(made.code, 0, made.error);
	const told = JSON.parse(made.out);
	assert.deepEqual([whole(to), told.folder], [[told.backup], to]);
	assert.match(made.error, /key is not in the backup/);
	assert.ok(!existsSync(path.join(to, 'keys')) && !existsSync(path.join(to, told.backup, 'keys')));
	const key = readFileSync(path.join(data(), 'keys', 'master'), 'utf8').trim().split(' ')[1];
	for (const name of readdirSync(path.join(to, told.backup))) assert.ok(!readFileSync(path.join(to, told.backup, name)).includes(key), name);

	const other = new School(clock), there = path.join(other.data, 'data');
	try {
		const back = run('restore', to, there);
		assert.equal(back.status, 0, back.stderr);
		assert.match(back.stderr, /keys/);
		assert.deepEqual(blobs(there), blobs(data()));
		const mute = run('serve', '--data', there, '--listen', '127.0.0.1:0');
		assert.equal(mute.status, 78, 'without the key it does not serve');
		assert.match(mute.stderr, /keys\/master is not: put it back/);
		mkdirSync(path.join(there, 'keys'), { mode: 0o700 });
		writeFileSync(path.join(there, 'keys', 'master'), `1 ${'ab'.repeat(32)}\n`, { mode: 0o600 });
		const wrong = run('serve', '--data', there, '--listen', '127.0.0.1:0');
		assert.equal(wrong.status, 78, 'with the key of another server it does not serve');
		assert.match(wrong.stderr, /not the one that this database is encrypted with/);
		cpSync(path.join(data(), 'keys'), path.join(there, 'keys'), { recursive: true });
		chmodSync(path.join(there, 'keys'), 0o700);
		await other.start();
		for (const name of TRAINEES) {
			const old = new Client(other.origin, school.client(name).headers.Authorization.slice(7));
			assert.equal((await old.ask('GET', '/api/v1/trainees/me/record')).status, 401, 'nobody is signed in there');
			const { token } = await old.must('POST', '/api/v1/session', { name, password: `secret-${name}` }, { Authorization: '' });
			const seconds = await counted(new Client(other.origin, token));
			assert.ok(seconds >= acked[name] && seconds <= play[name].at, `${name}: ${seconds} there, ${acked[name]} acknowledged before, ${play[name].at} sent`);
			assert.equal(await counted(school.client(name)), play[name].at);
		}
		assert.deepEqual((await new Client(other.origin).must('GET', `/api/v1/courses/${course.course}`)).units, course.units);
	} finally {
		await other.stop();
	}
});

test('a command says what is wrong, and a flipped bit is found', async () => {
	const to = path.join(files, 'far'), [name] = whole(to);
	const inside = run('backup', '--data', data(), path.join(data(), 'blobs'));
	assert.equal(inside.status, 1);
	assert.match(inside.stderr, /outside of the data folder/);
	assert.match(run('backup', '--data', data(), path.join(files, 'no', 'such')).stderr, /is not there: make it first/);
	assert.match(run('restore', to, files).stderr, /not an empty folder/);
	assert.match(run('restore', files, path.join(files, 'new')).stderr, /no whole backup/);
	assert.equal(run('restore', to).status, 2);
	const two = readdirSync(path.join(to, 'blobs')).find((two) => two !== 'tmp'), sha256 = readdirSync(path.join(to, 'blobs', two))[0];
	const file = path.join(to, 'blobs', two, sha256), right = readFileSync(file), wrong = Buffer.from(right);
	wrong[wrong.length >> 1] ^= 1;
	chmodSync(file, 0o600);
	writeFileSync(file, wrong);
	const found = run('restore', to, path.join(files, 'new'));
	assert.equal(found.status, 1);
	assert.match(found.stderr, new RegExp(`"damaged":"${sha256}"`));
	assert.match(found.stderr, /missing or damaged: 1\. curbcut restore --without-damaged goes on/);
	const into = path.join(files, 'a "whole" one'), without = run('restore', '--without-damaged', to, into);
	assert.equal(without.status, 0, without.stderr);
	assert.match(without.stderr, new RegExp(`"damaged":"${sha256}"[^]*Import these courses again`));
	const all = Object.keys(blobs(data())).length;
	assert.deepEqual(JSON.parse(without.stdout), { backup: name, folder: into, blobs: all - 1, left_out: 1, key_id: 1 });
	assert.deepEqual(Object.keys(blobs(into)).sort(), Object.keys(blobs(data())).filter((one) => one !== sha256).sort());
	rmSync(file);
	assert.match(run('restore', to, path.join(files, 'new')).stderr, new RegExp(`"missing":"${sha256}"`));
	assert.equal(run('restore', '--with-damaged', to, path.join(files, 'new')).status, 2);
	writeFileSync(file, right);
	const database = path.join(to, name, 'curbcut.db'), bytes = readFileSync(database);
	bytes[bytes.length >> 1] ^= 1;
	writeFileSync(database, bytes);
	assert.match(run('restore', to, path.join(files, 'new')).stderr, /"damaged":"curbcut.db"/);
	assert.ok(!existsSync(path.join(files, 'new')) && !existsSync(path.join(files, 'new.restoring')));
});

test('kill -9 in the middle leaves the last whole backup, and the next one works', async () => {
	const to = place('cut');
	assert.equal(run('backup', '--data', data(), to).status, 0);
	const first = whole(to);
	let cut = 0;
	for (const goal of ['.making', '.making/curbcut.db', '.making/blobs']) {
		let ended = false;
		const making = begin('backup', '--data', data(), to).then(() => { ended = true; });
		while (!ended && !existsSync(path.join(to, goal))) await new Promise(setImmediate);
		cut += !ended;
		await school.cut();
		await making;
		assert.ok(whole(to).includes(first[0]));
		for (const name of whole(to)) assert.equal(JSON.parse(readFileSync(path.join(to, name, 'manifest.json'))).format, 1);
		await school.start();
		for (const account of Object.values(school.accounts)) account.client.origin = school.origin;
	}
	assert.ok(cut > 0, 'one at least was cut off while it went on');
	assert.equal(run('backup', '--data', data(), to).status, 0);
	assert.ok(!existsSync(path.join(to, '.making')));
	const back = path.join(files, 'behind');
	assert.equal(run('restore', to, back).status, 0);
	assert.deepEqual(blobs(back), blobs(data()));
});

test('a data folder that lies still is backed up too', async () => {
	const still = path.join(files, 'still'), to = place('still-to');
	assert.equal(spawnSync(program, ['user', 'add', '--data', still, '--name', 'admin', '--role', 'admin'], { input: 'secret-admin\n' }).status, 0);
	const made = run('backup', '--data', still, to);
	assert.equal(made.status, 0, made.stderr);
	assert.deepEqual(whole(to), [JSON.parse(made.stdout).backup]);
});

// Until the job behind the page has ended.
async function settled() {
	for (const late = Date.now() + 30000; Date.now() < late;) {
		const { text } = await page('admin', '/machine/backups');
		if (!/A backup is being made/.test(text)) return text;
		assert.match(/aria-valuetext="([^"]*)"/.exec(text)[1], /^([A-Z][a-z ]+, )?\d+ of 100$/); // where it is never hides how far
		assert.match(text, /<a [^>]*href="\/machine\/backups\?done=asked">See whether it is done/);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	throw new Error(`the backup does not end:\n${school.log}`);
}

test('the page asks for one, shows it, and warns when the newest is too old', async () => {
	for (const [name, status] of [['admin', 200], ['jinan', 403], ['staff', 403], ['t1', 403]]) assert.equal((await page(name, '/machine/backups')).status, status, name);
	assert.match((await page('admin', '/machine/backups')).text, /There is no backup yet\. Press Make a backup now[^]*class="notice warn"[^>]*><p>The folder of the backups is on the disk of the server[^]*<form[^]*No backups[^]*Keep a copy of the folder keys/);
	assert.doesNotMatch((await page('admin', '/machine/backups')).text, /see Backups|Backups: 0/);
	assert.match((await page('admin', '/machine/health')).text, /There is no backup yet; see Backups/);
	const asked = await sendForm(school.client('admin'), '/machine/backups', {}, '/machine/backups');
	assert.deepEqual([asked.status, asked.headers.location], [303, '/machine/backups?done=asked']);
	assert.equal((await asked.again()).status, 303); // the same form twice is one backup
	assert.match(await settled(), /Backups: 1<[^]*Yes, when it was made/);
	const after = await page('admin', '/machine/backups?done=asked'); // as it stands when the page is loaded again
	assert.match(after.text, /class="notice good"[^>]*><p>The backup is done: /);
	assert.doesNotMatch(after.text, /A backup is made now/);
	const [name, ...more] = whole(path.join(data(), 'backups'));
	assert.deepEqual(more, []);
	assert.match(after.text, new RegExp(`<td[^>]*>[^]*${name}[^]*</table>`)); // the folder by its name, as it stands on the disk
	const broken = path.join(data(), 'backups', '2001-02-03T04-05-06.789Z');
	mkdirSync(broken);
	assert.match((await page('admin', '/machine/backups')).text, /Backups: 1<[^]*<\/table>[^]*These are damaged and cannot be read[^]*<li>2001-02-03T04-05-06\.789Z</);
	rmSync(broken, { recursive: true });
	const chinese = await school.client('admin').ask('GET', '/machine/backups', undefined, { Accept: 'text/html', 'Accept-Language': 'zh-CN' });
	assert.ok(chinese.text.includes(`<code>curbcut restore ${path.join(data(), 'backups', name)} 新文件夹</code>`));
	assert.ok((await page('admin', '/machine/backups')).text.includes(`<code>curbcut restore ${path.join(data(), 'backups', name)} NEW</code>`));
	assert.match((await page('admin', '/machine')).text, /All is well\.[^]*The newest: /);
	assert.match((await page('admin', '/changes')).text, /asked for a backup/);
	clock.pass(2 * 86400 + 3600);
	await school.account('late', 'admin'); // the session of the other has ended
	assert.match((await page('late', '/machine/health')).text, /The newest backup is of/);
});

test('what went wrong stands on the page, and its job can be tried again', async () => {
	const stuck = path.join(data(), 'backups');
	rmSync(stuck, { recursive: true });
	writeFileSync(stuck, 'not a folder');
	school.accounts.admin = school.accounts.late;
	assert.equal((await sendForm(school.client('admin'), '/machine/backups', {}, '/machine/backups')).status, 303);
	const text = await settled();
	assert.match(text, /The last backup failed[^]*is not a folder[^]*The job, to try it again/);
	assert.doesNotMatch((await page('admin', '/machine/backups?done=asked')).text, /class="notice (good|status)"/);
	const [failed] = /\/machine\/jobs\/[0-9a-f-]+/.exec(text);
	assert.match((await page('admin', failed)).text, /<h1[^>]*>Job: Making a backup<[^]*Has failed/);
	assert.match((await school.client('admin').ask('GET', failed, undefined, { Accept: 'text/html', 'Accept-Language': 'zh-CN' })).text, /<h1[^>]*>任务：备份<[^]*没有成功/);
	for (const address of ['/machine/backups', failed]) {
		const { text } = await school.client('admin').ask('GET', address, undefined, { Accept: 'text/html', 'Accept-Language': 'zh-CN' });
		assert.ok(text.includes(`${stuck} 不是文件夹`), `${address}\n${text}`); // in the language of who reads it
	}
	rmSync(stuck);
	mkdirSync(stuck);
	const job = /\/machine\/jobs\/[0-9a-f-]+/.exec(text)[0];
	assert.equal((await sendForm(school.client('admin'), job, {}, `${job}/retry`)).status, 303);
	assert.match(await settled(), /Backups: 1</);
});

test('the command on the page holds for a folder with blanks and quotes in its name', async () => {
	const to = path.join(files, "it's here"), other = new School(clock, `backups = ${to}\n`);
	mkdirSync(to);
	try {
		await other.start();
		const { client } = await other.account('admin', 'admin');
		assert.equal(run('backup', '--data', path.join(other.data, 'data'), '--config', path.join(other.data, 'curbcut.ini')).status, 0);
		const shown = /<code>(curbcut restore [^<]*) NEW<\/code>/.exec((await pageOf(client, '/machine/backups')).text)[1].replaceAll('&#39;', "'").replaceAll('&apos;', "'");
		assert.equal(shown, `curbcut restore '${path.join(to, whole(to)[0]).replaceAll("'", "'\\''")}'`);
	} finally {
		await other.stop();
	}
});
