// curbcut check, import and institution add: one JSON line a file, with a server running and without one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { School, program } from '../hours/lib/school.mjs';
import { course, films } from './lib/films.mjs';
import { zip } from './lib/zip.mjs';

let folder, good, bad, lessons, data;

before(() => {
	const { film } = films();
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-commands-'));
	data = path.join(folder, 'data');
	good = path.join(folder, 'good.zip');
	bad = path.join(folder, 'bad.zip');
	lessons = path.join(folder, '推拿课');
	writeFileSync(good, zip([{ name: 'course.json', bytes: course() }, { name: 'film.mp4', bytes: film }]));
	writeFileSync(bad, zip([{ name: 'course.json', bytes: course() }]));
	mkdirSync(path.join(lessons, 'part 2'), { recursive: true });
	writeFileSync(path.join(lessons, 'lesson1.mp4'), film);
	writeFileSync(path.join(lessons, 'lesson1.zh-CN.srt'), Buffer.from('1\n00:00:01,000 --> 00:00:03,000\n你好\n'));
	writeFileSync(path.join(lessons, 'part 2', 'lesson2.mp4'), film);
	writeFileSync(path.join(lessons, '.hidden'), 'x');
});

after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args) {
	const done = spawnSync(program, args, { encoding: 'utf8', timeout: 60000, env: { ...process.env, LC_ALL: 'zh_CN.UTF-8', TMPDIR: folder } });
	return { code: done.status, lines: done.stdout.split('\n').filter(Boolean).map((text) => JSON.parse(text)), error: done.stderr };
}

const codes = (line) => line.findings.filter((finding) => finding.severity === 'refused').map((finding) => finding.code);

test('check tells the findings in the language of the terminal, keeps nothing, and 1 says that one would be refused', () => {
	const fine = run('check', good, lessons);
	assert.equal(fine.code, 0, fine.error);
	assert.deepEqual(fine.lines.map((line) => [line.file, line.state, line.course]), [['good.zip', 'checked', null], ['推拿课', 'checked', null]]);
	const both = run('check', bad, good);
	assert.equal(both.code, 1);
	assert.deepEqual(both.lines.map((line) => line.state), ['refused', 'checked']);
	assert.deepEqual(codes(both.lines[0]), ['course.missing']);
	assert.match(both.lines[0].findings[0].what, /[\u4e00-\u9fff]{4}/);
	assert.ok(!readdirSync(folder).some((name) => name.startsWith('curbcut-check-')), 'its folder is gone');
	const none = run('check', path.join(folder, 'none.zip'), good);
	assert.deepEqual([none.code, none.lines.map((line) => line.state)], [1, ['checked']]);
	assert.match(none.error, /none\.zip/);
	assert.equal(run('check').code, 1);
});

test('import without a server does the work itself: files and folders, the refused ones apart', () => {
	const done = run('import', '--data', data, '--publish', good, bad, lessons);
	assert.equal(done.code, 1, done.error);
	assert.deepEqual(done.lines.map((line) => line.state), ['published', 'refused', 'published']);
	assert.ok(done.lines[0].course && done.lines[0].version && !done.lines[1].course);
	const more = run('import', '--data', data, '--course', done.lines[0].course, '--publish', good);
	assert.deepEqual([more.code, more.lines[0]?.course], [0, done.lines[0].course], more.error);
	assert.notEqual(more.lines[0].version, done.lines[0].version);
	const unknown = run('import', '--data', data, '--course', '00000000-0000-7000-8000-000000000000', good);
	assert.deepEqual([unknown.code, unknown.lines], [1, []]);
	assert.match(unknown.error, /no course of this number|没有这个编号的课程/);
	assert.deepEqual(readdirSync(path.join(data, 'uploads')), []);
	const none = run('import', '--data', data, path.join(folder, 'none.zip'));
	assert.deepEqual([none.code, none.lines], [1, []]);
	assert.equal(run('import', '--data', data).code, 1);
});

test('a folder with a link in it, or with nothing, is refused', () => {
	const linked = path.join(folder, 'linked'), empty = path.join(folder, 'empty');
	mkdirSync(linked);
	mkdirSync(empty);
	symlinkSync('/etc/passwd', path.join(linked, 'lesson.mp4'));
	for (const one of [linked, empty]) {
		const done = run('import', '--data', data, one);
		assert.equal(done.code, 1, `${one}: ${JSON.stringify(done)}`);
		assert.ok(!done.lines.some((line) => line.state !== 'refused'));
	}
});

test('import with a server running goes through it, and the course is there at once', async () => {
	const school = await new School().start();
	try {
		const line = JSON.parse(school.command('import', '--publish', lessons));
		assert.equal(line.state, 'published');
		const reply = await fetch(`${school.origin}/api/v1/courses/${line.course}`);
		const made = await reply.json();
		assert.equal(reply.status, 200);
		assert.equal(made.name, '推拿课');
		assert.equal(made.units.length, 2);
		assert.ok(made.units[0].tracks.some((track) => track.kind === 'captions'));
	} finally {
		await school.stop();
	}
});

test('institution add makes a region with it, uses one that is there, and says what is wrong', () => {
	const add = (...args) => run('institution', 'add', '--data', data, ...args);
	const first = add('--name', '济南基地', '--region', '370100', '--region-name', '济南市');
	assert.deepEqual([first.code, first.lines[0].name, first.lines[0].region], [0, '济南基地', '370100']);
	const second = add('--name', 'Second', '--region', '370100');
	assert.equal(second.code, 0, second.error);
	assert.notEqual(second.lines[0].id, first.lines[0].id);
	assert.equal(add('--name', 'Below', '--region', '370102', '--region-name', '历下区', '--parent', '370100').code, 0);
	for (const [args, said] of [
		[['--name', 'Twice', '--region', '370100', '--region-name', '济南市'], /already|leave --region-name out/],
		[['--name', 'Nowhere', '--region', '999999'], /no region 999999/],
		[['--name', 'Orphan', '--region', '1', '--region-name', 'x', '--parent', '999999'], /parent is not there/],
		[['--region', '370100'], /--name and --region are needed/],
		[['--name', 'x'], /--name and --region are needed/],
	]) {
		const done = add(...args);
		assert.ok(done.code > 0, args.join(' '));
		assert.match(done.error, said);
		assert.deepEqual(done.lines, []);
	}
});
