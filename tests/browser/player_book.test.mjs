// A learner's way through an audio-book in a real browser, with scripts and without.
// Needs plugins: catalog credit audiobook
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { complaints, launch, person, signIn } from './lib/browser.mjs';
import { makeBook, openClass, record, unitsOf } from './lib/classroom.mjs';
import { press, signInByKeys } from './lib/keys.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, folder, learner, user, unit;
before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-book-'));
	server = await startServer();
	browser = await launch();
	const lines = server.importFiles(makeBook(folder, '听书入门', [12, 12, 12]));
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

const book = () => `${server.origin}/books/${unit.id}`;
const sound = (page) => page.evaluate(() => {
	const { currentTime, paused, playbackRate, currentSrc } = document.getElementById('media');
	return { time: currentTime, paused, rate: playbackRate, src: currentSrc };
});
const ready = (page) => page.waitForFunction(() => document.getElementById('player').dataset.ready);
const heard = (page, seconds) => page.waitForFunction((at) => document.getElementById('position').value >= at, seconds);
const counted = async () => (await record(server, learner)).cohorts[0].online_s;

// What needs no event of the page: asked until it is so, for ten seconds at most.
async function until(holds) {
	for (let i = 0; i < 100; i++) {
		if (await holds()) return;
		await new Promise((resolve) => { setTimeout(resolve, 100); });
	}
	assert.fail(`never came: ${holds}`);
}

test('book__listened_to_by_keyboard_over_a_chapter_and_resumed', async () => {
	const context = await person(browser, { lang: 'zh-CN' });
	const page = await context.newPage();
	const list = complaints(page);
	await signInByKeys(page, server, learner);
	await page.goto(book());
	await ready(page);
	await press(page, '播放', { role: 'button' });
	await heard(page, 2);
	assert.match(await page.locator('#now').innerText(), /第 1 章，共 3 章/);
	await page.locator('#position').focus();
	for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
	await heard(page, 13); // the first sound ends, the second goes on by itself
	assert.match(await page.locator('#now').innerText(), /第 2 章，共 3 章/);
	assert.equal(await page.locator('#points [aria-current]').innerText(), '第 2 章');
	await Promise.all([page.waitForResponse(/\/beats$/), page.locator('#play').press('Enter')]);
	await page.waitForFunction(() => document.getElementById('media').paused);
	assert.match(await page.locator('#position').getAttribute('aria-valuetext'), /^1\d 秒，全部 36 秒$/);
	await page.waitForFunction(() => !/已记 0 秒/.test(document.getElementById('hours').textContent));
	const at = Number(await page.locator('#position').inputValue());
	assert.ok((await counted()) >= 4);
	await page.goto(book());
	await ready(page);
	const resume = page.getByRole('link', { name: `从 ${at} 秒接着播放` });
	await resume.press('Enter');
	await heard(page, at + 1);
	assert.match(await page.locator('#now').innerText(), /第 2 章/);
	assert.deepEqual(list(), []);
	await context.close();
});

test('book__a_cut_line_is_said_and_the_sound_goes_on_when_it_is_back', async () => {
	const context = await person(browser, { user, lang: 'en' });
	const page = await context.newPage();
	await page.goto(`${book()}?from=0`);
	await ready(page);
	await page.locator('#play').click();
	await heard(page, 1);
	await context.setOffline(true);
	await page.locator('#after').click(); // of the second chapter nothing is here yet
	await page.locator('#offline').waitFor({ state: 'visible' });
	await page.waitForFunction(() => document.getElementById('media').error);
	assert.equal(await page.locator('#play').innerText(), 'Pause'); // it waits, and can be told not to
	assert.ok(Number(await page.locator('#position').inputValue()) >= 12);
	await context.setOffline(false);
	await heard(page, 13);
	await page.locator('#offline').waitFor({ state: 'hidden' });
	await page.waitForFunction(() => /^Connected again/.test(document.getElementById('say').textContent));
	await page.locator('#play').click();
	assert.equal((await sound(page)).paused, true);
	await context.close();
});

test('book__a_reader_on_the_slider_is_not_told_every_second', async () => {
	const context = await person(browser, { user, lang: 'zh-CN' });
	const page = await context.newPage();
	await page.goto(`${book()}?from=0`);
	await ready(page);
	const slider = page.getByRole('slider', { name: '播放位置', exact: true });
	const told = () => slider.getAttribute('aria-valuetext');
	await page.locator('#play').click();
	await heard(page, 1);
	await slider.focus();
	const first = await told();
	await heard(page, 4);
	assert.equal(await told(), first);
	await page.keyboard.press('ArrowRight');
	assert.notEqual(await told(), first);
	await page.locator('#play').focus();
	const left = await told();
	await page.waitForFunction((text) => document.getElementById('position').getAttribute('aria-valuetext') !== text, left);
	await context.close();
});

test('book__every_second_of_it_counts_once', async () => {
	const context = await person(browser, { user, lang: 'en' });
	const page = await context.newPage();
	let answer;
	page.on('response', async (response) => {
		if (/\/beats$/.test(response.url()) && response.ok()) answer = await response.json();
	});
	await page.goto(book());
	await ready(page);
	await page.getByLabel('Speed').selectOption({ label: '3 times' });
	await page.locator('#play').click();
	await page.waitForFunction(() => document.getElementById('media').ended && document.getElementById('position').value >= 35, null, { timeout: 30000 });
	assert.equal((await sound(page)).rate, 3);
	await until(() => answer?.seen_s >= 36);
	assert.equal(answer.seen_s, 36); // not one second lost where a chapter ends and the next begins
	assert.equal(answer.granted_s, answer.unit_s);
	await context.close();
});

test('book__chapters_are_pages_without_scripts', async () => {
	const context = await person(browser, { user, lang: 'en', scripts: false });
	const page = await context.newPage();
	await page.goto(book());
	assert.equal(await page.locator('[data-scripted]:visible').count(), 0);
	const follow = (name) => Promise.all([page.waitForNavigation(), page.getByRole('link', { name, exact: true }).first().click()]);
	await follow('Next chapter');
	assert.match(await page.locator('#now').innerText(), /Chapter 2 of 3/);
	await follow('Previous chapter');
	await follow('第 3 章');
	assert.match(await page.locator('#now').innerText(), /Chapter 3 of 3/);
	assert.equal(await page.getByRole('link', { name: 'Next chapter' }).count(), 0);
	await page.locator('audio').evaluate((element) => { element.play(); });
	await until(async () => (await sound(page)).time >= 1);
	assert.equal((await page.goto(`${book()}?chapter=4`)).status(), 404);
	assert.equal((await page.goto(`${book()}?from=14`)).status(), 200);
	assert.match(await page.locator('#now').innerText(), /Chapter 2 of 3/);
	assert.match(await page.locator('source').getAttribute('src'), /#t=1\.\d\d\d$/);
	assert.deepEqual((await page.locator('#points .time').allInnerTexts()).slice(0, 2), ['from 0 s', 'from 12 s']); // where each begins
	await page.getByRole('link', { name: /^Course: / }).waitFor(); // not the same words as the heading
	await context.close();
});

test('book__manifest_keeps_the_rules_of_w3c_audiobooks', async () => {
	const context = await person(browser, { user });
	const page = await context.newPage();
	const reply = await page.goto(`${book()}/manifest.json`);
	assert.equal(reply.status(), 200);
	assert.match(reply.headers()['content-type'], /json/);
	const manifest = await reply.json();
	assert.deepEqual(manifest['@context'].slice(0, 2), ['https://schema.org', 'https://www.w3.org/ns/pub-context']);
	assert.equal(manifest.conformsTo, 'https://www.w3.org/TR/audiobooks/');
	assert.equal(manifest.type, 'Audiobook');
	assert.equal(manifest.name, '听书入门');
	assert.equal(manifest.inLanguage, 'zh-CN');
	const seconds = (text) => Number(/^PT(\d+\.\d{3})S$/.exec(text)[1]);
	let sum = 0;
	for (const part of manifest.readingOrder) {
		assert.equal(part.type, 'LinkedResource');
		assert.equal(part.encodingFormat, 'audio/mpeg');
		assert.equal(await page.evaluate(async (url) => (await fetch(url)).headers.get('content-type'), part.url), 'audio/mpeg');
		sum += seconds(part.duration);
	}
	assert.equal(manifest.readingOrder.length, 3);
	assert.ok(Math.abs(sum - seconds(manifest.duration)) < 0.002, 'the chapters add up to the book');
	const contents = manifest.resources.find((resource) => resource.rel === 'contents');
	await page.goto(new URL(contents.url, book()).href);
	const links = page.locator('[role=doc-toc] a');
	assert.equal(await links.count(), 3);
	assert.equal(await links.nth(1).getAttribute('href'), manifest.readingOrder[1].url);
	await context.close();
});
