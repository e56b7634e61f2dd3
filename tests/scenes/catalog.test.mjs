// The catalog by HTTP: lists, search, filters, drafts, tags of replies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { House } from '../ingest/lib/house.mjs';
import { course, films } from '../ingest/lib/films.mjs';
import { zip } from '../ingest/lib/zip.mjs';

const PAGE = 20, others = 21;
let house, folder, film;
const ids = {};

// One package: a lesson with the film, changed as it is wanted.
function pack(name, change, captions) {
	const unit = { id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0.02, ...(captions ? { tracks: [{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }] } : {}) };
	const file = path.join(folder, `${name}.zip`);
	writeFileSync(file, zip([{ name: 'course.json', bytes: course({ name, units: [unit], ...change }) }, { name: 'film.mp4', bytes: film },
		...(captions ? [{ name: 'film.srt', bytes: Buffer.from('1\n00:00:01,000 --> 00:00:03,000\n你好\n') }] : [])]));
	return file;
}

before(async () => {
	({ film } = films());
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-catalog-'));
	house = await House.open();
	const files = [
		pack('中医推拿入门', { occupation: 'massage', keywords: ['盲人', '手法'], description: '从零开始学习' }, true),
		pack('按摩保健', { occupation: 'massage', provider: '济南市基地' }),
		pack('Keyboard and screen reader', { inLanguage: 'en', occupation: 'computer' }),
		...Array.from({ length: others }, (_, i) => pack(`课程${String(i + 1).padStart(2, '0')}`, { occupation: 'office' })),
	];
	for (const line of house.command('import', '--publish', ...files).trim().split('\n').map((text) => JSON.parse(text))) {
		assert.equal(line.state, 'published', JSON.stringify(line));
		ids[line.file.replace('.zip', '')] = line.course;
	}
});

after(async () => {
	await house?.close();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

const list = (query) => house.nobody().must('GET', `/api/v1/courses?${new URLSearchParams(query)}`);
const names = (reply) => reply.items.map((item) => item.name);

test('pages of twenty, in the order of the sounds of their names, each course once', async () => {
	const first = await list({}), second = await list({ page: 2 }), third = await list({ page: 3 });
	assert.equal(first.total, 3 + others);
	assert.deepEqual([first.items.length, first.next, second.items.length, second.next, third.items.length, third.next], [PAGE, 2, 3 + others - PAGE, null, 0, null]);
	const all = [...names(first), ...names(second)];
	assert.equal(new Set([...first.items, ...second.items].map((item) => item.id)).size, 3 + others);
	assert.ok(all.indexOf('按摩保健') < all.indexOf('课程01') && all.indexOf('课程21') < all.indexOf('中医推拿入门'), all.join());
	assert.deepEqual(all.filter((name) => /^课程/.test(name)), Array.from({ length: others }, (_, i) => `课程${String(i + 1).padStart(2, '0')}`));
});

test('an item says name, hours, features and lessons; a course its units and tracks', async () => {
	const { items: [item] } = await list({ q: '推拿' });
	assert.deepEqual(item, { id: ids['中医推拿入门'], name: '中医推拿入门', hours: 0.02, features: ['captions', 'transcript'], units: 1 });
	const one = await house.nobody().must('GET', `/api/v1/courses/${item.id}`);
	assert.deepEqual([one.state, one.inLanguage, one.occupation, one.description, one.units.length], ['published', 'zh-CN', 'massage', '从零开始学习', 1]);
	assert.deepEqual([one.units[0].kind, one.units[0].hours], ['video', 0.02]);
	assert.ok(one.units[0].duration_s > 59 && one.units[0].duration_s < 61);
	assert.ok(one.units[0].tracks.some((track) => track.kind === 'captions' && track.lang === 'zh-CN'));
});

test('a word of two characters is found in a name, in the keywords and elsewhere; names come first', async () => {
	assert.deepEqual(names(await list({ q: '推拿' })), ['中医推拿入门']);
	assert.deepEqual(names(await list({ q: '入门' })), ['中医推拿入门']);
	assert.deepEqual(names(await list({ q: '手法' })), ['中医推拿入门']);
	assert.deepEqual(names(await list({ q: '济南' })), ['按摩保健']);
	assert.deepEqual(names(await list({ q: 'keyboard' })), ['Keyboard and screen reader']);
	assert.deepEqual(await list({ q: '焊接' }), { items: [], total: 0, next: null });
	const many = await list({ q: '课程' });
	assert.deepEqual([many.total, many.items.length, many.next], [others, PAGE, 2]);
	assert.equal((await list({ q: '课程', page: 2 })).items.length, others - PAGE);
	for (const q of ['"', '*', "'", 'a OR b', '%', 'NEAR(', '推拿"', '-', '(']) assert.ok((await list({ q })).total >= 0, q); // nobody's syntax
});

test('filters: by what a course offers, by occupation, with words and without', async () => {
	assert.deepEqual(names(await list({ feature: 'captions' })), ['中医推拿入门']);
	assert.deepEqual(names(await list({ category: 'massage' })).sort(), ['中医推拿入门', '按摩保健'].sort());
	assert.deepEqual(names(await list({ category: 'massage', feature: 'captions' })), ['中医推拿入门']);
	assert.deepEqual(names(await list({ q: '保健', feature: 'captions' })), []);
	assert.deepEqual(names(await list({ q: '保健', category: 'massage' })), ['按摩保健']);
	assert.equal((await list({ category: 'nothing' })).total, 0);
});

test('a query that cannot be is told so', async () => {
	for (const query of ['page=0', 'page=-1', 'page=x', 'page=100001', 'feature=wings', `q=${'x'.repeat(201)}`])
		assert.equal((await house.nobody().ask('GET', `/api/v1/courses?${query}`)).status, 400, query);
	for (const id of ['x', '00000000-0000-7000-8000-000000000000', `${ids['按摩保健']}0`]) assert.equal((await house.nobody().ask('GET', `/api/v1/courses/${id}`)).status, 404, id);
});

test('a reply that is known is 304; a new course changes the list and not the others', async () => {
	const client = house.nobody(), one = `/api/v1/courses/${ids['按摩保健']}`;
	const tag = async (address) => (await client.ask('GET', address)).headers.etag;
	const [listTag, oneTag] = [await tag('/api/v1/courses'), await tag(one)];
	for (const [address, known] of [['/api/v1/courses', listTag], [one, oneTag]]) {
		const again = await client.ask('GET', address, undefined, { 'If-None-Match': known });
		assert.equal(again.status, 304);
		assert.equal(again.bytes.length, 0);
		const head = await client.ask('HEAD', address);
		assert.deepEqual([head.status, head.headers.etag, head.bytes.length], [200, known, 0]);
	}
	house.command('import', '--publish', pack('另一门', {}));
	assert.notEqual(await tag('/api/v1/courses'), listTag);
	assert.equal(await tag(one), oneTag);
});

test('pages: the list with its search and its pager, a course, and 404 for a draft of others', async () => {
	const page = (name, address) => (name ? house.client(name) : house.nobody()).ask('GET', address, undefined, { Accept: 'text/html', 'Accept-Language': 'en' });
	const first = await page(null, '/');
	assert.equal(first.status, 200);
	assert.match(first.text, /Page 1 of 2/);
	assert.match((await page(null, `/?q=${encodeURIComponent('课程')}`)).text, new RegExp(`q=${encodeURIComponent('课程')}&amp;page=2`));
	assert.match((await page(null, '/courses?category=office')).text, /category=office&amp;page=2/);
	const one = await page(null, `/courses/${ids['中医推拿入门']}`);
	assert.match(one.text, /中医推拿入门/);
	assert.match(one.text, /lang="zh-CN"/);
	assert.match((await page(null, '/courses?feature=captions')).text, /<ul class="tags" aria-label="What it offers">/); // a list says what it is of
	assert.match(one.text, /<h2>What it offers<\/h2>\s*<ul class="tags"><li>Captions<\/li>/);
	assert.doesNotMatch((await page(null, `/courses/${ids['按摩保健']}`)).text, /What it offers/); // it has nothing of the kind

	const job = await house.bring('author', zip([{ name: 'course.json', bytes: course({ name: '草稿课' }) }, { name: 'film.mp4', bytes: film }]), 'draft.zip');
	const address = `/courses/${job.result.course}`;
	assert.deepEqual([(await page('author', address)).status, (await page('reviewer', address)).status, (await page('other', address)).status, (await page('learner', address)).status,
		(await page(null, address)).status], [200, 200, 404, 404, 404]);
	assert.doesNotMatch((await page('author', address)).text, /publish"/);
	assert.match((await page('reviewer', address)).text, new RegExp(`action="${address}/publish"`));
	assert.doesNotMatch((await page(null, '/')).text, /草稿课/);
	assert.equal((await page('learner', '/drafts')).status, 403);
	assert.match((await page('reviewer', '/drafts')).text, /草稿课/);
});

const pageOf = (name, address) => house.client(name).ask('GET', address, undefined, { Accept: 'text/html', 'Accept-Language': 'en' });
const draft = async (name, title) => (await house.bring(name, zip([{ name: 'course.json', bytes: course({ name: title }) }, { name: 'film.mp4', bytes: film }]), 'draft.zip')).result.course;

test('nobody decides about a course of her own: another reviewer is needed', async () => {
	const both = await house.account('both', 'author', ['--institution', house.institution]), admin = await house.account('admin', 'admin');
	await admin.client.must('POST', `/api/v1/people/${both.id}/roles`, { role: 'reviewer', place: '370000' });
	const id = await draft('both', '自己的课'), act = (name, word, body = {}) => house.client(name).ask('POST', `/api/v1/courses/${id}/${word}`, body, { 'Accept-Language': 'en' });
	const theirs = await draft('author', '别人的课');
	assert.doesNotMatch((await pageOf('both', `/courses/${id}`)).text, /publish"/);
	assert.match((await pageOf('both', `/courses/${theirs}`)).text, /publish"/);
	const early = await act('both', 'publish');
	assert.equal(early.status, 403);
	assert.match(early.json.detail, /another reviewer is needed/);
	assert.equal((await act('both', 'submit')).status, 200);
	const own = (await pageOf('both', `/courses/${id}`)).text;
	assert.match(own, /another reviewer is needed/);
	assert.doesNotMatch(own, /approve"|reject"/);
	assert.deepEqual([(await act('both', 'approve')).status, (await act('both', 'reject', { reason: 'no' })).status, (await act('reviewer', 'approve')).status], [403, 403, 200]);
	assert.equal((await act('both', 'retire')).status, 200); // what is hers to do, and to undo
	assert.equal((await act('both', 'restore')).status, 200);
	assert.equal((await act('reviewer', 'retire')).status, 200);
	const undone = await act('both', 'restore');
	assert.equal(undone.status, 403);
	assert.match(undone.json.detail, /a reviewer is needed to bring it back/);
	assert.equal((await act('reviewer', 'restore')).status, 200);
});

test('a page has pinyin over 20,000 characters at most; the rest stands without', async () => {
	const text = '按'.repeat(6000), pinyin = 'an '.repeat(6000).trim();
	const units = [1, 2, 3, 4].map((n) => ({ id: `u${n}`, name: `第${n}课`, kind: 'video', src: 'film.mp4', hours: 0.01, easy: text, easyPinyin: pinyin }));
	const brought = await house.bring('author', zip([{ name: 'course.json', bytes: course({ name: '长课', units }) }, { name: 'film.mp4', bytes: film }]), 'long.zip');
	assert.ok(brought.result.course, JSON.stringify(brought.result.findings));
	await house.client('author').must('PUT', '/api/v1/needs', { format: 'ISO/IEC 24751 AccessForAll', version: 1, helps: [], preferences: { pinyin: true, easyRead: true } });
	const one = await pageOf('author', `/courses/${brought.result.course}`);
	assert.equal(one.status, 200);
	assert.equal(one.text.split('<ruby>').length - 1, 18000);
	assert.equal(one.text.split(text).length - 1, 4); // spoken in one piece, or as it is
	await house.client('author').must('PUT', '/api/v1/needs', { format: 'ISO/IEC 24751 AccessForAll', version: 1, helps: [], preferences: {} });
});

test('drafts are listed page by page, and none is left out', async () => {
	const made = new Set();
	for (let i = 1; i <= 21; i++) { made.add(await draft('other', `草稿${i}`)); house.clock.pass(1); }
	const ids = (text) => [...text.matchAll(/href="\/courses\/([0-9a-f-]{36})"/g)].map((found) => found[1]).filter((id) => made.has(id));
	const mine = (await pageOf('other', '/drafts')).text;
	assert.equal(ids(mine).length, 10); // the latest, and the way to the others
	assert.match(mine, /href="\/drafts\?own=draft"[^>]*>Draft: all 21</);
	const all = async (name, start) => {
		const seen = [], sizes = [];
		for (let next = start; next; sizes.push(1)) {
			assert.ok(sizes.length < 9);
			const { text } = await pageOf(name, next);
			seen.push(...ids(text));
			next = /rel="next" href="([^"]+)"/.exec(text)?.[1].replaceAll('&amp;', '&');
		}
		return { seen, pages: sizes.length };
	};
	for (const [name, start] of [['other', '/drafts?own=draft'], ['reviewer', '/drafts?review=draft']]) {
		const { seen, pages } = await all(name, start);
		assert.equal(pages, 2, name);
		assert.deepEqual([seen.length, new Set(seen).size], [21, 21], name);
	}
	// the latest first, over the border of pages too
	assert.deepEqual((await all('other', '/drafts?own=draft')).seen, [...made].reverse());
	assert.match((await pageOf('other', '/drafts?own=draft&page=9')).text, /There is no page of this number/);
});

test('each list of drafts and each of its pages has a title of its own', async () => {
	const title = async (name, address) => /<title>([^<]*) – Curbcut/.exec((await pageOf(name, address)).text)[1];
	for (const [name, address, said] of [
		['other', '/drafts', 'My courses'], ['other', '/drafts?own=draft', 'My courses: Draft'], ['other', '/drafts?own=draft&page=2', 'My courses: Draft, page 2'],
		['other', '/drafts?review=draft', 'My courses'], // not hers: the beginning of what is
		['reviewer', '/drafts', 'Courses to review'], ['reviewer', '/drafts?review=draft&page=2', 'Courses to review: Draft, page 2'], ['reviewer', '/drafts?own=draft', 'Courses to review'],
		['both', '/drafts', 'My courses'], ['both', '/drafts?own=draft', 'My courses: Draft'], ['both', '/drafts?review=draft', 'Courses to review: Draft'],
	]) assert.equal(await title(name, address), said, `${name} ${address}`);
});
