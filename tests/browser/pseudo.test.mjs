// Needs plugins: audiobook catalog credit video
// The main pages in languages that nobody speaks: en-XA, whose texts are longer, and ar-XB, which is read from the right.
// What breaks there would break in a language that comes later.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkLayout } from './lib/checks.mjs';
import { complaints, launch, person, signIn } from './lib/browser.mjs';

const { County } = await import('../guard/lib/county.mjs');
const WIDE = 1280, NARROW = 320;

let browser, county, pages;
before(async () => {
	[browser, county] = await Promise.all([launch(), County.open({ pseudo: true })]);
	const { lessons, book, places: { home } } = county;
	pages = [
		[null, ['/', '/signin', '/help', '/needs', '/accessibility', '/nothing/here']],
		['learner', ['/', '/record', `/courses/${lessons.course}`, `/videos/${lessons.units[0].id}`, `/books/${book.units[0].id}`, '/account']],
		['staff', ['/classes', `/classes/${home.cohort}`, '/classes/new', '/people/many']],
		['author', ['/packages/new']],
		['admin', ['/machine', `/people/${home.learner}`]],
	];
	for (const one of pages) one.user = one[0] ? await signIn(browser, county, { name: one[0], password: `secret-${one[0]}` }) : undefined;
});
after(async () => {
	await browser?.close();
	await county?.close();
});

// Where the text of the page begins: its language, its direction, and on which side its parts stand.
const sides = (page) => page.evaluate(() => {
	const middle = innerWidth / 2, from = (selector) => document.querySelector(selector)?.getBoundingClientRect();
	const home = from('header a[href="/"]'), html = document.documentElement, range = document.createRange();
	range.selectNodeContents(document.querySelector('h1'));
	const [head] = range.getClientRects(), main = from('main');
	return { lang: html.lang, dir: html.dir, direction: getComputedStyle(document.body).direction,
		home: home && (home.left + home.right) / 2 < middle ? 'left' : 'right',
		head: head.left - main.left < main.right - head.right ? 'left' : 'right' };
});

for (const [lang, dir, begins] of [['en-XA', 'ltr', 'left'], ['ar-XB', 'rtl', 'right']])
	test(`pseudo__${lang}_fits_at_${NARROW}_and_${WIDE}_px_and_begins_at_the_${begins}`, async () => {
		const wrong = [];
		for (const one of pages) {
			const context = await person(browser, { lang, user: one.user, width: WIDE }), page = await context.newPage();
			for (const path of one[1]) {
				await page.setViewportSize({ width: WIDE, height: 800 });
				await page.goto(county.origin + path);
				for (const width of [WIDE, NARROW]) {
					await page.setViewportSize({ width, height: 800 });
					const at = await sides(page), where = `${path} of ${one[0] ?? 'nobody'}, ${width} px`;
					if (at.lang !== lang || at.dir !== dir || at.direction !== dir) wrong.push(`${where}: ${JSON.stringify(at)}`);
					if (width === WIDE && (at.home !== begins || at.head !== begins)) wrong.push(`${where}: begins at the other side: ${JSON.stringify(at)}`);
					wrong.push(...(await checkLayout(page)).map((line) => `${where}: ${line}`));
				}
			}
			await context.close();
		}
		assert.deepEqual(wrong, []);
	});

for (const lang of ['en-XA', 'ar-XB'])
	test(`pseudo__${lang}_plays_and_stops_by_its_buttons`, async () => {
		const context = await person(browser, { lang, user: pages[1].user, width: NARROW }), page = await context.newPage(), list = complaints(page);
		await page.goto(`${county.origin}/videos/${county.lessons.units[0].id}`);
		const play = page.locator('#play');
		await play.waitFor();
		for (const button of await page.locator('main button:visible').all()) {
			const box = await button.boundingBox();
			assert.ok(box.x >= 0 && box.x + box.width <= NARROW, `${await button.innerText()}: ${JSON.stringify(box)}`);
		}
		for (const words of await page.locator('[data-scripted] button:visible').allInnerTexts()) assert.match(words, /\u27e6/, `not translated: ${words}`); // the library's own words are in its own catalogs
		await play.click();
		await page.waitForFunction(() => document.querySelector('video').currentTime > 0.2);
		await play.click();
		await page.waitForFunction(() => document.querySelector('video').paused);
		assert.deepEqual(list(), []);
		await context.close();
	});
