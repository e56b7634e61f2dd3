// stream_2m: ranges of 2 MB of a file over 64 connections, Curbcut as a signed-in learner, nginx with sendfile.
import { linkSync } from 'node:fs';
import path from 'node:path';
import { Client } from './servers.mjs';
import { compare, inTurn, wrk } from './tools.mjs';

const ROUNDS = 5;
const HOW = { threads: 2, connections: 64, seconds: 3 };

export async function stream({ school, nginx, tools }) {
	const { server, picture, trainees } = school;
	linkSync(picture.file, path.join(nginx.root, 'picture'));
	await server.start();
	// Watched whole once: what is measured is the sending, not the first note that it was sent.
	await new Client(server.origin, trainees[0].token).ask('GET', picture.address);
	const one = (which, address) => () => wrk(tools, which.pids(), which.port, 'stream.lua', [address, trainees[0].token, String(picture.size)], HOW);
	const rounds = await inTurn(ROUNDS, one(server, picture.address), one(nginx, '/picture'));
	await server.stop();
	const per = (value) => rounds.map((pair) => pair.map(value));
	compare('stream_2m', 'MB/s', per((r) => r.bytes / r.s / 1e6));
	compare('stream_2m_cpu', 'us/MB', per((r) => (r.server_s + r.client_s) / r.bytes * 1e12));
	compare('stream_2m_server_cpu', 'us/MB', per((r) => r.server_s / r.bytes * 1e12));
	compare('stream_2m_p99', 'ms', per((r) => r.p99_us / 1e3));
}
