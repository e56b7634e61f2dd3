// Every page that the route table has, as everybody who may open it sees it. The routes, and what stands for their parameters,
// are those of tests/guard: a new page is here by itself.
import { checkKeyboard, checkPage, checkSpacing, MODES } from '../../browser/lib/checks.mjs';
import { launch, person } from '../../browser/lib/browser.mjs';
import { rowOf } from '../../guard/lib/cells.mjs';
import { County, ROLES } from '../../guard/lib/county.mjs';
import { CHECKS } from './criteria.mjs';
import { extras, hoverShows, navigation, scriptFaults, turned } from './extras.mjs';
import { markupFaults } from './markup.mjs';

// [mode, width, height, keyboard and spacing too]: 320 by 256 is what 400 % zoom leaves of 1280 by 1024.
const LOOKS = [
	['light', 1280, 800, true], ['light', 320, 256, true], ['dark', 1280, 800], ['dark', 320, 640], ['contrast', 1280, 800], ['contrast', 320, 640],
	['contrast dark', 320, 640], ['forced', 1280, 800], ['forced', 320, 640], ['light', 768, 1024], ['light', 1920, 1080],
];
const RULE = /^[a-z][a-z0-9-]+: /; // how a line of axe begins

// Pages for everybody: [{route, role, address, html}] of one person. Only what answers as a page is one.
async function pagesOf(county, who, wanted) {
	const found = [];
	for (const route of county.routes().filter(({ method }) => method === 'GET')) {
		const row = rowOf(route);
		if (!row || (wanted && !wanted.some((word) => route.path.includes(word)))) continue;
		const seen = new Set();
		for (const cell of await row.cells(who, county, route)) {
			const reply = await who.visitor.ask('GET', cell.address, { headers: cell.headers });
			const kind = `${route.path} ${reply.status}`;
			if (!/^text\/html/.test(reply.headers['content-type'] ?? '') || seen.has(kind)) continue;
			seen.add(kind);
			found.push({ route: route.path, address: cell.address, status: reply.status, page: `${route.path} (${who.name ?? 'nobody'}${reply.status === 200 ? '' : `, ${reply.status}`})`, html: reply.text });
		}
	}
	return found;
}

const named = (lines) => lines.map((line) => (RULE.test(line) && !CHECKS.some(({ pattern }) => pattern.test(line)) ? `axe ${line}` : line));

async function look(page, lang, [mode, width, height, whole]) {
	await page.setViewportSize({ width, height });
	await page.emulateMedia(MODES[mode]);
	const lines = named(await checkPage(page, { lang }));
	if (!whole) return lines;
	const address = page.url();
	lines.push(...await checkKeyboard(page), ...await checkSpacing(page));
	if (page.url().split('#')[0] !== address.split('#')[0]) lines.push(`focus moved on to ${page.url()}`);
	return lines;
}

async function lookAtPage(context, origin, found, lang, before) {
	const page = await context.newPage(), faults = [];
	let looks = 0, faulty = 0;
	const add = (lines, where) => {
		looks++;
		if (lines.length) faulty++;
		faults.push(...lines.map((line) => ({ page: found.page, lang, where, line })));
	};
	try {
		await page.goto(origin + found.address, { waitUntil: 'load' });
		if (await page.locator('#player').count()) await page.waitForFunction(() => document.getElementById('player').dataset.ready);
		for (const one of LOOKS) add(await look(page, lang, one), `${one[0]} ${one[1]}px`);
		await page.setViewportSize({ width: 1280, height: 800 });
		await page.emulateMedia(MODES.light);
		const order = await navigation(page);
		before.navigation ??= order;
		add([...await extras(page), ...await hoverShows(page), ...await turned(page), ...(order === before.navigation ? [] : [`navigation differs: ${order}, not ${before.navigation}`])], 'once');
		for (const src of await page.evaluate(() => [...document.scripts].map((script) => script.src).filter(Boolean))) before.scripts.add(src);
	} catch (error) {
		add([`axe page-opens: ${error.message.split('\n')[0]}`], 'opening');
	} finally {
		await page.close();
	}
	return { faults, looks, faulty };
}

// pages, roles, langs: only those; absent: all. save(result): called behind each person, so that a run that is ended keeps what it found.
export async function runMatrix({ pages, roles, langs, save = () => {} } = {}) {
	const county = await County.open(), browser = await launch();
	const result = { pages: 0, looks: 0, faulty: 0, faults: [], checked: CHECKS.map(({ id }) => id) };
	const kinds = new Set(), markup = [], scripts = new Set();
	try {
		await county.bring();
		const jobs = [];
		for (const name of [null, ...ROLES])
			if (!roles || roles.includes(name ?? 'nobody')) for (const lang of langs ?? ['zh-CN', 'en']) jobs.push({ name, lang });
		const work = async () => {
			for (let job; (job = jobs.shift());) {
				const who = { name: job.name, role: job.name, visitor: county.visitor(job.name, job.lang) };
				const context = await person(browser, { lang: job.lang });
				if (job.name) await context.addCookies([{ name: '__Host-curb', value: who.visitor.cookies.get('__Host-curb'), domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
				const before = { scripts };
				for (const found of await pagesOf(county, who, pages)) {
					kinds.add(found.route);
					markup.push(found);
					const one = await lookAtPage(context, county.origin, found, job.lang, before);
					for (const key of ['looks', 'faulty']) result[key] += one[key];
					result.faults.push(...one.faults);
					console.log(`${one.faulty ? 'FAILED' : 'passed'}  ${job.lang}  ${found.page}${one.faulty ? `: ${[...new Set(one.faults.map(({ line }) => line))].slice(0, 3).join(' | ').slice(0, 500)}` : ''}`);
				}
				await context.close();
				save({ ...result, pages: kinds.size });
			}
		};
		await Promise.all([work(), work()]);
		for (const src of scripts) {
			const lines = scriptFaults(src, (await county.visitor().get(new URL(src).pathname)).text);
			result.faults.push(...lines.map((line) => ({ page: new URL(src).pathname, line })));
		}
		result.faults.push(...await markupFaults(markup));
	} finally {
		await browser.close();
		await county.close();
	}
	return { ...result, pages: kinds.size };
}
