// By @guidepup/virtual-screen-reader: the cursor goes from phrase to phrase until the reader speaks the thing, then acts on it.
// What is expected of the page must be spoken; typing is done on the keyboard, as whoever uses a screen reader does.
import { script } from '../../browser/lib/reader.mjs';
import { KeyboardPerson } from './keyboard.mjs';
import { tidy } from './person.mjs';

const PHRASES = 3000;

export class ReaderPerson extends KeyboardPerson {
	heard = [];

	async listening() {
		if (!await this.page.evaluate('!!window.curbReader')) await this.page.evaluate(script);
	}

	// Reads from the top until the cursor is on the thing.
	async reach(locator) {
		await this.listening();
		const element = await locator.elementHandle();
		const { found, phrases } = await this.page.evaluate(async ({ element: wanted, most }) => {
			const reader = window.curbReader.virtual;
			await reader.stop().catch(() => {});
			await reader.start({ container: document.body });
			for (let i = 0; i < most; i++) {
				if (reader.activeNode === wanted) return { found: true, phrases: await reader.spokenPhraseLog() };
				if (i && await reader.lastSpokenPhrase() === 'end of document') break;
				await reader.next();
			}
			return { found: false, phrases: await reader.spokenPhraseLog() };
		}, { element, most: PHRASES });
		this.heard = phrases;
		const name = tidy(await locator.evaluate((node) => node.getAttribute('aria-label') ?? node.labels?.[0]?.innerText ?? node.innerText));
		if (!found) throw new Error(`the reader never came to "${name}"; it said ${phrases.slice(-20).join(' | ')}`);
		const said = phrases.at(-1) ?? '';
		if (name && !said.includes(name)) throw new Error(`on "${name}" the reader said "${said}"`);
	}

	async use(locator) {
		await this.reach(locator);
		await this.inPage(() => window.curbReader.virtual.act());
	}

	// A box or a radio button is pressed where the cursor is.
	flip(locator) { return this.use(locator); }

	// Into the field, as Enter does in a screen reader's reading mode; then its keyboard is the page's.
	async write(locator, text) {
		await this.use(locator);
		await locator.selectText(); // the click of the virtual reader may come behind Control+a
		await this.page.keyboard.press('Delete');
		if (text) await this.page.keyboard.type(text);
	}

	// The list of a select is the browser's own: the virtual reader knows no keys for it.
	async take(locator, option) {
		await this.reach(locator);
		await locator.selectOption({ label: option });
	}

	async pressNative() {
		await this.media().focus();
		await this.page.keyboard.press('Space');
	}

	async read() {
		await this.listening();
		this.heard = await this.page.evaluate(async (most) => {
			const reader = window.curbReader.virtual;
			await reader.stop().catch(() => {});
			await reader.start({ container: document.body });
			for (let i = 0; i < most; i++) {
				await reader.next();
				if (await reader.lastSpokenPhrase() === 'end of document') break;
			}
			const phrases = await reader.spokenPhraseLog();
			await reader.stop();
			return phrases;
		}, PHRASES);
	}

	// Everything that is spoken of the page from its top to its end.
	async text() {
		await this.read();
		return tidy(this.heard.join(' '));
	}

	async heading(text) {
		await this.until(`no heading of level 1 is spoken as "${text}"`, async () => {
			await this.read();
			const head = this.heard.find((phrase) => /^heading, .*, level 1$/.test(phrase));
			return head === `heading, ${text}, level 1` || `it says "${head}"`;
		});
	}

	async hears(text) {
		await this.until(`"${text}" is not spoken`, async () => (await this.text()).includes(text) || `spoken: ${this.heard.slice(-12).join(' | ')}`);
	}

	async keysAtMost() {}
}
