// A learner's way through a video lesson in a real browser: found, played, captions, another language, left and resumed;
// what was played is counted. All of it came through `curbcut import`.
// Needs plugins: catalog credit video
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { complaints, launch, person, signIn, WITH_WINDOWS } from './lib/browser.mjs';
import { ffmpeg, makeDescribedCourse, makeVideoFolder, openClass, record, unitsOf } from './lib/classroom.mjs';
import { press, signInByKeys, tabTo } from './lib/keys.mjs';
import { startServer } from './lib/server.mjs';

let browser, server, folder, learner, outsider, unit;
before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-player-'));
	server = await startServer();
	browser = await launch();
	const lines = server.importFiles(makeVideoFolder(folder, '键盘入门', 90));
	[unit] = await unitsOf(server, lines[0].course);
	learner = server.addUser('xiaolin', 'learner');
	outsider = server.addUser('xiaowang', 'learner');
	await openClass(server, lines, [learner]);
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const lesson = () => `${server.origin}/videos/${unit.id}`;
const video = (page) => page.evaluate(() => {
	const element = document.querySelector('video');
	const { totalVideoFrames } = element.getVideoPlaybackQuality();
	return { time: element.currentTime, frames: totalVideoFrames, paused: element.paused, rate: element.playbackRate };
});
const ready = (page) => page.waitForFunction(() => document.getElementById('player')?.dataset.ready);
const past = (page, seconds) => page.waitForFunction((at) => document.querySelector('video').currentTime > at, seconds);

// The server is told by a request of its own, so it is asked until it knows, for ten seconds at most.
async function until(holds) {
	for (let i = 0; i < 100; i++) {
		if (await holds()) return;
		await new Promise((resolve) => { setTimeout(resolve, 100); });
	}
	assert.fail(`never came: ${holds}`);
}

async function open(options, address = lesson()) {
	const context = await person(browser, options);
	const page = await context.newPage();
	const list = complaints(page);
	await page.goto(address);
	await ready(page);
	return { context, page, list };
}

// An AVI of MPEG-4 and MP2, which no browser plays: the server makes a form of it, with the program ffmpeg.
test('player__plays_what_was_made_of_an_avi', async () => {
	const file = path.join(folder, 'lesson.avi');
	ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=8', '-f', 'lavfi', '-i', 'sine=duration=8', '-c:v', 'mpeg4', '-c:a', 'mp2', file);
	const [line] = server.importFiles(file), [made] = await unitsOf(server, line.course);
	const user = await signIn(browser, server, outsider);
	const { context, page, list } = await open({ user, lang: 'zh-CN' }, `${server.origin}/videos/${made.id}`);
	await page.locator('#play').click();
	await past(page, 1);
	const { frames } = await video(page);
	await past(page, 3);
	assert.ok(frames > 5 && (await video(page)).frames > frames + 5);
	assert.deepEqual(list(), []);
	await context.close();
});

test('player__from_sign_in_to_a_resumed_lesson_by_keyboard', async (t) => {
	const windows = await launch(WITH_WINDOWS);
	t.after(() => windows.close());
	const context = await person(windows, { lang: 'zh-CN' });
	const page = await context.newPage();
	const list = complaints(page);
	await signInByKeys(page, server, learner);
	await page.goto(`${server.origin}/`);
	await tabTo(page, '找课程', { role: 'searchbox' });
	await page.keyboard.type('键盘');
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	await press(page, '键盘入门', { role: 'link', leaves: true });
	await press(page, /lesson1/, { role: 'link', leaves: true });
	await ready(page);

	await press(page, '播放', { role: 'button' });
	await past(page, 2);
	const first = await video(page);
	await past(page, 3);
	assert.ok((await video(page)).frames > first.frames && first.frames > 10, 'decoded frames grow');

	const captions = page.locator('#captions');
	await captions.press('Enter');
	assert.equal(await captions.getAttribute('aria-pressed'), 'false');
	await page.waitForFunction(() => document.querySelector('.vjs-text-track-display').textContent === '');
	await captions.press('Enter');
	assert.equal(await captions.getAttribute('aria-pressed'), 'true');
	await page.waitForFunction(() => document.querySelector('.vjs-text-track-display').textContent.includes('字幕第'));

	const before = (await video(page)).time;
	await page.getByRole('button', { name: '前进 10 秒' }).press('Enter');
	await past(page, before + 10);
	await page.getByLabel('播放速度').selectOption({ label: '3 倍' });
	const [slow, from] = [await video(page), Date.now()];
	await past(page, slow.time + 6);
	assert.equal((await video(page)).rate, 3);
	assert.ok((Date.now() - from) / 1000 < 4.5, 'three times as fast');
	await Promise.all([page.waitForResponse(/\/beats$/), page.locator('#play').press('Enter')]);
	await page.waitForFunction(() => document.querySelector('video').paused);
	await page.waitForFunction(() => /已记 \d+ 秒/.test(document.getElementById('hours').textContent) &&
		!/已记 0 秒/.test(document.getElementById('hours').textContent));
	const stopped = (await video(page)).time;

	await press(page, 'English', { role: 'button', leaves: true });
	assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
	await press(page, 'Sign out', { role: 'button', leaves: true });
	await signInByKeys(page, server, learner);
	await page.goto(lesson());
	await ready(page);
	const resume = page.getByRole('link', { name: /^Resume at/ });
	assert.match(await resume.innerText(), new RegExp(`${Math.floor(stopped) % 60} s`));
	await resume.press('Enter');
	await past(page, stopped);
	assert.ok((await video(page)).time < stopped + 8, 'it went on where it stopped');
	await page.waitForFunction(() => document.querySelector('.vjs-text-track-display').textContent.includes('Caption'));
	assert.deepEqual(list(), []);
	await context.close();
});

test('player__what_was_played_is_on_the_record', async () => {
	const user = await signIn(browser, server, learner);
	const counted = async () => (await record(server, learner)).cohorts[0].online_s;
	const { context, page, list } = await open({ user }, `${lesson()}?from=40`);
	const before = await counted();
	await page.locator('#play').click();
	await past(page, 44.2);
	await page.goto('about:blank'); // the last beat leaves with the page
	await until(async () => (await counted()) >= before + 4);
	await page.goto(`${server.origin}/record`);
	assert.match(await page.locator('main').innerText(), /记/);
	assert.deepEqual(list(), []);
	await context.close();
});

test('player__a_second_page_takes_the_lesson_and_the_first_says_so', async () => {
	const user = await signIn(browser, server, learner);
	const [one, two] = [await open({ user, lang: 'zh-CN' }), await open({ user, lang: 'zh-CN' })];
	const play = (page) => page.locator('#play').click();
	await play(one.page);
	await past(one.page, 1);
	await play(two.page);
	await past(two.page, 1);
	await one.page.locator('#moved').waitFor({ state: 'visible' });
	assert.match(await one.page.locator('#moved').innerText(), /这一课正在另一台设备上播放/);
	assert.match(await one.page.locator('#say').textContent(), /另一台设备/);
	assert.equal((await video(one.page)).paused, true);
	const stopped = (await video(one.page)).time;
	await one.page.getByRole('button', { name: '在这里继续' }).press('Enter');
	await past(one.page, stopped + 1);
	assert.equal(await one.page.locator('#moved').isVisible(), false);
	await play(two.page); // stops it: its beat hears that the lesson is elsewhere
	await two.page.locator('#moved').waitFor({ state: 'visible' });
	await one.context.close();
	await two.context.close();
});

test('player__a_cut_line_is_said_and_what_was_learned_comes_later', async () => {
	const user = await signIn(browser, server, learner);
	const { context, page } = await open({ user, lang: 'en' }, `${lesson()}?from=60`);
	const before = (await record(server, learner)).cohorts[0].online_s;
	await page.locator('#play').click();
	await past(page, 61);
	await page.route('**/beats', (route) => route.abort());
	await past(page, 66);
	await page.locator('#play').click();
	await page.locator('#offline').waitFor({ state: 'visible' });
	const kept = await page.evaluate(() => new Promise((resolve) => {
		const request = indexedDB.open('curbcut', 1);
		request.onsuccess = () => {
			const all = request.result.transaction('beats').objectStore('beats').getAll();
			all.onsuccess = () => resolve(all.result.length);
		};
	}));
	assert.ok(kept > 0, 'the beats are kept on the device');
	await page.unroute('**/beats');
	await page.reload(); // another day: the page sends what waits
	await until(async () => (await record(server, learner)).cohorts[0].online_s >= before + 5);
	await context.close();
});

// As in a browser inside a chat program: neither streaming nor captions, and no report is due when the line breaks.
test('player__a_cut_line_is_said_before_a_report_is_due_and_the_lesson_goes_on', async () => {
	const user = await signIn(browser, server, learner);
	const context = await person(browser, { user, lang: 'en' });
	await context.addInitScript(() => {
		for (const name of ['MediaSource', 'ManagedMediaSource', 'TextTrack', 'TextTrackList', 'VTTCue']) delete window[name];
		for (const name of ['textTracks', 'addTextTrack', 'audioTracks']) delete HTMLMediaElement.prototype[name];
		delete HTMLTrackElement.prototype.track;
	});
	const page = await context.newPage();
	await page.goto(`${lesson()}?from=20`);
	await ready(page);
	await page.locator('#play').click();
	await past(page, 21);
	const sent = [];
	page.on('requestfinished', (request) => { if (/\/beats$/.test(request.url())) sent.push(request.postDataJSON()); });
	await context.setOffline(true);
	await page.locator('#offline').waitFor({ state: 'visible', timeout: 4000 });
	await page.waitForFunction(() => /^The line is cut. Go on; your study is kept/.test(document.getElementById('say').textContent));
	await context.setOffline(false);
	await page.locator('#offline').waitFor({ state: 'hidden', timeout: 4000 });
	await page.waitForFunction(() => /^Connected again/.test(document.getElementById('say').textContent));
	const { time } = await video(page);
	await past(page, time + 1);
	await until(() => sent.some((beat) => beat.played.some(([from]) => from <= 21)));
	// the sound and the picture themselves break off
	await context.setOffline(true);
	await page.evaluate(() => window.videojs.getPlayers().media.error({ code: 2 }));
	await context.setOffline(false);
	await past(page, time + 2);
	assert.equal((await video(page)).paused, false);
	await context.close();
});

test('player__a_full_share_is_said_once_and_a_refused_play_too', async () => {
	const user = await signIn(browser, server, learner);
	const { context, page } = await open({ user, lang: 'en' });
	await page.route('**/beats', (route) => route.fulfill({
		json: { lease: 'held', reason: 'share_full', why: 'The online hours of this class are full.', granted_s: 61, unit_s: 81, seen_s: 70 },
	}));
	await page.evaluate(() => {
		window.said = [];
		new MutationObserver(() => window.said.push(document.getElementById('say').textContent)).observe(document.getElementById('say'), { childList: true });
	});
	for (let i = 0; i < 2; i++) {
		const at = (await video(page)).time;
		await page.locator('#play').click();
		await past(page, at + 1.5);
		await Promise.all([page.waitForResponse(/\/beats$/), page.locator('#play').click()]);
	}
	await page.locator('#full').waitFor({ state: 'visible' });
	assert.equal(await page.locator('#hours').innerText(), 'Counted in this lesson: 1 min 1 s of 1 min 21 s');
	await until(async () => (await page.evaluate(() => window.said)).filter((text) => /hours of this class are full/.test(text)).length === 1);
	assert.equal(await page.evaluate(() => document.activeElement.id), 'play'); // the focus was not taken away
	await page.unroute('**/beats');
	await page.route('**/api/v1/plays', (route) => route.fulfill({ status: 409, json: { detail: 'This class has ended' } }));
	await page.reload();
	await ready(page);
	await page.locator('#play').click();
	await page.locator('#refused').waitFor({ state: 'visible' });
	assert.match(await page.locator('#refused').innerText(), /This class has ended/);
	await past(page, 1); // and yet it plays
	await context.close();
});

test('player__keys_work_in_the_player_alone', async () => {
	const user = await signIn(browser, server, outsider);
	const { context, page } = await open({ user, lang: 'en' });
	await page.keyboard.press('k');
	await page.keyboard.press('.');
	assert.equal((await video(page)).paused, true);
	await page.locator('#play').focus();
	await page.keyboard.press('k');
	await past(page, 1);
	await page.keyboard.press('.');
	assert.equal((await video(page)).rate, 1.25);
	await page.keyboard.press('l');
	await past(page, 11);
	await page.keyboard.press('c');
	assert.equal(await page.locator('#captions').getAttribute('aria-pressed'), 'false');
	await page.keyboard.press('t');
	await page.waitForFunction(() => /^Position: \d+ s of 1 min 30 s$/.test(document.getElementById('say').textContent));
	await page.keyboard.press('k');
	assert.equal((await video(page)).paused, true);
	await context.close();
});

test('player__transcript_follows_the_sound_and_leads_into_it', async () => {
	const user = await signIn(browser, server, outsider);
	const { context, page } = await open({ user, lang: 'zh-CN' });
	const rows = page.locator('#transcript span[data-seconds]');
	const times = await rows.evaluateAll((all) => all.map((row) => Number(row.dataset.seconds)));
	assert.ok(times.length > 10 && times.every((time, i) => i === 0 || time >= times[i - 1]));
	const at = times.findIndex((time) => time >= 40);
	await rows.nth(at).click();
	await past(page, times[at] + 0.2);
	await page.waitForFunction((text) => document.querySelector('#transcript [aria-current]')?.textContent === text, await rows.nth(at).textContent());
	assert.equal(await page.locator('#transcript [aria-current]').count(), 1);
	const paragraph = page.locator('#transcript a').nth(1);
	const start = Number(await paragraph.getAttribute('data-seconds'));
	await paragraph.press('Enter');
	await page.waitForFunction((to) => Math.abs(document.querySelector('video').currentTime - to) < 3, start);
	await context.close();
});

test('player__a_described_picture_and_chapters_are_a_press_away', async () => {
	const user = await signIn(browser, server, outsider);
	const [{ course }] = server.importFiles(makeDescribedCourse(folder, '解说入门'));
	const [described] = await unitsOf(server, course);
	const { context, page, list } = await open({ user, lang: 'zh-CN' }, `${server.origin}/videos/${described.id}`);
	await page.locator('#play').click();
	await past(page, 1);
	const button = page.getByRole('button', { name: '画面解说', exact: true });
	assert.equal(await button.getAttribute('aria-pressed'), 'false');
	await button.press('Enter');
	await page.waitForFunction(() => document.getElementById('description').getAttribute('aria-pressed') === 'true');
	await past(page, (await video(page)).time + 1); // it goes on with the other sound
	assert.equal(await page.locator('#points [aria-current]').innerText(), '开头');
	await page.locator('#points').getByRole('link', { name: '后面' }).press('Enter');
	await past(page, 8.2);
	assert.equal(await page.locator('#points [aria-current]').innerText(), '后面');
	// the bar on the picture has what the page has not, and says times in words
	const bar = page.locator('.vjs-control-bar').getByRole('button');
	assert.deepEqual(await bar.evaluateAll((all) => all.map((one) => one.title)), ['静音', '字幕语言', '全屏']);
	assert.match(await page.locator('.vjs-current-time-display').innerText(), /^\d+ 秒$/);
	assert.match(await page.locator('.vjs-progress-holder').getAttribute('aria-valuetext'), /秒，全部 20 秒$/);
	assert.deepEqual(list(), []);
	await context.close();
});

test('player__a_description_in_words_is_told_at_its_moment_and_seen_below_the_picture', async () => {
	const user = await signIn(browser, server, outsider), to = makeVideoFolder(folder, '文字解说', 20);
	writeFileSync(path.join(to, 'lesson1.zh-CN.desc.vtt'), 'WEBVTT\n\n00:01.000 --> 00:03.000\n<v 解说>一只手按住肩膀\n\n00:03.500 --> 00:06.000\n拇指向下推\n');
	const [described] = await unitsOf(server, server.importFiles(to)[0].course);
	const { context, page, list } = await open({ user, lang: 'zh-CN' }, `${server.origin}/videos/${described.id}`);
	const button = page.getByRole('button', { name: '画面解说', exact: true }), told = page.locator('#told');
	assert.deepEqual([await button.getAttribute('aria-pressed'), await told.isVisible()], ['false', false]);
	await page.evaluate(() => {
		globalThis.said = [];
		new MutationObserver(() => globalThis.said.push(document.getElementById('say').textContent)).observe(document.getElementById('say'), { childList: true, characterData: true, subtree: true });
	});
	await button.press('Enter');
	await page.locator('#description[aria-pressed=true]').waitFor();
	await page.locator('#play').click();
	await page.waitForFunction(() => document.getElementById('told').textContent === '拇指向下推');
	assert.deepEqual([await told.isVisible(), await told.getAttribute('lang')], [true, 'zh-CN']);
	await page.waitForFunction(() => globalThis.said.includes('拇指向下推'));
	assert.ok((await page.evaluate(() => globalThis.said)).includes('一只手按住肩膀'));
	await button.press('Enter');
	await page.locator('#description[aria-pressed=false]').waitFor();
	assert.equal(await told.isVisible(), false);
	assert.deepEqual(list(), []);
	await context.close();
});

test('player__outside_a_class_the_place_is_kept', async () => {
	const user = await signIn(browser, server, outsider);
	const { context, page, list } = await open({ user, lang: 'en' }, `${lesson()}?from=30`);
	assert.match(await page.locator('main').innerText(), /You are not in a class with this lesson/);
	await page.locator('#play').click();
	await past(page, 31.2);
	await Promise.all([page.waitForResponse(/\/place$/), page.locator('#play').click()]);
	await page.waitForFunction(() => document.querySelector('video').paused);
	await page.goto(lesson());
	await page.getByRole('link', { name: /^Resume at 3\d s/ }).waitFor();
	assert.deepEqual(list(), []);
	await context.close();
});

test('player__plays_without_scripts', async () => {
	const user = await signIn(browser, server, learner);
	const context = await person(browser, { user, lang: 'zh-CN', scripts: false });
	const page = await context.newPage();
	await page.goto(`${lesson()}?from=20`);
	assert.equal(await page.locator('video').getAttribute('controls'), '');
	assert.equal(await page.locator('[data-scripted]:visible').count(), 0);
	assert.equal(await page.locator('track[kind=captions]').count(), 2);
	await page.getByText('记满 1 分 21 秒以后，其余的照样可以学').waitFor(); // why less counts than it lasts
	await page.locator('video').evaluate((element) => { element.play(); });
	await until(async () => (await video(page)).time > 21);
	assert.ok((await video(page)).frames > 5);
	assert.equal((await page.goto(`${server.origin}/record`)).status(), 200);
	await context.close();
});

test('player__scripts_of_ours_are_small', async () => {
	const user = await signIn(browser, server, learner);
	const context = await person(browser, { user });
	const page = await context.newPage();
	let bytes = 0, html = 0;
	page.on('response', async (response) => {
		if (/\.js$/.test(response.url()) && !/video\.min|video-lang/.test(response.url())) bytes += (await response.body()).length;
		if (response.url() === lesson()) html = (await response.body()).length;
	});
	await page.goto(lesson());
	await ready(page);
	assert.ok(bytes > 5000 && bytes < 40960, `${bytes} bytes of scripts`);
	assert.ok(html > 0 && html < 30720, `${html} bytes of page`);
	await context.close();
});
