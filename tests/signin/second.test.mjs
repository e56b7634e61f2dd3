// The second step of signing in: asked of those who move hours, set up once, numbers good once, recovery codes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Clock } from '../hours/lib/clock.mjs';
import { School } from '../hours/lib/school.mjs';
import { Browser } from './lib/browser.mjs';
import { number } from './lib/totp.mjs';

let clock, school, recoveries, secret;
const browser = () => new Browser(school.origin);

before(async () => {
	clock = new Clock();
	school = new School(clock);
	school.second = 'yes';
	await school.start();
	school.input = 'secret-staff\n';
	school.command('user', 'add', '--name', 'staff', '--role', 'staff');
	await school.account('li', 'learner');
});
after(async () => {
	await school?.stop();
	clock?.close();
});

test('second__is_set_up_at_the_first_sign_in', async () => {
	const staff = browser();
	const page = await staff.signIn('staff', 'secret-staff', { back: '/account' });
	assert.equal(page.h1, 'Set up the second step of signing in');
	assert.equal(staff.session, false);
	secret = /this key into the app: ((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})/.exec(page.words)[1].replaceAll(' ', '');
	assert.equal(secret.length, 32);
	const wrong = await staff.send(page, '/signin/enrol', { number: '000000' });
	assert.equal(wrong.status, 401);
	assert.match(wrong.words, /did not match/);
	const codes = await staff.send(wrong, '/signin/enrol', { number: number(secret, clock.wall) });
	assert.equal(codes.h1, 'Your recovery codes');
	assert.match(codes.text, /href="\/account"/);
	recoveries = codes.text.match(/\b\d{5} \d{5}\b/g);
	assert.equal(recoveries.length, 10);
	assert.equal((await staff.get('/account')).status, 200);
});

test('second__is_asked_after_the_password_and_a_number_is_good_once', async () => {
	clock.pass(60);
	const staff = browser(), now = number(secret, clock.wall);
	const page = await staff.signIn('staff', 'secret-staff', { back: '/account/phone' });
	assert.equal(page.h1, 'The number from your app');
	assert.equal(staff.session, false);
	assert.match((await staff.send(page, '/signin/second', { number: '12' })).words, /did not match/);
	assert.match((await staff.send(page, '/signin/second', { number: number(secret, clock.wall - 61000) })).words, /did not match/);
	const done = await staff.send(page, '/signin/second', { number: `${now.slice(0, 3)} ${now.slice(3)}` });
	assert.equal(done.status, 303);
	assert.equal(done.headers.location, '/account/phone');
	const again = browser();
	const asked = await again.signIn('staff', 'secret-staff');
	assert.match((await again.send(asked, '/signin/second', { number: now })).words, /used already/);
	assert.equal(again.session, false);
	clock.pass(30);
	assert.equal((await again.send(asked, '/signin/second', { number: number(secret, clock.wall) })).status, 303);
});

test('second__a_number_of_a_step_before_or_behind_is_taken', async () => {
	for (const drift of [-30000, 30000]) {
		clock.pass(120);
		const staff = browser();
		const page = await staff.signIn('staff', 'secret-staff');
		assert.equal((await staff.send(page, '/signin/second', { number: number(secret, clock.wall + drift) })).status, 303);
	}
});

test('second__a_recovery_code_is_good_once', async () => {
	const staff = browser();
	const page = await staff.signIn('staff', 'secret-staff');
	assert.equal((await staff.send(page, '/signin/second', { number: recoveries[3] })).status, 303);
	assert.match((await staff.get('/account/second')).words, /Recovery codes left: 9/);
	const again = browser();
	assert.match((await again.send(await again.signIn('staff', 'secret-staff'), '/signin/second', { number: recoveries[3] })).words, /did not match/);
});

test('second__wrong_numbers_are_slowed', async () => {
	clock.pass(7200);
	const staff = browser();
	const page = await staff.signIn('staff', 'secret-staff');
	for (let i = 0; i < 6; i++) await staff.send(page, '/signin/second', { number: '000000' });
	const slow = await staff.send(page, '/signin/second', { number: number(secret, clock.wall) });
	assert.equal(slow.status, 429);
	assert.match(slow.words, /not locked/);
	clock.pass(60);
	assert.equal((await staff.send(page, '/signin/second', { number: number(secret, clock.wall) })).status, 303);
});

test('second__programs_send_the_number_too', async () => {
	clock.pass(3700);
	const ask = (body) => fetch(`${school.origin}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'staff', password: 'secret-staff', ...body }) });
	assert.equal((await ask({})).status, 401);
	assert.equal((await ask({ second: number(secret, clock.wall) })).status, 201);
});

test('second__is_not_asked_of_learners_but_they_may_have_it', async () => {
	const li = browser();
	assert.equal((await li.signIn('li', 'secret-li')).status, 303);
	const begun = await li.send(await li.get('/account/second'), '/account/second');
	const key = /this key into the app: ((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})/.exec(begun.words)[1].replaceAll(' ', '');
	assert.equal((await li.send(begun, '/account/second', { number: number(key, clock.wall) })).h1, 'Your recovery codes');
	clock.pass(60);
	const asked = await browser().signIn('li', 'secret-li');
	assert.equal(asked.h1, 'The number from your app');
	const page = await li.get('/account/second');
	assert.equal((await li.send(page, '/account/second/off', { number: '1' })).status, 422);
	assert.equal((await li.send(page, '/account/second/off', { number: number(key, clock.wall) })).status, 303);
	assert.equal((await browser().signIn('li', 'secret-li')).status, 303);
});

test('second__cannot_be_left_out_where_it_is_asked', async () => {
	clock.pass(60);
	const staff = browser();
	const page = await staff.signIn('staff', 'secret-staff');
	await staff.send(page, '/signin/second', { number: number(secret, clock.wall) });
	const own = await staff.get('/account/second');
	assert.doesNotMatch(own.words, /Turn it off/);
	const csrf = own.fields('/account/second').csrf;
	assert.equal((await staff.ask('POST', '/account/second/off', new URLSearchParams({ csrf, number: '1' }).toString())).status, 403);
});
