// 10,000 tries a minute: nobody with a known device, a sign-in card or a passkey is kept out, and other pages stay quick.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { School } from '../hours/lib/school.mjs';
import { Browser } from './lib/browser.mjs';
import { Passkey } from './lib/passkey.mjs';

const PER_SECOND = 10000 / 60, SECONDS = 6;
let school, code;
const browser = () => new Browser(school.origin);

// Browsers have passkeys on https and at localhost alone.
class AtLocalhost extends Browser {
	get place() { return this.origin.replace('127.0.0.1', 'localhost'); }

	ask(method, path, body) {
		return super.ask(method, path, body, { Host: this.place.slice('http://'.length), ...(body !== undefined && { Origin: this.place }) });
	}
}

before(async () => {
	school = await new School(null).start();
	await school.people(0);
	for (const name of ['li', 'wang', 'zhou']) await school.account(name, 'learner', ['--institution', school.institution]);
	const staff = browser();
	await staff.signIn('staff', 'secret-staff');
	const path = `/people/${school.accounts.wang.id}/card`;
	code = /\b(\d{3} \d{3} \d{3} \d{3})\b/.exec((await staff.send(await staff.get(path), path)).text)[1];
});
after(() => school?.stop());

const tick = () => new Promise((resolve) => { setImmediate(resolve); });

// Times of `n` pages one after the other, in ms, sorted.
async function times(n) {
	const who = browser(), list = [];
	for (let i = 0; i < n; i++) {
		const from = performance.now();
		assert.equal((await who.get('/signin')).status, 200);
		list.push(performance.now() - from);
	}
	return list.sort((a, b) => a - b);
}
const p99 = (list) => list[Math.floor(list.length * 0.99)];

test('flood__of_tries_shuts_nobody_out', async () => {
	const known = browser();
	assert.equal((await known.signIn('li', 'secret-li')).status, 303);
	await known.send(await known.get('/account'), '/signout');
	const knownForm = await known.get('/signin'), card = browser(), cardForm = await card.get('/signin');
	const owner = new AtLocalhost(school.origin), passkey = new Passkey(owner.place);
	assert.equal((await owner.signIn('zhou', 'secret-zhou')).status, 303);
	const adding = await owner.get('/account/passkeys');
	assert.equal((await owner.send(adding, '/account/passkeys', { passkey_name: 'my phone', ...passkey.added(adding) })).status, 303);
	const device = new AtLocalhost(school.origin), deviceForm = await device.get('/signin'); // one that nobody knows
	const idle = p99(await times(200));

	// the flood: names there are and names there are not, from browsers that nobody knows
	const attacker = browser(), form = await attacker.get('/signin');
	const counts = {}, under = new Set();
	const from = performance.now();
	let sent = 0, over = false;
	const flood = (async () => {
		while (!over) {
			const due = Math.min(((performance.now() - from) / 1000) * PER_SECOND, PER_SECOND * SECONDS);
			while (sent < due) {
				const name = sent % 3 ? `nobody${sent}` : ['li', 'wang', 'staff'][sent % 9 / 3];
				const password = name === 'wang' ? String(100000000000 + sent++) : `guess ${sent++}`; // codes are guessed too
				const one = attacker.send(form, '/signin', { name, password }).then((page) => {
					counts[page.status] = (counts[page.status] ?? 0) + 1;
					under.delete(one);
				});
				under.add(one);
			}
			await tick();
		}
		await Promise.all(under);
	})();
	while (!counts[503]) await tick(); // the places are taken
	const begun = performance.now();
	assert.equal((await known.send(knownForm, '/signin', { name: 'li', password: 'secret-li' })).status, 303);
	const known_ms = performance.now() - begun;
	assert.equal((await card.send(cardForm, '/signin', { name: 'wang', password: code })).h1, 'Choose your own password or PIN');
	const signed = passkey.signed(deviceForm);
	assert.equal((await device.send(deviceForm, '/signin/passkey', signed)).status, 303);
	assert.equal((await device.get('/account')).status, 200);
	assert.equal((await new AtLocalhost(school.origin).send(deviceForm, '/signin/passkey', signed)).status, 403); // another browser
	const again = new AtLocalhost(school.origin);
	assert.equal((await again.send(await again.get('/signin'), '/signin/passkey', signed)).status, 401); // good once
	const busy = p99(await times(300));
	while (sent < PER_SECOND * SECONDS) await tick();
	over = true;
	await flood;
	console.log(`# ${sent} tries: ${JSON.stringify(counts)}; known device ${known_ms.toFixed()} ms; p99 of a page ${idle.toFixed(1)} ms idle, ${busy.toFixed(1)} ms then`);
	assert.ok(sent >= PER_SECOND * SECONDS);
	assert.ok(!counts[303] && !counts[500], 'nobody guessed, nothing broke');
	assert.ok(known_ms < 5000, `a known device waited ${known_ms} ms`);
	assert.ok(busy < Math.max(2 * idle, idle + 60), `p99 ${idle} ms idle, ${busy} ms in the flood`); // 60 ms: a busy machine
	const told = await browser().signIn('nobody', 'x');
	assert.match(told.words, /did not match|Press the button again in a few seconds/);
});
