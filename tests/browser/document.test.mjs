// A lesson that is read: its page as axe sees it at every width, and read to its end without scripts.
// Needs plugins: catalog credit document
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { everywhere, sideways } from './lib/access.mjs';
import { launch, person, signIn } from './lib/browser.mjs';
import { openClass, unitsOf } from './lib/classroom.mjs';
import { startServer } from './lib/server.mjs';

const DOT = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');
let browser, server, folder, unit, user;

// Two pages with all that a part can have.
function makePages() {
	const at = path.join(folder, 'pages'), zip = path.join(folder, '手法.zip');
	mkdirSync(at);
	const page = (title, inside) => `<!doctype html><html lang="zh-CN"><title>${title}</title><h1>${title}</h1>${inside}</html>`;
	writeFileSync(path.join(at, 'index.html'), page('手法', `<ul><li><a href="two.html">背部</a></ul><p>${'先洗手。'.repeat(40)}<ruby>穴<rt>xué</rt></ruby></p>
		<h2>工具</h2><table><caption>毛巾</caption><tr><th>颜色<th>用处</tr><tr><td>白<td>脸</table><figure><img src="dot.png" alt="一块毛巾"><figcaption>毛巾</figcaption></figure>
		<pre>${'长'.repeat(80)}</pre><math><mfrac><mi>a</mi><mn>2</mn></mfrac></math><ol start="3"><li>三<ul><li>细则</ul></ol><dl><dt>推<dd>用掌</dl><p lang="en">English words, ${'long'.repeat(30)}</p>`));
	writeFileSync(path.join(at, 'two.html'), page('背部', '<p>背部的穴位很多。</p>'));
	writeFileSync(path.join(at, 'dot.png'), DOT);
	assert.equal(spawnSync('zip', ['-q', '-X', '-j', zip, 'index.html', 'two.html', 'dot.png'], { cwd: at }).status, 0);
	return zip;
}

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-document-'));
	server = await startServer();
	browser = await launch();
	const lines = server.importFiles(makePages()), account = server.addUser('xiaolin', 'learner');
	[unit] = await unitsOf(server, lines[0].course);
	await openClass(server, lines, [account]);
	user = await signIn(browser, server, account);
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

test('document__a_part_is_for_everybody_at_every_width', async () => {
	assert.deepEqual(await everywhere(browser, server, `/documents/${unit.id}?part=1`, { user }), {});
});

test('document__is_read_to_its_end_without_scripts', async () => {
	const context = await person(browser, { user, scripts: false, width: 320 }), page = await context.newPage();
	await page.goto(`${server.origin}/documents/${unit.id}?part=1`);
	assert.equal(await page.locator('h1').innerText(), '手法');
	assert.deepEqual(await sideways(page), []);
	assert.equal(await page.getByRole('img', { name: '一块毛巾' }).count(), 1);
	assert.equal(await page.getByRole('columnheader', { name: '用处' }).count(), 1);
	await page.getByRole('button', { name: '读完了，下一部分' }).click();
	await page.getByRole('heading', { level: 1, name: '背部：手法' }).waitFor();
	await page.getByRole('button', { name: '全部读完了' }).click();
	await page.waitForURL(/end=yes/);
	await page.goto(`${server.origin}/documents/${unit.id}`);
	await page.getByText('第 1 部分，共 2 部分').or(page.getByText('第 2 部分，共 2 部分')).first().waitFor();
	await context.close();
});
