// Real media of others, where they are: a 720p video with captions in GB18030 from a folder, and a LibriVox book.
// Needs plugins: catalog credit video audiobook
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { complaints, launch, person, signIn } from './lib/browser.mjs';
import { corpora, cues, hasCorpora, noCorpora, unitsOf } from './lib/classroom.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, folder, user, units;
before(async () => {
	if (!hasCorpora) return;
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-corpora-'));
	const lessons = path.join(folder, '山区风光');
	mkdirSync(lessons);
	copyFileSync(path.join(corpora, 'video/mountains_31175.mp4'), path.join(lessons, 'mountains.mp4'));
	const converted = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'],
		{ input: cues(20, '远处的山顶上还有积雪，山下的人家已经开始种地，这是第') });
	assert.equal(converted.status, 0);
	writeFileSync(path.join(lessons, 'mountains.zh-CN.srt'), converted.stdout);
	server = await startServer();
	browser = await launch();
	const lines = server.importFiles(lessons, path.join(corpora, 'audiobooks/dickinson.lpf'));
	units = (await Promise.all(lines.map((line) => unitsOf(server, line.course)))).flat();
	user = await signIn(browser, server, server.addUser('xiaolin', 'learner'));
});
after(async () => {
	await browser?.close();
	await server?.stop();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

async function open(address) {
	const context = await person(browser, { user, lang: 'zh-CN' });
	const page = await context.newPage();
	const list = complaints(page);
	await page.goto(server.origin + address);
	await page.waitForFunction(() => document.getElementById('player').dataset.ready);
	return { context, page, list };
}

test('corpora__video_plays_with_captions_from_gb18030', { skip: noCorpora }, async () => {
	const { context, page, list } = await open(`/videos/${units[0].id}`);
	await page.locator('#play').click();
	await page.waitForFunction(() => document.querySelector('video').currentTime > 2 &&
		document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames > 20);
	await page.waitForFunction(() => document.querySelector('.vjs-text-track-display').textContent.includes('山顶上还有积雪'));
	assert.deepEqual(list(), []);
	await context.close();
});

test('corpora__book_plays_from_any_chapter', { skip: noCorpora }, async () => {
	const { context, page, list } = await open(`/books/${units[1].id}`);
	assert.equal(await page.locator('#points li').count(), 25);
	await page.getByRole('link', { name: '03 Hope is the Thing with Feathers' }).press('Enter');
	await page.waitForFunction(() => document.getElementById('media').currentTime > 1);
	assert.match(await page.locator('#now').innerText(), /第 3 章，共 25 章/);
	assert.ok(await page.locator('#cover').evaluate((image) => image.complete && image.naturalWidth > 0));
	assert.deepEqual(list(), []);
	await context.close();
});
