// A disk that is full, or no descriptor left, while a form is sent: it comes back with what was typed, and is taken when there is room again.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { filled, named, read } from '../guard/lib/html.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';
import { course, films } from '../ingest/lib/films.mjs';
import { House } from '../ingest/lib/house.mjs';
import { zip } from '../ingest/lib/zip.mjs';

let house;
before(async () => {
	house = await House.open();
	await house.account('staff', 'staff', ['--institution', house.institution]);
});
after(() => house?.close());

const visitor = (name) => new Visitor(house.origin, { lang: 'en', token: house.client(name).headers.Authorization.slice(7) });

// All threads of the server are told that by the call until the function has ended.
async function failing(call, error, fn) {
	const child = spawn('strace', ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}`, '-p', String(house.serverPid())], { stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	await new Promise((resolve, reject) => {
		child.stderr.on('data', (bytes) => { said += bytes; if (/attached/.test(said)) resolve(); });
		child.once('exit', () => reject(new Error(`strace: ${said}`)));
		child.once('error', reject);
	});
	const ended = new Promise((resolve) => child.once('exit', resolve));
	try {
		return await fn();
	} finally {
		child.kill('SIGINT');
		await ended;
	}
}

// Sends the form that has that field while the call fails, then what came back; the failed answer and the last one.
async function twice(who, at, field, values, call, error) {
	const one = visitor(who), form = (html) => read(html).forms.find((form) => named(form, field)), headers = { Referer: house.origin + at };
	const typed = filled(form((await one.get(at)).text), values);
	const failed = await failing(call, error, () => one.post(at, typed, headers)), back = form(failed.text);
	assert.ok(back, failed.text);
	for (const [name, value] of Object.entries(values)) assert.equal(named(back, name).value, value);
	return { failed, last: await one.post(at, filled(back), headers) };
}

test('no room on the disk: what was typed is still there, and is taken when there is room', async () => {
	const { failed, last } = await twice('staff', '/classes/new', 'programme', { programme: 'Massage', total: '40' }, 'pwrite64', 'ENOSPC');
	assert.equal(failed.status, 507);
	assert.match(failed.text, /disk/);
	assert.equal(last.status, 303);
	assert.match((await visitor('staff').get('/classes')).text, /Massage/);
});

test('an error of the server: the text is still below, and is taken afterwards', async () => {
	const bytes = zip([{ name: 'course.json', bytes: course({ units: [{ id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0.01, tracks: [{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }] }] }) },
		{ name: 'film.mp4', bytes: films().film }, { name: 'film.srt', bytes: Buffer.from('1\n00:00:01,000 --> 00:00:03,000\n你好\n') }]);
	const { result } = await house.bring('author', bytes, 'a.zip'), draft = (await visitor('author').get(`/packages/courses/${result.course}`)).text;
	const [, at] = /href="(\/packages\/courses\/[^"]+\/tracks\/[^"]+)"/.exec(draft);
	const { failed, last } = await twice('author', at, 'shift', { shift: '1.5' }, 'pipe2', 'EMFILE:when=1');
	assert.equal(failed.status, 500);
	assert.match(failed.text, /This was not saved\. Your text is still below/);
	assert.ok(last.status < 400, String(last.status));
});
