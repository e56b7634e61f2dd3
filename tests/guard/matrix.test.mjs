// Every route of core and plugins × everybody (each role, nobody, an ended session, and those whose role holds for a region,
// at another institution or in another province) × what is at home, near and far: the answer is what the route's declaration says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LET_IN, REFUSED, cells, rowOf } from './lib/cells.mjs';
import { County, ELSEWHERE, ROLES, roleOf } from './lib/county.mjs';
import { routeOf, walk } from './lib/walk.mjs';

// The citizen number in the standard's own example, and what of it must stand in no answer, whoever asks for whatever.
const NUMBER = '11010519491231002X44', CANARIES = ['11010519491231002', '19491231', '1949-12-31', '31002X4'];
let county, routes, people;

// The number of a trainee at home, as her staff record it.
async function recordNumber() {
	const { id } = await county.client('admin').must('POST', '/api/v1/people', { name: 'Somebody', number: 'with-a-number', role: 'learner', place: county.institution });
	const staff = county.visitor('staff'), address = `/people/${id}/eligibility`;
	const csrf = /name="csrf" value="([^"]+)"/.exec((await staff.get(address)).text)[1];
	assert.equal((await staff.post(address, [['csrf', csrf], ['kind', 'disability'], ['sealed_number', NUMBER]])).status, 303);
	assert.match((await staff.get(address)).text, /Begins with 110105/);
}

before(async () => {
	county = await County.open();
	await county.bring();
	await recordNumber();
	routes = county.routes();
	people = [null, 'gone', ...ROLES, ...ELSEWHERE].map((name) => ({ name, role: roleOf(name) }));
	for (const who of people) who.visitor = await ready(county.visitor(who.name));
});

after(() => county?.close());

const nameOf = (route) => `${route.method} ${route.path}`;
const fits = (status, wanted) => (wanted === LET_IN ? status < 500 && ![401, 403, 404].includes(status) : wanted === REFUSED ? [403, 404].includes(status) : status === wanted);

// With the token of the forms that she is shown.
async function ready(visitor) {
	visitor.csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get('/signin')).text)[1];
	return visitor;
}

test('every route is described, and nothing is described that is not there', () => {
	assert.deepEqual(routes.filter((route) => !rowOf(route)).map((route) => `${route.owner}: ${nameOf(route)}`), [],
		'routes without a row in tests/guard/lib/cells.mjs: say there what they are asked for');
	const there = new Set(routes.map((route) => `${route.owner}: ${nameOf(route)}`));
	const owners = new Set(routes.map((route) => route.owner));
	assert.deepEqual(Object.entries(cells).filter(([owner]) => owners.has(owner)).flatMap(([owner, rows]) => Object.keys(rows).map((name) => `${owner}: ${name}`)).filter((name) => !there.has(name)), []);
});

// What the declaration of the route lets happen.
function due(route, who, cell) {
	const anyone = route.roles.includes('anyone');
	if (anyone && route.scope === 'public') return cell.reached ? cell.good : cell.hidden;
	if (!who.role) return route.method === 'GET' && !route.path.startsWith('/api/') ? 303 : 401;
	if (!anyone && !route.roles.includes('signed_in') && !route.roles.includes(who.role)) return 403;
	if (route.scope === 'machine' && who.name !== 'admin') return 403;
	return cell.reached ? cell.good : cell.hidden;
}

async function fresh(who) {
	if (!who.role) return who.visitor;
	const { token } = await county.nobody().must('POST', '/api/v1/session', { name: who.name, password: `secret-${who.name}` });
	const visitor = county.visitor();
	visitor.cookies.set('__Host-curb', token);
	return ready(visitor);
}

async function asked(route, who, cell) {
	const visitor = cell.fresh ? await fresh(who) : who.visitor;
	const headers = { ...(route.method === 'GET' ? {} : { 'X-CSRF-Token': visitor.csrf }), ...(route.path.startsWith('/api/') ? { Accept: 'application/json' } : {}), ...cell.headers };
	if (cell.form) return visitor.post(cell.address, Object.entries(cell.form), headers);
	if (cell.body) return visitor.ask(route.method, cell.address, { body: JSON.stringify(cell.body), headers: { ...headers, 'Content-Type': 'application/json' } });
	return visitor.ask(route.method, cell.address, { body: cell.bytes, headers });
}

test('no page of anybody has a link that is not for her', async (t) => {
	const OF_EACH = 3, wrong = new Set();
	let count = 0;
	for (const name of [...ROLES, ...ELSEWHERE]) {
		const often = new Map(), asked = new Set();
		for (const { address, reply, page } of await walk(county, routes, [name], 'en')) {
			// what the help says is the same for everybody
			if (/\/machine/.test(reply.text) && name !== 'admin' && !address.startsWith('/help/')) wrong.add(`${name}: ${address} tells of the machine`);
			for (const link of page.links.filter((link) => /^\/(?!\/)/.test(link)).map((link) => link.split('#')[0])) {
				const key = routeOf(routes, 'GET', link)?.path ?? link, n = often.get(key) ?? 0;
				if (asked.has(link) || n >= OF_EACH) continue;
				often.set(key, n + 1);
				asked.add(link);
				count++;
				const { status } = await county.visitor(name).get(link);
				if (status >= 400) wrong.add(`${name}: ${address} leads to ${link}: ${status}`);
			}
		}
	}
	t.diagnostic(`${count} links`);
	assert.ok(count > 200);
	assert.deepEqual([...wrong], []);
});

test('every cell of the matrix answers as declared', async (t) => {
	const wrong = [];
	let count = 0;
	// what signs people out comes last
	const order = routes.filter(rowOf).sort((a, b) => Boolean(rowOf(a).last) - Boolean(rowOf(b).last));
	for (const route of order)
		for (const who of people)
			for (const cell of await rowOf(route).cells(who, county, route).catch((error) => { wrong.push(`${nameOf(route)}: its row fails: ${error.message}`); return []; })) {
				const reply = await asked(route, who, cell), wanted = due(route, who, cell);
				count++;
				for (const canary of CANARIES)
					if (reply.text.includes(canary) || JSON.stringify(reply.headers).includes(canary)) wrong.push(`${nameOf(route)} · ${who.name ?? 'nobody'} · ${cell.what}: ${canary} stands in the answer`);
				if (!fits(reply.status, wanted)) wrong.push(`${nameOf(route)} · ${who.name ?? 'nobody'} · ${cell.what}: ${reply.status}, not ${wanted}: ${(/<h1[^>]*>([^<]*)/.exec(reply.text)?.[1] ?? reply.text).slice(0, 200)}`);
				if (wanted === 303 && !who.role && route.scope !== 'public' && !reply.headers.location?.startsWith('/signin?back=')) wrong.push(`${nameOf(route)} · nobody: sent to ${reply.headers.location}`);
			}
	t.diagnostic(`${routes.length} routes, ${count} cells`);
	assert.deepEqual(wrong, []);
	for (const canary of CANARIES) assert.ok(!county.log.includes(canary), `${canary} stands in the log`);
});
