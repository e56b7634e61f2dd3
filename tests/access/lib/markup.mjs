// HTML as it is sent, looked at by html-validate and by the Nu Html Checker (Java), all pages in one go, beside other work.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const FILES = 200; // a command line has its limits
const RUN_MS = 240000;

// What the two leave to taste, and what a page of ours does on purpose.
const RULES = {
	'no-trailing-whitespace': 'off', 'long-title': 'off', 'require-sri': 'off', 'void-style': 'off', 'doctype-style': 'off',
	'attribute-boolean-style': 'off', 'attribute-empty-style': 'off', 'no-inline-style': 'off',
	'no-redundant-role': 'off', // role="table" and its like keep their meaning where CSS shows a table as a list
	'prefer-native-element': 'off', 'no-implicit-button-type': 'off', 'no-raw-characters': 'off',
	'wcag/h32': 'error', 'tel-non-breaking': 'off', 'no-autoplay': 'error',
};

// Tables that CSS shows as lists keep what they are for browsers that go by the looks.
const KEPT_ROLES = /“role” attribute must not be used on an? “(td|th|tr|thead|tbody|table)” element/;

async function byHtmlValidate(pages) {
	const { HtmlValidate } = await import('html-validate');
	const checker = new HtmlValidate({ extends: ['html-validate:standard'], rules: RULES });
	const faults = [];
	for (const { part, page, html } of pages) {
		await setImmediate(); // others have their turn
		const report = await checker.validateString(html);
		for (const { ruleId, message, line, selector } of report.results.flatMap((result) => result.messages))
			faults.push({ part, page, line: `markup ${ruleId}: ${message} (line ${line}${selector ? `, ${selector}` : ''})` });
	}
	return faults;
}

async function byNu(pages) {
	const folder = mkdtempSync(path.join(tmpdir(), 'curbcut-markup-')), faults = [];
	try {
		const names = pages.map(({ html }, i) => {
			const name = path.join(folder, `${i}.html`);
			writeFileSync(name, html);
			return name;
		});
		for (let from = 0; from < names.length; from += FILES) {
			const { stderr } = await promisify(execFile)('java', ['-jar', require('vnu-jar'), '--format', 'json', '--exit-zero-always', ...names.slice(from, from + FILES)],
				{ maxBuffer: 64 << 20, timeout: RUN_MS });
			if (!stderr.trim().startsWith('{')) throw new Error(`the Nu Html Checker did not run: ${stderr.slice(0, 300)}`);
			for (const { type, message, url, lastLine } of JSON.parse(stderr).messages) {
				if (type !== 'error') continue;
				if (KEPT_ROLES.test(message)) continue;
				const { part, page } = pages[Number(/(\d+)\.html$/.exec(url)[1])];
				faults.push({ part, page, line: `markup ${message} (line ${lastLine})` });
			}
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return faults;
}

// pages: [{part, page, html}] -> [{part, page, line}]
export const markupFaults = async (pages) => (await Promise.all([byHtmlValidate(pages), byNu(pages)])).flat();
