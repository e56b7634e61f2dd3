// A journey as a person writes it (README.md) -> {id, title, about, person, lang, shows, without, steps}.
// Whatever cannot be understood is an error that names file and line.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sentences } from './sentences.mjs';

export class ScriptError extends Error {}

const LANGS = ['zh-CN', 'en'];
// "Not with firefox: why": the way's name and the reason that the report shows
const HEADS = /^(Chinese title|Person|Language|Shows|Not with [a-z-]+): *(.*)$/;

function fault(file, line, text) {
	return new ScriptError(`${file}:${line}: ${text}`);
}

// "Open the first page. The page says "a. b"." -> its sentences; a stop inside quotes ends nothing.
export function split(text) {
	const found = [];
	let from = 0, quoted = false;
	for (let i = 0; i < text.length; i++) {
		if (text[i] === '"') quoted = !quoted;
		if (!quoted && text[i] === '.' && (i + 1 === text.length || text[i + 1] === ' ')) {
			found.push(text.slice(from, i + 1).trim());
			from = i + 1;
		}
	}
	if (quoted) throw new Error('a quotation mark is opened and not closed');
	if (text.slice(from).trim()) throw new Error(`a sentence ends with a stop: ${text.slice(from).trim()}`);
	return found;
}

// The words two texts have in common, to name the sentence that was perhaps meant.
function nearest(text) {
	const words = new Set(text.toLowerCase().replace(/"[^"]*"/g, '').match(/[a-z]+/g) ?? []);
	const score = ({ says }) => {
		const own = says.toLowerCase().match(/[a-z]+/g);
		return own.filter((word) => words.has(word)).length / (own.length + words.size);
	};
	return sentences.reduce((best, row) => (score(row) > score(best) ? row : best)).says;
}

export function understand(text) {
	for (const row of sentences) {
		const match = row.pattern.exec(text);
		if (match) return { text, row, args: match.slice(1) };
	}
	throw new Error(`this sentence is not known: ${text}\n  the nearest one is: ${nearest(text)}`);
}

function readHead(journey, word, value, waysKnown) {
	if (word === 'Chinese title') journey.title['zh-CN'] = value;
	else if (word === 'Person') journey.person = value === 'nobody' ? null : value;
	else if (word === 'Language' && LANGS.includes(value)) journey.lang = value;
	else if (word === 'Language') throw new Error(`Language is one of ${LANGS.join(', ')}`);
	else if (word === 'Shows') {
		journey.shows = value.split(/, */);
		const odd = journey.shows.find((number) => !/^\d\.\d\.\d+$/.test(number));
		if (odd) throw new Error(`Shows lists numbers of WCAG criteria, such as 2.1.1, not ${odd}`);
	} else {
		const way = word.slice('Not with '.length);
		if (waysKnown && !waysKnown.includes(way)) throw new Error(`there is no way called ${way}, only ${waysKnown.join(', ')}`);
		if (!value) throw new Error('say why the journey is not made that way');
		journey.without[way] = value;
	}
}

// `name`: what errors call the file.
export function readScript(text, name, waysKnown) {
	const journey = {
		id: path.basename(name, '.md'), title: {}, about: '', person: null, lang: 'zh-CN', shows: [], without: {}, steps: [],
	};
	text.split('\n').forEach((raw, i) => {
		const line = raw.trim();
		try {
			const head = HEADS.exec(line);
			const step = /^(?:-|\d+\.) +(.*)$/.exec(line);
			if (line.startsWith('# ')) journey.title.en = line.slice(2).trim();
			else if (head) readHead(journey, head[1], head[2].trim(), waysKnown);
			else if (step) journey.steps.push(...split(step[1]).map((sentence) => ({ line: i + 1, ...understand(sentence) })));
			else if (line && !journey.steps.length) journey.about += (journey.about && ' ') + line;
			else if (line) throw new Error('steps begin with a number or a dash; what a journey is about stands above them');
		} catch (error) {
			throw fault(name, i + 1, error.message);
		}
	});
	if (!journey.title.en) throw fault(name, 1, 'a journey begins with its title: # What a person wants to do');
	if (!journey.title['zh-CN']) throw fault(name, 1, 'the Chinese title is missing: Chinese title: …');
	if (!journey.steps.length) throw fault(name, 1, 'there is no step');
	if (!journey.steps.some(({ row }) => row.expects)) throw fault(name, 1, 'nothing is expected: without "The page says …" it cannot fail');
	return journey;
}

export const readFile = (file, waysKnown) => readScript(readFileSync(file, 'utf8'), path.relative(process.cwd(), file), waysKnown);
