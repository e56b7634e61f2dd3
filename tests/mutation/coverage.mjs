// Every branch of a part is taken by its unit tests: node coverage.mjs FOLDER PART…
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileArgs, parts, prepare, root } from './parts.mjs';

const [folder, ...names] = process.argv.slice(2);
let failed = 0;

function run(program, args, cwd) {
	const done = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 64 << 20 });
	if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stdout}${done.stderr}`);
	return done.stdout;
}

for (const name of names) {
	const part = parts.get(name), own = path.join(folder, name), object = path.join(own, 'part.o');
	const programs = prepare(part, own, []);
	run('gcc', compileArgs(path.join(root, part.source), object, ['--coverage']), own);
	for (const rest of programs) {
		run('gcc', [object, ...rest, '--coverage', '-Wl,-u,__gcov_dump', '-o', 'program'], own); // died.h counts too
		run('./program', [], own);
	}
	const told = JSON.parse(run('gcov', ['--branch-probabilities', '--json-format', '--stdout', object], own));
	const { lines } = told.files.find(({ file }) => file.endsWith(part.source));
	const text = readFileSync(path.join(root, part.source), 'utf8').split('\n');
	const here = (line) => text[line.line_number - 1];
	const branches = lines.flatMap((line) => line.branches.map(({ count }) => ({ count, line })));
	const missing = [...new Set([...branches.filter(({ count }) => count === 0).map(({ line }) => line), ...lines.filter(({ count }) => count === 0)])];
	console.log(`${part.source}: ${branches.filter(({ count }) => count > 0).length} of ${branches.length} branches, ${lines.filter(({ count }) => count > 0).length} of ${lines.length} lines`);
	for (const line of missing) console.log(`  ${part.source}:${line.line_number}: ${here(line).trim()}`);
	failed += missing.length + (branches.length === 0);
}
process.exitCode = failed ? 1 : 0;
