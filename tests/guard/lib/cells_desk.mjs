// What the routes of the desk are asked for: see cells.mjs. An author stands for a person, for she works at a place.
const LONG_AGO = '00000000-0000-7000-8000-000000000000';

export const desk = ({ plain, placed, covers }) => {
	const person = (address) => placed((there, county, place) => ({ address: `${address}/${county.at('author', place).id}` }), { reached: (who, place) => who.role === 'admin' || covers(who, place) });
	const ofAuthor = (before, after, more) => plain((who, county) => ({ address: `${before}/${county.accounts.author.id}${after}`, ...more }));
	const grant = async (county) => (await county.client('admin').must('GET', `/api/v1/people/${county.accounts.author.id}`)).grants[0].id;
	const job = (before, after, more) => plain((who, county) => ({ address: `${before}/${county.drafts.author.job}${after}`, ...more }));
	const form = (address, good) => plain({ ...(address ? { address } : {}), form: {}, good }); // nothing typed: told what is missing
	return {
		'GET /people': plain(),
		'GET /people/new': plain(),
		'POST /people': form(undefined, 422),
		'GET /people/many': plain(),
		'POST /people/many': form(undefined, 422),
		'GET /people/:id': person('/people'),
		'POST /people/:id/roles': ofAuthor('/people', '/roles', { form: {}, good: 422 }),
		'GET /people/:id/roles/:grant': plain(async (who, county) => ({ address: `/people/${county.accounts.author.id}/roles/${await grant(county)}` })),
		'POST /people/:id/roles/:grant/end': ofAuthor('/people', `/roles/${LONG_AGO}/end`, { form: {}, good: 404 }),
		'GET /changes': plain(),
		'GET /places': plain(),
		'GET /places/:id': plain({ address: '/places/370100' }),
		'POST /places/:id/regions': form('/places/370100/regions', 422),
		'POST /places/:id/institutions': form('/places/370100/institutions', 422),
		'POST /places/:id/name': form('/places/370100/name', 422),
		'POST /places/:id/close': form('/places/none/close', 404),
		'POST /places/:id/open': form('/places/none/open', 404),
		'GET /machine': plain(),
		'GET /machine/plugins': plain(),
		'GET /machine/storage': plain(),
		'GET /machine/health': plain(),
		'GET /machine/keys': plain(),
		'GET /machine/log': plain(),
		'GET /machine/jobs': plain(),
		'GET /machine/jobs/:id': job('/machine/jobs', ''),
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
