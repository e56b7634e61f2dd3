// A person at a page: what each sentence of a journey does, here with a mouse. The other ways (keyboard.mjs, reader.mjs, …)
// change how a thing is reached and used; what is expected of the page stays the same for all.
// Expectations are asked again until they hold or PATIENCE is over: pages load, and scripts answer late.
// longer than the ten seconds between two reports of what is played
const PATIENCE = 15000, SLOW = 45000;
const FIELDS = ['textbox', 'searchbox', 'combobox', 'spinbutton', 'slider'];

export const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export class Person {
	// env: {origin, accounts, picture(page)}; journey: what readScript gave; page: open, of a context of its own
	constructor(page, journey, env) {
		this.page = page;
		this.env = env;
		this.journey = journey;
		this.keys = 0;
		this.who = journey.person;
	}

	account(name = this.who) {
		const account = this.env.accounts[name];
		if (!account) throw new Error(`there is no account ${name}; there are ${Object.keys(this.env.accounts).join(', ')}`);
		return account;
	}

	// ---- asking again ----

	async until(what, ask, patience = PATIENCE) {
		const end = Date.now() + patience;
		for (let last = ''; ;) {
			try {
				const answer = await ask();
				if (answer === true) return;
				last = answer;
			} catch (error) { // the page went away under the question
				last = error.message;
			}
			if (Date.now() > end) throw new Error(`${what}${last ? `; ${last}` : ''}`);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}

	// Runs `action`; when it leads to another page, waits until that is there. `locator`: what is used, to know how likely that is.
	async andArrive(action, locator) {
		const likely = await locator?.evaluate((element) => element.matches('a[href]:not([href^="#"], [data-seconds]), form[method] button:not([type=button])')) ?? true;
		const leaves = this.page.waitForRequest((request) => request.isNavigationRequest() && request.frame() === this.page.mainFrame(), { timeout: likely ? 4000 : 500 })
			.then(() => true, () => false);
		const arrived = this.page.waitForEvent('domcontentloaded', { timeout: PATIENCE }).then(() => true, () => false);
		await action();
		if (await leaves) {
			if (!await arrived) throw new Error('the next page did not come');
			await this.page.waitForLoadState('load', { timeout: PATIENCE });
		}
		await this.arrived();
	}

	// For ways that have something to do on each new page.
	async arrived() {}

	// ---- finding ----

	locator(roles, { name, begins }) {
		const wanted = begins ? new RegExp(`^\\s*${escaped(name).replace(/ /g, '\\s+')}`) : name;
		return roles.map((role) => this.page.getByRole(role, { name: wanted, exact: true }))
			.reduce((all, one) => all.or(one)).filter({ visible: true }).first();
	}

	async find(roles, wanted) {
		const locator = this.locator(roles, wanted);
		await this.until(`there is no ${roles.join(' or ')} named "${wanted.name}${wanted.begins ? '…' : ''}" on ${this.page.url()}`,
			async () => await locator.count() > 0);
		return locator;
	}

	// A field by its label, in a group when there are more of that name; password fields have no role to be found by.
	async fieldOf(label, group) {
		const inside = group ? this.page.getByRole('group', { name: group }) : this.page;
		let locator = inside.getByLabel(label, { exact: true }).and(this.page.locator('input, select, textarea')).filter({ visible: true });
		if (!group) locator = locator.or(this.locator(FIELDS, { name: label }));
		await this.until(`there is no field labelled "${label}"${group ? ` in "${group}"` : ''} on ${this.page.url()}`, async () => await locator.count() > 0);
		return locator.first();
	}

	// ---- using: what the other ways change ----

	use(locator) { return locator.click(); }
	write(locator, text) { return locator.fill(text); }
	flip(locator) { return locator.click(); }
	take(locator, option) { return locator.selectOption({ label: option }); }

	// ---- actions ----

	async open(path) {
		await this.page.goto(this.env.origin + path);
		await this.arrived();
	}

	async signIn(name) {
		this.who = name;
		await this.open('/signin');
		const { name: user, password } = this.account();
		const form = this.page.locator('form').filter({ has: this.page.locator('[autocomplete~=current-password]') });
		await this.write(form.locator('[autocomplete~=username]').first(), user);
		await this.write(form.locator('[autocomplete~=current-password]').first(), password);
		const button = form.locator('button:not([type=button]):not([formaction])').last();
		await this.andArrive(() => this.use(button), button);
		await this.until(`${name} could not sign in`, async () => !/\/signin/.test(this.page.url()) || tidy(await this.page.locator('main').innerText()));
	}

	// What may lead to another page before it has answered.
	async inPage(run) {
		await this.page.evaluate(run).catch((error) => {
			if (!/context was destroyed/.test(error.message)) throw error;
		});
	}

	async back() {
		await this.andArrive(() => this.inPage(() => history.back()));
	}
	async reload() { await this.page.reload(); await this.arrived(); }

	// What is under way says so when it is asked again.
	async reloadUntil(text) {
		await this.until(`the page does not come to say "${text}"`, async () => {
			if (tidy(await this.page.locator('body').innerText()).includes(tidy(text))) return true;
			await this.reload();
			return tidy(await this.page.locator('main').innerText()).slice(0, 200);
		}, SLOW);
		await this.says(text);
	}

	async act(roles, wanted) {
		const locator = await this.find(roles, wanted);
		await this.andArrive(() => this.use(locator), locator);
	}

	// the three fields of a day, as it is where the school is
	async typeToday(group) {
		const labels = this.journey.lang === 'en' ? ['Year', 'Month', 'Day'] : ['年', '月', '日'];
		const parts = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date()).split('-').map(Number);
		for (const [i, label] of labels.entries()) await this.type(label, String(parts[i]), group);
	}

	async type(label, text, group) { await this.write(await this.fieldOf(label, group), text); }

	// What stands beside a term, as on a card, read to be typed elsewhere.
	async note(term) {
		const text = this.page.locator('dt').filter({ hasText: new RegExp(`^\\s*${escaped(term)}\\s*$`) }).locator('xpath=following-sibling::dd[1]');
		await this.until(`there is no "${term}" on ${this.page.url()}`, async () => await text.count() === 1);
		this.noted = tidy(await text.innerText());
		await this.says(this.noted);
	}
	typeNoted(label) { return this.type(label, this.noted); }

	// The line is cut: what is sent does not arrive, and the browser says so in its own words.
	async pressInVain(name) {
		const button = await this.find(['button'], { name });
		const lost = this.page.waitForEvent('requestfailed', { timeout: PATIENCE }).then(() => true, () => false);
		await this.use(button);
		if (!await lost) throw new Error(`"${name}" was not pressed in vain`);
	}

	async unfold(name) {
		const summary = this.page.locator('summary').filter({ hasText: name, visible: true }).first();
		await this.until(`there is nothing to unfold called "${name}"`, async () => await summary.count() > 0);
		if (!await summary.evaluate((element) => element.parentElement.open)) await this.use(summary);
		await this.until(`"${name}" did not unfold`, () => summary.evaluate((element) => element.parentElement.open));
	}

	async tick(name, on) {
		const box = await this.find(['checkbox', 'switch'], { name });
		if (await box.isChecked() !== on) await this.flip(box);
		await this.until(`"${name}" is not ${on ? 'ticked' : 'unticked'}`, async () => await box.isChecked() === on);
	}

	async choose(name) {
		const choice = await this.find(['radio', 'checkbox'], { name });
		if (!await choice.isChecked()) await this.flip(choice);
		await this.until(`"${name}" is not chosen`, () => choice.isChecked());
	}

	async select(label, option) {
		const field = await this.find(['combobox', 'listbox'], { name: label });
		await this.take(field, option);
		await this.until(`"${option}" is not chosen`, async () => tidy(await field.evaluate((element) => element.selectedOptions[0]?.text)) === option);
	}

	// The dialog that chooses a file belongs to the system, not to the page.
	async giveFile(label, file) { await (await this.fieldOf(label)).setInputFiles(await this.env.file(file)); }

	// From the field that was typed into: the key of a keyboard, or the one on the screen.
	async enter() {
		await this.andArrive(() => this.key('Enter'));
	}

	key(name) { return this.page.keyboard.press(name); }

	async ticked(name) {
		const box = await this.find(['checkbox', 'radio', 'switch'], { name });
		await this.until(`"${name}" is not ticked`, () => box.isChecked());
	}

	wait(seconds) { return new Promise((resolve) => setTimeout(resolve, seconds * 1000)); }
	picture() { return this.env.picture(this.page); }

	async line(whole) { await this.page.context().setOffline(!whole); }

	// ---- playing ----

	media() { return this.page.locator('video, audio').first(); }
	async stands() { return this.media().evaluate((media) => media.currentTime); }
	async plays() { return this.media().evaluate((media) => !media.paused && media.readyState >= 2); }

	// With our player by its button; without scripts by the browser's own controls.
	async pressPlay() {
		const button = this.page.locator('#play').filter({ visible: true });
		if (await button.count()) return this.use(button);
		return this.pressNative();
	}

	async pressNative() {
		await this.media().focus();
		await this.page.keyboard.press('Space');
	}

	async play(seconds, { on = false } = {}) {
		await this.until('there is nothing to play', async () => await this.media().count() > 0);
		for (let i = 0; i < 10 && !await this.plays(); i++) await this.wait(0.15); // a chapter's link plays by itself
		const from = await this.stands();
		if (await this.media().evaluate((media) => media.paused)) await this.pressPlay();
		await this.until(`it did not play on from ${from} s for ${seconds} s`,
			async () => (await this.plays() && await this.stands() >= from + seconds ? true : `it stands at ${await this.stands()} s`), PATIENCE + seconds * 1000);
		if (!on) await this.pause();
	}

	async pause() {
		if (!await this.media().evaluate((media) => media.paused)) await this.pressPlay();
		await this.until('it did not stop', () => this.media().evaluate((media) => media.paused));
	}

	async standsAt(seconds) {
		await this.until(`it stands before ${seconds} s`, async () => (await this.stands() >= seconds ? true : `at ${await this.stands()} s`));
	}

	// What a deaf person reads in the picture at this moment: of our player, or of the browser's own.
	async caption(text) {
		await this.until(`the caption does not say "${text}"`, async () => {
			const shown = await this.page.evaluate(() => {
				const ours = [...document.querySelectorAll('.vjs-text-track-cue')].map((cue) => cue.innerText);
				const own = [...document.querySelectorAll('video, audio')].flatMap((media) => [...media.textTracks ?? []])
					.filter((track) => track.mode === 'showing').flatMap((track) => [...track.activeCues ?? []].map((cue) => cue.text));
				return [...ours, ...own].join(' ');
			});
			return tidy(shown).includes(text) || `it says "${tidy(shown)}"`;
		});
	}

	// ---- expectations ----

	async text() { return tidy(await this.page.locator('body').innerText()); }

	async says(text) {
		await this.until(`the page does not say "${text}"`, async () => {
			const said = await this.text();
			return said.includes(tidy(text)) || `it says: ${said.slice(0, 600)}`;
		});
	}

	async saysNot(text) {
		if ((await this.text()).includes(tidy(text))) throw new Error(`the page says "${text}"`);
	}

	async heading(text) {
		await this.until(`the heading is not "${text}"`, async () => {
			const is = tidy(await this.page.locator('h1').innerText());
			return is === text || `it is "${is}"`;
		});
	}

	async title(text) {
		await this.until(`the title does not begin with "${text}"`, async () => {
			const is = await this.page.title();
			return is.startsWith(text) || `it is "${is}"`;
		});
	}

	async there(roles, wanted) { await this.find(roles, wanted); }
	async field(label) { await this.fieldOf(label); }

	async pressed(name, on) {
		const button = await this.find(['button'], { name });
		await this.until(`"${name}" is ${on ? 'not ' : ''}pressed`, async () => (await button.getAttribute('aria-pressed') === 'true') === on);
	}

	async holds(label, text) {
		const field = await this.fieldOf(label);
		await this.until(`"${label}" does not hold "${text}"`, async () => {
			const is = await field.inputValue();
			return is === text || `it holds "${is}"`;
		});
	}

	async wrong(label) {
		const field = await this.fieldOf(label);
		await this.until(`"${label}" is not marked as wrong`, async () => await field.getAttribute('aria-invalid') === 'true');
	}

	async described(label, text) {
		const field = await this.fieldOf(label);
		await this.until(`"${label}" is not explained by "${text}"`, async () => {
			const said = await field.evaluate((element) => (element.getAttribute('aria-describedby') ?? '').split(/\s+/)
				.map((id) => document.getElementById(id)?.innerText ?? '').join(' '));
			return tidy(said).includes(text) || `it is explained by "${tidy(said)}"`;
		});
	}

	async focusOn(name) {
		await this.until(`the focus is not on "${name}"`, async () => {
			const is = tidy(await this.page.evaluate(() => {
				const at = document.activeElement;
				return at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText;
			}));
			return is.startsWith(name) || `it is on "${is.slice(0, 80)}"`;
		});
	}

	async speaks(lang) {
		await this.until(`the page does not speak ${lang}`, async () => {
			const is = await this.page.locator('html').getAttribute('lang');
			return is === lang || `it speaks ${is}`;
		});
	}

	async address(text) {
		await this.until(`the address does not begin with ${text}`, async () => {
			const { pathname, search } = new URL(this.page.url());
			return (pathname + search).startsWith(text) || `it is ${pathname + search}`;
		});
	}

	// Only a keyboard has keys, and only a screen reader is heard.
	async keysAtMost() {}
	async hears() {}
}
