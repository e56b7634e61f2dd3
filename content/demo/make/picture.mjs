// The picture of the player in the README. Usage: CURBCUT=… node picture.mjs
import { execFileSync } from 'node:child_process';
import { launch, person, signIn } from '../../../tests/browser/lib/browser.mjs';
import { startServer } from '../../../tests/browser/lib/server.mjs';

const demo = new URL('..', import.meta.url).pathname;
const server = await startServer();
const browser = await launch();
try {
	const filled = execFileSync(`${demo}fill.sh`, [process.env.CURBCUT, server.data, server.origin], { encoding: 'utf8' });
	const [, name, password] = /^(learner1) +learner +(\S+)/m.exec(filled);
	const context = await person(browser, { lang: 'zh-CN', width: 1000, user: await signIn(browser, server, { name, password }) });
	const page = await context.newPage();
	await page.goto(`${server.origin}/?q=${encodeURIComponent('键盘')}`);
	await page.getByRole('link', { name: '用键盘和读屏软件学习' }).click();
	await page.getByRole('link', { name: /从登录到看学时/ }).click();
	const captions = page.getByRole('button', { name: '字幕', exact: true });
	if (await captions.getAttribute('aria-pressed') !== 'true') await captions.click();
	await page.getByRole('button', { name: '播放', exact: true }).click();
	await page.waitForFunction(() => document.querySelector('video').currentTime > 54.5 || (document.querySelector('video').currentTime < 54 && (document.querySelector('video').currentTime = 54)));
	await page.screenshot({ path: `${demo}player.png` });
} finally {
	await browser.close();
	await server.stop();
}
