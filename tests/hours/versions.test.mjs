// Versions of a published course: a class keeps the one that it was opened on, new classes take the new one, and one can be withdrawn.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { House } from '../ingest/lib/house.mjs';
import { course, films } from '../ingest/lib/films.mjs';
import { zip } from '../ingest/lib/zip.mjs';
import { run } from './lib/school.mjs';

let house, film;
const HTML = { Accept: 'text/html', 'Accept-Language': 'en' };
const lesson = (id, name, hours) => ({ id, name, kind: 'video', src: 'film.mp4', hours });
const one = [lesson('u1', 'First', 0.01), lesson('u2', 'Second', 0.01)];
const two = [lesson('u1', 'First', 0.02), lesson('u3', 'Third', 0.01)];
const pack = (units) => zip([{ name: 'course.json', bytes: course({ name: 'Massage', inLanguage: 'en', units }) }, { name: 'film.mp4', bytes: film }]);

before(async () => {
	({ film } = films());
	house = await House.open();
	await house.account('staff', 'staff', ['--institution', house.institution]);
	await house.account('second', 'learner');
});
after(() => house?.close());

const client = (name) => (name ? house.client(name) : house.nobody());
const look = (name, id, version) => client(name).must('GET', `/api/v1/courses/${id}${version ? `?version=${version}` : ''}`);
const page = async (name, address) => client(name).ask('GET', address, undefined, HTML);
const act = (name, id, word) => client(name).ask('POST', `/api/v1/courses/${id}/${word}`, {}, { 'Accept-Language': 'en' });
const must = async (reply) => { const { status, text } = await reply; assert.ok(status < 400, `${status} ${text}`); };
const names = ({ units }) => units.map(({ name }) => name);
const listed = async (id) => (await house.nobody().must('GET', '/api/v1/courses?q=massage')).items.some((item) => item.id === id);
const open = (version) => client('staff').ask('POST', '/api/v1/cohorts', house.plan({ version }, { total: 0.05, offline: 0.03 }), { 'Accept-Language': 'en' });
async function turn(name, id, version, word) {
	house.clock.pass(1);
	const reply = await fetch(`${house.origin}/courses/${id}/versions/${version}/${word}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(), headers: { ...client(name).headers, ...HTML } });
	return { status: reply.status, to: reply.headers.get('location'), text: await reply.text() };
}
// What the page of versions says of each, the newest first.
async function versions(id) {
	const { text } = await page('author', `/packages/courses/${id}/versions`);
	return text.split('<section>').slice(1).map((part) => ({ state: /State: ([^<]+)</.exec(part)?.[1], classes: /Classes that have it: (\d+)/.exec(part)?.[1], text: part }));
}

// A published course; with `next`, the draft of a new version beside it.
async function published(next) {
	const id = (await house.bring('author', pack(one), 'a.zip')).result.course;
	await must(act('reviewer', id, 'publish'));
	house.clock.pass(1);
	const first = (await look(null, id)).version;
	if (!next) return { id, first };
	const { result } = await house.bring('author', pack(two), 'b.zip', { course: id });
	assert.equal(result.course, id, JSON.stringify(result));
	return { id, first, next: (await look('author', id)).next, second: result.version };
}
// The same with the new version published.
async function replaced() {
	const all = await published(true);
	await must(act('author', all.next, 'submit'));
	await must(act('reviewer', all.next, 'approve'));
	house.clock.pass(1);
	return { ...all, second: (await look(null, all.id)).version };
}

// Plays 60 s of a unit in a class; the last answer.
async function watch(name, cohort, unit) {
	const play = await client(name).must('POST', '/api/v1/plays', { unit, cohort });
	await house.fetchMedia(name, play.media);
	house.clock.pass(60);
	return client(name).must('POST', `/api/v1/plays/${play.play}/beats`, { seq: 0, played: [[0, 60]], rate: 1, position: 60 });
}

test('a new version of a published course is a draft with its own page; the published one stays as it is', async () => {
	const all = await published(true), before = await look(null, all.id);
	assert.deepEqual([before.version, names(before), before.next, before.state], [all.first, ['First', 'Second'], undefined, 'published']);
	const draft = await look('author', all.next);
	assert.deepEqual([draft.state, draft.of, names(draft)], ['draft', all.id, ['First', 'Third']]);
	for (const name of [null, 'learner', 'other']) {
		assert.equal((await page(name, `/courses/${all.next}`)).status, 404);
		assert.equal((await page(name, `/courses/${all.id}?version=${draft.version}`)).status, 404);
		assert.notEqual((await page(name, `/videos/${draft.units[1].id}`)).status, 200);
	}
	assert.match((await page('author', `/courses/${all.next}`)).text, /new version of a published course[^]*Third[^]*Edit this draft/);
	assert.match((await page('author', `/courses/${all.id}`)).text, new RegExp(`State: Draft[^]*href="/courses/${all.next}"[^>]*>Look at the new version`));
	assert.match((await page('author', '/drafts')).text, new RegExp(`/courses/${all.next}"`));
	assert.doesNotMatch((await page('learner', `/courses/${all.id}`)).text, /new version/);
	assert.equal((await page('author', `/videos/${draft.units[1].id}`)).status, 200);
	assert.equal((await open(draft.version)).status, 404); // no class takes a draft
	assert.deepEqual([(await act('author', all.next, 'approve')).status, (await act('author', all.next, 'submit')).status], [403, 200]);
	await house.bring('author', pack(one), 'c.zip', { course: all.id });
	assert.equal((await look('author', all.next)).version, draft.version); // what is handed in stays as it is
	assert.deepEqual(await look(null, all.id), before);
});

test('a draft that was sent back stays a draft when a later version is published', async () => {
	const all = await published(true), { version, units } = await look('author', all.next);
	await must(act('author', all.next, 'submit'));
	await must(client('reviewer').ask('POST', `/api/v1/courses/${all.next}/reject`, { reason: 'A face that must not be seen' }, { 'Accept-Language': 'en' }));
	await house.bring('author', pack(one), 'third.zip', { course: all.id });
	await must(act('author', all.next, 'submit'));
	await must(act('reviewer', all.next, 'approve'));
	assert.notEqual((await look(null, all.id)).version, version);
	for (const name of [null, 'learner', 'other']) {
		assert.equal((await page(name, `/courses/${all.id}?version=${version}`)).status, 404);
		assert.notEqual((await page(name, `/videos/${units[1].id}`)).status, 200);
	}
	assert.equal((await page('learner', `/courses/${all.id}?version=${all.first}`)).status, 200);
	assert.equal((await page('author', `/courses/${all.id}?version=${version}`)).status, 200);
});

test('a class keeps the units and hours of the version that it was opened on; new classes take the new one', async () => {
	const all = await published(true), old = (await open(all.first)).json.id;
	await client('staff').must('POST', `/api/v1/cohorts/${old}/trainees`, { trainee: 'learner' });
	await must(act('author', all.next, 'submit'));
	const seen = await look('reviewer', all.next);
	await must(act('reviewer', all.next, 'approve'));
	const [now, then] = [await look(null, all.id), await look(null, all.id, all.first)];
	assert.deepEqual([now.id, now.version, now.state, names(now), now.hours], [all.id, seen.version, 'published', ['First', 'Third'], 0.03]);
	assert.deepEqual([then.version, names(then), then.hours], [all.first, ['First', 'Second'], 0.02]);
	assert.equal((await page('author', `/courses/${all.next}`)).status, 404); // it is the course by now

	const refused = await open(all.first);
	assert.deepEqual([refused.status, /New classes take another version/.test(refused.json.detail)], [422, true]);
	const fresh = (await open(now.version)).json.id;
	await client('staff').must('POST', `/api/v1/cohorts/${fresh}/trainees`, { trainee: 'second' });

	assert.equal((await watch('learner', old, then.units[0].id)).granted_s, 27); // 0.01 class hours
	assert.equal((await watch('learner', old, then.units[1].id)).online.granted_s, 54);
	assert.equal((await watch('second', fresh, now.units[0].id)).granted_s, 54); // 0.02
	for (const [name, cohort, unit] of [['learner', old, now.units[1].id], ['second', fresh, then.units[1].id]])
		assert.equal((await client(name).ask('POST', '/api/v1/plays', { unit, cohort })).status, 404, name);

	const address = `/courses/${all.id}?version=${all.first}`, { text } = await page('staff', `/classes/${old}`);
	assert.ok(text.includes(`href="${address}"`), text);
	assert.match(text, /A newer version is published\. Classes that have this one keep it\./);
	assert.doesNotMatch((await page('staff', `/classes/${fresh}`)).text, /newer version/);
	assert.match((await page('learner', address)).text, /not the version that new classes take[^]*Second/);
	assert.ok((await page('learner', `/videos/${then.units[1].id}`)).text.includes(`href="${address}"`));
	assert.match((await page('learner', '/?show=all')).text, new RegExp(`/courses/${all.id}\\?version=${all.first}`));
});

// Captions for a lesson of the course's draft, by the author's page.
async function addCaptions(id, unit) {
	const body = new FormData();
	for (const [key, value] of Object.entries({ lesson: unit, kind: 'captions', lang: 'en' })) body.append(key, value);
	body.append('file', new Blob(['1\n00:00:01,000 --> 00:00:05,000\nPress here with the thumb\n']), 'a.srt');
	const reply = await fetch(`${house.origin}/packages/courses/${id}/captions`, { method: 'POST', redirect: 'manual', body, headers: { ...client('author').headers, ...HTML } });
	assert.equal(reply.status, 303, await reply.text());
}

test('captions that a new version brings are there for classes of the one before, where the recording is the same, and their hours stay', async () => {
	const { id, first } = await published(), old = (await open(first)).json.id, units = (await look(null, id)).units;
	await client('staff').must('POST', `/api/v1/cohorts/${old}/trainees`, { trainee: 'learner' });
	const shown = async (unit = 0) => (await page('learner', `/videos/${units[unit].id}`)).text, captions = (text) => /<track kind="captions" src="([^"]+)"/.exec(text)?.[1];
	await addCaptions(id, 'u1');
	assert.equal(captions(await shown()), undefined); // it is a draft
	const { next } = await look('author', id);
	await must(act('author', next, 'submit'));
	await must(act('reviewer', next, 'approve'));
	const address = captions(await shown());
	assert.match((await client('learner').ask('GET', address.replaceAll('&amp;', '&'))).text, /00:00:01\.000 --> 00:00:05\.000\nPress here with the thumb/);
	assert.match(await shown(), /id="transcript"[^]*Press here with the thumb/);
	assert.match((await page('learner', `/videos/${units[0].id}/master.m3u8`)).text, /TYPE=SUBTITLES/);
	assert.equal(captions(await shown(1)), undefined);
	assert.equal((await watch('learner', old, units[0].id)).granted_s, 27);
	assert.deepEqual((await look(null, id, first)).units, units); // the version itself is what it was

	house.clock.pass(1);
	assert.equal((await turn('author', id, (await look(null, id)).version, 'retire')).status, 303);
	assert.equal(captions(await shown()), undefined); // withdrawn
});

test('a version with another recording brings nothing to the one before', async () => {
	const { id, first } = await published(), [unit] = (await look(null, id)).units, file = path.join(mkdtempSync(path.join(tmpdir(), 'curbcut-versions-')), 'film.mp4');
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=5:d=60', '-f', 'lavfi', '-i', 'sine=f=880:d=60', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', '-y', file]);
	const other = zip([{ name: 'course.json', bytes: course({ name: 'Massage', inLanguage: 'en', units: one }) }, { name: 'film.mp4', bytes: readFileSync(file) }]);
	rmSync(path.dirname(file), { recursive: true });
	await house.bring('author', other, 'b.zip', { course: id });
	await addCaptions(id, 'u1');
	await must(act('reviewer', (await look('author', id)).next, 'publish'));
	const now = await look(null, id);
	assert.notEqual(now.version, first);
	assert.match((await page('learner', `/videos/${now.units[0].id}`)).text, /<track kind="captions"/);
	assert.doesNotMatch((await page('learner', `/videos/${unit.id}`)).text, /<track kind="captions"/);
});

test('the page of versions says of each what it is, since when, for how many classes and what changed', async () => {
	const all = await replaced();
	assert.equal((await open(all.second)).status, 201);
	const [second, first] = await versions(all.id);
	assert.deepEqual([second.state, second.classes, first.state, first.classes], ['Published', '1', 'Replaced', '0']);
	assert.match(second.text, /Published on [^<]+<[^]*New classes take this version[^]*The lesson Third is new[^]*The lesson Second is gone/);
	assert.match(first.text, /A newer version is published[^]*As it was handed in/);
	const edit = (await page('author', `/packages/courses/${all.id}`)).text;
	assert.match(edit, /This version is published and stays as it is/);
	for (const [name, status] of [['other', 404], ['reviewer', 403]]) assert.equal((await page(name, `/packages/courses/${all.id}/versions`)).status, status, name);
});

test('a version that is withdrawn is taken by no new class; classes that have it keep it, and it can come back', async () => {
	const all = await replaced(), kept = (await open(all.second)).json.id;
	await client('staff').must('POST', `/api/v1/cohorts/${kept}/trainees`, { trainee: 'learner' });
	const units = (await look(null, all.id)).units;
	assert.equal((await turn('other', all.id, all.second, 'retire')).status, 403);
	assert.equal((await turn('author', all.id, all.second, 'retire')).to, `/packages/courses/${all.id}/versions`);
	assert.deepEqual([(await look(null, all.id)).version, await listed(all.id)], [all.first, true]); // the one before is there again
	assert.deepEqual((await versions(all.id)).map(({ state }) => state), ['Out of use', 'Published']);
	const refused = await open(all.second);
	assert.deepEqual([refused.status, /was withdrawn/.test(refused.json.detail)], [422, true]);
	assert.equal((await open(all.first)).status, 201);
	assert.match((await page('staff', `/classes/${kept}`)).text, /This version was withdrawn\. Classes that have it keep it\./);
	assert.equal((await watch('learner', kept, units[0].id)).granted_s, 54);

	assert.equal((await turn('author', all.id, all.first, 'retire')).status, 303); // none is left
	assert.deepEqual([(await look(null, all.id)).state, await listed(all.id), (await open(all.first)).status], ['retired', false, 422]);
	assert.equal((await turn('author', all.id, all.first, 'retire')).status, 409);
	assert.equal((await turn('author', all.id, all.second, 'restore')).status, 303);
	const now = await look(null, all.id);
	assert.deepEqual([now.version, now.state, await listed(all.id), (await open(all.second)).status], [all.second, 'published', true, 201]);
	assert.deepEqual((await versions(all.id)).map(({ state }) => state), ['Published', 'Out of use']);
});

test('what a reviewer withdrew a reviewer brings back', async () => {
	const all = await replaced();
	assert.equal((await turn('reviewer', all.id, all.second, 'retire')).to, `/courses/${all.id}`);
	const undone = await turn('author', all.id, all.second, 'restore');
	assert.deepEqual([undone.status, /a reviewer is needed/.test(undone.text)], [403, true]);
	assert.equal((await turn('author', all.id, all.next, 'retire')).status, 409); // no version of it
	assert.equal((await turn('reviewer', all.id, all.second, 'restore')).status, 303);
	assert.equal((await look(null, all.id)).version, all.second);
});
