// kill -9 of the server and of the worker at random points of an import: afterwards the course is wholly there or wholly not, and
// behind the next start nothing lies about that no course needs. KILLS=n: another number; SEED=n: the same points again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { House } from '../ingest/lib/house.mjs';
import { course, films } from '../ingest/lib/films.mjs';
import { zip } from '../ingest/lib/zip.mjs';
import { dice } from '../hours/lib/dice.mjs';
import { program } from '../hours/lib/school.mjs';

const KILLS = Number(process.env.KILLS ?? 50), SEED = Number(process.env.SEED ?? Date.now() % 1e6);
let house, film, blobs_of_one, took_ms;

before(async () => {
	({ film } = films());
	house = await House.open();
	for (const first of [-1, 0]) { // what all have in common comes with the first
		const started = Date.now(), before = blobs().length, { job } = await begin(first);
		assert.equal((await house.job('author', job)).result.state, 'draft');
		took_ms = Date.now() - started;
		blobs_of_one = blobs().length - before;
	}
	assert.ok(blobs_of_one >= 3, blobs().join('\n'));
});
after(() => house?.close());

const blobs = () => house.left().filter((name) => name.startsWith('blobs/'));
const rest = () => house.left().filter((name) => /^(blobs\/tmp|uploads|spool)\//.test(name));
async function drafts() {
	const found = new Set();
	for (let page = 1, more = true; more; page++) {
		const { text } = await house.client('author').ask('GET', `/drafts?own=draft&page=${page}`, undefined, { Accept: 'text/html' }), before = found.size;
		for (const [address] of text.matchAll(/\/courses\/[0-9a-f-]{36}/g)) found.add(address);
		more = found.size > before;
	}
	return found.size;
}

// Each package has bytes of its own, so that what is left of it is seen: the last ones of its media, and its captions.
function packed(round) {
	const bytes = Buffer.from(film), mdat = bytes.indexOf('mdat') - 4;
	bytes.writeInt32LE(round, mdat + bytes.readUInt32BE(mdat) - 8);
	return zip([{ name: 'course.json', bytes: course({ name: `Course ${round}`, units: [{ id: 'u1', name: 'One', kind: 'video', src: 'film.mp4', hours: 0.01,
		tracks: [{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }] }] }) }, { name: 'film.mp4', bytes },
	{ name: 'film.srt', bytes: Buffer.from(`1\n00:00:01,000 --> 00:00:03,000\n你好 ${round}\n`) }]);
}
async function begin(round) {
	const address = await house.uploads('author').whole(packed(round), `${round}.zip`);
	return house.client('author').must('POST', '/api/v1/imports', { upload: address.split('/').pop() });
}
async function awake() {
	for (const late = Date.now() + 20000; Date.now() < late; await pause(5)) {
		const reply = await fetch(`${house.origin}/healthz`).catch(() => null);
		if (reply?.status === 200) return;
	}
	throw new Error(`the server did not come back:\n${house.log}`);
}
const sound = () => spawnSync(program, ['doctor', '--data', house.folder], { encoding: 'utf8', timeout: 60000 });

const WORKER = 2, workers = () => house.below().filter(({ name }) => name === 'worker').map(({ pid }) => pid);
async function workerIsThere() {
	for (const late = Date.now() + took_ms; Date.now() < late && !workers().length;) await pause(1);
}

// The three deaths in turn: the supervisor and all below it, as a power cut ends them; the server, which its supervisor brings back; the worker.
const deaths = [
	async () => { await house.cut(); await house.again(); },
	async () => { process.kill(house.serverPid(), 'SIGKILL'); await pause(1); await awake(); },
	async () => { for (const pid of workers()) try { process.kill(pid, 'SIGKILL'); } catch { /* it has ended */ } },
];

test(`${KILLS} times kill -9 in the middle of an import leaves a whole course or none, and nothing else`, async () => {
	const below = dice(SEED), came = { draft: 0, refused: 0 };
	console.log(`# SEED=${SEED}, an import takes ${took_ms} ms`);
	for (let round = 1; round <= KILLS; round++) {
		const courses = await drafts(), before = blobs().length;
		const point = below(Math.ceil(took_ms * 1.2)), which = round % deaths.length, { job } = await begin(round);
		if (which === WORKER) await workerIsThere();
		await pause(which === WORKER ? point / 3 : point);
		await deaths[which]();
		const ended = await house.job('author', job), where = `SEED=${SEED}, round ${round}, death ${which} at ${point} ms: ${JSON.stringify(ended)}`;
		assert.equal(ended.state, 'done', where);
		const made = ended.result.state === 'draft' ? 1 : 0;
		if (!made) assert.deepEqual([which, ended.result.findings.filter(({ severity }) => severity === 'refused').map(({ code }) => code)], [WORKER, ['worker.stopped']], where); // notes that it told before it died are kept
		came[ended.result.state]++;
		assert.equal(await drafts(), courses + made, where);
		assert.equal(blobs().length, before + made * blobs_of_one, where);
		assert.deepEqual(rest(), [], where);
	}
	console.log(`# ${JSON.stringify(came)}`);
	assert.ok(came.draft > 0 && came.refused > 0, `SEED=${SEED}: ${JSON.stringify(came)}`);
	const asked = sound();
	assert.match(asked.stdout, /Nothing is damaged/, asked.stdout + asked.stderr);
});
