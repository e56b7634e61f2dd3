// What is typed into the forms of the desk: see forms.mjs. Numbers and codes are used once, so each time there is another.
import { jobThat } from './cells_desk.mjs';

let count = 0;

const somebody = async (county) => (await county.client('admin').must('POST', '/api/v1/people', { name: 'Somebody', number: `somebody-${++count}`, role: 'learner', place: county.institution })).id;
// Somebody of whom something is recorded, and another record that waits for another person.
const recorded = async (county) => {
	const id = await somebody(county), page = `/people/${id}/eligibility`, visitor = county.visitor('staff');
	const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get(page)).text)[1];
	for (let i = 0; i < 2; i++) await visitor.post(page, [['csrf', csrf], ['kind', 'relative'], ['whose', `李 ${i}`]]);
	return page;
};
// A certificate number of somebody else each time: that of an identity card with its check digit (GB 11643), category and grade.
const numberOf = (n) => {
	const body = `11010519491231${String(n).padStart(3, '0')}`, sum = [...body].reduce((all, digit, i) => all + Number(digit) * (2 ** (17 - i) % 11), 0);
	return `${body}${'10X98765432'[sum % 11]}44`;
};
const numbered = async (county) => {
	const page = `/people/${await somebody(county)}/eligibility`, visitor = county.visitor('staff');
	const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get(page)).text)[1];
	await visitor.post(page, [['csrf', csrf], ['kind', 'disability'], ['sealed_number', numberOf(++count)]]);
	return page;
};
// A job that waits until another day: the server looks again for files that nothing needs a day after it last did. That day may have come
// by the county's clock, so it looks now and waits anew.
const waits = async (county) => {
	const admin = county.client('admin');
	let before = await jobThat(county, 'waiting');
	if (before) await admin.ask('DELETE', `/api/v1/jobs/${before}`); // begun meanwhile: it ends by itself
	else before = await jobThat(county, 'cancelled');
	await admin.ask('POST', `/api/v1/jobs/${before}/retry`, {});
	for (const late = Date.now() + 60000; Date.now() < late; await new Promise((done) => setTimeout(done, 5))) {
		const id = await jobThat(county, 'waiting');
		if (id && id !== before) return `/machine/jobs/${id}`;
	}
	throw new Error('no job waits');
};
const house = (county) => JSON.parse(county.command('institution', 'add', '--name', `House ${++count}`, '--region', '370100')).id;

export const desk = {
	'POST /people': { get values() { return { name: '王小明', number: `number-${++count}`, role: 'learner', place: '370100' }; } },
	'POST /people/many': { values: (county) => ({ place: county.institution, lines: `王小明, many-${++count}\n李一, many-${++count}` }) },
	'POST /people/:id/roles': { values: { role: 'author', place: '370100' }, fresh: async (county) => `/people/${await somebody(county)}` },
	'POST /people/:id/roles/:grant/end': { fresh: async (county) => {
		const id = await somebody(county);
		return `/people/${id}/roles/${(await county.client('admin').must('GET', `/api/v1/people/${id}`)).grants[0].id}`;
	} },
	'POST /people/:id/eligibility': { as: 'staff', values: { kind: 'relative', whose: '李老师' }, fresh: async (county) => `/people/${await somebody(county)}/eligibility` },
	'POST /people/:id/eligibility/decide': { as: 'reviewer', fresh: recorded },
	'POST /people/:id/eligibility/look': { as: 'staff', each: true, values: { purpose: 'compare' }, fresh: numbered },
	'POST /places/:id/regions': { get values() { return { code: `code-${++count}`, region_name: '一个区' }; } },
	'POST /places/:id/institutions': { values: { institution_name: '一个机构' } },
	'POST /places/:id/name': { values: { new_name: '新名称' }, fresh: async (county) => `/places/${house(county)}` },
	'POST /machine/backups': { goesOn: true },
	'POST /machine/jobs/:id/cancel': { once: true, fresh: waits },
	'POST /places/:id/close': { fresh: async (county) => `/places/${house(county)}` },
};
