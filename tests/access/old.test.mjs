// Old phones and bad lines, asked by plain HTTP: nothing but modules, a small first page, what may be kept and for how long.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startServer } from '../browser/lib/server.mjs';

let server;
before(async () => { server = await startServer(); });
after(async () => { await server?.stop(); });

function ask(address, headers = {}) {
	return new Promise((resolve, reject) => {
		http.get(server.origin + address, { headers: { Accept: 'text/html', ...headers } }, (reply) => {
			const chunks = [];
			reply.on('data', (chunk) => chunks.push(chunk));
			reply.once('end', () => resolve({ status: reply.statusCode, headers: reply.headers, bytes: Buffer.concat(chunks), text: Buffer.concat(chunks).toString('utf8') }));
		}).once('error', reject);
	});
}

const PAGES = ['/', '/signin', '/needs', '/help', '/accessibility', '/accessibility/criteria', '/no-such-page'];
const assets = (html) => [...new Set([...html.matchAll(/(?:href|src)="(\/assets\/[^"#]+)/g)].map(([, address]) => address))];

// Without comments and texts; and what ECMAScript 5 does not know.
const bare = (script) => script.replace(/\/\*[^]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ' ');
const NEWER = /=>|`|\.\.\.|\?\.|\?\?|\*\*|\b(?:let|const|class|async|await|import|export|yield|of)\b/;

test('old__scripts_are_modules_or_plain_enough_for_the_oldest', async () => {
	for (const address of PAGES) {
		const { text } = await ask(address);
		for (const [tag, attributes, body] of text.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)) {
			assert.equal(body.trim(), '', `${address}: ${tag}`);
			if (/type="module"/.test(attributes)) continue;
			const { text: script } = await ask(/src="([^"]+)"/.exec(attributes)[1]);
			assert.doesNotMatch(bare(script), NEWER, `${address}: ${tag} is no module, so the oldest phones must understand it`);
		}
		assert.doesNotMatch(text, /\son[a-z]+="|javascript:/, address);
	}
});

// What a first visit loads: the page, its sheet, its script and its icon; no old phone asks for more.
test('old__the_first_page_is_under_15_kb_compressed', async () => {
	const { bytes } = await ask('/', { 'Accept-Language': 'zh-CN' });
	assert.ok(gzipSync(bytes).length < 15 * 1024, `${gzipSync(bytes).length} bytes`);
});

// The page itself is never packed: it carries secrets.
test('old__all_of_the_first_page_travels_in_under_15_kb', async () => {
	const browser = { 'Accept-Language': 'zh-CN', 'Accept-Encoding': 'gzip, deflate' }, { headers, bytes, text } = await ask('/', browser);
	assert.equal(headers['content-encoding'], undefined);
	const parts = await Promise.all(assets(text).map((address) => ask(address, browser)));
	for (const part of parts) assert.equal(part.headers['content-encoding'], 'gzip');
	const sum = parts.reduce((all, part) => all + part.bytes.length, bytes.length);
	assert.ok(parts.length > 1 && sum < 15 * 1024, `${sum} bytes: ${[bytes, ...parts.map((part) => part.bytes)].map(({ length }) => length)}`);
});

test('old__a_page_takes_four_requests_at_most', async () => {
	for (const address of PAGES) {
		const { text } = await ask(address);
		assert.ok(assets(text).length + 1 <= 4, `${address}: ${assets(text).join(' ')}`);
	}
});

test('old__assets_are_kept_for_a_year', async () => {
	for (const address of assets((await ask('/')).text)) {
		const { status, headers } = await ask(address);
		assert.equal(status, 200, address);
		assert.match(headers['cache-control'], /max-age=31536000/, address);
		assert.match(headers['cache-control'], /immutable/, address);
	}
});

test('old__everything_else_is_asked_for_again_and_not_sent_twice', async () => {
	const first = await ask('/api/v1/courses'), again = await ask('/api/v1/courses', { 'If-None-Match': first.headers.etag });
	assert.match(first.headers['cache-control'], /no-cache|max-age=0/);
	assert.equal(again.status, 304);
	assert.equal(again.bytes.length, 0);
	for (const address of PAGES) assert.match((await ask(address)).headers['cache-control'] ?? '', /no-cache|no-store|max-age=0/, address);
});
