// The few files that hours and their ledger rest on, and how each is built alone with its unit tests.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');

// A part has one or more programs of tests, each of some files.
const unit = 'tests/unit/ledger/', ledger = (name) => [name, { source: `core/ledger/${name}.c`, tests: [[`${unit}test_${name}.c`]] }];
const credit = (name) => [name, { source: `plugins/credit/${name}.c`, tests: [[`tests/plugins/credit/test_${name}.c`]] }];
export const parts = new Map([...['base64', 'entry', 'handover', 'merkle', 'note', 'proof', 'tile', 'trust', 'verify'].map(ledger), ...['count', 'places', 'presence', 'ranges'].map(credit)]);
// What works on rows: over a database, whose statements fail when the test says so (tests/unit/store/broken.h).
const onRows = (source, database, ...tests) => ({ source, database, tests: tests.map((name) => [name, ...databases[database].beside]) });
const databases = {
	ledger: { beside: [`${unit}ledger_case.c`], migrations: 'core/ledger/migrations' },
	credit: { beside: [], migrations: 'plugins/credit/migrations' },
};
for (const [name, ...tests] of [['facts', 'read', 'grow'], ['grow', 'grow', 'ledger_group'], ['prove', 'read', 'prove'], ['read', 'read'], ['abroad', 'abroad', 'prove']])
	parts.set(name, onRows(`core/ledger/${name}.c`, 'ledger', ...tests.map((test) => `${unit}test_${test}.c`)));
for (const name of ['earned', 'presence_store', 'store']) parts.set(name, onRows(`plugins/credit/${name}.c`, 'credit', `tests/plugins/credit/test_${name}.c`));
parts.get('base64').tests = parts.get('proof').tests;
parts.get('ranges').tests.push(['tests/plugins/credit/test_count.c']);
parts.get('note').tests.push([`${unit}test_note_keys.c`]);
parts.get('verify').tests = ['test_verify.c', 'test_verify_files.c', 'test_verify_handover.c'].map((name) => [unit + name, `${unit}verify_case.c`]);

const folders = ['core/base', 'core/base/include', 'core/include', 'core/ledger', 'core/store', 'core/log', 'core/fetch', 'content/include', 'plugins/catalog/api', 'plugins/credit', 'plugins/credit/api', 'plugins/shared', 'tests/harness', 'tests/unit/store'];
const flags = ['-std=c17', '-D_GNU_SOURCE', '-w', ...folders.map((one) => `-I${path.join(root, one)}`)];
const libraries = ['-lcmocka', '-lsodium', '-lcrypto', '-ljansson'], withDatabase = ['-lsqlite3', '-licui18n', '-licuuc', '-lcurl', '-pthread'];

function must(program, args) {
	const done = spawnSync(program, args, { encoding: 'utf8' });
	if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr || done.error}`);
	return done.stdout;
}

// Runs a program; {status, out}, status null when it was killed or took too long: so many seconds of a processor, or many times that
// by the clock, since a busy machine must not make a test seem to notice something.
export function attempt(program, args, { cwd, seconds }) {
	return new Promise((resolve) => {
		const child = spawn('bash', ['-c', 'ulimit -t "$0" && exec "$@"', String(seconds), program, ...args],
			{ cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: seconds * 12000, killSignal: 'SIGKILL' });
		let out = '';
		child.stdout.on('data', (bytes) => { out += bytes; });
		child.stderr.on('data', (bytes) => { out += bytes; });
		child.once('close', (status) => resolve({ status, out }));
	});
}

const names = (folder) => readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.c')).map((name) => `${folder}/${name}`);
const format = ['base64', 'entry', 'handover', 'merkle', 'note', 'proof', 'tile', 'trust', 'verify'].map((name) => `core/ledger/${name}.c`);
const routes = ['check', 'decide', 'routes'].map((name) => `core/ledger/${name}.c`);
const helpers = ['tests/unit/store/helper.c', 'tests/unit/store/broken.c', 'tests/harness/temp.c'];

// The migrations as the build embeds them: ledger_embedded.c, say.
function embed(database, into) {
	const folder = databases[database].migrations, steps = readdirSync(path.join(root, folder)).sort();
	const rows = steps.map((name, i) => `\t{ ${i + 1}, "${name.replace('.sql', '')}", ${JSON.stringify(readFileSync(path.join(root, folder, name), 'utf8'))} },`);
	writeFileSync(path.join(into, `${database}_embedded.h`), `#include "curb/plugin.h"\nextern const struct curb_migration ${database}_migrations[];\n`);
	writeFileSync(path.join(into, `${database}_embedded.c`), `#include "${database}_embedded.h"\nconst struct curb_migration ${database}_migrations[] = {\n${rows.join('\n')}\n\t{ 0 },\n};\n`);
	return path.join(into, `${database}_embedded.c`);
}

// The linker's help for tests that make calls fail, theirs alone: those of which they have a __wrap_….
function wrapped(files) {
	const text = files.map((file) => readFileSync(path.join(root, file), 'utf8')).join();
	const calls = [...(text.includes('"broken.h"') ? ['curb_query', 'curb_step', 'curb_exec'] : []), ...(text.includes('__wrap_realloc') ? ['realloc'] : [])];
	return calls.map((name) => `-Wl,--wrap=${name}`);
}

// All that a part's tests need but the part itself, built once: for each program what is linked beside an object of the part.
export function prepare(part, folder, more) {
	const compile = (source) => {
		const object = path.join(folder, `${path.relative(root, path.resolve(root, source)).replaceAll('/', '-')}.o`);
		must('gcc', [...flags, `-I${folder}`, ...more, '-O1', '-c', path.resolve(root, source), '-o', object]);
		return object;
	};
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const sources = [...names('core/base'), ...format, 'plugins/credit/count.c', 'plugins/credit/ranges.c'];
	if (part.database) sources.push(...names('core/store'), ...names('core/log'), ...names('core/fetch'), ...helpers, embed(part.database, folder));
	if (part.database === 'credit') sources.push('plugins/credit/store.c', 'plugins/shared/rows.c');
	if (part.database === 'ledger') sources.push(...names('core/ledger').filter((name) => !format.includes(name) && !routes.includes(name)));
	const objects = sources.filter((one) => one !== part.source).map(compile), archive = path.join(folder, 'rest.a');
	must('ar', ['rcs', archive, ...objects]);
	const linked = [archive, ...libraries, ...(part.database ? withDatabase : []), ...more];
	return part.tests.map((files) => [...files.map(compile), ...linked, ...wrapped(files)]);
}

export const compileArgs = (source, object, more) => [...flags, '-O0', '-g', ...more, '-c', source, '-o', object];
