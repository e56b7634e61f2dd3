// The ledger with a million entries (ENTRIES=N takes as many), which is made once and kept in build/bench for as long as what makes
// it stays the same. `append`: entries a second, one a write by 64 at once, against a plain program that commits rows of the same
// bytes one by one; append_rows, against the same writer with such rows and no tree. `verify`: curbcut ledger verify against Go's
// sumdb/tlog on the same files. `proof`: receipts over HTTP against Go's. `restart`: to serving, against an empty ledger.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Curbcut, Tlog } from './servers.mjs';
import { compare, here, inTurn, run, say, wrk } from './tools.mjs';

const ENTRIES = Number(process.env.ENTRIES ?? 1000000);
const ROUNDS = 3, WRITERS = 64, APPEND_MS = 3000, RECEIPTS = 10000, AT_A_TIME = 100000;
const HOW = { threads: 2, connections: 64, seconds: 3 };

const tool = (bench, ...args) => JSON.parse(run(path.join(bench.tools, 'bench_ledger'), args) || 'null');

// ---- data folders ----

// A data folder with an auditor; its server is stopped.
async function made(bench, folder) {
	const server = new Curbcut(bench.program, folder);
	await server.start();
	await server.account('auditor', 'auditor');
	await server.stop();
	return server;
}

// Of all that decides how entries and their tree are written.
function content() {
	const root = path.join(here, '../..'), hash = createHash('sha256').update(String(ENTRIES));
	const files = run('git', ['-C', root, 'ls-files', '--', 'core/ledger/*.c', 'core/ledger/*.h', 'core/store/sums.c', '*.sql', 'tests/bench/ledger.c']);
	for (const file of files.trim().split('\n')) hash.update(`\n${file}\n`).update(readFileSync(path.join(root, file)));
	return hash.digest('hex').slice(0, 16);
}

async function fill(bench, folder) {
	const server = await made(bench, folder), exported = path.join(folder, 'exported');
	say(`filling a ledger with ${ENTRIES} entries`);
	for (let n = 0; n < ENTRIES; n += AT_A_TIME) tool(bench, 'fill', server.data, String(Math.min(AT_A_TIME, ENTRIES - n)));
	run(bench.program, ['ledger', 'export', '--data', server.data, exported]);
}

// {server, exported, key}: one with so many entries that may be changed, and its files and key, which must not be.
async function filled(bench) {
	if (bench.ledger) return bench.ledger;
	const kept = path.join(bench.kept, `ledger-${content()}`), folder = path.join(bench.folder, 'ledger');
	if (!existsSync(kept)) {
		mkdirSync(bench.kept, { recursive: true });
		for (const old of readdirSync(bench.kept)) rmSync(path.join(bench.kept, old), { recursive: true });
		await fill(bench, `${kept}.new`);
		renameSync(`${kept}.new`, kept);
	}
	mkdirSync(folder);
	run('cp', ['-a', '--reflink=auto', path.join(kept, 'data'), folder]);
	const exported = path.join(kept, 'exported');
	return (bench.ledger = { server: new Curbcut(bench.program, folder), exported, key: path.join(exported, 'key') });
}

// ---- figures ----

export async function append(bench) {
	const { data } = await made(bench, path.join(bench.folder, 'append'));
	const plain = path.join(bench.folder, 'plain'), rows = path.join(bench.folder, 'rows');
	const many = (what, folder) => () => tool(bench, what, folder, String(WRITERS), String(APPEND_MS));
	tool(bench, 'fill', data, '1000'); // the peers look at one for its size
	for (const folder of [plain, rows]) run('cp', ['-a', data, folder]);
	const one = () => JSON.parse(run(path.join(bench.tools, 'bench_plain'), [path.join(plain, 'curbcut.db'), String(APPEND_MS)]));
	const rate = (pair) => pair.map(({ entries, s }) => entries / s);
	compare('append', 'entries/s', (await inTurn(ROUNDS, many('append', data), one)).map(rate));
	compare('append_rows', 'entries/s', (await inTurn(ROUNDS, many('append', data), many('rows', rows))).map(rate));
}

export async function verify(bench) {
	const { exported, key } = await filled(bench);
	const ours = () => tool(bench, 'run', bench.program, 'ledger', 'verify', '--key', key, exported);
	const theirs = () => tool(bench, 'run', path.join(bench.tools, 'bench_tlog'), 'verify', key, exported);
	const rounds = await inTurn(ROUNDS, ours, theirs);
	compare('verify', 'entries/s', rounds.map((pair) => pair.map(({ s }) => ENTRIES / s)));
	compare('verify_s', 's', rounds.map((pair) => pair.map(({ s }) => s)));
	compare('verify_memory', 'MB', rounds.map((pair) => pair.map(({ mb }) => mb)));
}

export async function proof(bench) {
	const { server, exported, key } = await filled(bench), addresses = path.join(bench.folder, 'receipts');
	const peer = new Tlog(path.join(bench.tools, 'bench_tlog'), key, exported);
	writeFileSync(addresses, Array.from({ length: RECEIPTS }, () => `/ledger/receipt/${Math.floor(Math.random() * ENTRIES)}\n`).join(''));
	await server.start();
	await peer.start();
	try {
		const token = await server.token('auditor');
		const one = (which) => () => wrk(bench.tools, which.pids(), which.port, 'api.lua', [addresses, token], HOW);
		const rounds = await inTurn(ROUNDS, one(server), one(peer));
		compare('proof', 'receipts/s', rounds.map((pair) => pair.map(({ requests, s }) => requests / s)));
		compare('proof_p99', 'ms', rounds.map((pair) => pair.map((r) => r.p99_us / 1e3)));
	} finally {
		await peer.stop();
		await server.stop();
	}
}

export async function restart(bench) {
	const { server } = await filled(bench), empty = await made(bench, path.join(bench.folder, 'empty'));
	const one = (which) => async () => {
		const ms = await which.start();
		await which.stop();
		return ms / 1000;
	};
	compare('restart', 's', await inTurn(ROUNDS, one(server), one(empty)));
}
