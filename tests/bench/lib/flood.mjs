// flood_p99: pages while somebody tries passwords 10,000 times a minute, against the same pages of the same server left
// alone. Who tries is a program of its own that takes no processor from the server or from who measures.
import path from 'node:path';
import { Browser } from '../../signin/lib/browser.mjs';
import { compare, inTurn, say, sleep, start } from './tools.mjs';

const ROUNDS = 3;
const PER_SECOND = Math.ceil(10000 / 60), GUESSERS = 32;
const UNDER_WAY_MS = 1000; // its connections are made, the places for hashes are taken
const PACED = ['16', '300', '4']; // connections, pages a second, seconds

// Tries at names there are and names there are not, until what it gives is called; each try is answered before that ends.
async function flood({ server }, tools) {
	const browser = new Browser(server.origin);
	const { name, password, ...hidden } = (await browser.get('/signin')).fields('/signin', ['name', 'password']);
	const cookies = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
	const { child, ended } = start(path.join(tools, 'bench_guess'), [server.port, GUESSERS, PER_SECOND].map(String), { input: `${cookies}\n${new URLSearchParams(hidden)}\n`, open: true });
	await sleep(UNDER_WAY_MS);
	return async (seconds) => {
		child.stdin.end();
		const { tries, s, late, statuses } = JSON.parse((await ended).stdout);
		const told = `${tries} tries in ${s} s: ${Object.entries(statuses).map((pair) => pair.join(' ')).join(', ')}`;
		if (late || s < seconds || tries < s * PER_SECOND * 0.99 || !statuses[401]) throw new Error(`this was no flood: ${told}, ${late} late`);
		say(told);
	};
}

export async function flooded({ school, tools }) {
	const { server, courses, trainees } = school;
	await server.start();
	const pages = ['/signin -', `/ ${trainees[0].token}`, `/courses/${courses[0]} ${trainees[0].token}`].map((page) => `${page} -\n`).join('');
	const paced = async () => JSON.parse((await start(path.join(tools, 'bench_paced'), [String(server.port), ...PACED], { input: pages }).ended).stdout);
	const attacked = async () => {
		const end = await flood(school, tools);
		const found = await paced();
		await end(found.s);
		return found;
	};
	const rounds = await inTurn(ROUNDS, attacked, paced);
	compare('flood_p99', 'ms', rounds.map((pair) => pair.map((found) => found.p99_us / 1e3)));
	await server.stop();
}
