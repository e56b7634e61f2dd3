// Forms that a page shows only when something is so, which `fresh` brings about: see forms.mjs. Each names who types, for no walk
// through the pages meets it.
import { setTimeout as pause } from 'node:timers/promises';
import { planned } from './cells_home.mjs';
import { entered, today } from './forms_lessons.mjs';
import { filled, read } from './html.mjs';

let count = 0;

// Sends the form of a page that goes to such an address; where it leads.
async function sent(county, who, address, to, values = {}) {
	const visitor = county.visitor(who, 'en'), page = await visitor.get(address);
	const form = read(page.text).forms.find((one) => one.method === 'POST' && to.test(one.action ?? address));
	if (!form) throw new Error(`${address} has no form to ${to}: ${page.status}`);
	const reply = await visitor.post(form.action ?? address, filled(form, values, form.buttons.find(({ value }) => value === 'next') ?? form.buttons[0]), { Referer: county.origin + address });
	if (reply.status !== 303) throw new Error(`${form.action ?? address}: ${reply.status} ${reply.text.replace(/<[^>]*>|\s+/g, ' ').slice(0, 400)}`);
	return reply.headers.location;
}

// A course in each of its states, by its own pages.
const drafted = async (county) => `/courses/${(await county.draft('author')).course}`;
const handedIn = async (county) => { const at = await drafted(county); await sent(county, 'author', at, /submit$/); return at; };
const published = async (county) => { const at = await handedIn(county); await sent(county, 'reviewer', at, /approve$/); return at; };
const retired = async (county) => { const at = await published(county); await sent(county, 'reviewer', `${at}/retire`, /retire$/); return at; };

// A course of two versions that were published, and the page of its versions.
const twice = async (county) => {
	const at = await published(county), desk = `/packages${at}`;
	await sent(county, 'author', desk, /packages\/courses\/[^/]+$/, { name: `Course ${++count} anew` });
	const draft = /href="([^"]+)"[^>]*>Look at the new version/.exec((await county.visitor('author').get(at)).text)[1];
	await sent(county, 'author', draft, /submit$/);
	await sent(county, 'reviewer', draft, /approve$/);
	return `${desk}/versions`;
};

// A class that is planned to its last step.
async function checked(county) {
	const at = `/classes/drafts/${await planned(county, 'staff')}`, step = (name, values) => sent(county, 'staff', `${at}/${name}`, new RegExp(`${name}$`), values);
	await step('plan', { programme: 'Massage, beginners', total: '0.1' });
	await step('courses', { 'courses[]': county.lessons.version });
	await step('offline', { name1: 'Practice', hours1: '0.09' });
	await step('dates', Object.fromEntries(['starts', 'ends'].flatMap((end, i) => [[`${end}-year`, String(2027 + i)], [`${end}-month`, '6'], [`${end}-day`, '1']])));
	return `${at}/check`;
}

// Learner who lets the helper set what helps her, and the helper's page for her.
async function allowed(county) {
	await sent(county, 'learner', '/needs/mine', /helpers$/, { helper: 'helper' });
	return `/needs/for/${county.accounts.learner.id}`;
}

// What helps somebody was set just now: the page offers to undo it.
const changed = (county, who, at) => sent(county, who, at, new RegExp(`${at}$`));

const letHelp = (county) => sent(county, 'learner', '/account/help', /\/account\/help$/, { helper: 'helper' });
const signIn = (county, name) => county.nobody().must('POST', '/api/v1/session', { name, password: `secret-${name}` });

export const shown = {
	'POST /account/devices/end': { as: 'evaluator', leaves: true, fresh: async (county) => { await signIn(county, 'evaluator'); return '/account/devices'; } },
	'POST /account/help/:id/begin': { as: 'helper', leaves: true, fresh: async (county) => { await letHelp(county); return '/account/help'; } },
	'POST /account/help/:id/end': { as: 'helper', once: true, fresh: async (county) => { await letHelp(county); return '/account/help'; } },
	'POST /assessments/:class/:person/:id/countersign': { as: 'teacher', once: true, fresh: async (county) => {
		const at = `/assessments/${county.places.home.cohort}/${county.accounts.learner.id}`;
		await sent(county, 'staff', at, /assessments/, { theory: 'passed', practice: 'passed', ...today(county), examiner: `Examiner ${++count}`, reason: 'Read anew' });
		return at;
	} },
	'POST /attendance/day': { as: 'teacher', once: true, fresh: async (county) => { await entered(county); await entered(county); return '/attendance'; } },
	'POST /classes/drafts/:draft/open': { as: 'staff', once: true, fresh: checked },
	'POST /classes/drafts/:draft/restore': { as: 'staff', once: true, fresh: async (county) => sent(county, 'staff', await checked(county), /drop$/) },
	'POST /courses/:id/withdraw': { as: 'author', once: true, fresh: handedIn },
	'POST /courses/:id/approve': { as: 'reviewer', once: true, fresh: handedIn },
	'POST /courses/:id/reject': { as: 'reviewer', once: true, fresh: handedIn, values: { reason: 'Captions are missing in lesson 1' } },
	'POST /courses/:id/retire': { as: 'reviewer', once: true, fresh: async (county) => `${await published(county)}/retire` },
	'POST /courses/:id/restore': { as: 'reviewer', once: true, fresh: retired },
	'POST /courses/:id/versions/:version/retire': { as: 'author', once: true, fresh: twice },
	'POST /courses/:id/versions/:version/restore': { as: 'author', once: true, fresh: async (county) => {
		const at = await twice(county);
		await sent(county, 'author', at, /versions\/[^/]+\/retire$/);
		return at;
	} },
	'POST /needs/undo': { as: 'learner', fresh: (county) => changed(county, 'learner', '/needs') },
	'POST /needs/for/:person/undo': { as: 'helper', fresh: async (county) => changed(county, 'helper', await allowed(county)) },
	'POST /needs/for/:person': { as: 'helper', fresh: allowed },
	'POST /needs/for/:person/details': { as: 'helper', fresh: async (county) => `${await allowed(county)}/details` },
	'POST /needs/helpers/:id/end': { as: 'learner', once: true, fresh: async (county) => { await allowed(county); return '/needs/mine'; } },
	'POST /packages/courses/:course/tracks/:track': { as: 'author', fresh: async (county) => {
		const at = `/packages/courses/${(await county.draft('author')).course}`, file = { name: 'a.srt', bytes: Buffer.from(`1\n00:00:01,000 --> 00:00:03,000\n${++count}\n`) };
		const visitor = county.visitor('author', 'en'), form = read((await visitor.get(`${at}/captions`)).text).forms.find(({ files }) => files);
		await visitor.send(`${at}/captions`, filled(form, { file }));
		return /\/packages\/courses\/[^"]+\/tracks\/[^"]+/.exec((await visitor.get(at)).text)[0];
	} },
	'POST /packages/courses/:course/versions': { as: 'author', each: true, fresh: async (county) => {
		const at = `/packages/courses/${(await county.draft('author')).course}`;
		await sent(county, 'author', at, /packages\/courses\/[^/]+$/, { name: `Course ${++count} anew` });
		return `${at}/versions`;
	} },
	'POST /packages/:job/import': { as: 'author', once: true, goesOn: true, fresh: async (county) => {
		const visitor = county.visitor('author', 'en'), form = read((await visitor.get('/packages/new')).text).forms.find(({ files }) => files);
		const at = (await visitor.send('/packages/new', filled(form, { check: 'yes', file: { name: 'course.zip', bytes: county.bytes } }))).headers.location;
		for (const late = Date.now() + 60000; /<progress/.test((await visitor.get(at)).text) && Date.now() < late;) await pause(5);
		return at;
	} },
	'POST /places/:id/open': { as: 'admin', once: true, fresh: async (county) => {
		const { id } = JSON.parse(county.command('institution', 'add', '--name', `Closed house ${++count}`, '--region', '370100'));
		await sent(county, 'admin', `/places/${id}`, /close$/);
		return `/places/${id}`;
	} },
};
