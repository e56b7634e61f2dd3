// Somebody who wants in, or wants others kept out: what must not help her.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Clock } from '../hours/lib/clock.mjs';
import { School } from '../hours/lib/school.mjs';
import { Browser } from './lib/browser.mjs';
import { number } from './lib/totp.mjs';

const ORIGIN = 'https://learn.example.org', SLOW = 429, MINUTE = 60, DAY = 24 * 3600;
let clock, school;
const password = (name) => `secret-${name}`;

// Behind a proxy that tells the address of each browser.
class Proxied extends Browser {
	constructor(address = '192.0.2.1') {
		super(school.origin);
		this.address = address;
	}

	ask(method, path, body, headers = {}) {
		return super.ask(method, path, body, { ...(body !== undefined && { Origin: ORIGIN }), 'X-Real-IP': this.address, ...headers });
	}
}
const browser = (address) => new Proxied(address);

before(async () => {
	clock = new Clock();
	school = new School(clock, `[curbcut]\norigin = ${ORIGIN}\nsecond_factor = yes\n`);
	school.second = 'yes';
	await school.start();
	school.institution = JSON.parse(school.command('institution', 'add', '--name', 'School', '--region', '370100', '--region-name', 'Jinan')).id;
	for (const name of ['li', 'wang', 'sun', 'zhou']) await school.account(name, 'learner', ['--institution', school.institution]);
	for (const name of ['staff', 'chief']) {
		school.input = `${password(name)}\n`;
		school.command('user', 'add', '--name', name, '--role', 'staff', '--institution', school.institution);
	}
	await school.account('aunt', 'helper');
});
after(async () => {
	await school?.stop();
	clock?.close();
});

async function signedIn(name, typed = {}) {
	const who = browser();
	const reply = await who.signIn(name, password(name), typed);
	assert.equal(reply.status, 303, reply.words);
	return who;
}

const secretOf = (page) => /this key into the app: ((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})/.exec(page.words)[1].replaceAll(' ', '');

async function enrolled(name) {
	const who = browser(), page = await who.signIn(name, password(name)), secret = secretOf(page);
	const codes = await who.send(page, '/signin/enrol', { number: number(secret, clock.wall) });
	assert.equal(codes.h1, 'Your recovery codes');
	return { who, secret, recoveries: codes.text.match(/\b\d{5} \d{5}\b/g) };
}

test('attack__a_phone_number_spelled_in_many_ways_is_one', async () => {
	const li = await signedIn('li');
	await li.send(await li.get('/account/phone'), '/account/phone', { phone: '13800000000' });
	const spelled = ['13800000000', '1-3800000000', '13-800000000', '138 0000 0000', '+86 13800000000', '(138)00000000', '138.0000.0000'];
	const thief = browser('198.51.100.7'), page = await thief.get('/signin');
	for (const name of spelled.slice(0, 6)) await thief.send(page, '/signin', { name, password: 'a guess' });
	assert.equal((await thief.send(page, '/signin', { name: spelled[6], password: 'a guess' })).status, SLOW);
	assert.equal((await browser('198.51.100.8').signIn('13800000000', password('li'))).status, 303);
});

test('attack__codes_tried_where_she_is_do_not_slow_her_own', async () => {
	const { who: staff } = await enrolled('staff');
	const path = `/people/${school.accounts.sun.id}/card`, made = await staff.send(await staff.get(path), path);
	const [code] = /\b\d{3} \d{3} \d{3} \d{3}\b/.exec(made.text);
	const thief = browser(), page = await thief.get('/signin');
	for (let i = 0; i < 8; i++) await thief.send(page, '/signin', { name: 'sun', password: `00000000000${i}` });
	assert.equal((await thief.send(page, '/signin', { name: 'sun', password: '000000000009' })).status, SLOW);
	assert.equal((await browser().signIn('sun', code)).h1, 'Choose your own password or PIN');
});

test('attack__a_setting_up_begun_with_the_password_does_not_outlive_it', async () => {
	const thief = browser(), page = await thief.signIn('chief', password('chief'));
	assert.equal(page.h1, 'Set up the second step of signing in');
	const hers = await enrolled('chief');
	const late = await thief.send(page, '/signin/enrol', { number: number(secretOf(page), clock.wall) });
	assert.equal(late.status, 401, 'another app was set up meanwhile');
	assert.equal(thief.session, false);
	// a new password ends what the old one opened
	clock.pass(MINUTE);
	const second = browser(), asked = await second.signIn('chief', password('chief'));
	assert.equal(asked.h1, 'The number from your app');
	await hers.who.send(await hers.who.get('/account/password'), '/account/password', { old_password: password('chief'), new_password: 'another secret' });
	assert.equal((await second.send(asked, '/signin/second', { number: number(hers.secret, clock.wall) })).status, 401);
	assert.equal(second.session, false);
	school.chief = hers;
});

test('attack__many_numbers_at_one_time_are_not_more_than_many_in_a_row', async () => {
	clock.pass(2 * 3600);
	const thief = browser('198.51.100.20'), page = await thief.signIn('chief', 'another secret');
	const statuses = await Promise.all(Array.from({ length: 30 }, (_, i) => thief.send(page, '/signin/second', { number: String(100000 + i) })));
	assert.ok(statuses.filter(({ status }) => status === 401).length <= 6, 'five, and one more at most');
	assert.ok(statuses.some(({ status }) => status === SLOW));
});

test('attack__numbers_from_everywhere_end_for_a_day_and_leave_other_ways', async () => {
	clock.pass(2 * 3600);
	const { secret, recoveries } = school.chief;
	const thief = browser(), asked = await thief.signIn('chief', 'another secret');
	for (let i = 0; i < 20; i++) {
		thief.address = `198.51.101.${i}`;
		await thief.send(asked, '/signin/second', { number: '000000' });
	}
	const good = (who) => who.signIn('chief', 'another secret').then((page) => who.send(page, '/signin/second', { number: number(secret, clock.wall) }));
	const elsewhere = await good(browser('198.51.102.1'));
	assert.equal(elsewhere.status, SLOW);
	assert.match(elsewhere.words, /Your account is not locked/);
	const own = school.chief.who;
	await own.send(await own.get('/account'), '/signout');
	assert.equal((await good(own)).status, 303, 'a device that she used before');
	const other = browser('198.51.102.2'), page = await other.signIn('chief', 'another secret');
	assert.equal((await other.send(page, '/signin/second', { number: recoveries[0] })).status, 303);
	clock.pass(DAY);
	assert.equal((await good(browser('198.51.102.1'))).status, 303);
});

test('attack__a_form_of_one_person_is_not_shown_to_the_next', async () => {
	const shared = await signedIn('wang', { shared: 'yes' }), form = await shared.get('/account/phone');
	clock.pass(13 * 3600);
	const asked = await shared.send(form, '/account/phone', { phone: '010 5555 1234' });
	assert.match(asked.words, /What you typed is kept/);
	const next = await shared.send(asked, '/signin', { name: 'zhou', password: password('zhou'), shared: 'yes' });
	assert.equal(next.status, 303);
	assert.doesNotMatch(next.text, /5555 1234/);
	// nor sent by her from the window that was left open
	const left = await shared.send(form, '/account/phone', { phone: '010 5555 1234' });
	assert.equal(left.status, 403);
	assert.doesNotMatch(left.text, /5555 1234/);
	assert.match(left.words, /begun by somebody else/);
});

test('attack__nothing_of_a_shared_device_is_left_to_the_back_button', async () => {
	const shared = await signedIn('wang', { shared: 'yes' }), own = await signedIn('wang');
	assert.match((await shared.get('/account')).headers['cache-control'], /no-store/);
	assert.equal((await own.get('/account')).headers['cache-control'], 'private, no-cache');
});

test('attack__help_ends_with_the_helpers_own_sessions', async () => {
	const li = await signedIn('li');
	await li.send(await li.get('/account/help'), '/account/help', { helper: 'aunt' });
	const begin = async () => {
		const aunt = await signedIn('aunt'), page = await aunt.get('/account/help');
		await aunt.send(page, /\/account\/help\/[0-9a-f-]+\/begin/.exec(page.text)[0]);
		assert.equal((await aunt.get('/account')).status, 200);
		return aunt;
	};
	const stolen = await begin(), aunt = await signedIn('aunt');
	await aunt.send(await aunt.get('/account/devices'), '/account/devices/end');
	assert.equal((await stolen.get('/account')).status, 303);
});

test('attack__programs_are_told_what_is_asked_next', async () => {
	clock.pass(2 * DAY);
	const ask = (body) => fetch(`${school.origin}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json', 'accept-language': 'en', 'x-real-ip': '198.51.103.1' }, body: JSON.stringify(body) });
	const reply = await ask({ name: 'chief', password: 'another secret' });
	assert.equal(reply.status, 401);
	assert.match((await reply.json()).detail, /as "second"/);
});

test('attack__a_form_of_a_thousand_fields_beside_a_file_is_dropped_whole', async () => {
	const stranger = browser('198.51.103.1'), edge = 'edge', value = '%'.repeat(2000);
	const body = `${Array.from({ length: 900 }, () => `--${edge}\r\nContent-Disposition: form-data; name="a[]"\r\n\r\n${value}\r\n`).join('')}--${edge}--\r\n`;
	const reply = await stranger.ask('POST', '/account/phone', body, { 'Content-Type': `multipart/form-data; boundary=${edge}` });
	assert.ok([401, 413].includes(reply.status), String(reply.status));
	assert.doesNotMatch(reply.text, /%25%25/);
	assert.equal((await stranger.get('/healthz')).status, 200);
});

test('attack__what_shows_who_is_there_does_not_wait_in_a_page', async () => {
	const sun = await signedIn('sun', { shared: 'yes' });
	clock.pass(13 * 3600);
	const asked = await sun.ask('POST', '/account/phone', 'phone=010+5555+9876&proof=808080');
	assert.match(asked.words, /What you typed is kept/);
	assert.match(asked.text, /5555/);
	assert.doesNotMatch(asked.text, /808080/);
});
