// Every form that anybody can reach, found by walking all pages: with nothing, too much, other alphabets, other encodings, markup, twice,
// with a file, from a page that is too old, when the session has ended meanwhile, by the back button, from a second window, and by the next
// person on the device. A clear word at the field, nothing typed is lost, nothing happens twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { County, ROLES } from './lib/county.mjs';
import { elsewhere, good } from './lib/forms.mjs';
import { filled, isTyped, named, read } from './lib/html.mjs';
import { urlencoded } from './lib/visitor.mjs';
import { routeOf, walk } from './lib/walk.mjs';

const HUGE = 'a'.repeat(1 << 20), LONG = '长'.repeat(6000);
const RARE = '𠮷野家 𪚥𫝆𬺰 👩🏽‍🦯🧏 שלום مرحبا "><script>alert(1)</script>{{name}}</textarea>\'&amp;';
const OLD_ENCODING = '%D6%D0%CE%C4%C3%FB%D7%D6'; // 中文名字 in GB18030

let county, routes, forms;

before(async () => {
	county = await County.open();
	await county.bring();
	routes = county.routes();
	forms = new Map();
	const add = (form, route, who, address) => {
		const key = `${route} (${form.fields.filter(({ type }) => type !== 'hidden').map(({ name }) => name).join(' ')})`;
		if (!forms.has(key)) forms.set(key, { key, files: form.files, route, who, address, names: form.fields.filter(({ type, name }) => type !== 'hidden' && name).map(({ name }) => name) });
	};
	const sentTo = (form, address) => {
		const action = form.action?.split('?')[0] || address.split('?')[0];
		return `${form.method} ${routeOf(routes, form.method, action)?.path ?? action}`;
	};
	for (const { who, address, page } of await walk(county, routes, [null, ...ROLES], 'en'))
		for (const form of page.forms) add(form, sentTo(form, address), who, address);
	// what no page shows by itself, its row brings about
	const met = new Set([...forms.values()].map(({ route }) => route));
	for (const [route, { as, fresh }] of Object.entries(good).filter(([route, { as, fresh }]) => as && fresh && !met.has(route))) {
		const address = await fresh(county, as, { names: [] }), form = read((await county.visitor(as, 'en').get(address)).text).forms.find((one) => sentTo(one, address) === route);
		if (form) add(form, route, as, address);
	}
});

after(() => county?.close());

const posted = () => [...forms.values()].filter(({ route }) => route.startsWith('POST '));
const method = (one) => one.route.split(' ')[0];
// The same form, also where the thing that it is sent to is another one.
const same = (one, address) => (form) => form.method === method(one) && one.route.endsWith(` ${routeOf(routes, form.method, form.action || address)?.path}`) && one.names.every((name) => named(form, name));

// Somebody with the form before her; where it ends sessions, one that may end.
async function opened(one) {
	const row = good[one.route], who = row?.as ?? one.who, address = await row?.fresh?.(county, who, one) ?? one.address;
	const visitor = county.visitor(who, 'en');
	if (row?.leaves) {
		const session = async () => (await county.nobody().must('POST', '/api/v1/session', { name: who, password: `secret-${who}` })).token;
		await session(); // of another device
		visitor.cookies.set('__Host-curb', await session());
	}
	const reply = await visitor.get(address), form = read(reply.text).forms.find(same(one, address));
	assert.ok(form, `not on ${address} (${reply.status})`);
	const values = typeof row?.values === 'function' ? row.values(county, who) : { ...row?.values };
	return { visitor, address, form, action: form.action || address, values };
}

// One part of a date stands for all three.
const worth = (form) => form.fields.filter((field) => isTyped(field) && !/-(month|day)$/.test(field.name));

// With each of the forms that are sent; what is wrong with them.
async function each(forms, fn) {
	const wrong = [];
	for (const one of forms) await fn(one, wrong).catch((error) => wrong.push(`${one.key}: ${error.message}`));
	assert.deepEqual(wrong, []);
}

const send = (on, fields, headers = {}) => on.visitor[on.form.files ? 'send' : 'post'](on.action, fields, { Referer: county.origin + on.address, ...headers });
const summary = (html) => /class="notice error"[^]*?role="(?:status|alert)"|role="(?:status|alert)"[^]*?class="notice error"/.test(html);

// The same form in an answer; says what is wrong when it is not as it should be.
function cameBack(what, on, reply, { values, faulty }) {
	const page = read(reply.text), typed = on.form.fields.filter(({ type, name }) => name && type !== 'hidden');
	const form = page.forms.find((form) => form.method === 'POST' && typed.every(({ name }) => named(form, name)) && (typed.length > 0 || (form.action || on.address) === on.action));
	if (!form) return [`${what}: ${reply.status} without the form: ${/<h1[^>]*>([^<]*)/.exec(reply.text)?.[1]}`];
	const wrong = [];
	if (!summary(reply.text)) wrong.push(`${what}: nothing tells at the top that something is wrong`);
	for (const field of form.fields.filter(isTyped))
		if (field.type !== 'password' && values[field.name] !== undefined && field.value !== values[field.name]) wrong.push(`${what}: ${field.name} was lost: ${JSON.stringify(field.value.slice(0, 60))}`);
	const marked = form.fields.filter((field) => field.invalid);
	if (faulty && !marked.some(({ name }) => name === faulty)) wrong.push(`${what}: no word at ${faulty}`);
	for (const field of marked)
		if (!field.describedby.some((id) => page.texts[id]?.trim().length > 5)) wrong.push(`${what}: the word at ${field.name} is not tied to it`);
	return { wrong, form, marked };
}

const faults = (came) => (Array.isArray(came) ? came : came.wrong);
const refused = ({ status }) => status >= 400 && status < 500;

test('every form is known, with what people type into it', () => {
	assert.deepEqual(posted().filter(({ route }) => !good[route]).map(({ key, address, who }) => `${key} on ${address} of ${who ?? 'nobody'}`), [],
		'forms without a row in tests/guard/lib/forms.mjs: say there what is typed into them');
	const met = new Set(posted().map(({ route }) => route)), named = routes.filter(({ method, path }) => method === 'POST' && !path.startsWith('/api/')).map(({ path }) => `POST ${path}`);
	assert.deepEqual(named.filter((route) => !met.has(route) && !elsewhere[route]), [], 'routes whose form nobody meets: say in tests/guard/lib/forms_shown.mjs what shows it');
	assert.deepEqual(Object.keys({ ...good, ...elsewhere }).filter((route) => !named.includes(route) || (elsewhere[route] && met.has(route))), [], 'rows for no route, or for one that is met');
});

test('what is typed well is taken, and when it is sent twice it happens once', async () => {
	await each(posted(), async (one, wrong) => {
		const on = await opened(one), body = filled(on.form, on.values);
		const first = await send(on, body);
		if (first.status >= 400) { wrong.push(`${one.key}: ${first.status}: ${first.text.replace(/<[^>]*>|\s+/g, ' ').slice(0, 400)}`); return; }
		if (good[one.route]?.leaves || good[one.route]?.each) return;
		const look = async () => {
			let text;
			const late = Date.now() + 20000, goesOn = () => good[one.route]?.goesOn && /<progress/.test(text) && Date.now() < late;
			do {
				text = (await on.visitor.get(first.headers.location ?? on.address)).text;
			} while (goesOn() && await pause(5, true));
			return text.replace(/<input type="hidden"[^>]*>/g, '').replace(/request \w+/g, '');
		};
		const after = await look();
		const twice = await Promise.all([send(on, body), send(on, body)]);
		for (const again of twice)
			if (again.status >= 400 && ![403, 404, 409, 422].includes(again.status)) wrong.push(`${one.key}, sent again: ${again.status}`);
			else if (again.status < 400 && again.headers.location !== first.headers.location) wrong.push(`${one.key}, sent again: to ${again.headers.location}, not ${first.headers.location}`);
		if (await look() !== after) wrong.push(`${one.key}: sent again, it happened again`);
	});
});

test('what is missing is asked for at its field, and the rest is kept', async () => {
	await each(posted(), async (one, wrong) => {
		const on = await opened(one);
		for (const blank of on.form.fields.filter((field) => isTyped(field) && field.required)) {
			const values = { ...on.values, [blank.name]: '' }, reply = await send(on, filled(on.form, values));
			const what = `${one.key}, ${blank.name} empty`;
			if (!refused(reply)) wrong.push(`${what}: ${reply.status}`);
			else wrong.push(...faults(cameBack(what, on, reply, { values, faulty: blank.name })));
		}
	});
});

test('too much, or bytes that are no text, come back with a word at their field', async () => {
	await each(posted().filter(({ names }) => names.length), async (one, wrong) => {
		const on = await opened(one);
		for (const field of worth(on.form)) {
			const values = { ...on.values, [field.name]: HUGE }, huge = await send(on, filled(on.form, values));
			if (!refused(huge)) wrong.push(`${one.key}, 1 MB in ${field.name}: ${huge.status}`);
			else wrong.push(...faults(cameBack(`${one.key}, 1 MB in ${field.name}`, on, huge, { values, faulty: field.name })));
			const marker = 'OLD-ENCODING', body = urlencoded(filled(on.form, { ...on.values, [field.name]: marker })).replace(marker, OLD_ENCODING);
			const reply = await send(on, body);
			if (!refused(reply)) wrong.push(`${one.key}, GB18030 in ${field.name}: ${reply.status}`);
			else wrong.push(...faults(cameBack(`${one.key}, GB18030 in ${field.name}`, on, reply, { values: { ...on.values, [field.name]: '中文名字' }, faulty: field.name })));
		}
	});
});

test('long text, rare characters, other directions and markup are taken as they are or come back as they were typed', async () => {
	await each(posted().filter(({ names }) => names.length), async (one, wrong) => {
		for (const text of [RARE, LONG]) {
			const on = await opened(one);
			for (const field of worth(on.form).filter(({ type }) => type !== 'password')) {
				const typed = field.type === 'textarea' ? `${text}\nsecond line` : text;
				const values = { ...on.values, [field.name]: typed }, what = `${one.key}, ${text === LONG ? '6,000 characters' : 'rare characters'} in ${field.name}`;
				const reply = await send(on, filled(on.form, values));
				const shown = reply.status === 303 ? await on.visitor.get(reply.headers.location) : reply;
				if (reply.status >= 500) wrong.push(`${what}: ${reply.status}`);
				if (shown.text.includes('<script>alert(1)')) wrong.push(`${what}: markup is carried out`);
				if (refused(reply)) wrong.push(...faults(cameBack(what, on, reply, { values })));
			}
		}
	});
});

test('a form of a page that is too old comes back whole and can be sent then', async () => {
	await each(posted().filter(({ route }) => !good[route]?.leaves), async (one, wrong) => {
		const on = await opened(one), csrf = named(on.form, 'csrf');
		csrf.value = 'f'.repeat(csrf.value.length); // as another window's sign-in leaves it
		const reply = await send(on, filled(on.form, on.values));
		if (reply.status !== 403) { wrong.push(`${one.key}: ${reply.status}`); return; }
		const came = cameBack(`${one.key}, too old`, on, reply, { values: on.values });
		wrong.push(...faults(came));
		if (!came.form) return;
		// what a password field holds is never shown again: it is typed once more
		const secrets = Object.fromEntries(came.form.fields.filter(({ type }) => type === 'password').map(({ name }) => [name, on.values[name]]));
		const next = await send(on, filled(came.form, secrets));
		// what was done before may hinder it now; the page may not
		if (next.status === 401 || next.status === 403 || next.status >= 500) wrong.push(`${one.key}: sent from the page that came back: ${next.status}`);
	});
});

test('a form that another site sends is not carried out, and not shown with what that site typed', async () => {
	for (const one of posted().filter(({ route }) => good[route]?.values && !good[route].leaves)) {
		const on = await opened(one), [name] = Object.keys(on.values);
		const reply = await send(on, filled(on.form, { ...on.values, [name]: 'typed elsewhere' }), { Origin: 'https://evil.example', Referer: 'https://evil.example/' });
		assert.equal(reply.status, 403);
		assert.doesNotMatch(reply.text, /typed elsewhere/);
	}
});

// Of somebody who must be signed in for it, and types something.
const ofSomebody = () => posted().filter((one) => one.names.length && (good[one.route]?.as ?? one.who) && !good[one.route]?.leaves);
const passwords = (form, values) => Object.fromEntries(form.fields.filter(({ type }) => type === 'password' || type === 'file').map(({ name }) => [name, values[name]]));
const words = (html) => html.replace(/<[^>]*>|\s+/g, ' ').slice(0, 900);

test('when the session has ended meanwhile, what was typed is kept through signing in, given back, and sent once', async () => {
	await each(ofSomebody(), async (one, wrong) => {
		const on = await opened(one), who = good[one.route]?.as ?? one.who, what = `${one.key}, session ended`;
		const seen = async () => (await county.visitor(who, 'en').get(on.address)).text.replace(/<input type="hidden"[^>]*>/g, '').replace(/request \w+/g, '');
		const before = await seen();
		on.visitor.cookies.set('__Host-curb', county.accounts.gone.client.headers.Authorization.slice(7));
		const asked = await send(on, filled(on.form, on.values)), form = read(asked.text).forms.find((form) => form.action === '/signin' && named(form, 'password'));
		if (asked.status !== 401 || !form) { wrong.push(`${what}: ${asked.status}: ${words(asked.text)}`); return; }
		if (one.files && !/a file cannot be kept: sign in, then choose it again/.test(asked.text)) wrong.push(`${what}: nothing is said of the file: ${words(asked.text)}`);
		for (const [name, value] of Object.entries(on.values))
			if (on.form.fields.some((field) => field.name === name && field.type === 'password') && asked.text.includes(encodeURIComponent(value))) wrong.push(`${what}: ${name} stands in the page`);
		const back = await on.visitor.post('/signin', filled(form, { name: who, password: `secret-${who}` }), { Referer: `${county.origin}/signin` });
		const came = cameBack(what, on, back, { values: on.values });
		wrong.push(...faults(came));
		if (await seen() !== before) wrong.push(`${what}: something was done before it was sent again`);
		if (!came.form) return;
		const sent = await send(on, filled(came.form, passwords(came.form, on.values)));
		if (sent.status >= 400) wrong.push(`${what}, sent then: ${sent.status}: ${words(sent.text)}`);
	});
});

test('whoever goes back and sends something else is heard: it is taken, or comes back with a word', async () => {
	await each(ofSomebody().filter(({ route }) => !good[route]?.once), async (one, wrong) => {
		const on = await opened(one), first = await send(on, filled(on.form, on.values));
		if (first.status >= 400) return; // told by another test
		const field = worth(on.form).find(({ type, name }) => type !== 'password' && on.values[name] !== undefined);
		if (!field) return;
		const values = { ...on.values, [field.name]: `${on.values[field.name]}7` }, what = `${one.key}, back and with another ${field.name}`;
		const reply = await send(on, filled(on.form, values));
		if (refused(reply)) {
			// what it was sent to may be gone by now; then the page says so
			if (![404, 409].includes(reply.status)) wrong.push(...faults(cameBack(what, on, reply, { values })));
		} else if (reply.status >= 500) wrong.push(`${what}: ${reply.status}`);
		else if (reply.text === first.text && reply.headers.location === first.headers.location && /\/[0-9a-f-]{36}(\?|$)/.test(reply.headers.location ?? '') && !on.action.includes(reply.headers.location.split('?')[0].split('/').pop())) wrong.push(`${what}: told what the first was told, to ${reply.headers.location}`);
	});
});

test('two windows: the second is taken, or comes back whole with a word', async () => {
	await each(ofSomebody().filter(({ route }) => !good[route]?.once), async (one, wrong) => {
		const first = await opened(one), visitor = first.visitor, second = read((await visitor.get(first.address)).text).forms.find(same(one, first.address));
		const [a, b] = await Promise.all([send(first, filled(first.form, first.values)), send({ ...first, form: second }, filled(second, first.values))]), what = `${one.key}, two windows`;
		if (a.status >= 400 && b.status >= 400) wrong.push(`${what}: neither was taken: ${a.status} ${b.status}`);
		for (const reply of [a, b]) {
			if (reply.status >= 500 || reply.status === 403) wrong.push(`${what}: ${reply.status}: ${words(reply.text)}`);
			else if (refused(reply) && ![404, 409].includes(reply.status)) wrong.push(...faults(cameBack(what, first, reply, { values: first.values })));
		}
	});
});

test('the next person on a device neither sends nor sees the form of the one before', async () => {
	await each(ofSomebody().filter((one) => good[one.route]?.values && !good[one.route].each), async (one, wrong) => {
		const on = await opened(one), next = (good[one.route]?.as ?? one.who) === 'author' ? 'author-near' : 'author', what = `${one.key}, by the next`;
		const [field] = worth(on.form).filter(({ type }) => type !== 'password');
		const values = field ? { ...on.values, [field.name]: 'typed-by-the-first' } : on.values;
		on.visitor.cookies.set('__Host-curb', county.accounts[next].client.headers.Authorization.slice(7));
		const reply = await send(on, filled(on.form, values));
		if (reply.status !== 403) wrong.push(`${what}: ${reply.status}: ${words(reply.text)}`);
		if (reply.text.includes('typed-by-the-first')) wrong.push(`${what}: what was typed is shown`);
	});
});

// One that is too large to be read before it is known whose it is, from somebody whose session has ended.
async function large(one, wrong) {
	const ended = await opened(one), who = good[one.route]?.as ?? one.who, field = ended.form.fields.find(({ type }) => type === 'file');
	ended.visitor.cookies.set('__Host-curb', county.accounts.gone.client.headers.Authorization.slice(7));
	const asked = await send(ended, filled(ended.form, { [field.name]: { name: 'a.zip', bytes: Buffer.alloc(100000, 'x') } }));
	const signin = read(asked.text).forms.find((form) => form.action === '/signin' && named(form, 'password'));
	if (asked.status !== 401 || !signin || !/what you sent is not kept: sign in, then fill in the form again/.test(asked.text)) { wrong.push(`${one.key}, a large file, session ended: ${asked.status}: ${words(asked.text)}`); return; }
	const back = await ended.visitor.post('/signin', filled(signin, { name: who, password: `secret-${who}` }), { Referer: `${county.origin}/signin` });
	if (back.status !== 303 || back.headers.location !== ended.address) wrong.push(`${one.key}, a large file, signed in again: ${back.status} ${back.headers.location}`);
}

test('a file that is missing, empty or cut off is told at its field', async () => {
	const files = posted().filter((one) => one.names.length && good[one.route] && one.files);
	assert.ok(files.length >= 1);
	await each(files, async (one, wrong) => {
		if (good[one.route]?.as ?? one.who) await large(one, wrong);
		for (const [what, file] of [['no file', { name: '', bytes: Buffer.alloc(0) }], ['an empty file', { name: 'a.zip', bytes: Buffer.alloc(0) }], ['an overlong name', { name: `${'长'.repeat(300)}.zip`, bytes: county.bytes }]]) {
			const on = await opened(one), field = on.form.fields.find(({ type }) => type === 'file');
			const reply = await send(on, filled(on.form, { ...on.values, [field.name]: file }));
			if (!refused(reply)) wrong.push(`${one.key}, ${what}: ${reply.status}`);
			else wrong.push(...faults(cameBack(`${one.key}, ${what}`, on, reply, { values: {}, faulty: field.name })));
		}
	});
});

test('a search takes anything that is typed', async () => {
	const found = [...forms.values()].filter(({ route }) => route.startsWith('GET '));
	assert.ok(found.length >= 1);
	for (const one of found) {
		const on = await opened(one), field = on.form.fields.find(isTyped);
		if (!field) continue; // one that only chooses
		for (const text of [RARE, '长'.repeat(500), '']) {
			const reply = await on.visitor.get(`${on.action}?${urlencoded(filled(on.form, { [field.name]: text }))}`);
			assert.ok(reply.status < 500, `${one.key}: ${reply.status}`);
			assert.ok(!reply.text.includes('<script>alert(1)'));
		}
	}
});
