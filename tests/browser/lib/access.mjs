// WCAG 2.2 AA by axe-core on a page as each person meets it: both languages, light and dark, wide and 320 px.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { person } from './browser.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const COLOURS = ['color-contrast', 'link-in-text-block']; // rules about colours alone
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const variants = ['zh-CN', 'en'].flatMap((lang) =>
	[false, true].flatMap((dark) => [1280, 320].map((width) => ({ lang, dark, width }))));

export const variantName = ({ lang, dark, width }) => `${lang} ${dark ? 'dark' : 'light'} ${width}px`;

// Violations on the open page, each as one line; empty when there are none. rules: only those; else all of TAGS.
export async function axe(page, { rules } = {}) {
	// evaluate() is not held by the page's content security policy, as a script tag would be
	if (!await page.evaluate('!!window.axe')) await page.evaluate(`(() => { ${axeSource} })()`);
	const result = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ['violations'] }),
		rules ? { type: 'rule', values: rules } : { type: 'tag', values: TAGS });
	return result.violations.flatMap((violation) => violation.nodes.map((node) =>
		`${violation.id}: ${violation.help}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`));
}

// What axe does not see at 320 px: a page that must be scrolled sideways (WCAG 1.4.10).
export async function sideways(page) {
	return page.evaluate(() => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		const beyond = [...document.body.querySelectorAll('*')].filter((element) => {
			const { left, right } = element.getBoundingClientRect();
			return right > width + 1 || left < -1; // a page that is read from the right grows to the left
		});
		return [`wider than the page by ${document.documentElement.scrollWidth - width} px`, ...beyond.slice(0, 5).map((element) => `wider than the page: ${element.outerHTML.slice(0, 160)}`)];
	});
}

// Heads of the page that every page has: its language, a title, one h1, one main landmark.
export async function frame(page, lang) {
	return page.evaluate((wanted) => {
		const faults = [];
		if (document.documentElement.lang !== wanted) faults.push(`lang is ${document.documentElement.lang}`);
		if (!document.title.trim()) faults.push('no title');
		const heads = document.querySelectorAll('h1').length, mains = document.querySelectorAll('main').length;
		if (heads !== 1) faults.push(`${heads} h1`);
		if (mains !== 1) faults.push(`${mains} main`);
		return faults;
	}, lang);
}

// Opens `path` in each language, looks at it in every colour and width, and returns all faults as {variant: [line…]}; {} when there are none.
// user: what signIn() gave; status: what the page is expected to answer; ready(page): waits until it is complete.
export async function everywhere(browser, server, path, { user, ready, status = 200 } = {}) {
	const faults = {};
	for (const lang of new Set(variants.map((variant) => variant.lang))) {
		const context = await person(browser, { lang, user });
		try {
			const page = await context.newPage(), reply = await page.goto(server.origin + path);
			if (reply.status() !== status) faults[lang] = [`status ${reply.status()}`];
			if (ready) await ready(page);
			for (const variant of variants.filter((one) => one.lang === lang)) {
				await page.emulateMedia({ colorScheme: variant.dark ? 'dark' : 'light' });
				await page.setViewportSize({ width: variant.width, height: 800 });
				const lines = [...await axe(page), ...await frame(page, lang), ...await sideways(page)];
				if (lines.length) faults[variantName(variant)] = lines;
			}
		} finally {
			await context.close();
		}
	}
	return faults;
}
