// The pages of hours: what a trainee and an office read, in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Clock } from './lib/clock.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';

let clock, school, course, files;

before(async () => {
	clock = new Clock(Date.UTC(2027, 1, 28, 16, 30, 0)); // half past midnight of 1 March at the place
	files = folder('pages');
	school = await new School(clock, '[credit]\nonline_share = 333\n').start();
	await school.people(2);
	course = await school.course(makeCourse(files, { units: 2, seconds: 200, hours: 0.06 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

const page = (name, address, lang) => school.client(name).ask('GET', address, undefined, { Accept: 'text/html', 'Accept-Language': lang });

// Seconds of "1 min 20 s" or "1 分 20 秒".
const seconds = (words) => {
	const [, minutes = 0] = /(\d+) ?(?:min|分)/.exec(words) ?? [], [, rest = 0] = /(\d+) ?(?:s\b|秒)/.exec(words) ?? [];
	return Number(minutes) * 60 + Number(rest);
};

test('the lines of the page add up to its total, and lead to the lessons', async () => {
	const cohort = await school.cohort(course, { total: 0.2, offline: 0.14, days: 30 }, ['t1']);
	const client = school.client('t1');
	for (const [unit, day] of [[0, 0], [1, 1], [0, 2]]) {
		clock.pass(day * 86400);
		const { play, media } = await client.must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort });
		await school.fetchMedia('t1', media);
		clock.pass(100);
		await client.must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[3, 71 + day]], rate: 1, position: 74 });
	}
	const { cohorts: [mine] } = await client.must('GET', '/api/v1/trainees/me/record');
	for (const [lang, line, total] of [['en', /You watched ([^,]+), ([^<]+) counted\./g, /The whole class together: ([^,]+), that is/],
		['zh-CN', /看了 ([^，]+)，记 ([^。]+)。/g, /整个培训班合计 ([^，]+)，合/]]) {
		const { status, text } = await page('t1', '/record', lang);
		assert.equal(status, 200);
		const lines = [...text.matchAll(line)];
		assert.equal(lines.length, mine.lines.length);
		assert.equal(lines.reduce((sum, one) => sum + seconds(one[2]), 0), mine.online_s);
		assert.equal(lines.reduce((sum, one) => sum + seconds(one[1]), 0), mine.lines.reduce((sum, one) => sum + one.played_s, 0));
		assert.equal(seconds(total.exec(text)[1]), mine.online_s);
		for (const unit of course.units) assert.ok(text.includes(`href="/videos/${unit.id}"`), 'a line leads to its lesson');
	}
	const { text } = await page('t1', '/record', 'en');
	assert.match(text, /at most 33\.3 of every hundred/);
});

test('a record without a class says what to do', async () => {
	const { status, text } = await page('t2', '/record', 'en');
	assert.equal(status, 200);
	assert.match(text, /You are not in a class yet/);
});

test('classes of one programme are told apart by their days at the place', async () => {
	const days = 10, now = clock.wall;
	await school.cohort(course, { total: 0.2, offline: 0.14, days }, []);
	const day = (ms, lang) => new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'zh-CN', { timeZone: 'Asia/Shanghai', day: 'numeric', month: 'long', year: 'numeric' }).format(ms);
	for (const lang of ['en', 'zh-CN']) {
		const { text } = await page('staff', '/classes', lang), bare = text.replaceAll(' ', '');
		assert.match(text, /Base/);
		for (const ms of [now, now + days * 86400000 - 1]) assert.ok(bare.includes(day(ms, lang).replaceAll(' ', '')), day(ms, lang));
		const [, address] = /href="(\/classes\/[0-9a-f]{8}-[^"]+)"/.exec(text);
		const one = (await page('staff', address, lang)).text.replaceAll(' ', '');
		for (const ms of [now, now + days * 86400000 - 1]) assert.ok(one.includes(day(ms, lang).replaceAll(' ', '')), 'the class says its days');
	}
});

test('a trainee is added twice and stands on the roster once; classes of others are not there', async () => {
	const cohort = await school.cohort(course, { total: 0.2, offline: 0.14 }, ['t2', 't2']);
	const { text } = await page('staff', `/classes/${cohort}`, 'en');
	assert.equal(text.match(/>t2<\/a>/g).length, 1);
	const other = JSON.parse(school.command('institution', 'add', '--name', 'Elsewhere', '--region', '370200', '--region-name', 'Qingdao'));
	await school.account('stranger', 'staff', ['--institution', other.id]);
	assert.equal((await page('stranger', `/classes/${cohort}`, 'en')).status, 404);
	assert.ok(!(await page('stranger', '/classes', 'en')).text.includes('/classes/0'));
	assert.equal((await school.client('stranger').ask('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: 't1' })).status, 404);
	assert.equal((await page('t1', '/classes', 'en')).status, 403);
	assert.equal((await school.client('stranger').ask('GET', `/api/v1/trainees/${school.accounts.t1.id}/record`)).status, 404);
});

test('a class begins and ends with days of the place', async () => {
	const staff = school.client('staff'), plan = school.plan(course, { total: 0.2, offline: 0.14 });
	const { id } = await staff.must('POST', '/api/v1/cohorts', { ...plan, starts: '2027-03-01', ends: '2027-03-31' });
	const { items } = await staff.must('GET', '/api/v1/cohorts');
	const mine = items.find((one) => one.id === id);
	assert.equal(new Date(mine.starts).toISOString(), '2027-02-28T16:00:00.000Z');
	assert.equal(new Date(mine.ends).toISOString(), '2027-03-31T16:00:00.000Z'); // when its last day is over
	for (const bad of ['2027-02-30', '2027-3-1', 'soon', '2027-03-01T00:00', null, true, -5, 900000000000000000]) {
		const reply = await staff.ask('POST', '/api/v1/cohorts', { ...plan, starts: bad }, { 'Accept-Language': 'en' });
		assert.equal(reply.status, 400, JSON.stringify(bad));
		assert.match(reply.json.detail, /2027-03-01/);
	}
});

test('a class is opened with published courses only: its trainees could not open a draft', async () => {
	const line = JSON.parse(school.command('import', makeCourse(files, { units: 2, seconds: 200, hours: 0.06, name: 'Draft' })));
	assert.equal(line.state, 'draft');
	const reply = await school.client('staff').ask('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 0.2, offline: 0.14 }), courses: [line.version] }, { 'Accept-Language': 'en' });
	assert.equal(reply.status, 404);
	assert.equal(reply.json.detail, 'This course is not here'); // as the catalog says it
});

test('a long record has pages: of the lines of a class, and of the classes', async () => {
	await school.account('t3', 'learner', ['--institution', school.institution]);
	const client = school.client('t3'), length = { total: 0.2, offline: 0.14, days: 60 };
	const cohort = await school.cohort(course, length, ['t3']);
	for (let day = 0; day < 26; day++) {
		clock.pass(86400);
		for (const unit of course.units) { // two lines a day
			const { play } = await client.must('POST', '/api/v1/plays', { unit: unit.id, cohort });
			clock.pass(20);
			await client.must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[day, day + 1]], rate: 1, position: day });
		}
	}
	const { cohorts: [record] } = await client.must('GET', '/api/v1/trainees/me/record');
	assert.deepEqual([record.lines_total, record.lines.length], [52, 52]);
	assert.deepEqual((await client.must('GET', '/api/v1/trainees/me/record?page=2')).cohorts[0].lines, []);
	const lines = (text) => [...text.matchAll(/<h4><a[^>]*>([^<]+)/g)].map(([, words]) => words);
	const next = (text) => /rel="next" href="([^"]+)"/.exec(text)?.[1].replaceAll('&amp;', '&');
	for (const [name, address] of [['t3', '/record'], ['staff', `/classes/${cohort}/trainees/${school.accounts.t3.id}`]]) {
		const one = (await page(name, address, 'en')).text, two = (await page(name, next(one), 'en')).text, three = (await page(name, next(two), 'en')).text;
		assert.match(one, /Page 1 of 3.*Earlier days/s);
		assert.deepEqual([lines(one).length, lines(two).length, lines(three).length, next(three)], [25, 25, 2, undefined]);
		assert.equal(new Set([...lines(one), ...lines(two), ...lines(three)]).size, 52, 'no line twice, none left out');
		assert.match(three, /Later days.*Page 3 of 3/s);
		assert.notEqual(/<title>[^<]*/.exec(one)[0], /<title>[^<]*/.exec(two)[0]);
		const past = (await page(name, next(one).replace('page=2', 'page=50'), 'en')).text; // the last one stands for what is not there
		assert.deepEqual(lines(past), lines(three));
		assert.match(past, /<title>[^<]*, page 3[^]*Page 3 of 3/);
		assert.match((await page(name, next(one), 'zh-CN')).text, /更近的记录[^]*第 2 页，共 3 页[^]*更早的记录/);
	}
	const heads = [...(await page('t3', `/record?class=${cohort}`, 'en')).text.matchAll(/<h[12][^>]*>([^<]*)</g)].map(([, words]) => words);
	assert.deepEqual(heads.slice(-2), ['Massage, beginners', 'Hours so far']); // a class alone is named once
	assert.equal((await page('t3', `/record?class=${record.cohort.replace(/.$/, (c) => (c === '0' ? '1' : '0'))}`, 'en')).status, 404);

	for (let i = 0; i < 10; i++) await school.cohort(course, length, ['t3']);
	const first = (await page('t3', '/record', 'en')).text, last = (await page('t3', '/record?page=2', 'en')).text;
	const classes = (text) => text.split('How were my hours counted?').length - 1;
	assert.deepEqual([classes(first), classes(last), classes((await page('t3', '/record?page=99', 'en')).text)], [10, 1, 1]);
	assert.match(first, /Page 1 of 2/);
	assert.match(last, /<title>My class hours, page 2/);
	assert.equal((await client.must('GET', '/api/v1/trainees/me/record')).cohorts.length, 11);
});

test('every entry stands on a page of its own list, and together they are the hours', async () => {
	const cohort = await school.cohort(course, { total: 0.2, offline: 0.14, days: 30 }, ['t1', 't2']), plays = {};
	for (const name of ['t1', 't2']) {
		const { play, media } = await school.client(name).must('POST', '/api/v1/plays', { unit: course.units[0].id, cohort });
		await school.fetchMedia(name, media);
		plays[name] = play;
	}
	for (let i = 0; i < 60; i++) {
		clock.pass(3);
		for (const name of ['t1', 't2']) await school.client(name).must('POST', `/api/v1/plays/${plays[name]}/beats`, { seq: i, played: [[3 * i, 3 * i + 3]], rate: 1, position: 3 * i });
	}
	const answer = await school.client('staff').must('GET', `/api/v1/cohorts/${cohort}/trainees/${school.accounts.t1.id}/entries`);
	assert.deepEqual([answer.total, answer.entries.length], [60, 60]);
	assert.equal(answer.entries.reduce((sum, { granted_s }) => sum + granted_s, 0), answer.online_s);
	assert.ok(answer.entries.some(({ hours_full_s }) => hours_full_s > 0), 'and why the rest was not counted');
	assert.deepEqual(answer.entries.map(({ entry }) => entry), answer.entries.map(({ entry }) => entry).sort((a, b) => b - a));
	const other = await school.client('staff').must('GET', `/api/v1/cohorts/${cohort}/trainees/${school.accounts.t2.id}/entries`);
	assert.equal(new Set([...answer.entries, ...other.entries].map(({ entry }) => entry)).size, 120, 'no entry of two people');

	const own = await page('t1', `/record/entries?class=${cohort}`, 'en'), rows = (text) => text.match(/<th scope="row"/g).length;
	assert.deepEqual([own.status, rows(own.text)], [200, 50]);
	assert.match(own.text, new RegExp(`Number ${answer.entries[0].entry}, `));
	const second = await page('t1', `/record/entries?class=${cohort}&page=2`, 'en');
	assert.equal(rows(second.text), 10);
	const here = (text) => seconds(/Counted on this page: ([^<]+)\./.exec(text)[1]);
	assert.equal(here(own.text) + here(second.text), answer.online_s);
	assert.match(own.text, /the hours of this lesson are full/);
	assert.equal((await page('staff', `/classes/${cohort}/trainees/${school.accounts.t1.id}/entries`, 'zh-CN')).status, 200);
	for (const [name, address] of [['t3', `/record/entries?class=${cohort}`], ['stranger', `/classes/${cohort}/trainees/${school.accounts.t1.id}/entries`]])
		assert.equal((await page(name, address, 'en')).status, 404);
});
