// Bundles behind the newest fifty: everybody finds those of her own, whoever else makes some, and each can be saved again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sendForm } from '../scenes/lib/forms.mjs';
import { County, Province, acquaint, textOf } from './lib/office.mjs';

const LISTED = 50;
const county = new County(), province = new Province();
let hers;

before(async () => {
	await county.start();
	await province.start();
	await county.bank.finished(['t1']);
	await acquaint(county, province);
	hers = await county.make('province', 'Province');
	const server = await county.serverId('Province');
	for (let i = 0; i <= LISTED; i++) assert.equal((await sendForm(county.client('admin'), '/exchange', { server, anew: 'yes' }, '/exchange/out')).status, 303);
});
after(async () => {
	await county.stop();
	await province.stop();
});

const files = ({ text }) => [...new Set(text.match(/\/exchange\/out\/[0-9a-f-]{36}\/file/g) ?? [])];
const made = /aria-label="Pages of the bundles that were made here"[^]*?<\/nav>/, arrived = /aria-label="Pages of the bundles that came in"[^]*?<\/nav>/;
const next = (page, pages) => /rel="next" href="([^"]+)"/.exec(pages.exec(page.text)[0])[1].replaceAll('&amp;', '&');

test('what others made does not hide what somebody made herself', async () => {
	const page = await county.page('province');
	assert.deepEqual(files(page), [hers]);
	assert.doesNotMatch(page.text, made);
});

test('those behind the newest are on the next page, with their links', async () => {
	const first = await county.page('admin');
	assert.equal(files(first).length, LISTED);
	assert.ok(!files(first).includes(hers));
	const second = await county.page('admin', next(first, made));
	assert.equal(files(second).length, 2);
	assert.equal(files(second).at(-1), hers);
	assert.match(textOf(second), /Save bundle 2 .*Save bundle 1 .*Page 2 of 2/);
	assert.deepEqual(files(await county.page('admin', '/exchange?made=9')), files(second));
	assert.match((await county.file('admin', hers)).toString('latin1'), /\nsequence 1\n/);
});

test('what came in is seen by its region, page by page', async () => {
	for (const address of [...files(await county.page('admin')), ...files(await county.page('admin', '/exchange?made=2'))])
		assert.equal((await province.post('province', await county.file('admin', address))).status, 201);
	const first = await province.page('auditor'), second = await province.page('auditor', next(first, arrived));
	const numbers = (page) => [...textOf(page).matchAll(/ Bundle (\d+) Jinan County /g)].map(([, number]) => Number(number));
	assert.deepEqual([...numbers(first), ...numbers(second)], [1, ...Array.from({ length: LISTED + 1 }, (_, i) => i + 2)]);
	assert.match(textOf(await province.page('fujian')), /No bundle has come in yet/);
});
