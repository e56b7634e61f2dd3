// A lesson on a bad line: its smaller forms really play, with scripts and without, and what was played of them counts as ever.
// Needs plugins: catalog credit video
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { complaints, launch, person, signIn } from './lib/browser.mjs';
import { makeVideoFolder, openClass, record, unitsOf } from './lib/classroom.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, folder, learner, unit, user;
before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-low-'));
	server = await startServer({ settings: 'renditions = yes\n' });
	browser = await launch();
	const lines = server.importFiles(makeVideoFolder(folder, '键盘入门', 60, '640x480'));
	[unit] = await unitsOf(server, lines[0].course);
	learner = server.addUser('xiaolin', 'learner');
	await openClass(server, lines, [learner]);
	user = await signIn(browser, server, learner);
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const shown = (page) => page.evaluate(() => {
	const element = document.querySelector('video');
	return { time: element.currentTime, height: element.videoHeight };
});
const past = (page, seconds) => page.waitForFunction((at) => document.querySelector('video').currentTime > at, seconds, { timeout: 60000 });

// Until the link to it stands on the page: they are made behind the import.
async function open(address, options = {}) {
	const context = await person(browser, { user, lang: 'zh-CN', ...options });
	const page = await context.newPage(), list = complaints(page);
	await page.goto(`${server.origin}${address}`);
	for (let i = 0; i < 300 && !(await page.getByRole('link', { name: /最小画面|完整画面/ }).count()); i++) {
		await new Promise((resolve) => { setTimeout(resolve, 200); });
		await page.goto(`${server.origin}${address}`);
	}
	return { context, page, list };
}

test('low__the_smallest_picture_plays_and_counts', async () => {
	const { context, page, list } = await open(`/videos/${unit.id}`);
	await page.getByRole('link', { name: /最小画面/ }).click();
	await page.waitForFunction(() => document.getElementById('player')?.dataset.ready);
	await page.locator('#play').click();
	await past(page, 2);
	const { time, height } = await shown(page);
	assert.equal(height, 240);
	await past(page, time + 8);
	assert.equal((await shown(page)).height, 240);
	// captions are the lesson's, whichever form is played; those in the language of the page are on from the start
	assert.equal(await page.locator('#captions').getAttribute('aria-pressed'), 'true');
	await page.waitForFunction(() => document.querySelector('.vjs-text-track-display').textContent.includes('字幕第'));
	await page.locator('#play').click();
	const counted = async () => (await record(server, learner)).cohorts[0].online_s;
	for (let i = 0; i < 100 && (await counted()) < 8; i++) await new Promise((resolve) => { setTimeout(resolve, 100); });
	assert.ok((await counted()) >= 8); // while the page is open: one that is closed at once takes its last beat with it
	assert.deepEqual(list(), []);
	await context.close();
});

test('low__without_scripts_it_plays_as_one_file', async () => {
	const { context, page, list } = await open(`/videos/${unit.id}?sound=no&form=240`, { scripts: false });
	const address = await page.locator('video source').first().getAttribute('src');
	assert.match(address, /^\/media\//);
	await context.close();
	const bare = await person(browser, { user, lang: 'zh-CN' }), plain = await bare.newPage();
	await plain.goto(`${server.origin}${address}`); // the browser's own player alone
	await plain.waitForFunction(() => document.querySelector('video')?.readyState > 1);
	await plain.evaluate(() => { const element = document.querySelector('video'); element.muted = true; return element.play(); });
	await past(plain, 2);
	const { height } = await shown(plain);
	assert.equal(height, 240);
	await plain.evaluate(() => { document.querySelector('video').currentTime = 50; });
	await past(plain, 50.5);
	assert.deepEqual(list(), []);
	await bare.close();
});

test('low__the_whole_playlist_plays_too', async () => {
	const { context, page, list } = await open(`/videos/${unit.id}?form=full`);
	await page.waitForFunction(() => document.getElementById('player')?.dataset.ready);
	await page.locator('#play').click();
	await past(page, 3);
	assert.ok((await shown(page)).height >= 240);
	assert.deepEqual(list(), []);
	await context.close();
});
