// Beats while a system call that writes fails, or ends the server: at each such call of a run of beats and of the stop behind them.
// No second that was acknowledged is lost, none is there twice, the doctor finds nothing. KIND=EIO, ENOSPC or SIGKILL; POINTS=n takes
// so many of the calls, spread by SEED, instead of all.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Clock } from '../hours/lib/clock.mjs';
import { dice } from '../hours/lib/dice.mjs';
import { Client, School, folder, makeCourse } from '../hours/lib/school.mjs';

const KINDS = (process.env.KIND ?? 'EIO SIGKILL').split(' '), POINTS = Number(process.env.POINTS ?? 0), SEED = Number(process.env.SEED ?? Date.now() % 1000000);
const BEATS = 3, MEDIA_S = 2700;
// "write" and "openat" are asked of the checkpoint alone: all else that they are used for writes nothing that lasts.
const CALLS = ['pwrite64', 'fdatasync', 'fsync', 'ftruncate', 'rename', 'unlink', 'write', 'openat'];
// What else could write, make, name or lose something in the folder; that none of these is called there is looked at, too.
const OTHERS = 'pwritev,pwritev2,writev,fallocate,truncate,msync,sync_file_range,syncfs,sync,link,linkat,symlink,symlinkat,renameat,renameat2,unlinkat,mkdir,mkdirat,rmdir,creat,mknodat,copy_file_range,sendfile,splice,io_uring_enter,io_submit'.split(',');
let clock, school, course, files, cohort, play, acked = 0, sent = 0;

before(async () => {
	clock = new Clock();
	files = folder('syscalls');
	school = await new School(clock).start();
	await school.people(1);
	course = await school.course(makeCourse(files, { units: 1, seconds: MEDIA_S, hours: 1 }));
	cohort = await school.cohort(course, { total: 2.5, offline: 1.5 }, ['t1']);
	play = await school.client('t1').must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
	await school.fetchMedia('t1', play.media);
	school.child.kill('SIGTERM'); // what was made so far goes into the database's file: the runs that are counted are alike
	await school.ended;
	await look('the first start');
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// strace on all threads of the server; resolves when it looks.
async function watch(trace, call, inject) {
	const args = ['-f', '-y', '-o', trace, '-e', `trace=${call}`, '-p', String(school.serverPid())];
	if (['write', 'openat'].includes(call)) args.push('-P', path.join(school.data, 'data/ledger/checkpoint.new'));
	if (inject) args.push('-e', `inject=${call}:${inject}`);
	const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	await new Promise((resolve, reject) => {
		child.stderr.on('data', (bytes) => { said += bytes; if (/attached/.test(said)) resolve(); });
		child.once('exit', () => reject(new Error(`strace: ${said}`)));
		child.once('error', reject);
	});
	return { ended: new Promise((resolve) => child.once('exit', resolve)) };
}

// A few beats and the stop; what got no answer is sent again by the next run, as it was.
async function run(trace, call, inject) {
	const client = school.client('t1');
	const watched = await watch(trace, call, inject);
	for (let i = 0; i < BEATS; i++) {
		clock.pass(1);
		sent = Math.max(sent, acked + 1);
		const answer = await client.ask('POST', `/api/v1/plays/${play.play}/beats`, { seq: acked, played: [[acked, acked + 1]], rate: 1, position: acked + 1 }).catch(() => null);
		if (answer?.status !== 200) break;
		acked++;
	}
	school.child.kill('SIGTERM');
	const late = setTimeout(() => school.child.kill('SIGKILL'), 5000);
	await school.ended;
	clearTimeout(late);
	await watched.ended;
}

async function look(what) {
	await school.start();
	school.accounts.t1.client = new Client(school.origin, school.client('t1').headers.Authorization.slice(7));
	const { cohorts: [mine] } = await school.client('t1').must('GET', '/api/v1/trainees/me/record');
	assert.ok(mine.online_s >= acked && mine.online_s <= sent, `${what}: ${mine.online_s} there, ${acked} acknowledged, ${sent} sent`);
	assert.equal(mine.lines.reduce((sum, line) => sum + line.granted_s, 0), mine.online_s, what);
	assert.match(school.command('doctor'), /^Nothing is damaged$/m, what); // fails when it finds something
	acked = mine.online_s; // what was counted without an answer is not sent again
}

// Calls of these on something in the folder, by name or by what a number stands for; fdatasync, which is tried, must be among what is seen.
async function otherCalls() {
	const trace = path.join(files, 'trace'), data = path.join(school.data, 'data');
	await run(trace, [...OTHERS, 'fdatasync'].join(','));
	const found = readFileSync(trace, 'utf8').split('\n').filter((line) => /^\d+ +(sync|syncfs|io_\w+)\(/.test(line) || (/^\d+ +\w+\(/.test(line) && line.includes(data)));
	await look('watching the others');
	assert.ok(found.some((line) => line.includes('fdatasync(')), 'not even fdatasync was seen: this test is blind');
	return found.filter((line) => !line.includes('fdatasync('));
}

// How often a thread calls each, at most.
async function countCalls() {
	const counts = {};
	for (const call of CALLS) {
		const trace = path.join(files, 'trace');
		await run(trace, call);
		const threads = new Map();
		for (const [, thread] of readFileSync(trace, 'utf8').matchAll(new RegExp(`^(\\d+) +${call}\\(`, 'gm'))) threads.set(thread, (threads.get(thread) ?? 0) + 1);
		counts[call] = Math.max(0, ...threads.values());
		await look(`watching ${call}`);
	}
	return counts;
}

test(`${KINDS.join(', ')} at the calls that write loses nothing (seed ${SEED})`, async () => {
	assert.deepEqual(await otherCalls(), [], 'a call that writes and is not tried');
	const counts = await countCalls(), roll = dice(SEED);
	let points = KINDS.flatMap((kind) => Object.entries(counts).flatMap(([call, n]) => Array.from({ length: n }, (_, i) => ({ kind, call, n: i + 1 }))));
	for (const call of ['pwrite64', 'fdatasync', 'fsync', 'rename', 'write', 'openat']) assert.ok(counts[call] > 0, `no ${call} was seen: this test is blind`);
	if (POINTS) points = Array.from({ length: POINTS }, () => points[roll(points.length)]);
	console.log(`# ${JSON.stringify(counts)}`);
	const met = new Set();
	let hit = 0;
	for (const { kind, call, n } of points) {
		const trace = path.join(files, 'trace');
		await run(trace, call, `${kind.startsWith('SIG') ? 'signal' : 'error'}=${kind}:when=${n}`);
		if (/\(INJECTED\)|killed by SIGKILL/.test(readFileSync(trace, 'utf8'))) {
			hit++;
			met.add(call);
		}
		await look(`${kind} at ${call} ${n}`);
	}
	assert.ok(hit >= points.length * 0.7, `${hit} of ${points.length} calls were met`); // runs differ by a few pages
	if (!POINTS) for (const call of Object.keys(counts)) assert.ok(met.has(call) || counts[call] === 0, `no ${call} was met`);
	console.log(`# ${points.length} points, ${hit} met: ${JSON.stringify(counts)}`);
});
