// What a person chose as helping her, followed by the pages that are served: each choice changes what she gets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { House } from '../ingest/lib/house.mjs';
import { course, films } from '../ingest/lib/films.mjs';
import { zip } from '../ingest/lib/zip.mjs';
import { Browser } from '../signin/lib/browser.mjs';
import { folder, run } from '../hours/lib/school.mjs';

let house, files, lessons, book, plain;
const HTML = { Accept: 'text/html', 'Accept-Language': 'en' };

const page = async (name, address, headers = {}) => (name ? house.client(name) : house.nobody()).ask('GET', address, undefined, { ...HTML, ...headers });

// The person's choices from now on: presets by name, details by theirs.
const needs = (name, helps = [], preferences = {}) => house.client(name).must('PUT', '/api/v1/needs', { format: 'ISO/IEC 24751 AccessForAll', version: 1, helps, preferences });

const has = (text, ...parts) => { for (const part of parts) assert.ok(text.includes(part), `${part} is missing in ${text.slice(text.indexOf('<main'), text.indexOf('</main'))}`); };
const lacks = (text, ...parts) => { for (const part of parts) assert.ok(!text.includes(part), `${part} is there`); };
const main = (text) => text.slice(text.indexOf('<main'), text.indexOf('</main'));

function sound() {
	const to = path.join(files, 'book.m4a');
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'sine=f=440:d=20', '-c:a', 'aac', '-b:a', '32k', '-y', to]);
	return readFileSync(to);
}

function film(seconds, args) {
	const to = path.join(files, 'more.mp4');
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc=s=64x48:r=5:d=${seconds}`, ...args, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p', '-y', to]);
	return readFileSync(to);
}

before(async () => {
	files = folder('needs');
	house = await House.open();
	const bytes = course({ name: '保健按摩', namePinyin: 'bǎo jiàn àn mó', description: '学习保健按摩的方法。', descriptionPinyin: 'xué xí bǎo jiàn àn mó de fāng fǎ',
		easy: '学会按摩。按摩让人舒服。', units: [
		{ id: 'u1', name: '第一课', namePinyin: 'dì yī kè', easy: '先学手。', easyPinyin: 'xiān xué shǒu', kind: 'video', src: 'film.mp4', hours: 0.01, tracks: [{ kind: 'captions', lang: 'zh-CN', src: 'film.srt' },
			{ kind: 'chapters', src: 'parts.vtt' }, { kind: 'sign', lang: 'csl', src: 'sign.mp4' }, { kind: 'audio-description', lang: 'zh-CN', src: 'book.m4a' }] },
		{ id: 'u2', name: '第二课', kind: 'audiobook', src: 'book.m4a', hours: 0 },
		{ id: 'u3', name: '第三课', kind: 'video', src: 'film.mp4', hours: 0.01 },
	] });
	const brought = await house.bring('author', zip([{ name: 'course.json', bytes }, { name: 'film.mp4', bytes: films().film }, { name: 'book.m4a', bytes: sound() },
		{ name: 'sign.mp4', bytes: film(20, []) }, { name: 'film.srt', bytes: Buffer.from('1\n00:00:01,000 --> 00:00:03,000\n您好\n') },
		{ name: 'parts.vtt', bytes: Buffer.from('WEBVTT\n\n00:00.000 --> 00:10.000\n开始\n\n00:10.000 --> 01:00.000\n手法\n') }]), 'course.zip');
	assert.ok(brought.result?.course, JSON.stringify(brought));
	await house.client('reviewer').must('POST', `/api/v1/courses/${brought.result.course}/publish`, {});
	plain = brought.result.course;
	const { units } = await house.client('learner').must('GET', `/api/v1/courses/${plain}`);
	lessons = units.map((unit) => `/${unit.kind === 'video' ? 'videos' : 'books'}/${unit.id}`);
	[, book] = lessons;
	const { id } = await house.account('staff', 'staff', ['--institution', house.institution]).then(() => house.client('staff').must('POST', '/api/v1/cohorts', { programme: 'P',
		courses: [brought.result.version], total: 0.05, institution: house.institution, offline: [{ name: 'p', hours: 0.03 }], starts: house.clock.wall - 1000, ends: house.clock.wall + 86400000 }));
	await house.client('staff').must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: 'learner' });
});
after(async () => {
	await house?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// ---- one thing a page ----

test('needs__simple__home_shows_the_one_next_thing_and_a_quiet_link_to_the_rest', async () => {
	await needs('learner', ['simplified']);
	const { text } = await page('learner', '/');
	has(text, '<h1>What to do next</h1>', `<a class="button main" href="${lessons[0]}">`, 'Begin: 第一课', '#play', 'href="/?show=all">Everything else');
	assert.equal(main(text).match(/class="button/g).length, 1);
	lacks(main(text), 'role="search"', 'class="cards"', '<h2>');
	const all = await page('learner', '/?show=all');
	has(all.text, 'My courses', 'role="search"', 'data-layout="simple"');
	await needs('learner');
	has((await page('learner', '/')).text, 'My courses', 'Begin with lesson 1: 第一课');
});

test('needs__simple__who_has_nothing_to_go_on_with_chooses_a_course', async () => {
	await needs('other', ['simplified']);
	await house.account('fresh', 'learner');
	await needs('fresh', ['simplified']);
	has((await page('fresh', '/')).text, '<a class="button main" href="/courses">', 'Choose a course', 'Everything else');
});

test('needs__simple__a_lesson_is_its_player_and_the_next_step_the_rest_has_pages_of_its_own', async () => {
	await needs('learner', ['simplified']);
	const { text } = await page('learner', `${lessons[0]}?from=7`);
	has(text, 'id="player"', 'data-start="7"', `<a class="button quiet" href="${book}">`, 'Next lesson: 第二课',
		`href="${lessons[0]}?show=chapters&amp;from=7" data-place>`, `href="${lessons[0]}?show=text&amp;from=7" data-place>`, `href="${lessons[0]}?show=more&amp;from=7" data-place>`);
	lacks(main(text), 'id="points"', 'id="transcript"', '<kbd>', 'download=lesson.mp4');
	const chapters = await page('learner', `${lessons[0]}?show=chapters&from=7`);
	has(chapters.text, '<h1 lang="zh-CN">Chapters: 第一课</h1>', '手法', 'from 10 s', `href="${lessons[0]}?from=10"`, `href="${lessons[0]}?from=7">Back to the lesson`);
	lacks(chapters.text, 'id="player"', '<video', 'watch.js', 'id="transcript"');
	const words = await page('learner', `${lessons[0]}?show=text`);
	has(words.text, 'id="transcript"', '您好', `href="${lessons[0]}">Back to the lesson`);
	lacks(words.text, 'id="player"', 'id="points"');
	has((await page('learner', `${lessons[0]}?show=more`)).text, 'download=lesson.mp4', 'Sound only, ');
	has((await page('learner', `${lessons[0]}?show=nothing`)).text, 'id="player"');
	const last = await page('learner', lessons[2]);
	has(last.text, '<a class="button quiet" href="/">', 'Back to my first page');
	lacks(last.text, 'show=chapters', 'show=text'); // it has none
	has(text, `href="${book}"><svg`);
	has(last.text, '<a class="button quiet" href="/">Back to my first page</a>'); // nothing plays there
});

test('needs__simple__sound_only_and_the_chapter_come_along_to_the_parts_of_a_lesson_and_back', async () => {
	await needs('learner', ['simplified']);
	const player = await page('learner', `${lessons[0]}?sound=only`);
	has(player.text, '<audio id="media"', ...['chapters', 'text', 'more'].map((part) => `href="${lessons[0]}?show=${part}&amp;sound=only" data-place>`));
	has((await page('learner', `${lessons[0]}?show=text&sound=only&from=7`)).text, `href="${lessons[0]}?sound=only&amp;from=7">Back to the lesson`);
	has((await page('learner', `${lessons[0]}?show=chapters&sound=only`)).text, `href="${lessons[0]}?from=10&amp;sound=only"`, `href="${lessons[0]}?sound=only">Back to the lesson`);
	has((await page('learner', `${lessons[0]}?show=more&sound=only&from=7`)).text, `href="${lessons[0]}?sound=no&amp;from=7" data-place>With the picture`);
	has((await page('learner', `${lessons[0]}?show=text&sound=%22%3E`)).text, `href="${lessons[0]}?sound=no">Back to the lesson`);
	has((await page('learner', `${book}?chapter=1`)).text, `href="${book}?show=chapters&amp;chapter=1" data-place>`);
	has((await page('learner', `${book}?show=chapters&chapter=1`)).text, `href="${book}?chapter=1">Back to the lesson`);
	await needs('learner', ['simplified', 'saveData']);
	has((await page('learner', `${lessons[0]}?show=text&sound=no`)).text, `href="${lessons[0]}?sound=no">Back to the lesson`);
	await needs('learner');
});

test('needs__simple__a_book_plays_in_one_page_and_keeps_its_chapters_for_the_player', async () => {
	await needs('learner', ['simplified']);
	const { text } = await page('learner', book);
	has(text, 'id="player"', 'Next lesson: 第三课', `href="${book}?show=chapters"`, 'listen.js');
	assert.match(text, /<div hidden>\s*<ol class="rows" id="points">/);
	lacks((await page('learner', `${book}?show=chapters`)).text, 'id="player"', 'listen.js');
	await needs('learner');
	has((await page('learner', book)).text, '<h2>Chapters</h2>', 'id="player"');
});

test('needs__simple__words_are_easy_in_both_languages_and_usual_where_there_are_none', async () => {
	await needs('learner', ['simplified']);
	has((await page('learner', lessons[0])).text, 'What helps you', 'counted');
	const chinese = await page('learner', '/', { 'Accept-Language': 'zh-CN' });
	has(chinese.text, '开始学：第一课', '<h1>下一步</h1>', '其他内容');
	has((await (await browser('simplified')).get('/nothing-here')).text, 'This page is not here. What you learned is kept.');
	await needs('learner');
	has((await page('learner', '/', { 'Accept-Language': 'zh-CN' })).text, '从第 1 课开始：第一课');
	has((await new Browser(house.origin).get('/nothing-here')).text, 'Your study record is not affected.');
});


// A browser without scripts that was told these presets.
async function browser(...presets) {
	const own = new Browser(house.origin);
	const told = await own.send(await own.get('/needs'), '/needs', Object.fromEntries(presets.map((name) => [name, 'yes'])));
	assert.equal(told.status, 303);
	return own;
}

test('needs__simple__signing_in_asks_for_the_number_then_for_the_password', async () => {
	const own = await browser('simplified');
	const first = await own.get('/signin?back=/record');
	has(first.text, 'id="name"', 'name="back" value="/record"');
	has(first.text, '<title>Sign in – Curbcut', '<div data-asked-later hidden>');
	lacks(first.text, 'id="password"');
	const empty = await own.send(first, '/signin', { name: '' });
	assert.equal(empty.status, 400);
	has(empty.text, 'id="name-error"', 'Please type your learner number or phone');
	const second = await own.send(first, '/signin', { name: 'fresh' });
	assert.equal(second.status, 200);
	has(second.text, '<title>Sign in: your password – Curbcut', '>Sign in: your password</h1>', 'Your number: fresh', 'id="password"', 'name="name" value="fresh"', 'name="back" value="/record"');
	lacks(second.text, 'id="name"', 'data-asked-later');
	const other = await own.send(second, '/signin', { another: 'yes' });
	assert.equal(other.status, 200);
	has(other.text, '<title>Sign in – Curbcut', 'id="name" name="name" type="text" value=""', 'name="back" value="/record"');
	lacks(other.text, 'id="password"', 'aria-invalid');
	const wrong = await own.send(second, '/signin', { password: 'no' });
	assert.equal(wrong.status, 401);
	has(wrong.text, 'That was not right. Try again, or ask your teacher.', 'id="password"', 'name="name" value="fresh"');
	const inside = await own.send(wrong, '/signin', { password: 'secret-fresh' });
	assert.deepEqual([inside.status, inside.headers.location], [303, '/record']);
	assert.ok(own.session);
	const usual = new Browser(house.origin);
	has((await usual.get('/signin')).text, 'id="name"', 'id="password"');
});

test('needs__simple__another_number_keeps_the_form_that_waits_for_signing_in', async () => {
	const own = await browser('simplified');
	await own.send(await own.send(await own.get('/signin'), '/signin', { name: 'fresh' }), '/signin', { password: 'secret-fresh', shared: 'yes' });
	const form = await own.get('/account/phone');
	for (const name of [...own.cookies.keys()].filter((one) => /curb$/.test(one))) own.cookies.delete(name); // the session is gone
	const asked = await own.send(form, '/account/phone', { phone: '010 not yet' });
	assert.equal(asked.status, 401);
	const wrong = await own.send(asked, '/signin', { name: 'freshh' });
	const again = await own.send(wrong, '/signin', { another: 'yes' });
	const right = await own.send(again, '/signin', { name: 'fresh' });
	const back = await own.send(right, '/signin', { password: 'secret-fresh' });
	has(back.text, 'id="phone"', 'value="010 not yet"');
});

test('needs__simple__each_thing_by_itself_is_a_page_with_one_question', async () => {
	const own = await browser('simplified');
	let page = await own.get('/needs/details?back=/record');
	const names = [];
	for (let number = 1; ; number++) {
		assert.equal(page.text.match(/<fieldset/g).length, 1);
		assert.equal(page.text.match(/<h1/g).length, 1);
		const [, count] = new RegExp(`Question ${number} of (\\d+)`).exec(page.text);
		names.push(/<input type="radio"[^>]* name="(\w+)"/.exec(page.text)[1]);
		assert.match(page.text, number === Number(count) ? />\s*Keep it<\/button>/ : />\s*Keep it, next<\/button>/);
		if (number > 1) has(page.text, `href="/needs/details?back=/record&amp;ask=${number - 1}">The one before</a>`);
		else lacks(page.text, 'The one before');
		const next = await own.send(page, '/needs/details', number === 1 ? { fontSize: '200' } : {});
		assert.equal(next.status, 303);
		if (number === Number(count)) {
			assert.equal(next.headers.location, '/needs?done=yes&back=/record');
			break;
		}
		assert.equal(next.headers.location, `/needs/details?back=/record&ask=${number + 1}`);
		page = await own.get(next.headers.location);
		has(page.text, 'data-text="200"', 'data-layout="simple"');
	}
	assert.equal(new Set(names).size, names.length);
	const wrong = await own.send(await own.get('/needs/details?ask=3'), '/needs/details', { colourTheme: 'plaid' });
	assert.equal(wrong.status, 400);
	has(wrong.text, 'id="colourTheme-error"', 'Question 3 of');
	for (const ask of ['0', '99', 'x']) has((await own.get(`/needs/details?ask=${ask}`)).text, 'Question 1 of');
});

test('needs__simple__the_end_of_the_session_is_said_with_its_time_and_the_button_to_press', async () => {
	const own = await browser('simplified'), usual = new Browser(house.origin);
	const number = await own.send(await own.get('/signin'), '/signin', { name: 'fresh' });
	await own.send(number, '/signin', { password: 'secret-fresh', shared: 'yes' });
	await usual.signIn('other', 'secret-other', { shared: 'yes' });
	await needs('other');
	house.clock.pass(12 * 3600 - 300);
	const { text, words } = await own.get('/');
	has(text, 'data-layout="simple"', 'action="/account/extend"', 'Go on using this</button>');
	assert.match(words, /You will be signed out in \d minutes\. To stay, press "Go on using this"\. What you wrote is saved\./);
	assert.match((await usual.get('/')).words, /You will be signed out in \d minutes/);
	const form = await own.get('/account/phone');
	house.clock.pass(600);
	const ended = await own.send(form, '/account/phone', { phone: '010 5555 6677' });
	assert.equal(ended.status, 401);
	has(ended.text, 'Please sign in again. What you wrote is kept.');
});

// ---- texts of the author: easy, with pinyin ----

const ruby = (text, syllables) => [...text].map((letter, i) => `<ruby>${letter}<rp>(</rp><rt>${syllables[i]}</rt><rp>)</rp></ruby>`).join('');

test('needs__pinyin_stands_over_the_characters_and_is_not_spoken', async () => {
	await needs('learner', [], { pinyin: true });
	const title = ruby('保健按摩', ['bǎo', 'jiàn', 'àn', 'mó']), lesson = ruby('第一课', ['dì', 'yī', 'kè']);
	const { text } = await page('learner', `/courses/${plain}`);
	has(text, `<h1 lang="zh-CN"><span class="ruby"><span>保健按摩</span><span aria-hidden="true">${title}</span></span></h1>`, '<title>保健按摩 – Curbcut</title>',
		`<span class="ruby"><span>Lesson 1: 第一课</span><span aria-hidden="true">Lesson 1: ${lesson}</span></span></a>`, ruby('学习', ['xué', 'xí']), 'Lesson 2: 第二课</a>');
	lacks(text, '学会按摩');
	has((await page('learner', lessons[0])).text, `${lesson}</span></span></h1>`);
	has((await page('learner', '/courses')).text, `${title}</span></span></a>`);
	await needs('learner');
	for (const address of [`/courses/${plain}`, lessons[0], '/courses']) lacks((await page('learner', address)).text, '<ruby>');
});

test('needs__easy_texts_come_before_the_usual_ones', async () => {
	await needs('learner', [], { easyRead: true });
	const { text } = await page('learner', `/courses/${plain}`);
	has(text, '<p lang="zh-CN">学会按摩。按摩让人舒服。</p>', 'The whole description</summary><p lang="zh-CN">学习保健按摩的方法。</p>', '<p lang="zh-CN">先学手。</p>');
	has((await page('learner', '/courses')).text, '学会按摩。按摩让人舒服。');
	has((await page('learner', lessons[0])).text, '<p lang="zh-CN">先学手。</p>');
	await needs('learner', ['simplified'], { pinyin: true });
	has((await page('learner', lessons[0])).text, ruby('先学手', ['xiān', 'xué', 'shǒu']));
	await needs('learner');
	const usual = (await page('learner', `/courses/${plain}`)).text;
	has(usual, '<p lang="zh-CN">学习保健按摩的方法。</p>');
	lacks(usual, '学会按摩', '先学手', 'The whole description');
});

test('needs__pinyin_that_does_not_fit_is_told_to_the_author_and_not_shown', async () => {
	const change = { name: '手法 A', namePinyin: 'shǒu', easy: '好。', easyPinyin: 'hǎo <b>', descriptionPinyin: 'x', units: [{ id: 'u1', name: '第一课', namePinyin: 'dì yī kè lìng', kind: 'video', src: 'film.mp4', hours: 0.01 }] };
	const brought = await house.bring('author', zip([{ name: 'course.json', bytes: course(change) }, { name: 'film.mp4', bytes: film(10, []) }]), 'wrong.zip');
	assert.ok(brought.result.course, JSON.stringify(brought.result));
	const found = brought.result.findings.filter(({ code }) => code === 'course.pinyin');
	assert.deepEqual(found.map(({ severity, what }) => [severity, what.split(' ')[0]]).sort(), [['doubt', 'descriptionPinyin'], ['doubt', 'easyPinyin'], ['doubt', 'namePinyin'], ['doubt', 'units[0].namePinyin']]);
	assert.match(found[0].what, /the 2 Chinese characters/);
	assert.match(found[0].mend, /one syllable for each Chinese character/);
	await needs('author', [], { pinyin: true, easyRead: true });
	const { text } = await page('author', `/courses/${brought.result.course}`);
	has(text, '<p lang="zh-CN">好。</p>');
	lacks(text, '<ruby>');
	await needs('author');
	const bad = await house.bring('author', zip([{ name: 'course.json', bytes: course({ easy: ['好'], namePinyin: 7 }) }, { name: 'film.mp4', bytes: film(10, []) }]), 'type.zip');
	assert.deepEqual([bad.result.course, bad.result.findings.filter(({ code }) => code === 'course.field_type').length], [null, 2]);
});

// ---- as little data as possible ----

test('needs__save_data__sound_comes_first_and_sizes_are_said_beside_each_choice', async () => {
	for (const [ask, headers] of [[['saveData'], {}], [[], { 'Save-Data': 'on' }]]) {
		await needs('learner', ask);
		const { text, headers: got } = await page('learner', lessons[0], headers);
		assert.match(got.vary, /Save-Data/);
		has(text, '<audio id="media" controls preload="none"');
		assert.match(text, /href="[^"]*\?sound=no" data-place>With the picture, about \d+ MB/);
		assert.match(text, /<summary>Sign language, about \d+ MB/);
		assert.match(text, /Download this lesson, about \d+ MB/);
		lacks(text, 'id="media" controls preload="auto"', 'poster=', '<img', 'autoplay', 'rel="preload"');
		for (const [tag] of text.matchAll(/<(?:video|audio)[^>]*>/g)) assert.match(tag, /preload="none"/);
		const picture = await page('learner', `${lessons[0]}?sound=no`, headers);
		has(picture.text, '<video id="media" controls preload="none"');
		assert.match(picture.text, /\?sound=only" data-place>Sound only, about \d+ MB/);
		assert.match((await page('learner', book, headers)).text, /in 1 chapters and is about \d+ MB/);
	}
	await needs('learner', [], { saveData: false });
	has((await page('learner', lessons[0], { 'Save-Data': 'on' })).text, '<video id="media"'); // what she says goes before her browser
	await needs('learner', ['saveData', 'simplified']);
	has((await page('learner', lessons[0])).text, 'With the picture, about'); // a choice that costs is not folded away
	await needs('learner');
	has((await page('learner', lessons[0])).text, '<video id="media"');
});

// ---- each need changes what is served ----

const each = [
	['colours', [], { colourTheme: 'dark' }, '/', ['data-colours="dark"']],
	['large print', ['largePrint'], {}, '/courses', ['data-colours="contrast"', 'data-text="150"']],
	['size', [], { fontSize: 200 }, '/record', ['data-text="200"']],
	['spacing', [], { textSpacing: 'wide' }, '/help', ['data-spacing="wide"']],
	['motion', ['calm'], {}, '/account', ['data-motion="less"']],
	['layout', ['simplified'], {}, '/record', ['data-layout="simple"', 'data-spacing="wide"']],
	['captions', ['captions'], {}, 'lesson', [' srclang="zh-CN" label="Chinese" default']],
	['language of captions', [], { captionsLanguage: 'zh-CN' }, 'lesson', [' srclang="zh-CN" label="Chinese" default']],
	['sign language', ['signLanguage'], {}, 'lesson', ['<details open><summary>Sign language']],
	['description', ['screenReader'], {}, 'lesson', ['data-described="yes"']],
	['sound cues', [], { soundCues: true }, 'lesson', ['data-cues="yes"']],
	['sound cues of a book', [], { soundCues: true }, 'book', ['data-cues="yes"']],
	['vibration', [], { vibrationCues: true }, 'lesson', ['data-vibrates="yes"']],
	['flash', [], { flashCues: true }, 'book', ['data-flashes="yes"']],
	['keys', ['keyboard'], {}, 'lesson', ['<details data-scripted hidden open><summary>Keys of the player']],
	['keys of a book', ['keyboard'], {}, 'book', ['<details data-scripted hidden open><summary>Keys of the player']],
	['data', ['saveData'], {}, 'lesson', ['<audio id="media"']],
	['easy texts', [], { easyRead: true }, 'course', ['学会按摩']],
	['pinyin', [], { pinyin: true }, 'course', ['<ruby>']],
];
for (const [name, helps, preferences, where, parts] of each) {
	test(`needs__${name.replaceAll(' ', '_')}__changes_the_page_that_is_served`, async () => {
		const address = { lesson: lessons[0], book, course: `/courses/${plain}` }[where] ?? where;
		await needs('learner');
		lacks((await page('learner', address)).text, ...parts);
		await needs('learner', helps, preferences);
		has((await page('learner', address)).text, ...parts);
	});
}

test('needs__braille__the_text_comes_before_the_player_with_keys_and_without_tones', async () => {
	await needs('learner', ['braille', 'screenReader']);
	const { text } = await page('learner', lessons[0]);
	assert.ok(text.indexOf('id="transcript"') > 0 && text.indexOf('id="transcript"') < text.indexOf('id="player"'));
	has(text, '<details data-scripted hidden open><summary>Keys of the player', 'data-cues=""');
	assert.equal(text.split('id="transcript"').length, 2);
	await needs('learner', ['braille', 'simplified']);
	const simple = (await page('learner', lessons[0])).text;
	assert.ok(simple.indexOf('id="transcript"') > 0 && simple.indexOf('id="transcript"') < simple.indexOf('id="player"'));
	lacks(simple, 'show=text');
	await needs('learner');
	const usual = (await page('learner', lessons[0])).text;
	assert.ok(usual.indexOf('id="transcript"') > usual.indexOf('id="player"'));
});
