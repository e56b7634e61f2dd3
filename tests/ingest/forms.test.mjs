// Media that browsers do not play, handed in: a form of them is made in the background, one import a core at a time; it is called off,
// goes on behind a kill, leaves nothing, and without the program it is refused in words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { House } from './lib/house.mjs';
import { films } from './lib/films.mjs';
import { run } from '../hours/lib/school.mjs';

let house, made, short, long;

function film(name, seconds, size) {
	const folder = mkdtempSync(path.join(tmpdir(), 'curbcut-film-')), file = path.join(folder, name);
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc=s=${size}:r=25:d=${seconds}`, '-f', 'lavfi', '-i', `sine=d=${seconds}`, '-c:v', 'mpeg4', '-c:a', 'mp2', '-y', file]);
	const bytes = readFileSync(file);
	rmSync(folder, { recursive: true });
	return bytes;
}

before(async () => {
	made = films();
	short = film('short.avi', 2, '64x48');
	long = film('long.avi', 30, '640x480'); // made for seconds, on any machine
	house = await House.open();
});

after(() => house?.close());

const begin = async (bytes, file) => {
	const upload = (await house.uploads('author').whole(bytes, file)).split('/').pop();
	return (await house.client('author').must('POST', '/api/v1/imports', { upload })).job;
};
const look = (job) => house.client('author').must('GET', `/api/v1/jobs/${job}`);
const ffmpegs = () => house.below().filter(({ name }) => name === 'ffmpeg').map(({ pid }) => pid);

async function until(holds) {
	for (const late = Date.now() + 120000; Date.now() < late; await new Promise((resolve) => { setTimeout(resolve, 10); }))
		if (await holds()) return;
	throw new Error(`never came: ${holds}\n${house.log}`);
}

// While its form is being made, and some of it is done.
async function making(job) {
	await until(async () => {
		const { state, progress } = await look(job);
		assert.ok(['waiting', 'running'].includes(state), state);
		return progress > 0.02 && ffmpegs().length > 0;
	});
}

const uploads = () => house.left().filter((name) => name.startsWith('uploads/'));
const nothingLeft = () => !house.left().some((name) => /tmp\//.test(name)) && ffmpegs().length === 0;

for (const [file, bytes, b] of [['short.avi', () => short, 'AVI'], ['foreign.mp4', () => made.foreign, 'mpeg4'], ['cover.mp4', () => made.cover, 'alac']]) {
	test(`a form is made: ${file}`, async () => {
		const job = await house.bring('author', bytes(), file);
		assert.equal(job.result.state, 'draft', JSON.stringify(job));
		assert.match(job.result.findings.find((finding) => finding.code === 'media.formed').what, new RegExp(`${file} is coded as ${b}`));
		const [unit] = (await house.client('author').must('GET', `/api/v1/courses/${job.result.course}`)).units;
		assert.ok(unit.tracks.every((track) => ['video', 'audio', 'flat'].includes(track.kind)), JSON.stringify(unit.tracks));
		assert.ok(nothingLeft());
	});
}

test('how far it is stands on its page; called off, it ends at once', async () => {
	const job = await begin(long, 'long.avi');
	await making(job);
	const page = (lang) => house.client('author').ask('GET', `/packages/${job}`, undefined, { Accept: 'text/html', 'Accept-Language': lang });
	assert.match((await page('en')).text, /Making a form that browsers play/);
	const first = (await house.client('author').ask('GET', '/', undefined, { Accept: 'text/html', 'Accept-Language': 'en' })).text;
	assert.match(first, new RegExp(`Packages that are being read[^]*/packages/${job}[^]*long\\.avi`)); // the way back to it
	const { text } = await page('zh-CN');
	assert.match(text, /正在转成浏览器能放的形式/);
	assert.match(text, /<progress[^>]* value="\d+"/);
	assert.equal((await house.client('author').ask('DELETE', `/api/v1/jobs/${job}`)).status, 204);
	assert.equal((await house.job('author', job)).state, 'cancelled');
	assert.equal(ffmpegs().length, 0); // it ended with it
});

test('kill -9 in the middle: the program goes too, and the next start makes it anew, once', async () => {
	const before = uploads(), job = await begin(long, 'cut.avi');
	await making(job);
	const pids = ffmpegs();
	await house.cut();
	await Promise.all(pids.map((pid) => house.gone(pid)));
	await house.again();
	const ended = await house.job('author', job);
	assert.equal(ended.result?.state, 'draft', JSON.stringify(ended));
	assert.equal(ended.tries, 2);
	assert.ok(nothingLeft(), house.left().join('\n'));
	assert.deepEqual(uploads(), before);
});

test('as many at a time as there are cores, and what is short goes on beside them', async () => {
	const most = Math.min(2, cpus().length), jobs = [];
	for (let i = 0; i <= most; i++) jobs.push(await begin(long, `${i}.avi`));
	await making(jobs[0]);
	await until(() => ffmpegs().length === most);
	const states = await Promise.all(jobs.map(async (job) => (await look(job)).state));
	assert.equal(states.filter((state) => state === 'running').length, most, states.join());
	assert.equal(states.filter((state) => state === 'waiting').length, 1, states.join());
	for (const job of jobs.reverse()) await house.client('author').ask('DELETE', `/api/v1/jobs/${job}`);
	for (const job of jobs) assert.equal((await house.job('author', job)).state, 'cancelled');
	assert.equal(ffmpegs().length, 0);
});

test('without the program they are refused, and it is said what would help', async () => {
	const other = await House.open('ffmpeg =\n');
	try {
		for (const [file, bytes] of [['short.avi', short], ['foreign.mp4', made.foreign], ['cover.mp4', made.cover]]) {
			const job = await other.bring('author', bytes, file), found = job.result.findings.find(({ code }) => code === 'media.codec');
			assert.equal(job.result.state, 'refused');
			assert.match(found.mend, /ffmpeg/);
			assert.equal(other.left().filter((name) => /^(blobs\/..\/|uploads\/)/.test(name)).length, 0);
		}
	} finally {
		await other.close();
	}
});
