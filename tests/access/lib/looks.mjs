// One page, opened once and looked at in each colour mode and width.
import { look, MODES } from '../../browser/lib/checks.mjs';
import { CHECKS } from './criteria.mjs';
import { extras, hoverShows, navigation, turned } from './extras.mjs';

// [mode, width, height, keyboard and spacing too]: 320 by 256 is what 400 % zoom leaves of 1280 by 1024.
export const LOOKS = [
	['light', 1280, 800, true], ['dark', 1280, 800], ['contrast', 1280, 800], ['contrast dark', 1280, 800], ['forced', 1280, 800],
	['light', 320, 256, true], ['light', 320, 640], ['dark', 320, 640], ['contrast', 320, 640], ['contrast dark', 320, 640], ['forced', 320, 640],
	['light', 768, 1024], ['light', 1920, 1080],
];
// A page both halves of which were looked at in all ways, on other pages.
export const TOGETHER = [['light', 1280, 800, true], ['light', 320, 256]];
const RULE = /^[a-z][a-z0-9-]+: /; // how a line of axe begins

const named = (lines) => lines.map((line) => (RULE.test(line) && !CHECKS.some(({ pattern }) => pattern.test(line)) ? `axe ${line}` : line));

async function lookOnce(page, lang, known, [mode, width, height, whole]) {
	const address = page.url().split('#')[0], lines = await look(page, { lang, known, mode, width, height, whole });
	return page.url().split('#')[0] === address ? lines : [...lines, `focus moved on to ${page.url()}`];
}

// add(lines, where) is told of each look; before: {navigation} of what the person saw on other pages. Returns the addresses of
// the page's scripts.
export async function lookAtPage(page, found, before, add) {
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.emulateMedia(MODES.light);
	await page.goto(found.url, { waitUntil: 'load' });
	if (await page.locator('#player').count()) await page.waitForFunction(() => document.getElementById('player').dataset.ready);
	const known = new Set();
	for (const one of found.looks) add(named(await lookOnce(page, found.lang, known, one)), `${one[0]} ${one[1]}px`);
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.emulateMedia(MODES.light);
	const order = await navigation(page);
	before.navigation ??= order;
	add([...await extras(page), ...await hoverShows(page), ...await turned(page), ...(order === before.navigation ? [] : [`navigation differs: ${order}, not ${before.navigation}`])], 'once');
	return page.evaluate(() => [...document.scripts].map((script) => script.src).filter(Boolean));
}
