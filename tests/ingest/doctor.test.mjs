// The doctor for authors: a package is checked before anything of it is taken in, and each code of a finding is explained.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { House } from './lib/house.mjs';
import { course, films } from './lib/films.mjs';
import { zip } from './lib/zip.mjs';

const SOURCE = readFileSync(new URL('../../content/finding_codes.h', import.meta.url), 'utf8');
const CODES = [...SOURCE.matchAll(/^FINDING\("([^"]+)"/gm)].map(([, code]) => code);
let house, film, silent;

before(async () => {
	({ film } = films());
	silent = zip([{ name: 'course.json', bytes: course({ units: [{ id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0.01 }] }) }, { name: 'film.mp4', bytes: film }]);
	house = await House.open();
});
after(() => house?.close());

const HTML = (lang = 'en') => ({ Accept: 'text/html', 'Accept-Language': lang });
const page = (name, address, lang) => (name ? house.client(name) : house.nobody()).ask('GET', address, undefined, HTML(lang));
const drafts = async () => (await page('author', '/drafts')).text.match(/\/courses\/[0-9a-f-]{36}/g)?.length ?? 0;

async function check(bytes, file, fields = {}) {
	const body = new FormData();
	for (const [key, value] of Object.entries({ check: 'yes', ...fields })) body.append(key, value);
	body.append('file', new Blob([bytes]), file);
	const reply = await fetch(`${house.origin}/packages/new`, { method: 'POST', redirect: 'manual', body, headers: { ...house.client('author').headers, ...HTML() } });
	assert.equal(reply.status, 303, await reply.text());
	const address = reply.headers.get('location'), job = await house.job('author', address.split('/').pop());
	return { address, job };
}
async function take(name, address) {
	const reply = await fetch(`${house.origin}${address}/import`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(), headers: { ...house.client(name).headers, ...HTML() } });
	return { status: reply.status, to: reply.headers.get('location'), text: await reply.text() };
}

test('a package is checked: findings with code, place, whom they hinder and how to mend them, and nothing is taken in', async () => {
	const before = house.left().filter((name) => name.startsWith('blobs/')), count = await drafts();
	const { address, job } = await check(silent, 'silent.zip');
	assert.equal(job.result.state, 'checked', JSON.stringify(job));
	assert.equal(job.result.course, null);
	const found = job.result.findings.find(({ code }) => code === 'a11y.no-captions');
	assert.deepEqual([found.severity, found.means], ['doubt', 'Deaf and hard-of-hearing learners will not know what is said.']);
	assert.deepEqual(house.left().filter((name) => name.startsWith('blobs/')), before);
	assert.equal(await drafts(), count);

	const { text } = await page('author', address);
	assert.match(text, /The package was checked\. Nothing of it is taken in yet/);
	assert.match(text, /Deaf and hard-of-hearing learners will not know what is said\./);
	assert.match(text, /href="\/packages\/findings\/a11y#a11y\.no-captions"/);
	assert.doesNotMatch(text, /The package is a draft now/);
	const inChinese = (await page('author', address, 'zh-CN')).text;
	assert.match(inChinese, /听不见和听力不好的学员/);
	assert.doesNotMatch(inChinese, /Add captions as WebVTT|learners will not know|has sound and no captions/);
	assert.match(inChinese, new RegExp(found.a));
	assert.match((await page('author', '/packages/findings/a11y')).text, /<section id="a11y\.no-captions">/);
});

test('what was checked is taken in without being sent again, once, by its author', async () => {
	const count = await drafts(), { address, job } = await check(silent, 'silent.zip');
	assert.ok(house.left().some((name) => name.startsWith(`uploads/${job.result.upload}`)));
	assert.equal((await take('other', address)).status, 404);
	assert.equal((await take('learner', address)).status, 403);
	assert.equal(await drafts(), count);
	const sent = await take('author', address);
	assert.equal(sent.status, 303, sent.text);
	const made = await house.job('author', sent.to.split('/').pop());
	assert.deepEqual([made.result.state, made.result.file], ['draft', 'silent.zip']);
	assert.equal(await drafts(), count + 1);
	const again = await take('author', address);
	assert.equal(again.status, 409);
	assert.match(again.text, /not kept here any more/);
	assert.equal(await drafts(), count + 1);
	assert.ok(!house.left().some((name) => name.startsWith(`uploads/${job.result.upload}`)), house.left().join('\n'));
});

test('a check for a new version keeps which course it is for', async () => {
	const first = await house.bring('author', silent, 'a.zip'), { course: id } = first.result;
	const { address } = await check(silent, 'b.zip', { course: id });
	const made = await house.job('author', (await take('author', address)).to.split('/').pop());
	assert.equal(made.result.course, id);
	assert.notEqual(made.result.version, first.result.version);
});

test('what a check refuses is not kept', async () => {
	const before = house.left(), { address, job } = await check(silent.subarray(0, silent.length - 100), 'cut.zip');
	assert.equal(job.result.state, 'refused');
	assert.equal(job.result.findings[0].means, 'No learner gets this course before this is mended.');
	assert.doesNotMatch((await page('author', address)).text, /\/import"/);
	assert.equal((await take('author', address)).status, 409);
	assert.deepEqual(house.left(), before);
});

test('programs check by the API, and the upload is theirs to import', async () => {
	const upload = (await house.uploads('author').whole(silent, 'api.zip')).split('/').pop(), client = house.client('author');
	const { job } = await client.must('POST', '/api/v1/imports', { upload, check: 'yes' });
	assert.equal((await house.job('author', job)).result.upload, upload);
	const next = await client.must('POST', '/api/v1/imports', { upload });
	assert.equal((await house.job('author', next.job)).result.state, 'draft');
});

for (const [lang, words] of [['en', /^[\x20-\x7e…]{10,}$/], ['zh-CN', /[\u4e00-\u9fff]{2}/]])
	test(`every code of a finding stands in the catalog with what it means and how to mend it: ${lang}`, async () => {
		assert.ok(CODES.length > 100);
		const { text } = await page(null, '/packages/findings', lang), addresses = [...text.matchAll(/href="(\/packages\/findings\/[a-z0-9]+)"/g)].map(([, address]) => address);
		const seen = new Map();
		for (const address of addresses) {
			const group = await page(null, address, lang);
			assert.equal(group.status, 200);
			assert.ok(Buffer.byteLength(group.text) <= 30 * 1024, `${address}: ${Buffer.byteLength(group.text)} bytes`);
			for (const [, id, what, facts] of group.text.matchAll(/<section id="([^"]+)">\s*<h2>([^<]+)<\/h2>([^]*?)<\/section>/g)) {
				assert.ok(address.endsWith(`/${id.split('.')[0]}`));
				seen.set(id, [what, ...[...facts.matchAll(/<dd>([^<]*)<\/dd>/g)].map(([, said]) => said)]);
			}
		}
		assert.deepEqual([...seen.keys()].sort(), [...CODES].sort());
		for (const [code, [what, means, mend, package_, own]] of seen) {
			const plain = (text) => text.replace(/&[#\w]+;/g, '"');
			for (const said of [what, means, mend, package_]) assert.match(plain(said), words, `${code}: ${said}`);
			assert.equal(own, code);
		}
	});

test('a kind of findings that is not there is told so', async () => {
	assert.equal((await page(null, '/packages/findings/none')).status, 404);
});
