// The checks see what they are for: a page without faults passes, one fault each is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkKeyboard, checkModes, checkPage, checkSpacing, tree } from './lib/checks.mjs';
import { launch, person } from './lib/browser.mjs';

const page = (body, style = '') => `<!doctype html><html lang="en"><head><title>Lessons – Here</title>
<meta name="viewport" content="width=device-width"><style>:root { color-scheme: light dark }
:focus-visible { outline: 3px solid #a00 } a, button { display: inline-block; min-width: 44px; min-height: 44px } button { background: #fff; color: #000 }
@media (prefers-color-scheme: dark) { a { color: #adf } :focus-visible { outline-color: #fa0 } }${style}</style></head>
<body><main><h1>Lessons</h1>${body}</main></body></html>`;

let browser, context, tab;
before(async () => {
	browser = await launch();
	context = await person(browser, { lang: 'en' });
	tab = await context.newPage();
});
after(async () => { await browser?.close(); });

const open = (body, style) => tab.setContent(page(body, style));

test('checks__a_good_page_passes_in_all_modes', async () => {
	await open('<p>Some words.</p><p><button>Go on</button></p><label>Name <input style="min-height:44px"></label>');
	assert.deepEqual(await checkModes(tab), {});
	assert.equal(tab.viewportSize().width, 1280);
});

test('checks__sees_what_only_one_mode_or_width_has', async () => {
	await open('<p class="pale">Some words.</p><p><button>Go on</button></p>', `@media (prefers-color-scheme: dark) { .pale { color: #555 } }
		@media (max-width: 400px) { button { min-height: 20px; outline: none !important } }`);
	const found = await checkModes(tab, { lang: 'en' });
	assert.deepEqual(Object.keys(found), ['dark 1280px', 'contrast dark 1280px', 'light 320px', 'dark 320px', 'contrast 320px', 'contrast dark 320px', 'forced 320px']);
	assert.match(found['dark 1280px'].join(), /^contrast .* text/);
	assert.match(found['light 320px'].join(), /target .*focus is not seen/);
	assert.match(found['dark 320px'].join(), /contrast .* text.*focus is not seen/);
});

const faults = [
	['pale words', '<p style="color:#767676">pale</p>', /^contrast 4\.5\d of 7, text/],
	['words pale through their holder', '<div style="opacity:.5"><p>pale</p></div>', /^contrast .* text/],
	['pale words in a field', '<label>Name <input style="min-height:44px;color:#999" value="x"></label>', /^contrast .* value/],
	['a border that is not seen', '<label>Name <input style="min-height:44px;border:1px solid #ddd"></label>', /^border below 3 to 1/],
	['a small button', '<button style="min-height:30px;min-width:30px">A</button>', /^target .*<button/],
	['words cut off', '<div style="width:4em;height:1.2em;overflow:hidden">more than fits</div>', /^cut off/],
	['words on words', '<p>one and two</p><p style="margin-top:-2.1em">three and four</p>', /^overlap/],
	['a button without its words', '<button aria-label="Send">Go</button>', /"Go" is named "Send"/],
	['a thing without a name', '<button></button>', /a button has no name/],
	['wider than the page', '<p style="width:1500px">wide</p>', /^wider than the page/],
	['no main', '</main><p>outside</p>', /^region/],
];
for (const [name, body, wanted] of faults)
	test(`checks__sees_${name.replaceAll(' ', '_')}`, async () => {
		await open(body);
		const lines = await checkPage(tab);
		assert.ok(lines.some((line) => wanted.test(line)), lines.join('\n'));
	});

test('checks__a_link_in_a_sentence_may_be_as_high_as_its_line', async () => {
	await open('<p>Look at <a href="#x" style="display:inline">the list</a> of all.</p>');
	assert.deepEqual(await checkPage(tab), []);
	await open('<p><a href="#x" style="display:inline">the list</a></p>');
	assert.match((await checkPage(tab)).join(), /^target/);
});

test('checks__title_says_the_heading', async () => {
	await tab.setContent(page('').replace('<h1>Lessons', '<h1>Something else'));
	assert.match((await checkPage(tab)).join(), /title does not say "Something else"/);
});

const ways = [
	['a_focus_that_is_not_shown', '<button style="outline:none">A</button>', /^focus is not seen/],
	['a_pale_ring', '<button style="outline:3px solid #ddd">A</button>', /^focus is not seen/],
	['a_covered_focus', '<button>A</button><div style="position:fixed;inset:0;background:#fff"></div>', /^focus is covered/],
	['another_order', '<div aria-owns="b"></div><button>A</button><button id="b">B</button>', /^focus goes back/],
	['what_no_reader_meets', '<div aria-hidden="true"><button>A</button></div>', /^no screen reader meets/],
];
for (const [name, body, wanted] of ways)
	test(`checks__sees_${name}`, async () => {
		await open(body);
		const lines = await checkKeyboard(tab);
		assert.ok(lines.some((line) => wanted.test(line)), lines.join('\n'));
	});

test('checks__sees_what_tab_does_not_come_to', async () => {
	await open('<button onkeydown="event.preventDefault()">A</button><button>B</button>');
	assert.match((await checkKeyboard(tab)).join(), /Tab does not come to: <button>B/);
});

test('checks__sees_what_text_spacing_breaks', async () => {
	await open('<div style="width:max-content;height:1.2em;overflow:hidden">Words that fit just so</div>',
		'div { width: 12em !important } ');
	assert.match((await checkSpacing(tab)).join(), /with text spacing, cut off/);
	assert.equal(await tab.evaluate(() => document.adoptedStyleSheets.length), 0);
});

test('checks__tree_has_roles_names_and_states', async () => {
	await open('<button aria-pressed="true">Captions</button>');
	const found = (await tree(tab)).find(({ role }) => role === 'button');
	assert.equal(found.name, 'Captions');
	assert.equal(found.properties.pressed, 'true');
});
