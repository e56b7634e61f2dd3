// What ./dev serve shows: the demo courses are filled in, and each role can do what its line in accounts.txt says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { axe, frame, sideways } from './lib/access.mjs';
import { complaints, launch, person, signIn } from './lib/browser.mjs';
import { program, startServer } from './lib/server.mjs';

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../content/demo/fill.sh');
const LANGS = ['zh-CN', 'en'];
const LESSON = '用键盘和读屏软件学习', BOOK = '新学员手册', DRAFT = 'How your hours are counted';

let folder, browser, server, first;
const users = {};

const fill = () => spawnSync(script, [program, path.join(folder, 'data')], { encoding: 'utf8', timeout: 120000 });

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-demo-'));
	first = fill();
	server = await startServer({ data: path.join(folder, 'data') });
	browser = await launch();
});
after(async () => {
	await browser?.close();
	await server?.stop();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

function accounts() {
	const text = readFileSync(path.join(folder, 'data/accounts.txt'), 'utf8');
	return Object.fromEntries([...text.matchAll(/^(\w+) +(\w+) +(\d{4}-\d{4})\n {4}(.+)$/gm)]
		.map(([, name, role, password, next]) => [name, { name, role, password, next }]));
}

async function user(name) {
	users[name] ??= await signIn(browser, server, accounts()[name]);
	return users[name];
}

// Runs story(page, lang) as a person in each language; then the page it ended on must be without faults.
async function as(name, story, langs = LANGS) {
	for (const lang of langs) {
		const context = await person(browser, { lang, width: 320, user: name && await user(name) });
		const page = await context.newPage();
		const list = complaints(page);
		page.on('response', (reply) => { if (reply.status() >= 400) list().push(`${reply.status()} ${reply.url()}`); });
		try {
			await story(page, lang);
			assert.deepEqual([...list(), ...await axe(page), ...await frame(page, lang), ...await sideways(page)], [], `${name} in ${lang} at ${page.url()}`);
		} finally {
			await context.close();
		}
	}
}

async function openLesson(page, course, lesson = /^(第 1 课|Lesson 1)/) {
	await page.goto(`${server.origin}/courses`);
	await page.getByRole('link', { name: course, exact: true }).click();
	await page.getByRole('link', { name: lesson }).click();
	await page.waitForLoadState();
}

const button = (page, name) => page.getByRole('button', { name, exact: true });

// Presses play and waits until `seconds` were played and decoded; pauses again.
async function play(page, seconds, meanwhile = () => {}) {
	await page.locator('#play').click();
	await page.waitForFunction((most) => {
		const media = document.querySelector('video, audio');
		return media.currentTime >= most && !media.paused && media.readyState >= 2;
	}, seconds);
	await meanwhile();
	await page.locator('#play').click();
}

test('demo__fills_an_empty_folder_once', () => {
	assert.equal(first.status, 0, first.stderr);
	const again = fill();
	assert.equal(again.status, 0, again.stderr);
	assert.match(again.stdout, /filled already; nothing was changed/);
	assert.deepEqual(new Set(Object.values(accounts()).map((account) => account.role)), new Set(['learner', 'helper', 'author', 'teacher', 'captioner', 'staff',
		'reviewer', 'auditor', 'evaluator', 'admin']));
	for (const account of Object.values(accounts())) assert.match(account.next, /\.$/);
});

test('demo__anybody_sees_the_courses_and_not_the_draft', async () => {
	await as(null, async (page) => {
		await page.goto(server.origin);
		for (const name of [LESSON, BOOK]) assert.equal(await page.getByRole('link', { name, exact: true }).count(), 1);
		assert.equal(await page.getByText(DRAFT).count(), 0);
	});
	await as(null, async (page) => {
		await page.goto(server.origin);
		await page.getByRole('link', { name: LESSON, exact: true }).click();
		await page.waitForLoadState();
		assert.match(await page.locator('main').innerText(), /电脑合成的声音/);
	});
});

test('demo__who_chooses_easy_texts_and_pinyin_reads_them', async () => {
	await as(null, async (page) => {
		await page.goto(`${server.origin}/needs/details`);
		await page.getByLabel('易读文字').selectOption({ label: '先看易读文字' });
		await page.getByLabel('拼音').selectOption({ label: '要拼音' });
		await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '就这样用' }).click()]);
		for (const [course, easy, first] of [[LESSON, '这门课不用鼠标，只用键盘。', 'yòng'], [BOOK, '这本书念给您听，一共五章，每章一分多钟。', 'xīn']]) {
			await page.goto(`${server.origin}/courses`);
			await page.getByRole('link', { name: course, exact: true }).click();
			await page.waitForLoadState();
			assert.equal(await page.locator('h1 rt').first().innerText(), first);
			assert.ok((await page.locator('main .ruby > :first-child').allTextContents()).some((text) => text.startsWith(easy)), easy);
			assert.equal(await page.locator('main .ruby ruby:not(:has(rt))').count(), 0);
		}
	}, ['zh-CN']);
});

test('demo__learner1_finds_watches_with_captions_and_sees_the_hours', async () => {
	await as('learner1', async (page, lang) => {
		await page.goto(server.origin);
		await page.getByRole('searchbox').fill('读屏');
		await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
		await page.getByRole('link', { name: LESSON, exact: true }).click();
		await page.getByRole('link', { name: /从登录到看学时/ }).click();
		await page.waitForLoadState();
		await play(page, 1, async () => {
			const captions = page.locator('#captions');
			if (await captions.getAttribute('aria-pressed') !== 'true') await captions.click();
			await page.locator('.vjs-text-track-cue', { hasText: lang === 'en' ? 'A computer voice speaks this lesson.' : '这段解说是电脑合成的声音。' }).waitFor();
			assert.ok(await page.evaluate(() => document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames) > 2);
		});
		assert.equal(await page.getByRole('heading', { name: lang === 'en' ? 'Transcript' : '文字稿' }).count(), 1);
		assert.ok((await page.locator('#points li').count()) >= 4);
	});
	await as('learner1', async (page) => {
		await page.goto(`${server.origin}/record`);
		const text = await page.locator('main').innerText();
		assert.match(text, /读屏入门小班/);
		assert.match(text, /从登录到看学时/);
	});
});

test('demo__learner2_listens_to_the_book', async () => {
	await as('learner2', async (page) => {
		await openLesson(page, BOOK);
		// its text stands below, and what is heard is marked in it
		await play(page, 3, () => page.locator('#transcript [aria-current]', { hasText: '您好，欢迎您。' }).waitFor());
		const text = await page.locator('main').innerText();
		assert.match(text, /有困难的时候/);
		assert.match(text, /先给走路不方便的人把路修好/);
	});
});

test('demo__learner3_is_in_no_class_until_staff_adds_the_account', async () => {
	await as('learner3', async (page) => {
		await openLesson(page, LESSON);
		assert.match(await page.locator('main').innerText(), /adds no hours|不计学时|不增加学时/);
	});
	await as('staff', async (page) => {
		await page.goto(`${server.origin}/classes`);
		await page.getByRole('link', { name: '读屏入门小班' }).click();
		await page.getByRole('textbox').fill('learner3');
		await Promise.all([page.waitForNavigation(), button(page, '加入花名册').click()]);
		assert.match(await page.locator('main').innerText(), /learner3/);
	}, ['zh-CN']);
	await as('teacher', async (page) => {
		await page.goto(`${server.origin}/classes`);
		await page.getByRole('link', { name: '读屏入门小班' }).click();
		await page.waitForLoadState();
		const text = await page.locator('main').innerText();
		for (const word of ['learner1', 'learner2', 'learner3', '0.24', '0.16']) assert.ok(text.includes(word), word);
	});
});

test('demo__the_roster_tells_who_was_added_and_what_was_wrong', async () => {
	const context = await person(browser, { lang: 'zh-CN', user: await user('staff') });
	const page = await context.newPage();
	await page.goto(`${server.origin}/classes`);
	await page.getByRole('link', { name: '读屏入门小班' }).click();
	await page.waitForLoadState();
	await page.getByRole('textbox').fill('nobody-of-that-name');
	await Promise.all([page.waitForNavigation(), button(page, '加入花名册').click()]);
	const wrong = page.getByRole('textbox', { name: '学号或手机号', exact: true });
	await page.waitForFunction(() => document.activeElement.matches('[aria-invalid=true]'));
	assert.equal(await wrong.inputValue(), 'nobody-of-that-name');
	const [, error] = (await wrong.getAttribute('aria-describedby')).split(' '); // behind the help
	assert.match(await page.locator(`#${error}`).innerText(), /nobody-of-that-name/);
	assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), '读屏入门小班');
	await wrong.fill('learner1'); // on it already: nothing changes, and that is told too
	await Promise.all([page.waitForNavigation(), button(page, '加入花名册').click()]);
	assert.match(await page.locator('.notice').innerText(), /learner1已经加入学员花名册/);
	await context.close();
});

test('demo__author_sees_the_draft_and_the_reviewer_publishes_it', async () => {
	for (const name of ['author', 'reviewer'])
		await as(name, async (page) => {
			await page.goto(`${server.origin}/drafts`);
			const link = page.getByRole('link', { name: DRAFT });
			assert.equal(await link.getAttribute('lang'), 'en');
			await link.click();
			await page.waitForLoadState();
			assert.equal(await page.getByRole('heading', { level: 1 }).getAttribute('lang'), 'en');
		});
	await as('author', async (page) => {
		await page.goto(`${server.origin}/drafts`);
		assert.equal(await page.getByRole('link', { name: DRAFT }).count(), 1);
	});
	await as('reviewer', async (page) => {
		await page.goto(`${server.origin}/drafts`);
		await page.getByRole('link', { name: DRAFT }).click();
		await Promise.all([page.waitForNavigation(), button(page, 'Publish this course').click()]);
		await page.goto(server.origin);
		assert.equal(await page.getByRole('link', { name: DRAFT, exact: true }).count(), 1);
	}, ['en']);
});

test('demo__auditor_reads_classes_and_a_record', async () => {
	const context = await person(browser, { user: await user('auditor') });
	const page = await context.newPage();
	for (const address of accounts().auditor.next.match(/\/api\/v1\/[\w/-]+/g)) {
		const reply = await page.goto(server.origin + address);
		assert.equal(reply.status(), 200, address);
		assert.match(await reply.text(), /读屏入门小班/);
	}
	await context.close();
});

test('demo__others_find_and_watch', async () => {
	for (const name of ['helper', 'captioner', 'evaluator'])
		await as(name, async (page) => {
			await openLesson(page, LESSON);
			await play(page, 1);
		}, ['zh-CN']);
	const context = await person(browser, { user: await user('admin') });
	const page = await context.newPage();
	for (const address of ['/healthz', '/metrics']) assert.equal((await page.goto(server.origin + address)).status(), 200);
	await context.close();
});
