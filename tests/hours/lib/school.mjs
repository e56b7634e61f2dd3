// A server with an institution, staff, a course of recorded lessons and trainees, all through its own doors.
import { spawn, spawnSync } from 'node:child_process';
import http from 'node:http';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const program = process.env.CURBCUT_TEST;
if (!program) throw new Error('CURBCUT_TEST must name curbcut-test; run the tests by ./dev test or ctest');
const START_MS = 30000;
// the clock of ../clock.c, behind which `program` is the server as it is shipped: its hashes have a least size
const preloaded = process.env.PRELOADED_CLOCK, LEAST_MB = preloaded ? 19 : 1;
// more threads than any test has connections; two thousand start slowly under a sanitizer
// renditions are made behind each import: only where a test is about them
const few = (memory, renditions) => `[curbcut]\nthreads = 400\npassword_memory = ${memory}\nrenditions = ${renditions}\n`;

export function run(file, args, input = '') {
	const done = spawnSync(file, args, { input, encoding: 'utf8', maxBuffer: 64 << 20, timeout: 300000 });
	if (done.error) throw done.error;
	if (done.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${done.stderr || done.stdout}`);
	return done.stdout;
}

export const folder = (name) => mkdtempSync(path.join(tmpdir(), `curbcut-${name}-`));

// A course package: `units` lessons of one film each, `seconds` long. A black picture at one frame a second is enough.
export function makeCourse(into, { units, seconds, hours, name = 'Lessons' }) {
	const files = path.join(into, 'course');
	mkdirSync(files, { recursive: true });
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `color=c=black:s=64x48:r=1:d=${seconds}`, '-c:v', 'libx264',
		'-preset', 'ultrafast', '-g', '4', '-pix_fmt', 'yuv420p', '-y', path.join(files, 'film.mp4')]);
	writeFileSync(path.join(files, 'course.json'), JSON.stringify({
		name, inLanguage: 'en',
		units: Array.from({ length: units }, (_, i) => ({ id: `u${i + 1}`, name: `Lesson ${i + 1}`, kind: 'video', src: 'film.mp4', hours })),
	}));
	const zip = path.join(into, 'course.zip');
	spawnSync('zip', ['-q', '-0', '-X', zip, 'course.json', 'film.mp4'], { cwd: files });
	return zip;
}

// Connections are kept: opening one for each of a hundred thousand requests would be most of the work.
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

// One HTTP client with its bearer token.
export class Client {
	constructor(origin, token) {
		this.origin = origin;
		this.headers = token ? { Authorization: `Bearer ${token}` } : {};
	}

	// {status, headers, bytes, text, json}; fails when the line breaks.
	ask(method, address, body, headers = {}) {
		const text = body === undefined ? undefined : JSON.stringify(body);
		return this.raw(method, address, text, { ...(text ? { 'Content-Type': 'application/json' } : {}), ...headers });
	}

	// The same with a body of bytes.
	raw(method, address, body, headers = {}) {
		const bytes = body === undefined ? undefined : Buffer.from(body);
		const all = { ...this.headers, ...(bytes ? { 'Content-Length': bytes.length } : {}), ...headers };
		return new Promise((resolve, reject) => {
			const request = http.request(this.origin + address, { method, headers: all, agent }, (reply) => {
				const chunks = [];
				reply.on('data', (chunk) => chunks.push(chunk));
				reply.once('error', reject);
				reply.once('end', () => resolve(new Reply(reply, Buffer.concat(chunks))));
			});
			// a kept connection that the server had closed meanwhile: nothing was asked yet
			request.once('error', (error) => (request.reusedSocket && error.code === 'ECONNRESET' ? resolve(this.raw(method, address, body, headers)) : reject(error)));
			request.end(bytes);
		});
	}

	async must(method, address, body, headers) {
		const reply = await this.ask(method, address, body, headers);
		if (reply.status >= 400) throw new Error(`${method} ${address}: ${reply.status} ${reply.text.slice(0, 500)}`);
		return reply.json;
	}
}

class Reply {
	constructor(message, bytes) {
		this.status = message.statusCode;
		this.headers = message.headers;
		this.bytes = bytes;
	}

	get text() { return this.bytes.toString('utf8'); }
	get json() { return /json/.test(this.headers['content-type'] ?? '') ? JSON.parse(this.text) : null; }
}

export class School {
	constructor(clock, config) {
		this.clock = clock;
		this.config = config;
		this.memory = 1; // MB of a password's hash: only where passwords are tried in earnest as much as in a school
		this.renditions = 'no';
		this.data = folder('hours');
		this.env = {}; // of the server, beside what the test has
		this.accounts = {};
	}

	async start() {
		const args = ['serve', '--data', path.join(this.data, 'data'), '--listen', '127.0.0.1:0', '--second-factor', this.second ?? 'no'];
		const stdio = ['ignore', 'pipe', 'pipe'];
		writeFileSync(path.join(this.data, 'curbcut.ini'), few(Math.max(this.memory, LEAST_MB), this.renditions) + (this.config ?? ''));
		args.push('--config', path.join(this.data, 'curbcut.ini'));
		const env = { ...process.env, ...this.env };
		if (this.clock && preloaded) {
			Object.assign(env, { LD_PRELOAD: preloaded, CURB_CLOCK: this.clock.file });
		} else if (this.clock) {
			stdio.push(this.clock.fd);
			args.push('--clock-fd', '3');
		}
		this.child = spawn(program, args, { stdio, env });
		this.log = '';
		this.ended = new Promise((resolve) => this.child.once('exit', resolve));
		this.origin = undefined;
		await new Promise((resolve, reject) => {
			const late = setTimeout(() => reject(new Error(`no address:\n${this.log}`)), START_MS);
			const look = (chunk) => {
				this.log += chunk;
				if (this.origin) return; // a search of the whole log for each of its lines would be most of a long test
				const found = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(this.log);
				if (found) { clearTimeout(late); resolve(this.origin = found[1]); }
			};
			this.child.stdout.on('data', look);
			this.child.stderr.on('data', look);
			this.child.once('exit', () => { clearTimeout(late); reject(new Error(`curbcut ended:\n${this.log}`)); });
		});
		return this;
	}

	command(...args) {
		const [words, rest] = [args.filter((word, i) => i < 2 && !word.startsWith('-')), args];
		return run(program, [...rest.slice(0, words.length), '--config', path.join(this.data, 'curbcut.ini'), '--data', path.join(this.data, 'data'), ...rest.slice(words.length)], this.input ?? '');
	}

	// People of the school: an institution, its staff, and trainees t1…tN.
	async people(trainees) {
		const institution = JSON.parse(this.command('institution', 'add', '--name', 'Base', '--region', '370100', '--region-name', 'Jinan'));
		this.institution = institution.id;
		await this.account('staff', 'staff', ['--institution', institution.id]);
		for (let i = 1; i <= trainees; i++) await this.account(`t${i}`, 'learner');
	}

	async account(name, role, more = []) {
		this.input = `secret-${name}\n`;
		const made = JSON.parse(this.command('user', 'add', '--name', name, '--role', role, ...more));
		this.input = ''; // other commands read nothing: a pipe that they close would break
		const reply = await new Client(this.origin).must('POST', '/api/v1/session', { name, password: `secret-${name}` });
		this.accounts[name] = { id: made.id, client: new Client(this.origin, reply.token) };
		return this.accounts[name];
	}

	client(name) { return this.accounts[name].client; }

	// Imports a package, published; returns {course, version, units}.
	async course(zip) {
		const line = JSON.parse(this.command('import', '--publish', zip));
		const course = await new Client(this.origin).must('GET', `/api/v1/courses/${line.course}`);
		return { course: line.course, version: line.version, units: course.units };
	}

	plan(course, { total, offline, days = 300 }) {
		const now = this.clock ? this.clock.wall : Date.now();
		return {
			programme: 'Massage, beginners', courses: [course.version], total, institution: this.institution,
			offline: offline ? [{ name: 'Practice', hours: offline }] : [], starts: now - 1000, ends: now + Math.round(days * 86400000),
		};
	}

	async cohort(course, plan, trainees) {
		const { id } = await this.client('staff').must('POST', '/api/v1/cohorts', this.plan(course, plan));
		for (const trainee of trainees) await this.client('staff').must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee });
		return id;
	}

	// Fetches the whole flat file of a unit as a player would: then it is delivered.
	async fetchMedia(name, media, range) {
		const reply = await this.client(name).ask('GET', media.progressive, undefined, range ? { Range: `bytes=${range}` } : {});
		if (reply.status !== 200 && reply.status !== 206) throw new Error(`media: ${reply.status} ${reply.text.slice(0, 300)}`);
		return reply.bytes.length;
	}

	// The process under the supervisor that serves.
	serverPid() {
		for (const name of readdirSync('/proc')) {
			if (!/^\d+$/.test(name)) continue;
			try {
				if (readFileSync(`/proc/${name}/stat`, 'latin1').split(') ')[1].split(' ')[1] === String(this.child.pid)) return Number(name);
			} catch { /* it ended while we looked */ }
		}
		return 0;
	}

	// kill -9 of the supervisor and all under it, as a power cut ends them.
	async cut() {
		this.child.kill('SIGKILL');
		await this.ended;
	}

	// Ends it and starts it with another configuration; who is signed in stays so.
	async restart(config) {
		this.child.kill('SIGTERM');
		await this.ended;
		this.config = config;
		await this.start();
		for (const account of Object.values(this.accounts)) account.client.origin = this.origin;
	}

	async stop() {
		if (this.child && this.child.exitCode === null && this.child.signalCode === null) {
			this.child.kill('SIGTERM');
			const late = setTimeout(() => this.child.kill('SIGKILL'), 15000);
			await this.ended;
			clearTimeout(late);
		}
		rmSync(this.data, { recursive: true, force: true });
	}
}
