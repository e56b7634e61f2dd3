// The pages of a learner's way are free of what axe finds: both languages, light and dark, wide and 320 px.
// Needs plugins: catalog credit video audiobook
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { everywhere } from './lib/access.mjs';
import { launch, signIn } from './lib/browser.mjs';
import { makeBook, makeVideoFolder, openClass, unitsOf } from './lib/classroom.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, folder, user, lines, units;
before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-access-'));
	server = await startServer();
	browser = await launch();
	lines = server.importFiles(makeVideoFolder(folder, '键盘入门', 60), makeBook(folder, '听书入门', [20, 20]));
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

test('player__record_is_accessible_everywhere', async () => {
	assert.deepEqual(await everywhere(browser, server, '/record', { user }), {});
});

test('player__catalog_and_course_are_accessible_everywhere', async () => {
	assert.deepEqual(await everywhere(browser, server, '/?q=入门', { user }), {});
	assert.deepEqual(await everywhere(browser, server, `/courses/${lines[0].course}`, { user }), {});
});
