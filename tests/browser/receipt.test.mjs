// A trainee takes a receipt home, by keyboard and without scripts; its page as axe sees it, at every width.
// Needs plugins: catalog credit video
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { everywhere } from './lib/access.mjs';
import { launch, person, signIn } from './lib/browser.mjs';
import { makeVideoFolder, openClass } from './lib/classroom.mjs';
import { tabTo } from './lib/keys.mjs';
import { startServer } from './lib/server.mjs';

let folder, server, browser, learner, user, address;

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-receipt-'));
	server = await startServer();
	browser = await launch();
	learner = server.addUser('xiaomei', 'learner');
	await openClass(server, server.importFiles(makeVideoFolder(folder, '推拿基础')), [learner]);
	user = await signIn(browser, server, learner);
});
after(async () => {
	await browser?.close();
	await server?.stop();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

test('receipt__is_taken_by_keyboard_and_saved_as_a_file', async () => {
	const context = await person(browser, { lang: 'en', scripts: false, user });
	const page = await context.newPage();
	await page.goto(`${server.origin}/record`);
	await tabTo(page, 'Get a receipt of my hours', { role: 'button' });
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	address = new URL(page.url()).pathname;
	assert.match(address, /^\/record\/receipts\/\d+$/);
	assert.match(await page.locator('h1').innerText(), /^Receipt \d+ of my hours$/);
	const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save the receipt as a file' }).click()]);
	assert.match(file.suggestedFilename(), /^curbcut-\d+\.tlog-proof$/);
	assert.ok(readFileSync(await file.path(), 'utf8').startsWith('c2sp.org/tlog-proof@v1\nextra '));
	await context.close();
	if (process.env.PICTURE) {
		const small = await (await person(browser, { lang: 'zh-CN', width: 320, user })).newPage();
		await small.goto(server.origin + address);
		await small.screenshot({ path: process.env.PICTURE, fullPage: true });
	}
});

test('receipt__page_has_no_violation_and_fits_every_width', async () => {
	assert.deepEqual(await everywhere(browser, server, address, { user }), {});
});
