// A server with an author, another author, a reviewer and a learner; what lies in its data folder can be compared.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Clock } from '../../hours/lib/clock.mjs';
import { Client, School } from '../../hours/lib/school.mjs';
import { Uploads } from './tus.mjs';

export class House extends School {
	static async open(config, renditions = 'no') {
		const closed = new House(new Clock(), config);
		closed.renditions = renditions;
		const house = await closed.start();
		house.input = '';
		const made = JSON.parse(house.command('institution', 'add', '--name', 'Base', '--region', '370000', '--region-name', 'Shandong'));
		house.institution = made.id;
		await house.account('author', 'author', ['--institution', made.id]);
		await house.account('other', 'author', ['--institution', made.id]);
		await house.account('reviewer', 'reviewer', ['--region', '370000']);
		await house.account('learner', 'learner');
		return house;
	}

	async close() {
		await this.stop();
		this.clock.close();
	}

	// Started once more on the same data; everybody stays signed in.
	async again() {
		await this.start();
		for (const account of Object.values(this.accounts)) account.client.origin = this.origin;
	}

	nobody() { return new Client(this.origin); }

	uploads(name) { return new Uploads(this.origin, this.client(name).headers.Authorization.slice(7)); }

	get folder() { return path.join(this.data, 'data'); }

	// All that lies in the data folder, but the database (its rows are asked over HTTP) and what a running server keeps.
	left() {
		const files = [];
		const walk = (folder, prefix) => {
			for (const entry of readdirSync(folder, { withFileTypes: true })) {
				const name = `${prefix}${entry.name}`;
				if (entry.isDirectory()) walk(path.join(folder, entry.name), `${name}/`);
				else if (!/^(curbcut\.db|control\.sock|lock$)/.test(name)) files.push(`${name} ${entry.isFile() ? statSync(path.join(folder, entry.name)).size : 0}`);
			}
		};
		walk(this.folder, '');
		return files.sort();
	}

	// Until the job has ended; what it says then. A job that waits to be tried again gets the time it waits for.
	async job(name, id) {
		for (const late = Date.now() + 150000; Date.now() < late;) {
			const job = await this.client(name).must('GET', `/api/v1/jobs/${id}`);
			if (!['waiting', 'running'].includes(job.state)) return job;
			const again = job.state === 'waiting' && job.tries > 0;
			if (again) this.clock.pass(1);
			// asked without a pause, the server and this test would take the processors from the worker
			await new Promise((resolve) => (again ? setImmediate(resolve) : setTimeout(resolve, 5)));
		}
		throw new Error(`job ${id} does not end:\n${this.log}`);
	}

	// An upload and its import by HTTP; the ended job.
	async bring(name, bytes, file, { lang = 'en', course } = {}) {
		const address = await this.uploads(name).whole(bytes, file);
		const { job } = await this.client(name).must('POST', '/api/v1/imports', { upload: address.split('/').pop(), ...(course ? { course } : {}) }, { 'Accept-Language': lang });
		return this.job(name, job);
	}

	// Until a process is no more.
	async gone(pid) {
		for (const late = Date.now() + 10000; Date.now() < late; await new Promise(setImmediate)) {
			try { process.kill(pid, 0); } catch { return; }
		}
		throw new Error(`process ${pid} is still there`);
	}

	// Processes below the supervisor: [{pid, parent, name}].
	below() {
		const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
			try {
				const [, name, rest] = /^\d+ \((.*)\) \S (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'));
				return [{ pid: Number(pid), parent: Number(rest.split(' ')[0]), name }];
			} catch { return []; } // it ended while we looked
		});
		const found = all.filter((one) => one.parent === this.child.pid);
		for (const one of found) found.push(...all.filter((other) => other.parent === one.pid && !found.includes(other)));
		return found;
	}
}
