// What every page is held to, computed from the rendered page. All functions take an open playwright page and return
// faults as lines of text, [] when there are none; none leaves the page, submits or presses anything but Tab.
//
//   checkPage(page, {lang, contrast})   the page as it is shown now: axe (wcag2a … 22aa, best-practice), language, one h1,
//                                       main, a title that says the h1, contrast of text (7 to 1; large text 4.5),
//                                       targets of 44 px, no sideways scroll, nothing cut off, nothing on top of another,
//                                       what is seen on a button or link is in its name, each thing has a name
//   checkKeyboard(page, {limit})        Tab from the top to the end: each stop is seen (a ring of 2 px, 3 to 1), not covered,
//                                       in the order of the accessibility tree, none is left out. Ends with nothing focused
//   checkSpacing(page)                  with the text spacing of WCAG 1.4.12 nothing is cut off, covered or wider than the page
//   checkModes(page, {lang, modes, widths, keyboard})
//                                       all of the above in each colour mode and width, as {"dark 320px": [line…]}, {} when
//                                       all is well. modes: names of MODES; widths: CSS px; keyboard: true runs Tab and
//                                       spacing at each width. Afterwards the page is light and as wide as before
//
// A width of 320 px by 256 px is what 400 % zoom leaves of 1280 by 1024. A check of one page in all modes takes about 3 s.
import { axe, frame, sideways } from './access.mjs';
import { install } from './rendered.mjs';

const plain = { colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' };
export const MODES = {
	light: plain,
	dark: { ...plain, colorScheme: 'dark' },
	contrast: { ...plain, contrast: 'more' },
	'contrast dark': { ...plain, contrast: 'more', colorScheme: 'dark' },
	forced: { ...plain, forcedColors: 'active' },
};
export const WIDTHS = [1280, 320];
const AAA = { most: 7, least: 4.5 };

const NAMED = new Set(['button', 'link', 'textbox', 'searchbox', 'combobox', 'listbox', 'checkbox', 'radio', 'slider', 'switch',
	'tab', 'menuitem', 'spinbutton', 'DisclosureTriangle', 'dialog', 'progressbar', 'image', 'table', 'Video', 'Audio']);

// The accessibility tree in reading order: [{role, name, id, properties}], id the DOM's.
export async function tree(page) {
	const session = await page.context().newCDPSession(page);
	try {
		const { nodes } = await session.send('Accessibility.getFullAXTree');
		const byId = new Map(nodes.map((node) => [node.nodeId, node]));
		const list = [];
		const walk = (node) => {
			if (!node) return;
			if (!node.ignored) {
				const properties = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
				list.push({ role: node.role?.value ?? '', name: node.name?.value ?? '', description: node.description?.value ?? '',
					value: node.value?.value, id: node.backendDOMNodeId, properties });
			}
			for (const child of node.childIds ?? []) walk(byId.get(child));
		};
		walk(nodes.find((node) => !node.parentId));
		return list;
	} finally {
		await session.detach();
	}
}

async function nameless(page) {
	const list = await tree(page);
	return list.filter(({ role, name }) => NAMED.has(role) && !name.trim()).map(({ role }) => `a ${role} has no name`);
}

const call = async (page, name, ...args) => {
	await install(page);
	return page.evaluate(([which, given]) => window.curbChecks[which](...given), [name, args]);
};

async function geometry(page) {
	return [...await sideways(page), ...await call(page, 'cutOff'), ...await call(page, 'overlaps')];
}

// What is there, whatever it looks like; what lies where; what colours it has.
export const checkWords = async (page, { lang }) => [
	...await axe(page), ...await frame(page, lang), ...await call(page, 'title'), ...await nameless(page), ...await call(page, 'labelInName'),
];
export const checkLayout = async (page) => [...await call(page, 'targets', 44), ...await geometry(page)];
export const checkColours = (page, contrast = AAA) => call(page, 'contrast', contrast.most, contrast.least);

export async function checkPage(page, { lang, contrast } = {}) {
	const wanted = lang ?? await page.evaluate(() => document.documentElement.lang);
	return [...await checkWords(page, { lang: wanted }), ...await checkColours(page, contrast), ...await checkLayout(page)];
}

// What is seen, and where: two pages that agree in both differ by colour at most.
export const outline = (page) => call(page, 'outline');
// Kinds of text in their colours; see rendered.mjs.
export const painted = (page) => call(page, 'painted');
// The focus ring of all that the last checkKeyboard came to, in the colours of now.
export const checkRings = (page) => call(page, 'rings');

// The DOM's numbers of all that Tab came to.
async function met(session) {
	const { result: { objectId } } = await session.send('Runtime.evaluate', { expression: 'window.curbChecks.met' });
	const { result } = await session.send('Runtime.getProperties', { objectId, ownProperties: true });
	const elements = result.filter(({ name }) => /^[0-9]+$/.test(name)).map(({ value }) => value.objectId);
	return Promise.all(elements.map(async (one) => (await session.send('DOM.describeNode', { objectId: one })).node.backendNodeId));
}

export async function checkKeyboard(page, { limit = 400 } = {}) {
	await install(page);
	const order = new Map((await tree(page)).map(({ id }, i) => [id, i]));
	const session = await page.context().newCDPSession(page);
	const faults = new Set();
	const what = (i) => page.evaluate((at) => window.curbChecks.met[at].outerHTML.replace(/\s+/g, ' ').slice(0, 140), i);
	try {
		await page.evaluate(() => { window.curbChecks.met = []; window.curbChecks.rewind(); });
		for (let i = 0; i < limit; i++) {
			await page.keyboard.press('Tab');
			const lines = await page.evaluate(() => window.curbChecks.stop());
			if (!lines) break;
			for (const line of lines) faults.add(line);
		}
		let before = -1;
		for (const [i, id] of (await met(session)).entries()) {
			const here = order.get(id) ?? -1;
			if (here < 0) faults.add(`no screen reader meets what has the focus: ${await what(i)}`);
			else if (here < before) faults.add(`focus goes back in reading order: ${await what(i)}`);
			before = here;
		}
		for (const line of await page.evaluate(() => window.curbChecks.notReached(window.curbChecks.met))) faults.add(line);
		await page.evaluate(() => window.curbChecks.rewind());
	} finally {
		await session.detach();
	}
	return [...faults];
}

export async function checkSpacing(page) {
	await page.evaluate(() => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
			p { margin-bottom: 2em !important; }`);
		document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
	});
	try {
		return (await geometry(page)).map((line) => `with text spacing, ${line}`);
	} finally {
		await page.evaluate(() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); });
	}
}

export async function checkModes(page, { lang, modes = Object.keys(MODES), widths = WIDTHS, keyboard = true, contrast } = {}) {
	const faults = {}, before = page.viewportSize();
	try {
		for (const width of widths) {
			await page.setViewportSize({ width, height: width === 320 ? 256 : 800 });
			for (const mode of modes) {
				await page.emulateMedia(MODES[mode]);
				const lines = await checkPage(page, { lang, contrast });
				if (keyboard && mode === modes[0]) lines.push(...await checkKeyboard(page), ...await checkSpacing(page));
				if (lines.length) faults[`${mode} ${width}px`] = lines;
			}
		}
	} finally {
		await page.emulateMedia(plain);
		await page.setViewportSize(before);
	}
	return faults;
}
