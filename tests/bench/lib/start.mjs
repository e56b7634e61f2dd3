// start: from the start of the process to the first 200 of /healthz, resident memory of supervisor and server idle, and
// with 1,000 players that each fetch 256 KB every 4 s.
import path from 'node:path';
import { figure, median, sleep, start } from './tools.mjs';

const ROUNDS = 5, PLAYER_ROUNDS = 3;
const PLAYERS = 1000, EVERY_S = 4, SECONDS = 12, BYTES = 256 * 1024;

// A line a fetch, all players' first ones, all players' second ones…
function fetches({ picture, trainees }) {
	const lines = [];
	for (let n = 0; n < SECONDS / EVERY_S + 1; n++)
		for (let i = 0; i < PLAYERS; i++) {
			const from = (i * 65537) % (picture.size - 8 * BYTES) + n * BYTES;
			lines.push(`${picture.address} ${trainees[i].token} ${from}-${from + BYTES - 1}`);
		}
	return lines.join('\n');
}

async function withPlayers({ school, tools }) {
	const { server } = school;
	await server.start();
	let most = 0;
	const look = setInterval(() => { most = Math.max(most, server.residentMb()); }, 200);
	try {
		const { ended } = start(path.join(tools, 'bench_paced'), [String(server.port), String(PLAYERS), String(PLAYERS / EVERY_S), String(SECONDS)], { input: fetches(school) });
		const { first_p99_us: first } = JSON.parse((await ended).stdout);
		return { most: Math.max(most, server.residentMb()), first: first / 1e3 };
	} finally {
		clearInterval(look);
		await server.stop();
	}
}

export async function starting(bench) {
	const { server } = bench.school;
	const ms = [], idle = [], players = [];
	for (let round = 0; round < ROUNDS; round++) {
		ms.push(await server.start());
		await sleep(1500);
		idle.push(server.residentMb());
		await server.stop();
	}
	for (let round = 0; round < PLAYER_ROUNDS; round++) players.push(await withPlayers(bench));
	figure('start', median(ms), 'ms');
	figure('start_idle', median(idle), 'MB');
	figure('start_1000_players', median(players.map(({ most }) => most)), 'MB');
	figure('start_1000_players_p99', median(players.map(({ first }) => first)), 'ms');
}
