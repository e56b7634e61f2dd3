// What would the unit tests of a part say if one thing in it were wrong? node mutate.mjs FOLDER PART
// Each comparison, arithmetic operator and constant is changed, one at a time; the part is built with it and its tests are run. They
// must fail for 85 of 100 in each part, and for 95 of 100 in all of them (total.mjs). Those that they did not notice are listed: most
// of these change nothing (which of two equal numbers is the smaller one).
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { attempt, compileArgs, parts, prepare, root } from './parts.mjs';

const AT_ONCE = 2, LIMIT_S = 10, LEAST = 0.85, SANITIZE = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
const [folder, name] = process.argv.slice(2);
const part = parts.get(name), source = readFileSync(path.join(root, part.source), 'utf8');

// The layout tells binary operators: blanks on both sides, which clang-format sees to.
const others = { '==': ['!='], '!=': ['=='], '<': ['<=', '>='], '>': ['>=', '<='], '<=': ['<', '>'], '>=': ['>', '<'], '&&': ['||'], '||': ['&&'],
	'+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['*'], '<<': ['>>'], '>>': ['<<'], '&': ['|'], '|': ['&'], '^': ['&'],
	'+=': ['-='], '-=': ['+='], '*=': ['/='], '/=': ['*='], '>>=': ['<<='], '<<=': ['>>='], '++': ['--'], '--': ['++'] };
const token = /\/\*[^]*?\*\/|\/\/.*|^[ \t]*#.*(?:\\\n.*)*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])+'|\b0[xX][0-9a-fA-F]+[uUlL]*\b|\b\d+[uUlL]*\b|(?<= )(?:<<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/]=|[-+*/%&|^<>])(?=\s)|\+\+|--/gm;

function number(text, step) {
	const [, digits, ending] = /^(.*?)([uUlL]*)$/.exec(text), n = BigInt(digits) + BigInt(step);
	return n < 0n ? null : (/^0[xX]/.test(digits) ? `0x${n.toString(16)}` : n.toString()) + ending;
}

// { .x = 0 } is how C17 writes that all of a struct is zero: no constant that anything could depend on.
const isZeroing = (at) => /\{ \.[\w.]+ = $/.test(source.slice(0, at)) && /^0 \}/.test(source.slice(at));

// {at, length, text}: what to put where.
function* changes() {
	for (const { 0: text, index: at } of source.matchAll(token)) {
		const length = text.length, inBrackets = source[at - 1] === '[' && source[at + length] === ']';
		if (others[text]) for (const other of others[text]) yield { at, length, text: other };
		else if (text[0] === "'") yield { at, length, text: `(${text} + 1)` };
		else if (/^\d/.test(text) && !isZeroing(at)) {
			const other = number(text, inBrackets ? -1 : 1); // of an array: one too few
			if (other !== null) yield { at, length, text: other };
		}
	}
}

const place = ({ at }) => source.slice(0, at).split('\n').length;
const line = (change) => source.split('\n')[place(change) - 1].trim();

const programs = prepare(part, folder, SANITIZE);
async function notices(change, slot) {
	const file = path.join(folder, `changed-${slot}.c`), object = path.join(folder, `changed-${slot}.o`), program = path.join(folder, `program-${slot}`);
	writeFileSync(file, change ? source.slice(0, change.at) + change.text + source.slice(change.at + change.length) : source);
	const how = { cwd: folder, seconds: LIMIT_S };
	if ((await attempt('gcc', compileArgs(file, object, SANITIZE), how)).status !== 0) return 'not built';
	for (const rest of programs) {
		if ((await attempt('gcc', [object, ...rest, '-o', program], how)).status !== 0) return 'not built';
		const { status, out } = await attempt(program, [], how);
		if (status !== 0) return change ? 'killed' : `failed: ${out}`;
	}
	return 'survived';
}

const unchanged = await notices(null, 0);
if (unchanged !== 'survived') throw new Error(`the tests fail without a change: ${unchanged}`);
const list = [...changes()], counts = { killed: 0, survived: 0, 'not built': 0 }, survivors = [];
let next = 0;
await Promise.all(Array.from({ length: AT_ONCE }, async (_, slot) => {
	while (next < list.length) {
		const change = list[next++], verdict = await notices(change, slot);
		counts[verdict]++;
		if (verdict === 'survived') survivors.push(change);
	}
}));
for (const change of survivors.sort((a, b) => a.at - b.at)) console.log(`survived: ${part.source}:${place(change)}: ${source.slice(change.at, change.at + change.length)} -> ${change.text}   ${line(change)}`);
writeFileSync(path.join(folder, 'result.json'), JSON.stringify(counts));
const share = counts.killed / (counts.killed + counts.survived);
console.log(`${part.source}: ${counts.killed} of ${counts.killed + counts.survived} changes were noticed (${(share * 100).toFixed(1)} %), ${counts['not built']} did not compile`);
process.exitCode = share >= LEAST ? 0 : 1;
