// By touch at 320 px, and two who touch in older or smaller browsers.
import { Person } from './person.mjs';

const LEAST = 44; // px a finger needs

export class TouchPerson extends Person {
	async use(locator) {
		await locator.scrollIntoViewIfNeeded();
		const box = await locator.boundingBox();
		const inText = await locator.evaluate((element) => element.matches('a') && getComputedStyle(element).display === 'inline');
		if (box && !inText && (box.height < LEAST - 0.5 || box.width < LEAST - 0.5))
			throw new Error(`too small for a finger: ${Math.round(box.width)} by ${Math.round(box.height)} px`);
		await locator.tap();
	}

	// On a narrow screen the links of the page's head stand in a menu.
	async find(roles, wanted) {
		const menu = this.page.locator('.menu:not([open])');
		const folded = roles.map((role) => menu.getByRole(role, { name: wanted.name, includeHidden: true })).reduce((all, one) => all.or(one));
		if (!await this.locator(roles, wanted).count() && await folded.count()) await this.use(menu.locator('summary'));
		return super.find(roles, wanted);
	}

	// So does who is signed in.
	async says(text) {
		const menu = this.page.locator('.menu:not([open])').filter({ hasText: text });
		if (await menu.count()) await this.use(menu.locator('summary'));
		return super.says(text);
	}

	async flip(locator) { await locator.tap(); }

	// The whole journey is made without moving the page sideways.
	async arrived() {
		const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth).catch(() => 0);
		if (wide > 0) throw new Error(`the page is ${wide} px wider than the screen: ${this.page.url()}`);
	}

	async pressNative() {
		await this.media().evaluate((media) => { if (media.paused) media.play(); else media.pause(); });
	}
}

// The browser inside a chat program puts a player of its own over the page: ours cannot be reached, nor what it knows nothing of.
export class InAppPerson extends TouchPerson {
	pressPlay() { return this.pressNative(); }
}

export function takeAway() {
	for (const name of ['MediaSource', 'ManagedMediaSource', 'WebKitMediaSource', 'SourceBuffer', 'TextTrack', 'TextTrackList', 'VTTCue', 'PublicKeyCredential'])
		delete window[name];
	for (const name of ['textTracks', 'addTextTrack', 'audioTracks', 'requestPictureInPicture']) delete HTMLMediaElement.prototype[name];
	delete HTMLTrackElement.prototype.track;
	delete Navigator.prototype.serviceWorker;
	delete Navigator.prototype.credentials;
	const hide = document.createElement('style');
	hide.textContent = '.vjs-control-bar, .vjs-big-play-button, #player [data-scripted] { display: none !important }';
	document.addEventListener('DOMContentLoaded', () => document.head.append(hide));
}
