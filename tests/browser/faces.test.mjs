// What a page calls itself, and what it says when there is nothing to show.
// Needs plugins: catalog
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { checkModes } from './lib/checks.mjs';
import { launch, person } from './lib/browser.mjs';
import { makeBook } from './lib/classroom.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, folder;
before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-faces-'));
	server = await startServer();
	browser = await launch();
	server.importFiles(makeBook(folder, '听书入门', [2]));
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

async function look(where, lang = 'en') {
	const context = await person(browser, { lang });
	const page = await context.newPage();
	const reply = await page.goto(server.origin + where);
	const face = { status: reply.status(), title: await page.title(), main: await page.locator('main').innerText() };
	const faults = await checkModes(page, { modes: ['light'], widths: [320], keyboard: false });
	await context.close();
	assert.deepEqual(faults, {}, where);
	return face;
}

test('faces__a_search_is_told_from_the_list_by_its_title', async () => {
	assert.equal((await look('/courses')).title, 'Courses – Curbcut');
	assert.equal((await look('/courses?q=听书')).title, 'Courses found for 听书 – Curbcut');
	assert.equal((await look('/?q=听书', 'zh-CN')).title, '找到的课程：听书 – Curbcut');
	assert.equal((await look('/?q=zzzz', 'zh-CN')).title, '没有找到课程：zzzz – Curbcut');
});

test('faces__a_page_past_the_end_of_the_list_leads_back_to_it', async () => {
	for (const where of ['/courses?page=9', '/courses?q=听书&page=9']) {
		const { main } = await look(where);
		assert.match(main, /The list is shorter than this[\s\S]*The first page of the list/);
		assert.doesNotMatch(main, /no courses yet|Nothing was found|Page 9/);
	}
});

test('faces__an_address_that_is_not_there_says_what_was_not_affected', async () => {
	const { status, main } = await look('/nowhere', 'zh-CN');
	assert.equal(status, 404);
	assert.match(main, /没有这个页面。您的学习记录不受影响。[\s\S]*可以回到首页，或者打电话给培训基地。/);
});

test('faces__an_address_for_forms_speaks_of_no_methods', async () => {
	const { status, main } = await look('/signout');
	assert.equal(status, 405);
	assert.doesNotMatch(main, /GET|POST/);
});
