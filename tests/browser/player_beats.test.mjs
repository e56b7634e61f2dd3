// The beats client alone: no second is lost or told twice, whatever the line does, and nobody sends another's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';

const source = readFileSync(new URL('../../plugins/shared/scripts/beats.js', import.meta.url), 'utf8');
const { Beats, Played } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

// ---- seconds ----

const length = (spans) => spans.reduce((sum, [from, to]) => sum + to - from, 0);

test('played__fractions_are_carried_over', () => {
	const played = new Played();
	played.add(0, 12.4);
	assert.deepEqual(played.take(), [[0, 12]]);
	played.add(12.4, 20.7);
	assert.deepEqual(played.take(), [[12, 20]]);
	assert.deepEqual(played.take(), []);
	played.add(20.7, 21);
	assert.deepEqual(played.take(), [[20, 21]]);
});

test('played__a_second_played_in_part_is_not_told', () => {
	const played = new Played();
	played.add(3.4, 3.9);
	played.add(7.2, 8.5);
	assert.deepEqual(played.take(), []);
});

test('played__two_visits_make_a_second_whole', () => {
	const played = new Played();
	played.add(5.5, 6.2);
	assert.deepEqual(played.take(), []);
	played.add(5, 5.6);
	assert.deepEqual(played.take(), [[5, 6]]);
});

test('played__a_second_visit_is_told_again', () => {
	const played = new Played();
	played.add(0, 5);
	assert.deepEqual(played.take(), [[0, 5]]);
	played.add(2, 4);
	assert.deepEqual(played.take(), [[2, 4]]);
});

test('played__small_steps_add_up_to_every_whole_second', () => {
	let seed = 7;
	const random = () => { seed = (seed * 16807) % 2147483647; return seed / 2147483647; };
	for (let run = 0; run < 200; run++) {
		const played = new Played(), from = Math.floor(random() * 50);
		let at = from, told = 0;
		for (let step = 0; step < 60; step++) {
			const to = at + random() * 0.8;
			played.add(at, to);
			at = to;
			if (random() < 0.3) told += length(played.take());
		}
		told += length(played.take());
		assert.equal(told, Math.floor(at) - from);
	}
});

// ---- sending ----

let server, kept, heard, position, listeners;

// What waits on the device, for whoever used it.
class Shelf {
	async put(beat) { kept.set(`${beat.play} ${beat.seq}`, beat); }
	async remove(beat) { kept.delete(`${beat.play} ${beat.seq}`); }
	async of(person) { return [...kept.values()].filter((beat) => beat.person === person); }
}

function answer(address, body) {
	if (address === '/api/v1/plays') return { status: 201, body: { play: `play${server.plays++}`, beat_s: 10 } };
	if (address.endsWith('/place')) return { status: 204, body: {} };
	if (server.status !== 200) return { status: server.status, body: {} };
	server.beats.push({ address, ...body });
	return { status: 200, body: { lease: server.lease, granted_s: 1, unit_s: 60, reason: 'counted', late: server.late.shift() } };
}

beforeEach(() => {
	kept = new Map();
	heard = [];
	position = 0;
	server = { plays: 0, beats: [], places: [], posts: [], status: 200, lease: 'held', line: true, late: [] };
	listeners = {};
	globalThis.addEventListener = (name, listener) => { listeners[name] = listener; };
	globalThis.document = { addEventListener() {}, hidden: false };
	globalThis.fetch = async (address, { body, headers }) => {
		if (!server.line) throw new TypeError('no line');
		const value = JSON.parse(body);
		server.posts.push({ address, token: headers['x-csrf-token'], ...value });
		const { status, body: said } = answer(address, value);
		return { status, json: async () => said };
	};
});

function lesson({ person = 'lin', cohort = 'class' } = {}) {
	const note = (name) => (...words) => heard.push([name, ...words].join(' '));
	const hear = { answer: () => {}, moved: note('moved'), away: note('away'), back: note('back'), refused: note('refused') };
	const beats = new Beats({ unit: 'u', cohort, person, csrf: 'token', place: '/videos/u/place' }, hear,
		{ position: () => position, rate: () => 1, store: new Shelf() });
	beats.end = () => { clearInterval(beats.timer); clearTimeout(beats.again); clearTimeout(beats.soon); };
	return beats;
}

const hear = (beats, from, to) => {
	beats.played.add(from, to);
	position = to;
};

test('beats__tell_whole_seconds_with_the_token', async () => {
	const beats = lesson();
	await beats.start();
	hear(beats, 0, 10.5);
	await beats.report();
	hear(beats, 10.5, 21.2);
	await beats.report();
	assert.deepEqual(server.beats.map(({ seq, played, position: at }) => [seq, played, at]),
		[[0, [[0, 10]], 10], [1, [[10, 21]], 21]]);
	assert.ok(server.posts.every((post) => post.token === 'token'));
	assert.equal(kept.size, 0);
	beats.end();
});

test('beats__a_broken_line_loses_nothing', async () => {
	const beats = lesson();
	await beats.start();
	server.line = false;
	for (let i = 0; i < 4; i++) {
		hear(beats, i * 10, i * 10 + 10);
		await beats.report();
	}
	assert.equal(server.beats.length, 0);
	assert.equal(kept.size, 4);
	assert.match(heard.join(), /away offline/);
	server.line = true;
	await beats.send();
	assert.deepEqual(server.beats.map((beat) => beat.seq), [0, 1, 2, 3]);
	assert.equal(length(server.beats.flatMap((beat) => beat.played)), 40);
	assert.equal(heard.at(-1), 'back');
	assert.equal(kept.size, 0);
	beats.end();
});

test('beats__the_browsers_word_about_the_line_is_told_at_once', async () => {
	const beats = lesson();
	listeners.offline();
	assert.deepEqual(heard, [], 'nothing plays: nothing is at stake');
	await beats.start();
	hear(beats, 0, 4);
	server.line = false;
	listeners.offline();
	assert.equal(heard.at(-1), 'away offline');
	await beats.sending;
	server.line = true;
	await listeners.online();
	assert.deepEqual(server.beats.map((beat) => beat.played), [[[0, 4]]]);
	assert.equal(heard.at(-1), 'back');
	listeners.offline(); // nothing new was played: there is nothing to send, and it is said all the same
	await beats.sending;
	await listeners.online();
	assert.deepEqual(heard.slice(-2), ['away offline', 'back']);
	beats.end();
});

test('beats__a_server_that_is_still_away_is_not_called_connected', async () => {
	const beats = lesson();
	server.line = false;
	await beats.start();
	listeners.offline();
	await listeners.online(); // the browser has a network again, and no way to us
	assert.ok(!heard.includes('back'));
	beats.end();
});

test('beats__a_lesson_that_stands_still_asks_whether_the_line_is_there', async () => {
	const beats = lesson();
	await beats.start();
	hear(beats, 0, 10);
	await beats.report();
	await beats.stalled();
	assert.deepEqual(server.beats.map((beat) => beat.played), [[[0, 10]], []]);
	assert.deepEqual(heard, []);
	server.line = false;
	for (let i = 0; i < 3; i++) await beats.stalled();
	assert.deepEqual(heard, ['away offline']);
	assert.equal(kept.size, 1, 'asked once, not at every look');
	beats.end();
});

test('beats__what_was_played_before_the_play_opened_is_told_later', async () => {
	const beats = lesson();
	server.line = false;
	await beats.start();
	hear(beats, 0, 7);
	await beats.report();
	server.line = true;
	await beats.start();
	await beats.report();
	assert.deepEqual(server.beats.map((beat) => beat.played), [[[0, 7]]]);
	beats.end();
});

test('beats__of_another_person_stay_on_the_device', async () => {
	const lin = lesson({ person: 'lin' });
	await lin.start();
	server.line = false;
	hear(lin, 0, 10);
	await lin.report();
	lin.end();
	server.line = true;
	const wang = lesson({ person: 'wang' });
	await wang.send();
	assert.equal(server.beats.length, 0);
	assert.equal(kept.size, 1);
	const again = lesson({ person: 'lin' });
	await again.send();
	assert.deepEqual(server.beats.map((beat) => beat.played), [[[0, 10]]]);
	wang.end();
	again.end();
});

test('beats__a_server_that_is_away_is_asked_again_and_a_refusal_is_not', async () => {
	for (const [status, stays] of [[503, 1], [401, 1], [403, 1], [404, 0], [400, 0]]) {
		const beats = lesson();
		await beats.start();
		server.status = status;
		hear(beats, 0, 3);
		await beats.report();
		assert.equal(kept.size, stays, `after ${status}`);
		kept.clear();
		server.status = 200;
		beats.end();
	}
});

test('beats__a_moved_lease_stops_until_it_is_taken_back', async () => {
	const beats = lesson();
	await beats.start();
	server.lease = 'moved';
	hear(beats, 0, 3);
	await beats.report();
	assert.deepEqual(heard, ['moved']);
	hear(beats, 3, 5);
	await beats.report();
	assert.equal(server.beats.length, 1);
	server.lease = 'held';
	await beats.start();
	await beats.report();
	assert.deepEqual(server.beats.at(-1), { address: '/api/v1/plays/play1/beats', seq: 0, played: [[3, 5]], rate: 1, position: 5 });
	beats.end();
});

test('beats__what_came_too_fast_is_told_with_the_next', async () => {
	const beats = lesson();
	await beats.start();
	server.late = [[[29, 30]], []];
	hear(beats, 0, 30);
	await beats.report();
	hear(beats, 30, 60);
	await beats.report();
	assert.deepEqual(server.beats.map(({ seq, played }) => [seq, played]), [[0, [[0, 30]]], [1, [[29, 60]]]]);
	beats.end();
});

test('beats__what_came_too_fast_at_the_end_is_told_soon', async (t) => {
	const waiting = [];
	t.mock.method(globalThis, 'setTimeout', (call, ms) => waiting.push({ call, ms }));
	t.mock.method(globalThis, 'setInterval', () => 0);
	t.mock.method(globalThis, 'clearInterval', () => {});
	const beats = lesson();
	await beats.start();
	server.late = [[[29, 30]]];
	hear(beats, 0, 30);
	await beats.stop();
	for (const { call, ms } of waiting) if (ms <= 3000) call();
	await beats.sending;
	for (let i = 0; i < 20; i++) await null;
	assert.deepEqual(server.beats.map(({ played }) => played), [[[0, 30]], [[29, 30]]]);
	beats.end();
});

test('beats__outside_a_class_only_the_place_is_told', async () => {
	const beats = lesson({ cohort: '' });
	await beats.start();
	hear(beats, 0, 12.5);
	await beats.report();
	await beats.report();
	assert.deepEqual(server.posts.map(({ address, position: at }) => [address, at]), [['/videos/u/place', 12]]);
	beats.end();
});
