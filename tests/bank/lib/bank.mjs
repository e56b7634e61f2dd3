// A school whose classes end in certificates, with the rules of its place, and accounts as people and programs read them.
import { setTimeout as pause } from 'node:timers/promises';
import { rmSync } from 'node:fs';
import { countersign, enter } from '../../certificates/lib/assess.mjs';
import { readLedger } from '../../certificates/lib/ledger.mjs';
import { Visitor } from '../../guard/lib/visitor.mjs';
import { Clock } from '../../hours/lib/clock.mjs';
import { School, folder, makeCourse } from '../../hours/lib/school.mjs';
import { pageOf } from '../../scenes/lib/forms.mjs';

export const ONLINE_S = 108, OFFLINE_S = 162; // 0.04 and 0.06 class hours: together a tenth
const HOURS_MS = 3600000;

export class Bank {
	async start() {
		this.clock = new Clock();
		this.files = folder('bank');
		this.school = await new School(this.clock, 'checkpoint_s = 1\norigin = http://school.example\n').start();
		const { school } = this, region = (name, code, regionName, parent) => JSON.parse(school.command('institution', 'add', '--name', name, '--region', code, '--region-name', regionName, ...(parent ? ['--parent', parent] : []))).id;
		region('Federation of Shandong', '370000', 'Shandong');
		school.institution = region('Base', '370100', 'Jinan', '370000');
		school.college = region('College', '370200', 'Qingdao', '370000');
		await school.account('staff', 'staff', ['--institution', school.institution]);
		await school.account('colleague', 'teacher', ['--institution', school.institution]);
		await school.account('college', 'staff', ['--institution', school.college]);
		await school.account('province', 'reviewer', ['--region', '370000']);
		await school.account('auditor', 'auditor');
		await school.account('auditor-college', 'auditor', ['--institution', school.college]);
		this.course = await school.course(makeCourse(this.files, { units: 1, seconds: ONLINE_S, hours: 0.04 }));
		return this;
	}

	async stop() {
		await this.school?.stop();
		this.clock?.close();
		if (this.files) rmSync(this.files, { recursive: true, force: true });
	}

	client(name) { return this.school.client(name); }
	id(name) { return this.school.accounts[name].id; }

	// A rule of the province, from today on, entered on its page.
	async rule(figures) {
		const browser = new Visitor(this.school.origin, { token: this.client('province').headers.Authorization.slice(7) });
		const { text } = await browser.get('/policies/new'), hidden = ['csrf', 'idempotency_key'].map((name) => [name, new RegExp(`name="${name}" value="([^"]+)"`).exec(text)[1]]);
		const [year, month, day] = new Date(this.clock.wall + 8 * HOURS_MS).toISOString().slice(0, 10).split('-');
		return browser.post('/policies/new', [...hidden, ...Object.entries({ place: '370000', kind: '', title: 'Notice of the credit bank', number: 'No. 7', 'from-year': year, 'from-month': month, 'from-day': day, go: 'enter', ...figures })]);
	}

	// A class of the trainees who have all that a certificate wants.
	async finished(trainees, type) {
		const { school, clock } = this;
		for (const name of trainees) if (!school.accounts[name]) await school.account(name, 'learner');
		const { id } = await school.client('staff').must('POST', '/api/v1/cohorts', { ...school.plan(this.course, { total: 0.1, offline: 0.06 }), ...(type ? { type } : {}) });
		for (const trainee of trainees) await school.client('staff').must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee });
		for (const name of trainees) {
			const { play, media } = await school.client(name).must('POST', '/api/v1/plays', { unit: this.course.units[0].id, cohort: id });
			await school.fetchMedia(name, media);
			clock.pass(ONLINE_S);
			await school.client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, ONLINE_S]], rate: 1, position: ONLINE_S });
		}
		clock.pass(OFFLINE_S);
		const sheet = await school.client('staff').must('POST', `/api/v1/cohorts/${id}/attendance`, { unit: 1, mode: 'onsite', from: clock.wall - OFFLINE_S * 1000, to: clock.wall, place: 'Base', teacher: 'Ms Li', key: id, present: trainees.map((trainee) => ({ trainee, seconds: OFFLINE_S })) });
		await school.client('colleague').must('POST', `/api/v1/attendance/${sheet.id}/countersign`, {});
		for (const name of trainees) {
			await enter(school.client('staff'), id, this.id(name));
			await countersign(school.client('colleague'), id, this.id(name));
		}
		return id;
	}

	issue(trainee, cohort, who = 'staff') { return this.client(who).must('POST', '/api/v1/certificates', { trainee: this.id(trainee), cohort }); }
	page(who, address) { return pageOf(this.client(who), address); }

	// The ledger, once `n` of its signed entries are of a kind.
	async ledger(kind, n) {
		for (let least = 1;;) {
			const read = await readLedger(this.client('auditor'), least);
			if (read.facts.filter((entry) => entry.kind === kind).length >= n) return read;
			least = read.facts.length + 1;
		}
	}

	// What her account says, line by line, once it has `least` lines.
	async lines(who, least = 0, address = '/credits/statement.csv') {
		for (const late = Date.now() + 20000; Date.now() < late; await pause(20)) {
			const reply = await this.client(who).ask('GET', address, undefined, { 'Accept-Language': 'en' });
			if (reply.status !== 200) throw new Error(`${address}: ${reply.status} ${reply.text.slice(0, 300)}`);
			const rows = readCsv(reply.text);
			if (rows.length > least) return rows;
		}
		throw new Error(`no ${least} lines at ${address}`);
	}
}

// Rows of cells (RFC 4180).
export function readCsv(text) {
	return text.replace(/^\ufeff/, '').split('\r\n').filter(Boolean).map((row) => [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map((cell) => (cell[1] ?? cell[2]).replaceAll('""', '"')));
}
