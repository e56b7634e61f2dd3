// Random traces on eight devices against the obvious model, and eight at once against the cap. In a trace the wall clock is set, the
// speed changes, exceptions come and end, and now and then the server is killed while it takes a beat, or its machine started again.
// TRACES=n runs another number of traces, SEED=n another start.
// Threads meet: many clients at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { Clock } from './lib/clock.mjs';
import { dice } from './lib/dice.mjs';
import { Model } from './lib/model.mjs';
import { School, folder, makeCourse } from './lib/school.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';

const TRACES = Number(process.env.TRACES ?? 1000), DEVICES = 8, UNITS = 4, MEDIA_S = 120, DAY_S = 86400;
const DAILY_S = 180, WIDE_S = 405; // of a rule with a daily limit; of an exception to 0.6
const RATES = [0.5, 1, 1.25, 1.5, 2, 3, 16], KILL_EACH = 100; // one trace in so many
const UNIT_S = 108, CAP_S = 270; // 0.04 class hours a lesson; 0.25 in all, at most 0.1 online
let clock, school, course, files;

before(async () => {
	clock = new Clock();
	files = folder('model');
	school = await new School(clock).start();
	await school.people(0);
	await school.account('county', 'reviewer', ['--region', '370100']);
	await limitDays();
	course = await school.course(makeCourse(files, { units: UNITS, seconds: MEDIA_S, hours: 0.04 }));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// Of training on the job no more than three minutes a day.
async function limitDays() {
	const county = new Visitor(school.origin, { token: school.client('county').headers.Authorization.slice(7) });
	const csrf = /name="csrf" value="([^"]+)"/.exec((await county.get('/policies/new')).text)[1];
	const fields = { csrf, place: '370100', kind: 'work', title: 'Notice', number: 'No. 1', daily: String(DAILY_S / 60), 'from-year': '2027', 'from-month': '1', 'from-day': '1', go: 'enter' };
	assert.equal((await county.post('/policies/new', Object.entries(fields))).status, 303);
}

// Fragments of a unit as the public playlist tells them: [{from, to, range}], seconds and bytes. The same for all.
const known = new Map();
async function fragments(client, unit) {
	if (!known.has(unit)) known.set(unit, await readFragments(client, unit));
	return known.get(unit);
}

async function readFragments(client, unit) {
	const list = await client.ask('GET', `/api/v1/courses/${course.course}`);
	const track = list.json.units.find((one) => one.id === unit).tracks.find((one) => one.kind === 'video');
	const lines = (await client.ask('GET', `/videos/${unit}/${track.id}.m3u8`)).text.split('\n');
	const found = [];
	let at = 0, length = 0, next = 0, uri;
	for (const line of lines) {
		if (line.startsWith('#EXTINF:')) length = parseFloat(line.slice(8));
		const bytes = /^#EXT-X-BYTERANGE:(\d+)(?:@(\d+))?/.exec(line);
		if (bytes) {
			const start = bytes[2] === undefined ? next : Number(bytes[2]);
			next = start + Number(bytes[1]);
			found.push({ from: at, to: at + length, range: `${start}-${next - 1}` });
			at += length;
		} else if (line && !line.startsWith('#')) uri = line;
	}
	return { uri, list: found };
}

// kill -9 while a beat is on its way; then, perhaps on a machine that was started again, the same beat once more.
async function killAt(tell, reboot) {
	const told = tell().catch(() => {});
	await school.cut();
	await told;
	if (reboot) clock.reboot();
	await school.start();
	for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
	return tell();
}

// delivered, days: what was sent to her, and what counted on each day, of all her classes.
async function trace(name, { delivered, days }, seed) {
	const roll = dice(seed), client = school.client(name);
	if (roll(3) === 0) clock.pass(Math.max(0, DAY_S - (clock.wall / 1000 + 8 * 3600) % DAY_S - roll(120))); // shortly before midnight
	const limited = roll(2) === 0;
	const lastsS = roll(3) ? 86400 : 60 + roll(300), endMs = clock.wall + lastsS * 1000;
	const plan = { ...school.plan(course, { total: 0.25, offline: 0.15, days: lastsS / 86400 }), ...(limited ? { type: 'work' } : {}) };
	const { id: cohort } = await school.client('staff').must('POST', '/api/v1/cohorts', plan);
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: name });
	const model = new Model({ capS: CAP_S, unitS: UNIT_S, mediaS: MEDIA_S, endMs, days, ...(limited ? { dailyS: DAILY_S } : {}) });
	const plays = [], sent = [], beganMs = clock.wall;
	let killIn = roll(KILL_EACH) ? Infinity : 1 + roll(12); // beats until then

	async function open() {
		const unit = course.units[roll(UNITS)].id;
		const reply = await client.ask('POST', '/api/v1/plays', { unit, cohort }), { play } = reply.json;
		assert.equal(reply.status, clock.wall < endMs ? 201 : 409, `seed ${seed}`);
		if (!play) return;
		model.open(play, unit, clock.shown);
		plays.push({ play, unit, seq: 0 });
	}

	// An exception, for her or the class, of which the end comes soon.
	async function widen() {
		const untilMs = Math.min(clock.wall + 1000 + roll(90000), endMs);
		if (untilMs <= clock.wall) return;
		const { id } = await school.client('staff').must('POST', '/api/v1/waivers', { cohort, share: 0.6, document: 'No. 2', until: untilMs, ...(roll(2) ? { trainee: name } : {}) });
		const done = await school.client('county').ask('POST', `/waivers/${id}/decision`, { words: 'Yes', decision: 'grant' });
		assert.equal(done.status, 303, done.text.slice(0, 200));
		model.exceptions.push({ capS: WIDE_S, fromMs: clock.wall, untilMs });
	}

	async function fetchSome() {
		const unit = course.units[roll(UNITS)].id, { uri, list } = await fragments(client, unit);
		const one = list[roll(list.length)];
		const reply = await client.ask('GET', uri, undefined, { Range: `bytes=${one.range}` });
		assert.equal(reply.status, 206);
		if (!delivered.has(unit)) delivered.set(unit, new Set());
		for (let s = Math.floor(one.from); s < one.to; s++) delivered.get(unit).add(s);
	}

	async function beat() {
		const play = plays[roll(plays.length)];
		const spans = Array.from({ length: 1 + roll(3) }, () => { const from = roll(MEDIA_S); return [from, from + roll(40)]; });
		let packet = { ...play, seq: play.seq, spans, rate: RATES[roll(RATES.length)] };
		const kind = roll(10);
		if (kind === 0 && sent.length) packet = sent[roll(sent.length)];          // doubled, as it was
		else if (kind === 1) { play.seq += 2; packet.seq = play.seq - 1; }         // leaves a gap behind
		else if (kind === 2 && play.seq > 1) packet.seq = roll(play.seq);          // fills one, or repeats
		else play.seq++;
		sent.push(packet);
		const tell = () => client.must('POST', `/api/v1/plays/${packet.play}/beats`, { seq: packet.seq, played: packet.spans, rate: packet.rate, position: packet.spans[0][0] });
		const killed = --killIn === 0, answer = killed ? await killAt(tell, roll(2) === 0) : await tell();
		const due = model.beat(packet.play, packet.seq, packet.spans, delivered.get(packet.unit) ?? new Set(), clock.shown);
		const got = { seen_s: answer.seen_s, granted_s: answer.granted_s, online_s: answer.online.granted_s, lease: answer.lease,
			late: answer.late.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)) };
		if (killed && answer.reason === 'repeated') got.late = due.late; // it was taken before: what came too fast was told then
		assert.deepEqual(got, due, `seed ${seed}, seq ${packet.seq}, ${JSON.stringify(packet.spans)}`);
		assert.ok(answer.online.granted_s <= WIDE_S);
		assert.equal(answer.online.cap_s, model.cap(clock.wall));
	}

	for (let i = 0; i < DEVICES; i++) await open();
	for (let i = 0; i < 24; i++) {
		const what = roll(10);
		if (what < 2 && roll(6) === 0) clock.step(Math.max(beganMs - clock.wall, roll(180000) - 90000) / 1000); // never before she came
		else if (what < 2) clock.pass(roll(60000) / 1000);
		else if (what < 5) await fetchSome();
		else if (what < 6) await open();
		else if (what === 6 && roll(8) === 0) await widen();
		else await beat();
	}
	const record = await client.must('GET', '/api/v1/trainees/me/record');
	const mine = record.cohorts.find((one) => one.cohort === cohort);
	assert.equal(mine.online_s, model.online, `seed ${seed}`);
	assert.equal(mine.lines.reduce((sum, line) => sum + line.granted_s, 0), model.online, `seed ${seed}: the lines add up`);
	for (const line of mine.lines)
		assert.equal(line.played_s, line.granted_s + line.seen_before_s + line.share_full_s + line.day_full_s + line.hours_full_s + line.clock_s + line.not_delivered_s);
}

test(`${TRACES} random traces agree with the obvious model`, async () => {
	const first = Number(process.env.SEED ?? 1);
	let name, hers;
	for (let i = 0; i < TRACES; i++) {
		if (i % 40 === 0) { // what was sent to a person stays sent, so new people come in between
			name = `m${i}`;
			await school.account(name, 'learner');
			hers = { delivered: new Map(), days: new Map() };
		}
		await trace(name, hers, first + i);
	}
});

test('eight devices at once fill the share to the second and not beyond', async () => {
	const name = 'everywhere', client = (await school.account(name, 'learner')).client;
	for (let round = 0; round < 20; round++) {
		const cohort = await school.cohort(course, { total: 0.25, offline: 0.15 }, [name]);
		const plays = [];
		for (let i = 0; i < DEVICES; i++) {
			const play = await client.must('POST', '/api/v1/plays', { unit: course.units[i % UNITS].id, cohort });
			await school.fetchMedia(name, play.media);
			plays.push(play.play);
			clock.pass(120);
		}
		const answers = await Promise.all(plays.flatMap((play) => [[0, 45], [30, 90], [60, 120]].map((span, seq) =>
			client.must('POST', `/api/v1/plays/${play}/beats`, { seq, played: [span], rate: 1, position: span[1] }))));
		assert.ok(answers.every((answer) => answer.online.granted_s <= CAP_S));
		const record = await client.must('GET', '/api/v1/trainees/me/record');
		const mine = record.cohorts.find((one) => one.cohort === cohort);
		assert.equal(mine.online_s, CAP_S);
		assert.equal(mine.lines.reduce((sum, line) => sum + line.granted_s, 0), CAP_S);
	}
});
