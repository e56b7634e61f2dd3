// Without the plugin that knows which courses are drafts, lessons stay closed but to those who have them in a class.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { School, folder, makeCourse } from './lib/school.mjs';

let school, files, lesson, draft;

before(async () => {
	files = folder('closed');
	school = await new School().start();
	await school.people(2);
	await school.account('reviewer', 'reviewer'); // what the command line imports belongs to no place
	const zip = makeCourse(files, { units: 1, seconds: 120, hours: 0.04 });
	const course = await school.course(zip);
	await school.cohort(course, { total: 0.1, offline: 0.06 }, ['t1']);
	lesson = course.units[0].id;
	const line = JSON.parse(school.command('import', zip));
	assert.equal(line.state, 'draft');
	draft = (await school.client('reviewer').must('GET', `/api/v1/courses/${line.course}`)).units[0].id;
});

after(async () => {
	await school?.stop();
	if (files) rmSync(files, { recursive: true, force: true });
});

async function expectLessons(wanted) {
	for (const [name, unit, status] of wanted) {
		const reply = await school.client(name).ask('GET', `/videos/${unit}`);
		assert.equal(reply.status, status, `${name} ${unit === draft ? 'draft' : 'lesson'}: ${reply.text.slice(0, 200)}`);
	}
}

test('bug_drafts__stay_closed_while_the_catalog_is_set_aside', async () => {
	await expectLessons([['t1', lesson, 200], ['t2', lesson, 200], ['t1', draft, 404], ['t2', draft, 404]]);
	await school.restart('[curbcut]\nplugins = credit video audiobook\n');
	await expectLessons([['t1', lesson, 200], ['t2', lesson, 404], ['t1', draft, 404], ['t2', draft, 404]]);
});
