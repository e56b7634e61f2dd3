// The ledger with a million entries (ENTRIES=N takes as many): `append` entries a second, one a write by 64 at once (on a new ledger); `verify`
// entries a second of curbcut ledger verify and its memory; `proof` receipts a second over HTTP; `restart` to serving.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Curbcut } from './servers.mjs';
import { figure, median, run, say, wrk } from './tools.mjs';

const ENTRIES = Number(process.env.ENTRIES ?? 1000000);
const ROUNDS = 3, WRITERS = 64, APPEND_MS = 3000, RECEIPTS = 10000;
const HOW = { threads: 2, connections: 64, seconds: 3 };

const tool = (bench, ...args) => JSON.parse(run(path.join(bench.tools, 'bench_ledger'), args) || 'null');

// A data folder with an auditor; its server is stopped.
async function made(bench, name) {
	const server = new Curbcut(bench.program, path.join(bench.folder, name));
	await server.start();
	const { token } = await server.account('auditor', 'auditor');
	await server.stop();
	return { server, token };
}

// The one with so many entries.
async function filled(bench) {
	if (bench.ledger) return bench.ledger;
	const { server, token } = await made(bench, 'ledger');
	say(`filling a ledger with ${ENTRIES} entries`);
	for (let n = 0; n < ENTRIES; n += 100000) tool(bench, 'fill', server.data, String(Math.min(100000, ENTRIES - n)));
	return (bench.ledger = { server, token });
}

export async function append(bench) {
	const { server } = await made(bench, 'append'), rates = [];
	for (let round = 0; round < ROUNDS; round++) {
		const { entries, s } = tool(bench, 'append', server.data, String(WRITERS), String(APPEND_MS));
		rates.push(entries / s);
	}
	figure('append', median(rates), 'entries/s');
}

export async function verify(bench) {
	const { server } = await filled(bench), files = path.join(bench.folder, 'exported'), found = [];
	run(bench.program, ['ledger', 'export', '--data', server.data, files]);
	const size = Number(run(bench.program, ['ledger', 'verify', '--key', path.join(files, 'key'), files]).split(' ')[0]);
	for (let round = 0; round < ROUNDS; round++) found.push(tool(bench, 'run', bench.program, 'ledger', 'verify', '--key', path.join(files, 'key'), files));
	figure('verify', median(found.map(({ s }) => size / s)), 'entries/s');
	figure('verify_s', median(found.map(({ s }) => s)), 's');
	figure('verify_memory', median(found.map(({ mb }) => mb)), 'MB');
}

export async function proof(bench) {
	const { server, token } = await filled(bench), addresses = path.join(bench.folder, 'receipts'), rates = [];
	writeFileSync(addresses, Array.from({ length: RECEIPTS }, () => `/ledger/receipt/${Math.floor(Math.random() * ENTRIES)}\n`).join(''));
	await server.start();
	try {
		for (let round = 0; round < ROUNDS; round++) {
			const { requests, s } = await wrk(bench.tools, server.pids(), server.port, 'api.lua', [addresses, token], HOW);
			rates.push(requests / s);
		}
	} finally {
		await server.stop();
	}
	figure('proof', median(rates), 'receipts/s');
}

export async function restart(bench) {
	const { server } = await filled(bench), ms = [];
	for (let round = 0; round < ROUNDS; round++) {
		ms.push(await server.start());
		await server.stop();
	}
	figure('restart', median(ms) / 1000, 's');
}
