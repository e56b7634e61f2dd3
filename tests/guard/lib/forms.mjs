// What people type into each form, by the route that it is sent to. `again`: true where the same may be sent many times;
// else `fresh` makes what it is sent for anew, and gives the address of its page.
export const good = {
	'POST /signin': { values: { name: 'learner', password: 'secret-learner' } },
	'POST /classes/:id/trainees': { values: { trainee: 'learner-near' } },
	'POST /courses/:id/publish': { fresh: async (county) => `/courses/${(await county.draft('author')).course}` },
	'POST /lang': {},
	'POST /signout': { leaves: true },
};
