// The desk in a real browser: by keyboard alone and without scripts, readable everywhere.
// Needs plugins: catalog credit
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { everywhere } from './lib/access.mjs';
import { complaints, launch, person, signIn } from './lib/browser.mjs';
import { tabTo, type } from './lib/keys.mjs';
import { curbcut, startServer } from './lib/server.mjs';

let browser, server, admin, staff;
before(async () => {
	server = await startServer();
	browser = await launch();
	const { id } = JSON.parse(curbcut(['institution', 'add', '--data', server.data, '--name', '培训基地', '--region', '370100', '--region-name', '济南市']).stdout);
	curbcut(['user', 'add', '--data', server.data, '--name', 'staff', '--role', 'staff', '--institution', id], 'pass-staff-2468\n');
	admin = await signIn(browser, server, server.addUser('admin', 'admin'));
	staff = await signIn(browser, server, { name: 'staff', password: 'pass-staff-2468' });
});
after(async () => {
	await browser?.close();
	await server?.stop();
});

test('desk__a_trainee_is_added_and_found_by_keyboard', async () => {
	const context = await person(browser, { user: staff, lang: 'en' });
	const page = await context.newPage();
	const list = complaints(page);
	await page.goto(`${server.origin}/people`);
	await tabTo(page, /Add a trainee/, { role: 'link' });
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	await type(page, /^Name/, '王小明');
	await type(page, /Learner number or phone/, '2026001');
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.equal(await page.locator('h1').innerText(), '王小明');
	assert.match(await page.locator('.notice').innerText(), /was added/);
	await page.goto(`${server.origin}/people`);
	await tabTo(page, /Search for a person/, { role: 'searchbox' });
	await page.keyboard.type('小明');
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.deepEqual(await page.locator('tbody th').allInnerTexts(), ['王小明']);
	assert.deepEqual(list(), []);
	await context.close();
});

test('desk__what_is_wrong_leads_to_its_field_without_scripts', async () => {
	const context = await person(browser, { user: staff, lang: 'en', scripts: false });
	const page = await context.newPage();
	await page.goto(`${server.origin}/people/many`);
	await page.fill('#lines', '张三, 3.7E+19\n李四');
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Add all of them' }).click()]);
	const wrong = page.locator('main .notice.error a');
	assert.deepEqual(await wrong.allInnerTexts(), [
		'Line 1: the number was changed to 3.7E+19 by the spreadsheet and its last digits are lost. Set the column to Text, type it again, paste again',
		'Line 2: the learner number is missing behind the name']);
	assert.equal(await wrong.first().getAttribute('href'), '#lines');
	assert.equal(await page.inputValue('#lines'), '张三, 3.7E+19\n李四');
	await context.close();
});

test('desk__a_role_is_given_and_ended_after_a_question', async () => {
	const context = await person(browser, { user: admin, lang: 'en', width: 320 });
	const page = await context.newPage();
	await page.goto(`${server.origin}/people?q=2026001`);
	await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: '王小明' }).click()]);
	await page.selectOption('#role', 'teacher');
	await page.selectOption('#place', '370100');
	await page.fill('#until-year', '2099');
	await page.fill('#until-month', '6');
	await page.fill('#until-day', '30');
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'Give this role' }).click()]);
	assert.match(await page.locator('table').innerText(), /Teacher[^]*济南市[^]*30 June 2099/);
	await Promise.all([page.waitForNavigation(), page.getByRole('link', { name: 'End the role Teacher' }).click()]);
	assert.equal(await page.locator('h1').innerText(), 'End this role?');
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: 'End this role now' }).click()]);
	assert.match(await page.locator('.notice').innerText(), /To undo it, give the same role again/);
	await context.close();
});

test('desk__a_backup_is_made_by_keyboard', async () => {
	const context = await person(browser, { user: admin, lang: 'en', width: 320 });
	const page = await context.newPage();
	const list = complaints(page);
	await page.goto(`${server.origin}/machine`);
	assert.match(await page.locator('.notice').innerText(), /There is no backup yet/);
	await tabTo(page, /^Backups/, { role: 'link' });
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.match(await page.locator('.empty').innerText(), /No backups/);
	await tabTo(page, /Make a backup now/, { role: 'button' });
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.match(await page.locator('.notice').first().innerText(), /A backup is made now|The backup is done/);
	for (let i = 0; i < 200 && !await page.locator('table').count(); i++) await page.reload();
	assert.match(await page.locator('table').innerText(), /Yes, when it was made/);
	assert.deepEqual(list(), []);
	await page.goto(`${server.origin}/machine/health`);
	assert.match(await page.locator('.notice').innerText(), /All is well/);
	await context.close();
});

test('desk__pages_are_accessible_everywhere', async () => { // the others: ./dev access
	for (const [user, address] of [[admin, '/people'], [admin, '/places/370100'], [admin, '/machine/backups']])
		assert.deepEqual(await everywhere(browser, server, address, { user }), {}, address);
});
