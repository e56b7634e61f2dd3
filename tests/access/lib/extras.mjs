// What the criteria ask beside the checks of tests/browser/lib/checks.mjs; each returns faults as lines.

// On the open page. `address`: where it was opened.
export async function extras(page) {
	return page.evaluate(() => {
		const faults = [], short = (element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 120);
		for (const media of document.querySelectorAll('video, audio')) {
			if (media.autoplay || !media.paused) faults.push(`plays by itself: ${short(media)}`);
			for (const source of [media.currentSrc, ...[...media.querySelectorAll('source')].map((one) => one.src)])
				if (/^(rtmp|rtsp|wss?):/.test(source)) faults.push(`live: ${source}`);
		}
		for (const animation of document.getAnimations())
			if (animation.playState === 'running' && animation.effect?.getComputedTiming().endTime > 5000) faults.push(`moves by itself: ${short(animation.effect.target)}`);
		for (const moving of document.querySelectorAll('blink, marquee, canvas, img[src$=".gif"], img[src$=".webp"], svg animate'))
			faults.push(`flashes, perhaps: ${short(moving)}`);
		for (const picture of document.querySelectorAll('main img:not([alt=""]):not(.photo img), main svg text')) faults.push(`picture with words, perhaps: ${short(picture)}`);
		if (document.querySelector('meta[http-equiv=refresh]')) faults.push('refreshes itself');
		for (const dragged of document.querySelectorAll('[draggable=true]')) faults.push(`draggable: ${short(dragged)}`);
		const first = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].find((element) => element.tabIndex >= 0 && element.type !== 'hidden');
		if (first?.getAttribute('href') !== '#main') faults.push(`no skip link is the first stop, but ${first ? short(first) : 'nothing'}`);
		const help = [...document.querySelectorAll('footer a')].some((link) => link.getAttribute('href')?.startsWith('/accessibility'));
		if (!help) faults.push('no help in the footer');
		return faults;
	});
}

// Rules of style sheets that show something on hover or focus which is not there otherwise.
export async function hoverShows(page) {
	return page.evaluate(() => {
		const faults = [];
		const look = (rules) => {
			for (const rule of rules) {
				if (rule.cssRules?.length) look(rule.cssRules);
				if (!/:hover|:focus/.test(rule.selectorText ?? '') || /\.skip|vjs-|video-js/.test(rule.selectorText)) continue;
				const { display, visibility, opacity, content } = rule.style;
				if ((display && display !== 'none') || visibility === 'visible' || opacity === '1' || (content && content !== 'none')) faults.push(`hover or focus shows ${rule.cssText.slice(0, 120)}`);
			}
		};
		for (const sheet of document.styleSheets) look(sheet.cssRules);
		for (const titled of document.querySelectorAll('main [title]:not(iframe):not(.video-js *)')) faults.push(`hover shows a title: ${titled.outerHTML.slice(0, 120)}`);
		return faults;
	});
}

// The names of the main navigation, in order: the same on all pages of a person.
export const navigation = (page) => page.evaluate(() => [...document.querySelectorAll('header nav a')].map((link) => link.innerText.trim()).join(' | '));

// Upright and lengthwise: the same page, nothing asks to turn the phone.
export async function turned(page) {
	const before = page.viewportSize();
	const text = async (width, height) => {
		await page.setViewportSize({ width, height });
		return page.evaluate(() => document.querySelector('main').innerText.replace(/\s+/g, ''));
	};
	const [upright, lengthwise] = [await text(360, 640), await text(640, 360)];
	await page.setViewportSize(before);
	return upright === lengthwise ? [] : ['turned lengthwise the page has another text'];
}

// Scripts of ours: what they listen to. `source` is the text of one, `name` its address; the library of the player is not ours.
export function scriptFaults(name, source) {
	if (/video\.min\.js|video-lang/.test(name)) return [];
	// plugins/shared/scripts/beats.js: how far was played is looked up when a key or a press comes; neither does anything by it
	source = source.replace(/\[\s*["']keydown["'],\s*["']pointerdown["']\s*\]/, '[]');
	const listens = (...events) => new RegExp(`['"\`](${events.join('|')})['"\`]`).exec(source)?.[1];
	return [
		['gesture', listens('touchmove', 'gesturestart', 'pointermove')], ['down-event', listens('mousedown', 'pointerdown', 'touchstart')],
		['device motion', listens('devicemotion', 'deviceorientation', 'shake')],
	].filter(([, event]) => event).map(([what, event]) => `${what}: ${name} listens to ${event}`);
}
