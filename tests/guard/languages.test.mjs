// No text stands outside of the catalogs, on any page of anybody; and the words that were agreed on stand in them as they are.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { County, ROLES } from './lib/county.mjs';
import { filled, isTyped, read } from './lib/html.mjs';
import { readPo } from './lib/po.mjs';
import { untranslated } from './lib/untranslated.mjs';
import { routeOf, walk } from './lib/walk.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const agreed = path.join(root, '..', 'shared', 'strings.zh-CN.md');
const EVERYBODY = [null, ...ROLES];

let county, routes, names;

before(async () => {
	county = await County.open({ pseudo: true });
	await county.bring();
	routes = county.routes();
	names = Object.keys(county.accounts);
});

after(() => county?.close());

// What a page says in its own language: things that have a language of their own are what somebody wrote.
const spoken = (page, lang) => page.words.filter(({ langs, translate, path: tags }) => (langs.at(-1) ?? lang) === lang && translate.at(-1) !== 'no' && !tags.some((tag) => tag === 'code' || tag === 'kbd'));
const faultsOf = (page, lang) => spoken(page, lang).flatMap(({ text, attribute }) => untranslated(text, names).map((left) => `${attribute ? `${attribute}: ` : ''}${left}`));

for (const [lang, dir, people] of [['en-XA', 'ltr', EVERYBODY], ['ar-XB', 'rtl', [null, 'learner']]])
	test(`${lang}: every text of every page of everybody is translated`, async (t) => {
		const pages = await walk(county, routes, people, lang), wrong = new Set();
		for (const { who, address, reply, page } of pages) {
			if (!reply.text.includes(`<html lang="${lang}" dir="${dir}"`)) wrong.add(`${address}: not in ${lang}, ${dir}`);
			for (const left of faultsOf(page, lang)) wrong.add(`${routeOf(routes, 'GET', address).path} (${who ?? 'nobody'}): ${left}`);
		}
		t.diagnostic(`${pages.length} pages`);
		assert.ok(pages.length > 5 * people.length);
		assert.deepEqual([...wrong], []);
	});

test('what pages say when something is wrong is translated', async () => {
	const lang = 'en-XA', wrong = new Set();
	const look = (what, reply) => { for (const left of faultsOf(read(reply.text), lang)) wrong.add(`${what}: ${left}`); };
	const nobody = county.visitor(null, lang);
	look('nothing there', await nobody.get('/nothing/here'));
	look('wrong method', await nobody.ask('DELETE', '/'));
	look('not for her', await county.visitor('learner', lang).get('/classes'));
	look('not hers', await county.visitor('staff', lang).get(`/classes/${county.places.far.cohort}`));
	const seen = new Set();
	for (const { who, address, page } of await walk(county, routes, EVERYBODY, lang))
		for (const form of page.forms.filter(({ method, fields }) => method === 'POST' && fields.some(isTyped))) {
			const route = routeOf(routes, 'POST', form.action || address)?.path;
			if (seen.has(route)) continue;
			seen.add(route);
			const visitor = county.visitor(who, lang), fresh = read((await visitor.get(address)).text).forms.find(({ action }) => action === form.action);
			if (!fresh) continue;
			for (const text of ['', 'x'.repeat(9000)]) {
				const values = Object.fromEntries(fresh.fields.filter(isTyped).map(({ name }) => [name, text]));
				const reply = await visitor.post(fresh.action || address, filled(fresh, values), { Referer: county.origin + address });
				if (reply.status >= 400) look(`${form.action}, ${text ? 'too much' : 'nothing'}`, { text: reply.text.replaceAll(text || '\0', '') });
			}
		}
	assert.deepEqual([...wrong], []);
});

const scripts = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
	const file = path.join(folder, entry.name);
	return entry.isDirectory() ? (/^(node_modules|build|b|tests|\.git)$/.test(entry.name) ? [] : scripts(file)) : /\/(assets|scripts)\/.*\.m?js$/.test(file) ? [file] : [];
});

test('scripts bring no text of their own: the page gives them their words', () => {
	const files = scripts(root);
	assert.ok(files.length >= 2, 'no scripts were found');
	const wrong = [];
	for (const file of files) {
		const code = readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
		for (const [, , text] of code.matchAll(/(["'`])((?:(?!\1)[^\\\n]|\\.)*)\1/g))
			if (/[一-鿿]/.test(text) || /^[A-Z][a-z]+ [a-z]+ ?[a-z]/.test(text)) wrong.push(`${path.relative(root, file)}: ${text}`);
	}
	assert.deepEqual(wrong, []);
});

// ---- the words and sentences that were agreed on ----

// Their last sentence names a telephone, which no page knows yet.
const BEGUN = ['err.404'];

const catalogs = () => ['core/lang', 'accessibility/lang', ...readdirSync(path.join(root, 'plugins')).map((name) => `plugins/${name}/lang`)]
	.map((folder) => path.join(root, folder, 'zh-CN.po')).filter(existsSync).map((file) => ({ file: path.relative(root, file), texts: readPo(file) }));

// A sentence without what is filled in, and without the full stop at its end.
const bare = (text) => text.replace(/\{[^}]*\}|\d+|…|%(?:\.\*)?[hlz]*[sdu]/g, '{}').replace(/[。.]$/, '').replace(/\s+/g, ' ').trim();

// Rows of the tables: {key, en, zh}; a cell with alternatives makes several.
function rows() {
	const made = [];
	let heads = [];
	for (const line of readFileSync(agreed, 'utf8').split('\n')) {
		const cells = line.startsWith('|') ? line.split('|').slice(1, -1).map((cell) => cell.trim()) : null;
		if (!cells || /^-+$/.test(cells[0])) continue;
		if (cells[0] === 'key') { heads = cells; continue; }
		const at = (name) => cells[heads.findIndex((head) => head.includes(name))] ?? '';
		const en = at('English').split(' / '), zh = at('zh-CN').split(' / ');
		if (heads.some((head) => head.includes('English')) && en.length === zh.length) en.forEach((text, i) => made.push({ key: cells[0], en: text.replace(/ \((?:help|what|who|one|content|the)[^)]*\)$/, ''), zh: zh[i].replace(/ \(help:.*$/, '') }));
		else if (!heads.some((head) => head.includes('English'))) made.push({ key: cells[0], zh: at('zh-CN') });
	}
	return made;
}

test('sentences that were agreed on stand in the catalogs as they are', { skip: existsSync(agreed) ? false : 'the list is not there' }, (t) => {
	const all = catalogs(), wrong = [];
	let compared = 0;
	const translations = new Set(all.flatMap(({ texts }) => Object.values(texts).map(bare)));
	for (const { key, en, zh } of rows()) {
		if (en === undefined) {
			compared++;
			if (![...translations].some((text) => text === bare(zh) || bare(zh).split('。').every((part) => [...translations].some((one) => one.includes(part))))) wrong.push(`${key}: 「${zh}」 is nowhere`);
			continue;
		}
		for (const { file, texts } of all)
			for (const [source, text] of Object.entries(texts))
				if (bare(source).toLowerCase() === bare(en).toLowerCase()) {
					compared++;
					// a label and what stands below it
					const parted = bare(zh).startsWith(`${bare(text)}。`) && (BEGUN.includes(key) || translations.has(bare(zh).slice(bare(text).length + 1)));
					if (bare(text) !== bare(zh) && !parted) wrong.push(`${file}: ${key}: 「${text}」, not 「${zh}」`);
				}
	}
	t.diagnostic(`${compared} compared`);
	assert.ok(compared > 15);
	assert.deepEqual(wrong, []);
});

test('words that hurt, or that speech engines misread, are not used', () => {
	const never = /残疾人|患者|无效学时|课时|豁免|长按|重看|正常人|瞎|聋哑/, wrong = [];
	for (const { file } of catalogs())
		for (const text of Object.values(readPo(path.join(root, file), true)))
			if (never.test(text.replace('残疾人证', ''))) wrong.push(`${file}: ${text}`); // the name of a document is as it stands on it
	assert.deepEqual(wrong, []);
});
