// What people type into each form, by the route that it is sent to. `values`: by the names of its fields, or made of the county
// and the one who types. `fresh` makes what it is sent for anew and gives the address of its page; it is told the form, too, where one route has several. `leaves`: it ends the session.
// `as`: who types instead of the first who can see it.
// A value {name, bytes} is a file. `each`: every time it is sent it is meant, as a copy that is downloaded. `once`: it is there only until it was sent.
// `goesOn`: what was asked for is done behind the page, which shows how far it is.
import { randomUUID } from 'node:crypto';
import { moveOf, newException, newTrainee } from './cells.mjs';
import { announced, given, paperOf, rollOf, supportOf } from './cells_attendance.mjs';
import { enterServer, newBundle, newCard } from './cells_exchange.mjs';
import { planned } from './cells_home.mjs';
import { listForms } from './cells_lists.mjs';
import { checkOf } from './cells_presence.mjs';
import { desk } from './forms_desk.mjs';
import { entered, lectures, lesson, today } from './forms_lessons.mjs';
import { shown } from './forms_shown.mjs';
import { drafted, undrafted, unlooked } from './heard.mjs';

let number = 0;

const newServer = async (county) => {
	county.newServer = await enterServer(county, `A county ${++number}`, '370100');
	return '/exchange/servers';
};

const draftOf = async (county) => `/courses/${(await county.draft('author')).course}`;

// What waits of it is refused: then the form is there.
async function notErased(county, who) {
	const waiting = /\/erasures\/([0-9a-f-]{36})/.exec((await county.visitor(who).get('/record/erase')).text)?.[1];
	if (waiting) await county.client('reviewer').must('POST', `/api/v1/moves/${waiting}/decision`, { decision: 'refuse', words: 'Not so' });
	return '/record/erase';
}

export const good = {
	...desk,
	...shown,
	'POST /signin': { values: { name: 'learner', password: 'secret-learner' } },
	'POST /lang': {},
	'POST /signout': { as: 'evaluator', leaves: true },
	'POST /signout/switch': { as: 'evaluator', leaves: true },
	'POST /account/devices/:id/end': { as: 'evaluator', leaves: true, once: true },
	'POST /account/password': { as: 'evaluator', leaves: true, values: { old_password: 'secret-evaluator', new_password: 'secret-evaluator' } },
	'POST /account/help': { values: { helper: 'helper' } },
	'POST /account/phone': { values: () => ({ phone: `1380000${String(1000 + ++number)}` }) },
	'POST /account/second': { as: 'evaluator', leaves: true, each: true },
	'POST /accessibility/reports': { values: { text: 'The button has no name', page: '/courses', contact: 'li@example.org' } },
	'POST /accessibility/inbox/:id/answer': { values: { text: 'It has one now. Thank you.' }, once: true },
	'POST /needs': {},
	'POST /needs/details': {},
	'POST /needs/helpers': { values: { helper: 'helper' } },
	'POST /needs/copy': { each: true, values: { copy: '{}' } },
	'POST /needs/forget': { each: true, values: { sure: 'yes' } },
	'POST /courses/:id/submit': { fresh: draftOf },
	'POST /courses/:id/publish': { fresh: draftOf },
	'POST /record/receipts': {},
	'POST /classes/drafts/:draft/:step': { fresh: async (county) => `/classes/drafts/${await planned(county, 'staff')}/plan`, values: { programme: 'Massage, beginners', total: '40' } },
	'POST /classes/drafts/:draft/drop': { once: true, fresh: async (county) => `/classes/drafts/${await planned(county, 'staff')}/plan` },
	'POST /classes/new': { values: { programme: 'Massage, beginners', total: '40' } },
	'POST /classes/:id/trainees': { values: { trainee: 'learner-near', numbers: 'learner-near' } },
	'POST /classes/:id/trainees/:person/remove': { as: 'staff', fresh: async (county) => {
		const { cohort } = county.places.home, { id } = county.accounts['learner-far'];
		await county.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: id });
		return `/classes/${cohort}/trainees/${id}`;
	} },
	'POST /classes/:id/gates': { values: { gate: 'process', result: 'passed', document: 'No. 7' } },
	'POST /audit': { each: true, values: { person: 'learner' } },
	'POST /record/ask': { values: { text: 'Why is it so little?' } },
	'POST /record/questions/:question': { values: { text: 'Thank you' } },
	'POST /classes/:id/questions/:question': { values: { text: 'We looked, and it is right' } },
	'POST /assessments/:class/:person': { values: (county) => ({ theory: 'passed', practice: 'failed', ...today(county), examiner: '钱老师', reason: '登记时看错了行' }) },
	'POST /ledger/check/text': { each: true, values: { text: 'c2sp.org/tlog-proof@v1\nindex 0\n\nledger.example\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n' } },
	'POST /ledger/check/file': { each: true, values: { file: { name: 'receipt.tlog-proof', bytes: Buffer.from('c2sp.org/tlog-proof@v1\nindex 0\n\n') } } },
	'POST /check/text': { each: true, values: { text: 'eyJhbGciOiJFZERTQSJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } },
	'POST /check/file': { each: true, values: { file: { name: 'certificate.jwt', bytes: Buffer.from('eyJhbGciOiJFZERTQSJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA') } } },
	'POST /payments': { values: (county) => ({
		institution: county.places.home.institution, 'first-year': '2026', 'first-month': '1', 'first-day': '1', 'last-year': '2027', 'last-month': '12', 'last-day': '31',
	}) },
	'POST /classes/:id/sheets/new': { fresh: async (county) => `/classes/${await lectures(county)}/sheets/new`, values: (county) => {
		const at = lesson(county), hour = at.getUTCHours();
		return {
			unit: '1', mode: 'onsite', 'when-year': String(at.getUTCFullYear()), 'when-month': String(at.getUTCMonth() + 1), 'when-day': String(at.getUTCDate()),
			from: `${hour}:00`, to: `${hour}:45`, hours: '1', place: 'Base', teacher: 'Li',
		};
	} },
	'POST /classes/:id/sheets/file': { each: true, fresh: async (county) => `/classes/${await lectures(county)}/sheets/new`, values: { file: { name: 'list.csv', bytes: Buffer.from('Number,Name,Minutes\nlearner,,45\n') } } },
	'POST /classes/:id/tasks': { once: true, fresh: async (county) => `/classes/${await county.lacking()}/tasks`, values: { words: 'On paper' } },
	'POST /classes/:id/tasks/again': { once: true, fresh: async (county) => `/classes/${await county.called()}/tasks` },
	'POST /classes/:id/tasks/help': { values: { name: 'Interpreter Li' } },
	'POST /classes/:id/tasks/nobody': { as: 'staff', once: true, fresh: async (county) => `/classes/${await county.helped()}/tasks` },
	'POST /classes/:id/support': { values: given },
	'POST /classes/:id/support/:support/sign': { as: 'teacher', fresh: (county) => supportOf(county, 'home', false) },
	'POST /classes/:id/support/:support/correct': { fresh: (county) => supportOf(county, 'home', false), values: { words: 'Nobody came' } },
	'POST /classes/:id/rolls': { values: announced },
	'POST /attendance/code': { fresh: async (county) => {
		const page = await county.visitor('staff').get(await rollOf(county, 'home'));
		return `/attendance?code=${/class="code"[^>]*>([\d-]+)/.exec(page.text)[1]}`;
	} },
	'POST /classes/:id/papers': { values: { unit: '1', 'when-year': '2027', 'when-month': '3', 'when-day': '1' } },
	'POST /classes/:id/papers/:code/photo': { fresh: async (county) => `${await paperOf(county, 'home', false, false)}/enter`, values: () => ({ file: { name: 'photo.png', bytes: Buffer.from(`\x89PNG\r\n\x1a\n${randomUUID()}`, 'latin1') } }) },
	'POST /classes/:id/papers/:code/words': { fresh: async (county) => `${await paperOf(county, 'home', false)}/enter`, values: { words: 'All have signed' } },
	'POST /classes/:id/sheets/:sheet/sign': { fresh: entered },
	'POST /classes/:id/sheets/:sheet/correct': { fresh: async (county) => `${await entered(county)}/correct`, values: (county) => ({ who: county.accounts.learner.id, minutes: '5', reason: 'Left early' }) },
	'POST /attendance/:sheet/sign': { fresh: async (county) => (await entered(county), '/attendance') },
	'POST /classes/:id/waivers': { values: { share: '60', document: 'No. 3', reason: 'She cannot come', 'until-year': '2027', 'until-month': '6', 'until-day': '1' } },
	'POST /waivers/:id/document': { as: 'staff', fresh: newException, values: { file: { name: 'document.pdf', bytes: Buffer.from('%PDF-1.4') } } },
	'POST /waivers/:id/decision': { fresh: newException, values: { words: 'Seen and agreed' } },
	// one address, and a field more where a name is mended
	'POST /moves/new/:kind/:person': { fresh: async (county, who, { names }) => `/moves/new/${names.includes('name') ? 'name' : 'leave'}/${await newTrainee(county)}?class=${county.places.home.cohort}`, values: { reason: 'She moves away', name: 'Li' } },
	'POST /moves/:id/decision': { as: 'reviewer', fresh: (county) => moveOf(county, 'home', false), values: { words: 'Not so' } },
	'POST /documents/:id/next': { each: true },
	'POST /record/presence': { fresh: async (county) => `/record?class=${(await checkOf(county, 'home', false)).cohort}` },
	'POST /classes/:id/presence': { as: 'staff', fresh: async (county) => `/classes/${(await checkOf(county, 'home', false)).cohort}/presence`, values: (county) => ({ who: `${county.accounts.learner.id}/1` }) },
	'POST /record/erase': { fresh: notErased, values: { reason: 'She moves away' } },
	'POST /policies/new': { values: { place: '370000', title: 'Notice of hours', number: 'No. 3', share: '35', 'from-year': '2027', 'from-month': '5', 'from-day': '1' } },
	'POST /people/:id/card': { each: true },
	'POST /exchange/out': { as: 'reviewer', fresh: async (county) => {
		await enterServer(county, 'Province', '370000', county.province ??= newCard('Province'));
		await newTrainee(county); // somebody more to tell of
		return '/exchange';
	} },
	'POST /exchange/in': { as: 'reviewer', each: true, fresh: newBundle, values: (county) => ({ file: { name: 'records.curb-bundle', bytes: county.bundle } }) },
	'POST /exchange/servers': { values: () => ({ name: `County ${++number}`, region: '370100', card: newCard(`County${number}`) }) },
	'POST /exchange/servers/end': { fresh: newServer, values: (county) => ({ server: county.newServer }), once: true },
	'POST /exchange/servers/forget': { fresh: newServer, values: (county) => ({ whose: county.newServer, sure: 'yes' }) },
	...listForms,
	'POST /packages/courses/:course': { fresh: async (county) => `/packages/courses/${(await county.draft('author')).course}`, values: () => ({ name: `Course ${++number}` }) },
	'POST /packages/courses/:course/drafted': { as: 'author', once: true, fresh: (county) => undrafted(county), goesOn: true },
	'POST /packages/courses/:course/reading/:unit': { fresh: async (county) => `${await drafted(county)}?page=1`, values: { sure: 'yes' } },
	'POST /packages/courses/:course/open-captions': { fresh: unlooked, values: { looked: 'yes' } },
	'POST /packages/courses/:course/captions': { fresh: async (county) => `/packages/courses/${(await county.draft('author')).course}/captions`, values: () => ({ file: { name: 'a.srt', bytes: Buffer.from(`1\n00:00:01,000 --> 00:00:03,000\n${++number}\n`) } }) },
	'POST /packages/new': { goesOn: true, values: (county) => ({ file: { name: 'course.zip', bytes: county.bytes } }) },
};

// Routes of forms that no row is for, and where they are tried instead.
export const elsewhere = {
	'POST /account/extend': 'asked by the script of the page, tests/browser/signin.test.mjs',
	'POST /account/passkeys': 'sent by a script with what a key said, tests/browser/passkeys.test.mjs',
	'POST /account/passkeys/:id/remove': 'somebody with a passkey, tests/browser/passkeys.test.mjs',
	'POST /account/second/off': 'somebody with a second step, tests/signin',
	'POST /books/:id/place': 'sent by the player, tests/browser/player_book.test.mjs',
	'POST /videos/:id/place': 'sent by the player, tests/browser/player_video.test.mjs',
	'POST /certificates/class/:class': 'somebody who has passed, tests/certificates',
	'POST /certificates/:id/withdraw': 'a certificate, tests/certificates',
	'POST /certificates/:id/withdraw/countersign': 'a certificate, tests/certificates',
	'POST /credits/class/:class/:person': 'somebody with a certificate, tests/bank',
	'POST /credits/transfers/:id/countersign': 'somebody with a certificate, tests/bank',
	'POST /credits/transfers/:id/refuse': 'somebody with a certificate, tests/bank',
	'POST /credits/transfers/:id/return': 'somebody with a certificate, tests/bank',
	'POST /files': 'tus, tests/ingest',
	'POST /jobs/:id/cancel': 'work that goes on, tests/ingest/renditions.test.mjs',
	'POST /machine/jobs/:id/retry': 'work that failed, tests/scenes/backups.test.mjs',
	'POST /packages/courses/:course/forms': 'a film that is not small, tests/ingest/renditions.test.mjs',
	'POST /ledger/decision': 'a ledger that does not fit its witnesses, tests/ledger',
	'POST /needs/keep': 'what was chosen before signing in, tests/browser/needs.test.mjs',
	'POST /signin/choose': 'a step of signing in, tests/signin',
	'POST /signin/enrol': 'a step of signing in, tests/signin',
	'POST /signin/passkey': 'a step of signing in, tests/browser/passkeys.test.mjs',
	'POST /signin/second': 'a step of signing in, tests/signin',
};
