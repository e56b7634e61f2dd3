// A presence check by keyboard, and by the page without scripts: playback waits at the end of the chapter for one button, and goes on
// where it stopped; a question of the author in its place, whose wrong answers cost nothing.
// Needs plugins: catalog credit video
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { axe, sideways } from './lib/access.mjs';
import { launch, person, signIn } from './lib/browser.mjs';
import { openClass, record, unitsOf } from './lib/classroom.mjs';
import { focused, focusShows, press, tabTo } from './lib/keys.mjs';
import { dialog, enterRule, GO_ON, HASTY, learn, makeLesson } from './lib/presence.mjs';
import { spoken } from './lib/reader.mjs';
import { startServer } from './lib/server.mjs';

const NAMES = ['xiaolin', 'xiaohe', 'xiaozhou'];
let browser, server, folder, unit, cohort, users;

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-presence-'));
	server = await startServer({ settings: HASTY });
	browser = await launch();
	const lines = server.importFiles(makeLesson(folder));
	const institution = await enterRule(server);
	const accounts = NAMES.map((name) => server.addUser(name, 'learner'));
	[unit] = await unitsOf(server, lines[0].course);
	({ cohort } = await openClass(server, lines, accounts, institution));
	users = await Promise.all(accounts.map((account) => signIn(browser, server, account)));
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const online = async (user) => (await record(server, user)).cohorts[0].online_s;
const ready = (page) => page.waitForFunction(() => document.getElementById('player')?.dataset.ready);
const open = async (user, from, more = {}) => {
	const context = await person(browser, { user, ...more }), page = await context.newPage();
	await page.goto(`${server.origin}/videos/${unit.id}?from=${from}`);
	if (more.scripts !== false) await ready(page);
	return { context, page };
};
const media = (page) => page.evaluate(() => { const { currentTime, paused } = document.querySelector('video'); return { time: currentTime, paused }; });

test('presence__by_keyboard_playback_waits_for_one_button_and_goes_on_where_it_stopped', async () => {
	const [user] = users;
	assert.equal((await learn(server, user, unit, cohort)).presence.to_s, 604);
	const { context, page } = await open(user, 601);
	await press(page, '播放', { role: 'button' });
	await dialog(page).waitFor();
	const stopped = await media(page);
	assert.ok(stopped.paused && stopped.time >= 604 && stopped.time < 606, JSON.stringify(stopped));
	assert.deepEqual(await focused(page), { name: GO_ON, role: 'button' });
	assert.ok(await focusShows(page));
	assert.deepEqual(await axe(page), []);
	assert.deepEqual(await sideways(page), []);
	const said = (await spoken(page)).join(' ');
	assert.match(said, /播放停下来等您/);
	assert.match(said, /等多久都不要紧/);
	await page.keyboard.press('Escape'); // nothing is lost by leaving it for later
	await dialog(page).waitFor({ state: 'hidden' });
	await tabTo(page, '播放', { role: 'button' });
	await page.keyboard.press('Enter');
	await dialog(page).waitFor();
	await page.keyboard.press('Enter');
	await dialog(page).waitFor({ state: 'hidden' });
	await page.waitForFunction((at) => { const { currentTime, paused } = document.querySelector('video'); return !paused && currentTime > at + 1; }, stopped.time);
	await page.keyboard.press('Tab');
	await page.goto(`${server.origin}/record`);
	await page.getByText('已经回答的在场确认：1 次').waitFor();
	assert.ok(await online(user) >= 603); // from 601 on, behind the 600 of before
	await context.close();
});

test('presence__a_question_may_be_answered_instead_and_a_wrong_answer_costs_nothing', async () => {
	const [, user] = users;
	assert.equal((await learn(server, user, unit, cohort, 620)).reason, 'presence');
	assert.equal(await online(user), 604);
	const { context, page } = await open(user, 604);
	await press(page, '播放', { role: 'button' });
	await dialog(page).waitFor();
	await tabTo(page, '改为回答一道本章的题');
	await page.keyboard.press('Enter');
	await tabTo(page, '怎样登录', { role: 'radio' });
	await page.keyboard.press('Space');
	await tabTo(page, '回答', { role: 'button' });
	await page.keyboard.press('Enter');
	await dialog(page).getByText('答案是另一个').waitFor();
	assert.equal(await online(user), 604);
	assert.deepEqual(await axe(page), []);
	await tabTo(page, '怎样登录', { role: 'radio' });
	await page.keyboard.press('ArrowDown');
	await tabTo(page, '回答', { role: 'button' });
	await page.keyboard.press('Enter');
	await dialog(page).waitFor({ state: 'hidden' });
	assert.ok(await online(user) >= 620);
	await page.goto(`${server.origin}/record`);
	await page.getByText('您回答了本章的题').waitFor();
	await context.close();
});

test('presence__without_scripts_it_is_a_form_of_the_page', async () => {
	const [, , user] = users;
	await learn(server, user, unit, cohort, 620);
	const { context, page } = await open(user, 604, { scripts: false });
	assert.match(await page.locator('form#check').innerText(), /播放停下来等您，不着急/);
	await tabTo(page, GO_ON, { role: 'button' });
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.match(await page.locator('main').innerText(), /已经收到您的回答，等着的学时记上了/);
	assert.equal(await online(user), 620);
	assert.ok(await page.locator('form#check').isHidden());
	await context.close();
});
