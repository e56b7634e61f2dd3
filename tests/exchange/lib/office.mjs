// Two servers without a line: a county's with classes, and the province's. What goes from one to the other is carried as a file.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Bank } from '../../bank/lib/bank.mjs';
import { Visitor } from '../../guard/lib/visitor.mjs';
import { School } from '../../hours/lib/school.mjs';
import { pageOf, sendForm } from '../../scenes/lib/forms.mjs';

export const NUMBER = '11010519491231002X44', OTHER = '11010519491231002X43';
// What stands in a certificate number and nowhere else.
export const CANARIES = ['11010519491231002', '19491231', '31002X4'];

const field = (text, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1];
const words = (text) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
export const textOf = ({ text }) => words(text);

// What both have: pages of bundles.
export class Office {
	constructor(school) { this.school = school; }

	client(name) { return this.school.client(name); }
	page(who, address = '/exchange') { return pageOf(this.client(who), address); }

	async card() {
		return words(/curbcut-server\/v1 [^<]*/.exec((await this.page('admin', '/exchange')).text)[0]).trim();
	}

	enter(name, region, card, more = {}) { return sendForm(this.client('admin'), '/exchange/servers', { name, region, card, ...more }); }

	async serverId(name, at = '/exchange') {
		return new RegExp(`<option value="([0-9a-f-]{36})"[^>]*>${name}</option>`).exec((await this.page('admin', at)).text)?.[1];
	}

	// Makes a bundle for a server; the address of its file.
	async make(who, server, more = {}) {
		const reply = await sendForm(this.client(who), '/exchange', { server: await this.serverId(server), ...more }, '/exchange/out');
		if (reply.status !== 303) throw new Error(`${reply.status} ${words(reply.text).slice(0, 800)}`);
		return /\/exchange\/out\/[0-9a-f-]{36}\/file/.exec((await this.page(who)).text)[0];
	}

	async file(who, address) {
		const reply = await this.client(who).ask('GET', address);
		if (reply.status !== 200) throw new Error(`${address}: ${reply.status} ${reply.text.slice(0, 300)}`);
		return reply.bytes;
	}

	async bundle(who, server, more) { return this.file(who, await this.make(who, server, more)); }

	// By the form of the page, as a browser sends it.
	async handIn(who, bytes, name = 'records.curb-bundle') {
		const browser = new Visitor(this.school.origin, { token: this.client(who).headers.Authorization.slice(7) });
		const { text } = await browser.get('/exchange');
		return browser.send('/exchange/in', [['csrf', field(text, 'csrf')], ['file', { name, bytes }]]);
	}

	// By a program.
	post(who, bytes) {
		return this.client(who).raw('POST', '/api/v1/exchange/bundles', bytes, { 'Content-Type': 'application/octet-stream', Accept: 'application/json', 'Accept-Language': 'en' });
	}

	// What the page of the records of a server says, row by row.
	async records(who, server) {
		const at = new RegExp(`href="(/exchange/from/[0-9a-f-]{36})"[^>]*>Records of ${server}`).exec((await this.page(who)).text)[1];
		const { text } = await this.page(who, at);
		return [...text.matchAll(/<tr role="row">(?:(?!<\/tr>)[^])*<\/tr>/g)].slice(1).map(([row]) => [...row.matchAll(/<(?:td|th scope="row")[^>]*>((?:(?!<\/t)[^])*)<\/t/g)].map(([, cell]) => words(cell).trim()));
	}

	// Every file below the data folder, and the log: what somebody reads who has the disk.
	everything() {
		const all = [Buffer.from(this.school.log)], look = (at) => {
			for (const name of readdirSync(at)) {
				const file = path.join(at, name);
				if (statSync(file).isDirectory()) look(file);
				else if (statSync(file).isFile()) all.push(readFileSync(file));
			}
		};
		look(this.school.data);
		return Buffer.concat(all);
	}
}

// A server with classes, results and certificates.
export class County extends Office {
	async start() {
		this.bank = await new Bank().start();
		this.school = this.bank.school;
		await this.school.account('admin', 'admin');
		return this;
	}

	// Trainees of the institution, whose staff look after what makes them eligible.
	async pupils(names) {
		for (const name of names) await this.school.account(name, 'learner', ['--institution', this.school.institution]);
	}

	async number(trainee, number) {
		const at = `/people/${this.school.accounts[trainee].id}/eligibility`;
		const reply = await sendForm(this.client('staff'), at, { kind: 'disability', sealed_number: number });
		if (reply.status !== 303) throw new Error(`${reply.status} ${words(reply.text).slice(0, 500)}`);
	}

	stop() { return this.bank?.stop(); }
}

export class Province extends Office {
	constructor() { super(undefined); }

	async start(region = '370100') {
		const school = this.school = await new School(undefined, 'checkpoint_s = 1\n').start();
		JSON.parse(school.command('institution', 'add', '--name', 'Federation', '--region', '370000', '--region-name', 'Shandong'));
		JSON.parse(school.command('institution', 'add', '--name', 'Base', '--region', region, '--region-name', 'Jinan', '--parent', '370000'));
		JSON.parse(school.command('institution', 'add', '--name', 'Elsewhere', '--region', '350000', '--region-name', 'Fujian'));
		await school.account('admin', 'admin');
		await school.account('province', 'reviewer', ['--region', '370000']);
		await school.account('fujian', 'reviewer', ['--region', '350000']);
		await school.account('auditor', 'auditor', ['--region', '370000']);
		await school.account('pupil', 'learner');
		return this;
	}

	stop() { return this.school?.stop(); }
}

// Each enters the other's card.
export async function acquaint(county, province) {
	for (const [one, other, name, region] of [[county, province, 'Province', '370000'], [province, county, 'Jinan County', '370100']]) {
		const reply = await one.enter(name, region, await other.card());
		if (reply.status !== 303) throw new Error(`${name}: ${reply.status} ${words(reply.text).slice(0, 500)}`);
	}
}
