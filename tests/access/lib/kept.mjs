// What was found is kept below BUILD/access until it is found again. It counts for the build that it was found of alone.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

// One for all programs of a build.
export function buildId(build) {
	const hash = createHash('sha256'), plugins = readdirSync(path.join(build, 'lib'), { recursive: true }).filter((name) => name.endsWith('.so')).sort();
	for (const name of ['bin/curbcut', ...plugins.map((plugin) => `lib/${plugin}`)]) hash.update(readFileSync(path.join(build, name)));
	return hash.digest('hex').slice(0, 12);
}

export class Kept {
	constructor(folder, name) {
		mkdirSync(folder, { recursive: true });
		this.file = path.join(folder, `${name}.json`);
		this.all = existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : {};
	}

	// `of` says what it was found of: only that finds it again.
	put(name, of, value) {
		this.all[name] = { of, day: new Date().toISOString().slice(0, 10), ...value };
		writeFileSync(`${this.file}.new`, JSON.stringify(this.all));
		renameSync(`${this.file}.new`, this.file);
	}

	get(name, of) { return this.all[name]?.of === of ? this.all[name] : undefined; }

	// {name: value} of all that was found of this.
	of(of) { return Object.fromEntries(Object.entries(this.all).filter(([, value]) => value.of === of)); }
}
