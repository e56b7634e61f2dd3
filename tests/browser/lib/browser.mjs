// Debian's Chromium, and contexts of it as the people have them: language, colours, width, scripts or none. The shell is the same
// Chromium without the windows round the page, which take a quarter of all that tests compute; the core journeys have them, as people
// do. CHROMIUM names another one.
import { chromium, firefox } from 'playwright-core';

export { chromium, firefox };

// Off by playwright 1.60; a second list in place of its own, so those are named again. The last two are ours: else each
// context loads the pages of an address bar that nobody sees, which costs more than most pages of ours.
const OFF = [
	'AvoidUnnecessaryBeforeUnloadCheckSync', 'BoundaryEventDispatchTracksNodeRemoval', 'DestroyProfileOnBrowserClose', 'DialMediaRouteProvider',
	'GlobalMediaControls', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'Translate',
	'AutoDeElevate', 'RenderDocument', 'OptimizationHints', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup',
];

export const ARGS = [
	'--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
	'--disable-background-networking', '--disable-component-update', '--disable-sync',
	'--autoplay-policy=no-user-gesture-required', '--mute-audio',
	`--disable-features=${OFF}`,
];

export const WITH_WINDOWS = process.env.CHROMIUM ?? '/usr/bin/chromium';

export function launch(executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell') {
	return chromium.launch({ executablePath, args: ['--headless', ...ARGS] });
}

// lang: 'zh-CN' or 'en'; user: what signIn() gave; scripts: false for a page without JavaScript; touch: a phone.
export async function person(browser, { lang = 'zh-CN', dark = false, width = 1280, scripts = true, touch = false, user } = {}) {
	const context = await browser.newContext({
		locale: lang === 'en' ? 'en-GB' : lang,
		colorScheme: dark ? 'dark' : 'light',
		reducedMotion: 'reduce',
		viewport: { width, height: 800 },
		javaScriptEnabled: scripts,
		hasTouch: touch,
		isMobile: touch,
		storageState: user?.state,
	});
	context.setDefaultTimeout(15000);
	return context;
}

// The session's cookie of a context, or undefined: __Host-curb, or curb where lan_plain is set.
export async function session(context) {
	return (await context.cookies()).find((cookie) => /^(__Host-)?curb$/.test(cookie.name));
}

// Signs in by the page without scripts and returns {…account, state}: hand it to person() as `user`.
export async function signIn(browser, server, account) {
	const context = await person(browser, { scripts: false });
	try {
		const page = await context.newPage();
		await page.goto(`${server.origin}/signin`);
		await page.fill('[autocomplete=username]', account.name);
		await page.fill('[autocomplete=current-password]', account.password);
		await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
		if (!await session(context)) throw new Error(`sign-in of ${account.name}: ${await page.locator('main').innerText()}`);
		return { ...account, state: await context.storageState() };
	} finally {
		await context.close();
	}
}

// Collects what a page reports while it is used; call the result to get it, empty when all is well.
export function complaints(page) {
	const list = [];
	page.on('pageerror', (error) => list.push(`script: ${error.message}`));
	page.on('console', (message) => {
		if (message.type() === 'error') list.push(`console: ${message.text()}`);
	});
	page.on('response', (response) => {
		if (response.status() >= 500) list.push(`${response.status()} ${response.url()}`);
	});
	return () => list;
}
