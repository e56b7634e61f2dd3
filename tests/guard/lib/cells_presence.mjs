// A class whose rule wants presence checks, with one that waits for its trainee's answer.
import path from 'node:path';
import { makeCourse } from '../../hours/lib/school.mjs';

const LESSON_S = 640, RULE_MIN = 10;
const REVIEWERS = { home: ['reviewer', '370000'], near: ['reviewer', '370000'], far: ['reviewer-far', '350000'] };

// The rule of a province, of training on the job alone: what else there is has no checks.
async function enterRule(county, place) {
	const [who, region] = REVIEWERS[place], rules = county.presenceRules ??= {};
	return rules[region] ??= (async () => {
		const visitor = county.visitor(who), [year, month, day] = new Date(county.clock.wall + 8 * 3600e3).toISOString().slice(0, 10).split('-');
		const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get('/policies/new')).text)[1];
		const fields = { csrf, place: region, kind: 'work', title: 'Notice of presence', number: 'No. 5', presence: String(RULE_MIN), 'from-year': year, 'from-month': month, 'from-day': day, go: 'enter' };
		const { status } = await visitor.post('/policies/new', Object.entries(fields));
		if (status !== 303) throw new Error(`a rule of presence checks: ${status}`);
	})();
}

const lessons = (county) => (county.long ??= county.course(makeCourse(path.join(county.files, 'long'), { units: 2, seconds: LESSON_S, hours: 0.23 })));

// {cohort, check, who} of the place's learner: her first lesson was played to its end, and what she saw of the second one waits.
// One for all who look at it, or (`kept` false) a new one.
export async function checkOf(county, place, kept = true) {
	const made = county.checks ??= {}, suffix = place === 'home' ? '' : `-${place}`;
	if (kept && made[place]) return made[place];
	await enterRule(county, place);
	const course = await lessons(county), staff = county.client(`staff${suffix}`), learner = county.accounts[`learner${suffix}`];
	const plan = { ...county.plan(course, { total: 1.2, offline: 0.74 }), institution: county.institutions[place], type: 'work' };
	const { id: cohort } = await staff.must('POST', '/api/v1/cohorts', plan);
	await staff.must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: `learner${suffix}` });
	let answer;
	for (const [unit, seconds] of [[0, LESSON_S], [1, 100]]) {
		const { play, media } = await learner.client.must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort });
		await county.fetchMedia(`learner${suffix}`, media);
		county.clock.pass(seconds);
		county.clock.step(-seconds); // she needs the time, and the lessons of others go on
		answer = await learner.client.must('POST', `/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, seconds]], rate: 1, position: seconds });
	}
	if (!answer.presence?.due) throw new Error(`a presence check: ${JSON.stringify(answer)}`);
	const check = { cohort, who: `${learner.id}/1` };
	if (kept) made[place] = check;
	return check;
}

// One that is answered, by whoever comes first.
export const answeredOf = async (county, place) => ((county.answered ??= {})[place] ??= await checkOf(county, place, false));
