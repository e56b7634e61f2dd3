// Exceptions to the online share: asked for by staff with a document, decided by the federation of the tier, in force until they end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Clock } from './lib/clock.mjs';
import { ledger } from './lib/entries.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';

const DAY_S = 86400, HOUR_S = 2700, REASON = 'She cannot leave her bed this spring', PDF = Buffer.from('%PDF-1.4\nCANARY-OF-THE-DOCUMENT\n%%EOF\n');
let clock, school, course, files, cohort, beat, seq = 0;

before(async () => {
	clock = new Clock();
	files = folder('exceptions');
	school = await new School(clock, 'checkpoint_s = 1\n').start();
	const add = (name, region, regionName, parent) => JSON.parse(school.command('institution', 'add', '--name', name, '--region', region, '--region-name', regionName, ...(parent ? ['--parent', parent] : []))).id;
	add('Federation of Shandong', '370000', 'Shandong');
	add('Federation of Jinan', '370100', 'Jinan', '370000');
	school.institution = add('Base of Lixia', '370102', 'Lixia', '370100');
	add('Base of Fuzhou', '350100', 'Fuzhou');
	for (const name of ['staff', 'staff2']) await school.account(name, 'staff', ['--institution', school.institution]);
	for (const [name, region] of [['county', '370102'], ['elsewhere', '350100']]) await school.account(name, 'reviewer', ['--region', region]);
	await school.account('both', 'reviewer', ['--region', '370102']);
	await school.account('auditor', 'auditor');
	await school.account('admin', 'admin');
	// somebody of the federation who also works at the institution
	await school.client('admin').must('POST', `/api/v1/people/${school.accounts.both.id}/roles`, { role: 'staff', place: school.institution });
	for (const name of ['t1', 't2']) await school.account(name, 'learner');
	course = await school.course(makeCourse(files, { units: 4, seconds: HOUR_S, hours: 1 }));
	cohort = await school.cohort(course, { total: 4, offline: 2.4 }, ['t1', 't2']); // 1.6 hours online: 4,320 s
	beat = await open('t1', 0);
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

async function open(name, unit) {
	const { play, media } = await school.client(name).must('POST', '/api/v1/plays', { unit: course.units[unit].id, cohort });
	await school.fetchMedia(name, media);
	seq = 0;
	return (from, to) => {
		clock.pass(to - from);
		return school.client(name).must('POST', `/api/v1/plays/${play}/beats`, { seq: seq++, played: [[from, to]], rate: 1, position: to });
	};
}
const day = (later) => new Date(clock.wall + 8 * 3600000 + later * DAY_S * 1000).toISOString().slice(0, 10);
const asked = (more, name = 'staff', headers) => school.client(name).ask('POST', '/api/v1/waivers', { cohort, share: 0.6, document: 'Lixia federation, No. 3', until: day(10), ...more }, { 'Accept-Language': 'en', ...headers });
const decided = (id, decision, name = 'county') => school.client(name).ask('POST', `/waivers/${id}/decision`, { words: 'Seen and agreed', decision }, { 'Accept-Language': 'en' });
const record = async (name = 't1') => (await school.client(name).must('GET', '/api/v1/trainees/me/record')).cohorts[0];
const visitor = (name) => new Visitor(school.origin, { token: school.client(name).headers.Authorization.slice(7) });
const text = (reply) => reply.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
let granted;

test('what is asked for wrongly is refused in words, and nothing is asked for', async () => {
	for (const [more, words] of [[{ share: 0.4 }, /larger than that of the class/], [{ share: 1.001 }, /at most 100/], [{ share: 'much' }, /share must be/], [{ until: day(-2) }, /between today and the last day/],
		[{ until: day(400) }, /between today and the last day/], [{ until: 'soon' }, /until must be/], [{ document: ' ' }, /title and the number/], [{ trainee: 'staff' }, /not on the roster/], [{ trainee: 'nobody' }, /not on the roster/], [{ cohort: 'none' }, /no such class/]]) {
		const reply = await asked(more);
		assert.ok([400, 404, 422].includes(reply.status), `${JSON.stringify(more)}: ${reply.status}`);
		assert.match(reply.json.detail, words);
	}
	assert.equal((await asked({}, 't1')).status, 403);
	assert.equal((await asked({}, 'county')).status, 403);
	assert.match(text(await visitor('county').get('/')), /Nothing waits for a decision/);
});

test('the share is full; asked for, nothing changes; granted, the next second counts', async () => {
	let answer = await beat(0, HOUR_S);
	beat = await open('t1', 1);
	answer = await beat(0, 1621);
	assert.equal(answer.online.granted_s, 4320);
	assert.equal(answer.reason, 'share_full');
	granted = (await asked({ trainee: 't1', reason: REASON })).json.id;
	assert.equal((await beat(1620, 1630)).online.granted_s, 4320);
	assert.match(text(await visitor('county').get('/')), /Exceptions to decide.*Massage, beginners.*t1/);

	for (const [name, status] of [['staff', 403], ['staff2', 403], ['t1', 403], ['auditor', 403], ['elsewhere', 404]]) assert.equal((await decided(granted, 'grant', name)).status, status, name);
	assert.equal((await decided(granted, 'maybe')).status, 422);
	assert.equal((await beat(1630, 1640)).online.granted_s, 4320);
	const done = await decided(granted, 'grant');
	assert.equal(done.status, 303);
	answer = await beat(1640, 1641);
	assert.equal(answer.online.granted_s, 4321);
	assert.equal(answer.online.cap_s, 6480);
	assert.equal(answer.reason, 'counted');
	assert.equal((await beat(1620, 1640)).online.granted_s, 4341, 'what was seen and not counted counts when it is watched again');

	const mine = await record();
	assert.deepEqual(mine.waivers.map(({ share, cap_s, in_force, document }) => ({ share, cap_s, in_force, document })), [{ share: 0.6, cap_s: 6480, in_force: true, document: 'Lixia federation, No. 3' }]);
	assert.equal(mine.cap_s, 6480);
	assert.match(text(await visitor('t1').get('/record')), /Approved: your online hours may go up to 2\.4, until .* Document: Lixia federation, No\. 3/);
	assert.match(text(await visitor('t1').get('/record')), /Offline 0, still 2\.4 to go/, 'the offline hours of the plan stay due');
	assert.deepEqual((await record('t2')).waivers, [], 'it is hers alone');
	assert.equal((await record('t2')).cap_s, 4320);
});

test('a decision is made once, and never by who asked or by the institution', async () => {
	assert.equal((await decided(granted, 'refuse')).status, 409);
	assert.equal((await decided(granted, 'grant')).status, 409);
	const { id } = (await asked({})).json;
	const page = await visitor('county').get(`/waivers/${id}`);
	assert.match(page.text, /name="decision" value="grant"/);
	assert.doesNotMatch((await visitor('staff2').get(`/waivers/${id}`)).text, /name="decision"/);
	assert.equal((await decided(id, 'grant', 'both')).status, 403);
	assert.equal((await decided(id, 'refuse')).status, 303);
	const seen = text(await visitor('staff').get(`/waivers/${id}`));
	assert.match(seen, /refused/);
	assert.match(seen, /Seen and agreed/);
	assert.deepEqual((await record('t2')).waivers, []);
});

test('sent twice with one key it is asked for once, and granted once', async () => {
	const key = { 'Idempotency-Key': 'ask-1' }, until = day(5);
	const first = await asked({ until, document: 'No. 4' }, 'staff', key), again = await asked({ until, document: 'No. 4' }, 'staff', key);
	assert.deepEqual(again.json, first.json);
	const both = await Promise.all([decided(first.json.id, 'grant'), decided(first.json.id, 'grant')]);
	assert.deepEqual(both.map(({ status }) => status).sort(), [303, 409]);
	assert.equal((await record('t2')).cap_s, 6480, 'for the whole class');
	assert.equal((await record('t1')).cap_s, 6480);
});

test('it ends by itself: nothing more counts, what was counted stays', async () => {
	clock.pass(12 * DAY_S);
	let mine = await record();
	assert.equal(mine.cap_s, 4320);
	assert.equal(mine.online_s, 4341);
	assert.ok(mine.waivers.every(({ in_force }) => !in_force));
	const answer = await beat(1700, 1760);
	assert.equal(answer.online.granted_s, 4341);
	assert.equal(answer.online.remains_s, 0);
	assert.equal(answer.reason, 'share_full');
	assert.match(text(await visitor('t1').get('/record')), /that ended on .* What was counted stays/);
	mine = await record();
	assert.equal(mine.online_s, 4341);
	assert.equal(mine.lines.reduce((sum, line) => sum + line.granted_s, 0), 4341);
	const late = (await asked({ until: day(1) })).json.id;
	clock.pass(3 * DAY_S);
	const refused = await decided(late, 'grant');
	assert.equal(refused.status, 422);
	assert.match(refused.text, /can only be refused|只能不批准/);
});

test('the document comes back as it was sent, to whom it is about and who decides, and lies sealed', async () => {
	const staff = visitor('staff'), page = await staff.get(`/classes/${cohort}/waivers`), [year, month, date] = day(20).split('-');
	const hidden = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)[1];
	const fields = { csrf: hidden('csrf'), idempotency_key: hidden('idempotency_key'), trainee: school.accounts.t1.id, share: '70', 'until-year': year, 'until-month': month, 'until-day': date, reason: REASON, document: 'No. 5' };
	const send = (more) => staff.post(`/classes/${cohort}/waivers`, Object.entries({ ...fields, ...more }));
	const wrong = await send({ share: '30' });
	assert.equal(wrong.status, 422);
	assert.match(text(wrong), /larger than that of the class/);
	assert.match(wrong.text, new RegExp(REASON));
	const sent = await send({});
	assert.equal(sent.status, 303, text(sent));
	const address = sent.headers.location.split('?')[0], paper = `${address}/document`;
	const attach = (bytes, who = staff) => who.send(paper, Object.entries({ csrf: fields.csrf, file: { name: 'decision.pdf', bytes } }));
	assert.match(text(await attach(Buffer.from('MZ no document'))), /neither a PDF nor a photo/);
	assert.match(text(await attach(Buffer.alloc(0))), /Choose the file of the document/);
	assert.ok([413, 422].includes((await attach(Buffer.concat([PDF, Buffer.alloc(3 << 20)]))).status));
	assert.equal((await attach(PDF)).status, 303);
	assert.equal((await attach(PDF)).status, 409, 'what is attached stays');
	for (const [name, status] of [['staff', 200], ['county', 200], ['elsewhere', 404], ['t1', 404], ['t2', 404]]) assert.equal((await visitor(name).get(paper)).status, status, name);
	assert.match(text(await visitor('county').get(address)), new RegExp(REASON));
	assert.doesNotMatch(text(await visitor('auditor').get(address)), new RegExp(REASON), 'the reason is for who asks and who decides');
	assert.equal((await decided(address.split('/').pop(), 'grant')).status, 303);
	const [mine, other] = [await visitor('t1').get(paper), await visitor('t2').get(paper)];
	assert.deepEqual(mine.bytes, PDF);
	assert.match(mine.headers['content-disposition'], /attachment/);
	assert.equal(other.status, 404);
	const data = ['curbcut.db', 'curbcut.db-wal'].map((name) => readFileSync(path.join(school.data, 'data', name)));
	for (const bytes of data) for (const secret of [REASON, 'CANARY-OF-THE-DOCUMENT', 'Seen and agreed']) assert.ok(!bytes.includes(secret), secret);
});

test('the ledger has each step, nobody by name, no reason and no words', async () => {
	const steps = { waiver_asked: 5, waiver_granted: 3, waiver_refused: 1, waiver_ended: 2 }, count = (list, kind) => list.filter((entry) => entry.kind === kind).length;
	const all = await ledger(school, 'auditor', (list) => Object.entries(steps).every(([kind, n]) => count(list, kind) >= n)); // those that were written last are signed last
	assert.deepEqual(Object.keys(steps).map((kind) => count(all, kind)), Object.values(steps));
	const ended = all.find(({ kind }) => kind === 'waiver_ended');
	assert.equal(ended.by, undefined, 'the server itself');
	assert.ok(all.filter(({ kind }) => kind === 'waiver_granted').every(({ role, share }) => role === 'reviewer' && share > 400));
	const online = all.find(({ kind, granted: seconds }) => kind === 'online' && seconds === 1);
	assert.ok(all.indexOf(online) > all.findIndex(({ kind }) => kind === 'waiver_granted'));
	assert.ok(!JSON.stringify(all).includes(REASON) && !JSON.stringify(all).includes('Seen and agreed') && !school.log.includes(REASON));
});

test('the list is of her own places, page by page: hundreds of others hide nothing', async () => {
	const { id: far } = JSON.parse(school.command('institution', 'add', '--name', 'School of Fuzhou', '--region', '350100'));
	await school.account('far', 'staff', ['--institution', far]);
	const { id } = await school.client('far').must('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 4, offline: 2.4 }), institution: far, programme: 'Baking' });
	for (let i = 0; i < 205; i++) assert.equal((await asked({ cohort: id }, 'far')).status, 201);
	clock.pass(60);
	const mine = (await asked({ document: 'No. 7' })).json.id;
	const list = await visitor('county').get('/waivers');
	assert.ok(list.text.includes(`/waivers/${mine}`), 'asked for behind all of them');
	assert.doesNotMatch(text(list), /Baking/);
	assert.ok((await visitor('county').get('/')).text.includes(`/waivers/${mine}`));
	const theirs = visitor('elsewhere'), first = await theirs.get('/waivers'), last = await theirs.get('/waivers?open=7');
	assert.equal(first.text.split('>Baking<').length - 1, 30);
	assert.match(first.text, /href="\/waivers\?decided=1&#38;open=2#open"|href="\/waivers\?decided=1&amp;open=2#open"/);
	assert.equal(last.text.split('>Baking<').length - 1, 25, 'all 205 are there');
	assert.equal((await theirs.get('/')).text.split('>Baking<').length - 1, 6);
});
