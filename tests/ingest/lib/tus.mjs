// A client of resumable uploads that sends what it is told to, right or wrong.
import { createHash } from 'node:crypto';
import { connect } from 'node:net';

export const TUS = { 'Tus-Resumable': '1.0.0' };
export const b64 = (text) => Buffer.from(text).toString('base64');
export const sum = (kind, bytes) => `${kind} ${createHash(kind).update(bytes).digest('base64')}`;

export class Uploads {
	constructor(origin, token) {
		this.origin = origin;
		this.headers = { Authorization: `Bearer ${token}` };
	}

	async ask(method, address, headers = {}, body = undefined) {
		const reply = await fetch(new URL(address, this.origin), { method, headers: { ...this.headers, ...TUS, ...headers }, body, duplex: 'half' });
		const text = await reply.text();
		return { status: reply.status, headers: reply.headers, text, offset: Number(reply.headers.get('upload-offset') ?? -1) };
	}

	create(length, name = 'film.mp4', headers = {}) {
		return this.ask('POST', '/files', { 'Upload-Length': String(length), 'Upload-Metadata': `filename ${b64(name)}`, ...headers });
	}

	head(address) { return this.ask('HEAD', address); }

	patch(address, offset, bytes, headers = {}) {
		return this.ask('PATCH', address, { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream', ...headers }, bytes);
	}

	// Sends the head of a PATCH of `length` bytes and then only `bytes`. How it ends: 'cut' (the line breaks at once), or an answer is
	// read. Returns what the server said, '' when nothing came.
	raw(address, offset, length, bytes, { cut = false, headers = {}, expect = false } = {}) {
		const { hostname, port } = new URL(this.origin);
		const lines = { Host: 'h', ...this.headers, ...TUS, 'Upload-Offset': offset, 'Content-Type': 'application/offset+octet-stream', 'Content-Length': length,
			...(expect ? { Expect: '100-continue' } : {}), ...headers };
		return new Promise((resolve, reject) => {
			const socket = connect(Number(port), hostname);
			let said = '';
			socket.on('error', reject);
			socket.on('close', () => resolve(said));
			socket.on('data', (chunk) => {
				said += chunk.toString('latin1');
				if (expect && said.includes(' 100 ')) {
					expect = false;
					socket.write(bytes);
				} else if (/\r\n\r\n/.test(said.replace(/^HTTP\/1\.1 100 [^\r]*\r\n\r\n/, ''))) socket.end();
			});
			socket.write(`PATCH ${address} HTTP/1.1\r\n${Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
			if (!expect) socket.write(bytes, () => { if (cut) socket.end(); });
		});
	}

	// The whole way: an upload of `bytes`, its address.
	async whole(bytes, name) {
		const made = await this.create(bytes.length, name);
		if (made.status !== 201) throw new Error(`upload: ${made.status} ${made.text}`);
		const address = new URL(made.headers.get('location'), this.origin).pathname;
		const sent = await this.patch(address, 0, bytes);
		if (sent.status !== 204) throw new Error(`part: ${sent.status} ${sent.text}`);
		return address;
	}
}

export const path = (reply) => new URL(reply.headers.get('location'), 'http://h').pathname;
