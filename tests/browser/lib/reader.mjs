// What a screen reader says on the open page, from top to bottom, by @guidepup/virtual-screen-reader.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const main = createRequire(import.meta.url).resolve('@guidepup/virtual-screen-reader');
const source = readFileSync(path.join(path.dirname(main), '../esm/index.browser.js'), 'utf8');
// the bundle is a module; its exports become members of a global
const exported = /export\s*\{([^}]*)\}\s*;?/.exec(source);
if (!exported) throw new Error('the screen reader bundle exports nothing');
const members = exported[1].split(',').map((entry) => {
	const [from, to] = entry.trim().split(/\s+as\s+/);
	return `${to ?? from}: ${from}`;
});
// Run in a page, it leaves the reader there as window.curbReader.
export const script = `(() => { ${source.replace(exported[0], '')}
window.curbReader = { ${members.join(', ')} }; })()`;

// Every phrase, in order; stops at the end of the document or after `limit` phrases.
export async function spoken(page, { limit = 400 } = {}) {
	await page.evaluate(script);
	return page.evaluate(async (most) => {
		const reader = window.curbReader.virtual;
		await reader.start({ container: document.body });
		for (let i = 0; i < most; i++) {
			if (await reader.lastSpokenPhrase() === 'end of document') break;
			await reader.next();
		}
		const log = await reader.spokenPhraseLog();
		await reader.stop();
		return log;
	}, limit);
}
