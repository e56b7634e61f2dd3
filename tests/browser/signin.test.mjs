// Signing in as people do it: a card's QR code, a code typed by keyboard, a form that outlives its session, the dialog before
// the end, the next person on the same device.
// Needs plugins: catalog
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe } from './lib/access.mjs';
import { complaints, launch, person, session, signIn } from './lib/browser.mjs';
import { focused, press, type } from './lib/keys.mjs';
import { spoken } from './lib/reader.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, admin, learner, learnerId;
before(async () => {
	server = await startServer();
	browser = await launch();
	admin = await signIn(browser, server, server.addUser('root', 'admin'));
	learner = server.addUser('newcomer', 'learner');
	const reply = await fetch(`${server.origin}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(learner) });
	learnerId = (await reply.json()).user.id;
});
after(async () => {
	await browser?.close();
	await server?.stop();
});

async function makeCard(options = {}) {
	const context = await person(browser, { lang: 'en', user: admin, ...options });
	const page = await context.newPage();
	await page.goto(`${server.origin}/people/${learnerId}/card`);
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Make a sign-in code' }).click()]);
	const code = /\d{3} \d{3} \d{3} \d{3}/.exec(await page.locator('main').innerText())[0];
	return { context, page, code };
}

test('signin__a_card_is_spoken_printed_and_scanned', async () => {
	const { context, page, code } = await makeCard();
	assert.deepEqual(await axe(page), []);
	assert.equal(await page.getByRole('img', { name: /opens the sign-in page/ }).count(), 1);
	await page.emulateMedia({ media: 'print' });
	assert.ok(await page.getByText(code).isVisible());
	await context.close();
	// what the camera of a phone opens
	const phone = await person(browser, { lang: 'en', width: 320 });
	const scanned = await phone.newPage();
	const list = complaints(scanned);
	await scanned.goto(`${server.origin}/signin#n=newcomer&c=${code.replaceAll(' ', '')}`);
	assert.equal(await scanned.locator('#name').inputValue(), 'newcomer');
	assert.equal(new URL(scanned.url()).hash, ''); // gone from what others may see
	assert.equal((await focused(scanned)).name, 'Sign in');
	await Promise.all([scanned.waitForNavigation(), scanned.keyboard.press('Enter')]);
	assert.equal(await scanned.locator('h1').innerText(), 'Choose your own password or PIN');
	assert.deepEqual(await axe(scanned), []);
	await type(scanned, 'New password or PIN', '123456');
	await press(scanned, 'Save and go on', { leaves: true });
	assert.match((await focused(scanned)).name, /New password or PIN/); // the field that is wrong
	await scanned.keyboard.type('809144');
	await press(scanned, 'Save and go on', { leaves: true });
	assert.ok(await session(phone));
	assert.deepEqual(list().filter((line) => !/status of 400/.test(line)), []);
	await phone.close();
	learner.password = '809144';
});

test('signin__a_card_asks_in_the_simple_layout_too_who_else_uses_the_device', async () => {
	const { context, code } = await makeCard();
	await context.close();
	const phone = await person(browser, { lang: 'en', width: 320 });
	const page = await phone.newPage();
	await page.goto(`${server.origin}/needs`);
	await page.check('[name=simplified]');
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	await page.goto(`${server.origin}/signin`);
	assert.equal(await page.isVisible('#shared'), false); // who types is asked beside the password
	await page.goto('about:blank');
	await page.goto(`${server.origin}/signin#n=newcomer&c=${code.replaceAll(' ', '')}`);
	assert.equal((await focused(page)).name, 'Others use this device too');
	assert.deepEqual(await axe(page), []);
	await page.keyboard.press('Space');
	await press(page, 'Next', { leaves: true });
	await type(page, 'New password or PIN', '641208');
	await press(page, 'Save and go on', { leaves: true });
	assert.equal((await session(phone)).expires, -1); // it ends with the browser
	assert.equal((await phone.cookies()).some(({ name }) => name.endsWith('curb-device')), false);
	await phone.close();
	learner.password = '641208';
});

test('signin__says_what_to_type_and_where', async () => {
	const context = await person(browser, { lang: 'en' });
	const page = await context.newPage();
	await page.goto(`${server.origin}/signin`);
	const words = (await spoken(page)).join(' | ');
	assert.match(words, /textbox, Learner number or phone, required/);
	assert.match(words, /Password or PIN, A sign-in code from your teacher goes here too/);
	assert.match(words, /checkbox, Others use this device too, You are signed out when the browser is closed/);
	await context.close();
});

test('signin__a_code_works_without_scripts', async () => {
	const { context, code } = await makeCard({ scripts: false });
	await context.close();
	const plain = await person(browser, { lang: 'zh-CN', scripts: false });
	const page = await plain.newPage();
	await page.goto(`${server.origin}/signin`);
	await page.fill('#name', 'newcomer');
	await page.fill('#password', code);
	await Promise.all([page.waitForNavigation(), page.locator('main button').first().click()]);
	await page.fill('#new_password', '730951');
	await Promise.all([page.waitForNavigation(), page.locator('main button').first().click()]);
	assert.ok(await session(plain));
	await plain.close();
	learner.password = '730951';
});

test('signin__a_form_outlives_its_session', async () => {
	const user = await signIn(browser, server, learner);
	const context = await person(browser, { lang: 'en', user });
	const page = await context.newPage();
	await page.goto(`${server.origin}/account/phone`);
	await page.fill('#phone', '010 not finished');
	await context.clearCookies({ name: /curb$/ }); // the session is gone
	await press(page, 'Save', { leaves: true });
	assert.match(await page.locator('main').innerText(), /What you typed is kept/);
	assert.deepEqual(await axe(page), []);
	await page.fill('#name', learner.name);
	await page.fill('#password', learner.password);
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.equal(await page.inputValue('#phone'), '010 not finished');
	assert.match(await page.locator('main').innerText(), /nothing was sent yet/);
	await context.close();
});

test('signin__the_end_of_a_session_is_told_in_a_dialog', async () => {
	const context = await person(browser, { lang: 'en' });
	const page = await context.newPage();
	await page.goto(`${server.origin}/signin`);
	await page.fill('#name', learner.name);
	await page.fill('#password', learner.password);
	await page.check('#shared'); // such a session ends within a day
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	await page.route('**/account/password', async (route) => { // as it is two minutes before the end
		const reply = await route.fetch();
		await route.fulfill({ response: reply, body: (await reply.text()).replace(/data-left="\d+"/, 'data-left="119"') });
	});
	await page.goto(`${server.origin}/account/password`);
	const dialog = page.getByRole('dialog', { name: /You will be signed out in 2 minutes/ });
	await dialog.waitFor();
	assert.deepEqual(await axe(page), []);
	const extended = page.waitForResponse((reply) => reply.url().endsWith('/account/extend'));
	await page.keyboard.press('Enter'); // the focus is on its button
	assert.equal((await extended).status(), 204);
	await page.getByText('You stay signed in.').first().waitFor();
	assert.equal(await dialog.count(), 0);
	await context.close();
});

test('signin__the_next_person_takes_over_in_one_step', async () => {
	const context = await person(browser, { lang: 'en', user: await signIn(browser, server, learner) });
	const page = await context.newPage();
	await page.goto(`${server.origin}/account`);
	await press(page, 'Another person', { leaves: true });
	assert.equal(new URL(page.url()).pathname, '/signin');
	assert.equal(await page.inputValue('#name'), '');
	assert.equal(await session(context), undefined);
	await context.close();
});
