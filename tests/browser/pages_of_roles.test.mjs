// The first page and the pages of staff and authors, by keyboard, with scripts and without, and as axe sees them.
// Needs plugins: catalog credit video
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { axe, frame, sideways } from './lib/access.mjs';
import { complaints, launch, person, signIn } from './lib/browser.mjs';
import { makeVideoFolder, openClass } from './lib/classroom.mjs';
import { focused } from './lib/keys.mjs';
import { startServer } from './lib/server.mjs';

const COURSE = '推拿基础';
let folder, server, browser, learner, author, staff, reviewer, place, pack;

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-roles-'));
	server = await startServer();
	browser = await launch();
	const files = makeVideoFolder(folder, COURSE);
	learner = server.addUser('xiaomei', 'learner');
	author = server.addUser('zuozhe', 'author');
	reviewer = server.addUser('shenhe', 'reviewer');
	place = await openClass(server, server.importFiles(files), [learner]);
	staff = { name: 'staff-of-class', password: 'pass-staff-2468' };
	// more than two parts of an upload
	writeFileSync(path.join(files, 'readme.bin'), randomBytes(9 << 20));
	pack = path.join(folder, '推拿.zip');
	spawnSync('zip', ['-q', '-0', '-r', pack, '.'], { cwd: files });
});
after(async () => {
	await browser?.close();
	await server?.stop();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

// A keyboard that counts: Tab until the thing has the focus, then a key; typing is not counted.
function counting(page) {
	const keys = { pressed: 0 };
	keys.press = async (key) => { keys.pressed++; await page.keyboard.press(key); };
	keys.to = async (name) => {
		for (let i = 0; i < 20; i++) {
			await keys.press('Tab');
			if (name.test((await focused(page)).name)) return;
		}
		throw new Error(`never came to ${name}`);
	};
	keys.leave = (key) => Promise.all([page.waitForNavigation(), keys.press(key)]);
	return keys;
}

test('first_page__a_newcomer_comes_to_the_first_lesson_in_twelve_keys', async () => {
	const context = await person(browser, { lang: 'zh-CN' });
	const page = await context.newPage(), keys = counting(page);
	await page.goto(server.origin + '/');
	await keys.to(/正文|内容/);
	await keys.press('Enter');
	await keys.to(/^登录，开始学$/);
	await keys.leave('Enter');
	if (!/学号/.test((await focused(page)).name)) await keys.to(/学号/);
	await page.keyboard.type(learner.name);
	await keys.to(/密码/);
	await page.keyboard.type(learner.password);
	await keys.leave('Enter');
	await keys.to(/第 1 课/);
	await keys.leave('Enter');
	assert.match(page.url(), /\/videos\//);
	assert.ok(keys.pressed <= 12, `${keys.pressed} keys`);
	await context.close();
});

test('first_page__leads_back_to_where_one_stopped', async () => {
	const user = await signIn(browser, server, learner);
	const context = await person(browser, { user, lang: 'en' });
	const page = await context.newPage();
	await page.goto(server.origin + '/');
	await page.getByRole('link', { name: /^Begin with lesson 1/ }).click();
	await page.locator('#play').click();
	await page.waitForFunction(() => document.querySelector('video').currentTime > 2);
	await Promise.all([page.waitForResponse((reply) => /beats/.test(reply.url())), page.locator('#play').click()]);
	await page.goto(server.origin + '/');
	assert.equal(await page.getByRole('link', { name: /^Go on with lesson 1/ }).count(), 1);
	assert.match(await page.locator('main').innerText(), /You stopped at \d+ s/);
	const asked = await page.evaluate(() => performance.getEntriesByType('resource').map((one) => one.name.split('#')[0]));
	assert.ok(new Set(asked).size < 4, asked.join(' ')); // and the page itself
	await context.close();
});

test('class__is_opened_by_its_steps_without_scripts', async () => {
	const context = await person(browser, { user: await signIn(browser, server, staff), lang: 'en', scripts: false, width: 320 });
	const page = await context.newPage();
	const next = () => Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Save and go on' }).click()]);
	await page.goto(`${server.origin}/classes`);
	await page.getByRole('link', { name: 'Open a class' }).first().click();
	await page.getByLabel('Training programme').fill('Massage');
	await page.getByLabel('Total class hours').fill('a lot');
	await next();
	assert.equal(await page.getByLabel('Training programme').inputValue(), 'Massage');
	await page.getByLabel('Total class hours').fill('0.02');
	await next();
	await page.getByRole('checkbox', { name: COURSE }).check();
	await next();
	await page.getByLabel('What is taught').fill('Practice');
	await page.getByLabel('Class hours', { exact: true }).fill('0.02');
	await next();
	for (const [group, numbers] of [['First day', ['2026', '1', '1']], ['Last day', ['2036', '12', '31']]])
		for (const [i, part] of ['Year', 'Month', 'Day'].entries()) await page.getByRole('group', { name: new RegExp(group) }).getByLabel(part, { exact: true }).fill(numbers[i]);
	await next();
	assert.deepEqual([...await frame(page, 'en'), ...await sideways(page)], []);
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Open this class' }).click()]);
	assert.match(await page.locator('main').innerText(), /The class is open/);
	await context.close();
});

// Until the package was read: its page shows that by itself.
const read = (page) => page.waitForFunction(() => /draft|not taken in/.test(document.querySelector('main').innerText) && !document.querySelector('progress'));

test('package__is_sent_in_parts_paused_and_goes_on_behind_a_cut_line', async () => {
	const context = await person(browser, { user: await signIn(browser, server, author), lang: 'en' });
	const page = await context.newPage(), network = await context.newCDPSession(page);
	const slow = (upload, offline = false) => network.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: upload });
	const sent = [];
	page.on('request', (request) => { if (request.method() === 'PATCH') sent.push(Number(request.headers()['upload-offset'])); });
	await page.goto(`${server.origin}/packages/new`);
	await slow(3 << 20);
	await page.locator('#file').setInputFiles(pack);
	await page.getByRole('button', { name: 'Hand it in' }).click();
	await page.waitForFunction(() => document.querySelector('#sending progress').value > 0);
	const pause = page.getByRole('button', { name: 'Pause' });
	await pause.click();
	assert.equal(await pause.getAttribute('aria-pressed'), 'true');
	await page.waitForFunction(() => /Paused/.test(document.getElementById('far').textContent));
	await pause.click();
	await page.waitForFunction(() => document.querySelector('#sending progress').value > 5);
	await slow(-1, true);
	await page.waitForFunction(() => /line is cut/.test(document.getElementById('far').textContent));
	assert.deepEqual(await axe(page), []);
	await slow(-1);
	await page.waitForURL(/\/packages\/[0-9a-f-]{36}$/, { timeout: 30000 });
	await read(page);
	assert.equal(await page.getByRole('link', { name: 'Look at the draft' }).count(), 1);
	assert.ok(sent.length >= 3 && sent[0] === 0 && Math.max(...sent) > 0, sent.join());
	await context.close();
});

test('packages__several_files_are_sent_one_behind_the_other_and_listed_with_what_became_of_them', async () => {
	const context = await person(browser, { user: await signIn(browser, server, author), lang: 'en' }), page = await context.newPage();
	await page.goto(`${server.origin}/packages/new`);
	const files = ['one.zip', 'two 100% $&.zip'].map((name) => path.join(folder, name));
	for (const file of files) copyFileSync(pack, file);
	await page.locator('#file').setInputFiles(files);
	await page.getByRole('button', { name: 'Hand it in' }).click();
	await page.waitForFunction(() => document.querySelectorAll('#handed li a').length === 2);
	assert.deepEqual(await page.locator('#handed li').allInnerTexts(), ['one.zip', 'two 100% $&.zip']);
	await page.waitForFunction(() => document.activeElement?.id === 'handed' && document.getElementById('sending').hidden);
	assert.deepEqual(await axe(page), []);
	await page.getByRole('link', { name: 'one.zip' }).click();
	await read(page);
	assert.equal(await page.getByRole('link', { name: 'Look at the draft' }).count(), 1);
	await context.close();
});

test('package__is_handed_in_without_scripts_and_goes_to_a_reviewer', async () => {
	const context = await person(browser, { user: await signIn(browser, server, author), lang: 'en', scripts: false });
	const page = await context.newPage();
	const leave = (name, role = 'button') => Promise.all([page.waitForNavigation(), page.getByRole(role, { name }).first().click()]);
	await page.goto(`${server.origin}/drafts`);
	await leave('Hand in a package', 'link');
	await page.locator('#file').setInputFiles(pack);
	await leave('Hand it in');
	while (await page.getByRole('link', { name: 'Look again' }).count()) await leave('Look again', 'link');
	await leave('Look at the draft', 'link');
	await leave('Send to a reviewer');
	assert.match(await page.locator('main').innerText(), /The course is handed in/);
	await context.close();
});

test('pages__of_each_role_are_accessible', async () => {
	const users = { learner, author, staff, reviewer, nobody: null };
	const addresses = { nobody: ['/', '/help'], learner: ['/', '/record'], author: ['/', '/drafts', '/packages/new'], staff: ['/', '/classes', '/classes/new', `/classes/${place.cohort}`, '/help/staff'], reviewer: ['/', '/drafts'] };
	const faults = {};
	for (const [name, account] of Object.entries(users)) {
		const user = account && await signIn(browser, server, account);
		for (const variant of [{ lang: 'zh-CN', dark: true, width: 320 }, { lang: 'en', width: 1280 }]) {
			const context = await person(browser, { ...variant, user });
			const page = await context.newPage(), list = complaints(page);
			for (const address of addresses[name]) {
				await page.goto(server.origin + address);
				const lines = [...list(), ...await axe(page), ...await frame(page, variant.lang), ...await sideways(page)];
				if (lines.length) faults[`${name} ${address} ${variant.lang}`] = lines;
				if (process.env.CURBCUT_SHOTS) await page.screenshot({ path: `${process.env.CURBCUT_SHOTS}/${name}${address.replaceAll('/', '_').slice(0, 18)}-${variant.width}.png`, fullPage: true });
			}
			await context.close();
		}
	}
	assert.deepEqual(faults, {});
});
