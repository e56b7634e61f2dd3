// The harness of evidence: node tests/access/run.mjs BUILD [--only journeys,matrix,tests] [--way W,…] [--journey J,…]
// [--role R,…] [--lang L] [--page WORD,…] [--missing]
// What is found is kept in BUILD/access for this very build; what is not run again, or with --missing was found already, counts
// as it was found. The report lands in BUILD/share/curbcut/access, where the server of BUILD shows it at /accessibility.
// Progress goes to standard error; ends with "N passed, N failed" and 1 when anything failed.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const [build, ...words] = process.argv.slice(2);
const given = (name) => (words.includes(`--${name}`) ? words[words.indexOf(`--${name}`) + 1].split(',') : null);
if (!build || build.startsWith('--')) {
	console.error('usage: node tests/access/run.mjs BUILD [--only journeys,matrix,tests] [--way W,…] [--journey J,…] [--role R,…] [--lang L] [--page WORD,…] [--missing]');
	process.exit(2);
}
process.env.CURBCUT ??= path.resolve(build, 'bin/curbcut');
process.env.CURBCUT_TEST ??= path.resolve(build, 'bin/curbcut-test');
const { letGo, within } = await import('./lib/bounded.mjs');
const { CRITERIA } = await import('./lib/criteria.mjs');
const { buildId, Kept } = await import('./lib/kept.mjs');
const { CHECKED, PARTS, runMatrix, together } = await import('./lib/matrix.mjs');
const { readManual, writeReport } = await import('./lib/report.mjs');
const { makeSchool } = await import('./lib/school.mjs');
const { readFile } = await import('./lib/script.mjs');
const { walk } = await import('./lib/walk.mjs');
const { waysKnown, ways } = await import('./ways/ways.mjs');

const JOURNEY_MS = 180000, START_MS = 60000, TEST_MS = 180000;
const out = path.join(build, 'access'), pictures = path.join(out, 'pictures');
mkdirSync(pictures, { recursive: true });
const only = given('only') ?? ['journeys', 'matrix', 'tests'], missing = words.includes('--missing');
const made = buildId(build), began = Date.now();
const kept = Object.fromEntries(['journeys', 'matrix', 'tests'].map((name) => [name, new Kept(out, name)]));
// a browser that dies with the run is no fault of a page
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const say = (text) => console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${text}`);

// ---- journeys ----

const journeys = readdirSync(path.join(here, 'journeys')).filter((name) => name.endsWith('.md')).sort().map((name) => {
	const file = path.join(here, 'journeys', name);
	return { ...readFile(file, waysKnown), of: `${made} ${createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12)}` };
});
const result = (journey, way) => kept.journeys.get(`${journey.id} ${way}`, journey.of);

const wanted = (way) => journeys.filter((journey) => (given('journey')?.includes(journey.id) ?? true) && !(missing && result(journey, way.id)));

// One person at one server makes the journeys of the queue, one after the other.
async function makeWay(way, queue, school) {
	if (!queue.length) return;
	const server = await school.open(), env = { origin: server.origin, accounts: school.accounts, pictures, file: school.file };
	let browser;
	try {
		for (let journey; (journey = queue.shift());) {
			let found;
			try {
				browser ??= await within(START_MS, `${way.id}'s browser`, way.open());
				found = await within(JOURNEY_MS, 'the journey', walk(journey, way, browser, env));
			} catch (error) {
				found = { way: way.id, state: 'failed', why: error.message };
				if (browser) await letGo(browser.close());
				browser = undefined;
			}
			kept.journeys.put(`${journey.id} ${way.id}`, journey.of, found);
			say(`${found.state === 'failed' ? 'FAILED' : found.state}  ${way.id}  ${journey.id}${found.why ? `: line ${found.line ?? '–'}: ${found.sentence ?? ''} ${found.why}` : ''}`);
		}
	} finally {
		if (browser) await letGo(browser.close());
		await server.stop();
	}
}

// Two persons, each in the next of the ways; a way that is named twice is shared by two. A promise for each.
function makeWays(list, school) {
	const queue = [...list], left = new Map(list.map((way) => [way.id, wanted(way)]));
	return [1, 2].map(async () => {
		for (let way; (way = queue.shift());) await makeWay(way, left.get(way.id), school);
	});
}

// ---- pages and tests ----

async function lookAtPages() {
	const parts = PARTS.filter((part) => {
		const [role, lang] = part.split(' ');
		return (given('role')?.includes(role) ?? true) && (given('lang')?.includes(lang) ?? true) && !(missing && kept.matrix.get(part, made));
	});
	// some of the pages are not a part
	const save = given('page') ? () => {} : (part, found) => kept.matrix.put(part, made, found);
	if (!parts.length) return;
	// the pages of the report are looked at with a report in them
	const report = mkdtempSync(path.join(tmpdir(), 'curbcut-report-'));
	try {
		write(report);
		await runMatrix({ pages: given('page'), parts, report, journey: journeys[0].id, save, say });
	} finally {
		rmSync(report, { recursive: true, force: true });
	}
}

// The tests that criteria name, as ctest runs them.
async function runTests() {
	const names = [...new Set(CRITERIA.flatMap((row) => row[4]).map((word) => /^test:(\S+)/.exec(word)?.[1]).filter(Boolean))];
	for (const name of names) {
		if (missing && kept.tests.get(name, made)) continue;
		const state = await new Promise((resolve) => {
			execFile('ctest', ['--test-dir', build, '-R', `^${name}$`, '--no-tests=error'], { timeout: TEST_MS, maxBuffer: 16 << 20 }, (error) => resolve(error ? 'failed' : 'passed'));
		});
		kept.tests.put(name, made, { state });
		say(`${state === 'passed' ? 'passed' : 'FAILED'}  test  ${name}`);
	}
}

// ---- what it says ----

const version = (program, args = ['--version']) => {
	try { return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: START_MS }).trim().split('\n')[0]; } catch { return ''; }
};

function scope(matrix, walked) {
	const pages = matrix ? {
		en: `${matrix.pages} pages, as every role may open them, in both languages, with those that refuse: ${matrix.cells} in all. Those that look alike were looked at once, ${matrix.looks} times in all: five colour modes, 320 to 1920 px, with text spacing, at 400 % zoom.${matrix.whole ? '' : ' Not all roles were looked at.'}`,
		'zh-CN': `${matrix.pages} 个页面，每种身份能打开的都查，两种语言，连同拒绝打开的，共 ${matrix.cells} 页。样子相同的只看一次，一共看了 ${matrix.looks} 次：五种颜色模式，宽 320 到 1920 像素，加大文字间距，放大到 400%。${matrix.whole ? '' : '还没有查完所有身份。'}`,
	} : { en: 'No page was looked at by itself.', 'zh-CN': '还没有逐页检查。' };
	return [{ text: pages }, { text: { en: `${walked.length} journeys.`, 'zh-CN': `走了 ${walked.length} 件事。` } }];
}

// Writes the report of what is known by now.
function write(folder) {
	const walked = journeys.map((journey) => ({
		id: journey.id, title: journey.title, about: journey.about, shows: journey.shows, script: journey.steps.map((step) => step.text),
		results: waysKnown.map((way) => result(journey, way)).filter(Boolean),
	}));
	const matrix = together(kept.matrix.of(made)), tests = kept.tests.of(made);
	const report = writeReport({
		product: `Curbcut ${version('git', ['-C', here, 'describe', '--always', '--dirty'])}`, journeys: walked, matrix, manual: readManual(), ways, tests,
		scope: scope(matrix, walked), tools: ['chromium', 'firefox-esr', 'orca'].map((program) => version(program)).filter(Boolean).map((tool) => ({ text: tool })),
	}, pictures, folder);
	return { report, walked, matrix, tests };
}

function tell() {
	const { report, walked, matrix, tests } = write(path.join(build, 'share/curbcut/access'));
	const states = [...walked.flatMap(({ results }) => results), ...Object.values(tests)].map(({ state }) => state);
	const count = (state) => states.filter((one) => one === state).length;
	const failed = count('failed') + (matrix?.faults.length ?? 0);
	console.log(`journeys: ${walked.filter(({ results }) => results.length === ways.length && results.every(({ state }) => state !== 'failed')).length} of ${walked.length} made in every way that can make them`);
	if (matrix) console.log(`matrix: ${matrix.cells} pages of ${Object.keys(kept.matrix.of(made)).length} of ${PARTS.length} persons, ${matrix.looks} looks, ${CHECKED.length} checks, ${matrix.faults.length} faults`);
	console.log(report.conclusion.en);
	console.log(`${count('passed') + (matrix ? matrix.looks - matrix.faulty : 0)} passed, ${failed} failed`);
	return failed;
}

const makes = only.includes('journeys') ? ways.filter((way) => given('way')?.includes(way.id) ?? true) : [];
const school = makes.length ? await makeSchool() : null;
try {
	// Orca listens more than it works: it has two desktops beside everything else. Who of the others is done first makes room for the pages.
	const others = makeWays(makes.filter(({ id }) => id !== 'orca'), school);
	await Promise.all([
		...makeWays(makes.filter(({ id }) => id === 'orca').flatMap((way) => [way, way]), school),
		...others,
		Promise.race(others).then(() => (only.includes('matrix') ? lookAtPages() : null)),
	]);
	if (only.includes('tests')) await runTests();
} finally {
	school?.remove();
}
process.exit(tell() ? 1 : 0);
