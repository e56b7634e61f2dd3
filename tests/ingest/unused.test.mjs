// Files that nothing needs are removed while the server goes on: beside imports of the same bytes, through kill -9, and told to who runs it.
// Threads meet: a job that removes beside those that bring.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { House } from './lib/house.mjs';
import { course, films } from './lib/films.mjs';
import { zip } from './lib/zip.mjs';
import { dice } from '../hours/lib/dice.mjs';
import { program } from '../hours/lib/school.mjs';

let house, good, needed;

before(async () => {
	const { film } = films();
	good = zip([{ name: 'course.json', bytes: course() }, { name: 'film.mp4', bytes: film }]);
	house = await House.open();
	await house.account('admin', 'admin');
	const job = await house.bring('author', good, 'a.zip');
	assert.equal(job.result.state, 'draft', JSON.stringify(job));
	needed = blobs();
	assert.ok(needed.length >= 1);
});
after(() => house?.close());

const blobs = () => house.left().filter((name) => name.startsWith('blobs/'));
// While others come and go, so that they cannot all be listed.
const isThere = (line) => existsSync(path.join(house.folder, line.split(' ')[0]));
// Left by nobody we know; the clock of the house is months ahead of the disk's, so a week has passed for them.
function leave(n, what) {
	for (let i = 0; i < n; i++) {
		const bytes = `${what} ${i}`, name = createHash('sha256').update(bytes).digest('hex'), folder = path.join(house.folder, 'blobs', name.slice(0, 2));
		mkdirSync(folder, { recursive: true });
		writeFileSync(path.join(folder, name), bytes, { mode: 0o440 });
	}
}
const english = { Accept: 'text/html', 'Accept-Language': 'en' };
const storage = async () => (await house.client('admin').ask('GET', '/machine/storage', undefined, english)).text.replace(/\s+/g, ' ');
function sound() {
	const asked = spawnSync(program, ['doctor', '--data', house.folder], { encoding: 'utf8', timeout: 60000 });
	assert.match(asked.stdout, /Nothing is damaged/, asked.stdout + asked.stderr);
}

// The look of later, now: whoever runs the machine stops the one that waits and has it tried again. What it came to, once it has ended.
async function look() {
	const admin = house.client('admin'), waits = /href="(\/machine\/jobs\/[0-9a-f-]{36})">Removing files that nothing needs/;
	let address;
	for (const late = Date.now() + 20000; !address; await pause(5)) { // behind a kill -9 it may run at once
		address = waits.exec((await admin.ask('GET', '/machine/jobs?state=waiting', undefined, english)).text)?.[1];
		assert.ok(address || Date.now() < late, 'none waits');
	}
	for (const what of ['cancel', 'retry']) assert.equal((await admin.raw('POST', `${address}/${what}`, '')).status, 204);
	const job = await house.job('admin', address.split('/').pop());
	assert.equal(job.state, 'done', JSON.stringify(job));
	return { ...job.result, address };
}

test('they are removed, the pages and the log say how many, and what a course needs is there', async () => {
	assert.match(await storage(), /Last looked for them<\/dt> *<dd>(<a [^>]*>)?Not yet/);
	leave(70, 'left');
	const { address, ...told } = await look();
	assert.deepEqual(told, { removed: 70, removed_bytes: 480, waiting: 0, waiting_bytes: 0 });
	assert.deepEqual(blobs(), needed);
	assert.match(await storage(), /70 files, about 1 MB/);
	assert.match(house.log, /unused_blobs removed=70 bytes=480 waiting=0 busy=no/);
	assert.match((await house.client('admin').ask('GET', address, undefined, english)).text.replace(/\s+/g, ' '), /Removed<\/dt> *<dd>70 files, about 1 MB/);
	sound();
});

test('beside imports of bytes that are there already nothing goes that a course needs', async () => {
	let bringing = 2;
	const imports = ['author', 'other'].map(async (name) => {
		for (let i = 0; i < 4; i++) {
			const job = await house.bring(name, good, `${i}.zip`);
			assert.equal(job.result?.state, 'draft', JSON.stringify(job));
		}
		bringing--;
	});
	const looks = (async () => {
		for (let round = 0; bringing; round++) {
			leave(20, `beside ${round}`);
			await look();
			assert.ok(needed.every(isThere));
		}
	})();
	await Promise.all([...imports, looks]);
	await look();
	assert.deepEqual(blobs(), needed);
	sound();
});

test('kill -9 in the middle of it: the next start goes on, and each course is whole', async () => {
	const seed = Number(process.env.SEED ?? Date.now() % 1e6), below = dice(seed);
	console.log(`# SEED=${seed}`);
	for (let round = 0; round < 6; round++) {
		leave(500, `cut ${round}`);
		const looking = look().catch(() => null);
		await pause(20 + below(100));
		await house.cut();
		await looking;
		await house.again();
		assert.ok(needed.every(isThere), `SEED=${seed}, round ${round}`);
	}
	await look();
	assert.deepEqual(blobs(), needed, `SEED=${seed}`);
	sound();
});
