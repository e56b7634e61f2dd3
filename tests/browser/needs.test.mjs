// What helps a person, chosen in a real browser by keyboard and without scripts; every preset does what it says, on pages
// and in the players, and no place is lost.
// Needs plugins: catalog credit video audiobook
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { axe, sideways } from './lib/access.mjs';
import { complaints, launch, person, signIn } from './lib/browser.mjs';
import { makeBook, makeDescribedCourse, makeVideoFolder, openClass, unitsOf } from './lib/classroom.mjs';
import { press, tabTo } from './lib/keys.mjs';
import { startServer } from './lib/server.mjs';

// A lesson with a second video in sign language.
function makeSignedCourse(name) {
	const to = makeVideoFolder(folder, `${name}.files`, 20);
	const run = (program, args) => assert.equal(spawnSync(program, args, { cwd: to, timeout: 60000 }).status, 0, program);
	run('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x120:rate=25:duration=20', '-c:v', 'libx264',
		'-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', 'lesson1.sign.mp4']);
	writeFileSync(path.join(to, 'course.json'), JSON.stringify({
		name, inLanguage: 'zh-CN',
		units: [{ id: 'u1', name: '第一课', kind: 'video', src: 'lesson1.mp4', hours: 0,
			tracks: [{ kind: 'sign', lang: 'csl', src: 'lesson1.sign.mp4' }, { kind: 'captions', lang: 'zh-CN', src: 'lesson1.zh-CN.srt' }] }],
	}));
	run('zip', ['-q', '-X', '-r', `../${name}.zip`, '.', '-x', 'lesson1.en.srt']);
	return path.join(folder, `${name}.zip`);
}

let browser, server, folder, learner, helper, plain, described, book, signed;
before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-needs-'));
	server = await startServer();
	browser = await launch();
	const files = [makeVideoFolder(folder, '键盘入门', 30), makeDescribedCourse(folder, '有解说的课', 20), makeBook(folder, '小书', [20]), makeSignedCourse('有手语的课')];
	const lines = server.importFiles(...files);
	[plain, described, book, signed] = (await Promise.all(lines.map((line) => unitsOf(server, line.course)))).map((units) => units[0]);
	learner = server.addUser('xiaolin', 'learner');
	helper = server.addUser('mama', 'helper');
	await openClass(server, lines, [learner]);
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const ready = (page) => page.waitForFunction(() => document.getElementById('player')?.dataset.ready);
const html = (page) => page.evaluate(() => ({ ...document.documentElement.dataset }));
const style = (page, selector, name) => page.evaluate(([css, key]) => getComputedStyle(document.querySelector(css))[key], [selector, name]);

// These presets and no others.
async function choose(page, presets) {
	await page.goto(`${server.origin}/needs`);
	for (const box of await page.locator('main [type=checkbox]').all())
		await box.setChecked(presets.includes(await box.getAttribute('name')));
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '就这样用' }).click()]);
}

// A new browser told these presets on the page itself; the page that follows is open.
async function told(presets, options = {}) {
	const context = await person(browser, { lang: 'zh-CN', ...options });
	const page = await context.newPage();
	const list = complaints(page);
	await choose(page, presets);
	return { context, page, list };
}

// The learner, with nothing but these presets.
async function learnerWith(presets, address, options = {}) {
	const user = await signIn(browser, server, learner);
	const { context, page, list } = await told(presets, { user, ...options });
	await page.goto(`${server.origin}${address}`);
	if (options.scripts !== false && /^\/(videos|books)/.test(address)) await ready(page);
	return { context, page, list };
}

test('needs__chosen_by_keyboard_in_few_steps_and_back_where_one_was', async () => {
	const context = await person(browser, { lang: 'zh-CN' });
	const page = await context.newPage();
	const list = complaints(page);
	await page.goto(`${server.origin}/?q=${encodeURIComponent('键盘')}`);
	const was = page.url();
	const plainSize = parseFloat(await style(page, 'html', 'fontSize'));
	let presses = 0;
	const tab = async (name, role) => {
		for (;;) {
			presses++;
			await page.keyboard.press('Tab');
			const now = await page.evaluate(() => document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText);
			if (now === name) return;
			assert.ok(presses < 60, `${role} ${name} never came`);
		}
	};
	await tab('怎样学更方便', 'link');
	presses++;
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	await tab('我看得见，但要大字、强对比', 'checkbox');
	presses++;
	await page.keyboard.press('Space');
	await tab('安静一点，不要动画、提示音和催促', 'checkbox');
	presses++;
	await page.keyboard.press('Space');
	await tab('就这样用', 'button');
	presses++;
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.ok(presses <= 40, `${presses} presses: at three seconds each that is two minutes`);
	assert.deepEqual(await html(page), { colours: 'contrast', text: '150', motion: 'less' });
	assert.equal(parseFloat(await style(page, 'html', 'fontSize')), plainSize * 1.5);
	assert.match(await page.locator('.notice').innerText(), /改好了/);
	await press(page, '回到刚才的页面', { role: 'link', leaves: true });
	assert.equal(page.url(), was);
	assert.equal((await html(page)).text, '150');
	await page.goBack();
	await press(page, '改回原来的样子', { role: 'button', leaves: true });
	assert.deepEqual(await html(page), {});
	assert.deepEqual(list(), []);
	await context.close();
});

test('needs__each_preset_changes_pages_as_it_says', async () => {
	const looks = {
		largePrint: { colours: 'contrast', text: '150' }, simplified: { spacing: 'wide', layout: 'simple' }, calm: { motion: 'less' },
		screenReader: {}, captions: {}, signLanguage: {}, braille: {}, keyboard: {}, saveData: {},
	};
	const plainly = await told([], { scripts: false });
	for (const [preset, look] of Object.entries(looks)) {
		await choose(plainly.page, [preset]);
		await plainly.page.goto(`${server.origin}/signin`);
		assert.deepEqual(await html(plainly.page), look, preset);
	}
	await plainly.context.close();
	const { context, page, list } = await told(['largePrint', 'simplified', 'calm']);
	assert.deepEqual(await html(page), { colours: 'contrast', text: '150', spacing: 'wide', layout: 'simple', motion: 'less' });
	assert.equal(await style(page, 'body', 'color'), 'rgb(0, 0, 0)');
	assert.match(await style(page, 'button', 'transitionProperty'), /none|all/);
	assert.equal(await style(page, 'button', 'transitionDuration'), '0s');
	assert.ok(parseFloat(await style(page, 'body', 'letterSpacing')) > 2);
	assert.deepEqual(list(), []);
	await context.close();
});

test('needs__works_without_scripts_and_keeps_what_was_chosen_after_signing_in', async () => {
	const { context, page } = await told(['largePrint'], { scripts: false });
	await page.goto(`${server.origin}/signin`);
	assert.equal((await html(page)).text, '150');
	await page.fill('[autocomplete=username]', learner.name);
	await page.fill('[autocomplete=current-password]', learner.password);
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '好，保存' }).click()]);
	assert.equal(await page.getByRole('button', { name: '好，保存' }).count(), 0);
	await context.close();
	const other = await person(browser, { user: await signIn(browser, server, learner) });
	const second = await other.newPage();
	await second.goto(`${server.origin}/`);
	assert.equal((await html(second)).text, '150', 'on another device too');
	await other.close();
});

test('needs__captions_are_on_from_the_start_and_off_for_who_wants_none', async () => {
	const pressed = (page) => page.locator('#captions').getAttribute('aria-pressed');
	for (const preset of ['captions', 'signLanguage']) {
		const { context, page, list } = await learnerWith([preset], `/videos/${plain.id}`);
		assert.equal(await pressed(page), 'true', preset);
		await page.locator('#play').click();
		await page.waitForFunction(() => document.querySelector('.vjs-text-track-display').textContent.includes('字幕第'));
		assert.deepEqual(list(), []);
		await context.close();
	}
	const user = await signIn(browser, server, learner);
	const { context, page } = await told([], { user });
	await page.goto(`${server.origin}/needs/details`);
	await page.getByLabel('字幕', { exact: true }).selectOption({ label: '开始时不开' });
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '就这样用' }).click()]);
	await page.goto(`${server.origin}/videos/${plain.id}`);
	await ready(page);
	assert.equal(await pressed(page), 'false');
	await page.goto(`${server.origin}/needs/details`);
	await page.getByLabel('字幕', { exact: true }).selectOption({ label: '一开始就开' });
	await page.getByLabel('字幕的语言').selectOption({ label: '英文' });
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '就这样用' }).click()]);
	await page.goto(`${server.origin}/videos/${plain.id}`);
	await ready(page);
	assert.equal(await pressed(page), 'true');
	assert.equal(await page.evaluate(() => Array.from(window.videojs('media').textTracks()).find((track) => track.mode === 'showing').language), 'en');
	await page.goto(`${server.origin}/needs/details`);
	await page.getByLabel('字幕', { exact: true }).selectOption({ index: 0 });
	await page.getByLabel('字幕的语言').selectOption({ index: 0 });
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '就这样用' }).click()]);
	await context.close();
});

test('needs__a_screen_reader_gets_the_described_sound_keys_and_a_tone', async () => {
	const { context, page, list } = await learnerWith(['screenReader'], `/videos/${described.id}`);
	await page.addInitScript(() => {
		window.tones = 0;
		const start = OscillatorNode.prototype.start;
		OscillatorNode.prototype.start = function count(...rest) { window.tones++; return start.apply(this, rest); };
	});
	await page.reload();
	await ready(page);
	assert.equal(await page.locator('details:has(kbd)').getAttribute('open'), '', 'keys are listed');
	await page.locator('#play').click();
	await page.waitForFunction(() => Array.from(window.videojs('media').audioTracks()).filter((track) => track.enabled).every((track) => /desc/.test(track.kind)) &&
		window.videojs('media').audioTracks().length === 2);
	assert.equal(await page.locator('#description').getAttribute('aria-pressed'), 'true');
	await page.locator('#description').click();
	await page.locator('#description[aria-pressed=false]').waitFor();
	const past = await page.evaluate(() => document.querySelector('video').currentTime + 1);
	await page.waitForFunction((time) => document.querySelector('video').currentTime > time, past);
	assert.equal(await page.locator('#description').getAttribute('aria-pressed'), 'false', 'switched off it stays off');
	assert.equal(await page.evaluate(() => window.tones), 0);
	const second = await context.newPage();
	await second.goto(`${server.origin}/videos/${described.id}`);
	await ready(second);
	await second.locator('#play').click();
	await page.locator('#moved').waitFor({ state: 'visible' });
	assert.equal(await page.evaluate(() => window.tones), 1);
	assert.deepEqual(list(), []);
	await context.close();
});

test('needs__sign_language_stands_beside_the_lesson_and_keeps_its_time', async () => {
	const { context, page, list } = await learnerWith(['signLanguage'], `/videos/${signed.id}`);
	const apart = () => page.evaluate(() => Math.abs(document.getElementById('sign').currentTime - window.videojs('media').currentTime()));
	assert.equal(await page.locator('details:has(#sign)').getAttribute('open'), '');
	const within = async (inner, outer) => {
		const [a, b] = [await page.locator(inner).boundingBox(), await page.locator(outer).boundingBox()];
		return a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
	};
	for (const text of ['100', '150', '200']) { // on a narrow page nothing hangs over
		await page.setViewportSize({ width: 320, height: 640 });
		await page.evaluate((size) => { document.documentElement.dataset.text = size; }, text);
		assert.deepEqual(await sideways(page), [], text);
		assert.ok(await within('#sign', 'details:has(#sign)'), `sign language in its box at ${text} %`);
		assert.ok(await within('.vjs-big-play-button', '.video-js'), `the large button on the picture at ${text} %`);
	}
	await page.evaluate(() => { delete document.documentElement.dataset.text; });
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.locator('#play').click();
	await page.waitForFunction(() => document.getElementById('sign').currentTime > 2);
	assert.ok(await apart() < 0.3, `${await apart()} s apart`);
	await page.getByRole('button', { name: '前进 10 秒' }).click();
	await page.waitForFunction(() => document.getElementById('sign').currentTime > 12.5);
	assert.ok(await apart() < 0.3, `${await apart()} s apart behind a jump`);
	await page.locator('#play').click();
	await page.waitForFunction(() => document.getElementById('sign').paused);
	assert.deepEqual(list(), []);
	await context.close();
});

test('needs__calm_is_not_beeped_at_even_with_a_screen_reader', async () => {
	const { context, page } = await learnerWith(['screenReader', 'calm'], `/videos/${plain.id}`);
	assert.equal(await page.locator('#player').getAttribute('data-cues'), '');
	await context.close();
});

test('needs__braille_reads_the_transcript_before_the_player', async () => {
	for (const scripts of [true, false]) {
		const { context, page } = await learnerWith(['braille'], `/videos/${plain.id}`, { scripts });
		const first = () => page.evaluate(() => Boolean(document.getElementById('transcript')
			.compareDocumentPosition(document.getElementById('player')) & Node.DOCUMENT_POSITION_FOLLOWING));
		assert.equal(await first(), true);
		assert.equal(await page.locator('#transcript').count(), 1);
		await context.close();
	}
	const { context, page } = await learnerWith(['keyboard'], `/books/${book.id}`);
	assert.equal(await page.locator('details:has(kbd)').getAttribute('open'), '');
	await context.close();
});

test('needs__saving_data_begins_with_sound_only_and_the_picture_is_one_press_away', async () => {
	const { context, page, list } = await learnerWith(['saveData'], `/videos/${plain.id}`);
	const fetched = [];
	page.on('request', (request) => { if (/\/media\/|m3u8/.test(request.url())) fetched.push(request.url()); });
	await page.reload();
	await ready(page);
	assert.deepEqual(fetched, [], 'nothing is fetched before it is wanted');
	assert.equal(await page.locator('video').count(), 0);
	await page.locator('#play').click();
	await page.waitForFunction(() => document.querySelector('audio').currentTime > 1.5);
	await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: /^看画面，约/ }).click()]);
	assert.match(page.url(), /sound=no&from=[1-9]/, 'the place comes along');
	await ready(page);
	assert.equal(await page.locator('video').count(), 1);
	await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: /^只听声音，约/ }).click()]);
	await ready(page);
	assert.equal(await page.locator('audio').count(), 1);
	assert.deepEqual(list(), []);
	await context.close();
	const needs = await learnerWith(['saveData', 'captions'], `/videos/${plain.id}`, { scripts: false });
	assert.equal(await needs.page.locator('video').count(), 1, 'who needs captions is not left with sound');
	await needs.context.close();
});

test('needs__a_playing_lesson_keeps_its_place', async () => {
	const { context, page, list } = await learnerWith([], `/videos/${plain.id}`);
	await page.locator('#play').click();
	await page.waitForFunction(() => document.querySelector('video').currentTime > 3);
	await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: '怎样学更方便' }).click()]);
	await page.locator('[name=keyboard]').check();
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '就这样用' }).click()]);
	await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: '回到刚才的页面' }).click()]);
	assert.match(page.url(), new RegExp(`/videos/${plain.id}\\?from=[3-9]`));
	await ready(page);
	await page.locator('#play').click();
	await page.waitForFunction(() => document.querySelector('video').currentTime > 3.2);
	assert.ok(await page.evaluate(() => document.querySelector('video').currentTime) < 15);
	assert.deepEqual(list(), []);
	await context.close();
});

test('needs__a_helper_sets_it_after_the_person_said_yes', async () => {
	const mine = await person(browser, { user: await signIn(browser, server, learner) });
	const page = await mine.newPage();
	await page.goto(`${server.origin}/needs/mine`);
	await page.getByLabel('协助人的号码').fill('mama');
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '同意，可以替我设置' }).click()]);
	const theirs = await person(browser, { user: await signIn(browser, server, helper) });
	const other = await theirs.newPage();
	await other.goto(`${server.origin}/needs/mine`);
	await Promise.all([other.waitForNavigation(), other.getByRole('link', { name: 'xiaolin' }).click()]);
	await other.locator('[name=simplified]').check();
	await Promise.all([other.waitForNavigation(), other.getByRole('button', { name: '就这样用' }).click()]);
	assert.deepEqual(await axe(other), []);
	await page.reload();
	assert.equal((await html(page)).layout, 'simple');
	assert.match(await page.locator('main').innerText(), /mama改了设置/);
	await tabTo(page, '收回对mama的同意', { role: 'button' });
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	await other.goto(`${server.origin}/needs/mine`);
	assert.equal(await other.getByRole('link', { name: 'xiaolin' }).count(), 0);
	await mine.close();
	await theirs.close();
});

test('needs__pages_are_clean_for_everybody', async () => {
	const { context, page } = await told(['largePrint', 'simplified'], { width: 320, user: await signIn(browser, server, learner) });
	for (const address of ['/needs', '/needs/details', '/needs/mine', '/', `/videos/${plain.id}`]) {
		await page.goto(server.origin + address);
		assert.deepEqual([...await axe(page), ...await sideways(page)], [], `${address} in large print at 320 px`);
	}
	await context.close();
});
