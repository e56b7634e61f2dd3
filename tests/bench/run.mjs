// ./dev bench [NAME…]: what the product does, beside what others do with the same bytes in the same run. A line a figure on
// standard output, "name value unit ratio peer"; what it is doing goes to standard error.
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { api } from './lib/api.mjs';
import { beats } from './lib/beats.mjs';
import { flooded } from './lib/flood.mjs';
import { doctor, memory, parallel, remux } from './lib/ingest.mjs';
import { append, proof, restart, verify } from './lib/ledger.mjs';
import { makeSchool } from './lib/material.mjs';
import { publish } from './lib/publish.mjs';
import { record } from './lib/record.mjs';
import { lighthouse, search, speed, weight } from './lib/pages.mjs';
import { Nginx } from './lib/servers.mjs';
import { starting } from './lib/start.mjs';
import { stream } from './lib/stream.mjs';
import { say } from './lib/tools.mjs';

const figures = { stream_2m: stream, api_small: api, beats, publish, start: starting, page_weight: weight, page_p99: speed, search_p99: search, flood_p99: flooded, record, append, verify, proof, restart, lighthouse, ingest_remux: remux, ingest_memory: memory, doctor, ingest_parallel: parallel };
const ledger = ['append', 'verify', 'proof', 'restart']; // on a data folder of their own
const taken = ['publish', 'ingest_remux', 'ingest_memory', 'doctor']; // on one for each time

async function main([build, ...names]) {
	const wanted = names.length ? names : Object.keys(figures);
	for (const name of wanted) if (!figures[name]) throw new Error(`there is no figure ${name}; there are ${Object.keys(figures).join(', ')}`);
	const folder = mkdtempSync(path.join(build, 'bench-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	const bench = { folder, program: path.join(build, 'bin/curbcut'), tools: path.join(build, 'bench'), kept: path.resolve(build, '../bench') };
	try {
		if (wanted.some((name) => !ledger.includes(name))) {
			bench.nginx = new Nginx(path.join(folder, 'nginx'));
			await bench.nginx.start();
		}
		if (wanted.some((name) => !taken.includes(name) && !ledger.includes(name))) bench.school = await makeSchool(folder, bench.program, bench.tools);
		for (const name of wanted) {
			say(`measuring ${name}`);
			await figures[name](bench);
		}
	} finally {
		await bench.school?.server.stop();
		await bench.nginx?.stop();
	}
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1)); // servers are ended on the way out
main(process.argv.slice(2)).then(() => process.exit(0), (error) => {
	say(error.stack ?? String(error));
	process.exit(1);
});
