// The ways a journey is made: who makes it, with which browser. The first six are asked for everywhere; the last two stand
// for the browser inside a chat program and for a phone of ten years ago.
import { ARGS, firefox, launch, WITH_WINDOWS } from '../../browser/lib/browser.mjs';
import { KeyboardPerson } from './keyboard.mjs';
import { openDesktop, OrcaPerson } from './orca.mjs';
import { Person } from './person.mjs';
import { ReaderPerson } from './reader.mjs';
import { InAppPerson, takeAway, TouchPerson } from './touch.mjs';

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

const withWindows = () => launch(WITH_WINDOWS);
const locale = (lang) => (lang === 'en' ? 'en-GB' : lang);
// Chromium tells old servers and new scripts what it is by this
const WECHAT = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/86.0.4240.99 XWEB/4317 MMWEBSDK/20230405 Mobile Safari/537.36 MicroMessenger/8.0.35 WeChat/arm64 NetType/4G Language/zh_CN';
const ANDROID5 = 'Mozilla/5.0 (Linux; U; Android 5.1; zh-CN; K) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/39.0.0.0 Mobile Safari/537.36';
const desk = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' };

const phone = (width, height) => ({ viewport: { width, height }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, reducedMotion: 'reduce' });

// id; name in both languages; open(): the browser; context: options for a new one; prepare(context); Person
export const ways = [
	{
		id: 'keyboard', name: { en: 'keyboard alone, Chromium', 'zh-CN': '只用键盘（Chromium）' },
		open: withWindows, context: desk, Person: KeyboardPerson,
	},
	{
		id: 'plain', name: { en: 'without scripts, Chromium', 'zh-CN': '不运行脚本（Chromium）' },
		open: withWindows, context: { ...desk, javaScriptEnabled: false }, Person,
	},
	{
		id: 'firefox', name: { en: 'Firefox ESR, with a mouse', 'zh-CN': 'Firefox ESR（鼠标）' },
		open: () => firefox.launch({ executablePath: FIREFOX, channel: 'moz-firefox', headless: true, firefoxUserPrefs: { 'media.autoplay.default': 0, 'media.volume_scale': '0.0' } }),
		context: { viewport: desk.viewport }, Person,
		// on a machine without sound Firefox gives up sound that is not off; Chromium plays it to nobody
		prepare: (context) => context.addInitScript(() => {
			for (const event of ['loadstart', 'play']) document.addEventListener(event, ({ target }) => { target.muted = true; }, true);
		}),
	},
	{
		id: 'reader', name: { en: 'virtual screen reader, Chromium', 'zh-CN': '虚拟读屏软件（Chromium）' },
		open: withWindows, context: desk, Person: ReaderPerson,
	},
	{
		id: 'orca', name: { en: 'screen reader Orca, Chromium', 'zh-CN': '读屏软件 Orca（Chromium）' },
		open: () => openDesktop(ARGS, WITH_WINDOWS), context: { reducedMotion: 'reduce' }, Person: OrcaPerson,
	},
	{
		id: 'touch', name: { en: 'touch at 320 px, Chromium', 'zh-CN': '触摸屏，宽 320 像素（Chromium）' },
		open: withWindows, context: phone(320, 640), Person: TouchPerson,
	},
	{
		id: 'in-app', name: { en: 'browser inside a chat program (Chromium without MSE, service worker, text tracks and our controls)', 'zh-CN': '微信里的浏览器（没有 MSE、Service Worker、字幕轨和本站控件的 Chromium）' },
		open: withWindows, context: { ...phone(360, 640), userAgent: WECHAT }, Person: InAppPerson,
		prepare: (context) => context.addInitScript(takeAway),
	},
	{
		id: 'old', name: { en: 'phone of the time of Android 5 (Chromium that runs no module scripts)', 'zh-CN': 'Android 5 时代的手机（不能运行模块脚本的 Chromium）' },
		open: withWindows, context: { ...phone(360, 640), userAgent: ANDROID5 }, Person: TouchPerson,
		// a browser that knows no modules never asks for one
		prepare: (context) => context.route('**/*', (route) => (route.request().resourceType() === 'script' ? route.abort() : route.fallback())),
	},
];

export const waysKnown = ways.map((way) => way.id);

export async function openContext(way, browser, lang) {
	const context = await browser.newContext({ locale: locale(lang), ...way.context });
	context.setDefaultTimeout(15000);
	await way.prepare?.(context);
	return context;
}
