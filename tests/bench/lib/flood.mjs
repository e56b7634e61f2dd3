// flood_p99: pages while somebody tries passwords 10,000 times a minute, against the same pages of the same server left
// alone.
import path from 'node:path';
import { Browser } from '../../signin/lib/browser.mjs';
import { compare, inTurn, start } from './tools.mjs';

const ROUNDS = 3;
const PER_SECOND = 10000 / 60;
const PACED = ['16', '300', '4']; // connections, pages a second, seconds

// Tries at names there are and names there are not, until what it gives is called; each try is answered before that ends.
async function flood({ server }) {
	const attacker = new Browser(server.origin), form = await attacker.get('/signin');
	const under = new Set(), from = performance.now();
	let sent = 0, guessed = false;
	const more = setInterval(() => {
		for (; sent < ((performance.now() - from) / 1000) * PER_SECOND; sent++) {
			const one = attacker.send(form, '/signin', { name: sent % 3 ? `nobody${sent}` : 'staff', password: `guess ${sent}` })
				.then((page) => { guessed ||= ![401, 429, 503].includes(page.status); })
				.finally(() => under.delete(one));
			under.add(one);
		}
	}, 3);
	return async () => {
		clearInterval(more);
		await Promise.all(under);
		if (guessed || sent < PER_SECOND) throw new Error(`${sent} tries were made, and not all of them refused`);
	};
}

export async function flooded({ school, tools }) {
	const { server, courses, trainees } = school;
	await server.start();
	const pages = ['/signin -', `/ ${trainees[0].token}`, `/courses/${courses[0]} ${trainees[0].token}`].map((page) => `${page} -\n`).join('');
	const paced = async () => {
		const { ended } = start(path.join(tools, 'bench_paced'), [String(server.port), ...PACED], { input: pages });
		return JSON.parse((await ended).stdout).p99_us / 1e3;
	};
	const attacked = async () => {
		const end = await flood(school);
		try {
			return await paced();
		} finally {
			await end();
		}
	};
	compare('flood_p99', 'ms', await inTurn(ROUNDS, attacked, paced));
	await server.stop();
}
