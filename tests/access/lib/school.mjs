// The demo's school, filled once; each way gets a copy of it and a server of its own, so that none meets what another did.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HASTY, learn, makeLesson } from '../../browser/lib/presence.mjs';
import { curbcut, program, startServer } from '../../browser/lib/server.mjs';

const demo = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../../content/demo'), fill = path.join(demo, 'fill.sh');

const DAY_MS = 86400000;

// Asks the server's API as somebody; an error unless it is done.
async function ask(origin, token, method, address, body) {
	const reply = await fetch(origin + address, { method, headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) }, ...(body ? { body: JSON.stringify(body) } : {}) });
	if (!reply.ok) throw new Error(`${method} ${address}: ${reply.status} ${await reply.text()}`);
	return reply.json();
}

async function send(origin, token, address, fields) {
	const reply = await fetch(origin + address, { method: 'POST', redirect: 'manual', headers: { Authorization: `Bearer ${token}` }, body: new URLSearchParams(fields) });
	if (reply.status >= 400) throw new Error(`POST ${address}: ${reply.status} ${(await reply.text()).replace(/<[^>]*>|\s+/g, ' ').slice(0, 500)}`);
}

function addLearner(data, accounts, name, institution) {
	const password = '2468-1357', added = curbcut(['user', 'add', '--data', data, '--name', name, '--role', 'learner', '--institution', institution], `${password}\n`);
	if (added.status !== 0) throw new Error(`${name} could not be added: ${added.stderr}`);
	accounts[name] = { name, role: 'learner', password };
}

// Beside the demo's: learner5, in a class whose online share is full after 32 seconds, and a class that has ended.
async function addClasses(data, accounts) {
	const server = await startServer({ data });
	try {
		const as = async (name) => (await ask(server.origin, null, 'POST', '/api/v1/session', accounts[name])).token, staff = await as('staff');
		const [{ institution }] = (await ask(server.origin, staff, 'GET', '/api/v1/cohorts')).items;
		const [course] = (await ask(server.origin, staff, 'GET', '/api/v1/courses')).items.filter(({ features }) => !features.includes('audiobook'));
		const courses = [(await ask(server.origin, staff, 'GET', `/api/v1/courses/${course.id}`)).version];
		const plan = (programme, from, to) => ({ programme, courses, institution, total: 0.03, offline: [{ name: '面授', hours: 0.02 }], starts: Date.now() + from, ends: Date.now() + to });
		addLearner(data, accounts, 'learner5', institution);
		const short = await ask(server.origin, staff, 'POST', '/api/v1/cohorts', plan('半分钟小班', -DAY_MS, 365 * DAY_MS));
		await ask(server.origin, staff, 'POST', `/api/v1/cohorts/${short.id}/trainees`, { trainee: 'learner5' });
		await ask(server.origin, staff, 'POST', '/api/v1/cohorts', plan('上期小班', -9 * DAY_MS, -DAY_MS));
	} finally {
		await server.stop();
	}
}

// And learner6, in a class of training on the job, whose rule wants presence checks: ten minutes of its lesson have counted, and the
// sixteen seconds behind the end of the chapter wait. The lesson is one of that class alone: the catalogue is the demo's.
async function addCheck(folder, data, accounts) {
	const server = await startServer({ data, settings: HASTY });
	try {
		const as = async (name) => (await ask(server.origin, null, 'POST', '/api/v1/session', accounts[name])).token, [staff, reviewer] = [await as('staff'), await as('reviewer')];
		const [{ institution }] = (await ask(server.origin, staff, 'GET', '/api/v1/cohorts')).items;
		const [year, month, day] = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10).split('-');
		await send(server.origin, reviewer, '/policies/new', { place: '370100', kind: 'work', title: '在学确认的通知', number: '济残联〔2026〕1号', 'from-year': year, 'from-month': month, 'from-day': day, presence: '10', go: 'enter' });
		const [line] = server.importFiles(makeLesson(folder));
		addLearner(data, accounts, 'learner6', institution);
		const plan = { programme: '岗位培训小班', type: 'work', courses: [line.version], institution, total: 0.58, offline: [{ name: '面授', hours: 0.35 }], starts: Date.now() - DAY_MS, ends: Date.now() + 365 * DAY_MS };
		const { id } = await ask(server.origin, staff, 'POST', '/api/v1/cohorts', plan);
		await ask(server.origin, staff, 'POST', `/api/v1/cohorts/${id}/trainees`, { trainee: 'learner6' });
		const { units: [unit] } = await ask(server.origin, staff, 'GET', `/api/v1/courses/${line.course}`), answer = await learn(server, accounts.learner6, unit, id, 620);
		if (!answer.presence?.due) throw new Error(`no presence check waits: ${JSON.stringify(answer)}`);
		const everywhere = server.addUser('reviewer-of-all', 'reviewer'); // the course is nobody's of the region
		await send(server.origin, (await ask(server.origin, null, 'POST', '/api/v1/session', { name: everywhere.name, password: everywhere.password })).token, `/courses/${line.course}/retire`, {});
	} finally {
		await server.stop();
	}
}

export async function makeSchool() {
	const folder = mkdtempSync(path.join(tmpdir(), 'curbcut-access-'));
	const data = path.join(folder, 'data');
	const done = spawnSync(fill, [program, data], { encoding: 'utf8', timeout: 180000 });
	if (done.status !== 0) throw new Error(`the demo could not be filled: ${done.stderr}`);
	const text = readFileSync(path.join(data, 'accounts.txt'), 'utf8');
	const accounts = Object.fromEntries([...text.matchAll(/^(\w+) +(\w+) +(\d{4}-\d{4})$/gm)]
		.map(([, name, role, password]) => [name, { name, role, password }]));
	await addClasses(data, accounts);
	await addCheck(folder, data, accounts);
	let copies = 0;
	return {
		accounts,
		// {origin, stop(), restart()}: the same address and data behind a restart
		async open() {
			const copy = path.join(folder, `copy${++copies}`);
			cpSync(data, copy, { recursive: true });
			return startServer({ data: copy });
		},
		// What a person hands in: "hours.zip" is the demo's folder hours as a package, "decision.pdf" a document of one line,
		// "list.csv" what another system says of three trainees.
		file(name) {
			const file = path.join(folder, name);
			if (name.endsWith('.pdf')) writeFileSync(file, '%PDF-1.4\n%%EOF\n');
			else if (name.endsWith('.csv')) writeFileSync(file, '姓名,线上学时\r\nlearner1,99\r\n张三,2\r\n李四,3.7E+17\r\n');
			else if (!existsSync(file)) {
				const packed = spawnSync('zip', ['-q', '-0', '-X', '-r', file, '.'], { cwd: path.join(demo, path.basename(name, '.zip')), encoding: 'utf8', timeout: 60000 });
				if (packed.status !== 0) throw new Error(`${name} could not be packed: ${packed.stderr ?? packed.error}`);
			}
			return file;
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}
