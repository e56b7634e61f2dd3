// Help with consent: the person allows it, the helper presses for her, the hours are hers, and it ends when she says so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { School } from '../hours/lib/school.mjs';
import { Browser } from './lib/browser.mjs';

let school;
before(async () => {
	school = await new School(null).start();
	await school.people(0);
	await school.account('li', 'learner', ['--institution', school.institution]);
	await school.account('aunt', 'helper');
	await school.account('other', 'helper');
});
after(() => school?.stop());

async function signedIn(name) {
	const who = new Browser(school.origin);
	assert.equal((await who.signIn(name, `secret-${name}`)).status, 303);
	return who;
}

test('help__is_allowed_seen_and_ended_by_the_person', async () => {
	const li = await signedIn('li'), aunt = await signedIn('aunt');
	assert.match((await aunt.get('/account/help')).words, /Nobody has allowed it yet/);
	const page = await li.get('/account/help');
	const wrong = await li.send(page, '/account/help', { helper: 'staff' });
	assert.equal(wrong.status, 422);
	assert.match(wrong.words, /no helper with this number/);
	assert.match(wrong.text, /value="staff"/);
	assert.equal((await li.send(page, '/account/help', { helper: 'AUNT' })).status, 303);
	assert.equal((await li.send(page, '/account/help', { helper: 'aunt' })).status, 303);
	assert.equal((await li.get('/account/help')).text.match(/End the help of aunt/g).length, 1); // twice is once

	const hers = await aunt.get('/account/help');
	const [begin] = /\/account\/help\/[0-9a-f-]+\/begin/.exec(hers.text);
	const stranger = await signedIn('other');
	const csrf = (await stranger.get('/account/help')).fields('/account/help').csrf;
	assert.equal((await stranger.ask('POST', begin, new URLSearchParams({ csrf }).toString())).status, 404);
	assert.equal((await aunt.send(hers, begin)).headers.location, '/');
	const first = await aunt.get('/account');
	assert.match(first.words, /Signed in as li, with the help of aunt/);

	// what she does is the person's: the API says who it is
	const record = await aunt.ask('GET', '/api/v1/trainees/me/record', undefined, { Accept: 'application/json' });
	const counts = (await aunt.ask('GET', '/healthz')).text.includes('"credit"'); // the server may run without that plugin
	assert.equal(record.status, counts ? 200 : 404);
	// but the account is not hers
	for (const path of ['/account/password', '/account/devices', '/account/passkeys', '/account/help', '/account/second', '/account/phone'])
		assert.equal((await aunt.get(path)).status, 403, path);

	assert.match((await li.get('/account/devices')).words, /With the help of aunt/);
	const list = await li.get('/account/help');
	const [end] = /\/account\/help\/[0-9a-f-]+\/end/.exec(list.text);
	assert.equal((await stranger.ask('POST', end, new URLSearchParams({ csrf }).toString())).status, 404);
	assert.equal((await li.send(list, end)).status, 303);
	assert.equal((await aunt.get('/account')).status, 303); // at once
	const back = await signedIn('aunt');
	const form = await back.get('/account/help');
	assert.equal((await back.ask('POST', begin, new URLSearchParams({ csrf: form.fields('/account/help').csrf }).toString())).status, 404);
});

test('help__is_stopped_by_the_helper_too', async () => {
	const li = await signedIn('li'), aunt = await signedIn('aunt');
	await li.send(await li.get('/account/help'), '/account/help', { helper: 'aunt' });
	const page = await aunt.get('/account/help');
	const [end] = /\/account\/help\/[0-9a-f-]+\/end/.exec(page.text.slice(page.text.indexOf('Whom I help')));
	assert.equal((await aunt.send(page, end)).status, 303);
	assert.match((await li.get('/account/help')).words, /Nobody helps you here/);
});
