// beats: 200 trainees at once over HTTP, each beat durable before its answer, against a plain program that commits the
// same statements one at a time; then both with 2 ms more an fsync.
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from './servers.mjs';
import { AT_LESSONS, readText } from './material.mjs';
import { compare, figure, here, inTurn, median, start } from './tools.mjs';

const ROUNDS = 5;
const SECONDS = 3;

// An entry as a plain row, as it was kept before there was a ledger: the peer has no tree to write.
const ENTRY = `INSERT INTO credit_entry (kind, at_ms, day, person, cohort, unit, version, play, seq, played_s, granted_s, again_s, share_s, hours_s, clock_s, undelivered_s, actor) VALUES ('online', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $3)`;

// The statements of a beat as the plugin has them, a line each: the peer runs the same.
function statementsOfABeat() {
	const source = readText(path.join(here, '../../plugins/credit/store_play.c'));
	return ['play_in_class', 'play_save_in_class', 'coverage_save', 'trainee_grant', 'entry', 'day_add'].map((name) => {
		if (name === 'entry') return `${ENTRY}\n`;
		const found = new RegExp(`int credit_${name}\\(struct credit [^;]*?sql\\[\\] =\\s*("[^;]*");`).exec(source);
		if (!found) throw new Error(`plugins/credit/store_play.c has no statement in credit_${name}`);
		return `${found[1].replace(/"\s*"/g, '').replace(/^"|"$/g, '')}\n`;
	}).join('');
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
	const copy = path.join(folder, 'peer.db'), statements = path.join(folder, 'statements');
	writeFileSync(statements, statementsOfABeat());
	copyFileSync(database, copy);
	const next = [state.next, state.next];
	const one = (i, tool, on, ...more) => async () => {
		const { ended } = start(path.join(tools, tool), [String(on), String(SECONDS), String(next[i]), ...more], { input: plays, env: i ? env : process.env });
		const result = JSON.parse((await ended).stdout);
		next[i] = result.next;
		return result;
	};
	await server.start(env);
	const before = await granted(school);
	const found = await inTurn(ROUNDS, one(0, 'bench_beats', server.port), one(1, 'bench_peer', copy, statements));
	const after = await granted(school);
	await server.stop();
	state.next = next[0];
	const mine = found.reduce((sum, [ours]) => sum + ours.acked, 0) / AT_LESSONS;
	if (after - before < mine / 2) throw new Error(`about ${mine} beats a trainee were acknowledged, ${after - before} s counted`);
	return found;
}

export async function beats(bench) {
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
