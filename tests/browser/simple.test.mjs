// The simple layout by keyboard on a narrow page, from signing in to a lesson and its parts: one thing a page, easy words, no
// place lost; and pinyin that is seen, not spoken. The same pages without scripts.
// Needs plugins: catalog credit video audiobook
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { axe, sideways } from './lib/access.mjs';
import { complaints, launch, person } from './lib/browser.mjs';
import { makeVideoFolder, openClass, unitsOf } from './lib/classroom.mjs';
import { press, tabTo, type } from './lib/keys.mjs';
import { spoken as heard } from './lib/reader.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, folder, learner, course, lesson;

function makePackage() {
	const to = makeVideoFolder(folder, 'simple.files', 30);
	writeFileSync(path.join(to, 'parts.vtt'), 'WEBVTT\n\n00:00.000 --> 00:10.000\n准备\n\n00:10.000 --> 00:30.000\n手法\n');
	writeFileSync(path.join(to, 'course.json'), JSON.stringify({
		name: '保健按摩', namePinyin: 'bǎo jiàn àn mó', inLanguage: 'zh-CN', easy: '学会按摩。',
		units: [{ id: 'u1', name: '认识手法', namePinyin: 'rèn shi shǒu fǎ', easy: '先学手。', easyPinyin: 'xiān xué shǒu', kind: 'video', src: 'lesson1.mp4', hours: 0.01,
			tracks: [{ kind: 'captions', lang: 'zh-CN', src: 'lesson1.zh-CN.srt' }, { kind: 'chapters', src: 'parts.vtt' }] },
		{ id: 'u2', name: '练习', kind: 'video', src: 'lesson1.mp4', hours: 0.01 }],
	}));
	assert.equal(spawnSync('zip', ['-q', '-X', '../simple.zip', 'course.json', 'lesson1.mp4', 'lesson1.zh-CN.srt', 'parts.vtt'], { cwd: to }).status, 0);
	return path.join(folder, 'simple.zip');
}

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-simple-'));
	server = await startServer();
	browser = await launch();
	const lines = server.importFiles(makePackage());
	course = lines[0].course;
	[lesson] = await unitsOf(server, course);
	learner = server.addUser('xiaolin', 'learner');
	await openClass(server, lines, [learner]);
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const clean = async (page, name, scripts = true) => {
	assert.deepEqual([...scripts ? await axe(page) : [], ...await sideways(page)], [], name);
	if (process.env.CURBCUT_SHOTS) await page.screenshot({ path: path.join(process.env.CURBCUT_SHOTS, `${name}.png`), fullPage: true });
};
const submit = (page) => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);

// A narrow browser that was told to be simple, with pinyin.
async function told(options) {
	const context = await person(browser, { width: 320, ...options });
	const page = await context.newPage();
	await page.goto(`${server.origin}/needs`);
	await page.locator('[name=simplified]').check();
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '就这样用' }).click()]);
	await page.goto(`${server.origin}/needs/details?ask=15`);
	await page.getByLabel('要拼音', { exact: true }).check();
	await clean(page, 'question', options?.scripts);
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: /^保存/ }).click()]);
	return { context, page, list: complaints(page) };
}

test('simple__from_signing_in_to_a_lesson_and_its_parts_by_keyboard', async () => {
	const { context, page, list } = await told();
	await page.goto(`${server.origin}/signin`);
	await clean(page, 'number');
	await type(page, '学号或手机号', learner.name);
	await submit(page);
	await clean(page, 'password');
	await type(page, /密码/, learner.password);
	await submit(page);
	await clean(page, 'home');
	assert.equal(await page.locator('main a').count(), 2, 'one thing, and the way to the rest');
	await tabTo(page, '开始学：认识手法', { role: 'link' });
	await submit(page);
	await page.waitForFunction(() => document.getElementById('player').dataset.ready);
	await clean(page, 'lesson');
	await page.getByRole('heading', { level: 1, name: '认识手法', exact: true }).waitFor();
	await tabTo(page, '播放', { role: 'button' });
	await page.keyboard.press('Enter');
	await page.waitForFunction(() => document.querySelector('video').currentTime > 2.2);
	await press(page, '章节', { role: 'link', leaves: true });
	assert.match(page.url(), /show=chapters&from=[2-9]$/);
	await clean(page, 'chapters');
	await press(page, '回到这一课', { role: 'link', leaves: true });
	assert.match(page.url(), new RegExp(`/videos/${lesson.id}\\?from=[2-9]$`));
	await page.waitForFunction(() => document.getElementById('player').dataset.ready);
	await press(page, '看文字', { role: 'link', leaves: true });
	await page.locator('#transcript').waitFor();
	await clean(page, 'text');
	await press(page, '回到这一课', { role: 'link', leaves: true });
	await press(page, '下一课：练习', { role: 'link', leaves: true });
	await page.waitForFunction(() => document.getElementById('player').dataset.ready);
	await press(page, '回到首页', { role: 'link', leaves: true });
	await page.getByRole('link', { name: '接着学：认识手法' }).waitFor();
	assert.deepEqual(list(), []);
	await context.close();
});

test('simple__the_same_without_scripts', async () => {
	const { context, page } = await told({ scripts: false });
	await page.goto(`${server.origin}/signin?back=/`);
	await type(page, '学号或手机号', learner.name);
	await submit(page);
	await type(page, /密码/, learner.password);
	await submit(page);
	await page.goto(`${server.origin}/videos/${lesson.id}`);
	await clean(page, 'lesson-plain', false);
	await press(page, '章节', { role: 'link', leaves: true });
	await press(page, '手法', { role: 'link', leaves: true });
	assert.match(await page.locator('video source').getAttribute('src'), /#t=10$/);
	await context.close();
});

test('simple__pinyin_is_seen_and_not_spoken', async () => {
	const { context, page } = await told();
	await page.goto(`${server.origin}/courses`);
	await clean(page, 'courses');
	const reading = page.locator('h2 rt').first();
	assert.equal(await reading.innerText(), 'bǎo');
	const [over, below] = [await reading.boundingBox(), await page.locator('h2 ruby').first().boundingBox()];
	assert.ok(over.y < below.y + below.height / 2 && over.width > 4, 'it stands over its character');
	const session = await context.newCDPSession(page);
	const { nodes } = await session.send('Accessibility.getFullAXTree');
	const spoken = nodes.filter((node) => !node.ignored).map((node) => node.name?.value ?? '');
	assert.ok(spoken.includes('保健按摩'));
	assert.ok(!spoken.some((name) => /bǎo|[()]/.test(name)), 'no pinyin, no brackets');
	const phrases = (await heard(page)).filter((phrase) => phrase.includes('保健按摩') || /^[保健按摩]$/.test(phrase));
	assert.ok(phrases.length && phrases.every((phrase) => phrase.includes('保健按摩')), phrases.join(' | '));
	await context.close();
});

test('simple__a_password_is_changed_and_the_back_key_shows_a_page', async () => {
	const { context, page, list } = await told();
	const lin = server.addUser('lin', 'learner'), own = `${server.origin}/account/password`;
	await page.goto(`${server.origin}/signin?back=/account/password`);
	await type(page, '学号或手机号', lin.name);
	await submit(page);
	await type(page, /密码/, lin.password);
	await submit(page);
	await type(page, /现在的密码/, 'not-it-at-all');
	await submit(page);
	assert.match(await page.locator('main').innerText(), /请再看一下下面这一项。密码要重新填写。/);
	await clean(page, 'password-wrong');
	await type(page, /现在的密码/, lin.password);
	await submit(page);
	assert.equal(page.url(), `${own}?step=new`);
	await clean(page, 'password-new');
	await type(page, /新密码/, '641208');
	await submit(page);
	assert.equal(page.url(), `${own}?done=yes`);
	await clean(page, 'password-done');
	assert.deepEqual(await page.locator('main').evaluate((main) => [main.querySelectorAll('input:not([type=hidden])').length, [...main.querySelectorAll('a')].map((a) => a.getAttribute('href'))]), [0, ['/account']]);
	for (let i = 0; i < 3; i++) { // the second question, the wrong answer to the first, the first
		await page.goBack();
		assert.equal(page.url(), own);
		await page.getByLabel(/现在的密码/).waitFor();
	}
	assert.deepEqual(list().filter((line) => !/422/.test(line)), []);
	await context.close();
});

// What is found where each of the characters is seen, and how much of their box the spoken text covers.
const explore = (page) => page.evaluate(() => [...document.querySelectorAll('main .ruby')].map((whole) => {
	const [said, seen] = whole.children, box = whole.getBoundingClientRect(), letters = document.createRange();
	letters.selectNodeContents(said);
	const lines = [...letters.getClientRects()], edge = (pick, side, own) => pick(...lines.map((line) => line[side]), own);
	const right = Math.min(edge(Math.max, 'right', 0), box.right), left = Math.max(edge(Math.min, 'left', Infinity), box.left);
	const low = Math.min(edge(Math.max, 'bottom', 0), box.bottom), high = Math.max(edge(Math.min, 'top', Infinity), box.top);
	const found = [...seen.querySelectorAll('ruby, rt')].map((letter) => {
		letter.scrollIntoView({ block: 'center' });
		const { x, y, width, height } = letter.getBoundingClientRect();
		return document.elementFromPoint(x + width / 2, y + height / 2);
	});
	return {
		text: said.textContent, hidden: found.filter((element) => element.closest('[aria-hidden]')).length,
		missed: found.filter((element) => element !== said && element !== whole.closest('a')).length,
		covered: (right - left) * (low - high) / (box.width * box.height),
	};
}));

test('simple__pinyin_is_found_by_touch_where_it_is_seen', async () => {
	for (const scripts of [true, false]) {
		const { context, page } = await told({ scripts, touch: true });
		for (const address of ['/courses', `/courses/${course}`]) {
			await page.goto(`${server.origin}${address}`);
			const all = await explore(page);
			assert.ok(all.length, address);
			for (const { text, hidden, missed, covered } of all) {
				assert.deepEqual([hidden, missed], [0, 0], `${address} ${text}`);
				assert.ok(covered > 0.7, `${address} ${text}: ${covered}`);
			}
		}
		await context.close();
	}
});

test('simple__pinyin_is_marked_and_printed_once_and_no_colours_of_the_reader_show_it_twice', async () => {
	const { context, page } = await told();
	await page.goto(`${server.origin}/courses/${course}`);
	await page.keyboard.press('Control+a');
	assert.equal((await page.evaluate(() => String(getSelection()).split('bǎo').join('').replace(/[^保健按摩]/gu, ''))).split('健').length - 1, 1);
	const shot = async (show) => {
		await page.locator('h1 .ruby > :first-child').evaluate((element, on) => { element.style.display = on ? '' : 'none'; }, show);
		return (await page.locator('h1').screenshot()).toString('base64');
	};
	for (const media of [{ forcedColors: 'active' }, { media: 'print', forcedColors: 'none' }]) {
		await page.emulateMedia(media);
		assert.equal(await shot(true), await shot(false), JSON.stringify(media));
	}
	await context.close();
});
