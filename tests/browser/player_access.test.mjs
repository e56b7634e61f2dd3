// The pages of a learner's way are free of what axe finds: both languages, light and dark, wide and 320 px.
// Needs plugins: catalog credit video audiobook
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { everywhere, sideways } from './lib/access.mjs';
import { launch, person, signIn } from './lib/browser.mjs';
import { makeBook, makeVideoFolder, openClass, unitsOf } from './lib/classroom.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, folder, user, lines, units;
before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-access-'));
	server = await startServer();
	browser = await launch();
	lines = server.importFiles(makeVideoFolder(folder, '键盘入门', 60), makeBook(folder, '听书入门', [20, 20], true));
	units = (await Promise.all(lines.map((line) => unitsOf(server, line.course)))).flat();
	const learner = server.addUser('xiaolin', 'learner');
	await openClass(server, lines, [learner]);
	user = await signIn(browser, server, learner);
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const ready = (page) => page.waitForFunction(() => document.getElementById('player').dataset.ready);

test('player__video_page_is_accessible_everywhere', async () => {
	assert.deepEqual(await everywhere(browser, server, `/videos/${units[0].id}`, { user, ready }), {});
});

test('player__book_page_is_accessible_everywhere', async () => {
	assert.deepEqual(await everywhere(browser, server, `/books/${units[1].id}`, { user, ready }), {});
	assert.deepEqual(await everywhere(browser, server, `/books/${units[1].id}/contents`, { user }), {});
});

// Words that stand in more than one line, though they are short enough for one.
const broken = (page) => page.evaluate(() => [...document.querySelectorAll('#player [data-scripted] > button')].flatMap((button) => {
	const walker = document.createTreeWalker(button, NodeFilter.SHOW_TEXT), range = document.createRange(), parts = [];
	while (walker.nextNode()) for (const { 0: word, index } of walker.currentNode.data.matchAll(/\b[a-z]{2,8}\b/gi)) {
		range.setStart(walker.currentNode, index);
		range.setEnd(walker.currentNode, index + word.length);
		if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) parts.push(`${word} of ${button.textContent.trim()}`);
	}
	return parts;
}));

test('player__fits_a_narrow_page_in_large_letters_with_wide_spacing', async () => {
	const context = await person(browser, { lang: 'en', width: 320, user }), page = await context.newPage(), faults = {};
	for (const address of [`/videos/${units[0].id}`, `/books/${units[1].id}`]) {
		await page.goto(server.origin + address);
		await ready(page);
		for (const [text, spacing] of [['150', 'wide'], ['200', 'usual'], ['200', 'wide']]) {
			await page.evaluate(([size, wide]) => Object.assign(document.documentElement.dataset, { text: size, spacing: wide }), [text, spacing]);
			if (process.env.CURBCUT_SHOTS) await page.screenshot({ path: path.join(process.env.CURBCUT_SHOTS, `${address.slice(1, 5)}-${text}-${spacing}.png`), fullPage: true });
			const lines = [...await sideways(page), ...await broken(page)];
			if (lines.length) faults[`${address} at ${text} %, ${spacing}`] = lines;
		}
	}
	assert.deepEqual(faults, {});
	await context.close();
});

test('player__record_is_accessible_everywhere', async () => {
	assert.deepEqual(await everywhere(browser, server, '/record', { user }), {});
});

test('player__catalog_and_course_are_accessible_everywhere', async () => {
	assert.deepEqual(await everywhere(browser, server, '/?q=入门', { user }), {});
	assert.deepEqual(await everywhere(browser, server, `/courses/${lines[0].course}`, { user }), {});
});
