// 10,000 tries a minute: nobody with a known device, a sign-in card or a passkey is kept out, and other pages
// are answered. How quickly they are is a figure of the bench.
// Threads meet: thousands of tries beside other requests.
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
	school = new School(null);
	school.memory = 46;
	await school.start();
	await school.people(0);
	for (const name of ['li', 'wang', 'zhou']) await school.account(name, 'learner', ['--institution', school.institution]);
	const staff = browser();
	await staff.signIn('staff', 'secret-staff');
	const path = `/people/${school.accounts.wang.id}/card`;
	code = /\b(\d{3} \d{3} \d{3} \d{3})\b/.exec((await staff.send(await staff.get(path), path)).text)[1];
});
after(() => school?.stop());

const tick = () => new Promise((resolve) => { setTimeout(resolve, 1); }); // the flood is as dense, and takes no processor of its own

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
	assert.equal((await known.send(knownForm, '/signin', { name: 'li', password: 'secret-li' })).status, 303);
	assert.equal((await card.send(cardForm, '/signin', { name: 'wang', password: code })).h1, 'Choose your own password or PIN');
	const signed = passkey.signed(deviceForm);
	assert.equal((await device.send(deviceForm, '/signin/passkey', signed)).status, 303);
	assert.equal((await device.get('/account')).status, 200);
	assert.equal((await new AtLocalhost(school.origin).send(deviceForm, '/signin/passkey', signed)).status, 403); // another browser
	const again = new AtLocalhost(school.origin);
	assert.equal((await again.send(await again.get('/signin'), '/signin/passkey', signed)).status, 401); // good once
	const reader = browser();
	for (let i = 0; i < 30; i++) assert.equal((await reader.get('/signin')).status, 200);
	while (sent < PER_SECOND * SECONDS) await tick();
	over = true;
	await flood;
	assert.ok(sent >= PER_SECOND * SECONDS);
	assert.ok(!counts[303] && !counts[500], 'nobody guessed, nothing broke');
	const told = await browser().signIn('nobody', 'x');
	assert.match(told.words, /did not match|Press the button again in a few seconds/);
});
