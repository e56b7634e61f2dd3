// Lessons that are read: a package of pages comes in, is read part by part without scripts, and counts by the clock of the server: what
// reading aloud would take, once, never faster, and without carrying time over from one part to the next.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { School, folder } from './lib/school.mjs';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');
const WORDS = '手'.repeat(400); // 100 seconds
const CHAPTERS = 9;
let clock, school, course, cohort, files, lone;

// Chapters of a hundred seconds and a little each; the first has all that must not come through.
function makeBook() {
	const at = path.join(files, 'book');
	mkdirSync(path.join(at, 'META-INF'), { recursive: true });
	writeFileSync(path.join(at, 'mimetype'), 'application/epub+zip');
	writeFileSync(path.join(at, 'META-INF/container.xml'), '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>');
	const numbers = Array.from({ length: CHAPTERS }, (_, i) => i + 1);
	writeFileSync(path.join(at, 'book.opf'), `<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="u">urn:x</dc:identifier><dc:title>Hands</dc:title><dc:language>zh-CN</dc:language></metadata><manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/><item id="png" href="hand.png" media-type="image/png"/>${numbers.map((n) => `<item id="c${n}" href="c${n}.xhtml" media-type="application/xhtml+xml"/>`).join('')}</manifest><spine>${numbers.map((n) => `<itemref idref="c${n}"/>`).join('')}</spine></package>`);
	const page = (title, inside) => `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="zh-CN"><head><title>${title}</title><style>p { display: none }</style></head><body>${inside}</body></html>`;
	writeFileSync(path.join(at, 'nav.xhtml'), page('nav', `<nav epub:type="toc"><ol>${numbers.map((n) => `<li><a href="c${n}.xhtml">Chapter ${n}</a></li>`).join('')}</ol></nav>`));
	const strange = '<script>steal()</script><p onclick="steal()" style="color: red">before <em>and</em> &lt;after&gt;</p><p><img src="hand.png" alt="A &quot;hand&quot;"/></p><p><a href="c2.xhtml#there">on</a> <a href="https://elsewhere.example/">away</a> <a href="javascript:steal()">run</a></p><table><tr><th>one</th><th>two</th></tr><tr><td>three</td><td>four</td></tr></table>';
	for (const n of numbers) writeFileSync(path.join(at, `c${n}.xhtml`), page(`Chapter ${n}`, `<h1>Chapter ${n}</h1>${n === 1 ? strange : ''}<p>${WORDS}</p><p id="there"><ruby>手<rt>shǒu</rt></ruby></p>`));
	writeFileSync(path.join(at, 'hand.png'), PNG);
	const book = path.join(files, 'hands.epub');
	assert.equal(spawnSync('zip', ['-q', '-X', '-r', book, 'mimetype', '.'], { cwd: at }).status, 0);
	return book;
}

// The lesson in a course, with hours of its own.
function makeCourse() {
	const at = path.join(files, 'course'), zip = path.join(files, 'course.zip');
	makeBook();
	mkdirSync(at);
	writeFileSync(path.join(at, 'course.json'), JSON.stringify({ name: 'Massage', inLanguage: 'zh-CN', units: [{ id: 'u1', name: 'Hands', kind: 'document', src: 'hands.epub', hours: 0.25 }] }));
	assert.equal(spawnSync('zip', ['-q', '-0', '-X', '-j', zip, path.join(at, 'course.json'), path.join(files, 'hands.epub')]).status, 0);
	return zip;
}

before(async () => {
	clock = new Clock();
	files = folder('documents');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	school.institution = JSON.parse(school.command('institution', 'add', '--name', 'Base', '--region', '370100', '--region-name', 'Jinan')).id;
	await school.account('staff', 'staff', ['--institution', school.institution]);
	for (const name of ['t1', 't2', 't3', 't4', 't5', 'alone']) await school.account(name, 'learner');
	course = await school.course(makeCourse());
	cohort = await school.cohort(course, { total: 1.25, offline: 1 }, ['t1', 't2', 't3', 't4', 't5']);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const visitor = (name) => new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice(7) });
const text = (reply) => reply.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const address = () => `/documents/${course.units[0].id}`;
const record = async (name) => (await school.client(name).must('GET', '/api/v1/trainees/me/record')).cohorts.find((one) => one.cohort === cohort);
const counted = async (name) => (await record(name)).lines.reduce((sum, line) => sum + line.granted_s, 0);

// What a browser has of a part: the page, and its form.
async function open(browser, query = '') {
	const page = await browser.get(address() + query);
	assert.equal(page.status, 200, text(page));
	const form = /<form method="post" action="[^"]*\/next">[^]*?<\/form>/.exec(page.text)[0];
	const fields = [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]);
	return { page, fields, part: Number(fields.find(([name]) => name === 'part')[1]), play: fields.find(([name]) => name === 'play')?.[1], next: () => browser.post(`${address()}/next`, fields) };
}

test('a book without sound comes in as a document, with its chapters', async () => {
	assert.equal(course.units[0].kind, 'document');
	const here = await visitor('t1').get(`/courses/${course.course}`);
	assert.match(here.text, new RegExp(`href="${address()}"`));
	assert.match(text(here), /To read, 15 min/);
	lone = JSON.parse(school.command('import', '--publish', path.join(files, 'hands.epub')));
	assert.ok(lone.course, JSON.stringify(lone));
});

test('a part is words in elements of our own choosing', async () => {
	const { page } = await open(visitor('alone'));
	assert.match(page.text, /<section lang="zh-CN">/);
	assert.match(page.text, /<p>before <em>and<\/em> &lt;after&gt;<\/p>/);
	assert.match(page.text, /<img src="\/documents\/pictures\/[^"]+" alt="A &#34;hand&#34;">/);
	assert.match(page.text, new RegExp(`<a href="${address()}\\?part=2#p[0-9]+">on</a> away run`));
	assert.match(page.text, /<ruby>手<rt>shǒu<\/rt><\/ruby>/);
	assert.match(page.text, /<table role="table">.*<th role="columnheader">one/);
	assert.doesNotMatch(page.text, /steal|elsewhere|display: none|onclick|color: red/);
	assert.equal(page.text.match(/<h1/g).length, 1);
	const picture = /\/documents\/pictures\/[^"?]+/.exec(page.text)[0], reply = await visitor('alone').get(picture);
	assert.deepEqual([reply.status, reply.headers['content-type'], reply.bytes.equals(PNG)], [200, 'image/png', true]);
	const second = await open(visitor('alone'), '?part=2');
	assert.match(second.page.text, /<span id="p[0-9]+">|<p id="p[0-9]+">/);
	assert.match(text(second.page), /study as much as you like, it adds no hours/);
	assert.equal(second.play, undefined);
	assert.equal((await visitor('alone').get(`${address()}?part=10`)).status, 404);
	assert.equal((await visitor('alone').get(`/documents/${cohort}`)).status, 404);
});

test('going on counts what the clock allows, and once', async () => {
	const browser = visitor('t1');
	let part = await open(browser);
	assert.equal(part.part, 1);
	clock.pass(10); // at three times the speed of reading aloud: thirty seconds
	let reply = await part.next();
	assert.deepEqual([reply.status, reply.headers.location], [303, `${address()}?part=2&told=clock`]);
	assert.equal(await counted('t1'), 30);
	clock.pass(1000);
	await part.next(); // the same form again
	await browser.post(`${address()}/next`, part.fields.filter(([name]) => name !== 'idempotency_key'));
	assert.equal(await counted('t1'), 30);
	part = await open(browser, '?part=2&told=clock');
	assert.match(text(part.page), /sooner than this can be read aloud/);
	clock.pass(200);
	reply = await part.next();
	assert.equal(reply.headers.location, `${address()}?part=3&told=counted`);
	const second = await counted('t1') - 30;
	assert.ok(second >= 100 && second < 110, String(second));
	part = await open(browser, '?part=1'); // the rest of it
	clock.pass(300);
	await part.next();
	const first = await counted('t1') - second;
	assert.ok(first >= 100 && first < 120, String(first));
});

test('time that is left over on a part is not there for the next one, and loading a part again takes none', async () => {
	const browser = visitor('t2');
	let part = await open(browser);
	clock.pass(3600);
	await part.next();
	const first = await counted('t2');
	part = await open(browser, '?part=2');
	await part.next();
	assert.equal(await counted('t2'), first);
	part = await open(browser, '?part=3');
	clock.pass(200);
	const again = await open(browser, '?part=3');
	assert.equal(again.play, part.play);
	await again.next();
	assert.ok(await counted('t2') >= first + 100);
});

test('what nobody opened does not count, nor with the play of somebody else', async () => {
	const mine = await open(visitor('t3')), browser = visitor('t4'), theirs = await open(browser);
	clock.pass(1000);
	const forged = (fields, change) => fields.filter(([name]) => name !== 'idempotency_key').map(([name, value]) => [name, change[name] ?? value]);
	let reply = await browser.post(`${address()}/next`, forged(theirs.fields, { part: '5' }));
	assert.equal(reply.headers.location, `${address()}?part=6&told=not_delivered`);
	reply = await browser.post(`${address()}/next`, forged(theirs.fields, { play: mine.play }));
	assert.equal(reply.status, 404);
	reply = await browser.post(`${address()}/next`, forged(theirs.fields, { part: '99' }));
	assert.equal(reply.status, 400);
	assert.deepEqual([await counted('t3'), await counted('t4')], [0, 0]);
});

test('she goes on where she stopped, and no more counts than the lesson has', async () => {
	const browser = visitor('t3');
	for (let n = 1; n <= 4; n++) {
		clock.pass(400);
		await (await open(browser, `?part=${n}`)).next();
		const part = await open(browser, `?part=${n}`);
		clock.pass(400);
		await part.next();
	}
	assert.equal((await open(browser)).part, 5);
	for (let n = 5; n <= CHAPTERS; n++) {
		const part = await open(browser, `?part=${n}`);
		clock.pass(400);
		const reply = await part.next();
		if (n === CHAPTERS) assert.equal(reply.headers.location, `${address()}?part=${CHAPTERS}&end=yes&told=hours_full`);
	}
	assert.equal(await counted('t3'), 675); // a quarter of a class hour of 45 minutes
});

test('the chapters are listed, the one that she is in as such, and the page loads no script of a player', async () => {
	const browser = visitor('t4');
	const page = await browser.get(`${address()}?part=2`);
	assert.match(page.text, /<a href="\/documents\/[^"]+\?from=[0-9]+"[^>]* aria-current="true">Chapter 2</);
	assert.doesNotMatch(page.text, /<script src="[^"]*(watch|listen)/);
});

test('what is read has no other play than its pages: one of its own would carry time from part to part', async () => {
	const browser = visitor('t5'), client = school.client('t5');
	assert.equal((await client.ask('POST', '/api/v1/plays', { unit: course.units[0].id, cohort })).status, 422);
	let part;
	for (const n of [1, 2, 3]) part = await open(browser, `?part=${n}`);
	const beat = (seq) => client.ask('POST', `/api/v1/plays/${part.play}/beats`, { seq, played: [[0, 300]], rate: 1 });
	clock.pass(3600);
	assert.deepEqual([(await beat(0)).status, await counted('t5')], [422, 0]);
	await part.next();
	const third = await counted('t5');
	assert.ok(third >= 100 && third < 110, String(third));
	clock.pass(3600);
	assert.deepEqual([(await beat(1)).status, await counted('t5')], [422, third]);
	const { units } = await client.must('GET', `/api/v1/courses/${lone.course}`), other = `/documents/${units[0].id}`;
	part = await open(browser, '?part=1');
	clock.pass(3600);
	const reply = await browser.post(`${other}/next`, part.fields); // going on in another document takes no time from this one
	assert.deepEqual([reply.status, await counted('t5')], [404, third]);
});

test('in the simple layout a part is its text and the way on; the chapters and the rest have pages of their own', async () => {
	const browser = visitor('t5'), here = address();
	await school.client('t5').must('PUT', '/api/v1/needs', { format: 'ISO/IEC 24751 AccessForAll', version: 1, helps: ['simplified'], preferences: {} });
	const part = await open(browser, '?part=2'), main = part.page.text.slice(part.page.text.indexOf('<main'));
	for (const there of [WORDS, 'I have read this; next part', `href="${here}?part=1"`, `href="${here}?show=chapters" data-place>`, `href="${here}?show=more" data-place>`, 'Back to my first page'])
		assert.ok(main.includes(there), there);
	for (const away of [/<h2/, /Chapter 3/, /A part counts when you press/, /Part 2 of 9/, /show=text/]) assert.doesNotMatch(main, away);
	const chapters = await browser.get(`${here}?show=chapters`);
	assert.match(chapters.text, new RegExp(`href="${here}">Back to the lesson<[^]*<a href="${here}\\?from=[0-9]+"[^>]* aria-current="true">Chapter 2<`));
	assert.doesNotMatch(chapters.text, new RegExp(`${WORDS}|/next"`));
	assert.match(text(await browser.get(`${here}?show=more`)), /Part 2 of 9\. Reading all of it aloud takes 15 min/);
	const back = await open(browser);
	assert.deepEqual([back.part, back.play], [2, part.play]); // looking at the chapters took no time from her
	assert.equal((await back.next()).status, 303);
});

test('who looks at it as a learner with other needs stays so from part to part, by buttons, links and chapters, and nothing is opened', async () => {
	const staff = new Visitor(school.origin, { lang: 'en', token: school.client('staff').headers.Authorization.slice(7) }), at = `/documents/${course.units[0].id}`;
	const page = (await staff.get(`${at}?as=largePrint`)).text, form = read(page).forms.find((one) => named(one, 'part'));
	assert.deepEqual([form.method, form.action, named(form, 'as').value, named(form, 'part').value], ['GET', at, 'largePrint', '2']);
	const inside = read(page).links.filter((href) => href.startsWith(`${at}?`));
	assert.ok(inside.some((href) => href.includes('part=2')) && inside.some((href) => href.includes('from=')), inside.join(' '));
	for (const href of inside) assert.match(href, /as=largePrint/);
	const second = (await staff.get(`${at}?${new URLSearchParams(filled(form).map(([name, value]) => [name, value]))}`)).text;
	assert.match(second, /You look at this page as a learner who says[^]*Part 2 of/);
	const last = (await staff.get(`${at}?part=${CHAPTERS}&as=largePrint`)).text, end = read(last).forms.find((one) => named(one, 'part'));
	assert.deepEqual([named(end, 'end').value, named(end, 'part').value], ['yes', String(CHAPTERS)]);
});
