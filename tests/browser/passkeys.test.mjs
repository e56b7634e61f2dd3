// Passkeys with Chromium's own authenticator: added, used without typing, refused when copied, replayed or taken away.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, everywhere } from './lib/access.mjs';
import { launch, person, session, signIn } from './lib/browser.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, local, account;
before(async () => {
	server = await startServer();
	local = { ...server, origin: server.origin.replace('127.0.0.1', 'localhost') };
	account = server.addUser('keeper', 'learner');
	browser = await launch();
});
after(async () => {
	await browser?.close();
	await server?.stop();
});

// Tab until a button or field of that name has the focus. (The helpers of keys.mjs open and close sessions of their own with
// the browser, and the authenticator goes with the first that is closed.)
async function tabTo(page, name) {
	for (let i = 0; i < 80; i++) {
		await page.keyboard.press('Tab');
		const now = await page.evaluate(() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim());
		if (now === name) return;
	}
	throw new Error(`Tab never came to ${name}`);
}

async function press(page, name, { leaves = false } = {}) {
	await tabTo(page, name);
	if (!leaves) return page.keyboard.press('Enter');
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

async function type(page, name, text) {
	await tabTo(page, name);
	await page.keyboard.type(text);
}

// A page of somebody with a device that can verify her.
async function withDevice(user, options = {}) {
	const context = await person(browser, { lang: 'en', user });
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);
	await cdp.send('WebAuthn.enable');
	const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: {
		protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
		automaticPresenceSimulation: true, ...options } });
	return { context, page, cdp, authenticatorId };
}

async function addPasskey(it, name) {
	await it.page.goto(`${local.origin}/account/passkeys`);
	await type(it.page, 'Name of the new passkey', name);
	await press(it.page, 'Add a passkey', { leaves: true });
	await it.page.getByText(`${name}, last used on`).waitFor();
}

async function enter(it) {
	await it.page.goto(`${local.origin}/signin?back=/account`);
	await press(it.page, 'Sign in with a passkey', { leaves: true });
}

test('passkeys__are_added_and_sign_in_by_keyboard_without_a_name', async () => {
	const it = await withDevice(await signIn(browser, local, account));
	await addPasskey(it, 'my phone');
	assert.deepEqual(await axe(it.page), []);
	await Promise.all([it.page.waitForNavigation(), it.page.getByRole('button', { name: 'Sign out', exact: true }).click()]);
	assert.equal(await session(it.context), undefined);
	let sent;
	it.page.on('request', (request) => { if (request.url().endsWith('/signin/passkey')) sent = request.postData(); });
	await enter(it);
	assert.equal(new URL(it.page.url()).pathname, '/account');
	assert.match(await it.page.locator('header').innerText(), /Signed in as keeper/);
	// what was sent is good once
	const other = await person(browser, { lang: 'en' });
	const page = await other.newPage();
	await page.goto(`${local.origin}/signin`);
	const csrf = await page.locator('form[action="/signin/passkey"] [name=csrf]').inputValue();
	const form = new URLSearchParams(sent);
	form.set('csrf', csrf);
	const again = await page.evaluate(async (body) => {
		const reply = await fetch('/signin/passkey', { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' } });
		return { status: reply.status, text: await reply.text() };
	}, form.toString());
	assert.equal(again.status, 401);
	assert.match(again.text, /was done already/);
	assert.equal(await session(other), undefined);
	// nor with a byte of it changed
	for (const name of ['signature', 'authdata', 'client', 'credential']) {
		const bad = new URLSearchParams(form);
		const value = bad.get(name);
		bad.set(name, `${value.slice(0, 20)}${value[20] === 'A' ? 'B' : 'A'}${value.slice(21)}`);
		assert.equal(await page.evaluate(async (body) => (await fetch('/signin/passkey', { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' } })).status, bad.toString()), 401);
	}
	await other.close();
	await it.context.close();
});

test('passkeys__ask_in_the_simple_layout_too_who_else_uses_the_device', async () => {
	const it = await withDevice(await signIn(browser, local, server.addUser('sharer', 'learner')));
	await addPasskey(it, 'shared');
	await Promise.all([it.page.waitForNavigation(), it.page.getByRole('button', { name: 'Sign out', exact: true }).click()]);
	await it.page.goto(`${local.origin}/needs`);
	await it.page.check('[name=simplified]');
	await Promise.all([it.page.waitForNavigation(), it.page.keyboard.press('Enter')]);
	await it.page.goto(`${local.origin}/signin?back=/account`);
	assert.deepEqual(await axe(it.page), []);
	assert.equal(await it.page.locator('form[action="/signin/passkey"] #shared').isVisible(), true);
	await tabTo(it.page, 'Others use this device too');
	await it.page.keyboard.press('Space');
	await press(it.page, 'Sign in with a passkey', { leaves: true });
	assert.equal(new URL(it.page.url()).pathname, '/account');
	assert.equal((await session(it.context)).expires, -1); // it ends with the browser
	await it.context.close();
});

test('passkeys__that_were_copied_or_taken_away_are_refused', async () => {
	const it = await withDevice(await signIn(browser, local, account));
	await addPasskey(it, 'key to copy');
	const { credentials } = await it.cdp.send('WebAuthn.getCredentials', { authenticatorId: it.authenticatorId });
	await Promise.all([it.page.waitForNavigation(), it.page.getByRole('button', { name: 'Sign out', exact: true }).click()]);
	await enter(it);
	assert.ok(await session(it.context));
	const thief = await withDevice();
	for (const credential of credentials)
		await thief.cdp.send('WebAuthn.addCredential', { authenticatorId: thief.authenticatorId, credential: { ...credential, signCount: 0 } });
	await enter(thief);
	assert.match(await thief.page.locator('main').innerText(), /copied this passkey/);
	assert.equal(await session(thief.context), undefined);
	await thief.context.close();
	await it.page.goto(`${local.origin}/account/passkeys`);
	await press(it.page, 'Remove key to copy', { leaves: true });
	assert.equal(await it.page.getByText('key to copy, last used').count(), 0);
	await Promise.all([it.page.waitForNavigation(), it.page.getByRole('button', { name: 'Sign out', exact: true }).click()]);
	await enter(it);
	assert.match(await it.page.locator('main').innerText(), /not known here/);
	await it.context.close();
});

test('passkeys__of_a_device_that_verifies_nobody_are_not_used', async () => {
	const it = await withDevice(await signIn(browser, local, account), { isUserVerified: false });
	await it.page.goto(`${local.origin}/account/passkeys`);
	await type(it.page, 'Name of the new passkey', 'nobody');
	await press(it.page, 'Add a passkey');
	await it.page.getByText('No passkey was added').waitFor();
	await it.context.close();
});

test('passkeys__are_absent_in_words_where_they_cannot_be', async () => {
	const user = await signIn(browser, server, account); // by its number: no browser has passkeys there
	const context = await person(browser, { lang: 'en', user });
	const page = await context.newPage();
	await page.goto(`${server.origin}/account/passkeys`);
	assert.match(await page.locator('main').innerText(), /only where the line is encrypted/);
	await page.goto(`${server.origin}/signin`);
	assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0);
	await context.close();
	const app = await person(browser, { lang: 'en', user: await signIn(browser, local, account) });
	await app.addInitScript(() => { delete window.PublicKeyCredential; }); // as in the browser of WeChat
	const inside = await app.newPage();
	await inside.goto(`${local.origin}/account/passkeys`);
	await inside.getByText('This browser has no passkeys').waitFor();
	assert.equal(await inside.getByRole('button', { name: 'Add a passkey' }).count(), 0);
	await app.close();
});

test('account__pages_are_accessible_everywhere', async () => {
	const user = await signIn(browser, local, account);
	for (const path of ['/account/devices', '/account/passkeys']) assert.deepEqual(await everywhere(browser, local, path, { user }), {}, path);
	const context = await person(browser, { user, width: 320 });
	const page = await context.newPage();
	for (const path of ['/account', '/account/password', '/account/phone', '/account/second']) {
		await page.goto(local.origin + path);
		assert.deepEqual(await axe(page), [], path);
	}
	await Promise.all([page.waitForNavigation(), page.locator('main form[action="/account/second"] button').click()]);
	assert.deepEqual(await axe(page), []);
	await context.close();
});
