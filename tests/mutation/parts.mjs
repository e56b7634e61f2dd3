// The few files that hours and their ledger rest on, and how each is built alone with its unit tests.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');

// A part has one or more programs of tests, each of some files.
const unit = 'tests/unit/ledger/', ledger = (name) => [name, { source: `core/ledger/${name}.c`, tests: [[`${unit}test_${name}.c`]] }];
const credit = (name) => [name, { source: `plugins/credit/${name}.c`, tests: [[`tests/plugins/credit/test_${name}.c`]] }];
export const parts = new Map([...['base64', 'entry', 'handover', 'merkle', 'note', 'proof', 'tile', 'trust', 'verify'].map(ledger), ...['count', 'presence', 'ranges'].map(credit)]);
parts.get('base64').tests = parts.get('proof').tests;
parts.get('ranges').tests.push(['tests/plugins/credit/test_count.c']);
parts.get('note').tests.push([`${unit}test_note_keys.c`]);
parts.get('verify').tests = ['test_verify.c', 'test_verify_files.c', 'test_verify_handover.c'].map((name) => [unit + name, `${unit}verify_case.c`]);

const folders = ['core/base', 'core/base/include', 'core/include', 'core/ledger', 'core/store', 'content/include', 'plugins/catalog/api', 'plugins/credit', 'plugins/credit/api', 'tests/harness'];
const flags = ['-std=c17', '-D_GNU_SOURCE', '-w', ...folders.map((one) => `-I${path.join(root, one)}`)];
const libraries = ['-lcmocka', '-lsodium', '-lcrypto', '-ljansson'];

function must(program, args) {
	const done = spawnSync(program, args, { encoding: 'utf8' });
	if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr || done.error}`);
	return done.stdout;
}

// Runs a program; {status, out}, status null when it was killed or took too long.
export function attempt(program, args, { cwd, seconds }) {
	return new Promise((resolve) => {
		const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: seconds * 1000, killSignal: 'SIGKILL' });
		let out = '';
		child.stdout.on('data', (bytes) => { out += bytes; });
		child.stderr.on('data', (bytes) => { out += bytes; });
		child.once('close', (status) => resolve({ status, out }));
	});
}

const format = ['base64', 'entry', 'handover', 'merkle', 'note', 'proof', 'tile', 'trust', 'verify'].map((name) => `core/ledger/${name}.c`);

// All that a part's tests need but the part itself, built once: for each program what is linked beside an object of the part.
export function prepare(part, folder, more) {
	const compile = (source) => {
		const object = path.join(folder, `${source.replaceAll('/', '-')}.o`);
		must('gcc', [...flags, ...more, '-O1', '-c', path.join(root, source), '-o', object]);
		return object;
	};
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const base = readdirSync(path.join(root, 'core/base')).filter((name) => name.endsWith('.c')).map((name) => `core/base/${name}`);
	const objects = [...base, ...format, 'plugins/credit/count.c', 'plugins/credit/ranges.c'].filter((one) => one !== part.source).map(compile);
	const archive = path.join(folder, 'rest.a');
	must('ar', ['rcs', archive, ...objects]);
	return part.tests.map((files) => [...files.map((file) => compile(file)), archive, ...libraries, ...more]);
}

export const compileArgs = (source, object, more) => [...flags, '-O0', '-g', ...more, '-c', source, '-o', object];
