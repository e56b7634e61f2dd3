// What gives lasting access asks once more who is there, when the session has stood open for more than ten minutes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Clock } from '../hours/lib/clock.mjs';
import { School } from '../hours/lib/school.mjs';
import { Browser } from './lib/browser.mjs';
import { Passkey } from './lib/passkey.mjs';
import { number } from './lib/totp.mjs';

const LONG = 601, PASSKEYS = '/account/passkeys', SECOND = '/account/second', HELP = '/account/help';
let clock, school;

// Browsers have passkeys on https and at localhost alone.
const browser = () => new Browser(school.origin.replace('127.0.0.1', 'localhost'));
async function signedIn(name) {
	const who = browser();
	assert.equal((await who.signIn(name, `secret-${name}`)).status, 303);
	return who;
}
const asks = (page) => /id="proof"/.test(page.text);
const told = (page, text) => assert.match(page.text, new RegExp(`id="proof-error"[^]*${text}`));

before(async () => {
	clock = new Clock();
	school = await new School(clock).start();
	for (const name of ['li', 'wang', 'zhao', 'sun', 'qian', 'zhou']) await school.account(name, 'learner');
	await school.account('aunt', 'helper');
});
after(async () => {
	await school?.stop();
	clock?.close();
});

test('proof__is_not_asked_for_ten_minutes_from_signing_in', async () => {
	const li = await signedIn('li');
	clock.pass(599);
	for (const path of [PASSKEYS, SECOND, HELP]) assert.equal(asks(await li.get(path)), false, path);
	clock.pass(1);
	for (const path of [PASSKEYS, SECOND, HELP]) {
		const page = await li.get(path);
		assert.ok(asks(page), path);
		assert.match(page.words, /You signed in more than ten minutes ago. So that nobody else who comes to this device/);
		assert.match(page.text, /type="password" value="" autocomplete="current-password"/);
	}
});

test('proof__adding_a_passkey_asks_and_loses_nothing', async () => {
	const li = await signedIn('li'), device = new Passkey(li.origin);
	clock.pass(LONG);
	const page = await li.get(PASSKEYS), made = device.added(page);
	const without = await li.send(page, PASSKEYS, { passkey_name: 'my phone', ...made });
	assert.equal(without.status, 422);
	told(without, 'Type your password or PIN of now');
	const wrong = await li.send(without, PASSKEYS, { proof: 'not-hers-7' });
	assert.equal(wrong.status, 422);
	told(wrong, 'This is not your password of now');
	assert.doesNotMatch(wrong.text, /not-hers-7/);
	assert.match((await li.get(PASSKEYS)).words, /You have no passkey yet/);
	// the name and what the device made came back: the form is only sent again
	assert.equal(wrong.fields(PASSKEYS).passkey_name, 'my phone');
	assert.equal((await li.send(wrong, PASSKEYS, { proof: 'secret-li' })).status, 303);
	const list = await li.get(PASSKEYS);
	assert.match(list.words, /my phone, last used on/);
	assert.equal(asks(list), false); // for ten minutes again
	clock.pass(LONG);
	assert.ok(asks(await li.get(PASSKEYS)));
});

test('proof__a_passkey_is_a_proof_too_and_removing_one_asks_on_a_page_of_its_own', async () => {
	const wang = await signedIn('wang'), device = new Passkey(wang.origin);
	const page = await wang.get(PASSKEYS);
	assert.equal((await wang.send(page, PASSKEYS, { passkey_name: 'key', ...device.added(page) })).status, 303);
	clock.pass(LONG);
	const list = await wang.get(PASSKEYS);
	const [remove] = /\/account\/passkeys\/[0-9a-f-]+\/remove/.exec(list.text);
	const li = await signedIn('li'), { csrf } = (await li.get(PASSKEYS)).fields(PASSKEYS);
	assert.equal((await li.ask('POST', remove, new URLSearchParams({ csrf }).toString())).status, 404); // somebody else's
	const confirm = await wang.send(list, remove);
	assert.equal(confirm.status, 200);
	assert.equal(confirm.h1, 'Remove a passkey');
	assert.match(confirm.words, /key signs you in no more/);
	const wrong = await wang.send(confirm, remove, { proof: 'guess' });
	assert.equal(wrong.status, 422);
	told(wrong, 'This is not your password of now');
	assert.match((await wang.get(PASSKEYS)).words, /key, last used on/);
	const again = browser(), signin = await again.get('/signin');
	assert.equal((await again.send(signin, '/signin/passkey', device.signed(signin))).status, 303);
	assert.equal(asks(await again.get(PASSKEYS)), false);
	assert.equal((await wang.send(wrong, remove, { proof: 'secret-wang' })).status, 303);
	assert.match((await wang.get(PASSKEYS)).words, /You have no passkey yet/);
});

test('proof__the_second_step_is_set_up_and_set_up_anew_by_its_owner', async () => {
	const zhao = await signedIn('zhao');
	clock.pass(LONG);
	const off = await zhao.get(SECOND);
	const wrong = await zhao.send(off, SECOND, { proof: 'guess' });
	assert.equal(wrong.status, 422);
	told(wrong, 'This is not your password of now');
	assert.doesNotMatch(wrong.words, /this key into the app|still here/);
	const begun = await zhao.send(wrong, SECOND, { proof: 'secret-zhao' });
	const key = /this key into the app: ((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})/.exec(begun.words)[1].replaceAll(' ', '');
	assert.equal((await zhao.send(begun, SECOND, { number: number(key, clock.wall) })).h1, 'Your recovery codes');
	clock.pass(LONG);
	// who has a second step shows its number: the password alone is not enough
	const on = await zhao.get(SECOND);
	const form = on.fields(SECOND);
	assert.ok('proof' in form);
	told(await zhao.send(on, SECOND, { proof: 'secret-zhao' }), 'This number did not match');
	told(await zhao.send(on, SECOND, {}), 'Type the six digits');
	const anew = await zhao.send(on, SECOND, { proof: number(key, clock.wall) });
	assert.match(anew.words, /this key into the app/);
	// and once: a number that was read over her shoulder is used up
	const other = browser();
	const asked = await other.signIn('zhao', 'secret-zhao');
	assert.match((await other.send(asked, '/signin/second', { number: number(key, clock.wall) })).words, /used already/);
});

test('proof__wrong_tries_are_slowed_and_end_for_the_session_alone', async () => {
	const sun = await signedIn('sun');
	clock.pass(LONG);
	const page = await sun.get(SECOND);
	for (let i = 0; i < 5; i++) assert.equal((await sun.send(page, SECOND, { proof: `guess ${i}` })).status, 422);
	const slow = await sun.send(page, SECOND, { proof: 'secret-sun' });
	assert.equal(slow.status, 429);
	told(slow, 'Wait 1 seconds');
	for (let i = 5; i < 20; i++) {
		clock.pass(61);
		assert.equal((await sun.send(page, SECOND, { proof: `guess ${i}` })).status, 422);
	}
	clock.pass(7200);
	const over = await sun.send(page, SECOND, { proof: 'secret-sun' });
	assert.equal(over.status, 429);
	told(over, 'Sign out and in again');
	const own = await sun.get('/account/password');
	assert.equal((await sun.send(own, '/account/password', { old_password: 'secret-sun', new_password: 'another-of-sun' })).status, 429);
	// she is not kept out by whoever guessed
	const again = await signedIn('sun');
	assert.equal((await again.send(await again.get('/account/password'), '/account/password', { old_password: 'secret-sun', new_password: 'another-of-sun' })).status, 303);
});

test('proof__who_helps_is_allowed_by_the_person_herself', async () => {
	const qian = await signedIn('qian');
	clock.pass(LONG);
	const page = await qian.get(HELP);
	const wrong = await qian.send(page, HELP, { helper: 'aunt', proof: 'guess' });
	assert.equal(wrong.status, 422);
	told(wrong, 'This is not your password of now');
	assert.match(wrong.words, /Please look at the item below\. Type the password again; what else you wrote is still here/);
	assert.equal(wrong.fields(HELP).helper, 'aunt');
	assert.match((await qian.get(HELP)).words, /Nobody helps you here/);
	assert.equal((await qian.send(wrong, HELP, { proof: 'secret-qian' })).status, 303);
	assert.doesNotMatch((await qian.get(HELP)).words, /Nobody helps you here/);
});

test('proof__going_on_is_none', async () => {
	const zhou = await signedIn('zhou');
	clock.pass(LONG);
	const page = await zhou.get('/account');
	const csrf = page.fields('/signout').csrf;
	await zhou.ask('POST', '/account/extend', new URLSearchParams({ csrf }).toString());
	assert.ok(asks(await zhou.get(PASSKEYS)));
});

test('proof__one_thing_a_page__comes_before_the_number_of_a_helper', async () => {
	const zhou = browser();
	await zhou.send(await zhou.get('/needs'), '/needs', { simplified: 'yes' });
	await zhou.send(await zhou.send(await zhou.get('/signin'), '/signin', { name: 'zhou' }), '/signin', { password: 'secret-zhou' });
	const asked = (page) => [...page.text.matchAll(/<input(?![^>]*type="hidden")[^>]* name="([a-z_]+)"/g)].map(([, name]) => name);
	assert.deepEqual(asked(await zhou.get(HELP)), ['helper']);
	clock.pass(LONG);
	const first = await zhou.get(HELP);
	assert.deepEqual(asked(first), ['proof']);
	assert.match(first.words, /Show once more that it is you/);
	assert.doesNotMatch(first.words, /A helper signs in with|Nobody helps you here|Who may help me|more than ten minutes/);
	const wrong = await zhou.send(first, HELP, { proof: 'not-hers-7' });
	assert.deepEqual([wrong.status, asked(wrong)], [422, ['proof']]);
	told(wrong, 'This is not your password of now');
	assert.match(wrong.words, /Type the password again\. /);
	assert.doesNotMatch(wrong.words, /still here/);
	const right = await zhou.send(first, HELP, { proof: 'secret-zhou' });
	assert.deepEqual([right.status, right.headers.location], [303, HELP]);
	const second = await zhou.get(HELP);
	assert.deepEqual(asked(second), ['helper']);
	assert.match(second.words, /Who may help me .*Nobody helps you here/);
	clock.pass(LONG); // who needs long is asked once more, and what she typed is kept
	const late = await zhou.send(second, HELP, { helper: 'aunt' });
	assert.deepEqual([late.status, asked(late)], [422, ['proof']]);
	const done = await zhou.send(late, HELP, { proof: 'secret-zhou' });
	assert.deepEqual([done.status, done.headers.location], [303, `${HELP}?done=yes`]);
	assert.match((await zhou.get(HELP)).words, /End the help of aunt/);
	clock.pass(LONG); // ending asks for nothing, so it never waits behind the proof
	const ends = await zhou.get(HELP), [end] = /\/account\/help\/[0-9a-f-]+\/end/.exec(ends.text);
	assert.deepEqual(asked(ends), ['proof']);
	assert.equal((await zhou.send(ends, end)).headers.location, `${HELP}?done=yes`);
	assert.doesNotMatch((await zhou.get(HELP)).words, /aunt/);
});
