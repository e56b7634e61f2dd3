// Somebody of every role, and of each thing there is one at home (their own institution), one near (another institution
// of the same province) and one far (another province). All of it is made through the server's own doors.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Clock } from '../../hours/lib/clock.mjs';
import { Client, School, folder, makeCourse, program, run } from '../../hours/lib/school.mjs';
import { Uploads } from '../../ingest/lib/tus.mjs';
import { captioner, drafted } from './heard.mjs';
import { Visitor } from './visitor.mjs';

process.env.CURBCUT ??= program; // the maker of books looks for it
const { makeBook } = await import('../../browser/lib/classroom.mjs');

export const ROLES = ['learner', 'helper', 'author', 'teacher', 'captioner', 'staff', 'reviewer', 'auditor', 'evaluator', 'admin'];
export const PLACES = ['home', 'near', 'far'];
const OF_INSTITUTION = ['author', 'teacher', 'captioner', 'staff'], OF_REGION = ['reviewer', 'auditor', 'evaluator'];
const REGIONS = { home: '370000', far: '350000' }; // home and near lie in the first
// Whose role holds elsewhere than that of the first of them: for a region instead of an institution or of the whole server,
// at another institution, in another province.
export const ELSEWHERE = ['staff-near', 'staff-far', 'staff-region', 'admin-region', 'admin-far', 'auditor-far', 'reviewer-far'];
export const roleOf = (name) => ROLES.find((role) => name === role || name?.startsWith(`${role}-`)) ?? null;

// The places that somebody's grant covers; whoever runs the machine has them all.
export function coveredBy(name) {
	const role = roleOf(name), where = name?.slice((role?.length ?? 0) + 1);
	if (name === 'admin') return PLACES;
	if (where === 'far') return ['far'];
	if (where === 'near') return ['near'];
	return where === 'region' || OF_REGION.includes(role) ? ['home', 'near'] : ['home'];
}

// A lesson that is read, of two pages and a picture.
function makePages(files) {
	const at = path.join(files, 'pages'), zip = path.join(files, 'book.zip');
	mkdirSync(at);
	const page = (title, inside) => `<html lang="en"><title>${title}</title><h1>${title}</h1>${inside}</html>`;
	writeFileSync(path.join(at, 'index.html'), page('book', '<p>Lesson 1 <img src="dot.png" alt=""></p><ul><li><a href="two.html">Lesson 2</a></ul>'));
	writeFileSync(path.join(at, 'two.html'), page('Lesson 2', '<p>Lesson 2</p>'));
	writeFileSync(path.join(at, 'dot.png'), Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64'));
	run('zip', ['-q', '-X', '-j', zip, ...['index.html', 'two.html', 'dot.png'].map((name) => path.join(at, name))]);
	return zip;
}

const MONTH_AND_MORE_S = 31 * 86400;

export class County extends School {
	// pseudo: with the languages en-XA and ar-XB, in which every text that is translated stands in ⟦brackets⟧.
	// report: a folder with a report about accessibility, journey: one that is told there.
	static async open({ pseudo = false, report, journey } = {}) {
		const clock = new Clock(), county = new County(clock, `access_report = ${report ?? path.join(clock.folder, 'none')}\n`);
		county.journey = journey;
		county.lang = pseudo ? 'en-XA' : 'en'; // what is found in a package is told in its author's language
		if (pseudo) process.env.CURBCUT_PSEUDO = 'yes';
		county.files = folder('county');
		county.config += captioner(county.files);
		try {
			await county.start();
			await county.settle();
		} catch (error) {
			await county.close();
			throw error;
		}
		return county;
	}

	async close() {
		await this.also?.(); // another server that one of its tests needed
		await this.stop();
		this.clock.close();
		rmSync(this.files, { recursive: true, force: true });
	}

	async settle() {
		this.input = '';
		const add = (name, region, regionName, parent) => JSON.parse(this.command('institution', 'add', '--name', name, '--region', region, '--region-name', regionName, ...(parent ? ['--parent', parent] : []))).id;
		add('Federation of Shandong', '370000', 'Shandong');
		add('Federation of Fujian', '350000', 'Fujian');
		this.institutions = { home: add('Base of Jinan', '370100', 'Jinan', '370000'), near: add('Base of Qingdao', '370200', 'Qingdao', '370000'), far: add('Base of Fuzhou', '350100', 'Fuzhou', '350000') };
		this.institution = this.institutions.home;
		await this.account('gone', 'learner');
		this.clock.pass(MONTH_AND_MORE_S); // her session has ended
		for (const role of ROLES) await this.somebody(role, role, 'home');
		for (const place of ['near', 'far'])
			for (const role of ['learner', 'author', 'staff']) await this.somebody(`${role}-${place}`, role, place);
		for (const name of ELSEWHERE.filter((name) => !this.accounts[name])) await this.somebody(name, roleOf(name), /far$/.test(name) ? 'far' : 'home', /^admin-|-region$/.test(name));
		await this.fill();
	}

	// ofRegion: also where such a role holds for an institution or for all.
	somebody(name, role, place, ofRegion) {
		const grant = ofRegion || OF_REGION.includes(role) ? ['--region', REGIONS[place]] : OF_INSTITUTION.includes(role) ? ['--institution', this.institutions[place]] : [];
		return this.account(name, role, grant);
	}

	// What there is where somebody lives: "learner-far" or a role at home.
	place(name) { return this.places[/-(near|far)$/.exec(name)?.[1] ?? 'home']; }

	// The one who has a role in a place.
	at(role, place) { return this.accounts[place === 'home' ? role : `${role}-${place}`]; }

	async fill() {
		const course = makeCourse(this.files, { units: 1, seconds: 40, hours: 0.01 });
		this.bytes = readFileSync(course);
		this.lessons = await this.course(course);
		this.book = await this.course(makeBook(this.files, 'book', [4, 4]));
		if (this.routes().some(({ owner }) => owner === 'document')) this.pages = await this.course(makePages(this.files));
		this.places = {};
		for (const place of PLACES) {
			const staff = this.at('staff', place).client, learner = this.at('learner', place);
			const { id } = await staff.must('POST', '/api/v1/cohorts', { ...this.plan(this.lessons, { total: 0.03, offline: 0.02 }), institution: this.institutions[place] });
			await staff.must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: place === 'home' ? 'learner' : `learner-${place}` });
			const play = await learner.client.must('POST', '/api/v1/plays', { unit: this.lessons.units[0].id, cohort: id });
			this.clock.pass(60);
			const sheet = await staff.must('POST', `/api/v1/cohorts/${id}/attendance`, {
				unit: 1, mode: 'onsite', from: this.clock.wall - 30000, to: this.clock.wall, place: 'Jinan', teacher: 'teacher', key: 'first', present: [{ trainee: learner.id, seconds: 20 }],
			});
			this.places[place] = { sheet: sheet.id, cohort: id, institution: this.institutions[place], learner: learner.id, play: play.play, media: play.media };
		}
	}

	// Drafts of the authors: one of each to look at, one to act on.
	async bring() {
		[this.drafts, this.acted] = [{}, {}];
		for (const author of ['author', 'author-near', 'author-far']) {
			this.drafts[author] = await this.draft(author);
			this.acted[author] = await this.draft(author);
		}
		await this.asked('home');
		await drafted(this);
		this.places.home.called = await this.called();
	}

	// A class that opens now, with all that its course lacks.
	async lacking() {
		return (await this.client('staff').must('POST', '/api/v1/cohorts', this.plan(this.lessons, { total: 0.03, offline: 0.02 }))).id;
	}

	// Such a class of which staff said something on the page of its tasks.
	async said(act, values) {
		const cohort = await this.lacking(), staff = this.visitor('staff'), page = (await staff.get(`/classes/${cohort}/tasks`)).text;
		await staff.post(`/classes/${cohort}/tasks${act}`, [['csrf', /name="csrf" value="([^"]+)"/.exec(page)[1]], ...values(page)]);
		return cohort;
	}
	called() {
		return this.said('', (page) => [['task', /<select[^>]* name="task"[^]*?<option value="([0-9a-f-]{36})"/.exec(page)[1]], ['words', 'On paper']]);
	}
	helped() {
		return this.said('/help', () => [['kind', 'captioner'], ['name', 'Captioner Wu']]);
	}

	// A question of the place's learner about her hours in its class, once; its id.
	asked(place) {
		return this.places[place].question ??= (async () => {
			const visitor = this.visitor(place === 'home' ? 'learner' : `learner-${place}`), { cohort } = this.places[place];
			const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get(`/record/ask?class=${cohort}`)).text)[1];
			const reply = await visitor.post('/record/ask', [['csrf', csrf], ['class', cohort], ['text', 'Why so few?']]);
			return /questions\/([0-9a-f-]+)/.exec(reply.headers.location)[1];
		})();
	}

	// A draft course of an author, whole: {course, upload, job}.
	async draft(author, bytes = this.bytes) {
		const client = this.accounts[author].client, upload = await this.upload(author, bytes);
		const { job } = await client.must('POST', '/api/v1/imports', { upload }, { 'Accept-Language': this.lang });
		for (const late = Date.now() + 60000; Date.now() < late; await new Promise((done) => setTimeout(done, 5))) {
			const told = await client.must('GET', `/api/v1/jobs/${job}`);
			if (told.state === 'done') return { job, course: told.result.course };
			if (!['waiting', 'running'].includes(told.state)) throw new Error(`draft: ${JSON.stringify(told)}`);
		}
		throw new Error('the import does not end');
	}

	// The id of an upload of one small lesson.
	async upload(author, bytes = this.bytes) {
		const uploads = new Uploads(this.origin, this.accounts[author].client.headers.Authorization.slice(7));
		return (await uploads.whole(bytes, 'course.zip')).split('/').pop();
	}

	routes() {
		return run(program, ['routes', '--data', path.join(this.data, 'data')]).trim().split('\n').map((line) => JSON.parse(line));
	}

	// As a browser has it: nobody's without a name.
	visitor(name, lang) {
		return new Visitor(this.origin, { lang, token: name ? this.accounts[name].client.headers.Authorization.slice(7) : undefined });
	}

	nobody() { return new Client(this.origin); }
}
