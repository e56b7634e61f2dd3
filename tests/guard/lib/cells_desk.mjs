// What the routes of the desk are asked for: see cells.mjs. An author stands for a person, for she works at a place.
// Roles and places are an administrator's of that place; who reaches another is told that it is not hers.
const LONG_AGO = '00000000-0000-7000-8000-000000000000';

// The first job of a state that the page of jobs names.
export const jobThat = async (county, state) => /\/machine\/jobs\/([0-9a-f-]{36})/.exec((await county.visitor('admin').get(`/machine/jobs?state=${state}`)).text)?.[1];

export const desk = ({ plain, placed, refused }) => {
	const person = (address) => placed((there, county, place) => ({ address: `${address}/${county.at('author', place).id}` }));
	const ofAuthor = (before, after, more) => placed((there, county, place) => ({ address: `${before}/${county.at('author', place).id}${after}`, ...more }), more);
	// Somebody who learns at an institution of each place, made once.
	const pupil = (county, place) => ((county.pupils ??= {})[place] ??= county.client('admin').must('POST', '/api/v1/people', { name: 'Somebody', number: `pupil-${place}`, role: 'learner', place: county.institutions[place] }));
	const ofPupil = (after, more) => placed(async (there, county, place) => ({ address: `/people/${(await pupil(county, place)).id}${after}`, ...more }), more);
	const grantOf = async (county, place) => (await county.client('admin').must('GET', `/api/v1/people/${county.at('author', place).id}`)).grants[0].id;
	const where = { home: '370100', near: '370200', far: '350100' };
	const ofPlace = (after, more) => placed((there, county, place) => ({ address: `/places/${where[place]}${after}`, ...more }), { ...more, hidden: refused });
	// A house of each place, which nothing else needs to be open.
	const houseOf = (county, place) => (county.houses ??= {})[place] ??= JSON.parse(county.command('institution', 'add', '--name', `House of ${place}`, '--region', where[place])).id;
	const ofHouse = (after, good) => placed((there, county, place) => ({ address: `/places/${houseOf(county, place)}${after}`, form: {} }), { good, hidden: refused });
	const job = (before, after, more) => plain((who, county) => ({ address: `${before}/${county.drafts.author.job}${after}`, ...more }));
	const form = (address, good) => plain({ ...(address ? { address } : {}), form: {}, good }); // nothing typed: told what is missing
	return {
		'GET /people': plain(),
		'GET /people/new': plain(),
		'POST /people': form(undefined, 422),
		'GET /people/many': plain(),
		'POST /people/many': form(undefined, 422),
		'GET /people/:id': person('/people'),
		'GET /people/:id/eligibility': ofPupil('/eligibility', { good: 200 }),
		'POST /people/:id/eligibility': ofPupil('/eligibility', { form: {}, good: 422 }),
		'POST /people/:id/eligibility/decide': ofPupil('/eligibility/decide', { form: {}, good: 404 }), // nothing waits
		'POST /people/:id/eligibility/look': ofPupil('/eligibility/look', { form: {}, good: 404 }), // nothing is recorded
		'POST /people/:id/roles': ofAuthor('/people', '/roles', { form: {}, good: 422 }),
		'GET /people/:id/roles/:grant': placed(async (there, county, place) => ({ address: `/people/${county.at('author', place).id}/roles/${await grantOf(county, place)}` })),
		'POST /people/:id/roles/:grant/end': ofAuthor('/people', `/roles/${LONG_AGO}/end`, { form: {}, good: 404 }),
		'GET /changes': plain(),
		'GET /places': plain(),
		'GET /places/:id': ofPlace('', { good: 200 }),
		'POST /places/:id/regions': ofPlace('/regions', { form: {}, good: 422 }),
		'POST /places/:id/institutions': ofPlace('/institutions', { form: {}, good: 422 }),
		'POST /places/:id/name': ofPlace('/name', { form: {}, good: 422 }),
		'POST /places/:id/close': ofHouse('/close', 303),
		'POST /places/:id/open': ofHouse('/open', 303),
		'GET /machine': plain(),
		'GET /machine/plugins': plain(),
		'GET /machine/storage': plain(),
		'GET /machine/health': plain(),
		'GET /machine/backups': plain(),
		'POST /machine/backups': form(undefined, 303),
		'GET /machine/keys': plain(),
		'GET /machine/log': plain(),
		'GET /machine/jobs': plain(),
		'GET /machine/jobs/:id': plain(async (who, county) => ({ address: `/machine/jobs/${await jobThat(county, 'waiting') ?? county.drafts.author.job}` })),
		'POST /machine/jobs/:id/retry': job('/machine/jobs', '/retry', { form: {}, good: 409 }), // it is done
		'POST /machine/jobs/:id/cancel': job('/machine/jobs', '/cancel', { form: {}, good: 409 }),
		'GET /api/v1/people': plain(),
		'GET /api/v1/people/:id': person('/api/v1/people'),
		'POST /api/v1/people': plain({ body: {}, good: 422 }),
		'POST /api/v1/people/:id/roles': ofAuthor('/api/v1/people', '/roles', { body: {}, good: 422 }),
		'DELETE /api/v1/people/:id/roles/:grant': ofAuthor('/api/v1/people', `/roles/${LONG_AGO}`, { good: 404 }),
		'GET /api/v1/changes': plain(),
		'POST /api/v1/jobs/:id/retry': job('/api/v1/jobs', '/retry', { body: {}, good: 409 }),
	};
};
