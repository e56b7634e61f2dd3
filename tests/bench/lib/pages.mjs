// What pages cost: their bytes and requests, how long they take under load, what Lighthouse says of them, and how long a
// search takes. All of it among 100,000 courses and as many trainees, as a learner in a class sees them.
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { withSlowReaders } from './api.mjs';
import { Client } from './servers.mjs';
import { compare, figure, inTurn, median, run, start, wrk } from './tools.mjs';

const ROUNDS = 3;
const HOW = { threads: 2, connections: 64, seconds: 2 };
const WORDS = ['按摩', '盲人', '保健', '基础'];
const PLAYER = /\/video-?(?:js|lang|\.min)[^/]*$/; // the player's library, which only lessons load

const pagesOf = ({ courses, film }) => ({ home: '/', catalog: '/courses', course: `/courses/${courses[0]}`, record: '/record', lesson: `/videos/${film.unit}`, signin: '/signin' });
const MEASURED = ['home', 'catalog', 'course', 'record'];

// ---- page_weight: {page, script, requests} in bytes, of what a browser loads before media and the player's library, as it
// travels: the pages themselves as they are, the rest packed. page_travels_home is all of the first page: its bar is 15 KB ----

const travels = ({ origin, headers }, address) => new Promise((resolve, reject) => {
	get(origin + address, { headers: { ...headers, Accept: 'text/html, */*;q=0.8', 'Accept-Encoding': 'gzip, deflate, br' } }, (reply) => {
		const chunks = [];
		reply.on('data', (chunk) => chunks.push(chunk));
		reply.once('end', () => {
			const bytes = Buffer.concat(chunks), coding = reply.headers['content-encoding'];
			if (reply.statusCode !== 200 || (coding && coding !== 'gzip')) return reject(new Error(`${address}: ${reply.statusCode} ${coding}`));
			resolve({ length: bytes.length, text: (coding ? gunzipSync(bytes) : bytes).toString('utf8') });
		});
	}).once('error', reject);
});

const found = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? match[2]);

async function weigh(client, address) {
	const { length, text: html } = await travels(client, address);
	const seen = new Set(), sum = { page: length, script: 0, requests: 1 };
	const load = async (place, from) => {
		const { pathname } = new URL(place, client.origin + from);
		if (seen.has(pathname) || PLAYER.test(pathname)) return;
		seen.add(pathname);
		const { length: bytes, text } = await travels(client, pathname), script = /\.m?js$/.test(pathname);
		sum[script ? 'script' : 'page'] += bytes;
		sum.requests++;
		if (script) for (const other of found(text, /\b(?:import|from)\s*\(?\s*["']([./][^"']+)["']/g)) await load(other, pathname);
	};
	for (const tag of found(html, /<((?:link|script|img)\b[^>]*)>/g)) {
		const [place] = found(tag, /\b(?:href|src)="([^"]+)"/g);
		if (place && !/^data:|rel="(?:alternate|manifest)"/.test(place + tag)) await load(place, address);
	}
	// pictures of a sprite, and modules whose addresses scripts find in the page; that of the session's end comes hours later
	for (const place of found(html, /<use href="([^"#]+)|\bdata-(?!script\b)[a-z-]+="(\/assets\/[^"]+)"/g)) if (place) await load(place, address);
	return sum;
}

export async function weight({ school }) {
	const { server, trainees } = school;
	await server.start();
	const client = new Client(server.origin, trainees[0].token);
	for (const [name, address] of Object.entries(pagesOf(school))) {
		const one = await weigh(client, address);
		figure(`page_weight_${name}`, one.page / 1024, 'KB');
		figure(`page_script_${name}`, one.script / 1024, 'KB');
		figure(`requests_${name}`, one.requests, 'requests');
		if (name === 'home') figure('page_travels_home', (one.page + one.script) / 1024, 'KB');
	}
	await server.stop();
}

// ---- page_p99: 64 clients, while 200 others take a film at 16 KB a second ----

export async function speed({ school, nginx, tools, folder }) {
	const { server, trainees, courses, picture, lessons } = school;
	await server.start();
	const client = new Client(server.origin, trainees[0].token), pages = pagesOf(school);
	writeFileSync(path.join(nginx.root, 'slow'), Buffer.alloc(8 << 20));
	for (const name of MEASURED) {
		const page = await client.ask('GET', pages[name], undefined, { Accept: 'text/html' });
		writeFileSync(path.join(nginx.root, `${name}.html`), page.bytes);
		const lines = trainees.slice(0, lessons).map(({ token }, i) => `${name === 'course' ? `/courses/${courses[i * 499]}` : name === 'catalog' ? `/courses?page=${i + 1}` : pages[name]} ${token}`);
		const [ours, theirs] = [path.join(folder, `${name}.ours`), path.join(folder, `${name}.theirs`)];
		writeFileSync(ours, `${lines.join('\n')}\n`);
		writeFileSync(theirs, `/${name}.html ${trainees[0].token}\n`);
		const under = (which, address, list) => () => withSlowReaders(tools, which, address, trainees[0].token, () => wrk(tools, which.pids(), which.port, 'pages.lua', [list], HOW));
		const rounds = await inTurn(ROUNDS, under(server, picture.address, ours), under(nginx, '/slow', theirs));
		compare(`page_p99_${name}`, 'ms', rounds.map((pair) => pair.map((r) => r.p99_us / 1e3)));
		compare(`page_rate_${name}`, 'pages/s', rounds.map((pair) => pair.map((r) => r.requests / r.s)));
	}
	await server.stop();
}

// ---- search_p99: two characters, asked over HTTP, against LIKE in the same rows ----

export async function search({ school, tools }) {
	const { server, trainees, database } = school;
	await server.start();
	const questions = WORDS.map((word) => `/api/v1/courses?q=${encodeURIComponent(word)} ${trainees[0].token} -`).join('\n');
	const ours = async () => JSON.parse((await start(path.join(tools, 'bench_paced'), [String(server.port), '4', '20', '4'], { input: questions }).ended).stdout).p99_us / 1e3;
	const like = () => JSON.parse(run(path.join(tools, 'bench_like'), [database, '3', ...WORDS])).p99_us / 1e3;
	compare('search_p99', 'ms', await inTurn(ROUNDS, ours, like));
	await server.stop();
}

// ---- lighthouse: a phone on a slow line, as its defaults have it ----

async function score(chrome, lighthouse, address, token) {
	const { lhr } = await lighthouse(address, { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: ['accessibility', 'performance'], extraHeaders: { Authorization: `Bearer ${token}` } });
	if (lhr.runtimeError) throw new Error(`lighthouse: ${lhr.runtimeError.message}`);
	return Object.values(lhr.categories).map(({ id, score: part }) => [id, part * 100]);
}

export async function lighthouse({ school }) {
	const { default: measure } = await import('lighthouse');
	const { launch } = await import('chrome-launcher');
	const { server, trainees } = school, pages = pagesOf(school);
	await server.start();
	const chrome = await launch({ chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
	try {
		for (const name of MEASURED) {
			const rounds = [];
			for (let round = 0; round < ROUNDS; round++) rounds.push(await score(chrome, measure, server.origin + pages[name], trainees[0].token));
			rounds[0].forEach(([id], i) => figure(`lighthouse_${id}_${name}`, median(rounds.map((round) => round[i][1])), 'points'));
		}
	} finally {
		await chrome.kill();
		await server.stop();
	}
}
