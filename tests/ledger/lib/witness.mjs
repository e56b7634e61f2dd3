// Running witnesses, and ledgers of the test's own that are as honest or as crooked as it wants.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, program } from '../../hours/lib/school.mjs';
import { leaf, root } from './tree.mjs';

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const base64 = (bytes) => Buffer.from(bytes).toString('base64');

// An Ed25519 key of a name and 32 secret bytes, or of any other word, of a ledger or (type 4) of a witness: {name, id, text, line(body)}.
export function signer(name, seed, type = 1) {
	const bytes32 = Buffer.isBuffer(seed) ? seed : sha(seed);
	const secret = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytes32]), format: 'der', type: 'pkcs8' });
	const bytes = Buffer.concat([Buffer.of(type), createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(12)]);
	const id = sha(name, '\n', bytes).subarray(0, 4);
	return { name, text: `${name}+${id.toString('hex')}+${base64(bytes)}`, line: (body) => `— ${name} ${base64(Buffer.concat([id, sign(null, Buffer.from(body), secret)]))}\n` };
}

// A tree of entries that the test makes up; `branch` begins where another one is and goes on by itself.
export class Tree {
	constructor(name, leaves = []) { this.name = name; this.leaves = leaves; }
	grow(to) { while (this.leaves.length < to) this.leaves.push(leaf(Buffer.from(`${this.name} ${this.leaves.length}`))); }
	branch(name, from) { return new Tree(name, this.leaves.slice(0, from)); }
	root(size) { return root(this.leaves.slice(0, size)); }

	// PROOF(from, D[size]), RFC 6962 2.1.2.
	consistency(from, size) {
		const sub = (m, list, whole) => {
			if (m === list.length) return whole ? [] : [root(list)];
			let k = 1;
			while (k * 2 < list.length) k *= 2;
			return m <= k ? [...sub(m, list.slice(0, k), whole), root(list.slice(k))] : [...sub(m - k, list.slice(k), false), root(list.slice(0, k))];
		};
		return from > 0 && from < size ? sub(from, this.leaves.slice(0, size), true) : [];
	}
}

export const body = (origin, size, hash) => `${origin}\n${size}\n${base64(hash)}\n`;
export const submission = (old, proof, note) => `old ${old}\n${proof.map((hash) => `${base64(hash)}\n`).join('')}\n${note}`;
export const hashOf = (origin) => sha(origin).toString('hex');

export class Witness {
	constructor(name) {
		this.name = name;
		this.folder = mkdtempSync(path.join(tmpdir(), 'curbcut-witness-'));
		this.data = path.join(this.folder, 'data');
		this.port = 0;
	}

	knows(...keys) { writeFileSync(path.join(this.data, 'policy'), `${keys.map((key) => `log ${key}\n`).join('')}quorum none\n`); }

	// The same port again, so that who has its address goes on finding it.
	async start() {
		this.child = spawn(program, ['witness', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, '--name', this.name], { stdio: ['ignore', 'pipe', 'pipe'] });
		this.log = '';
		this.ended = new Promise((resolve) => this.child.once('exit', resolve));
		await new Promise((resolve, reject) => {
			const look = (chunk) => {
				this.log += chunk;
				const found = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(this.log);
				if (found) resolve(this.port = Number(found[1]));
			};
			this.child.stdout.on('data', look);
			this.child.stderr.on('data', look);
			this.child.once('exit', () => reject(new Error(`the witness ended:\n${this.log}`)));
		});
		this.key = /^witness (.+)$/m.exec(this.log)[1];
		this.origin = `http://127.0.0.1:${this.port}`;
		return this;
	}

	ask(method, address, text) {
		const client = new Client(this.origin);
		return client.raw(method, address, text);
	}

	async cut() {
		this.child.kill('SIGKILL');
		await this.ended;
	}

	async stop() {
		this.child.kill('SIGTERM');
		await this.ended;
	}

	remove() { rmSync(this.folder, { recursive: true, force: true }); }
}
