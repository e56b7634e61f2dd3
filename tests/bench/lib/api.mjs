// api_small: a course as JSON out of 100,000, for a signed-in learner, against a file of the same size from nginx; and
// the same at 12,000 a second while 200 readers take 16 KB a second.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from './servers.mjs';
import { compare, inTurn, start, wrk } from './tools.mjs';

const ROUNDS = 5;
const HOW = { threads: 2, connections: 64, seconds: 3 };
const PACED = ['64', '12000', '4'];
const SLOW_READERS = 200;

export async function withSlowReaders(tools, which, address, token, measure) {
	const slow = start(path.join(tools, 'bench_slow'), [String(which.port), String(SLOW_READERS), address, token]);
	try {
		await Promise.race([new Promise((resolve) => slow.child.stdout.once('data', resolve)), slow.ended]);
		return await Promise.race([measure(), slow.ended.then(() => { throw new Error('the slow readers ended'); })]);
	} finally {
		slow.child.kill('SIGKILL');
	}
}

async function paced(tools, which, questions) {
	const { ended } = start(path.join(tools, 'bench_paced'), [String(which.port), ...PACED], { input: questions });
	return JSON.parse((await ended).stdout).p99_us / 1e3;
}

export async function api({ school, nginx, tools, folder }) {
	const { server, courses, picture, trainees } = school;
	const [{ token }] = trainees;
	await server.start();
	const addresses = courses.map((id) => `/api/v1/courses/${id}`);
	writeFileSync(path.join(nginx.root, 'course.json'), (await new Client(server.origin, token).ask('GET', addresses[0])).bytes);
	writeFileSync(path.join(nginx.root, 'slow'), Buffer.alloc(8 << 20));
	writeFileSync(path.join(folder, 'addresses'), `${addresses.join('\n')}\n`);
	writeFileSync(path.join(folder, 'address'), '/course.json\n');
	const one = (which, list) => () => wrk(tools, which.pids(), which.port, 'api.lua', [path.join(folder, list), token], HOW);
	const rounds = await inTurn(ROUNDS, one(server, 'addresses'), one(nginx, 'address'));
	compare('api_small', 'requests/s', rounds.map((pair) => pair.map((r) => r.requests / r.s)));
	compare('api_small_cpu', 'us/request', rounds.map((pair) => pair.map((r) => r.server_s / r.requests * 1e6)));

	const asked = [addresses.map((address) => `${address} ${token} -`).join('\n'), `/course.json ${token} -\n`];
	const slowly = (which, i, address) => () => withSlowReaders(tools, which, address, token, () => paced(tools, which, asked[i]));
	compare('api_small_p99_paced', 'ms', await inTurn(ROUNDS, slowly(server, 0, picture.address), slowly(nginx, 1, '/slow')));
	await server.stop();
}
