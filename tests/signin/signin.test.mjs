// Signing in by number, phone, password, PIN and code; cards; devices; sessions that end; the next person.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Clock } from '../hours/lib/clock.mjs';
import { School } from '../hours/lib/school.mjs';
import { Browser } from './lib/browser.mjs';

const HOUR = 3600, DAY = 24 * HOUR;
let clock, school;
const browser = (options) => new Browser(school.origin, options);
const password = (name) => `secret-${name}`;

before(async () => {
	clock = new Clock();
	school = await new School(clock).start();
	await school.people(0);
	for (const name of ['li', 'wang', 'zhao', 'sun', 'qian', 'zhou', 'wu', 'zheng'])
		await school.account(name, 'learner', ['--institution', school.institution]);
	await school.account('root', 'admin');
	await school.account('teacher', 'teacher', ['--institution', school.institution]);
});
after(async () => {
	await school?.stop();
	clock?.close();
});

// The code and the page on which `by` hands it out for `name`.
async function card(by, name) {
	const staff = browser();
	await staff.signIn(by, password(by));
	const path = `/people/${school.accounts[name].id}/card`;
	const page = await staff.send(await staff.get(path), path);
	return { page, code: /\b(\d{3} \d{3} \d{3} \d{3})\b/.exec(page.text)?.[1], staff };
}

test('signin__a_code_lets_in_once_to_choose_a_password', async () => {
	const { page, code } = await card('staff', 'li');
	assert.equal(page.status, 200);
	assert.match(page.words, /Sign-in card of li/);
	assert.match(page.words, /Good until/);
	assert.match(page.text, /<path[^>]* d="M4 4h7v1h-7z/); // a finder pattern behind the quiet zone
	assert.equal(page.headers['cache-control'], 'no-store');
	const li = browser();
	const choose = await li.signIn('li', code.replaceAll(' ', '-'), { back: '/account' });
	assert.equal(choose.h1, 'Choose your own password or PIN');
	assert.equal(li.session, false);
	const weak = await li.send(choose, '/signin/choose', { new_password: '123456' });
	assert.equal(weak.status, 400);
	assert.match(weak.words, /easy to guess/);
	assert.match(weak.words, AGAIN);
	assert.doesNotMatch(weak.words, /still here/);
	assert.match(weak.text, /aria-invalid="true"/);
	const done = await li.send(weak, '/signin/choose', { new_password: '804512' });
	assert.equal(done.status, 303);
	assert.equal(done.headers.location, '/account');
	assert.equal(li.session, true);
	assert.match((await browser().signIn('li', code)).words, /did not match/);
	assert.match((await browser().signIn('li', password('li'))).words, /did not match/); // the old password is over
	assert.equal((await browser().signIn('li', '804512')).status, 303);
});

test('signin__a_code_ends_after_a_week_and_with_the_next_one', async () => {
	const first = await card('staff', 'wang'), second = await card('staff', 'wang');
	assert.match((await browser().signIn('wang', first.code)).words, /did not match/);
	clock.pass(7 * DAY + 1);
	assert.match((await browser().signIn('wang', second.code)).words, /did not match/);
	assert.equal((await browser().signIn('wang', password('wang'))).status, 303);
});

test('signin__codes_are_handed_out_within_reach_alone', async () => {
	const path = (name) => `/people/${school.accounts[name].id}/card`;
	const as = async (by, name) => {
		const who = browser();
		await who.signIn(by, password(by));
		return (await who.get(path(name))).status;
	};
	const other = JSON.parse(school.command('institution', 'add', '--name', 'Other', '--region', '370200', '--region-name', 'Qingdao')).id;
	await school.account('stranger', 'staff', ['--institution', other]);
	assert.equal(await as('staff', 'li'), 200);
	assert.equal(await as('stranger', 'li'), 404);
	assert.equal(await as('sun', 'wang'), 403);
	assert.equal(await as('staff', 'teacher'), 403); // who moves hours gets one from an administrator
	assert.equal(await as('root', 'teacher'), 200);
});

test('signin__a_code_lets_nobody_in_as_somebody_with_a_wider_role', async () => {
	const as = async (by, name) => {
		const who = browser();
		await who.signIn(by, password(by));
		const path = `/people/${school.accounts[name].id}/card`, form = await who.get('/account');
		const post = await who.ask('POST', path, new URLSearchParams({ csrf: form.fields('/signout').csrf }).toString());
		return [(await who.get(path)).status, post.status, post.words];
	};
	const here = ['--institution', school.institution];
	await school.account('region', 'admin', ['--region', '370100']);
	for (const [name, role, place] of [['chief', 'admin', 'all'], ['writer', 'author', 'all'], ['near', 'author', school.institution], ['clerk', 'staff', school.institution]]) {
		await school.account(name, 'learner', here);
		await school.client('root').must('POST', `/api/v1/people/${school.accounts[name].id}/roles`, { role, place });
	}
	for (const [by, name] of [['staff', 'chief'], ['region', 'chief'], ['staff', 'writer'], ['region', 'writer'], ['staff', 'clerk']]) {
		const [get, post, words] = await as(by, name);
		assert.deepEqual([get, post], [403, 403], `${by} for ${name}`);
		assert.match(words, by === 'staff' && name !== 'writer' ? /handed out by an administrator/ : /a role outside the places you look after/);
	}
	for (const [by, name] of [['root', 'chief'], ['root', 'writer'], ['staff', 'near'], ['region', 'near'], ['region', 'clerk']])
		assert.deepEqual((await as(by, name)).slice(0, 2), [200, 200], `${by} for ${name}`);
});

test('signin__what_is_missing_is_told_at_its_field', async () => {
	const page = await browser().signIn('', '');
	assert.equal(page.status, 400);
	assert.match(page.text, /id="name-error"[^]*Type your learner number or phone/);
	assert.match(page.text, /id="password-error"[^]*Type your password, PIN or sign-in code/);
	assert.match((await browser().signIn('li', '')).text, /value="li"/);
});

test('signin__a_phone_stands_for_the_number', async () => {
	const wang = browser();
	await wang.signIn('wang', password('wang'));
	const page = await wang.get('/account/phone');
	const wrong = await wang.send(page, '/account/phone', { phone: 'call me' });
	assert.equal(wrong.status, 422);
	assert.match(wrong.text, /value="call me"/);
	assert.equal((await wang.send(page, '/account/phone', { phone: '+86 138 1111 2222' })).status, 303);
	assert.equal((await browser().signIn('138-1111-2222', password('wang'))).status, 303);
	assert.doesNotMatch(school.log, /1381111/);
});

test('signin__a_known_device_is_not_slowed_by_others', async () => {
	const known = browser();
	assert.equal((await known.signIn('zhao', password('zhao'))).status, 303);
	assert.ok([...known.cookies.keys()].some((name) => name.endsWith('curb-device')));
	const out = await known.get('/account');
	await known.send(out, '/signout');
	for (let i = 0; i < 7; i++) await browser().signIn('zhao', `guess ${i}`);
	const slow = await browser().signIn('zhao', password('zhao'));
	assert.equal(slow.status, 429);
	assert.match(slow.words, /Your account is not locked/);
	assert.match(slow.text, /value="zhao"/);
	assert.equal((await known.signIn('zhao', password('zhao'))).status, 303);
	clock.pass(61);
	assert.equal((await browser().signIn('zhao', password('zhao'))).status, 303);
});

test('signin__on_a_shared_device_nothing_is_kept', async () => {
	const shared = browser();
	assert.equal((await shared.signIn('sun', password('sun'), { shared: 'yes' })).status, 303);
	assert.equal([...shared.cookies.keys()].some((name) => name.endsWith('curb-device')), false);
	const page = await shared.get('/account');
	const next = await shared.send(page, '/signout/switch');
	assert.equal(next.headers.location, '/signin');
	assert.equal(next.headers['clear-site-data'], '"cache"');
	assert.equal(shared.session, false);
	assert.equal((await shared.get('/account')).status, 303);
});

test('signin__devices_are_listed_and_signed_out', async () => {
	const phone = browser(), desk = browser({ agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Firefox/115.0' });
	await phone.signIn('qian', password('qian'));
	clock.pass(3 * HOUR);
	await desk.signIn('qian', password('qian'));
	const page = await desk.get('/account/devices');
	assert.match(page.words, /Firefox, Linux, used within the last two hours This is the device in front of you/);
	assert.match(page.words, /Chrome, Android, used 3 hours ago/);
	const [, action] = /Chrome, Android[^]*?action="([^"]*)"/.exec(page.text);
	assert.equal((await desk.send(page, action)).status, 303);
	assert.equal((await phone.get('/account')).status, 303);
	assert.equal((await desk.get('/account')).status, 200);
	await phone.signIn('qian', password('qian'));
	// somebody else's session is nobody's business
	const other = browser();
	await other.signIn('wang', password('wang'));
	const form = await other.get('/account/devices');
	const id = /devices\/([0-9a-f-]{36})\/end/.exec((await desk.get('/account/devices')).text)[1];
	const csrf = form.fields('/account/devices/end').csrf ?? form.fields('/signout').csrf;
	assert.equal((await other.ask('POST', `/account/devices/${id}/end`, new URLSearchParams({ csrf }).toString())).status, 404);
	await desk.send(await desk.get('/account/devices'), '/account/devices/end');
	assert.equal((await phone.get('/account')).status, 303);
	assert.equal((await desk.get('/account')).status, 200);
});

test('signin__a_password_is_changed_by_its_owner', async () => {
	const here = browser(), there = browser();
	await here.signIn('zhou', password('zhou'));
	await there.signIn('zhou', password('zhou'));
	const page = await here.get('/account/password');
	const wrong = await here.send(page, '/account/password', { old_password: 'not it', new_password: 'another secret' });
	assert.equal(wrong.status, 422);
	assert.match(wrong.words, /not your password of now/);
	assert.match(wrong.words, /Type both passwords again\. /);
	assert.doesNotMatch(wrong.text, /another secret|still here/);
	assert.equal((await here.send(page, '/account/password', { old_password: password('zhou'), new_password: 'another secret' })).status, 303);
	assert.equal((await here.get('/account')).status, 200);
	assert.equal((await there.get('/account')).status, 303);
	assert.equal((await browser().signIn('zhou', 'another secret')).status, 303);
});

// A browser that was told to show one thing a page.
async function simple(name, secret, typed) {
	const own = browser();
	await own.send(await own.get('/needs'), '/needs', { simplified: 'yes' });
	await own.send(await own.send(await own.get('/signin'), '/signin', { name }), '/signin', { password: secret, ...typed });
	return own;
}
const SECOND = '/account/password?step=new', AGAIN = /Please look at the item below\. Type the password again\. /;
const asks = (page) => [...page.text.matchAll(/<input(?![^>]*type="hidden")[^>]* name="([a-z_]+)"/g)].map(([, name]) => name);

test('signin__one_thing_a_page__a_password_is_changed_in_two_steps', async () => {
	const own = await simple('wu', password('wu')), there = browser();
	await there.signIn('wu', password('wu'));
	const first = await own.get('/account/password');
	assert.deepEqual(asks(first), ['old_password']);
	assert.match(first.words, /Question 1 of 2/);
	for (const [typed, word] of [['', /Type|not your password/], ['not-it', /not your password of now/]]) {
		const wrong = await own.send(first, '/account/password', { old_password: typed });
		assert.equal(wrong.status, 422);
		assert.match(wrong.words, word);
		assert.match(wrong.text, /id="old_password"[^>]*aria-invalid="true"/);
		assert.match(wrong.words, AGAIN);
		assert.doesNotMatch(wrong.text, /not-it|name="new_password"|still here/);
		assert.equal(wrong.headers['cache-control'], 'private, no-cache', 'the key that goes back finds it');
	}
	assert.equal((await own.get(SECOND)).headers.location, '/account/password', 'nothing is open yet');
	const right = await own.send(first, '/account/password', { old_password: password('wu') });
	assert.deepEqual([right.status, right.headers.location], [303, SECOND], 'and no token in the address');
	const second = await own.get(SECOND);
	assert.deepEqual([second.status, second.headers['cache-control'], second.h1, asks(second)], [200, 'no-store', 'New password or PIN', ['new_password']]);
	assert.doesNotMatch(second.text, new RegExp(password('wu')));
	assert.match(second.text, /<a[^>]* href="\/account\/password">/, 'the way back');
	const weak = await own.send(second, '/account/password', { new_password: '123456' });
	assert.equal(weak.status, 422);
	assert.match(weak.words, /easy to guess/);
	assert.match(weak.words, AGAIN);
	assert.doesNotMatch(weak.words, /still here/);
	assert.deepEqual(asks(weak), ['new_password'], 'the first question is not asked again');
	const done = await own.send(weak, '/account/password', { new_password: 'another secret' });
	assert.deepEqual([done.status, done.headers.location], [303, '/account/password?done=yes']);
	const last = await own.get(done.headers.location);
	assert.match(last.words, /Your new password is kept/);
	assert.doesNotMatch(last.words, /Question/);
	assert.deepEqual(asks(last), [], 'it does not begin anew');
	assert.match(last.text, /<main[^]*<a[^>]* href="\/account">/);
	assert.equal((await own.get(SECOND)).headers.location, '/account/password', 'nothing is open any more');
	assert.equal((await there.get('/account')).status, 303, 'other devices are signed out');
	assert.equal((await browser().signIn('wu', 'another secret')).status, 303);
	const twice = await own.send(weak, '/account/password', { new_password: 'a third secret' });
	assert.equal(twice.headers.location, '/account/password', 'a step is taken once');
	assert.equal((await browser().signIn('wu', 'another secret')).status, 303);
});

test('signin__the_second_step_of_a_password_is_for_who_took_the_first_where_she_took_it', async () => {
	const own = await simple('zheng', password('zheng'), { shared: 'yes' }), next = await simple('wang', password('wang'));
	await own.send(await own.get('/account/password'), '/account/password', { old_password: password('zheng') });
	const { step } = (await own.get(SECOND)).fields('/account/password');
	assert.equal(step, 'new', 'nothing that could be carried elsewhere');
	const again = await simple('zheng', password('zheng'));
	for (const who of [next, again]) {
		const page = await who.get('/account/password');
		assert.equal((await who.send(page, '/account/password', { step, new_password: 'hers no more' })).headers.location, '/account/password');
		assert.equal((await who.get(SECOND)).headers.location, '/account/password');
		assert.equal((await who.send(page, '/account/password', { new_password: 'hers no more' })).status, 422, 'the first question is not left out');
	}
	assert.equal((await browser().signIn('zheng', password('zheng'))).status, 303);
	const plain = browser(); // without the simple layout both are asked at once, and neither is left out
	await plain.signIn('zheng', password('zheng'));
	const both = await plain.get('/account/password');
	assert.deepEqual(asks(both), ['old_password', 'new_password']);
	assert.equal((await plain.send(both, '/account/password', { old_password: password('zheng') })).status, 422);
});

test('signin__the_second_step_of_a_password_is_open_for_ten_minutes', async () => {
	const own = await simple('wang', password('wang')), first = await own.get('/account/password');
	await own.send(first, '/account/password', { old_password: password('wang') });
	const late = await own.get(SECOND);
	assert.deepEqual(asks(late), ['new_password']);
	clock.pass(11 * 60);
	const gone = await own.send(late, '/account/password', { new_password: 'of whoever came later' });
	assert.deepEqual([gone.status, gone.headers.location], [303, '/account/password']);
	assert.deepEqual(asks(await own.get('/account/password')), ['old_password'], 'it goes back to the beginning');
	const wrong = await browser().signIn('wang', 'of whoever came later');
	assert.match(wrong.words, /did not match/);
	await own.send(first, '/account/password', { old_password: password('wang') });
	const second = await own.get(SECOND);
	clock.pass(9 * 60);
	assert.equal((await own.send(second, '/account/password', { new_password: '123456' })).status, 422, 'nobody has to hurry more');
});

test('signin__who_comes_now_and_then_stays_signed_in', async () => {
	const own = browser(), shared = browser();
	await own.signIn('wang', password('wang'));
	await shared.signIn('wang', password('wang'), { shared: 'yes' });
	for (let i = 0; i < 3; i++) {
		clock.pass(20 * DAY);
		const page = await own.get('/account');
		assert.equal(page.status, 200);
		// the cookie is renewed with it; the write goes beside the request
		assert.ok(page.headers['set-cookie']?.some((line) => /curb=.*Max-Age=2592000/.test(line)));
		let seen = false; // that it was used is written beside the request
		for (let tries = 0; !seen && tries < 500; tries++) seen = /two hours[^.]*in front of you/.test((await own.get('/account/devices')).words);
		assert.ok(seen);
	}
	assert.equal((await shared.get('/account')).status, 303);
});

test('signin__the_end_of_a_session_is_told_and_put_off', async () => {
	const shared = browser();
	await shared.signIn('wang', password('wang'), { shared: 'yes' });
	assert.doesNotMatch((await shared.get('/account')).words, /You will be signed out in 1\d minutes/);
	clock.pass(12 * HOUR - 10 * 60);
	const page = await shared.get('/account/phone');
	assert.match(page.words, /You will be signed out in 1[01] minutes/);
	assert.equal((await shared.send(page, '/account/extend')).headers.location, '/account/phone');
	clock.pass(11 * HOUR);
	assert.equal((await shared.get('/account')).status, 200);
});

test('signin__what_was_typed_outlives_the_session', async () => {
	const shared = browser();
	await shared.signIn('wang', password('wang'), { shared: 'yes' });
	const form = await shared.get('/account/phone');
	clock.pass(13 * HOUR);
	const asked = await shared.send(form, '/account/phone', { phone: '010 5555 66 & "77"' });
	assert.equal(asked.status, 401);
	assert.match(asked.words, /What you typed is kept/);
	const wrong = await shared.send(asked, '/signin', { name: 'wang', password: 'wrong' });
	assert.match(wrong.words, /did not match/);
	const again = await shared.send(wrong, '/signin', { name: 'wang', password: password('wang'), shared: 'yes' });
	assert.equal(again.h1, 'Phone');
	assert.match(again.words, /You are signed in again/);
	assert.match(again.text, /value="010 5555 66 &amp; &#34;77&#34;"/);
	assert.equal(shared.session, true);
	assert.equal((await shared.send(again, '/account/phone', { phone: '010 5555 6677' })).status, 303);
});

test('signin__passwords_are_never_kept_through_it', async () => {
	const shared = browser();
	await shared.signIn('wang', password('wang'), { shared: 'yes' });
	const form = await shared.get('/account/password');
	clock.pass(13 * HOUR);
	const asked = await shared.send(form, '/account/password', { old_password: 'old-words', new_password: 'new-words' });
	assert.equal(asked.status, 401);
	assert.doesNotMatch(asked.text, /old-words|new-words/);
});
