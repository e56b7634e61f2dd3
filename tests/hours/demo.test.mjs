// The numbers of the demo hold: its courses earn what their units say, and the share is full when accounts.txt says so.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Clock } from './lib/clock.mjs';
import { Client, School, program } from './lib/school.mjs';

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../content/demo/fill.sh');
let clock, school, learner;

before(async () => {
	clock = new Clock(Date.now());
	school = await new School(clock, 'origin = http://school.example\n').start();
	const done = spawnSync(script, [program, path.join(school.data, 'data'), school.origin], { encoding: 'utf8', timeout: 120000 });
	assert.equal(done.status, 0, done.stderr);
	const [, password] = /^learner2 +learner +(\S+)/m.exec(done.stdout);
	const { token } = await new Client(school.origin).must('POST', '/api/v1/session', { name: 'learner2', password });
	learner = new Client(school.origin, token);
});

after(async () => {
	await school?.stop();
	clock?.close();
});

// Plays all of a course's one unit as the page does; returns the last answer.
async function listen(name, cohort) {
	const { items } = await learner.must('GET', '/api/v1/courses');
	const { units: [unit] } = await learner.must('GET', `/api/v1/courses/${items.find((course) => course.name === name).id}`);
	const { play, media } = await learner.must('POST', '/api/v1/plays', { unit: unit.id, cohort });
	const files = media.progressive ? [media.progressive] : media.tracks.filter((track) => track.kind === 'audio').map((track) => track.href);
	for (const file of files) assert.equal((await learner.ask('GET', file)).status, 200);
	let answer;
	for (let at = 0, seq = 0; at < Math.floor(unit.duration_s); seq++) {
		const to = Math.min(at + 60, Math.floor(unit.duration_s));
		clock.pass(to - at);
		answer = await learner.must('POST', `/api/v1/plays/${play}/beats`, { seq, played: [[at, to]], rate: 1, position: to });
		at = to;
	}
	return answer;
}

test('demo__the_handbook_and_a_part_of_the_lesson_fill_the_online_share', async () => {
	const [{ cohort }] = (await learner.must('GET', '/api/v1/trainees/me/record')).cohorts;
	const book = await listen('新学员手册', cohort);
	assert.equal(book.granted_s, 405); // 0.15 class hours
	assert.equal(book.reason, 'hours_full');
	const lesson = await listen('用键盘和读屏软件学习', cohort);
	assert.equal(lesson.online.cap_s, 7 * 60 + 12);
	assert.equal(lesson.online.granted_s, lesson.online.cap_s);
	assert.equal(lesson.granted_s, 27);
	assert.equal(lesson.reason, 'share_full');
});
