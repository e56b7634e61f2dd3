// Books that are read aloud, from the package to their sound and their text in a real browser: DAISY 2.02, DAISY 3, EPUB 3.
// Needs plugins: catalog audiobook
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { complaints, launch, person, signIn } from './lib/browser.mjs';
import { unitsOf } from './lib/classroom.mjs';
import { startServer } from './lib/server.mjs';
import { formats, headings, makeSpoken, parts } from './lib/spoken.mjs';

let browser, server, folder, user;
const units = {};
before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-spoken-'));
	server = await startServer();
	browser = await launch();
	const lines = server.importFiles(...formats.map((format) => makeSpoken(folder, format, `书 ${format}`)));
	for (const [i, format] of formats.entries()) [units[format]] = await unitsOf(server, lines[i].course);
	user = await signIn(browser, server, server.addUser('xiaolin', 'learner'));
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

for (const format of formats) {
	test(`spoken__${format}_is_heard_from_a_heading_and_read_along`, async () => {
		const context = await person(browser, { user, lang: 'zh-CN' });
		const page = await context.newPage();
		const list = complaints(page);
		await page.goto(`${server.origin}/books/${units[format].id}`);
		await page.waitForFunction(() => document.getElementById('player').dataset.ready);
		assert.match(await page.title(), new RegExp(`书 ${format}`));
		assert.deepEqual(await page.locator('#points a').allInnerTexts(), headings.map(({ text }) => text));
		await page.getByRole('link', { name: '结束' }).press('Enter');
		await page.waitForFunction(() => !document.getElementById('media').paused && document.getElementById('position').value >= 10);
		assert.match(await page.locator('#transcript').innerText(), /第 4 句话。/);
		await page.waitForFunction((text) => document.querySelector('#transcript [aria-current]')?.textContent.trim() === text, parts[5].text);
		assert.deepEqual(list(), []);
		await context.close();
	});

	test(`spoken__${format}_is_read_and_heard_without_scripts`, async () => {
		const context = await person(browser, { user, lang: 'zh-CN', scripts: false });
		const page = await context.newPage();
		await page.goto(`${server.origin}/books/${units[format].id}`);
		assert.equal(await page.locator('audio').count(), 1);
		for (const { text } of parts) assert.ok((await page.locator('main').innerText()).includes(text), text);
		await context.close();
	});
}
