// Keyboard alone: Tab to a thing, see that it has the focus, press. Typing counts no keys, all else does.
import { focusShows } from '../../browser/lib/keys.mjs';
import { Person } from './person.mjs';

const STOPS = 200;

export class KeyboardPerson extends Person {
	// Sends a key; the screen reader's person sends it through the window system instead.
	async key(name) {
		this.keys++;
		await this.page.keyboard.press(name);
	}

	typeText(text) { return this.page.keyboard.type(text); }

	// Where the focus is: on the thing or in it, and what it is called for the message.
	at(locator) { return locator.evaluate((element) => element === document.activeElement || element.contains(document.activeElement)); }
	here() { return this.page.evaluate(() => `${document.activeElement.tagName.toLowerCase()} "${(document.activeElement.innerText ?? '').slice(0, 30).trim()}"`); }

	// Whoever knows the page skips its head, when that is there to be skipped.
	async skip(locator) {
		const fresh = await this.page.evaluate(() => document.activeElement === document.body);
		if (!fresh || !await locator.evaluate((element) => !!element.closest('main'))) return;
		await this.key('Tab');
		if (await this.at(locator)) return;
		if (await this.page.evaluate(() => document.activeElement.matches('a.skip'))) await this.key('Enter');
	}

	async reach(locator) {
		await this.skip(locator);
		const passed = [];
		for (let i = 0; i < STOPS; i++) {
			if (await this.at(locator)) {
				if (!await focusShows(this.page)) throw new Error(`the focus cannot be seen on ${await this.here()}`);
				return;
			}
			await this.key('Tab');
			passed.push(await this.here());
		}
		throw new Error(`Tab never came there; it passed ${[...new Set(passed)].join(', ')}`);
	}

	async use(locator) {
		await this.reach(locator);
		await this.press(locator);
	}

	async press(locator) {
		await this.key(await locator.evaluate((element) => element.matches('button, summary, [role=button]')) ? 'Space' : 'Enter');
	}

	async write(locator, text) {
		await this.reach(locator);
		await this.key('Control+a');
		this.keys--; // replacing what stands there belongs to typing
		if (text) await this.typeText(text);
		else await this.key('Delete');
	}

	// A group of radio buttons is one stop; arrows move inside it.
	async flip(locator) {
		if (!await locator.evaluate((element) => element.type === 'radio')) {
			await this.reach(locator);
			return this.key('Space');
		}
		const name = await locator.getAttribute('name');
		const group = this.page.locator(`input[type=radio][name="${name}"]`);
		const stop = group.and(this.page.locator(':checked'));
		await this.reach(await stop.count() ? stop : group.first());
		if (!await stop.count()) await this.key('Space');
		const place = (one) => one.evaluate((element) => [...element.ownerDocument.getElementsByName(element.name)].indexOf(element));
		const arrow = await place(locator) < await place(stop) ? 'ArrowUp' : 'ArrowDown';
		for (let i = await group.count(); i > 0 && !await this.at(locator); i--) await this.key(arrow);
		if (!await locator.isChecked()) await this.key('Space'); // a screen reader's own arrows come there and do not choose
	}

	async take(locator, option) {
		await this.reach(locator);
		const labels = await locator.evaluate((element) => [...element.options].map((entry) => entry.text.trim()));
		const [from, to] = [await locator.evaluate((element) => element.selectedIndex), labels.indexOf(option)];
		if (to < 0) throw new Error(`there is no "${option}" among ${labels.join(', ')}`);
		for (let i = from; i !== to; i += Math.sign(to - from)) await this.key(to > from ? 'ArrowDown' : 'ArrowUp');
	}

	async pressNative() {
		await this.reach(this.media());
		await this.key('Space');
	}

	async keysAtMost(n) {
		if (this.keys > n) throw new Error(`it took ${this.keys} keys`);
	}
}
