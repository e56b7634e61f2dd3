// A presence check by keyboard, and by the page without scripts: playback waits at the end of the chapter for one button, and goes on
// where it stopped; a question of the author in its place, whose wrong answers cost nothing.
// Needs plugins: catalog credit video
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { axe, sideways } from './lib/access.mjs';
import { launch, person, signIn } from './lib/browser.mjs';
import { record, token, unitsOf } from './lib/classroom.mjs';
import { focused, focusShows, press, tabTo } from './lib/keys.mjs';
import { spoken } from './lib/reader.mjs';
import { curbcut, startServer } from './lib/server.mjs';
import { Visitor } from '../guard/lib/visitor.mjs';

const NAMES = ['xiaolin', 'xiaohe', 'xiaozhou'], GO_ON = '继续学习';
let browser, server, folder, unit, institution, cohort, users;

// A silent lesson of 640 s in two chapters, the first with a question.
function makeLesson() {
	const to = path.join(folder, 'lesson');
	mkdirSync(to);
	const must = (file, args) => assert.equal(spawnSync(file, args, { cwd: to }).status, 0, file);
	must('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'color=c=black:s=64x48:r=2:d=640', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '8', '-pix_fmt', 'yuv420p', 'film.mp4']);
	writeFileSync(path.join(to, 'film.chapters.vtt'), 'WEBVTT\n\n00:00.000 --> 10:04.000\n开头\n\n10:04.000 --> 10:40.000\n后面\n');
	writeFileSync(path.join(to, 'course.json'), JSON.stringify({ name: '在学确认', inLanguage: 'zh-CN', units: [{
		id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0.23, tracks: [{ kind: 'chapters', src: 'film.chapters.vtt' }],
		questions: [{ chapter: 1, text: '这一章讲了什么？', answers: ['怎样登录', '怎样按摩'], right: 2 }],
	}] }));
	const file = path.join(folder, 'lesson.zip');
	must('zip', ['-q', '-0', '-X', '-r', file, '.']);
	return file;
}

function add(args, input = '') {
	const done = curbcut([...args.slice(0, 2), '--data', server.data, ...args.slice(2)], input);
	assert.equal(done.status, 0, `${args.join(' ')}: ${done.stderr}`);
	return done.stdout;
}

// A class under that rule, with all of them on its roster.
async function openClass(version) {
	add(['user', 'add', '--name', 'staff', '--role', 'staff', '--institution', institution], 'pass-staff-2468\n');
	const authorization = `Bearer ${await token(server, { name: 'staff', password: 'pass-staff-2468' })}`;
	const ask = async (address, body) => {
		const reply = await fetch(server.origin + address, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
		assert.ok(reply.ok, address);
		return reply.json();
	};
	const { id } = await ask('/api/v1/cohorts', { programme: '在场小班', courses: [version], institution, total: 0.23, offline: [], starts: Date.now() - 3600e3, ends: Date.now() + 86400e3 });
	for (const trainee of NAMES) await ask(`/api/v1/cohorts/${id}/trainees`, { trainee });
	return id;
}

// The rule of the region, entered by its reviewer.
async function enterRule() {
	institution = JSON.parse(add(['institution', 'add', '--name', '济南市残联', '--region', '370100', '--region-name', '济南市'])).id;
	add(['user', 'add', '--name', 'city', '--role', 'reviewer', '--region', '370100'], 'pass-city-2468\n');
	const visitor = new Visitor(server.origin, { token: await token(server, { name: 'city', password: 'pass-city-2468' }) }), form = (await visitor.get('/policies/new')).text;
	const hidden = ['csrf', 'idempotency_key'].map((name) => [name, new RegExp(`name="${name}" value="([^"]+)"`).exec(form)[1]]);
	const [year, month, day] = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10).split('-');
	const reply = await visitor.post('/policies/new', [...hidden, ...Object.entries({ place: '370100', kind: '', title: '在学确认', number: '1', 'from-year': year, 'from-month': month, 'from-day': day, presence: '10', go: 'enter' })]);
	assert.equal(reply.status, 303, reply.text);
}

// Nearly ten minutes, counted before; the rate of this server lets them be played at once.
async function learn(account, to = 600) {
	const key = await token(server, account), headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
	const ask = (address, body) => fetch(server.origin + address, { method: 'POST', headers, body: JSON.stringify(body) }).then((reply) => reply.json());
	const play = await ask('/api/v1/plays', { unit: unit.id, cohort });
	await (await fetch(server.origin + play.media.progressive, { headers })).arrayBuffer();
	return ask(`/api/v1/plays/${play.play}/beats`, { seq: 0, played: [[0, to]], rate: 1, position: to });
}

before(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-presence-'));
	server = await startServer({ settings: '[credit]\nplayback_rate = 1000000000\nonline_share = 1000\n' });
	browser = await launch();
	await enterRule();
	const lines = server.importFiles(makeLesson()), accounts = NAMES.map((name) => server.addUser(name, 'learner'));
	[unit] = await unitsOf(server, lines[0].course);
	cohort = await openClass(lines[0].version);
	users = await Promise.all(accounts.map((account) => signIn(browser, server, account)));
});
after(async () => {
	await browser?.close();
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const online = async (user) => (await record(server, user)).cohorts[0].online_s;
const ready = (page) => page.waitForFunction(() => document.getElementById('player')?.dataset.ready);
const open = async (user, from, more = {}) => {
	const context = await person(browser, { user, ...more }), page = await context.newPage();
	await page.goto(`${server.origin}/videos/${unit.id}?from=${from}`);
	if (more.scripts !== false) await ready(page);
	return { context, page };
};
const dialog = (page) => page.getByRole('alertdialog', { name: /播放停下来等您，不着急/ });
const media = (page) => page.evaluate(() => { const { currentTime, paused } = document.querySelector('video'); return { time: currentTime, paused }; });

test('presence__by_keyboard_playback_waits_for_one_button_and_goes_on_where_it_stopped', async () => {
	const [user] = users;
	assert.equal((await learn(user)).presence.to_s, 604);
	const { context, page } = await open(user, 601);
	await press(page, '播放', { role: 'button' });
	await dialog(page).waitFor();
	const stopped = await media(page);
	assert.ok(stopped.paused && stopped.time >= 604 && stopped.time < 606, JSON.stringify(stopped));
	assert.deepEqual(await focused(page), { name: GO_ON, role: 'button' });
	assert.ok(await focusShows(page));
	assert.deepEqual(await axe(page), []);
	assert.deepEqual(await sideways(page), []);
	const said = (await spoken(page)).join(' ');
	assert.match(said, /播放停下来等您/);
	assert.match(said, /等多久都不要紧/);
	await page.keyboard.press('Escape'); // nothing is lost by leaving it for later
	await dialog(page).waitFor({ state: 'hidden' });
	await tabTo(page, '播放', { role: 'button' });
	await page.keyboard.press('Enter');
	await dialog(page).waitFor();
	await page.keyboard.press('Enter');
	await dialog(page).waitFor({ state: 'hidden' });
	await page.waitForFunction((at) => { const { currentTime, paused } = document.querySelector('video'); return !paused && currentTime > at + 1; }, stopped.time);
	await page.keyboard.press('Tab');
	await page.goto(`${server.origin}/record`);
	await page.getByText('已经回答的在场确认：1 次').waitFor();
	assert.ok(await online(user) >= 603); // from 601 on, behind the 600 of before
	await context.close();
});

test('presence__a_question_may_be_answered_instead_and_a_wrong_answer_costs_nothing', async () => {
	const [, user] = users;
	assert.equal((await learn(user, 620)).reason, 'presence');
	assert.equal(await online(user), 604);
	const { context, page } = await open(user, 604);
	await press(page, '播放', { role: 'button' });
	await dialog(page).waitFor();
	await tabTo(page, '改为回答一道本章的题');
	await page.keyboard.press('Enter');
	await tabTo(page, '怎样登录', { role: 'radio' });
	await page.keyboard.press('Space');
	await tabTo(page, '回答', { role: 'button' });
	await page.keyboard.press('Enter');
	await dialog(page).getByText('答案是另一个').waitFor();
	assert.equal(await online(user), 604);
	assert.deepEqual(await axe(page), []);
	await tabTo(page, '怎样登录', { role: 'radio' });
	await page.keyboard.press('ArrowDown');
	await tabTo(page, '回答', { role: 'button' });
	await page.keyboard.press('Enter');
	await dialog(page).waitFor({ state: 'hidden' });
	assert.ok(await online(user) >= 620);
	await page.goto(`${server.origin}/record`);
	await page.getByText('您回答了本章的题').waitFor();
	await context.close();
});

test('presence__without_scripts_it_is_a_form_of_the_page', async () => {
	const [, , user] = users;
	await learn(user, 620);
	const { context, page } = await open(user, 604, { scripts: false });
	assert.match(await page.locator('form#check').innerText(), /播放停下来等您，不着急/);
	await tabTo(page, GO_ON, { role: 'button' });
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	assert.match(await page.locator('main').innerText(), /已经收到您的回答，等着的学时记上了/);
	assert.equal(await online(user), 620);
	assert.ok(await page.locator('form#check').isHidden());
	await context.close();
});
