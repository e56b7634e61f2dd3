// Single bits that a disk changes by itself, anywhere in the database, in courses' files and in an export of the ledger: each is
// found, by `curbcut doctor` or by `curbcut ledger verify`. FLIPS=n flips another number of them, SEED=n others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, openSync, readFileSync, readSync, readdirSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { Clock } from '../hours/lib/clock.mjs';
import { dice } from '../hours/lib/dice.mjs';
import { School, folder, makeCourse, program } from '../hours/lib/school.mjs';

const FLIPS = Number(process.env.FLIPS ?? 16), SEED = Number(process.env.SEED ?? Date.now() % 1000000);
const roll = dice(SEED);
let clock, school, files, data, exported;

before(async () => {
	clock = new Clock();
	files = folder('flips');
	school = await new School(clock).start();
	data = path.join(school.data, 'data');
	await school.people(3);
	const course = await school.course(makeCourse(files, { units: 2, seconds: 600, hours: 0.2 }));
	const cohort = await school.cohort(course, { total: 1, offline: 0.6 }, ['t1', 't2', 't3']);
	for (const name of ['t1', 't2', 't3'])
		for (const unit of course.units) {
			const { play, media } = await school.client(name).must('POST', '/api/v1/plays', { unit: unit.id, cohort });
			await school.fetchMedia(name, media);
			for (let seq = 0; seq < 50; seq++) {
				clock.pass(4);
				await school.client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq, played: [[seq * 5, seq * 5 + 4]], rate: 1, position: seq * 5 });
			}
		}
	exported = path.join(files, 'exported');
	const made = run('ledger', 'export', '--data', data, exported);
	assert.equal(made.status, 0, made.stderr);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const run = (...args) => spawnSync(program, args, { encoding: 'utf8', timeout: 60000 });
const doctor = () => run('doctor', '--data', data);
const verify = () => run('ledger', 'verify', '--key', path.join(exported, 'key'), exported);
const below = (top) => readdirSync(top, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => path.join(one.parentPath ?? one.path, one.name)).sort();

function turn(file, bit) {
	chmodSync(file, 0o600);
	const fd = openSync(file, 'r+'), byte = Buffer.alloc(1);
	readSync(fd, byte, 0, 1, bit >> 3);
	byte[0] ^= 1 << (bit & 7);
	writeSync(fd, byte, 0, 1, bit >> 3);
	closeSync(fd);
}

// `n` bits of these files, one at a time; `look` must say that something is wrong, and what.
function flip(n, list, look, wording) {
	for (let i = 0; i < n; i++) {
		const file = list[roll(list.length)], bit = roll(statSync(file).size * 8);
		turn(file, bit);
		const said = look();
		turn(file, bit);
		assert.equal(said.status, 1, `seed ${SEED}, flip ${i}: bit ${bit} of ${file} was not found\n${said.stdout}${said.stderr}`);
		assert.match(said.stdout + said.stderr, wording, `seed ${SEED}, flip ${i}: bit ${bit} of ${file}`);
	}
}

test('a sound folder is told to be sound, while a server runs there or not', async () => {
	const wanted = [/^sound +All \d+ pages of the database are as they were written$/m, /^sound +The master key can be read$/m,
		/^sound +The ledger's key can be read$/m, /^sound +All \d+ files of courses are as they came$/m,
		/^sound +The database's trees and references are whole$/m, /^sound +All 30\d entries of the ledger are as they were signed$/m,
		/^sound +The sums of online and attended hours are those of the entries$/m, /^sound +Every file that a course names is there$/m, /^Nothing is damaged$/m];
	for (let running = 1; running >= 0; running--) {
		const said = doctor();
		assert.equal(said.status, 0, said.stdout + said.stderr);
		for (const line of wanted) assert.match(said.stdout, line);
		if (running) {
			flip(Math.ceil(FLIPS / 8), below(path.join(data, 'blobs')), doctor, /^damaged The file blobs\/.{67} was changed\n +Import the course again/m);
			flip(1, [path.join(data, 'ledger/checkpoint')], doctor, /^damaged the file of the last checkpoint is not as it was signed$/m);
			school.child.kill('SIGTERM');
			assert.equal(await school.ended, 0);
		}
	}
});

const everything = () => Object.fromEntries(below(data).filter((file) => !/-(wal|shm)$/.test(file)).map((file) => [path.relative(data, file), createHash('sha256').update(readFileSync(file)).digest('hex')]));

test('the doctor leaves a folder as it is, also one that was cut off from its server or has lost keys', async () => {
	const before = everything();
	assert.equal(doctor().status, 0);
	assert.deepEqual(everything(), before);
	for (const [away, told] of [[['keys/ledger', 'ledger'], /^damaged the ledger's key .*keys\/ledger is not there$/m], [['keys/master'], /^damaged .*keys\/master/m]]) {
		for (const name of away) renameSync(path.join(data, name), path.join(files, name.replace('/', '-')));
		const said = doctor();
		assert.equal(said.status, 1, said.stdout);
		assert.match(said.stdout, told);
		assert.match(said.stdout, /^note +Entries and sums were not looked at: a key is missing or damaged$/m);
		for (const name of away) {
			assert.ok(!existsSync(path.join(data, name)), name);
			renameSync(path.join(files, name.replace('/', '-')), path.join(data, name));
		}
	}
	assert.deepEqual(everything(), before);
});

test('a key of the ledger that was garbled, or is of another ledger, is told', () => {
	const file = path.join(data, 'keys/ledger'), line = readFileSync(file, 'utf8'), last = line.trimEnd().at(-1);
	for (const [wrong, told] of [[line.slice(0, 20), /^damaged keys\/ledger is not a key/m], [line.replace(/.(\s*)$/, `${last === '0' ? '1' : '0'}$1`), /^damaged The ledger's key and its last checkpoint, .* do not belong together$/m]]) {
		writeFileSync(file, wrong);
		assert.match(doctor().stdout, told);
		writeFileSync(file, line);
	}
	assert.equal(doctor().status, 0);
});

test(`${FLIPS} single bits are found, wherever they are (seed ${SEED})`, () => {
	flip(Math.floor(FLIPS / 2), [path.join(data, 'curbcut.db')], doctor, /^damaged page \d+ of the database is not as it was written\n +Stop the server/m);
	flip(Math.floor(FLIPS / 8), [path.join(data, 'ledger/checkpoint')], doctor, /^damaged The ledger has entries, but its last checkpoint/m);
	flip(Math.ceil(FLIPS / 4), below(exported).filter((file) => !file.endsWith('/key')), verify, /./);
	assert.match(doctor().stdout, /Nothing is damaged/);
	assert.equal(verify().status, 0);
});
