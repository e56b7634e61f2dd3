// Curbcut, nginx and Go's sumdb/tlog as processes, and an HTTP client.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { freePort, run, sleep } from './tools.mjs';

export class Client {
	constructor(origin, token) {
		this.origin = origin;
		this.headers = token ? { Authorization: `Bearer ${token}` } : {};
	}

	async ask(method, address, body, headers = {}) {
		const json = body !== undefined && !Buffer.isBuffer(body);
		const reply = await fetch(this.origin + address, {
			method,
			headers: { ...this.headers, ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers },
			body: json ? JSON.stringify(body) : body,
		});
		const bytes = Buffer.from(await reply.arrayBuffer());
		if (!reply.ok) throw new Error(`${method} ${address}: ${reply.status} ${bytes.toString('utf8', 0, 500)}`);
		const json_reply = /json/.test(reply.headers.get('content-type') ?? '');
		return { headers: reply.headers, bytes, json: json_reply ? JSON.parse(bytes.toString('utf8')) : null };
	}

	async json(method, address, body) { return (await this.ask(method, address, body)).json; }
}

const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

const running = new Set();

// A child that is ended when this program ends, however that is.
function keepRunning(child) {
	running.add(child);
	child.once('exit', () => running.delete(child));
	return child;
}

process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

async function end(child, signal) {
	if (!child || child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill(signal);
	const late = setTimeout(() => child.kill('SIGKILL'), 20000);
	await ended;
	clearTimeout(late);
}

// True when GET /healthz gives 200.
function healthy(port) {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		let text = '';
		socket.once('connect', () => socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`));
		socket.on('data', (chunk) => { text += chunk; });
		socket.once('error', () => resolve(false));
		socket.once('close', () => resolve(text.startsWith('HTTP/1.1 200')));
	});
}

// One data folder with a server on it from time to time.
export class Curbcut {
	constructor(program, folder) {
		this.program = program;
		this.data = path.join(folder, 'data');
		this.log = path.join(folder, 'log');
		this.config = path.join(folder, 'curbcut.ini');
		mkdirSync(folder, { recursive: true });
		writeFileSync(this.config, '[curbcut]\nrenditions = no\n'); // made behind each import, beside what is measured
	}

	// Milliseconds from the start of the process to the first 200 of /healthz.
	async start(env = process.env) {
		this.port = await freePort();
		this.origin = `http://127.0.0.1:${this.port}`;
		const log = openSync(this.log, 'a');
		const began = performance.now();
		this.child = keepRunning(spawn(this.program, ['serve', '--data', this.data, '--config', this.config, '--listen', `127.0.0.1:${this.port}`, '--second-factor', 'no'], { stdio: ['ignore', log, log], env }));
		closeSync(log);
		while (!await healthy(this.port)) {
			if (this.child.exitCode !== null || performance.now() - began > 60000) throw new Error(`curbcut does not serve:\n${readFileSync(this.log, 'utf8').slice(-2000)}`);
			await sleep(1);
		}
		return performance.now() - began;
	}

	// The supervisor and the server.
	pids() { return [this.child.pid, ...children(this.child.pid)]; }

	residentMb() {
		return this.pids().reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024, 0);
	}

	command(words, args, input = '') { return run(this.program, [...words, '--data', this.data, ...args], { input }); }

	async account(name, role, more = []) {
		const { id } = JSON.parse(this.command(['user', 'add'], ['--name', name, '--role', role, ...more], `secret-${name}\n`));
		const token = await this.token(name);
		return { id, token, client: new Client(this.origin, token) };
	}

	// Of somebody who has an account.
	async token(name) { return (await new Client(this.origin).json('POST', '/api/v1/session', { name, password: `secret-${name}` })).token; }

	stop() { return end(this.child, 'SIGTERM'); }
}

// nginx of Debian with sendfile, its log off; serves a folder.
export class Nginx {
	constructor(folder) {
		this.folder = folder;
		this.root = path.join(folder, 'root');
		mkdirSync(this.root, { recursive: true });
	}

	async start() {
		this.port = await freePort();
		const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${this.folder}/${name};`).join('\n');
		const user = process.getuid() === 0 ? 'user root;' : '';
		writeFileSync(path.join(this.folder, 'nginx.conf'), `
${user}
worker_processes 2;
pid ${this.folder}/pid;
error_log ${this.folder}/error.log;
events { worker_connections 4096; }
http {
${temporary}
access_log off;
sendfile on;
tcp_nopush on;
keepalive_requests 100000000;
open_file_cache max=100;
types { application/json json; }
server { listen 127.0.0.1:${this.port}; root ${this.root}; }
}
`);
		this.child = keepRunning(spawn('/usr/sbin/nginx', ['-c', path.join(this.folder, 'nginx.conf'), '-p', this.folder, '-g', 'daemon off;'], { stdio: 'ignore' }));
		for (let i = 0; this.pids().length < 3; i++) {
			if (i > 500) throw new Error('nginx does not start');
			await sleep(10);
		}
	}

	pids() { return [this.child.pid, ...children(this.child.pid)]; }

	stop() { return end(this.child, 'SIGQUIT'); }
}


// Receipts of an exported ledger, made by Go (tests/bench/tlog).
export class Tlog {
	constructor(program, key, folder) { this.command = [program, ['serve', key, folder]]; }

	async start() {
		this.child = keepRunning(spawn(...this.command, { stdio: ['ignore', 'pipe', 'inherit'] }));
		this.port = Number(await new Promise((resolve, reject) => {
			this.child.stdout.once('data', resolve);
			this.child.once('exit', () => reject(new Error('bench_tlog does not serve')));
		}));
	}

	pids() { return [this.child.pid]; }

	stop() { return end(this.child, 'SIGTERM'); }
}
