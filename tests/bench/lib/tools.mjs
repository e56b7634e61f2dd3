// Running programs, medians, and the lines that are printed.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';

export const here = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
export const say = (text) => process.stderr.write(`${text}\n`);

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function median(numbers) {
	const sorted = [...numbers].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const digits = (n) => (n === undefined || n === null ? '-' : Math.abs(n) >= 1000 ? n.toFixed(0) : Math.abs(n) >= 10 ? n.toFixed(1) : n.toFixed(3));

// One figure: name value unit ratio peer.
export function figure(name, value, unit, ratio, peer) {
	process.stdout.write(`${[name, digits(value), unit, digits(ratio), digits(peer)].join(' ')}\n`);
}

// Rounds of [ours, peer] become one line: medians of the values, and of the ratios round by round.
export function compare(name, unit, rounds) {
	figure(name, median(rounds.map(([ours]) => ours)), unit, median(rounds.map(([ours, peer]) => ours / peer)), median(rounds.map(([, peer]) => peer)));
}

// Ours and the peer in turn, who begins changes; [[ours, peer], …].
export async function inTurn(rounds, ours, peer) {
	const found = [];
	for (let round = 0; round < rounds; round++) {
		const pair = [];
		for (const who of round % 2 ? [1, 0] : [0, 1]) pair[who] = await (who ? peer : ours)(round);
		found.push(pair);
	}
	return found;
}

export function run(file, args, { input = '', env = process.env } = {}) {
	const done = spawnSync(file, args, { input, encoding: 'utf8', maxBuffer: 256 << 20, timeout: 240000, env });
	if (done.error) throw done.error;
	if (done.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${done.stderr || done.stdout}`);
	return done.stdout;
}

// The same without holding up what else this program does; {stdout, third}: standard output and descriptor 3. With `open` its
// standard input stays open behind the input; who asks for that ends it: child.stdin.end().
export function start(file, args, { input = '', open = false, env = process.env } = {}) {
	const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env });
	const text = ['', '', '', ''];
	for (const i of [1, 2, 3]) child.stdio[i].setEncoding('utf8').on('data', (chunk) => { text[i] += chunk; });
	child.stdin.on('error', () => {}); // it may end before it has read everything; its status says why
	child.stdin.write(input);
	if (!open) child.stdin.end();
	const ended = new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (status) => {
			if (status === 0) resolve({ stdout: text[1], third: text[3] });
			else reject(new Error(`${path.basename(file)} ${args.join(' ')}: ${status} ${text[2] || text[1]}`));
		});
	});
	ended.catch(() => {});
	return { child, ended };
}

export function freePort() {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

// wrk, with the processor time of the server's processes and its own.
export async function wrk(tools, pids, port, script, args, { threads, connections, seconds }) {
	const { ended } = start(path.join(tools, 'bench_usage'), [pids.join(','), 'wrk', `-t${threads}`, `-c${connections}`, `-d${seconds}s`,
		'--timeout', '20s', '-s', path.join(here, script), `http://127.0.0.1:${port}/`, '--', ...args]);
	const { stdout, third } = await ended;
	const found = /^JSON (.*)$/m.exec(stdout);
	if (!found) throw new Error(`wrk said: ${stdout}`);
	const result = { ...JSON.parse(found[1]), ...JSON.parse(third) };
	if (result.errors || !result.requests) throw new Error(`wrk: ${result.errors} errors in ${result.requests} requests`);
	return result;
}
