// A disk that loses its power: what a process wrote, as strace saw it, and the states that a crash may leave behind.
// What was written and not synced since may be there or not, in any order and in sectors; names that were changed and whose folder
// was not synced since may be the old ones.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const SECTOR = 512;

// A C string as strace writes it.
function decode(text) {
	const bytes = [];
	for (const [, hex, octal, escaped, plain] of text.matchAll(/\\x([0-9a-f]{2})|\\([0-7]{1,3})|\\(.)|([^\\])/gs))
		if (hex) bytes.push(parseInt(hex, 16));
		else if (octal) bytes.push(parseInt(octal, 8));
		else if (escaped) bytes.push(({ n: 10, t: 9, r: 13, v: 11, f: 12 })[escaped] ?? escaped.charCodeAt(0));
		else bytes.push(plain.charCodeAt(0));
	return Buffer.from(bytes);
}

const string = /"((?:\\.|[^"\\])*)"/s;

// What one call did to the files below `top`: [{at, kind, file, …}]; `at` in seconds since 1970.
function effects(name, args, result, at, top) {
	const [, fd] = /^\d+<([^>]*)>/.exec(args) ?? [], file = fd?.startsWith(top) ? path.relative(top, fd) || '.' : null;
	const paths = [...args.matchAll(/"((?:\\.|[^"\\])*)"/gs)].map(([, text]) => path.relative(top, decode(text).toString()));
	if (name === 'pwrite64' || name === 'write') {
		if (file === null) return [];
		const data = decode(string.exec(args)[1]), offset = name === 'pwrite64' ? Number(/, (\d+)$/.exec(args)[1]) : null;
		if (data.length !== result) throw new Error(`${name}: ${result} of ${data.length} bytes were written`);
		return [{ at, kind: 'write', file, data, offset }];
	}
	if (name === 'fsync' || name === 'fdatasync') return file === null ? [] : [{ at, kind: 'sync', file }];
	if (name === 'ftruncate') return file === null ? [] : [{ at, kind: 'truncate', file, size: Number(/, (\d+)$/.exec(args)[1]) }];
	if (name === 'rename') return [{ at, kind: 'rename', file: paths[0], to: paths[1] }];
	if (name === 'unlink') return [{ at, kind: 'unlink', file: paths[0] }];
	if (name === 'openat' && /O_CREAT/.test(args) && /O_TRUNC|O_EXCL/.test(args)) return [{ at, kind: 'create', file: paths[0] }];
	return [];
}

// All that strace -f -ttt -y -x has written down, in its order: a write when it began, a sync when it ended.
export function readTrace(file, top) {
	const list = [], begun = new Map();
	for (const line of readFileSync(file, 'latin1').split('\n')) {
		let [, thread, at, name, args, result] = /^(\d+) +(\d+\.\d+) (\w+)\((.*)\) += (-?\d+)/s.exec(line) ?? [];
		const unfinished = /^(\d+) +(\d+\.\d+) (\w+)\((.*) <unfinished \.\.\.>$/s.exec(line);
		const resumed = /^(\d+) +(\d+\.\d+) <\.\.\. (\w+) resumed>(.*)\) += (-?\d+)/s.exec(line);
		if (unfinished) {
			begun.set(unfinished[1], { args: unfinished[4], place: list.length, at: unfinished[2] });
			list.push(null);
			continue;
		}
		let place = null;
		if (resumed && begun.has(resumed[1])) {
			[, thread, at, name, , result] = resumed;
			const first = begun.get(thread);
			args = first.args + resumed[4];
			if (!/sync/.test(name)) ({ place, at } = first);
		}
		if (!name || Number(result) < 0) continue;
		const [effect] = effects(name, args, Number(result), Number(at), top);
		if (!effect) continue;
		if (place === null) list.push(effect);
		else list[place] = effect;
	}
	return list.filter(Boolean);
}

export class Disk {
	// `files`: what is durable at the beginning, a Map of names to bytes.
	constructor(files) {
		this.names = new Map([...files].map(([name, bytes]) => [name, { durable: Buffer.from(bytes), pending: [], end: bytes.length }]));
		this.durableNames = new Map(this.names);
		this.renames = []; // since their folder was synced
	}

	apply(event) {
		const { kind, file } = event;
		if (kind === 'create') {
			this.change(new Map(this.names).set(file, { durable: Buffer.alloc(0), pending: [], end: 0 }), file);
		} else if (kind === 'rename') {
			const names = new Map(this.names).set(event.to, this.names.get(file));
			names.delete(file);
			this.change(names, file);
		} else if (kind === 'unlink') {
			const names = new Map(this.names);
			names.delete(file);
			this.change(names, file);
		} else if (kind === 'sync' && !this.names.has(file)) { // a folder
			this.renames = this.renames.filter(({ folder }) => folder !== file);
			if (!this.renames.length) this.durableNames = this.names;
		} else if (kind === 'sync') {
			const inode = this.names.get(file);
			const content = new Content(inode.durable, ends(inode));
			for (const one of inode.pending) lose(content, one, 4, () => 0);
			inode.durable = content.bytes;
			inode.pending = [];
		} else if (this.names.has(file)) {
			const inode = this.names.get(file), offset = event.offset ?? inode.end;
			inode.pending.push({ ...event, offset });
			inode.end = kind === 'truncate' ? event.size : Math.max(inode.end, offset + event.data.length);
		}
	}

	change(names, file) {
		this.names = names;
		this.renames.push({ names, folder: path.dirname(file) });
	}

	// One of the states that a crash now may leave: a Map of names to bytes.
	crash(roll) {
		const kept = roll(this.renames.length + 1), names = kept ? this.renames[kept - 1].names : this.durableNames, state = new Map();
		for (const [name, inode] of names) {
			const content = new Content(inode.durable, ends(inode));
			const share = roll(5); // none, few, half, most or all of what was not synced
			for (const one of shuffle(inode.pending, roll)) lose(content, one, share, roll);
			state.set(name, content.bytes);
		}
		return state;
	}
}

// Bytes of a file with room to grow.
class Content {
	constructor(bytes, room) {
		this.buffer = Buffer.alloc(Math.max(room, bytes.length));
		bytes.copy(this.buffer);
		this.length = bytes.length;
	}

	put(offset, data) {
		data.copy(this.buffer, offset);
		this.length = Math.max(this.length, offset + data.length);
	}

	truncate(size) {
		if (size < this.length) this.buffer.fill(0, size, this.length);
		this.length = size;
	}

	get bytes() { return this.buffer.subarray(0, this.length); }
}

const ends = ({ durable, pending }) => pending.reduce((most, one) => Math.max(most, one.kind === 'truncate' ? one.size : one.offset + one.data.length), durable.length);

// Writes to the same place reach it in their order; others in any.
function shuffle(list, roll) {
	return roll(2) ? list : [...list].map((one, i) => ({ one, key: list.slice(0, i).some((other) => overlap(one, other)) ? i + list.length : roll(list.length), i }))
		.sort((a, b) => a.key - b.key || a.i - b.i).map(({ one }) => one);
}

const overlap = (a, b) => a.kind === 'truncate' || b.kind === 'truncate' || (a.offset < b.offset + b.data.length && b.offset < a.offset + a.data.length);

function lose(content, one, share, roll) {
	const there = () => roll(4) < share;
	if (one.kind === 'truncate') {
		if (there()) content.truncate(one.size);
		return;
	}
	for (let from = 0; from < one.data.length;) {
		const to = Math.min(one.data.length, from + SECTOR - (one.offset + from) % SECTOR);
		if (there()) content.put(one.offset + from, one.data.subarray(from, to));
		from = to;
	}
}
