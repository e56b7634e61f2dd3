// By the screen reader Orca: a desktop without a screen (Xvfb, D-Bus, AT-SPI), Chromium in it, real key presses (xdotool), and
// what Orca says read from its debug file. Each thing that is used must have been spoken, and what a page is expected to say.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '../../browser/lib/browser.mjs';
import { KeyboardPerson } from './keyboard.mjs';
import { tidy } from './person.mjs';

const START_MS = 20000, QUIET_MS = 400, STILL_MS = 6000;
// says all from where the reader stands
const SAY_ALL = 'KP_Add', TOP = 'ctrl+Home', BROWSE = 'Insert+a';
const KEYS = { Enter: 'Return', Space: 'space', ArrowDown: 'Down', ArrowUp: 'Up', 'Control+a': 'ctrl+a', 'Shift+Tab': 'shift+Tab' };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const OPENED = /^(Finished loading|Page has) /; // what Orca says of a page before it reads it
const blank = (text) => text.replace(/\s+/g, '');

// The first line that a program writes on one of its channels.
function firstLine(child, channel, what) {
	return new Promise((resolve, reject) => {
		let text = '';
		const late = setTimeout(() => reject(new Error(`${what} did not start`)), START_MS);
		child.once('error', reject);
		child.stdio[channel].on('data', (chunk) => {
			text += chunk;
			if (!text.includes('\n')) return;
			clearTimeout(late);
			resolve(text.split('\n')[0].trim());
		});
	});
}

class Desktop {
	children = [];
	spoken = []; // {at, words}, at: the byte of the log
	read = 0;

	start(program, args, options = {}) {
		const child = spawn(program, args, { stdio: 'ignore', env: this.env, ...options });
		child.on('error', () => {});
		this.children.push(child);
		return child;
	}

	async open(args, executablePath) {
		this.folder = mkdtempSync(path.join(tmpdir(), 'curbcut-orca-'));
		this.log = path.join(this.folder, 'orca.log');
		const runtime = path.join(this.folder, 'run');
		mkdirSync(runtime, { mode: 0o700 });
		// Orca asks pgrep for every other Orca of this user and ends it: on this desktop there is none
		symlinkSync('/bin/false', path.join(runtime, 'pgrep'));
		this.env = { ...process.env, HOME: this.folder, PATH: `${runtime}:${process.env.PATH}`, XDG_RUNTIME_DIR: runtime, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ACCESSIBILITY_ENABLED: '1', GTK_MODULES: 'gail:atk-bridge' };
		const screen = this.start('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
		this.env.DISPLAY = `:${await firstLine(screen, 3, 'Xvfb')}`;
		const bus = this.start('dbus-daemon', ['--session', '--nofork', '--print-address=1'], { stdio: ['ignore', 'pipe', 'ignore'] });
		this.env.DBUS_SESSION_BUS_ADDRESS = await firstLine(bus, 1, 'dbus-daemon');
		this.start('/usr/libexec/at-spi-bus-launcher', ['--launch-immediately', '--a11y=1', '--screen-reader=1']);
		await pause(500);
		// Orca writes its file in blocks, but line by line to a terminal: script (bsdutils) is one, and keeps what was written
		this.start('script', ['-qfec', 'orca --debug-file=/dev/tty', this.log]);
		for (const late = Date.now() + START_MS; !this.said(0).length; await pause(200)) if (Date.now() > late) throw new Error('Orca did not speak');
		this.browser = await chromium.launch({
			executablePath, headless: false, env: this.env,
			args: [...args, '--force-renderer-accessibility', '--window-position=0,0', '--window-size=1280,1000'],
		});
		return this;
	}

	size() { try { return statSync(this.log).size; } catch { return 0; } }

	// Takes in what the log has grown by, whole lines only.
	listen() {
		const grown = this.size() - this.read;
		if (grown <= 0) return;
		const bytes = Buffer.alloc(grown), log = openSync(this.log);
		const got = readSync(log, bytes, 0, grown, this.read);
		closeSync(log);
		let line = 0;
		for (let end; (end = bytes.indexOf('\n', line)) >= 0 && end < got; line = end + 1) {
			const words = /SPEECH OUTPUT: '(.*?)'(?:\{.*)?\r?$/.exec(bytes.toString('utf8', line, end))?.[1];
			if (words !== undefined) this.spoken.push({ at: this.read + line, words });
		}
		this.read += line;
	}

	// What Orca said behind byte `from` of its log.
	said(from) {
		this.listen();
		return this.spoken.slice(this.spoken.findLastIndex(({ at }) => at < from) + 1).map(({ words }) => words);
	}

	key(name) { execFileSync('xdotool', ['key', KEYS[name] ?? name], { env: this.env }); }

	// As a browser is opened and closed.
	newContext(options) { return this.browser.newContext({ ...options, viewport: null }); }

	async close() {
		await this.browser?.close();
		for (const child of this.children.reverse()) child.kill('SIGTERM');
		await pause(300);
		for (const child of this.children) if (child.exitCode === null) child.kill('SIGKILL');
		rmSync(this.folder, { recursive: true, force: true });
	}
}

export const openDesktop = (args, executablePath) => new Desktop().open(args, executablePath);

export class OrcaPerson extends KeyboardPerson {
	mark = 0;

	get desktop() { return this.env.browser; }
	heard() { return this.desktop.said(this.mark); }

	async begin() { await this.page.bringToFront(); }

	// Until nothing more is said for a moment.
	async quiet() {
		for (let size = this.desktop.size(), still = Date.now(), late = Date.now() + STILL_MS; Date.now() < late;) {
			await pause(100);
			if (this.desktop.size() !== size) [size, still] = [this.desktop.size(), Date.now()];
			else if (Date.now() - still > QUIET_MS) return;
		}
	}

	// A page that opens below its head is named and not read: then she asks for the rest, as every listener does.
	async arrived() {
		await this.quiet();
		if (!OPENED.test(this.heard().at(-1) ?? '')) return;
		this.desktop.key(SAY_ALL);
		await this.quiet();
	}

	async open(address) {
		this.mark = this.desktop.size();
		await super.open(address);
	}

	andArrive(action, locator) {
		this.mark = this.desktop.size();
		return super.andArrive(action, locator);
	}

	// What was said on the way to the thing is not said of the page that comes.
	async press(locator) {
		await this.quiet();
		this.mark = this.desktop.size();
		await super.press(locator);
	}

	async key(name) {
		this.keys++;
		const moves = name.endsWith('Tab') || (name.startsWith('Arrow') && await this.page.evaluate(() => document.activeElement.type === 'radio'));
		const before = moves && await this.page.evaluateHandle(() => document.activeElement);
		this.desktop.key(name);
		for (let i = 0; before && i < 20 && await this.page.evaluate((element) => element === document.activeElement, before); i++) await pause(25);
	}

	// Whoever listens hears the thing's name before she presses.
	async reach(locator) {
		if (await this.at(locator)) return; // it was said when she came to it
		const from = this.desktop.size();
		await super.reach(locator);
		const name = tidy(await locator.evaluate((element) => element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText));
		if (!name) return;
		await this.until(`Orca does not say "${name}"`, async () => blank(this.desktop.said(Math.min(from, this.mark)).join('')).includes(blank(name)) || `it says ${this.desktop.said(from).slice(-8).join(' | ')}`);
	}

	// Typing comes by another road than the keys of the window system: what was pressed there must have arrived.
	async write(locator, text) {
		await this.reach(locator);
		await this.page.keyboard.press('Control+a');
		await this.page.keyboard.press('Delete');
		if (text) await this.typeText(text);
	}

	async text() { return this.heard().join(' '); }

	// What was not heard when the page came may stand above: the page is read from its top, once.
	async listen(what, said) {
		await this.quiet();
		if (said() !== true) {
			// in a field the keys belong to it: she goes back to browsing first
			if (this.desktop.said(0).findLast((words) => /^(Focus|Browse) mode$/.test(words)) === 'Focus mode') {
				this.desktop.key(BROWSE);
				await this.quiet();
			}
			this.desktop.key(TOP);
			this.desktop.key(SAY_ALL);
		}
		await this.until(what, async () => said());
	}

	says(text) {
		return this.listen(`Orca does not say "${text}"`, () => this.hasHeard(text));
	}

	hasHeard(text) { return blank(this.heard().join('')).includes(blank(text)) || `it says: ${this.heard().join(' | ').slice(-500)}`; }

	async saysNot(text) {
		await this.quiet();
		await super.saysNot(text);
	}

	heading(text) {
		return this.listen(`Orca does not say the heading "${text}"`, () => {
			const said = this.heard();
			return said.some((words, i) => words === text && /^heading level 1/.test(said[i + 1] ?? '')) || blank(said.join('')).includes(`${blank(text)}headinglevel1`) || `it says: ${said.join(' | ').slice(0, 400)}`;
		});
	}

	// By itself: nothing is asked to be read.
	hears(text) { return this.until(`Orca does not say "${text}" by itself`, async () => this.hasHeard(text)); }

	async keysAtMost() {}
}
