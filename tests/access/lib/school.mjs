// The demo's school, filled once; each way gets a copy of it and a server of its own, so that none meets what another did.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { program, startServer } from '../../browser/lib/server.mjs';

const demo = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../../content/demo'), fill = path.join(demo, 'fill.sh');

export function makeSchool() {
	const folder = mkdtempSync(path.join(tmpdir(), 'curbcut-access-'));
	const data = path.join(folder, 'data');
	const done = spawnSync(fill, [program, data], { encoding: 'utf8', timeout: 180000 });
	if (done.status !== 0) throw new Error(`the demo could not be filled: ${done.stderr}`);
	const text = readFileSync(path.join(data, 'accounts.txt'), 'utf8');
	const accounts = Object.fromEntries([...text.matchAll(/^(\w+) +(\w+) +(\d{4}-\d{4})$/gm)]
		.map(([, name, role, password]) => [name, { name, role, password }]));
	let copies = 0;
	return {
		accounts,
		// {origin, stop(), restart()}: the same address and data behind a restart
		async open() {
			const copy = path.join(folder, `copy${++copies}`);
			cpSync(data, copy, { recursive: true });
			return startServer({ data: copy });
		},
		// What a person hands in: "hours.zip" is the demo's folder hours as a package, "decision.pdf" a document of one line.
		file(name) {
			const file = path.join(folder, name);
			if (name.endsWith('.pdf')) writeFileSync(file, '%PDF-1.4\n%%EOF\n');
			else if (!existsSync(file)) {
				const packed = spawnSync('zip', ['-q', '-0', '-X', '-r', file, '.'], { cwd: path.join(demo, path.basename(name, '.zip')), encoding: 'utf8', timeout: 60000 });
				if (packed.status !== 0) throw new Error(`${name} could not be packed: ${packed.stderr ?? packed.error}`);
			}
			return file;
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}
