// Random traces in classes with presence checks against the obvious model: lessons with chapters and without, answers that come soon,
// late, twice or before anything is due, midnight, a daily limit and a share that are full meanwhile, a server that is killed.
// CHECKED=n runs another number of traces, SEED=n others.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Visitor } from '../guard/lib/visitor.mjs';
import { Clock } from './lib/clock.mjs';
import { dice } from './lib/dice.mjs';
import { PresenceModel } from './lib/presence_model.mjs';
import { School, folder, makeCourse, program } from './lib/school.mjs';

const TRACES = Number(process.env.CHECKED ?? 60), SEED = Number(process.env.SEED ?? 1), EACH = 4; // traces of one person
const MEDIA_S = 1500, UNIT_S = 1350, CAP_S = 2700, DAILY_S = 2400, EVERY_S = 600, DAY_S = 86400;
const STARTS = [[0, 400, 1000], [], [0, 700]], ENDS = [[400, 1000, 1500], [1500], [700, 1500]];
let clock, school, course, files;

const cue = (from, to, n) => `${[from, to].map((s) => `00:${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}.000`).join(' --> ')}\nPart ${n}\n`;

function makeLessons() {
	const zip = makeCourse(files, { units: STARTS.length, seconds: MEDIA_S, hours: 0.5 }), at = path.join(files, 'course'), names = [];
	const units = STARTS.map((starts, i) => {
		const src = `chapters${i + 1}.vtt`, unit = { id: `u${i + 1}`, name: `Lesson ${i + 1}`, kind: 'video', src: 'film.mp4', hours: 0.5 };
		if (!starts.length) return unit;
		writeFileSync(path.join(at, src), `WEBVTT\n\n${starts.map((from, k) => cue(from, ENDS[i][k], k + 1)).join('\n')}`);
		names.push(src);
		return { ...unit, tracks: [{ kind: 'chapters', src }] };
	});
	writeFileSync(path.join(at, 'course.json'), JSON.stringify({ name: 'Lessons', inLanguage: 'en', units }));
	rmSync(zip);
	assert.equal(spawnSync('zip', ['-q', '-0', '-X', zip, 'course.json', 'film.mp4', ...names], { cwd: at }).status, 0);
	return zip;
}

before(async () => {
	clock = new Clock();
	files = folder('presence-model');
	school = await new School(clock).start();
	await school.people(0);
	await school.account('county', 'reviewer', ['--region', '370100']);
	const county = new Visitor(school.origin, { token: school.client('county').headers.Authorization.slice(7) });
	const csrf = /name="csrf" value="([^"]+)"/.exec((await county.get('/policies/new')).text)[1];
	const fields = { csrf, place: '370100', kind: 'work', title: 'Notice', number: 'No. 1', daily: String(DAILY_S / 60), presence: String(EVERY_S / 60), 'from-year': '2027', 'from-month': '1', 'from-day': '1', go: 'enter' };
	assert.equal((await county.post('/policies/new', Object.entries(fields))).status, 303);
	course = await school.course(makeLessons());
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

async function kill() {
	await school.cut();
	await school.start();
	for (const { client } of Object.values(school.accounts)) client.origin = school.origin;
}

async function trace(name, days, seed) {
	const roll = dice(seed), client = school.client(name), what = (more) => `seed ${seed}, ${more}`;
	if (roll(2)) clock.pass(DAY_S); // what a day may earn is full sooner or later
	if (roll(3) === 0) clock.pass(Math.max(0, DAY_S - (clock.wall / 1000 + 8 * 3600) % DAY_S - roll(2000))); // shortly before midnight
	const { id: cohort } = await school.client('staff').must('POST', '/api/v1/cohorts', { ...school.plan(course, { total: 2.5, offline: 1.5 }), type: 'work' });
	await school.client('staff').must('POST', `/api/v1/cohorts/${cohort}/trainees`, { trainee: name });
	const units = course.units.map(({ id }) => id), all = new Set(Array(MEDIA_S).keys());
	const model = new PresenceModel({ capS: CAP_S, unitS: UNIT_S, mediaS: MEDIA_S, endMs: clock.wall + 300 * DAY_S * 1000, days, dailyS: DAILY_S, everyS: EVERY_S, ends: new Map(units.map((unit, i) => [unit, ENDS[i]])) });
	let play, unit, seq, at = 0, last;

	async function open() {
		unit = units[roll(units.length)];
		const opened = await client.must('POST', '/api/v1/plays', { unit, cohort });
		({ play } = opened);
		model.open(play, unit, clock.shown);
		await school.fetchMedia(name, opened.media);
		[seq, at] = [0, roll(2) ? roll(MEDIA_S) : 0];
		assert.deepEqual(opened.presence, model.toldCheck(unit), what('opened'));
	}

	// Mostly on from where she is; at times what was told already, or another part.
	async function beat() {
		if (roll(6) === 0) at = roll(MEDIA_S);
		const from = at, to = Math.min(MEDIA_S, from + roll(700)), more = roll(4) ? [] : [[roll(MEDIA_S), roll(MEDIA_S)]];
		const position = [to, to, undefined, roll(MEDIA_S)][roll(4)];
		if (roll(8)) at = to < MEDIA_S ? to : 0;
		clock.pass(roll(6) ? (to - from) / (1 + roll(3)) : 0);
		const body = last && last.play === play && roll(8) === 0 ? last : { play, seq: seq++, played: [[from, to], ...more], position };
		last = body;
		const answer = await client.must('POST', `/api/v1/plays/${play}/beats`, { seq: body.seq, played: body.played, rate: 1, ...(body.position === undefined ? {} : { position: body.position }) });
		const due = model.beat(play, body.seq, body.played, all, clock.shown, body.position);
		const got = { seen_s: answer.seen_s, granted_s: answer.granted_s, online_s: answer.online.granted_s, lease: answer.lease,
			late: answer.late.flatMap(([begin, end]) => Array.from({ length: end - begin }, (_, i) => begin + i)) };
		assert.deepEqual({ ...got, presence: answer.presence }, { ...due, presence: model.toldCheck(unit) }, what(JSON.stringify(body)));
		assert.ok(answer.online.granted_s <= CAP_S);
	}

	async function answer() {
		const check = model.answered + (roll(3) ? 1 : 0), again = check <= model.answered && check > 0;
		const reply = await client.ask('POST', `/api/v1/cohorts/${cohort}/presence`, { check });
		if (again) assert.deepEqual([reply.status, reply.json.repeated], [200, true], what('answered again'));
		else if (check === 0) assert.equal(reply.status, 400, what('no such check'));
		else assert.equal(reply.status, model.answer(clock.wall) ? 200 : 409, what(`answered: ${reply.text}`));
	}

	await open();
	const killAt = roll(15) ? -1 : roll(30);
	for (let i = 0; i < 30; i++) {
		const kind = roll(12);
		if (i === killAt) await kill();
		if (kind < 7) await beat();
		else if (kind < 9) await answer();
		else if (kind < 10) await open();
		else clock.pass(roll(900));
	}
	const { cohorts } = await client.must('GET', '/api/v1/trainees/me/record'), mine = cohorts.find((one) => one.cohort === cohort);
	assert.equal(mine.online_s, model.online, what('in all'));
	assert.equal(mine.lines.reduce((sum, line) => sum + line.granted_s, 0), model.online, what('the lines add up'));
	assert.equal(mine.lines.reduce((sum, line) => sum + line.waiting_s, 0), model.waiting.length, what('what waits'));
	for (const line of mine.lines)
		assert.equal(line.played_s, line.granted_s + line.seen_before_s + line.share_full_s + line.day_full_s + line.hours_full_s + line.clock_s + line.not_delivered_s + line.waiting_s, what('a line adds up'));
	return model;
}

test(`${TRACES} random traces with presence checks agree with the obvious model`, async () => {
	let name, days, answered = 0, online = 0;
	for (let i = 0; i < TRACES; i++) {
		if (i % EACH === 0) {
			name = `p${i}`;
			await school.account(name, 'learner');
			days = new Map();
		}
		const model = await trace(name, days, SEED + i);
		answered += model.answered;
		online += model.online;
	}
	assert.ok(answered > TRACES / 2, `only ${answered} checks were answered`);
	console.log(`# ${answered} checks answered, ${online} seconds counted`);
	const done = spawnSync(program, ['doctor', '--data', path.join(school.data, 'data')], { encoding: 'utf8' });
	assert.equal(done.status, 0, done.stdout + done.stderr);
});
