// 200 MB by another program's client of resumable uploads, in a page: the line is cut ten times and the server is started anew, and
// what arrives is what was sent, with no part but the one under way sent again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { launch, person, signIn } from './lib/browser.mjs';
import { startServer } from './lib/server.mjs';
import { dice } from '../hours/lib/dice.mjs';

const SIZE = 200 << 20, PART = 4 << 20, CUTS = 10, SEED = Number(process.env.SEED ?? Date.now() % 1e6);
const HEADS = 1 << 20; // of all requests, at most
const client = readFileSync(new URL('./node_modules/tus-js-client/dist/tus.min.js', import.meta.url), 'utf8');
let data, browser, server, line, author;

// A line to the server that breaks when so many bytes more have gone through it, CUTS times. `port` may be waited for; `carried`
// counts what was let through; whenCut is called at each break.
async function openLine(port, below, whenCut) {
	const state = { port, cuts: 0, left: 0, carried: 0 };
	const renew = () => { state.left = state.cuts < CUTS ? (1 << 20) + below(18 << 20) : Infinity; };
	renew();
	const listener = createServer({ pauseOnConnect: true }, async (near) => {
		near.on('error', () => near.destroy());
		const to = await state.port;
		if (near.destroyed) return;
		const far = connect(to, '127.0.0.1'), both = [near, far];
		const end = () => both.forEach((socket) => socket.destroy());
		for (const socket of both) socket.on('error', end).on('close', end);
		far.pipe(near);
		near.on('data', (chunk) => {
			state.left -= chunk.length;
			if (state.left < 0) {
				state.cuts++;
				renew();
				end();
				whenCut(state);
				return;
			}
			state.carried += chunk.length;
			if (!far.write(chunk)) {
				near.pause();
				far.once('drain', () => near.resume());
			}
		});
		near.resume();
	}).listen(0, '127.0.0.1');
	await once(listener, 'listening');
	return Object.assign(state, { origin: `http://127.0.0.1:${listener.address().port}`, close: () => listener.close() });
}

const portOf = ({ origin }) => Number(new URL(origin).port);

async function startAnew() {
	await server.stop();
	server = await startServer({ data });
	return portOf(server);
}

before(async () => {
	data = mkdtempSync(path.join(tmpdir(), 'curbcut-uploads-'));
	server = await startServer({ data });
	author = server.addUser('author', 'author');
	browser = await launch();
	line = await openLine(portOf(server), dice(SEED), (state) => {
		if (state.cuts === CUTS / 2) state.port = startAnew();
	});
});
after(async () => {
	await browser?.close();
	line?.close();
	await server?.stop();
	rmSync(data, { recursive: true, force: true });
});

// In the page: bytes that no two places have alike, sent by the client in parts; where each part began, and the sum of all.
async function send([size, part]) {
	const words = new Uint32Array(size / 4), began = [];
	for (let i = 0, x = 1; i < words.length; i++) words[i] = x = Math.imul(x, 1664525) + 1013904223 | 0;
	const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', words));
	const address = await new Promise((resolve, reject) => {
		const upload = new window.tus.Upload(new Blob([words]), {
			endpoint: '/files', chunkSize: part, retryDelays: Array(20).fill(50), metadata: { filename: 'film.mp4' },
			headers: { 'X-CSRF-Token': document.querySelector('[name=csrf]').value },
			onBeforeRequest: (request) => { if (request.getMethod() === 'PATCH') began.push(Number(request.getHeader('Upload-Offset'))); },
			onError: reject, onSuccess: () => resolve(upload.url),
		});
		upload.start();
	});
	return { address, began, sum: [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
}

test(`${SIZE >> 20} MB by tus-js-client arrive as they were sent though the line is cut ${CUTS} times and the server starts anew`, async () => {
	const context = await person(browser, { lang: 'en', user: await signIn(browser, server, author) }), page = await context.newPage();
	await page.addInitScript(client);
	await page.goto(`${line.origin}/packages/new`);
	const first = server.pid, { address, began, sum } = await page.evaluate(send, [SIZE, PART]);
	assert.equal(line.cuts, CUTS, `SEED=${SEED}`);
	assert.notEqual(server.pid, first);
	const back = began.findIndex((at, i) => i > 0 && at < began[i - 1]);
	assert.equal(back, -1, `SEED=${SEED}: part ${back} begins at ${began[back]}, the one before at ${began[back - 1]}`);
	assert.ok(line.carried <= SIZE + CUTS * PART + HEADS, `SEED=${SEED}: ${line.carried} bytes were sent`);
	const id = address.split('/').pop(), there = createHash('sha256');
	await pipeline(createReadStream(path.join(data, 'uploads', id)), there);
	assert.equal(there.digest('hex'), sum, `SEED=${SEED}`);
	const head = await page.evaluate((at) => fetch(at, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } }).then((reply) => reply.headers.get('upload-offset')), address);
	assert.equal(Number(head), SIZE);
	await context.close();
});
