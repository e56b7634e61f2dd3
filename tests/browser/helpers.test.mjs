// The helpers see what they are for: a page with faults is refused, one without is not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, frame, sideways } from './lib/access.mjs';
import { complaints, launch, person } from './lib/browser.mjs';
import { focused, focusShows, press, tabTo, type } from './lib/keys.mjs';
import { spoken } from './lib/reader.mjs';

const good = `<!doctype html><html lang="zh-CN"><title>课程</title><style>:focus{outline:3px solid #000}</style>
<main><h1>课程</h1><p><a href="#a">第一课</a></p>
<label>搜索 <input name="q"></label> <button onclick="document.title='按了'">开始</button></main></html>`;
const bad = `<!doctype html><html><title></title><style>:focus{outline:none}</style>
<div style="width:900px"><h1>a</h1><h1>b</h1><img src="data:,"><input><a href="#x" style="color:#eee">pale words</a></div></html>`;

let browser, page, context;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

async function open(html, options) {
	await context?.close();
	context = await person(browser, options);
	page = await context.newPage();
	await page.setContent(html);
}

test('helpers__good_page_has_no_faults', async () => {
	await open(good, { width: 320 });
	assert.deepEqual(await axe(page), []);
	assert.deepEqual(await frame(page, 'zh-CN'), []);
	assert.deepEqual(await sideways(page), []);
});

test('helpers__faults_are_seen', async () => {
	await open(bad, { width: 320 });
	const lines = (await axe(page)).join('\n');
	for (const rule of ['html-has-lang', 'image-alt', 'label', 'color-contrast', 'document-title'])
		assert.match(lines, new RegExp(`^${rule}:`, 'm'));
	assert.deepEqual(await frame(page, 'zh-CN'), ['lang is ', 'no title', '2 h1', '0 main']);
	assert.match((await sideways(page)).join(), /wider/);
	await page.keyboard.press('Tab');
	assert.equal(await focusShows(page), false);
});

test('helpers__keyboard_finds_things_by_name', async () => {
	await open(good);
	await tabTo(page, '第一课', { role: 'link' });
	assert.equal(await focusShows(page), true);
	await type(page, '搜索', '按摩');
	assert.equal(await page.inputValue('input'), '按摩');
	await press(page, /开始/);
	assert.equal(await page.title(), '按了');
	assert.deepEqual(await focused(page), { name: '开始', role: 'button' });
	await assert.rejects(tabTo(page, 'nothing of that name', { limit: 5 }), /never came/);
});

test('helpers__reader_speaks_the_page', async () => {
	await open(good);
	const said = (await spoken(page)).join('\n');
	assert.match(said, /heading, 课程, level 1/);
	assert.match(said, /link, 第一课/);
	assert.match(said, /button, 开始/);
});

test('helpers__script_errors_are_collected', async () => {
	await open(good);
	const list = complaints(page);
	await page.evaluate(() => { setTimeout(() => { throw new Error('broken'); }, 0); });
	await page.waitForEvent('pageerror').catch(() => {});
	assert.match(list().join(), /broken/);
});
