// What the pages of trainees, staff, authors and reviewers are asked for: see cells.mjs.
import { randomUUID } from 'node:crypto';
import { drafted, heard, pictured } from './heard.mjs';

const AUTHORS = ['author', 'author-near', 'author-far'], STAFF = ['staff', 'staff-near', 'staff-far'];
const LEARNERS = ['learner', 'learner-near', 'learner-far'];
const LONG_AGO = '00000000-0000-7000-8000-000000000000';

// A class that somebody of the staff is planning; its id.
export async function planned(county, owner) {
	const key = `01a00000-0000-7000-8000-${randomUUID().slice(-12)}`, body = new URLSearchParams({ programme: 'Planned', idempotency_key: key, go: 'save' });
	const reply = await fetch(`${county.origin}/classes/new`, { method: 'POST', body, redirect: 'manual', headers: { ...county.client(owner).headers, Accept: 'text/html' } });
	if (reply.status !== 303) throw new Error(`a draft of a class: ${reply.status} ${await reply.text()}`);
	return key;
}

export const home = ({ plain, placed, owned, withMissing, reviews, placeOf }) => {
	const draft = (after, more) => owned(STAFF, async (county, owner) => ({ address: `/classes/drafts/${await planned(county, owner)}/${after}`, ...more }), { good: more?.good ?? 200 });
	const package_ = (address, more) => withMissing(owned(AUTHORS, (county, owner) => ({ address: address.replace(':job', county.drafts[owner].job), ...more }), more), address.replace(':job', LONG_AGO), more);
	// A draft in the hands of its author alone.
	const ofDraft = (after, sent, good = 200) => Object.fromEntries([['GET', { good }], ['POST', sent]].map(([method, more]) => [`${method} /packages/courses/:course${after.replace(LONG_AGO, ':track')}`,
		withMissing(owned(AUTHORS, (county, owner) => ({ address: `/packages/courses/${county.drafts[owner].course}${after}`, ...more }), more), `/packages/courses/${LONG_AGO}${after}`, more)]));
	// A reviewer of the province sees the draft and is told that the act is not hers; the owner's own act is `good`.
	const ofOwner = (act, good) => Object.fromEntries(['/courses', '/api/v1/courses'].map((before) => [`POST ${before}/:id/${act}`, owned(AUTHORS, async (county, owner, who) => ({
		address: `${before}/${(await county.draft(owner)).course}/${act}`, ...(before === '/courses' ? { form: {} } : { body: {} }),
		...(reviews(who, owner) ? { hidden: 403 } : {}),
	}), { good: good ?? (before === '/courses' ? 303 : 200) })]));
	// A draft was not handed in: who may decide is told so.
	const ofReviewer = (act, fields, good) => Object.fromEntries(['/courses', '/api/v1/courses'].map((before) => [`POST ${before}/:id/${act}`, owned(AUTHORS, (county, owner, who) => ({
		address: `${before}/${county.drafts[owner].course}/${act}`, ...(before === '/courses' ? { form: fields } : { body: fields }),
		...(reviews(who, owner) ? { reached: true } : {}),
	}), { good })]));
	return {
		core: {
			'GET /help': plain(),
			'GET /help/:role': withMissing(plain({ address: '/help/learner' }), '/help/none'),
			'GET /packages/new': plain(),
			'POST /packages/new': plain({ form: {}, good: 400 }), // no file
			'GET /packages/:job': package_('/packages/:job'),
			'POST /packages/:job/import': package_('/packages/:job/import', { form: {}, good: 409 }), // it is in already
			...ofDraft('', { form: {}, good: 409 }), // of no version
			...Object.fromEntries([['GET', {}], ['POST', { form: {}, good: 404 }]].map(([method, more]) => [`${method} /packages/courses/:course/drafted`, owned(AUTHORS, async (county, owner) => ({ address: await heard(county, owner), ...more }), { good: 200, ...more })])),
			...Object.fromEntries([['GET', {}], ['POST', { form: {}, good: 409 }]].map(([method, more]) => [`${method} /packages/courses/:course/reading/:unit`, owned(AUTHORS, async (county, owner) => ({ address: await drafted(county, owner), ...more }), { good: 200, ...more })])),
			...Object.fromEntries([['GET', {}], ['POST', { form: {}, good: 422 }]].map(([method, more]) => [`${method} /packages/courses/:course/open-captions`, owned(AUTHORS, async (county, owner) => ({ address: await pictured(county, owner), ...more }), { good: 200, ...more })])),
			...ofDraft('/captions', { form: {}, good: 400 }), // no file
			...ofDraft('/versions', { form: {}, good: 404 }),
			'GET /packages/courses/:course/compare': owned(AUTHORS, (county, owner) => ({ address: `/packages/courses/${county.drafts[owner].course}/compare` })),
			...ofDraft('/forms', { form: {}, good: 404 }), // of no lesson
			...ofDraft(`/tracks/${LONG_AGO}`, { form: {}, good: 404 }, 404),
			'GET /packages/findings': plain(),
			'GET /packages/findings/:group': withMissing(plain({ address: '/packages/findings/captions' }), '/packages/findings/none'),
			'POST /jobs/:id/cancel': owned(AUTHORS, (county, owner) => ({ address: `/jobs/${county.drafts[owner].job}/cancel`, form: {} }), { also: ['admin'], good: 303 }), // it has ended
		},
		catalog: {
			'GET /courses': plain(),
			'GET /courses/:id/retire': owned(AUTHORS, (county, owner) => ({ address: `/courses/${county.drafts[owner].course}/retire` }), { good: 404 }), // a draft
			...ofOwner('submit'),
			...ofOwner('withdraw', 409),
			...ofReviewer('approve', {}, 409),
			...ofReviewer('reject', { reason: 'Captions are missing' }, 409),
			...ofReviewer('retire', {}, 409),
			...ofReviewer('restore', {}, 409),
		},
		credit: {
			'GET /record/ask': owned(LEARNERS, (county, owner) => ({ address: `/record/ask?class=${county.place(owner).cohort}` })),
			'POST /record/ask': owned(LEARNERS, (county, owner) => ({ address: '/record/ask', form: { class: county.place(owner).cohort }, good: 400 })),
			'GET /record/questions/:question': owned(LEARNERS, async (county, owner) => ({ address: `/record/questions/${await county.asked(placeOf(owner))}` })),
			'POST /record/questions/:question': owned(LEARNERS, async (county, owner) => ({ address: `/record/questions/${await county.asked(placeOf(owner))}`, form: {}, good: 400 })),
			'GET /record/entries': owned(LEARNERS, (county, owner) => ({ address: `/record/entries?class=${county.place(owner).cohort}` })),
			'GET /classes/:id/trainees/:person/entries': placed((there) => ({ address: `/classes/${there.cohort}/trainees/${there.learner}/entries` })),
			'GET /api/v1/cohorts/:id/trainees/:person/entries': placed((there) => ({ address: `/api/v1/cohorts/${there.cohort}/trainees/${there.learner}/entries` })),
			'GET /classes/:id/questions': placed((there) => ({ address: `/classes/${there.cohort}/questions` })),
			'GET /classes/:id/questions/:question': withMissing(placed(async (there, county, place) => ({ address: `/classes/${there.cohort}/questions/${await county.asked(place)}` })), `/classes/${LONG_AGO}/questions/${LONG_AGO}`),
			'POST /classes/:id/questions/:question': placed(async (there, county, place) => ({ address: `/classes/${there.cohort}/questions/${await county.asked(place)}`, form: {}, good: 400 })),
			'GET /classes/:id/gates': placed((there) => ({ address: `/classes/${there.cohort}/gates` })),
			'POST /classes/:id/gates': placed((there) => ({ address: `/classes/${there.cohort}/gates`, form: {}, good: 400 })),
			'GET /classes/:id/dossier': placed((there) => ({ address: `/classes/${there.cohort}/dossier` })),
			'POST /audit': plain({ form: {}, good: 400 }),
			'GET /audit': placed((there) => ({ address: `/audit?institution=${there.institution}` })),
			'GET /classes/new': plain(),
			'POST /classes/new': plain({ form: {}, good: 400 }),
			'GET /classes/drafts/:draft/:step': withMissing(draft('plan'), `/classes/drafts/${LONG_AGO}/plan`),
			'POST /classes/drafts/:draft/:step': draft('plan', { form: {}, good: 400 }),
			'POST /classes/drafts/:draft/open': draft('open', { form: {}, good: 422 }), // half of it is missing
			'POST /classes/drafts/:draft/drop': draft('drop', { form: {}, good: 303 }),
			'POST /classes/drafts/:draft/restore': draft('restore', { form: {}, good: 303 }),
			'GET /classes/:id/trainees/:person': placed((there) => ({ address: `/classes/${there.cohort}/trainees/${there.learner}` })),
			'POST /classes/:id/trainees/:person/remove': placed(async (there, county, place) => {
				const trainee = place === 'far' ? 'learner-near' : 'learner-far';
				await county.at('staff', place).client.must('POST', `/api/v1/cohorts/${there.cohort}/trainees`, { trainee });
				return { address: `/classes/${there.cohort}/trainees/${county.accounts[trainee].id}/remove`, form: {} };
			}, { good: 303 }),
		},
	};
};
