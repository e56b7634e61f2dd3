// kill -9 in the middle of beats: what was acknowledged is there, nothing is there twice. KILLS=n: another number.
// Threads meet: many clients at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Clock } from './lib/clock.mjs';
import { Client, School, folder, makeCourse } from './lib/school.mjs';

const KILLS = Number(process.env.KILLS ?? 100), TRAINEES = 8, MEDIA_S = 2700;
let clock, school, course, files, cohort, trainees, counted = () => {};

before(async () => {
	clock = new Clock();
	files = folder('kill');
	school = await new School(clock).start();
	await school.people(TRAINEES);
	course = await school.course(makeCourse(files, { units: 8, seconds: MEDIA_S, hours: 1 }));
	trainees = Array.from({ length: TRAINEES }, (_, i) => ({ name: `t${i + 1}`, acked: 0, sent: 0, unit: -1, at: MEDIA_S }));
	cohort = await school.cohort(course, { total: 20, offline: 12 }, trainees.map((one) => one.name));
});

after(async () => {
	await school?.stop();
	clock?.close();
	if (files) rmSync(files, { recursive: true, force: true });
});

// Until the server answers again, at the same address.
async function awake() {
	for (const late = Date.now() + 10000; Date.now() < late;) {
		const reply = await fetch(`${school.origin}/healthz`).catch(() => null);
		if (reply?.status === 200) return;
		await pause(5); // asked without a pause, this test would take the processors from the server
	}
	throw new Error(`the server did not come back:\n${school.log}`);
}

// Beats of a second each, one behind the other, until the line is cut. What got no answer is sent again, as it was.
async function study(one, client) {
	for (;;) {
		if (one.at === MEDIA_S) {
			const play = await client.must('POST', '/api/v1/plays', { unit: course.units[one.unit + 1].id, cohort });
			await client.ask('GET', play.media.progressive);
			Object.assign(one, { unit: one.unit + 1, at: 0, play: play.play });
		}
		clock.pass(1);
		if (!await beat(one, client)) return;
		counted();
	}
}

// True when it was acknowledged.
async function beat(one, client) {
	one.sent = Math.max(one.sent, one.unit * MEDIA_S + one.at + 1);
	const answer = await client.ask('POST', `/api/v1/plays/${one.play}/beats`, { seq: one.at, played: [[one.at, one.at + 1]], rate: 1, position: one.at + 1 });
	if (answer.status !== 200) return false;
	one.at++;
	one.acked = one.unit * MEDIA_S + one.at;
	return true;
}

const recordOf = async (one) => (await school.client(one.name).must('GET', '/api/v1/trainees/me/record')).cohorts[0];

test(`${KILLS} times kill -9 loses no acknowledged second and counts none twice`, async () => {
	for (let round = 0; round < KILLS; round++) {
		let studying, left = 20 + round % 7 * 9;
		await new Promise((enough) => {
			counted = () => { if (--left === 0) enough(); };
			studying = trainees.map((one) => study(one, school.client(one.name)).catch(() => {}));
			Promise.all(studying).then(enough); // the line broke by itself: the record tells
		});
		assert.ok(left <= 0, `round ${round}: the server counts nothing\n${school.log.slice(-2000)}`);
		if (round % 2) process.kill(school.serverPid(), 'SIGKILL'); // the supervisor brings it back by itself
		else await school.cut();
		await Promise.all(studying);
		if (round % 2) await awake();
		else await school.start();
		for (const one of trainees) {
			school.accounts[one.name].client = new Client(school.origin, school.client(one.name).headers.Authorization.slice(7));
			const { online_s: there, lines } = await recordOf(one);
			assert.ok(there >= one.acked && there <= one.sent, `round ${round}: ${there} there, ${one.acked} acknowledged, ${one.sent} sent`);
			assert.equal(lines.reduce((sum, line) => sum + line.granted_s, 0), there);
			if (one.at === MEDIA_S) continue; // no beat is without an answer
			assert.ok(await beat(one, school.client(one.name)), `round ${round}: what got no answer is not taken when it is sent again`);
			assert.equal((await recordOf(one)).online_s, one.acked, `round ${round}: sent again, it is there once`);
		}
	}
});
