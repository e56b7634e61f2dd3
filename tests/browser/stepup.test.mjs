// Needs plugins: catalog credit video
// What gives lasting access, in a browser: once the session is older than ten minutes, the clock of the test says when, the
// password is asked for first, and nothing that was typed is lost by it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe } from './lib/access.mjs';
import { launch, person, signIn } from './lib/browser.mjs';

const { Clock } = await import('../hours/lib/clock.mjs');
const { School } = await import('../hours/lib/school.mjs');
const TEN_MINUTES_S = 600, SAYS_WHY = /You signed in more than ten minutes ago/;

let browser, clock, school, local;
before(async () => {
	clock = new Clock();
	school = await new School(clock).start();
	local = { origin: school.origin.replace('127.0.0.1', 'localhost') }; // browsers have passkeys there
	for (const name of ['li', 'wang', 'zhao']) await school.account(name, 'learner');
	await school.account('aunt', 'helper');
	browser = await launch();
});
after(async () => {
	await browser?.close();
	await school?.stop();
	clock?.close();
});

async function opened(name, path, { passkeys = false } = {}) {
	const user = await signIn(browser, local, { name, password: `secret-${name}` });
	const context = await person(browser, { lang: 'en', user }), page = await context.newPage();
	if (passkeys) {
		const cdp = await context.newCDPSession(page);
		await cdp.send('WebAuthn.enable');
		await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
	}
	await page.goto(local.origin + path);
	return { context, page, main: () => page.locator('main').innerText() };
}

const proof = (it) => it.page.locator('#proof');
// Sends the form that `within` stands in; what the next page says.
async function sent(it, name) {
	await Promise.all([it.page.waitForNavigation(), it.page.getByRole('button', { name, exact: true }).click()]);
	return it.main();
}

test('stepup__a_helper_is_named_by_who_knows_the_password_alone', async () => {
	const it = await opened('li', '/account/help');
	assert.equal(await proof(it).count(), 0);
	// she typed for long: the form was open when the ten minutes were over
	await it.page.locator('[name=helper]').fill('aunt');
	clock.pass(TEN_MINUTES_S);
	const button = (await it.page.locator('form:has([name=helper]) button').first().innerText()).trim();
	assert.match(await sent(it, button), SAYS_WHY);
	assert.equal(await it.page.locator('[name=helper]').inputValue(), 'aunt');
	assert.deepEqual(await axe(it.page), []);
	await proof(it).fill('not-hers');
	assert.match(await sent(it, button), /This is not your password of now/);
	assert.deepEqual([await it.page.locator('[name=helper]').inputValue(), await proof(it).inputValue()], ['aunt', '']);
	assert.equal(await proof(it).getAttribute('aria-invalid'), 'true');
	await proof(it).fill('secret-li');
	assert.match(await sent(it, button), /aunt/);
	assert.equal(await proof(it).count(), 0); // for ten minutes again
	await it.context.close();
});

test('stepup__a_passkey_is_added_after_the_password_and_its_name_is_kept', async () => {
	const it = await opened('wang', '/account/passkeys', { passkeys: true });
	clock.pass(TEN_MINUTES_S);
	await it.page.reload();
	assert.match(await it.main(), SAYS_WHY);
	await it.page.getByLabel('Name of the new passkey').fill('my phone');
	await proof(it).fill('wrong-one');
	await it.page.getByRole('button', { name: 'Add a passkey', exact: true }).click();
	await it.page.getByText('This is not your password of now').first().waitFor();
	assert.equal(await it.page.getByLabel('Name of the new passkey').inputValue(), 'my phone');
	assert.doesNotMatch(await it.main(), /last used on/);
	await proof(it).fill('secret-wang');
	await it.page.getByRole('button', { name: 'Add a passkey', exact: true }).click();
	await it.page.getByText('my phone, last used on').waitFor();
	assert.equal(await proof(it).count(), 0);
	await it.context.close();
});

test('stepup__the_second_step_is_not_changed_by_whoever_finds_the_session_open', async () => {
	const it = await opened('zhao', '/account/second');
	assert.equal(await proof(it).count(), 0);
	clock.pass(TEN_MINUTES_S);
	await it.page.reload();
	assert.match(await it.main(), SAYS_WHY);
	assert.equal(await proof(it).getAttribute('autocomplete'), 'current-password');
	const button = (await it.page.locator('form:has(#proof) button').first().innerText()).trim();
	// nothing typed: the browser itself, or the page, asks for it; nothing is changed
	await it.page.locator('form:has(#proof) button').first().click();
	assert.equal(await proof(it).count(), 1);
	await proof(it).fill('secret-zhao');
	await sent(it, button);
	assert.doesNotMatch(await it.main(), SAYS_WHY);
	await it.context.close();
});
