// The picture of the player in the README. Usage: CURBCUT=… node picture.mjs
import { execFileSync } from 'node:child_process';
import { launch, person, signIn } from '../../../tests/browser/lib/browser.mjs';
import { startServer } from '../../../tests/browser/lib/server.mjs';

const AT_S = 41;
const demo = new URL('..', import.meta.url).pathname;
const server = await startServer({ settings: 'origin = http://school.example\n' });
const browser = await launch();
try {
	const filled = execFileSync(`${demo}fill.sh`, [process.env.CURBCUT, server.data, server.origin], { encoding: 'utf8' });
	const [, name, password] = /^(learner1) +learner +(\S+)/m.exec(filled);
	const context = await person(browser, { lang: 'zh-CN', width: 900, user: await signIn(browser, server, { name, password }) });
	const page = await context.newPage();
	await page.setViewportSize({ width: 900, height: 1240 });
	await page.goto(`${server.origin}/?q=${encodeURIComponent('键盘')}`);
	await page.getByRole('link', { name: '用键盘和读屏软件学习' }).click();
	await page.getByRole('link', { name: /从登录到看学时/ }).click();
	await page.locator('#play').click();
	await page.waitForFunction(() => document.querySelector('video').currentTime > 0.5);
	if (await page.locator('#captions').getAttribute('aria-pressed') !== 'true') await page.locator('#captions').click();
	// where the film shows a page and a caption stands in it
	await page.evaluate((at) => { document.querySelector('video').currentTime = at; }, AT_S);
	await page.waitForFunction((at) => document.querySelector('video').currentTime > at + 1 && document.querySelector('video').readyState > 2, AT_S);
	await page.mouse.move(0, 0);
	await page.evaluate(() => scrollTo(0, 0));
	const png = await page.screenshot();
	// 128 colours are enough, and a quarter of the bytes
	execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', '-', '-vf', 'split[a][b];[a]palettegen=128[p];[b][p]paletteuse=dither=none', `${demo}player.png`], { input: png });
} finally {
	await browser.close();
	await server.stop();
}
