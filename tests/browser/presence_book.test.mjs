// A presence check in an audio-book, by keyboard and by the page without scripts: at the end of a chapter the sound waits for one
// button, and goes on behind it in the next file.
// Needs plugins: catalog credit audiobook
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { axe, sideways } from './lib/access.mjs';
import { launch, person, signIn } from './lib/browser.mjs';
import { makeBook, openClass, record, unitsOf } from './lib/classroom.mjs';
import { focused, press, tabTo } from './lib/keys.mjs';
import { dialog, enterRule, GO_ON, HASTY, learn } from './lib/presence.mjs';
import { spoken } from './lib/reader.mjs';
import { startServer } from './lib/server.mjs';

const CHAPTER_S = 604, NAMES = ['xiaolin', 'xiaohe'];
let browser, server, folder, unit, cohort, accounts, users;

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-presence-book-'));
	server = await startServer({ settings: HASTY });
	browser = await launch();
	const lines = server.importFiles(makeBook(folder, '听书入门', [CHAPTER_S, 40]));
	const institution = await enterRule(server);
	[unit] = await unitsOf(server, lines[0].course);
	accounts = NAMES.map((name) => server.addUser(name, 'learner'));
	({ cohort } = await openClass(server, lines, accounts, institution));
	users = await Promise.all(accounts.map((account) => signIn(browser, server, account)));
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const online = async (account) => (await record(server, account)).cohorts[0].online_s;
const book = (from) => `${server.origin}/books/${unit.id}?from=${from}`;
const sound = (page) => page.evaluate(() => ({ at: Number(document.getElementById('position').value), paused: document.getElementById('media').paused }));

test('presence__the_sound_waits_at_the_end_of_a_chapter_and_goes_on_behind_it', async () => {
	assert.equal((await learn(server, accounts[0], unit, cohort)).presence.to_s, CHAPTER_S);
	const context = await person(browser, { user: users[0] }), page = await context.newPage();
	await page.goto(book(CHAPTER_S - 3));
	await page.waitForFunction(() => document.getElementById('player')?.dataset.ready);
	await press(page, '播放', { role: 'button' });
	await dialog(page).waitFor();
	const stopped = await sound(page);
	assert.ok(stopped.paused && stopped.at >= CHAPTER_S - 1 && stopped.at <= CHAPTER_S + 2, JSON.stringify(stopped));
	assert.deepEqual(await focused(page), { name: GO_ON, role: 'button' });
	assert.deepEqual(await axe(page), []);
	assert.deepEqual(await sideways(page), []);
	assert.match((await spoken(page)).join(' '), /播放停下来等您/);
	await page.keyboard.press('Enter');
	await dialog(page).waitFor({ state: 'hidden' });
	await page.waitForFunction((at) => !document.getElementById('media').paused && document.getElementById('position').value > at + 2, CHAPTER_S);
	assert.match(await page.locator('#now').innerText(), /第 2 章，共 2 章/);
	await page.goto(`${server.origin}/record`);
	await page.getByText('已经回答的在场确认：1 次').waitFor();
	assert.ok(await online(accounts[0]) >= CHAPTER_S - 1);
	await context.close();
});

test('presence__of_a_book_it_is_a_form_of_the_page_without_scripts', async () => {
	await learn(server, accounts[1], unit, cohort, CHAPTER_S + 16);
	assert.equal(await online(accounts[1]), CHAPTER_S);
	const context = await person(browser, { user: users[1], scripts: false }), page = await context.newPage();
	await page.goto(book(CHAPTER_S));
	assert.match(await page.locator('form#check').innerText(), /播放停下来等您，不着急/);
	await tabTo(page, GO_ON, { role: 'button' });
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.match(await page.locator('main').innerText(), /已经收到您的回答，等着的学时记上了/);
	assert.match(page.url(), /\/books\//);
	assert.equal(await online(accounts[1]), CHAPTER_S + 16);
	await context.close();
});
