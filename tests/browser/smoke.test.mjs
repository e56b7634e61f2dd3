// The server comes up, its first page serves people in both languages, and it stops when asked to.
// Needs plugins: catalog
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { everywhere, sideways } from './lib/access.mjs';
import { complaints, launch, person, session, signIn } from './lib/browser.mjs';
import { signInByKeys, tabTo } from './lib/keys.mjs';
import { startServer } from './lib/server.mjs';

let browser, server;
before(async () => {
	server = await startServer();
	browser = await launch();
});
after(async () => {
	await browser?.close();
	await server?.stop();
});

test('smoke__healthz_is_well', async () => {
	const reply = await fetch(`${server.origin}/healthz`);
	assert.equal(reply.status, 200);
	assert.match(reply.headers.get('content-type'), /^application\/json/);
});

test('smoke__first_page_is_accessible_everywhere', async () => {
	assert.deepEqual(await everywhere(browser, server, '/'), {});
});

test('smoke__first_page_works_without_scripts', async () => {
	const context = await person(browser, { scripts: false });
	const page = await context.newPage();
	const list = complaints(page);
	const reply = await page.goto(server.origin + '/');
	assert.equal(reply.status(), 200);
	assert.deepEqual(list(), []);
	assert.equal(await page.locator('h1').count(), 1);
	await context.close();
});

test('smoke__first_stop_leads_to_the_content', async () => {
	const context = await person(browser, { lang: 'en' });
	const page = await context.newPage();
	await page.goto(server.origin + '/');
	await tabTo(page, /skip|content/i, { role: 'link', limit: 1 });
	await context.close();
});

test('smoke__a_narrow_page_is_seen_in_the_order_of_its_stops', async () => {
	const context = await person(browser, { lang: 'en', width: 320 });
	const page = await context.newPage();
	await page.goto(server.origin + '/');
	const tops = await page.locator('header :is(.brand, nav, .account)').evaluateAll((all) => all.map((part) => part.getBoundingClientRect().top));
	assert.deepEqual(tops, [...tops].sort((a, b) => a - b));
	await context.close();
});

// What can be pressed is at least 44 px high: a head lower than three such has two rows at most.
const headIsLow = async (page) => (await page.locator('header').boundingBox()).height < 3 * 44;

test('smoke__the_head_of_a_narrow_page_has_two_rows_and_a_menu_without_scripts', async () => {
	const visitor = await person(browser, { lang: 'en', width: 320 });
	const page = await visitor.newPage();
	await page.goto(server.origin + '/');
	assert.ok(await headIsLow(page));
	assert.equal(await page.locator('.menu').count(), 0); // three links need no menu
	await visitor.close();
	const user = await signIn(browser, server, server.addUser('xiaomi', 'learner'));
	const context = await person(browser, { lang: 'en', width: 320, scripts: false, user });
	const own = await context.newPage();
	await own.goto(server.origin + '/');
	assert.ok(await headIsLow(own));
	for (const text of ['150', '200']) { // the name is one line, and the menu stands beside or below it
		await own.evaluate((size) => { document.documentElement.dataset.text = size; }, text);
		const [name, size] = [await own.locator('.brand').boundingBox(), await own.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize))];
		assert.ok(name.height <= 2.75 * size + 1, `the name of the page is broken at ${text} %`);
		const button = await own.locator('.menu summary').boundingBox();
		assert.ok(button.y >= name.y + name.height - 1 || button.x >= name.x + name.width, `the menu covers the name at ${text} %`);
		assert.deepEqual(await sideways(own), []);
	}
	await own.evaluate(() => { delete document.documentElement.dataset.text; });
	const link = own.getByRole('link', { name: 'My account' }), menu = own.locator('.menu summary');
	assert.equal(await link.isVisible(), false);
	assert.ok((await menu.boundingBox()).height >= 44);
	await menu.press('Enter');
	await link.click();
	assert.equal(new URL(own.url()).pathname, '/account');
	await own.setViewportSize({ width: 1280, height: 800 });
	assert.equal(await menu.isVisible(), false); // there is room for all of them
	assert.equal(await link.isVisible(), true);
	await context.close();
});

test('smoke__sign_in_and_its_problems_are_accessible_everywhere', async () => {
	assert.deepEqual(await everywhere(browser, server, '/signin'), {});
	assert.deepEqual(await everywhere(browser, server, '/no-such-page', { status: 404 }), {});
});

test('smoke__signs_in_by_keyboard', async () => {
	const account = server.addUser('xiaolin', 'learner');
	const context = await person(browser, { lang: 'zh-CN' });
	const page = await context.newPage();
	const list = complaints(page);
	await signInByKeys(page, server, account);
	const cookie = await session(context);
	assert.equal(cookie?.httpOnly, true);
	assert.equal(cookie.sameSite, 'Lax');
	assert.deepEqual(list(), []);
	await context.close();
});

test('smoke__wrong_password_is_told_beside_the_form', async () => {
	const account = server.addUser('xiaowang', 'learner');
	const context = await person(browser, { lang: 'en' });
	const page = await context.newPage();
	await signInByKeys(page, server, { ...account, password: 'not this one' });
	assert.match(await page.locator('main').innerText(), /did not match/);
	assert.equal(await page.locator('#name').inputValue(), account.name);
	const shared = page.getByRole('checkbox', { name: 'Others use this device too' });
	assert.equal(await shared.isChecked(), false);
	await shared.check();
	await page.fill('#password', 'nor this');
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.equal(await shared.isChecked(), true); // a second try must not leave the session on a shared device
	assert.match(await page.evaluate(() => document.activeElement.textContent), /did not match/);
	assert.equal(await session(context), undefined);
	await context.close();
});

test('smoke__signs_in_without_scripts_and_out_again', async () => {
	const user = await signIn(browser, server, server.addUser('xiaochen', 'learner'));
	const context = await person(browser, { user, lang: 'en', scripts: false });
	const page = await context.newPage();
	assert.equal((await page.goto(`${server.origin}/no-such-page`)).status(), 404);
	assert.equal(await page.getByRole('link', { name: 'Sign in' }).count(), 0);
	await page.goto(server.origin + '/');
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Sign out' }).click()]);
	await page.goto(server.origin + '/');
	assert.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
	await context.close();
});
