// record: the pages that say why hours count, of a trainee with 10,000 days and 10,000 entries in a class, against those of one with
// 100: how long they take must not follow from how much she has learned.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from './servers.mjs';
import { compare, inTurn, run, start, wrk } from './tools.mjs';

const MANY = 10000, FEW = 100, ROUNDS = 3;
const HOW = { threads: 2, connections: 64, seconds: 2 };
const LINES = 25, ENTRIES = 50; // on a page

// Entries as they come to be: beats over HTTP, also of what was played before, by a play for each time through the film.
async function learn({ school, tools }, trainee, entries) {
	const { server, film, cohort, filmSeconds } = school, client = new Client(server.origin, trainee.token);
	for (let done = 0; done < entries;) {
		const { play, media } = await client.json('POST', '/api/v1/plays', { unit: film.unit, cohort });
		await client.ask('GET', media.progressive);
		const last = Math.min(filmSeconds, entries - done);
		for (let next = 0; next < last;) {
			const { ended } = start(path.join(tools, 'bench_beats'), [String(server.port), '1', String(next), String(last)], { input: `${trainee.token} ${play}\n` });
			({ next } = JSON.parse((await ended).stdout));
		}
		done += last;
	}
}

async function enroll({ server, cohort }, trainee) {
	await new Client(server.origin, await server.token('staff')).json('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: trainee.id });
}

// Another page each time.
function addresses(folder, name, trainee, page, pages) {
	const file = path.join(folder, `${name}.addresses`);
	writeFileSync(file, Array.from({ length: 2000 }, () => `${page}${1 + Math.floor(Math.random() * pages)} ${trainee.token}\n`).join(''));
	return file;
}

export async function record(bench) {
	const { school, tools, folder } = bench, { server, trainees, cohort, film, database, lessons } = school;
	const [much, little] = [{ ...trainees[lessons], of: MANY }, { ...trainees[lessons + 1], of: FEW }];
	await server.start();
	for (const one of [much, little]) {
		await enroll(school, one);
		await learn(bench, one, one.of);
	}
	await server.stop();
	for (const one of [much, little]) run(path.join(tools, 'bench_fill'), [database, 'days', one.id, cohort, film.unit, String(one.of)]);
	await server.start();
	const kinds = { record: [`/record?class=${cohort}&page=`, LINES], record_entries: [`/record/entries?class=${cohort}&page=`, ENTRIES] };
	for (const [name, [page, rows]] of Object.entries(kinds)) {
		const asked = (one) => addresses(folder, `${name}-${one.of}`, one, page, Math.floor(one.of / rows));
		const under = (one) => () => wrk(tools, server.pids(), server.port, 'pages.lua', [asked(one)], HOW);
		const rounds = await inTurn(ROUNDS, under(much), under(little));
		compare(`${name}_p99`, 'ms', rounds.map((pair) => pair.map((r) => r.p99_us / 1e3)));
		compare(`${name}_rate`, 'pages/s', rounds.map((pair) => pair.map((r) => r.requests / r.s)));
	}
	await server.stop();
}
