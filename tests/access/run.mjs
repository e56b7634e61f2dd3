// The harness of evidence: node tests/access/run.mjs BUILD [--only journeys,matrix,tests] [--way W,…] [--journey J,…]
// Everything lands in BUILD/access; the report in BUILD/share/curbcut/access, where the server of BUILD shows it at /accessibility.
// A part that is not run keeps what was found of it before. Ends with "N passed, N failed" and 1 when anything failed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const [build, ...words] = process.argv.slice(2);
if (!build || build.startsWith('--')) {
	console.error('usage: node tests/access/run.mjs BUILD [--only journeys,matrix,tests] [--way W,…] [--journey J,…] [--page WORD] [--role R,…]');
	process.exit(2);
}
const given = (name) => (words.includes(`--${name}`) ? words[words.indexOf(`--${name}`) + 1].split(',') : null);
process.env.CURBCUT ??= path.resolve(build, 'bin/curbcut');
process.env.CURBCUT_TEST ??= path.resolve(build, 'bin/curbcut-test');
const { readFile } = await import('./lib/script.mjs');
const { makeSchool } = await import('./lib/school.mjs');
const { walk } = await import('./lib/walk.mjs');
const { runMatrix } = await import('./lib/matrix.mjs');
const { readManual, writeReport } = await import('./lib/report.mjs');
const { CRITERIA } = await import('./lib/criteria.mjs');
const { waysKnown, ways } = await import('./ways/ways.mjs');

const out = path.join(build, 'access'), pictures = path.join(out, 'pictures');
mkdirSync(pictures, { recursive: true });
const only = given('only') ?? ['journeys', 'matrix', 'tests'];
const file = (name) => path.join(out, `${name}.json`);
const keep = (name, value) => writeFileSync(file(name), JSON.stringify(value));
const kept = (name) => (existsSync(file(name)) ? JSON.parse(readFileSync(file(name), 'utf8')) : undefined);
const today = () => new Date().toISOString().slice(0, 10);

async function makeWay(way, journeys, school) {
	const server = await school.open(), browser = await way.open();
	const env = { origin: server.origin, accounts: school.accounts, pictures, file: school.file };
	const results = [];
	try {
		for (const journey of journeys) {
			const result = await walk(journey, way, browser, env);
			results.push([journey.id, result]);
			console.log(`${result.state === 'failed' ? 'FAILED' : result.state}  ${way.id}  ${journey.id}${result.why ? `: line ${result.line ?? '–'}: ${result.sentence ?? ''} ${result.why}` : ''}`);
		}
	} finally {
		await browser.close();
		await server.stop();
	}
	return results;
}

async function runJourneys() {
	const names = readdirSync(path.join(here, 'journeys')).filter((name) => name.endsWith('.md')).sort();
	const wanted = given('journey'), makes = ways.filter((way) => !given('way') || given('way').includes(way.id));
	const journeys = names.map((name) => readFile(path.join(here, 'journeys', name), waysKnown));
	const before = new Map((kept('journeys') ?? []).map((journey) => [journey.id, journey.results]));
	const results = new Map(journeys.map(({ id }) => [id, new Map((before.get(id) ?? []).map((result) => [result.way, result]))]));
	// behind each way, so that a run that is ended keeps what it found
	const save = () => keep('journeys', journeys.map(({ id, title, about, shows, steps }) => ({
		id, title, about, shows, script: steps.map((step) => step.text),
		results: waysKnown.map((way) => results.get(id).get(way)).filter(Boolean),
	})));
	const school = makeSchool();
	try {
		const queue = [...makes];
		await Promise.all([1, 2].map(async () => {
			for (let way; (way = queue.shift());) {
				for (const [id, result] of await makeWay(way, journeys.filter((journey) => !wanted || wanted.includes(journey.id)), school)) results.get(id).set(way.id, result);
				save();
			}
		}));
	} finally {
		school.remove();
	}
}

// The tests that criteria name, as ctest runs them.
function runTests() {
	const names = [...new Set(CRITERIA.flatMap((row) => row[4]).map((word) => /^test:(\S+)/.exec(word)?.[1]).filter(Boolean))];
	const tests = {};
	for (const name of names) {
		const done = spawnSync('ctest', ['--test-dir', build, '-R', `^${name}$`, '--no-tests=error'], { encoding: 'utf8' });
		tests[name] = done.status === 0 ? 'passed' : 'failed';
		console.log(`${tests[name] === 'passed' ? 'passed' : 'FAILED'}  test  ${name}`);
	}
	keep('tests', { day: today(), tests });
}

const version = (program, args = ['--version']) => {
	try { return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n')[0]; } catch { return ''; }
};

function tell() {
	const journeys = kept('journeys') ?? [], matrix = kept('matrix'), tests = kept('tests');
	const tools = ['chromium', 'firefox-esr', 'orca'].map((program) => version(program)).filter(Boolean);
	const report = writeReport({
		product: `Curbcut ${version('git', ['-C', here, 'describe', '--always', '--dirty'])}`, journeys, matrix, manual: readManual(), ways,
		tests: tests?.tests, testsDay: tests?.day,
		scope: [{ text: matrix ? { en: `${matrix.pages} pages, as every role may open them, in both languages, ${matrix.looks} times looked at: five colour modes, 320 to 1920 px, with text spacing, at 400 % zoom.`, 'zh-CN': `${matrix.pages} 个页面，每种身份能打开的都查，两种语言，一共看了 ${matrix.looks} 次：五种颜色模式，宽 320 到 1920 像素，加大文字间距，放大到 400%。` } : { en: 'No page was looked at by itself.', 'zh-CN': '还没有逐页检查。' } },
			{ text: { en: `${journeys.length} journeys.`, 'zh-CN': `走了 ${journeys.length} 件事。` } }],
		tools: tools.map((tool) => ({ text: tool })),
	}, pictures, path.join(build, 'share/curbcut/access'));
	const made = journeys.flatMap((journey) => journey.results).filter(({ state }) => state !== 'left out');
	const failed = made.filter(({ state }) => state === 'failed').length + (matrix?.faults.length ?? 0) + Object.values(tests?.tests ?? {}).filter((state) => state === 'failed').length;
	const passed = made.filter(({ state }) => state === 'passed').length + (matrix ? matrix.looks - matrix.faulty : 0) + Object.values(tests?.tests ?? {}).filter((state) => state === 'passed').length;
	console.log(report.conclusion.en);
	console.log(`${passed} passed, ${failed} failed`);
	return failed;
}

if (only.includes('journeys')) await runJourneys();
if (only.includes('matrix')) {
	const save = (result) => keep('matrix', { ...result, day: today() });
	save(await runMatrix({ pages: given('page'), roles: given('role'), langs: given('lang'), save }));
}
if (only.includes('tests')) runTests();
process.exit(tell() ? 1 : 0);
