// Power cuts: what the server wrote while beats were acknowledged is replayed up to any moment, and what was not synced by then is
// lost in part. Whatever state that leaves, a server that starts on it has every second that was acknowledged, once, and every entry
// that was signed. A server whose database commits with synchronous=NORMAL is watched and replayed in the same way, and must lose
// seconds that it had acknowledged: else this test would see nothing. STATES=n replays so many, SEED=n others.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Clock } from '../hours/lib/clock.mjs';
import { dice } from '../hours/lib/dice.mjs';
import { School, folder, makeCourse } from '../hours/lib/school.mjs';
import { Disk, readTrace } from './lib/disk.mjs';

const STATES = Number(process.env.STATES ?? 200), SEED = Number(process.env.SEED ?? Date.now() % 1000000), BEATS = Number(process.env.BEATS ?? 60);
const LOG = 'curbcut.db-wal', FILES = ['curbcut.db', LOG, 'ledger/checkpoint', 'ledger/checkpoint.new'], CALLS = 'pwrite64,write,fdatasync,fsync,ftruncate,rename,unlink,openat';
const fast = existsSync('/dev/shm') ? '/dev/shm' : tmpdir(); // nothing here needs to last
const now = () => (performance.timeOrigin + performance.now()) / 1000;

// Beats of one trainee, and all that the server wrote meanwhile: what was there `first`, the `events` behind it, which seconds were
// acknowledged when, and the entries of the `base`. `env` is for the server.
async function record(name, env = {}) {
	const clock = new Clock(), files = folder(name), school = new School(clock, 'checkpoint_s = 1\n');
	school.env = env;
	try {
		await school.start();
		await school.people(1);
		const course = await school.course(makeCourse(files, { units: 1, seconds: 600, hours: 0.2 }));
		const cohort = await school.cohort(course, { total: 0.5, offline: 0.3 }, ['t1']);
		const { play, media } = await school.client('t1').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
		await school.fetchMedia('t1', media);
		const data = path.join(school.data, 'data'), trace = path.join(files, 'trace');
		const watched = await watch(school, trace, data);
		const first = new Map(FILES.filter((one) => existsSync(path.join(data, one))).map((one) => [one, readFileSync(path.join(data, one))]));
		const acks = [{ at: 0, there: 0 }];
		for (let i = 0; i < BEATS; i++) {
			clock.pass(1);
			const { added_s: added } = await school.client('t1').must('POST', `/api/v1/plays/${play}/beats`, { seq: i, played: [[i, i + 1]], rate: 1, position: i + 1 });
			acks.push({ at: now(), there: acks.at(-1).there + (added ?? 1) });
		}
		school.child.kill('SIGTERM');
		assert.equal(await school.ended, 0);
		await watched.ended;
		assert.equal(acks.at(-1).there, BEATS);
		return { first, events: readTrace(trace, data), acks, base: await entriesOf(first) };
	} finally {
		await school.stop();
		clock.close();
		rmSync(files, { recursive: true, force: true });
	}
}

async function watch(school, trace, data) {
	const of = [...FILES, 'ledger', ''].flatMap((name) => ['-P', path.join(data, name)]);
	const child = spawn('strace', ['-f', '-ttt', '-y', '-x', '-s', '200000', '-o', trace, '-e', `trace=${CALLS}`, ...of, '-p', String(school.serverPid())], { stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	await new Promise((resolve, reject) => {
		child.stderr.on('data', (bytes) => { said += bytes; if (/attached/.test(said)) resolve(); });
		child.once('exit', () => reject(new Error(`strace: ${said}`)));
		child.once('error', reject);
	});
	return { ended: new Promise((resolve) => child.once('exit', resolve)) };
}

// A process that opens what it is told and says what is there.
function opener() {
	const child = spawn(process.env.REOPEN, { stdio: ['pipe', 'pipe', 'ignore'] }), lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	return {
		async open(where) {
			child.stdin.write(`${where}\n`);
			const { value, done } = await lines.next();
			if (done) throw new Error('it ended while it opened a database');
			return JSON.parse(value);
		},
		end: () => child.stdin.end(),
	};
}

const signedSize = (bytes) => (bytes?.length ? Number(bytes.toString().split('\n')[1]) : 0);

// How many there are: of the class, say, before the first beat.
async function entriesOf(first) {
	const reopen = opener(), at = mkdtempSync(path.join(fast, 'curbcut-power-'));
	for (const [name, bytes] of first) if (!name.includes('/')) writeFileSync(path.join(at, name), bytes);
	const { entries } = await reopen.open(at);
	reopen.end();
	rmSync(at, { recursive: true, force: true });
	return entries;
}

// Replays `states` crashes of what was recorded: {lost, wrong} counts those that miss acknowledged seconds, or fail otherwise.
async function replay({ first, events: list, acks, base }, states, seed) {
	const roll = dice(seed), at = mkdtempSync(path.join(fast, 'curbcut-power-')), reopen = opener(), result = { lost: 0, wrong: [], at: new Set() };
	const points = Array.from({ length: states }, () => roll(list.length + 1)).sort((a, b) => a - b), disk = new Disk(first);
	let done = 0;
	for (const point of points) {
		for (; done < point; done++) disk.apply(list[done]);
		const state = disk.crash(roll), time = point < list.length ? list[point].at : Infinity;
		rmSync(at, { recursive: true, force: true });
		mkdirSync(path.join(at, 'ledger'), { recursive: true });
		for (const [name, bytes] of state) writeFileSync(path.join(at, name), bytes);
		const there = await reopen.open(at), acked = acks.filter((one) => one.at < time).at(-1).there;
		const entries = there.entries - base;
		if (there.error || there.online !== there.days || there.online !== entries || there.online > BEATS) result.wrong.push({ point, ...there });
		else if (there.online < acked || there.entries < signedSize(state.get('ledger/checkpoint'))) result.lost++;
		result.at.add(acked);
	}
	reopen.end();
	rmSync(at, { recursive: true, force: true });
	return result;
}

const syncs = (events, file) => events.filter((one) => one.kind === 'sync' && one.file === file).length;

test(`${STATES} power cuts lose nothing that was acknowledged (seed ${SEED})`, async () => {
	const recorded = await record('power');
	for (const kind of ['write', 'sync', 'rename']) assert.ok(recorded.events.some((one) => one.kind === kind), `no ${kind} was seen`);
	assert.ok(syncs(recorded.events, LOG) >= BEATS, 'the log is synced for each beat');
	const { lost, wrong, at: moments } = await replay(recorded, STATES, SEED);
	assert.deepEqual(wrong.slice(0, 3), []);
	assert.equal(lost, 0);
	assert.ok(moments.size > BEATS / 4, `only ${moments.size} moments were looked at`);
});

test('a server that commits with synchronous=NORMAL loses seconds, and is seen to', async () => {
	const states = Math.min(STATES, 500), recorded = await record('normal', { LD_PRELOAD: process.env.NORMAL });
	assert.ok(syncs(recorded.events, LOG) < BEATS, 'it did not run with NORMAL');
	const { lost, wrong } = await replay(recorded, states, SEED);
	assert.deepEqual(wrong.slice(0, 3), []); // what is there is whole: it is older than what was acknowledged
	assert.ok(lost > 0, 'nothing was lost: this test is blind');
	console.log(`# ${lost} of ${states} states lose seconds then; the log was synced ${syncs(recorded.events, LOG)} times for ${BEATS} beats`);
});
