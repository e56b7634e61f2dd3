// Every component in every state says what it is, follows every colour mode and width, and works by keyboard and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkModes, checkPage, MODES, tree, WIDTHS } from './lib/checks.mjs';
import { complaints, launch, person } from './lib/browser.mjs';
import { focused, press, tabTo } from './lib/keys.mjs';
import { spoken } from './lib/reader.mjs';
import { startServer } from './lib/server.mjs';

const ALL = '/test/components', LESSON = `${ALL}/lesson`;
let browser, server;
before(async () => {
	server = await startServer({ settings: `plugin_folder = ${process.env.CURBCUT_COMPONENTS}\nplugins = components\nessential =\n` });
	browser = await launch();
});
after(async () => {
	await browser?.close();
	await server?.stop();
});

async function open(where = ALL, options = { lang: 'en' }) {
	const context = await person(browser, options);
	const page = await context.newPage();
	await page.goto(server.origin + where);
	return page;
}

// ---- what a screen reader meets: role, name, and what more is said of it ----

const STATES = ['required', 'invalid', 'checked', 'pressed', 'expanded', 'selected'];
const say = ({ role, name, description, value, properties }) => [role, name, description && `(${description})`,
	value !== undefined && role !== 'button' && `= ${value}`,
	...STATES.filter((state) => ![undefined, false, 'false', ''].includes(properties[state])),
	...['pressed', 'expanded'].filter((state) => [false, 'false'].includes(properties[state]) && role !== 'option').map((state) => `not ${state}`)]
	.filter(Boolean).join(' ');

const form = [
	'textbox Name',
	'textbox Name that must be there (It is on your card, below the picture) = A112 required',
	'textbox Learner number (It is on your card, below the picture No learner has this number. Look at your card once more) = A112 invalid',
	'textbox Nickname may be left empty (No learner has this number. Look at your card once more) invalid',
	'textbox Password or PIN',
	'textbox What would you like to say? may be left empty (As long as you like) = The captions of lesson 2 come too late.\nThank you.',
	'textbox Reason (Write the reason in a few words) invalid',
	'combobox Province = By ear not expanded',
	'combobox Province of the class (Where the class is held Choose a province) = By ear invalid not expanded',
	'group How do you read?',
	'radio Braille display (Text without tables, and a file to download)',
	'radio By ear checked',
	'group What helps you? (Choose as many as you like Choose at least one)',
	'checkbox Braille display (Text without tables, and a file to download)',
	'checkbox By ear checked',
	'checkbox Others use this device too (You are signed out when the browser is closed) checked',
	'checkbox I agree (Tick this to go on) invalid',
	'group Birthday (For example 1988, 3, 21)',
	'textbox Year = 1988', 'textbox Month = 3', 'textbox Day = 21',
	'group First day of the class may be left empty (A year has 12 months)',
	'textbox Year (A year has 12 months) = 1988 invalid', 'textbox Month (A year has 12 months) = 13 invalid',
	'textbox Day (A year has 12 months) = 21 invalid',
	'button Course (A zip file, at most 2 GB)',
	'button Photos of the sheet (This file is empty. Choose another) invalid',
	'slider Position = 30',
	'button Send', 'link Go back',
	'search Search for a course', 'searchbox Search for a course (Two characters are enough) = massage', 'button Search',
	'search Search for a person', 'searchbox Search for a person', 'button Search',
];
const rest = [
	'button Play', 'button Forward 10 seconds', 'button Remove',
	'button Captions pressed', 'button Spoken description of the picture not pressed',
	'link To the course', 'link All courses', 'link Remove from the class',
	'progressbar Lesson 2 = 30', 'progressbar Lesson 3 = 0', 'progressbar Lesson 1 = 100',
	'link 盲人保健按摩基础',
	'image Two hands on a shoulder', 'heading Massage for beginners', 'link Massage for beginners', 'progressbar Learned = 30',
	'heading Lessons', 'heading Lesson 1', 'link Lesson 1',
	'table Class hours of this month', 'columnheader Name', 'columnheader Lesson', 'columnheader Class hours',
	'rowheader Lin', 'link Lin', 'cell Lesson 2, with its questions', 'cell 1.5', 'rowheader Wang', 'cell Lesson 3', 'link Lesson 3', 'cell 12',
	'term Class hours', 'term Training centre', 'link City gate',
	'link Upload',
	'navigation Pages of this list', 'link Previous page', 'link Next page', 'navigation Chapters', 'link Next chapter',
	'doc-toc Contents', 'link Chapter 1', 'link Chapter 2',
	'DisclosureTriangle Why? not expanded', 'DisclosureTriangle Why are these not counted? expanded',
	'link To the course',
	'tablist Parts of the lesson', 'tab Transcript selected', 'tab Notes', 'tab Questions', 'tabpanel Transcript',
	'link Undo', 'button Close',
];

const ofLesson = [
	'link Back to the lesson', 'link Course: 盲人保健按摩基础', 'link To the course', 'link 学会按摩。',
	'button Go on using this', 'button Yes, keep it', 'button No, leave it', 'button Yes, keep it', 'button No, leave it',
	'group Where to begin', 'link Resume at 1 min 30 s', 'link From the start',
	'button Go on', 'DisclosureTriangle Answer a question about the chapter instead expanded', 'group Which hand presses first?',
	'radio The left hand', 'radio The right hand', 'button Answer', 'button Go on',
	'combobox Speed = Normal not expanded', 'link Next lesson: Lesson 3', 'link Transcript', 'link Chapters',
	'link Hands', 'link 热身', 'link Shoulders', 'heading Transcript', 'link 0 s', 'link 1 min',
	'link The signed sheet of 3 March', 'image The signed sheet of 3 March', 'image Code to sign in at this lesson: 3872-1060',
	'table Class hours of this month', 'columnheader Name', 'rowheader Lin', 'cell 1.5', 'link Go to the first page', 'link Go to the first page',
];

// All of `wanted` stand in `lines` in this order, others between them.
function inOrder(lines, wanted) {
	let from = 0;
	for (const line of wanted) {
		const at = lines.indexOf(line, from);
		assert.notEqual(at, -1, `"${line}" is not behind "${lines[from - 1]}" in\n${lines.join('\n')}`);
		from = at + 1;
	}
}

test('components__each_says_its_name_role_and_state', async () => {
	const page = await open();
	inOrder((await tree(page)).map(say), [...form, ...rest]);
	await page.context().close();
});

test('components__those_of_a_lesson_say_their_names_roles_and_states', async () => {
	const page = await open(LESSON);
	inOrder((await tree(page)).map(say), ofLesson);
	assert.equal(await page.locator('#points [aria-current=true]').innerText(), 'Hands');
	assert.equal(await page.locator('.transcript span').first().getAttribute('lang'), 'zh-CN');
	assert.equal(await page.locator('.ruby rt').first().evaluate((rt) => !!rt.closest('[aria-hidden=true]')), true); // the syllables are not read behind each character
	await page.context().close();
});

test('components__those_of_a_lesson_are_read_as_they_are_meant', async () => {
	const page = await open(LESSON);
	const said = (await spoken(page, { limit: 400 })).join('\n');
	for (const words of [
		'You will be signed out in 2 minutes. What you wrote is saved', 'this device was set to something else', 'Playback is waiting for you', 'Which hand presses first', 'Hours cannot be recorded now',
		'Counted in this lesson: 12 min of 45 min', 'This lesson is worth 1 class hours', 'You are not in a class with this lesson', 'from 1 min 30 s', '先洗手', '3872-1060', 'Sheet of 3 March, with signatures',
		'Something went wrong here. Your study record is not affected', 'This lesson is not here any more', 'Your hours are kept', 'Try again in 30 seconds. Nothing is lost', 'give this number: 7f3a',
	]) assert.ok(said.includes(words), `not spoken: ${words}`);
	for (const hidden of ['now plays on another device', 'The line is cut', 'xué']) assert.ok(!said.includes(hidden), `spoken: ${hidden}`);
	await page.context().close();
});

test('components__a_table_stays_a_table_when_it_looks_like_a_list', async () => {
	const page = await open(ALL, { lang: 'en', width: 320 });
	inOrder((await tree(page)).map(say), rest.filter((line) => /^(table|column|row|cell)/.test(line)));
	assert.equal(await page.locator('tbody th').first().evaluate((head) => getComputedStyle(head).display), 'block');
	assert.equal(await page.locator('td.number').first().evaluate((cell) => getComputedStyle(cell).textAlign), 'start'); // under its label
	await page.context().close();
});

test('components__numbers_are_said_in_words', async () => {
	const page = await open();
	assert.equal(await page.getByRole('slider').getAttribute('aria-valuetext'), '12 min 30 s of 45 min');
	assert.equal(await page.getByRole('progressbar', { name: 'Lesson 2' }).getAttribute('aria-valuetext'), '30 of 100 min');
	const said = (await spoken(page, { limit: 700 })).join('\n');
	for (const words of ['status', 'Saved', 'Done', 'about a minute', 'Page 2 of 5', 'group, How do you read?', 'Captions']) assert.match(said, new RegExp(words));
	assert.match(said, /listitem, .*current step|current step/);
	await page.context().close();
});

// ---- how they look ----

for (const [where, lang, modes, widths] of [[ALL, 'en', Object.keys(MODES), WIDTHS], [ALL, 'zh-CN', ['light'], [320]], [LESSON, 'en', Object.keys(MODES), WIDTHS], [LESSON, 'zh-CN', ['light'], [320]]])
	test(`components__pass_in_every_mode_and_width_${where.split('/').pop()}_${lang}`, async () => {
		const page = await open(where, { lang });
		const list = complaints(page);
		assert.deepEqual(await checkModes(page, { lang, modes, widths }), {});
		assert.deepEqual(list(), []);
		await page.context().close();
	});

const CHOICES = [{ colours: 'contrast' }, { text: '200' }, { text: '150', spacing: 'wide', layout: 'simple', colours: 'dark' }];
test('components__follow_what_a_person_chose', async () => {
	const page = await open(ALL, { lang: 'zh-CN', width: 320 });
	for (const chosen of CHOICES) {
		await page.evaluate((choice) => {
			for (const name of ['colours', 'text', 'spacing', 'layout']) delete document.documentElement.dataset[name];
			Object.assign(document.documentElement.dataset, choice);
		}, chosen);
		assert.deepEqual(await checkPage(page), [], JSON.stringify(chosen));
	}
	await page.context().close();
});

const TOKENS = ['paper', 'sheet', 'ink', 'soft', 'line', 'hair', 'act', 'act-ink', 'act-bg', 'ring', 'bad', 'bad-bg', 'good', 'good-bg', 'warm', 'warm-bg', 'edge'];
const tokens = (page, chosen) => page.evaluate(([names, choice]) => {
	const root = document.documentElement;
	if (choice) root.dataset.colours = choice; else delete root.dataset.colours;
	return names.map((name) => `${name} ${getComputedStyle(root).getPropertyValue(`--${name}`)}`);
}, [TOKENS, chosen]);

test('components__chosen_colours_are_those_of_the_device', async () => {
	const page = await open();
	for (const [mode, choice, asked] of [['dark', 'dark', 'light'], ['contrast', 'contrast', 'light'], ['contrast dark', 'contrast', 'dark']]) {
		await page.emulateMedia(MODES[mode]);
		const device = await tokens(page, null);
		await page.emulateMedia(MODES[asked]);
		assert.deepEqual(await tokens(page, choice), device, mode);
	}
	await page.emulateMedia(MODES.dark);
	const dark = await tokens(page, null);
	assert.notDeepEqual(await tokens(page, 'light'), dark);
	await page.context().close();
});

test('components__text_grows_with_the_choice', async () => {
	const page = await open();
	const size = (percent) => page.evaluate((value) => {
		document.documentElement.dataset.text = value;
		return parseFloat(getComputedStyle(document.querySelector('main p')).fontSize);
	}, percent);
	const plain = await size('100');
	for (const percent of ['125', '150', '200']) assert.equal(await size(percent), plain * percent / 100);
	// a table at twice the size has the room of a narrow screen
	await page.setViewportSize({ width: 1000, height: 800 });
	assert.equal(await page.locator('tbody tr').first().evaluate((row) => getComputedStyle(row).display), 'block');
	await page.context().close();
});

test('components__nothing_moves_when_less_motion_is_chosen', async () => {
	const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'no-preference' });
	const page = await context.newPage();
	await page.goto(server.origin + ALL);
	const moves = () => page.evaluate(() => [...document.querySelectorAll('*')].filter((element) =>
		parseFloat(getComputedStyle(element).transitionDuration) > 0 || getComputedStyle(element).animationName !== 'none').length);
	assert.ok(await moves() > 0);
	await page.evaluate(() => { document.documentElement.dataset.motion = 'less'; });
	assert.equal(await moves(), 0);
	await page.evaluate(() => { delete document.documentElement.dataset.motion; });
	await page.emulateMedia({ reducedMotion: 'reduce' });
	assert.equal(await moves(), 0);
	await context.close();
});

test('components__print_leaves_out_what_paper_cannot_do', async () => {
	const page = await open();
	await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
	const shown = (selector) => page.locator(selector).first().isVisible();
	for (const selector of ['.top nav', '.bottom', '.pager', '.tabs', 'form', '.toast']) assert.equal(await shown(selector), false, selector);
	for (const selector of ['h1', 'table', '.notice', '.cards', '.facts']) assert.equal(await shown(selector), true, selector);
	assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
	await page.context().close();
});

// ---- how they work ----

test('components__a_dialog_asks_and_gives_the_focus_back', async () => {
	const page = await open();
	await tabTo(page, 'Remove from the class', { role: 'link' });
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Remove Lin from the class?' });
	await dialog.waitFor();
	assert.equal((await focused(page)).name, 'Go back, change nothing'); // not what cannot be undone
	const said = (await tree(page)).find(({ role }) => role === 'dialog');
	assert.equal(said.description, "Lin's hours are kept. She can be put on the roster again.");
	assert.deepEqual(await checkPage(page), []);
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'hidden' });
	assert.equal((await focused(page)).name, 'Remove from the class');
	await page.keyboard.press('Enter');
	await press(page, 'Go back, change nothing', { role: 'link' });
	await dialog.waitFor({ state: 'hidden' });
	assert.equal(page.url(), server.origin + ALL);
	await page.keyboard.press('Enter');
	await press(page, 'Remove her', { role: 'button', leaves: true });
	assert.equal(page.url(), `${server.origin}${ALL}/wrong`);
	await page.context().close();
});

test('components__without_scripts_a_dialog_is_a_page', async () => {
	const page = await open(ALL, { lang: 'en', scripts: false });
	await page.getByRole('link', { name: 'Remove from the class' }).click();
	assert.equal(page.url(), `${server.origin}${ALL}/confirm`);
	await page.getByRole('link', { name: 'Go back, change nothing' }).click();
	assert.equal(page.url(), server.origin + ALL);
	for (const section of ['#first', '#second', '#third']) assert.equal(await page.locator(section).isVisible(), true);
	await page.context().close();
});

test('components__the_page_of_a_question_passes', async () => {
	const page = await open(`${ALL}/confirm`);
	assert.deepEqual(await checkModes(page, { modes: ['light'] }), {});
	await page.context().close();
});

test('components__tabs_show_one_section_and_move_by_arrows', async () => {
	const page = await open();
	await tabTo(page, 'Transcript', { role: 'tab', limit: 120 });
	await page.keyboard.press('ArrowRight');
	assert.deepEqual(await focused(page), { name: 'Notes', role: 'tab' });
	assert.equal(await page.locator('#first').isVisible(), true); // moving opens nothing
	await page.keyboard.press('Enter');
	assert.equal(await page.locator('#first').isVisible(), false);
	assert.equal(await page.locator('#second').isVisible(), true);
	assert.match(page.url(), /#second$/);
	await page.keyboard.press('End');
	await page.keyboard.press('Space');
	assert.equal(await page.getByRole('tab', { selected: true }).innerText(), 'Questions');
	await page.reload();
	assert.equal(await page.getByRole('tab', { selected: true }).innerText(), 'Questions');
	await page.context().close();
});

test('components__a_list_of_mistakes_gets_the_focus_and_leads_to_them', async () => {
	const page = await open();
	await page.getByRole('button', { name: 'Send' }).click();
	await page.waitForURL(/wrong$/);
	assert.match(await page.evaluate(() => document.activeElement.innerText), /Some answers need another look[\s\S]*no learner has this number/);
	await press(page, /a year has 12 months/, { role: 'link' });
	assert.deepEqual(await focused(page), { name: 'Year', role: 'textbox' });
	assert.deepEqual(await checkModes(page, { modes: ['light', 'forced'] }), {});
	await page.context().close();
});

test('components__a_mistake_in_a_group_of_boxes_gets_the_focus_and_a_status_is_said', async () => {
	const page = await open(`${ALL}/group`);
	await page.waitForFunction(() => /Your class begins on 3 June/.test(document.getElementById('say').textContent));
	assert.deepEqual(await focused(page), { name: 'Braille display', role: 'checkbox' });
	await page.context().close();
});

test('components__a_toast_is_said_and_stays_until_it_is_closed', async () => {
	const page = await open();
	await page.waitForFunction(() => /Saved/.test(document.getElementById('say').textContent));
	await page.getByRole('button', { name: 'Close' }).click();
	assert.equal(await page.locator('.toast').count(), 0);
	await page.evaluate(async () => (await import(document.querySelector('script[type=module]').src)).toast('Two are left'));
	assert.equal(await page.locator('#toasts[role=status]').innerText(), 'Two are left\n\nClose');
	await page.context().close();
});

test('components__another_language_is_chosen_on_a_page_that_answered_a_form', async () => {
	const page = await open();
	await page.getByRole('button', { name: 'Send' }).click();
	await page.waitForURL(/wrong$/);
	await Promise.all([page.waitForNavigation(), page.getByRole('button', { name: '中文' }).click()]);
	assert.equal(page.url(), server.origin + ALL);
	assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
	await page.context().close();
});
