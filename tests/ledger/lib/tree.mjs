// RFC 6962 and the C2SP formats once more, in another language and after the texts alone, so that a mistake of the server's is
// not made here too.
import { createHash, createPublicKey, verify } from 'node:crypto';

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
export const leaf = (entry) => sha(Buffer.of(0), entry);
const node = (left, right) => sha(Buffer.of(1), left, right);

// MTH of a list of leaf hashes.
export function root(leaves) {
	if (leaves.length === 0) return sha();
	if (leaves.length === 1) return leaves[0];
	let k = 1;
	while (k * 2 < leaves.length) k *= 2;
	return node(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

// "NAME+ID+KEY": {name, id, key}
export function readKey(text) {
	const [name, id, rest] = text.trim().split('+', 2).concat(text.trim().split('+').slice(2).join('+'));
	const bytes = Buffer.from(rest, 'base64');
	const key = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)]), format: 'der', type: 'spki' });
	const own = sha(name, '\n', bytes).subarray(0, 4).toString('hex');
	return { name, id, key, own };
}

// {origin, size, root, ok}: ok when the key's signature holds.
export function readCheckpoint(text, { name, id, key }) {
	const end = text.lastIndexOf('\n\n') + 1, body = text.slice(0, end);
	const [origin, size, hash] = body.split('\n');
	const ok = text.slice(end + 1).split('\n').filter(Boolean).some((line) => {
		const [dash, who, base64] = line.split(' '), bytes = Buffer.from(base64, 'base64');
		return dash === '—' && who === name && bytes.subarray(0, 4).toString('hex') === id && verify(null, Buffer.from(body), key, bytes.subarray(4));
	});
	return { origin, size: Number(size), root: Buffer.from(hash, 'base64'), ok };
}

const group = (n) => String(n).padStart(3, '0');
export function tileName(kind, n, width) {
	const parts = [group(n % 1000)];
	for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) parts.unshift(`x${group(rest % 1000)}`);
	return `/ledger/tile/${kind}/${parts.join('/')}${width < 256 ? `.p/${width}` : ''}`;
}

// The tiles of level 0 or of entries of a tree of `size`: [{name, width}].
export function tiles(kind, size) {
	const names = [];
	for (let from = 0; from < size; from += 256) names.push({ name: tileName(kind, from / 256, Math.min(256, size - from)), width: Math.min(256, size - from) });
	return names;
}

// Entries of a bundle: each behind its length.
export function entries(bundle) {
	const list = [];
	for (let at = 0; at < bundle.length;) {
		const length = bundle.readUInt16BE(at);
		list.push(bundle.subarray(at + 2, at + 2 + length));
		at += 2 + length;
	}
	return list;
}

// Deterministic CBOR as entries have it (RFC 8949): maps of texts, integers and byte strings.
export function decode(bytes) {
	let at = 0;
	const head = () => {
		const first = bytes[at++], info = first & 31;
		if (info < 24) return [first >> 5, info];
		const n = 1 << (info - 24), value = Number(BigInt(`0x${bytes.subarray(at, at + n).toString('hex')}`));
		at += n;
		return [first >> 5, value];
	};
	const value = () => {
		const [major, n] = head();
		if (major === 0) return n;
		if (major === 1) return -1 - n;
		if (major === 2 || major === 3) {
			const part = bytes.subarray(at, at += n);
			return major === 3 ? part.toString('utf8') : part.toString('hex');
		}
		if (major !== 5) throw new Error(`major type ${major}`);
		return Object.fromEntries(Array.from({ length: n }, () => [value(), value()]));
	};
	const all = value();
	if (at !== bytes.length) throw new Error('something behind the entry');
	return all;
}

// C2SP tlog-proof: {index, entry, checkpoint, root(leaf, size)}.
export function readProof(text) {
	const end = text.indexOf('\n\n'), lines = text.slice(0, end).split('\n');
	if (lines.shift() !== 'c2sp.org/tlog-proof@v1') throw new Error('not a proof');
	const entry = lines[0].startsWith('extra ') ? Buffer.from(lines.shift().slice(6), 'base64') : undefined;
	const index = Number(/^index (0|[1-9]\d*)$/.exec(lines.shift())[1]), hashes = lines.map((line) => Buffer.from(line, 'base64'));
	// From the leaf up: the sibling of each subtree, of which the last may be smaller than the others.
	const up = (hash, at, size, path) => {
		if (size === 1) return hash;
		let k = 1;
		while (k * 2 < size) k *= 2;
		const sibling = path.at(-1), rest = path.slice(0, -1);
		return at < k ? node(up(hash, at, k, rest), sibling) : node(sibling, up(hash, at - k, size - k, rest));
	};
	return { index, entry, checkpoint: text.slice(end + 2), root: (hash, size) => up(hash, index, size, hashes) };
}

// The line of a witness whose key is `text`, among others, for a checkpoint's body: {ok, time}. C2SP tlog-cosignature v1.
export function readCosignature(lines, body, text) {
	const { name, id, key } = readKey(text);
	for (const line of lines.split('\n').filter((one) => one.startsWith(`— ${name} `))) {
		const bytes = Buffer.from(line.slice(`— ${name} `.length), 'base64');
		if (bytes.subarray(0, 4).toString('hex') !== id || bytes.length !== 76) continue;
		const time = Number(bytes.readBigUInt64BE(4));
		return { ok: verify(null, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), key, bytes.subarray(12)), time };
	}
	return { ok: false, time: 0 };
}
