// The author's desk: a draft is changed, its captions are mended, and every change can be taken back until it is published.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { House } from './lib/house.mjs';
import { course, films } from './lib/films.mjs';
import { zip } from './lib/zip.mjs';

const SRT = '1\n00:00:01,000 --> 00:00:05,000\n按住这里，不要用力太大，慢慢地向下推\n\n2\n00:00:04,000 --> 00:00:08,000\n再来一次\n';
let house, film, pack;

before(async () => {
	({ film } = films());
	const lesson = (id, name, tracks = []) => ({ id, name, kind: 'video', src: 'film.mp4', hours: 0.01, tracks });
	pack = zip([{ name: 'course.json', bytes: course({
		units: [lesson('u1', '第一课', [{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }]), lesson('u2', '第二课'), lesson('u3', '第三课')],
		programme: { name: '推拿', total: 0.05, offline: [{ name: '实操', hours: 0.02 }] },
	}) }, { name: 'film.mp4', bytes: film }, { name: 'film.srt', bytes: Buffer.from(SRT) }]);
	house = await House.open();
});
after(() => house?.close());

const HTML = (lang = 'en') => ({ Accept: 'text/html', 'Accept-Language': lang });
const page = async (name, address) => house.client(name).ask('GET', address, undefined, HTML());
async function send(name, address, fields) {
	const reply = await fetch(house.origin + address, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields), headers: { ...house.client(name).headers, ...HTML() } });
	return { status: reply.status, to: reply.headers.get('location'), text: await reply.text() };
}

// A draft: {id, at: its page, look(): as the API shows it, fields(): its form as it stands}.
async function draft(name = 'author') {
	const { result } = await house.bring(name, pack, 'a.zip');
	const id = result.course, at = `/packages/courses/${id}`;
	return {
		id, at,
		look: () => house.client(name).must('GET', `/api/v1/courses/${id}`),
		fields: async () => {
			const { text } = await page(name, at);
			const inputs = [...text.matchAll(/<input[^>]*name="(version|name\d*|hours\d+|order\d+)"[^>]*value="([^"]*)"/g)].map(([, key, value]) => [key, value]);
			return { ...Object.fromEntries(inputs), lang: /<option value="([^"]+)" selected/.exec(text)[1] };
		},
	};
}
const names = ({ units }) => units.map(({ name }) => name);
const captionsOf = async (one) => /href="(\/packages\/courses\/[^"]+\/tracks\/[^"]+)"/.exec((await page('author', one.at)).text)[1];
// The captions of a lesson as its page gives them to the player.
const vtt = async (one, lesson = 0) => {
	const unit = (await one.look()).units[lesson], { id } = unit.tracks.find(({ kind }) => kind === 'captions');
	const [address] = new RegExp(`/media/${id}/[0-9a-f]{64}`).exec((await page('author', `/videos/${unit.id}`)).text);
	return (await house.client('author').ask('GET', address)).text;
};

test('title, language, order, names and hours of a draft are changed in one form', async () => {
	const one = await draft(), fields = await one.fields();
	assert.deepEqual([fields.name, fields.name1, fields.hours1, fields.order3, fields.lang], ['推拿入门', '第一课', '0.01', '3', 'zh-CN']);
	const sent = await send('author', one.at, { ...fields, name: '推拿 <b>', name2: '热身', hours2: '０．０２', order3: '1', lang: 'bo' });
	assert.equal(sent.to, `${one.at}?done=saved`, sent.text);
	const now = await one.look();
	assert.equal(now.name, '推拿 <b>');
	assert.deepEqual(names(now), ['第三课', '第一课', '热身']);
	assert.equal(now.units[2].hours, 0.02);
	assert.match((await page('author', sent.to)).text, /The draft is changed\.[^]*value="推拿 &lt;b&gt;"[^]*<option value="bo" selected[^]*Captions \(Chinese\): mend them/);
	assert.match((await page('author', `${one.at}/versions`)).text, /The language is Tibetan in place of Chinese/);
});

test('what is typed wrong comes back at its field, and nothing is changed', async () => {
	const one = await draft(), fields = await one.fields(), before = await one.look();
	for (const [field, value, said] of [['name', ' ', /Write a name/], ['name1', 'x'.repeat(601), /too long/], ['hours1', '5', /more class hours than the recording lasts/], ['hours1', '-1', /Write class hours/], ['hours1', 'much', /Write class hours/], ['order2', '4', /Write which lesson it is/]]) {
		const sent = await send('author', one.at, { ...fields, [field]: value });
		assert.deepEqual([sent.status, said.test(sent.text), sent.text.includes(`<a href="#${field}">`)], [422, true, true], `${field} ${value}`);
		assert.ok(sent.text.includes(`value="${value}"`));
	}
	assert.deepEqual(await one.look(), before);
});

test('a form of a version that is not the last any more changes nothing', async () => {
	const one = await draft(), fields = await one.fields();
	assert.equal((await send('author', one.at, { ...fields, name: 'First' })).status, 303);
	const late = await send('author', one.at, { ...fields, name: 'Second' });
	assert.deepEqual([late.status, /changed meanwhile/.test(late.text)], [409, true]);
	assert.equal((await one.look()).name, 'First');
});

test('a draft is its author\'s alone, what is handed in is not changed, and what is published stays while its changes are a draft beside it', async () => {
	const one = await draft(), fields = await one.fields(), captions = await captionsOf(one);
	for (const address of [one.at, `${one.at}/versions`, captions]) {
		assert.equal((await page('other', address)).status, 404);
		assert.equal((await page('learner', address)).status, 403);
		assert.equal((await send('other', address, fields)).status, 404);
	}
	await house.client('author').must('POST', `/api/v1/courses/${one.id}/submit`, {});
	assert.equal((await send('author', one.at, { ...fields, name: 'x' })).status, 409);
	await house.client('reviewer').must('POST', `/api/v1/courses/${one.id}/approve`, {});
	const shown = () => house.nobody().must('GET', `/api/v1/courses/${one.id}`), before = await shown();
	for (const [address, sent] of [[one.at, { ...await one.fields(), name: 'x' }], [`${one.at}/versions`, { version: fields.version }]]) {
		assert.equal((await send('author', address, sent)).status, 303, address);
		assert.deepEqual(await shown(), before, address);
	}
	assert.match((await one.look()).next, /^[0-9a-f-]{36}$/);
});

test('what was changed is listed, and an earlier version is taken again as it was', async () => {
	const one = await draft(), first = await one.look();
	await send('author', one.at, { ...await one.fields(), name: '推拿二', order3: '1', hours1: '0.02' });
	const { text } = await page('author', `${one.at}/versions`);
	for (const said of [/The title is 推拿二 in place of 推拿入门/, /第一课: 0\.02 class hours in place of 0\.01/, /第三课: lesson 1 in place of 3/, /As it was handed in/, /Take version 1 again/])
		assert.match(text, said);
	const [, version] = /name="version" value="([^"]+)"/.exec(text);
	assert.equal((await send('author', `${one.at}/versions`, { version })).to, `${one.at}?done=back`);
	const now = await one.look(), bare = ({ id, version, units, ...rest }) => ({ ...rest, units: units.map(({ name, hours, kind, tracks }) => ({ name, hours, kind, tracks: tracks.map(({ kind, lang, size }) => ({ kind, lang, size })) })) });
	assert.deepEqual(bare(now), bare(first));
	assert.match((await page('author', `${one.at}/versions`)).text, /Take version 2 again/);

	const compared = async (query) => (await page('author', `${one.at}/compare${query}`)).text.replace(/<[^>]*>|\s+/g, ' ');
	assert.match(await compared(''), /From version 2 to version 3 [^]*The title is 推拿入门 in place of 推拿二/);
	assert.match(await compared('?was=1&now=2'), /From version 1 to version 2 [^]*The title is 推拿二 in place of 推拿入门/);
	assert.match(await compared('?was=1&now=3'), /Both are alike/);
	for (const typed of ['0', '4', '-1', 'x', '１.5']) {
		const wrong = await page('author', `${one.at}/compare?was=${encodeURIComponent(typed)}&now=3`);
		assert.deepEqual([wrong.status, wrong.text.includes('<a href="#was">'), wrong.text.includes(`value="${typed}"`), /Write the number of a version, from 1 to 3/.test(wrong.text)], [422, true, true, true], typed);
	}
	assert.equal((await page('other', `${one.at}/compare`)).status, 404);
	const other = await draft();
	assert.equal((await send('author', `${other.at}/versions`, { version })).status, 404); // of another course
});

test('captions are moved, broken and ended: seen first, then kept, then taken back', async () => {
	const one = await draft(), address = await captionsOf(one), before = await vtt(one), left = house.left();
	assert.match(before, /00:00:01\.000 --> 00:00:05\.000\n按住这里，不要用力太大，慢慢地向下推\n/);
	const shown = await page('author', address);
	assert.match(shown.text, /Captions of 第一课[^]*begin while another is still shown[^]*Deaf and hard-of-hearing learners have to read two captions at once/);

	const asked = { shift: '1.5', split: 'yes', overlaps: 'yes' };
	const look = await send('author', address, { ...asked, go: 'look' });
	assert.equal(look.status, 200, look.text);
	assert.match(look.text, /2 captions would change\. There are 2 now, and would be 2\./);
	assert.match(look.text, /0:01\.000 – 0:05\.000[^]*0:02\.500 – 0:05\.500/);
	assert.match(look.text, /按住这里，不要用力太大， \/ 慢慢地向下推/);
	assert.match(look.text, /value="1\.5"[^]*id="split"[^>]*checked[^]*Keep these captions/);
	assert.equal(await vtt(one), before);
	assert.deepEqual(house.left(), left); // what was only looked at leaves nothing

	const kept = await send('author', address, { ...asked, go: 'keep' });
	assert.equal(kept.to, `${one.at}?done=captions`, kept.text);
	assert.match(await vtt(one), /00:00:02\.500 --> 00:00:05\.500\n按住这里，不要用力太大，\n慢慢地向下推\n\n00:00:05\.500 --> 00:00:09\.500\n再来一次\n/);
	assert.match((await page('author', `${one.at}/versions`)).text, /第一课: changed: captions in Chinese/);
	const [, version] = /name="version" value="([^"]+)"/.exec((await page('author', `${one.at}/versions`)).text);
	await send('author', `${one.at}/versions`, { version });
	assert.equal(await vtt(one), before); // the original was kept
});

test('a shift that is no number, or moves all captions away, changes nothing', async () => {
	const one = await draft(), address = await captionsOf(one), before = await vtt(one);
	const typed = await send('author', address, { shift: 'later', go: 'keep' });
	assert.deepEqual([typed.status, /Write seconds like 1\.5/.test(typed.text), typed.text.includes('value="later"')], [400, true, true]);
	const away = await send('author', address, { shift: '-100', go: 'keep' });
	assert.deepEqual([away.status, /Nothing would be left of these captions/.test(away.text)], [422, true]);
	assert.equal(await vtt(one), before);
	assert.equal((await send('author', `${one.at}/tracks/00000000-0000-7000-8000-000000000000`, { go: 'keep' })).status, 404);
});

test('what a reviewer publishes is what was mended last', async () => {
	const one = await draft();
	await send('author', await captionsOf(one), { shift: '2', go: 'keep' });
	await house.client('author').must('POST', `/api/v1/courses/${one.id}/submit`, {});
	await house.client('reviewer').must('POST', `/api/v1/courses/${one.id}/approve`, {});
	assert.match(await vtt(one), /00:00:03\.000 --> /);
});

async function addFile(name, one, file, bytes, fields = {}) {
	const body = new FormData();
	for (const [key, value] of Object.entries({ lesson: 'u2', kind: 'captions', lang: 'zh-CN', ...fields })) body.append(key, value);
	body.append('file', new Blob([bytes]), file);
	const reply = await fetch(`${house.origin}${one.at}/captions`, { method: 'POST', redirect: 'manual', body, headers: { ...house.client(name).headers, ...HTML() } });
	return { status: reply.status, to: reply.headers.get('location'), text: await reply.text() };
}

test('captions that a lesson lacks are added to the draft, in any form and encoding, and replaced by newer ones', async () => {
	const one = await draft(), left = () => house.left().filter((name) => /^blobs\//.test(name)).length;
	const kinds = async () => (await one.look()).units[1].tracks.map(({ kind, lang }) => `${kind} ${lang}`).filter((kind) => /zh-CN/.test(kind));
	assert.deepEqual(await kinds(), []);
	const gb = Buffer.concat([Buffer.from('1\n00:00:01,000 --> 00:00:03,000\n'), Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), Buffer.from('\n')]);
	const sent = await addFile('author', one, 'a.srt', gb);
	assert.equal(sent.to, `${one.at}?done=added`, sent.text);
	assert.deepEqual(await kinds(), ['captions zh-CN', 'transcript zh-CN']);
	assert.match(await vtt(one, 1), /你好/);
	const before = left();
	assert.equal((await addFile('author', one, 'b.sbv', '0:00:01.000,0:00:03.000\n再见\n')).status, 303);
	assert.match(await vtt(one, 1), /再见/);
	assert.deepEqual(await kinds(), ['captions zh-CN', 'transcript zh-CN']);
	assert.equal(left(), before + 2); // the words and the transcript, and nothing that was only looked at
});

test('the language of a file is set right with its transcript, kept apart from one that is there, and taken back', async () => {
	const one = await draft(), address = await captionsOf(one);
	const langs = async () => (await one.look()).units[0].tracks.filter(({ kind }) => /^(captions|transcript)$/.test(kind)).map(({ kind, lang }) => `${kind} ${lang}`);
	const before = await langs();
	assert.deepEqual(before, ['captions zh-CN', 'transcript zh-CN']);
	const unknown = await send('author', address, { lang: 'xx', go: 'lang' });
	assert.deepEqual([unknown.status, /Choose a language of the list/.test(unknown.text), unknown.text.includes('<a href="#lang">')], [422, true, true]);
	assert.equal((await send('author', address, { lang: 'en', go: 'lang' })).to, `${one.at}?done=lang`);
	assert.deepEqual(await langs(), ['captions en', 'transcript en']);
	assert.match((await page('author', one.at)).text, /Captions \(English\): mend them/);
	const { text } = await page('author', `${one.at}/versions`);
	assert.match(text, /第一课: new: captions in English[^]*第一课: new: the transcript in English[^]*第一课: gone: captions in Chinese[^]*第一课: gone: the transcript in Chinese/);
	assert.doesNotMatch(text, /changed:|the picture|the sound/);
	await addFile('author', one, 'a.srt', SRT, { lesson: 'u1', lang: 'bo' });
	const unchanged = (await one.look()).version;
	assert.equal((await send('author', await captionsOf(one), { lang: 'en', go: 'lang' })).to, one.at);
	assert.equal((await one.look()).version, unchanged); // it is in that language
	const twice = await send('author', await captionsOf(one), { lang: 'bo', go: 'lang' });
	assert.deepEqual([twice.status, /has such a file in that language already/.test(twice.text)], [422, true]);
	await send('author', `${one.at}/versions`, { version: /name="version" value="([^"]+)"/.exec(text)[1] });
	assert.deepEqual(await langs(), before);
});

test('a file of captions is taken out with its transcript, the lesson plays on, and the version before has it', async () => {
	const one = await draft(), kinds = async () => (await one.look()).units[0].tracks.map(({ kind }) => kind), before = await kinds();
	await addFile('author', one, 'a.srt', SRT, { lesson: 'u1', lang: 'bo' });
	const whole = async () => { // the flat form names picture and sound by their places
		const unit = (await one.look()).units[0], [address] = /\/media\/[^"#]+\/[0-9a-f]{64}[^"#]*/.exec(/<source src="([^"]+)"/.exec((await page('author', `/videos/${unit.id}`)).text)[1]);
		return createHash('sha256').update(Buffer.from(await (await fetch(house.origin + address.replaceAll('&amp;', '&'), { headers: house.client('author').headers })).arrayBuffer())).digest('hex');
	};
	const bytes = await whole();
	assert.equal((await send('author', await captionsOf(one), { go: 'out' })).to, `${one.at}?done=out`);
	assert.deepEqual((await kinds()).toSorted(), before.toSorted());
	assert.ok(!(await one.look()).units[0].tracks.some(({ kind, lang }) => /captions|transcript/.test(kind) && lang === 'zh-CN'));
	assert.equal(await whole(), bytes);
	assert.match((await page('author', `${one.at}?done=out`)).text, /The version before still has it/);
	assert.equal((await send('author', await captionsOf(one), { go: 'out' })).status, 303);
	assert.deepEqual(await kinds(), before.filter((kind) => !/captions|transcript/.test(kind)));
	assert.ok((await one.look()).lacks.some(({ lesson, code }) => lesson === 1 && code === 'a11y.no-captions'));
	assert.equal(await whole(), bytes);
	const { text } = await page('author', `${one.at}/versions`);
	assert.match(text, /第一课: gone: captions in Tibetan/);
	await send('author', `${one.at}/versions`, { version: /name="version" value="([^"]+)"/.exec(text)[1] });
	assert.ok((await kinds()).includes('captions'));
});

test('a file that is no captions is told so at its field, and leaves nothing', async () => {
	const one = await draft(), before = house.left();
	for (const [file, bytes, fields, status, said] of [['', '', {}, 400, /Choose the file of captions first/], ['a.srt', 'nothing here', {}, 422, /There is no caption in this file/], ['a.srt', SRT, { lesson: 'none' }, 400, /Choose the lesson/], ['a.srt', SRT, { lang: 'x y' }, 400, /Choose the lesson/]]) {
		const sent = await addFile('author', one, file, bytes, fields);
		assert.deepEqual([sent.status, said.test(sent.text), sent.text.includes('<a href="#file">')], [status, true, true], `${status} ${sent.status} ${said}`);
	}
	assert.equal((await addFile('other', one, 'a.srt', SRT)).status, 404);
	assert.deepEqual(house.left(), before);
});

// A book without sound, as small as one can be.
function book() {
	const xhtml = (inside) => Buffer.from(`<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="zh-CN"><head><title>手</title></head><body>${inside}</body></html>`);
	return zip([{ name: 'mimetype', bytes: Buffer.from('application/epub+zip') },
		{ name: 'META-INF/container.xml', bytes: Buffer.from('<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>') },
		{ name: 'b.opf', bytes: Buffer.from('<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="u">urn:x</dc:identifier><dc:title>手</dc:title><dc:language>zh-CN</dc:language></metadata><manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>') },
		{ name: 'nav.xhtml', bytes: xhtml('<nav epub:type="toc"><ol><li><a href="c.xhtml">手</a></li></ol></nav>') },
		{ name: 'c.xhtml', bytes: xhtml(`<h1>手</h1><p>${'手'.repeat(200)}</p>`) }]);
}

test('captions are offered for no lesson that is read', async () => {
	const read = { id: 'u2', name: '手册', kind: 'document', src: 'b.epub', hours: 0.01 };
	const bring = async (units) => {
		const bytes = [{ name: 'course.json', bytes: course({ units }) }, { name: 'b.epub', bytes: book() }, { name: 'film.mp4', bytes: film }];
		const { result } = await house.bring('author', zip(bytes.filter(({ name }) => name === 'course.json' || units.some(({ src }) => src === name))), 'b.zip');
		return { id: result.course, at: `/packages/courses/${result.course}` };
	};
	const both = await bring([{ id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0.01 }, read]), alone = await bring([read]);
	assert.match((await page('author', both.at)).text, /Add captions or descriptions/);
	const form = await page('author', `${both.at}/captions`);
	assert.match(form.text, /<option value="u1"/);
	assert.doesNotMatch(form.text, /<option value="u2"|手册/);
	const sent = await addFile('author', both, 'a.srt', SRT, { lesson: 'u2' });
	assert.deepEqual([sent.status, /Choose the lesson/.test(sent.text)], [400, true]);
	assert.equal((await addFile('author', both, 'a.srt', SRT, { lesson: 'u1' })).status, 303);
	assert.doesNotMatch((await page('author', alone.at)).text, /Add captions or descriptions/);
	assert.equal((await page('author', `${alone.at}/captions`)).status, 404);
	assert.equal((await addFile('author', alone, 'a.srt', SRT, { lesson: 'u2' })).status, 404);
});

test('an author looks at the lessons as learners with other needs, and nothing of it is kept', async () => {
	const one = await draft(), { units } = await one.look(), [first, second] = units.map(({ id }) => `/videos/${id}`), course_at = `/courses/${one.id}`;
	const told = async () => (await house.client('author').ask('GET', '/api/v1/needs')).text, before = await told();
	const { text } = await page('author', one.at);
	const version_at = `${course_at}?version=${(await one.look()).version}`;
	for (const as of ['screenReader', 'signLanguage', 'largePrint', 'simplified']) assert.ok(text.includes(`href="${version_at}&amp;as=${as}"`), as);
	assert.match(text, /Look at the lessons as a learner who says[^]*I use a screen reader and mostly listen/);
	const large = (await page('author', `${course_at}?as=largePrint`)).text;
	for (const there of ['data-colours="contrast"', 'data-text="150"', 'You look at this page as a learner who says: I can see, but need large print', `href="${course_at}">See it as yourself`, `href="${first}?as=largePrint"`])
		assert.ok(large.includes(there), there);
	const simple = (await page('author', `${first}?as=simplified`)).text;
	for (const there of ['data-layout="simple"', `href="${first}?show=text&amp;as=simplified"`, `href="${second}?as=simplified"`, `href="${version_at}&amp;as=simplified"`]) assert.ok(simple.includes(there), there);
	assert.match(simple, /data-place=""/); // where she stops is nobody's place
	const words = (await page('author', `${first}?show=text&as=simplified`)).text;
	assert.ok(words.includes(`href="${first}?as=simplified"`) && words.includes('id="transcript"'));
	assert.match(words, new RegExp(`href="${first}\\?from=\\d+&amp;as=simplified"`));
	const shown = async (as) => /<track [^>]*default/.test((await page('author', `${first}${as}`)).text.replace(/\n/g, ' '));
	assert.deepEqual([await shown('?as=signLanguage'), await shown('?as=captions'), await shown('')], [true, true, false]);
	const own = (await page('author', first)).text;
	assert.match(own, new RegExp(`data-place="${first}/place"`));
	for (const as of ['', '?as=', '?as=nothing', '?as=%22%3E']) assert.doesNotMatch((await page('author', `${course_at}${as}`)).text, /data-text|data-layout="simple"|You look at this page|href="[^"]*\?as=/, as);
	assert.doesNotMatch(own, /data-layout="simple"|href="[^"]*\?as=/);
	assert.doesNotMatch((await page('learner', '/?as=largePrint')).text, /data-text|You look at this page/); // only who writes courses
	assert.equal(await told(), before);
});

test('versions that differ in what no form mends are not called alike', async () => {
	const bring = async (easy, more, at) => (await house.bring('author', zip([{ name: 'course.json', bytes: course({ name: 'Hands', inLanguage: 'en', units: [{ id: 'u1', name: 'Lesson', kind: 'video', src: 'film.mp4', hours: 0.01, easy }], ...more }) }, { name: 'film.mp4', bytes: film }]), 'h.zip', at ? { course: at } : {})).result.course;
	const id = await bring('One hand.', { keywords: ['hand'] });
	await bring('One thumb.', { keywords: ['thumb'] }, id);
	const said = (await page('author', `/packages/courses/${id}/compare`)).text.replace(/<[^>]*>|\s+/g, ' ');
	for (const words of [/Lesson: its text in easy words is another/, /The keywords are others/]) assert.match(said, words);
	assert.doesNotMatch(said, /Both are alike/);
});
