// Every page that the route table has, as everybody who may open it sees it. The routes, and what stands for their parameters,
// are those of tests/guard: a new page is here by itself. A part is what one role sees in one language.
import { launch, person } from '../../browser/lib/browser.mjs';
import { rowOf } from '../../guard/lib/cells.mjs';
import { County, ROLES } from '../../guard/lib/county.mjs';
import { marks } from './alike.mjs';
import { letGo, within } from './bounded.mjs';
import { CHECKS } from './criteria.mjs';
import { scriptFaults } from './extras.mjs';
import { lookAtPage, LOOKS, TOGETHER } from './looks.mjs';
import { markupFaults } from './markup.mjs';

const PAGE_MS = 90000, WORKERS = 2;
const LANGS = ['zh-CN', 'en'];

export const PARTS = ['nobody', ...ROLES].flatMap((role) => LANGS.map((lang) => `${role} ${lang}`));
export const CHECKED = CHECKS.map(({ id }) => id);

// What one person finds behind the routes. Only what answers as a page is one.
async function pagesOf(county, part, wanted) {
	const [role, lang] = part.split(' '), name = role === 'nobody' ? null : role, found = [];
	const who = { name, role: name, visitor: county.visitor(name, lang) };
	for (const route of county.routes().filter(({ method }) => method === 'GET')) {
		const row = rowOf(route);
		if (!row || (wanted && !wanted.some((word) => route.path.includes(word)))) continue;
		const seen = new Set();
		for (const cell of await row.cells(who, county, route)) {
			const reply = await who.visitor.ask('GET', cell.address, { headers: cell.headers });
			if (!/^text\/html/.test(reply.headers['content-type'] ?? '') || seen.has(reply.status)) continue;
			seen.add(reply.status);
			found.push({ part, lang, route: route.path, url: county.origin + cell.address, page: `${route.path} (${role}${reply.status === 200 ? '' : `, ${reply.status}`})`, html: reply.text });
		}
	}
	return { pages: found, cookie: name && who.visitor.cookies.get('__Host-curb') };
}

// Each page that looks like none before it gets its looks; it stands for those that look like it.
function plan(pages) {
	const first = new Map(), halves = new Set();
	for (const page of pages) {
		const { whole, main, frame } = marks(page.html, page.lang);
		if (first.has(whole)) {
			first.get(whole).stands++;
			continue;
		}
		first.set(whole, Object.assign(page, { stands: 1, looks: halves.has(main) && halves.has(frame) ? TOGETHER : LOOKS }));
		halves.add(main).add(frame);
	}
	return [...first.values()];
}

// A browser, and in it one page of one person at a time.
class Eyes {
	async open(part, cookie) {
		if (this.part === part) return this.page;
		this.browser ??= await launch();
		await this.context?.close();
		this.context = await person(this.browser, { lang: part.split(' ')[1] });
		if (cookie) await this.context.addCookies([{ name: '__Host-curb', value: cookie, domain: '127.0.0.1', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
		this.page = await this.context.newPage();
		this.part = part;
		return this.page;
	}

	async close() {
		const browser = this.browser;
		this.browser = this.context = this.part = undefined;
		if (browser) await letGo(browser.close());
	}
}

async function scriptsOf(county, known, found) {
	const faults = [];
	for (const src of found.filter((one) => !known.has(one))) {
		known.add(src);
		const { pathname } = new URL(src);
		faults.push(...scriptFaults(src, (await county.visitor().get(pathname)).text).map((line) => ({ page: pathname, line })));
	}
	return faults;
}

async function lookAt(eyes, found, before, cookie) {
	const faults = [];
	let looks = 0, faulty = 0;
	const add = (lines, where) => {
		looks++;
		if (lines.length) faulty++;
		faults.push(...lines.map((line) => ({ page: found.page, lang: found.lang, where, line, ...(found.stands > 1 ? { alike: found.stands } : {}) })));
	};
	let scripts = [];
	const doIt = async () => lookAtPage(await eyes.open(found.part, cookie), found, before, add);
	try {
		scripts = await within(PAGE_MS, 'the page', doIt());
	} catch (error) {
		await eyes.close(); // whatever it does, it is not waited for
		if (!found.again) return { again: true }; // a browser may hang once
		add([`axe page-opens: ${error.message.split('\n')[0]}`], 'opening');
	}
	return { faults, looks, faulty, scripts };
}

const plain = (found, one) => `${one.faulty ? 'FAILED' : 'passed'}  ${found.lang}  ${found.page}${found.stands > 1 ? ` and ${found.stands - 1} alike` : ''}${one.faulty ? `: ${[...new Set(one.faults.map(({ line }) => line))].slice(0, 3).join(' | ').slice(0, 500)}` : ''}`;

// pages: words in routes; parts: of PARTS; report, journey: as County wants them. save(part, result) is told of each part once
// all of its pages were looked at.
// result: {routes, cells, looks, faulty, faults}
export async function runMatrix({ pages: wanted, parts = PARTS, report, journey, save, say }) {
	const county = await County.open({ report, journey }), results = new Map(), before = new Map(), cookies = new Map(), scripts = new Set();
	const eyes = Array.from({ length: WORKERS }, () => new Eyes());
	try {
		await county.bring();
		const all = [];
		for (const part of parts) {
			const { pages, cookie } = await pagesOf(county, part, wanted);
			results.set(part, { routes: [...new Set(pages.map(({ route }) => route))], cells: pages.length, looks: 0, faulty: 0, faults: [], left: 1 });
			before.set(part, {});
			cookies.set(part, cookie);
			all.push(...pages);
		}
		const queue = plan(all), total = queue.length;
		for (const { part } of queue) results.get(part).left++;
		say(`${all.length} pages of ${parts.length} persons, ${total} of them look like no other`);
		const ends = (part, faults = []) => {
			const result = results.get(part);
			result.faults.push(...faults);
			if (--result.left === 0) {
				delete result.left;
				save(part, result);
			}
		};
		const markup = markupFaults([...queue]).then((faults) => {
			for (const { page, line } of faults) say(`FAILED  ${page}: ${line}`);
			for (const part of parts) ends(part, faults.filter((fault) => fault.part === part));
		});
		markup.catch(() => {}); // it is awaited below
		let done = 0;
		await Promise.all(eyes.map(async (pair) => {
			for (let found; (found = queue.shift());) {
				const one = await lookAt(pair, found, before.get(found.part), cookies.get(found.part));
				if (one.again) {
					queue.push(Object.assign(found, { again: true }));
					continue;
				}
				const result = results.get(found.part);
				for (const key of ['looks', 'faulty']) result[key] += one[key];
				say(`${++done}/${total}  ${plain(found, one)}`);
				ends(found.part, [...one.faults, ...await scriptsOf(county, scripts, one.scripts)]);
			}
		}));
		await markup;
	} finally {
		await Promise.all(eyes.map((pair) => pair.close()));
		await county.close();
	}
}

// What the kept parts say together; whole when none is missing.
export function together(parts) {
	const results = Object.values(parts);
	if (!results.length) return undefined;
	const sum = (key) => results.reduce((all, result) => all + result[key], 0);
	return {
		whole: PARTS.every((part) => parts[part]), pages: new Set(results.flatMap(({ routes }) => routes)).size, cells: sum('cells'), looks: sum('looks'), faulty: sum('faulty'),
		faults: results.flatMap(({ faults }) => faults), day: results.map(({ day }) => day).sort()[0],
	};
}
