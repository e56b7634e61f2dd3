// Maps of columns and comparisons with another system's list, one of each by who looks after a region: rows of cells.mjs and forms.mjs.
import { coveredBy } from './county.mjs';

export const PLAIN = '00000000-0000-7000-8000-000000000001'; // the map that every server has
export const HEADINGS = ['姓名', '残疾人证号', '培训机构', '培训项目', '开班日期', '结业日期', '线上学时', '线下学时', '总学时', '考核结果', '证书编号', '发证日期'];
export const LIST = { name: 'list.csv', bytes: Buffer.from(`${HEADINGS.join(',')}\r\nZhang${','.repeat(HEADINGS.length - 1)}\r\n`) };

const csrf = (text) => /name="csrf" value="([^"]+)"/.exec(text)[1];
const reviewer = (county, place) => county.visitor(place === 'home' ? 'reviewer' : `reviewer-${place}`);
const went = (reply, what) => {
	if (reply.status !== 303) throw new Error(`${what}: ${reply.status}`);
	return reply.headers.location;
};

let maps = 0;
export async function newMap(county, place = 'home') {
	const one = reviewer(county, place), { text } = await one.get('/exchange/maps');
	return went(await one.post('/exchange/maps', Object.entries({ csrf: csrf(text), name: `Jinan ${++maps}`, map: PLAIN })), 'a map');
}

export async function newComparison(county, place = 'home') {
	const one = reviewer(county, place), { text } = await one.get('/exchange/comparisons');
	return went(await one.send('/exchange/comparisons', Object.entries({ csrf: csrf(text), map: PLAIN, place: '', file: LIST })), 'a comparison');
}

const kept = (county, what, place, make) => ((county.lists ??= {})[`${what} ${place}`] ??= make(county, place));

// One at home and one far; whoever looks after the province has it.
const regional = (what, make, after, more = {}) => ({
	cells: async (who, county) => {
		const cells = [];
		for (const place of ['home', 'far'])
			cells.push({ what: `${what} of ${place}`, address: await kept(county, what, place, make) + after, good: 200, hidden: 404, reached: coveredBy(who.name).includes(place), ...more });
		return cells;
	},
});

export const lists = ({ plain, nothing, LONG_AGO }) => ({
	'POST /exchange/maps': plain({ form: {}, good: 422 }),
	'GET /exchange/maps/:id': regional('map', newMap, ''),
	'POST /exchange/maps/:id/columns': regional('map', newMap, '/columns', { form: {}, good: 422 }),
	'GET /exchange/maps/:id/columns/:n': regional('map', newMap, '/columns/1'),
	'POST /exchange/maps/:id/columns/:n': regional('map', newMap, '/columns/1', { form: { was: HEADINGS[0] }, good: 422 }),
	'GET /exchange/maps/:id/remove': regional('map', newMap, '/remove'),
	'POST /exchange/maps/:id/remove': nothing(`/exchange/maps/${LONG_AGO}/remove`, { form: {} }),
	'POST /exchange/list': plain({ form: {}, good: 422 }),
	'POST /exchange/comparisons': plain({ form: {}, good: 422 }),
	'GET /exchange/comparisons/:id': regional('comparison', newComparison, ''),
	'GET /exchange/comparisons/:id/findings.csv': regional('comparison', newComparison, '/findings.csv'),
	'GET /exchange/comparisons/:id/remove': regional('comparison', newComparison, '/remove'),
	'POST /exchange/comparisons/:id/remove': nothing(`/exchange/comparisons/${LONG_AGO}/remove`, { form: {} }),
});

let typed = 0;
const column = () => ({ heading: `Column ${++typed}`, kind: 'name' });
export const listForms = {
	'POST /exchange/maps': { as: 'reviewer', values: () => ({ name: `Map of ${++maps}`, map: PLAIN }) },
	'POST /exchange/maps/:id/columns': { as: 'reviewer', fresh: (county) => newMap(county), values: column },
	'POST /exchange/maps/:id/columns/:n': { as: 'reviewer', fresh: async (county) => `${await newMap(county)}/columns/1`, values: column },
	'POST /exchange/maps/:id/remove': { as: 'reviewer', fresh: async (county) => `${await newMap(county)}/remove`, once: true },
	'POST /exchange/list': { as: 'reviewer', each: true, values: { map: PLAIN } },
	'POST /exchange/comparisons': { as: 'reviewer', each: true, values: { map: PLAIN, file: LIST } },
	'POST /exchange/comparisons/:id/remove': { as: 'reviewer', fresh: async (county) => `${await newComparison(county)}/remove`, once: true },
};
