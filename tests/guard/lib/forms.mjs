// What people type into each form, by the route that it is sent to. `values`: by the names of its fields, or made of the county
// and the one who types. `fresh` makes what it is sent for anew and gives the address of its page. `leaves`: it ends the session.
// `each`: every time it is sent it is meant, as a copy that is downloaded. `once`: it is there only until it was sent.
const today = new Date(Date.UTC(2027, 3, 20));
const date = (name, day = today) => ({ [`${name}-year`]: String(day.getUTCFullYear()), [`${name}-month`]: String(day.getUTCMonth() + 1), [`${name}-day`]: String(day.getUTCDate()) });
let number = 0;
const another = (word) => `${word}${++number}`;

const draftOf = async (county) => `/courses/${(await county.draft('author')).course}`;

export const good = {
	'POST /signin': { values: { name: 'learner', password: 'secret-learner' } },
	'POST /lang': {},
	'POST /signout': { leaves: true },
	'POST /signout/switch': { leaves: true },
	'POST /account/devices/:id/end': { leaves: true, once: true },
	'POST /account/devices/end': { leaves: true },
	'POST /account/password': { leaves: true, values: { old_password: 'secret-learner', new_password: 'secret-learner' } },
	'POST /account/phone': { values: () => ({ phone: `1380000${String(1000 + ++number)}` }) },
	'POST /account/second': { leaves: true, each: true },
	'POST /accessibility/reports': { values: { text: 'The button has no name', page: '/courses', contact: 'li@example.org' } },
	'POST /accessibility/inbox/:id/answer': { values: { text: 'It has one now. Thank you.' }, once: true },
	'POST /needs': {},
	'POST /needs/details': {},
	'POST /needs/helpers': { values: { helper: 'helper' } },
	'POST /needs/copy': { each: true, values: { copy: '{}' } },
	'POST /needs/forget': { each: true },
	'POST /courses/:id/submit': { fresh: draftOf },
	'POST /courses/:id/publish': { fresh: draftOf },
	'POST /classes/new': { values: { programme: 'Massage, beginners', total: '40' } },
	'POST /classes/:id/trainees': { values: { trainee: 'learner-near', numbers: 'learner-near' } },
	'POST /classes/:id/trainees/:person/remove': { once: true },
	'POST /people/many': { values: () => ({ lines: `${another('Li ')}, ${another('n')}` }) },
	'POST /people': { values: () => ({ name: 'Wang', number: another('w'), ...date('from') }) },
	'POST /people/:id/card': { each: true },
	'POST /people/:id/roles': { values: { role: 'helper', ...date('from') } },
	'POST /people/:id/roles/:grant/end': { once: true },
	'POST /places/:id/regions': { values: () => ({ code: String(370300 + ++number), region_name: 'Zibo' }) },
	'POST /places/:id/institutions': { values: () => ({ name: another('Base ') }) },
	'POST /places/:id/name': { values: { new_name: 'Base of Jinan', ...date('named') } },
	'POST /places/:id/close': { once: true, values: date('closing') },
	'POST /packages/new': { each: true },
};
