// beats: 200 trainees at once over HTTP, each beat durable before its answer, against a plain program that commits the
// same statements one at a time; then both with 2 ms more an fsync.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from './servers.mjs';
import { AT_LESSONS, readText } from './material.mjs';
import { compare, figure, here, inTurn, median, start } from './tools.mjs';

const ROUNDS = 5;
const SECONDS = 3;

const plain = (source) => source.replace(/"\s*\n\s*"/g, '').replace(/\s+/g, ' ');

// The peer's statements are those of the plugin, word for word.
function checkStatements() {
	const plugin = plain(readText(path.join(here, '../../plugins/credit/store_play.c')));
	const literals = plain(readText(path.join(here, 'peer_sql.h'))).match(/"(SELECT|UPDATE|INSERT)[^"]*"/g);
	for (const sql of literals) if (!plugin.includes(sql)) throw new Error(`tests/bench/peer_sql.h has a statement that a beat has not: ${sql}`);
	if (literals.length !== 5) throw new Error('tests/bench/peer_sql.h must have the five statements of a beat');
}

// Seconds that the first trainee's record says were granted.
async function granted({ server, trainees, cohort }) {
	const [{ id, token }] = trainees;
	const { cohorts } = await new Client(server.origin, token).json('GET', `/api/v1/trainees/${id}/record`);
	return cohorts.find((row) => row.cohort === cohort).online_s;
}

async function rounds({ school, tools, folder, state }, env) {
	const { server, trainees, database } = school;
	const plays = trainees.slice(0, AT_LESSONS).map(({ token, play }) => `${token} ${play}\n`).join('');
	const copy = path.join(folder, 'peer.db');
	copyFileSync(database, copy);
	const next = [state.next, state.next];
	const one = (i, args) => async () => {
		const { ended } = start(path.join(tools, args[0]), [String(args[1]), String(SECONDS), String(next[i])], { input: plays, env: i ? env : process.env });
		const result = JSON.parse((await ended).stdout);
		next[i] = result.next;
		return result;
	};
	await server.start(env);
	const before = await granted(school);
	const found = await inTurn(ROUNDS, one(0, ['bench_beats', server.port]), one(1, ['bench_peer', copy]));
	const after = await granted(school);
	await server.stop();
	state.next = next[0];
	const mine = found.reduce((sum, [ours]) => sum + ours.acked, 0) / AT_LESSONS;
	if (after - before < mine / 2) throw new Error(`about ${mine} beats a trainee were acknowledged, ${after - before} s counted`);
	return found;
}

export async function beats(bench) {
	checkStatements();
	const state = { next: 0 };
	const found = await rounds({ ...bench, state }, process.env);
	const rate = (pair) => pair.map((r) => r.acked / r.s);
	compare('beats', 'beats/s', found.map(rate));
	compare('beats_p99', 'ms', found.map((pair) => pair.map((r) => r.p99_us / 1e3)));
	figure('beats_max', Math.max(...found.map(([ours]) => ours.max_us)) / 1e3, 'ms');
	const slow = await rounds({ ...bench, state }, { ...process.env, LD_PRELOAD: path.join(bench.tools, 'bench_slow_sync.so') });
	compare('beats_fsync2ms', 'beats/s', slow.map(rate));
	figure('beats_fsync2ms_p99', median(slow.map(([ours]) => ours.p99_us / 1e3)), 'ms');
}
