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
import { axe, COLOURS, frame, sideways } from './access.mjs';
import { inPage } from './rendered.mjs';

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

const faultsOf = async (page, ...list) => (await inPage(page, list)).flat();

const geometry = async (page, ...more) => [...await sideways(page), ...await faultsOf(page, ['cutOff'], ['overlaps'], ...more)];

// What is there, whatever it looks like; what lies where; what colours it has.
export const checkWords = async (page, { lang }) => [
	...await axe(page), ...await frame(page, lang), ...await faultsOf(page, ['title'], ['labelInName']), ...await nameless(page),
];
export const checkLayout = (page) => geometry(page, ['targets', 44]);
export const checkColours = (page, contrast = AAA) => faultsOf(page, ['contrast', contrast.most, contrast.least]);

export async function checkPage(page, { lang, contrast } = {}) {
	const wanted = lang ?? await page.evaluate(() => document.documentElement.lang);
	return [...await checkWords(page, { lang: wanted }), ...await checkColours(page, contrast), ...await checkLayout(page)];
}

const passed = new Set(); // kinds of text in colours that axe has nothing against
async function axeColours(page, kinds) {
	if (kinds.every((kind) => passed.has(kind))) return [];
	const lines = await axe(page, { rules: COLOURS });
	if (!lines.length) for (const kind of kinds) passed.add(kind);
	return lines;
}

// A page in one colour mode and size. known: a set, one for all looks at a page, of what does not change by a look and is not checked
// again: words when the same things are seen, layout when they lie where they lay, colours always: by axe unless it passed the same
// kinds of text in the same colours, here or on another page. whole: by keyboard and with more spacing too; else only the focus ring of
// all that Tab came to before.
export async function look(page, { lang, known, mode, width, height, whole, contrast = AAA }) {
	await page.setViewportSize({ width, height });
	await page.emulateMedia(MODES[mode]);
	const [{ seen, laid }, kinds, ...faults] = await inPage(page,
		[['outline'], ['painted'], ['contrast', contrast.most, contrast.least], ...(whole ? [] : [['rings']])]);
	const lines = faults.flat();
	lines.push(...(known.has(seen) ? await axeColours(page, kinds) : await checkWords(page, { lang })));
	if (!known.has(laid)) lines.push(...await checkLayout(page));
	known.add(seen).add(laid);
	return whole ? [...lines, ...await checkKeyboard(page), ...await checkSpacing(page)] : lines;
}

// The DOM's numbers of all that Tab came to.
async function met(session) {
	const { result: { objectId } } = await session.send('Runtime.evaluate', { expression: 'window.curbChecks.met' });
	const { result } = await session.send('Runtime.getProperties', { objectId, ownProperties: true });
	const elements = result.filter(({ name }) => /^[0-9]+$/.test(name)).map(({ value }) => value.objectId);
	return Promise.all(elements.map(async (one) => (await session.send('DOM.describeNode', { objectId: one })).node.backendNodeId));
}

export async function checkKeyboard(page, { limit = 400 } = {}) {
	const AT_ONCE = 10; // behind the end it goes round, and is looked at no more
	const order = new Map((await tree(page)).map(({ id }, i) => [id, i]));
	const session = await page.context().newCDPSession(page);
	const what = (i) => page.evaluate((at) => window.curbChecks.met[at].outerHTML.replace(/\s+/g, ' ').slice(0, 140), i);
	try {
		await inPage(page, [['follow']]);
		let lines = null;
		for (let pressed = 0; !lines; pressed++) {
			await page.keyboard.press('Tab');
			if ((pressed + 1) % AT_ONCE === 0 || pressed + 1 >= limit) [lines] = await inPage(page, [['followed', pressed + 1 >= limit]]);
		}
		const faults = new Set(lines);
		let before = -1;
		for (const [i, id] of (await met(session)).entries()) {
			const here = order.get(id) ?? -1;
			if (here < 0) faults.add(`no screen reader meets what has the focus: ${await what(i)}`);
			else if (here < before) faults.add(`focus goes back in reading order: ${await what(i)}`);
			before = here;
		}
		for (const line of await faultsOf(page, ['notReached'])) faults.add(line);
		await inPage(page, [['rewind']]);
		return [...faults];
	} finally {
		await session.detach();
	}
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
	const faults = {}, before = page.viewportSize(), known = new Set(), height = (width) => (width === 320 ? 256 : 800);
	const wanted = lang ?? await page.evaluate(() => document.documentElement.lang);
	try {
		for (const width of widths) {
			for (const mode of modes) {
				const lines = await look(page, { lang: wanted, known, mode, width, height: height(width), whole: keyboard && mode === modes[0], contrast });
				if (lines.length) faults[`${mode} ${width}px`] = lines;
			}
		}
	} finally {
		await page.emulateMedia(plain);
		await page.setViewportSize(before);
	}
	return faults;
}
