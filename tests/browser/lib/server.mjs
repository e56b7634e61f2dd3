// Starts the real `curbcut serve` on a free port of 127.0.0.1 with a data folder of its own, and stops it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const program = process.env.CURBCUT;
if (!program) throw new Error('CURBCUT must name the curbcut executable; run the tests by ./dev test or ctest');

const START_MS = 30000;
const STOP_MS = 15000;

// One curbcut command on the server's data folder; returns {status, stdout, stderr}.
export function curbcut(args, input = '') {
	const done = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 64 << 20, timeout: 300000 });
	if (done.error) throw done.error;
	return done;
}

function must(done, what) {
	if (done.status !== 0) throw new Error(`${what} failed (${done.status}): ${done.stderr || done.stdout}`);
	return done;
}

// Resolves with the address that the server prints, e.g. http://127.0.0.1:41235
function address(child, log) {
	return new Promise((resolve, reject) => {
		const late = setTimeout(() => reject(new Error(`no address after ${START_MS} ms:\n${log.text}`)), START_MS);
		const look = (chunk) => {
			log.text += chunk;
			if (log.found) return; // a search of the whole log for each of its lines would be much of a long test
			const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(log.text);
			if (found && found[1] !== '0') {
				clearTimeout(late);
				log.found = true;
				resolve(found[0]);
			}
		};
		child.stdout.on('data', look);
		child.stderr.on('data', look);
		child.once('error', reject);
		child.once('exit', (code, signal) => reject(new Error(`curbcut ended (${code ?? signal}):\n${log.text}`)));
	});
}

// settings: lines of the configuration; data: a folder to use (and keep) instead of a new one.
// The memory of a password's hash is the least that is allowed: what signing in costs an attacker has tests of its own.
export async function startServer({ settings = '', data } = {}) {
	const folder = data ?? mkdtempSync(path.join(tmpdir(), 'curbcut-browser-')), config = path.join(folder, 'test.ini');
	const quiet = /^renditions/m.test(settings) ? '' : 'renditions = no\n'; // made behind each import: only where a test is about them
	writeFileSync(config, `[curbcut]\npassword_memory = 19\n${quiet}${settings}`);
	const log = { text: '' };
	const args = ['serve', '--data', folder, '--config', config, '--listen', '127.0.0.1:0', '--content-listen', '127.0.0.1:0', '--second-factor', 'no'];
	const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
	const ended = new Promise((resolve) => child.once('exit', resolve));
	const kill = () => child.kill('SIGKILL');
	process.once('exit', kill);
	const clean = () => {
		process.removeListener('exit', kill);
		if (!data) rmSync(folder, { recursive: true, force: true });
	};
	let origin;
	try {
		origin = await address(child, log);
	} catch (error) {
		kill();
		clean();
		throw error;
	}
	return {
		origin,
		data: folder,
		pid: child.pid,
		log: () => log.text,
		addUser(name, role, password = `pass-${name}-2468`) {
			must(curbcut(['user', 'add', '--data', folder, '--name', name, '--role', role], `${password}\n`), 'user add');
			return { name, role, password };
		},
		// The JSON lines of `curbcut import --publish`, one a file.
		importFiles(...files) {
			const done = must(curbcut(['import', '--data', folder, '--publish', ...files]), 'import');
			return done.stdout.trim().split('\n').map((line) => JSON.parse(line));
		},
		async stop() {
			child.kill('SIGTERM');
			const late = setTimeout(kill, STOP_MS);
			await ended;
			clearTimeout(late);
			clean();
		},
	};
}
