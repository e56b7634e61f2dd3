// A result as somebody of the staff types it.
import { pageOf, sendForm } from '../../scenes/lib/forms.mjs';

export const result = (more) => ({
	theory: 'passed', theory_points: '', practice: 'passed', practice_points: '', 'day-year': '2027', 'day-month': '3', 'day-day': '1',
	examiner: 'Examiner Qian', other: '', ...more,
});

export const enter = (client, cohort, person, more) => sendForm(client, `/assessments/${cohort}/${person}`, result(more));

// Signs what waits first on the page; the reply, or null when there is no such button.
export async function countersign(client, cohort, person) {
	const at = `/assessments/${cohort}/${person}`, action = new RegExp(`action="(${at}/[0-9a-f-]+/countersign)"`).exec((await pageOf(client, at)).text)?.[1];
	return action ? sendForm(client, at, {}, action) : null;
}
