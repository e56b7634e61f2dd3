// A county server on a local network without TLS: lan_plain = yes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Clock } from '../hours/lib/clock.mjs';
import { School } from '../hours/lib/school.mjs';
import { Browser } from './lib/browser.mjs';

const HOST = 'school.lan';
let clock, school;

// Somebody at an address, behind the proxy of this machine.
class At extends Browser {
	constructor(from) {
		super(school.origin);
		this.from = from;
	}

	ask(method, path, body, headers = {}) {
		return super.ask(method, path, body, { Host: HOST, 'X-Real-IP': this.from, ...(body !== undefined && { Origin: `http://${HOST}` }), ...headers });
	}
}

before(async () => {
	clock = new Clock();
	school = await new School(clock, `lan_plain = yes\norigin = http://${HOST}\n`).start();
	await school.account('li', 'learner');
});
after(async () => {
	await school?.stop();
	clock?.close();
});

test('plain__signing_in_works_on_http_from_the_local_network', async () => {
	for (const from of ['192.168.1.9', '10.0.3.4', 'fd12:3456::7']) {
		const li = new At(from);
		const done = await li.signIn('li', 'secret-li', { back: '/account' });
		assert.equal(done.status, 303, from);
		const [cookie] = done.headers['set-cookie'].filter((line) => line.startsWith('curb='));
		assert.match(cookie, /HttpOnly; SameSite=Lax/);
		assert.doesNotMatch(done.headers['set-cookie'].join(), /Secure|__Host-/);
		const page = await li.get('/account');
		assert.equal(page.status, 200);
		assert.match(page.words, /Signed in as li/);
		assert.match((await li.get('/account/passkeys')).words, /only where the line is encrypted/);
	}
});

test('plain__nobody_signs_in_from_elsewhere', async () => {
	const inside = new At('192.168.1.9');
	await inside.signIn('li', 'secret-li');
	for (const from of ['203.0.113.5', '2001:db8::5', '172.32.0.1']) {
		const outside = new At(from), page = await outside.get('/signin');
		assert.equal(page.status, 403, from);
		assert.match(page.words, /its line is not encrypted\. Open it from there/);
		assert.equal(outside.session, false);
		outside.cookies = inside.cookies; // read from the line by somebody
		assert.equal((await outside.get('/account')).status, 403);
		const sent = await outside.ask('POST', '/api/v1/session', JSON.stringify({ name: 'li', password: 'secret-li' }), { 'Content-Type': 'application/json', Accept: 'application/json' });
		assert.equal(sent.status, 403);
	}
	assert.equal((await inside.get('/account')).status, 200);
});
