// Days, and lessons of a class of long ago, an hour each: nobody is in two of them.
const HOUR_MS = 3600000;
let lessons = 0;
export const lectures = async (county) => (county.lectures ??= (async () => {
	const staff = county.client('staff'), { id } = await staff.must('POST', '/api/v1/cohorts', { ...county.plan(county.lessons, { total: 5000, offline: 5000 }), starts: county.clock.wall - 200 * 24 * HOUR_MS });
	await staff.must('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: 'learner' });
	return id;
})());
export const lesson = (county) => new Date(county.clock.wall - (++lessons + 24) * HOUR_MS - county.clock.wall % HOUR_MS + 8 * HOUR_MS); // as UTC it shows the time of the place
export const entered = async (county) => {
	const from = lesson(county).getTime() - 8 * HOUR_MS, cohort = await lectures(county);
	const { id } = await county.client('staff').must('POST', `/api/v1/cohorts/${cohort}/attendance`, {
		unit: 1, mode: 'onsite', from, to: from + HOUR_MS / 2, place: 'Base', teacher: 'Li', key: `lesson-${lessons}`, present: [{ trainee: 'learner', seconds: 600 }],
	});
	return `/classes/${cohort}/sheets/${id}`;
};

// The three fields of a date: the day that it is at the place.
export const today = (county) => {
	const [year, month, day] = new Date(county.clock.wall + 8 * 3600e3).toISOString().slice(0, 10).split('-');
	return { 'day-year': year, 'day-month': String(Number(month)), 'day-day': String(Number(day)) };
};
