// Journeys are understood, what is not understood is told with file and line, and README.md lists every sentence.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkOf, CHECKS, CRITERIA } from './lib/criteria.mjs';
import { conclude } from './lib/report.mjs';
import { readFile, readScript, ScriptError } from './lib/script.mjs';
import { sentences } from './lib/sentences.mjs';
import { waysKnown } from './ways/ways.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const head = '# A title\nChinese title: 题目\n\nPerson: nobody\n\n';
const read = (steps) => readScript(head + steps, 'some.md', waysKnown);
const refused = (text, what) => assert.throws(() => readScript(text, 'some.md', waysKnown), (error) => error instanceof ScriptError && what.test(error.message));

test('script__every_journey_is_understood', () => {
	const names = readdirSync(path.join(here, 'journeys')).filter((name) => name.endsWith('.md'));
	assert.ok(names.length >= 8);
	const known = new Set(CRITERIA.map(([number]) => number));
	for (const name of names) {
		const journey = readFile(path.join(here, 'journeys', name), waysKnown);
		assert.deepEqual(journey.shows.filter((number) => !known.has(number)), [], name);
	}
});

test('script__a_journey_is_read', () => {
	const journey = read('1. Open the first page. The page says "a. b".\n2. Type "读屏" into "找课程".\n');
	assert.deepEqual(journey.steps.map(({ line, args }) => [line, args]), [[6, []], [6, ['a. b']], [7, ['读屏', '找课程']]]);
	assert.equal(journey.person, null);
	assert.deepEqual(journey.title, { en: 'A title', 'zh-CN': '题目' });
});

test('script__mistakes_name_file_and_line', () => {
	refused(`${head}1. Open the first page. Press the knob "x".\n`, /^some\.md:6: this sentence is not known: Press the knob "x"\.\n.*Press the button "…"\./);
	refused(`${head}1. The page says "x\n`, /^some\.md:6: a quotation mark/);
	refused(`${head}1. The page says "x"\n`, /^some\.md:6: a sentence ends with a stop/);
	refused(`${head}1. Open the first page.\n`, /nothing is expected/);
	refused(`${head}`, /there is no step/);
	refused('1. The page says "x".\n', /^some\.md:1: a journey begins with its title/);
	refused(`${head}Not with horse: slow\n1. The page says "x".\n`, /^some\.md:6: there is no way called horse/);
	refused(`${head}Not with plain:\n1. The page says "x".\n`, /say why/);
	refused(`${head}Shows: 1.2\n1. The page says "x".\n`, /numbers of WCAG criteria/);
	refused(`${head}Language: fr\n1. The page says "x".\n`, /Language is one of/);
	refused(`${head}1. The page says "x".\nmore words\n`, /^some\.md:7: steps begin/);
});

test('script__readme_lists_every_sentence_and_way', () => {
	const text = readFileSync(path.join(here, 'README.md'), 'utf8');
	const listed = new Set(text.split('\n').filter((line) => line.startsWith('    ')).flatMap((line) => line.trim().split(/ {2,}/)));
	assert.deepEqual(sentences.map(({ says }) => says).filter((says) => !listed.has(says)), []);
	assert.deepEqual(waysKnown.filter((way) => !new RegExp(`^    ${way} `, 'm').test(text)), []);
});

test('report__without_evidence_nothing_is_supported', () => {
	const passed = { kind: 'check', state: 'passed' }, failed = { kind: 'check', state: 'failed' };
	assert.equal(conclude([], []), 'not-evaluated');
	assert.equal(conclude([1, 2], [passed]), 'not-evaluated');
	assert.equal(conclude([1], [passed]), 'supports');
	assert.equal(conclude([1, 2], [passed, failed]), 'partly');
	assert.equal(conclude([1], [failed]), 'fails');
	assert.equal(conclude([1], [{ kind: 'absent', state: 'passed' }]), 'not-applicable');
});

test('report__criteria_are_all_of_a_and_aa', () => {
	assert.equal(CRITERIA.filter(([, level]) => level === 'A').length, 31);
	assert.equal(CRITERIA.filter(([, level]) => level === 'AA').length, 24);
	const known = new Set(CHECKS.map(({ id }) => id));
	for (const [number, , , , by] of CRITERIA)
		for (const word of by) assert.ok(word.startsWith('test:') || known.has(word.replace('absent:', '')), `${number}: ${word}`);
	assert.equal(checkOf('contrast 4.5 of 7, text: <p>'), 'contrast');
	assert.equal(checkOf('focus is covered by x: y'), 'covered');
	assert.equal(checkOf('with text spacing, cut off: x'), 'spacing');
});
