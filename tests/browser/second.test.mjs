// The second step of signing in, by keyboard: set up at the first sign-in of who moves hours, asked for at the next, and not asked of
// who comes with a passkey. The clock of the test says when.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe } from './lib/access.mjs';
import { launch, person } from './lib/browser.mjs';

const { Clock } = await import('../hours/lib/clock.mjs');
const { School } = await import('../hours/lib/school.mjs');
const { number } = await import('../signin/lib/totp.mjs');
const NUMBER = 'The six digits that your app shows', PASSWORD = 'secret-staff';

let browser, clock, school, origin, secret;
before(async () => {
	clock = new Clock();
	school = new School(clock);
	school.second = 'yes';
	await school.start();
	origin = school.origin.replace('127.0.0.1', 'localhost'); // browsers have passkeys there
	school.input = `${PASSWORD}\n`;
	school.command('user', 'add', '--name', 'staff', '--role', 'staff');
	browser = await launch();
});
after(async () => {
	await browser?.close();
	await school?.stop();
	clock?.close();
});

// Tab until a button or field of that name has the focus. (Sessions of keys.mjs would take the authenticator with them.)
async function tabTo(page, name) {
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press('Tab');
		if (await page.evaluate(() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()) === name) return;
	}
	throw new Error(`Tab never came to ${name}`);
}
async function press(page, name) {
	await tabTo(page, name);
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}
async function type(page, name, text) {
	await tabTo(page, name);
	await page.keyboard.press('Control+a');
	await page.keyboard.type(text);
}
const h1 = (page) => page.locator('h1').innerText();
async function password(page, back) {
	await page.goto(`${origin}/signin?back=${back}`);
	await page.locator('[name=name]').fill('staff');
	await page.locator('[name=password]').fill(PASSWORD);
	await Promise.all([page.waitForNavigation(), page.locator('[name=password]').press('Enter')]);
}

test('second__is_set_up_by_keyboard_and_asked_for_at_the_next_sign_in', async () => {
	const context = await person(browser, { lang: 'en' }), page = await context.newPage();
	await password(page, '/account');
	assert.equal(await h1(page), 'Set up the second step of signing in');
	assert.deepEqual(await axe(page), []);
	secret = /(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}/.exec(await page.locator('main').innerText())[0].replaceAll(' ', '');
	await type(page, NUMBER, '000000');
	await press(page, 'Go on');
	const field = page.getByLabel(NUMBER);
	assert.deepEqual([await field.getAttribute('aria-invalid'), /did not match/.test(await page.locator('main').innerText())], ['true', true]);
	assert.deepEqual(await axe(page), []);
	await type(page, NUMBER, number(secret, clock.wall));
	await press(page, 'Go on');
	assert.equal(await h1(page), 'Your recovery codes');
	assert.deepEqual(await axe(page), []);
	await context.close();

	clock.pass(60);
	const other = await person(browser, { lang: 'en', width: 320, dark: true }), next = await other.newPage();
	await password(next, '/account/phone');
	assert.equal(await h1(next), 'The number from your app');
	assert.deepEqual(await axe(next), []);
	assert.equal(await next.evaluate(() => document.documentElement.scrollWidth), 320);
	await type(next, NUMBER, number(secret, clock.wall));
	await press(next, 'Go on');
	assert.equal(new URL(next.url()).pathname, '/account/phone');
	await other.close();
});

test('second__is_not_asked_of_who_comes_with_a_passkey', async () => {
	clock.pass(120);
	const context = await person(browser, { lang: 'en' }), page = await context.newPage(), cdp = await context.newCDPSession(page);
	await cdp.send('WebAuthn.enable');
	await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
	await password(page, '/account/passkeys');
	await type(page, NUMBER, number(secret, clock.wall));
	await press(page, 'Go on');
	await type(page, 'Name of the new passkey', 'the office');
	await press(page, 'Add a passkey');
	await page.getByText('the office, last used on').waitFor();
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Sign out', exact: true }).click()]);
	await page.goto(`${origin}/signin?back=/account`);
	await press(page, 'Sign in with a passkey');
	assert.equal(new URL(page.url()).pathname, '/account');
	await context.close();
});
