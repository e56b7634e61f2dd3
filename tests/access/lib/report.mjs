// Puts what was found together as the report that the server shows (core/access). Nothing is called supported without
// something that showed it in this very run, or a person who looked and whose note stands in manual.json.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECKS, checkOf, clause, CRITERIA } from './criteria.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const axe = createRequire(path.join(here, '../../browser/lib/access.mjs'))('axe-core');

// Criteria that an axe rule is about: wcag111 is 1.1.1, wcag1410 is 1.4.10.
export const criteriaOf = (tags) => tags.map((tag) => /^wcag(\d)(\d)(\d+)$/.exec(tag)).filter(Boolean).map((match) => match.slice(1).join('.'));
const RULES = new Map(axe.getRules().map(({ ruleId, tags }) => [ruleId, criteriaOf(tags)]));

function checkEvidence(id, number, matrix) {
	if (!matrix) return null;
	const check = CHECKS.find((row) => row.id === id);
	const faults = matrix.faults.filter(({ line }) => checkOf(line) === id);
	if (!matrix.whole && !faults.length) return null; // where nobody looked there may be faults
	if (id !== 'axe') return { kind: 'check', text: check.text, state: faults.length ? 'failed' : 'passed', when: matrix.day };
	const rules = [...RULES].filter(([, numbers]) => numbers.includes(number)).map(([rule]) => rule);
	if (!rules.length) return null;
	const broken = faults.some(({ line }) => rules.includes(/^axe ([\w-]+)/.exec(line)?.[1]));
	return { kind: 'check', text: `axe-core: ${rules.join(', ')}`, state: broken ? 'failed' : 'passed', when: matrix.day };
}

function evidenceOf(word, number, found) {
	if (word.startsWith('test:')) {
		const [, name, text] = /^test:(\S+) (.*)$/.exec(word);
		const made = found.tests[name];
		return made ? { kind: 'test', text: `${name}: ${text}`, state: made.state, when: made.day } : null;
	}
	if (word.startsWith('absent:')) {
		const evidence = checkEvidence(word.slice('absent:'.length), number, found.matrix);
		return evidence && { ...evidence, kind: evidence.state === 'passed' ? 'absent' : 'check' };
	}
	return checkEvidence(word, number, found.matrix);
}

// A journey shows something once it was made in every way that can make it.
function journeyEvidence(number, { journeys, ways }) {
	return journeys.filter(({ shows }) => shows.includes(number)).map(({ title, results }) => {
		const failed = results.some(({ state }) => state === 'failed');
		if (!failed && results.length < ways.length) return null;
		return { kind: 'journey', text: title, state: failed ? 'failed' : 'passed', when: results.map(({ day }) => day).sort()[0] };
	}).filter(Boolean);
}

// What is missing makes it "not evaluated", never better.
export function conclude(by, evidence) {
	const states = evidence.map(({ state }) => state);
	if (!states.length) return 'not-evaluated';
	if (!states.includes('passed')) return 'fails';
	if (states.includes('failed')) return 'partly';
	if (evidence.length < by.length) return 'not-evaluated';
	return evidence.every(({ kind }) => kind === 'absent') ? 'not-applicable' : 'supports';
}

function criterion([number, level, en, zh, by], found) {
	const wanted = by.filter((word) => word !== 'axe' || [...RULES.values()].some((numbers) => numbers.includes(number)));
	const listed = wanted.map((word) => evidenceOf(word, number, found)).filter(Boolean);
	const evidence = [...listed, ...journeyEvidence(number, found),
		...found.manual.filter((note) => note.criterion === number).map(({ text, state, when }) => ({ kind: 'manual', text, state, when }))];
	const result = listed.length < wanted.length ? conclude(Array(evidence.length + 1), evidence) : conclude([], evidence);
	return { number, level, name: { en, 'zh-CN': zh }, clause: clause(number), result, evidence };
}

const count = (criteria) => criteria.reduce((counts, { result }) => ({ ...counts, [result]: (counts[result] ?? 0) + 1 }), {});

function conclusion(counts, total) {
	const fine = (counts.supports ?? 0) + (counts['not-applicable'] ?? 0);
	return {
		en: `${fine} of ${total} criteria of WCAG 2.2 A and AA are shown to be met or do not apply; ${counts.partly ?? 0} are met in part, ${counts.fails ?? 0} are not met, ${counts['not-evaluated'] ?? 0} were not evaluated.`,
		'zh-CN': `WCAG 2.2 A 级和 AA 级共 ${total} 条标准，已经证明符合或者不适用的有 ${fine} 条，部分符合 ${counts.partly ?? 0} 条，不符合 ${counts.fails ?? 0} 条，还没有评估 ${counts['not-evaluated'] ?? 0} 条。`,
	};
}

// Faults in words that a reader of the page can use: the check, where, how often.
function barriers(matrix) {
	const groups = new Map();
	for (const { line, page } of matrix?.faults ?? []) {
		const id = checkOf(line), group = groups.get(id) ?? { count: 0, pages: new Set() };
		group.count++;
		group.pages.add(page);
		groups.set(id, group);
	}
	return [...groups].map(([id, { pages }]) => {
		const text = CHECKS.find((check) => check.id === id).text, where = [...pages].slice(0, 5).join(', ');
		return { text: { en: `Not everywhere: ${text.en}. Seen on ${where}`, 'zh-CN': `不是每一页都做到：${text['zh-CN']}。页面：${where}` } };
	});
}

// found: {product, journeys, matrix, tests, manual, ways, scope, tools}; folder: where the server looks.
export function writeReport(found, pictures, folder) {
	const criteria = CRITERIA.map((row) => criterion(row, found)), counts = count(criteria);
	const report = {
		version: 1, made_ms: Date.now(), product: found.product, standard: 'WCAG 2.2 AA; EN 301 549 V3.2.1', method: 'WCAG-EM 1.0',
		conclusion: conclusion(counts, criteria.length), counts, criteria, barriers: barriers(found.matrix),
		ways: found.ways.map(({ id, name }) => ({ id, name })), journeys: found.journeys, scope: found.scope, tools: found.tools,
		matrix: found.matrix && { pages: found.matrix.pages, cells: found.matrix.cells, looks: found.matrix.looks, faults: found.matrix.faults },
		pictures: found.journeys.flatMap((journey) => journey.results.map((result) => result.picture).filter(Boolean)),
	};
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(path.join(folder, 'pictures'), { recursive: true });
	const there = new Set(readdirSync(pictures, { withFileTypes: true }).map((entry) => entry.name));
	for (const name of report.pictures) if (there.has(name)) copyFileSync(path.join(pictures, name), path.join(folder, 'pictures', name));
	writeFileSync(path.join(folder, 'report.json'), JSON.stringify(report));
	return report;
}

export const readManual = () => JSON.parse(readFileSync(path.join(here, '../manual.json'), 'utf8'));
