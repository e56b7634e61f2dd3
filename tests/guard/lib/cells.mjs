// What each route is asked for: one row a route, by "METHOD path". A row makes the cells that somebody is asked with:
// {what, address, body | form | bytes, headers, good, reached, hidden}. Behind the declared roles the answer is `good` where
// the scope reaches the thing, else `hidden`. A route without a row fails the test of the matrix by name.
import { paperOf, rollOf, supportOf } from './cells_attendance.mjs';
import { desk } from './cells_desk.mjs';
import { fromOf } from './cells_exchange.mjs';
import { home } from './cells_home.mjs';
import { lists } from './cells_lists.mjs';
import { answeredOf, checkOf } from './cells_presence.mjs';
import { PLACES, coveredBy } from './county.mjs';

const AUTHORS = ['author', 'author-near', 'author-far'], LEARNERS = ['learner', 'learner-near', 'learner-far'];
const LONG_AGO = '00000000-0000-7000-8000-000000000000';

// The grant of somebody of an institution covers that, a region's the whole province.
const covers = (who, place) => coveredBy(who.name).includes(place);
const placeOf = (owner) => /-(near|far)$/.exec(owner)?.[1] ?? 'home';
const reviews = (who, owner) => who.role === 'reviewer' && covers(who, placeOf(owner)); // of her province

// Shows the same to everybody who may ask.
export const plain = (more = {}) => ({ cells: async (who, county, route) => [{ what: 'it', address: route.path, good: 200, reached: true, ...await (typeof more === 'function' ? more(who, county) : more) }] });

// One thing at home, one near, one far: seen by whom a grant of their place covers.
const placed = (make, { good = 200, hidden = 404, reached = covers } = {}) => ({
	cells: async (who, county) => {
		const cells = [];
		for (const place of PLACES) cells.push({ what: place, good, hidden, reached: reached(who, place, county), ...await make(county.places[place], county, place, who) });
		return cells;
	},
});

// A thing of each of `owners`, asked for by its owner and by everybody else.
const owned = (owners, make, { good = 200, hidden = 404, also = [] } = {}) => ({
	cells: async (who, county) => {
		const cells = [];
		for (const owner of owners)
			cells.push({ what: `of ${owner}`, good, hidden, reached: who.name === owner || also.includes(who.name), ...await make(county, owner, who) });
		return cells;
	},
});

// Things that are not there, for whoever may ask at all; what is there is tried by the tests of the part.
const nothing = (address, more = {}) => ({ cells: async () => [missing(address, more)] });
const missing = (address, more) => ({ what: 'nothing', address, reached: false, hidden: 404, ...more });

// Let in: what is sent is not taken as it is, but told at its field.
export const LET_IN = 'let in';
// Told that it is not hers, or that it is not there.
export const REFUSED = 'refused';
const form = (fields = {}) => plain({ form: fields, good: LET_IN });

const TUS = { 'Tus-Resumable': '1.0.0' };
const begun = async (county, owner) => {
	const reply = await county.client(owner).ask('POST', '/files', undefined, { ...TUS, 'Upload-Length': '4' });
	return { address: new URL(reply.headers.location, county.origin).pathname, headers: TUS };
};
const unit = (course) => course.units[0].id;
const withMissing = (row, address, more) => ({ cells: async (...asked) => [...await row.cells(...asked), missing(address, more)] });

// A report of a difficulty by nobody in particular, once: where its reporter reads it, and where it is answered.
const reported = async (county) => (county.reported ??= (async () => {
	const visitor = county.visitor();
	const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get('/accessibility')).text)[1];
	return (await visitor.post('/accessibility/reports', [['csrf', csrf], ['text', 'too small']])).headers.location;
})());
const inbox = async (county) => {
	await reported(county);
	return /\/accessibility\/inbox\/[0-9a-f-]+/.exec((await county.visitor('admin').get('/accessibility/inbox')).text)[0];
};

// Where somebody reads what she had written down in the ledger.
const receipt = async (county, owner) => ((county.receipts ??= {})[owner] ??= (async () => {
	const visitor = county.visitor(owner);
	const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get('/record')).text)[1];
	return (await visitor.post('/record/receipts', [['csrf', csrf], ['cohort', county.place(owner).cohort]])).headers.location;
})());

const helped = (make) => owned(LEARNERS, (county, owner) => make(county.accounts[owner].id), { good: 404 });

const pages = home({ plain, placed, owned, withMissing, reviews, placeOf });

// All rows of several lists; a route that stands in two of them would lose the stricter row.
function once(...lists) {
	const rows = {};
	for (const list of lists)
		for (const [route, row] of Object.entries(list)) {
			if (rows[route]) throw new Error(`${route} has two rows`);
			rows[route] = row;
		}
	return rows;
}

const core = once(pages.core, desk({ plain, placed, refused: REFUSED }), {
	'GET /healthz': plain(),
	'GET /ledger/checkpoint': plain(),
	'GET /ledger/key': plain(),
	'POST /ledger/check/text': plain({ form: {}, good: 400 }),
	'POST /ledger/check/file': plain({ form: {}, good: 400 }),
	'GET /ledger/decision': plain({ reached: false, hidden: 403 }), // auditors of a region
	'POST /ledger/decision': plain({ form: {}, reached: false, hidden: 403 }), // auditors of a region
	'GET /ledger/proof/:index': plain({ address: '/ledger/proof/999999999', good: 404 }),
	'GET /ledger/consistency/:from/:to': plain({ address: '/ledger/consistency/0/0' }),
	'GET /ledger/receipt/:index': plain({ address: '/ledger/receipt/0', reached: false, hidden: 403 }), // auditors of a region
	'GET /ledger/tile/*tile': plain({ address: '/ledger/tile/7/000', good: 404 }), // a ledger of so many entries is none of a test
	'GET /ledger/tile/entries/*tile': plain({ address: '/ledger/tile/entries/000.p/1', reached: false, hidden: 403 }), // auditors of a region
	'GET /metrics': plain(),
	'GET /assets/*path': plain(async (who, county) => ({ address: /href="(\/assets\/[^"]+\.css)"/.exec((await county.visitor().get('/signin')).text)[1] })),
	'POST /api/v1/session': plain({ body: {}, good: 400 }), // nothing typed: everybody is told what is missing
	'DELETE /api/v1/session': plain({ fresh: true, good: 204 }),
	'GET /signin': plain(),
	'POST /signin': plain({ form: {}, good: 400 }),
	'POST /signout': plain({ form: {}, fresh: true, good: 303 }),
	'POST /signin/passkey': plain({ form: {}, good: 401 }),
	'POST /account/passkeys': form(),
	'POST /account/passkeys/:id/remove': nothing(`/account/passkeys/${LONG_AGO}/remove`, { form: {} }),
	'POST /signin/choose': plain({ form: {}, good: 401 }),
	'POST /signin/second': plain({ form: {}, good: 401 }),
	'POST /signin/enrol': plain({ form: {}, good: 401 }),
	'POST /signout/switch': plain({ form: {}, fresh: true, good: 303 }),
	'POST /account/devices/:id/end': nothing(`/account/devices/${LONG_AGO}/end`, { form: {} }),
	'POST /account/devices/end': { ...plain({ form: {}, fresh: true, good: 303 }), last: true },
	'POST /account/password': form(),
	'POST /account/phone': form(),
	'POST /account/help': form(),
	'POST /account/help/:id/begin': nothing(`/account/help/${LONG_AGO}/begin`, { form: {} }),
	'POST /account/help/:id/end': nothing(`/account/help/${LONG_AGO}/end`, { form: {} }),
	'POST /account/second': form(),
	'POST /account/second/off': form(),
	'POST /account/extend': form(),
	'POST /account/help': form(),
	'POST /account/help/:id/begin': nothing(`/account/help/${LONG_AGO}/begin`, { form: {} }),
	'POST /account/help/:id/end': nothing(`/account/help/${LONG_AGO}/end`, { form: {} }),
	'GET /people/:id/card': placed((there, county, place) => ({ address: `/people/${county.at('author', place).id}/card` })),
	'POST /people/:id/card': placed((there, county, place) => ({ address: `/people/${county.at('author', place).id}/card`, form: {}, good: LET_IN })),
	'GET /accessibility': plain(),
	'GET /accessibility/criteria': plain(),
	'GET /accessibility/report.json': plain({ good: 404 }), // no report was made for a built server
	'GET /accessibility/journeys/:id': withMissing(plain((who, county) => ({ address: `/accessibility/journeys/${county.journey ?? 'none'}`, good: county.journey ? 200 : 404 })), '/accessibility/journeys/none'),
	'GET /accessibility/pictures/:name': plain({ address: '/accessibility/pictures/none.jpg', good: 404 }),
	'GET /accessibility/reports': withMissing(plain(async (who, county) => ({ address: (await reported(county)).replace('reports/', 'reports?code=') })), '/accessibility/reports?code=none'),
	'POST /accessibility/reports': plain({ form: {}, good: 400 }),
	'GET /accessibility/reports/:code': withMissing(plain(async (who, county) => ({ address: await reported(county) })), '/accessibility/reports/NONE'),
	'GET /accessibility/inbox': plain(),
	'GET /accessibility/inbox/:id': withMissing(plain(async (who, county) => ({ address: await inbox(county) })), `/accessibility/inbox/${LONG_AGO}`),
	'POST /accessibility/inbox/:id/answer': plain(async (who, county) => ({ address: `${await inbox(county)}/answer`, form: {}, good: 400 })),
	'POST /needs': form(),
	'POST /needs/details': form(),
	'POST /needs/undo': form(),
	'POST /needs/keep': form(),
	'POST /needs/helpers': form(),
	'POST /needs/helpers/:id/end': nothing(`/needs/helpers/${LONG_AGO}/end`, { form: {} }),
	'POST /needs/copy': form(),
	'POST /needs/forget': form(),
	// without her consent nobody learns of a person's needs
	'GET /needs/for/:person': helped((id) => ({ address: `/needs/for/${id}` })),
	'POST /needs/for/:person': helped((id) => ({ address: `/needs/for/${id}`, form: {} })),
	'GET /needs/for/:person/details': helped((id) => ({ address: `/needs/for/${id}/details` })),
	'POST /needs/for/:person/details': helped((id) => ({ address: `/needs/for/${id}/details`, form: {} })),
	'POST /needs/for/:person/undo': helped((id) => ({ address: `/needs/for/${id}/undo`, form: {} })),
	'PUT /api/v1/needs': plain({ body: {}, good: LET_IN }),
	'POST /lang': plain({ form: { lang: 'en', back: '/' }, good: 303 }),
	'GET /accessibility': plain(),
	'GET /accessibility/criteria': plain(),
	'GET /accessibility/report.json': plain({ good: 404 }), // no report was made for a built server
	'OPTIONS /files': plain({ headers: TUS, good: 204 }),
	'POST /files': plain({ headers: { ...TUS, 'Upload-Length': '4' }, good: 201 }),
	'GET /files/:id': withMissing(owned(AUTHORS, begun, { good: 204 }), `/files/${LONG_AGO}`, { headers: TUS }),
	'PATCH /files/:id': owned(AUTHORS, async (county, owner) => {
		const upload = await begun(county, owner);
		return { ...upload, headers: { ...TUS, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }, bytes: 'film' };
	}, { good: 204 }),
	'DELETE /files/:id': owned(AUTHORS, begun, { good: 204 }),
	'POST /api/v1/imports': owned(AUTHORS, async (county, owner) => ({ address: '/api/v1/imports', body: { upload: (await begun(county, owner)).address.split('/').pop() } }), { good: 409 }), // her own, not whole yet
	'GET /api/v1/jobs/:id': withMissing(owned(AUTHORS, async (county, owner) => ({ address: `/api/v1/jobs/${county.drafts[owner].job}` }), { also: ['admin'] }), `/api/v1/jobs/${LONG_AGO}`),
	'DELETE /api/v1/jobs/:id': owned(AUTHORS, async (county, owner) => ({ address: `/api/v1/jobs/${county.drafts[owner].job}` }), { also: ['admin'], good: 409 }), // it has ended
});

const openOrDraft = (address) => ({
	cells: async (who, county) => [
		{ what: 'published', address: `${address}/${county.lessons.course}`, good: 200, reached: true },
		...AUTHORS.map((owner) => ({ what: `of ${owner}`, address: `${address}/${county.drafts[owner].course}`, good: 200, hidden: 404, reached: who.name === owner || reviews(who, owner) })),
		missing(`${address}/${LONG_AGO}`),
	],
});

// Courses are their author's; a reviewer acts on those of her province. Each is asked whatever its state: then it says what hinders.
const acted = (address, rest, more, reached = (who, owner) => who.name === owner || reviews(who, owner)) => ({ cells: async (who, county) => AUTHORS.map((owner) => ({ what: `${rest} of ${owner}`, address: `${address}/${county.acted[owner].course}/${rest}`, good: LET_IN, hidden: REFUSED, reached: reached(who, owner), ...more })) });
const published = (address, more) => ({ [`POST ${address}/:id/publish`]: acted(address, 'publish', more, reviews) });

const catalog = once(pages.catalog, {
	'GET /': plain(),
	'GET /courses/:id': openOrDraft('/courses'),
	'GET /drafts': plain(),
	...published('/courses', { form: {} }),
	...Object.fromEntries(['retire', 'restore'].map((act) => [`POST /courses/:id/versions/:version/${act}`, acted('/courses', `versions/${LONG_AGO}/${act}`, { form: {} })])), // no version was published
	...published('/api/v1/courses', { body: {} }),
	'GET /api/v1/courses': plain(),
	'GET /api/v1/courses/:id': openOrDraft('/api/v1/courses'),
});

const ofPaper = (after, more, good = 200) => placed(async (there, county, place) => ({ address: `${await paperOf(county, place)}${after}`, ...more }), { good });

const ofSheet = (after, more) => placed((there) => ({ address: `/classes/${there.cohort}/sheets/${there.sheet}${after}`, ...more }), { good: more?.good ?? 200 });
const sheets = {
	'GET /classes/:id/sheets': placed((there) => ({ address: `/classes/${there.cohort}/sheets` })),
	'GET /classes/:id/sheets/new': placed((there) => ({ address: `/classes/${there.cohort}/sheets/new` })),
	'POST /classes/:id/sheets/new': placed((there) => ({ address: `/classes/${there.cohort}/sheets/new`, form: {} }), { good: 409 }),
	'GET /classes/:id/sheets/template': placed((there) => ({ address: `/classes/${there.cohort}/sheets/template` })),
	'GET /classes/:id/sheets/workbook': placed((there) => ({ address: `/classes/${there.cohort}/sheets/workbook` })),
	'POST /classes/:id/sheets/file': placed((there) => ({ address: `/classes/${there.cohort}/sheets/file`, form: {} }), { good: LET_IN }), // no file
	'GET /classes/:id/sheets/:sheet': ofSheet(''),
	'POST /classes/:id/sheets/:sheet/sign': ofSheet('/sign', { form: {}, good: LET_IN }), // who entered it is told so
	'GET /classes/:id/sheets/:sheet/correct': ofSheet('/correct'),
	'POST /classes/:id/sheets/:sheet/correct': ofSheet('/correct', { form: {}, good: 422 }),
	'GET /classes/:id/papers': placed((there) => ({ address: `/classes/${there.cohort}/papers` })),
	'POST /classes/:id/papers': placed((there) => ({ address: `/classes/${there.cohort}/papers`, form: {} }), { good: 422 }),
	'GET /classes/:id/papers/:code': ofPaper(''),
	'GET /classes/:id/papers/:code/enter': ofPaper('/enter'),
	'GET /classes/:id/papers/:code/photo': ofPaper('/photo'),
	'POST /classes/:id/papers/:code/photo': ofPaper('/photo', { form: {} }, LET_IN), // no file
	'POST /classes/:id/papers/:code/words': ofPaper('/words', { form: {} }, 422),
	'GET /classes/:id/presence': placed(async (there, county, place) => ({ address: `/classes/${(await checkOf(county, place)).cohort}/presence` })),
	'POST /classes/:id/presence': placed(async (there, county, place) => { const { cohort, who } = await answeredOf(county, place); return { address: `/classes/${cohort}/presence`, form: { who } }; }, { good: 303 }), // behind the first it is one that was answered
	'GET /tasks': plain(),
	'GET /classes/:id/tasks': placed((there) => ({ address: `/classes/${there.called ?? there.cohort}/tasks` })),
	...Object.fromEntries(['', '/again', '/help', '/nobody'].map((act) => [`POST /classes/:id/tasks${act}`, placed((there) => ({ address: `/classes/${there.cohort}/tasks${act}`, form: {} }), { good: 422 })])),
	'GET /classes/:id/support': placed((there) => ({ address: `/classes/${there.cohort}/support` })),
	'POST /classes/:id/support': placed((there) => ({ address: `/classes/${there.cohort}/support`, form: {} }), { good: 422 }),
	'GET /classes/:id/support/:support': placed(async (there, county, place) => ({ address: await supportOf(county, place) })),
	'POST /classes/:id/support/:support/sign': placed(async (there, county, place) => ({ address: `${await supportOf(county, place)}/sign`, form: {} }), { good: LET_IN }), // who entered it is told so
	'POST /classes/:id/support/:support/correct': placed(async (there, county, place) => ({ address: `${await supportOf(county, place)}/correct`, form: {} }), { good: 422 }),
	'GET /classes/:id/rolls': placed((there) => ({ address: `/classes/${there.cohort}/rolls` })),
	'POST /classes/:id/rolls': placed((there) => ({ address: `/classes/${there.cohort}/rolls`, form: {} }), { good: 422 }),
	'GET /classes/:id/rolls/:roll': placed(async (there, county, place) => ({ address: await rollOf(county, place) })),
	'POST /attendance/code': plain({ form: {}, good: 422 }),
	'GET /attendance/paper': plain(),
	'GET /attendance': plain(),
	'POST /attendance/day': placed((there) => ({ address: '/attendance/day', form: { class: there.cohort, day: '1' } }), { good: 303 }), // nothing was on that day
	'POST /attendance/:sheet/sign': placed((there) => ({ address: `/attendance/${there.sheet}/sign`, form: {} }), { good: 303 }),
};

// An exception that the staff of a place asked for, with its document; a new one each time, or (`kept`) one for all.
async function exception(county, place, kept = true) {
	const made = county.exceptions ??= {};
	if (kept && made[place]) return made[place];
	const staff = county.visitor(place === 'home' ? 'staff' : `staff-${place}`), { cohort, learner } = county.places[place];
	const { id } = await county.at('staff', place).client.must('POST', '/api/v1/waivers', { cohort, trainee: learner, share: 0.6, document: 'No. 3', until: '2027-06-01' }), address = `/waivers/${id}`;
	if (!kept) return address;
	const csrf = /name="csrf" value="([^"]+)"/.exec((await staff.get(address)).text)[1];
	const reply = await staff.send(`${address}/document`, Object.entries({ csrf, file: { name: 'document.pdf', bytes: Buffer.from('%PDF-1.4') } }));
	if (reply.status !== 303) throw new Error(`the document of an exception: ${reply.status}`);
	return made[place] = address;
}
export const newException = (county) => exception(county, 'home', false);

// What the staff of a place asked of its learner: one for all, or (`kept` false) of a new trainee each time.
export async function moveOf(county, place, kept = true) {
	const made = county.moves ??= {}, client = county.at('staff', place).client;
	if (kept && made[place]) return made[place];
	const { cohort, learner } = kept ? county.places[place] : { cohort: county.places[place].cohort, learner: await newTrainee(county) };
	const { id } = await client.must('POST', '/api/v1/moves', { kind: 'leave', trainee: learner, cohort, reason: 'She moves away' });
	return made[kept ? place : id] = `/moves/${id}`;
}
export async function newTrainee(county) {
	const name = `mover${county.movers = (county.movers ?? 0) + 1}`, { id } = await county.account(name, 'learner');
	await county.client('staff').must('POST', `/api/v1/cohorts/${county.places.home.cohort}/trainees`, { trainee: name });
	return id;
}

const SEEDED = '/policies/00000000-0000-7000-8000-000000370000'; // the rule that every server has
const credit = once(pages.credit, {
	'GET /policies/:id': withMissing(plain({ address: SEEDED }), `/policies/${LONG_AGO}`),
	'POST /policies/new': form(),
	'POST /api/v1/waivers': placed((there) => ({ address: '/api/v1/waivers', body: { cohort: there.cohort, share: 0.6, document: 'No. 3', until: '2027-06-01' } }), { good: 201 }),
	'GET /classes/:id/waivers': withMissing(placed((there) => ({ address: `/classes/${there.cohort}/waivers` })), `/classes/${LONG_AGO}/waivers`),
	'POST /classes/:id/waivers': placed((there) => ({ address: `/classes/${there.cohort}/waivers`, form: {}, good: LET_IN })),
	'GET /waivers/:id': withMissing(placed(async (there, county, place) => ({ address: await exception(county, place) })), `/waivers/${LONG_AGO}`),
	'POST /waivers/:id/decision': placed(async (there, county, place) => ({ address: `${await exception(county, place)}/decision`, form: {}, good: LET_IN })),
	'POST /waivers/:id/document': placed(async (there, county, place) => ({ address: `${await exception(county, place)}/document`, form: {}, good: LET_IN })),
	// nobody whom it is about sees it before it is decided
	'GET /waivers/:id/document': placed(async (there, county, place) => ({ address: `${await exception(county, place)}/document` }), { reached: (who, place) => who.role !== 'learner' && covers(who, place) }),
	'POST /api/v1/moves': placed((there) => ({ address: '/api/v1/moves', body: { kind: 'leave', trainee: there.learner, cohort: there.cohort } }), { good: 400 }),
	'POST /api/v1/moves/:id/decision': placed(async (there, county, place) => ({ address: `/api/v1${await moveOf(county, place)}/decision`, body: {} }), { good: 400 }),
	'GET /moves': plain(),
	'GET /moves/new/:kind/:person': withMissing(placed((there) => ({ address: `/moves/new/leave/${there.learner}?class=${there.cohort}` })), `/moves/new/leave/${LONG_AGO}?class=${LONG_AGO}`),
	'POST /moves/new/:kind/:person': placed((there) => ({ address: `/moves/new/leave/${there.learner}`, form: { class: there.cohort }, good: LET_IN })),
	'GET /moves/:id': withMissing(placed(async (there, county, place) => ({ address: await moveOf(county, place) })), `/moves/${LONG_AGO}`),
	'POST /moves/:id/decision': placed(async (there, county, place) => ({ address: `${await moveOf(county, place)}/decision`, form: {}, good: LET_IN })),
	'GET /record/erase': plain(),
	'POST /record/erase': plain({ form: {}, good: LET_IN }),
	'GET /erasures/:id': nothing(`/erasures/${LONG_AGO}`),
	'GET /erasures/:id/receipt': nothing(`/erasures/${LONG_AGO}/receipt`),
	'GET /api/v1/cohorts': plain(),
	'POST /api/v1/cohorts': placed((there, county) => ({ address: '/api/v1/cohorts', body: { ...county.plan(county.lessons, { total: 0.03, offline: 0.02 }), institution: there.institution } }), { good: 201, hidden: 403 }),
	'POST /api/v1/cohorts/:id/trainees': placed((there) => ({ address: `/api/v1/cohorts/${there.cohort}/trainees`, body: { trainee: 'gone' } }), { good: 201 }),
	'POST /api/v1/cohorts/:id/attendance': placed((there) => ({ address: `/api/v1/cohorts/${there.cohort}/attendance`, body: {} }), { good: 400 }),
	'POST /api/v1/attendance/:id/countersign': placed((there) => ({ address: `/api/v1/attendance/${there.sheet}/countersign`, body: {} }), { good: LET_IN }), // who entered it is told so
	'POST /api/v1/attendance/:id/corrections': placed((there) => ({ address: `/api/v1/attendance/${there.sheet}/corrections`, body: {} }), { good: 422 }),
	...sheets,
	'POST /api/v1/plays': owned(LEARNERS, (county, owner) => ({ address: '/api/v1/plays', body: { unit: unit(county.lessons), cohort: county.place(owner).cohort } }), { good: 201 }),
	'POST /api/v1/plays/:id/beats': owned(LEARNERS, (county, owner) => ({ address: `/api/v1/plays/${county.place(owner).play}/beats`, body: { seq: 0, played: [[0, 1]], rate: 1, position: 1 } })),
	'GET /api/v1/trainees/:id/record': placed((there) => ({ address: `/api/v1/trainees/${there.learner}/record` })),
	'POST /api/v1/cohorts/:id/presence': owned(LEARNERS, async (county, owner) => ({ address: `/api/v1/cohorts/${(await answeredOf(county, placeOf(owner))).cohort}/presence`, body: { check: 1 } })),
	'POST /record/presence': owned(LEARNERS, async (county, owner) => ({ address: '/record/presence', form: { cohort: (await answeredOf(county, placeOf(owner))).cohort, check: '1' } }), { good: 303 }),
	'GET /points': plain({ good: 404 }), // no rule of the county gives points
	'GET /record': { cells: async (who, county) => [{ what: 'it', address: '/record', good: 200, reached: true }, ...who.name === 'learner' ? [{ what: 'with a check', address: `/record?class=${(await checkOf(county, 'home')).cohort}`, good: 200, reached: true }] : []] },
	'POST /record/receipts': owned(LEARNERS, (county, owner) => ({ address: '/record/receipts', form: { cohort: county.place(owner).cohort } }), { good: 303 }),
	'GET /record/receipts/:n': owned(LEARNERS, async (county, owner) => ({ address: await receipt(county, owner) })),
	'GET /record/receipts/:n/file': owned(LEARNERS, async (county, owner) => ({ address: `${await receipt(county, owner)}/file` })),
	'GET /classes': plain(),
	'GET /classes/:id': withMissing(placed((there) => ({ address: `/classes/${there.cohort}` })), `/classes/${LONG_AGO}`),
	'POST /classes/:id/trainees': placed((there) => ({ address: `/classes/${there.cohort}/trainees`, form: { trainee: 'gone' } }), { good: 303 }),
});

// Published lessons are open to everybody who is signed in; what is kept of them is each person's own.
const video = {
	'GET /videos/:id': plain((who, county) => ({ address: `/videos/${unit(county.lessons)}` })),
	'GET /videos/:id/master.m3u8': plain((who, county) => ({ address: `/videos/${unit(county.lessons)}/master.m3u8` })),
	'GET /videos/:id/:playlist': plain((who, county) => ({ address: `/videos/${unit(county.lessons)}/${county.lessons.units[0].tracks[0].id}.m3u8` })),
	'POST /videos/:id/place': plain((who, county) => ({ address: `/videos/${unit(county.lessons)}/place`, body: { position: 1 }, good: 204 })),
	'GET /media/:track/:blob': plain((who, county) => ({ address: county.places.home.media.progressive })),
};

const audiobook = {
	'GET /books/:id': plain((who, county) => ({ address: `/books/${unit(county.book)}` })),
	'GET /books/:id/contents': plain((who, county) => ({ address: `/books/${unit(county.book)}/contents` })),
	'GET /books/:id/manifest.json': plain((who, county) => ({ address: `/books/${unit(county.book)}/manifest.json` })),
	'POST /books/:id/place': plain((who, county) => ({ address: `/books/${unit(county.book)}/place`, body: { position: 1 }, good: 204 })),
	'GET /audio/:track/:blob': plain(async (who, county) => ({ address: /\/audio\/[^"?]+/.exec((await county.visitor('learner').get(`/books/${unit(county.book)}/manifest.json`)).text)[0] })),
};

const document = {
	'GET /documents/:id': plain((who, county) => ({ address: `/documents/${unit(county.pages)}` })),
	'POST /documents/:id/next': plain((who, county) => ({ address: `/documents/${unit(county.pages)}/next`, form: { part: '1' }, good: 303 })),
	'GET /documents/pictures/:track/:blob': plain(async (who, county) => ({ address: /\/documents\/pictures\/[^"?]+/.exec((await county.visitor('learner').get(`/documents/${unit(county.pages)}?part=1`)).text)[0] })),
};

// A result is read by those of its place; what is sent empty is told at its field.
const person = (there) => `/assessments/${there.cohort}/${there.learner}`;
const certificate = {
	'GET /assessments': plain(),
	'GET /assessments/:class': withMissing(placed((there) => ({ address: `/assessments/${there.cohort}` })), `/assessments/${LONG_AGO}`),
	'GET /assessments/:class/:person': withMissing(placed((there) => ({ address: person(there) })), `/assessments/${LONG_AGO}/${LONG_AGO}`),
	'POST /assessments/:class/:person': placed((there) => ({ address: person(there), form: {} }), { good: 400 }),
	'POST /assessments/:class/:person/:id/countersign': placed((there) => ({ address: `${person(there)}/${LONG_AGO}/countersign`, form: {} }), { good: 404 }),
	// no class of the county has anybody with all that a certificate wants; certificates themselves are tried in tests/certificates
	// nor was one withdrawn, behind which the federation issues another
	'POST /api/v1/certificates': placed((there, county, place, who) => ({ address: '/api/v1/certificates', body: { trainee: there.learner, cohort: there.cohort }, good: who.role === 'reviewer' ? 403 : 422 })),
	'GET /certificates/class/:class': withMissing(placed((there) => ({ address: `/certificates/class/${there.cohort}` })), `/certificates/class/${LONG_AGO}`),
	'POST /certificates/class/:class': placed((there) => ({ address: `/certificates/class/${there.cohort}`, form: {} }), { good: 400 }),
	'GET /certificates/:id': nothing(`/certificates/${LONG_AGO}`),
	'GET /certificates/:id/withdraw': nothing(`/certificates/${LONG_AGO}/withdraw`),
	'POST /certificates/:id/withdraw': nothing(`/certificates/${LONG_AGO}/withdraw`, { form: {} }),
	'POST /certificates/:id/withdraw/countersign': nothing(`/certificates/${LONG_AGO}/withdraw/countersign`, { form: {} }),
	'GET /payments/:id': nothing(`/payments/${LONG_AGO}`),
	'GET /payments/:id/file': nothing(`/payments/${LONG_AGO}/file`),
	'GET /payments/:id/lines/:n': nothing(`/payments/${LONG_AGO}/lines/1`),
	'POST /payments': placed((there) => ({ address: '/payments', form: { class: there.cohort } }), { good: 303 }),
	'POST /check/text': plain({ form: {}, good: 400 }),
	'POST /check/file': plain({ form: {}, good: 400 }),
	'GET /certificates/status/:list': withMissing(plain({ address: '/certificates/status/0' }), '/certificates/status/9'),
};

// Credits of the classes of a place; nobody of the county has a certificate, which tests/bank tries.
const bank = {
	'GET /credits/class/:class': withMissing(placed((there) => ({ address: `/credits/class/${there.cohort}` })), `/credits/class/${LONG_AGO}`),
	'GET /credits/class/:class/statement.csv': withMissing(placed((there) => ({ address: `/credits/class/${there.cohort}/statement.csv` })), `/credits/class/${LONG_AGO}/statement.csv`),
	'POST /credits/class/:class/:person': placed((there) => ({ address: `/credits/class/${there.cohort}/${there.learner}`, form: {} }), { good: 422 }),
	'GET /credits/waiting': plain(),
	'GET /credits/transfers/:id': nothing(`/credits/transfers/${LONG_AGO}`),
	'POST /credits/transfers/:id/countersign': nothing(`/credits/transfers/${LONG_AGO}/countersign`, { form: {} }),
	'POST /credits/transfers/:id/refuse': nothing(`/credits/transfers/${LONG_AGO}/refuse`, { form: {} }),
	'POST /credits/transfers/:id/return': nothing(`/credits/transfers/${LONG_AGO}/return`, { form: {} }),
	'GET /credits/class/:class/:person': withMissing(placed((there) => ({ address: `/credits/class/${there.cohort}/${there.learner}` })), `/credits/class/${LONG_AGO}/${LONG_AGO}`),
};

// Bundles between servers; those that come and go are tried in tests/exchange.
const exchange = {
	'POST /exchange/out': plain({ form: {}, good: 422 }),
	'GET /exchange/out/:id/file': nothing(`/exchange/out/${LONG_AGO}/file`),
	'POST /exchange/in': plain({ form: {}, good: 400 }),
	'POST /api/v1/exchange/bundles': plain({ bytes: Buffer.from('PK'), headers: { 'Content-Type': 'application/octet-stream' }, good: 400 }),
	'GET /exchange/in/:id': nothing(`/exchange/in/${LONG_AGO}`),
	'GET /exchange/from/:id': withMissing(placed(async (there, county, place) => ({ address: await fromOf(county, place) })), `/exchange/from/${LONG_AGO}`),
	'POST /exchange/servers': plain({ form: {}, good: 400 }),
	'POST /exchange/servers/end': plain({ form: {}, good: 400 }),
	'POST /exchange/servers/forget': plain({ form: {}, good: 400 }),
	...lists({ plain, nothing, LONG_AGO }),
};

export const cells = { core, catalog, credit, video, audiobook, document, certificate, bank, exchange };

// A page without things in its address needs no row: it is shown to whoever may see it.
export const rowOf = (route) => cells[route.owner]?.[`${route.method} ${route.path}`] ?? (route.method === 'GET' && !/[:*]/.test(route.path) ? plain() : undefined);
