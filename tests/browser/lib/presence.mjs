// What a test of presence checks begins with: the rule of the region, and a lesson of which nearly all has counted.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Visitor } from '../../guard/lib/visitor.mjs';
import { token } from './classroom.mjs';
import { curbcut } from './server.mjs';

// So that ten minutes are learned at once, and all of a class may be online.
export const HASTY = '[credit]\nplayback_rate = 1000000000\nonline_share = 1000\n';
export const GO_ON = '继续学习';

// A silent lesson of 640 s in two chapters, the first with a question: the package.
export function makeLesson(folder) {
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

function add(server, args, input = '') {
	const done = curbcut([...args.slice(0, 2), '--data', server.data, ...args.slice(2)], input);
	assert.equal(done.status, 0, `${args.join(' ')}: ${done.stderr}`);
	return done.stdout;
}

// The rule of 370100, entered by its reviewer: a check every ten minutes that count, in classes that open from now on. Resolves with
// the id of its institution.
export async function enterRule(server) {
	const institution = JSON.parse(add(server, ['institution', 'add', '--name', '济南市残联', '--region', '370100', '--region-name', '济南市'])).id;
	add(server, ['user', 'add', '--name', 'city', '--role', 'reviewer', '--region', '370100'], 'pass-city-2468\n');
	const visitor = new Visitor(server.origin, { token: await token(server, { name: 'city', password: 'pass-city-2468' }) }), form = (await visitor.get('/policies/new')).text;
	const hidden = ['csrf', 'idempotency_key'].map((name) => [name, new RegExp(`name="${name}" value="([^"]+)"`).exec(form)[1]]);
	const [year, month, day] = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10).split('-');
	const reply = await visitor.post('/policies/new', [...hidden, ...Object.entries({ place: '370100', kind: '', title: '在学确认', number: '1', 'from-year': year, 'from-month': month, 'from-day': day, presence: '10', go: 'enter' })]);
	assert.equal(reply.status, 303, reply.text);
	return institution;
}

// The first `to` seconds of a lesson; the rate of a hasty server lets them be played at once.
export async function learn(server, account, unit, cohort, to = 600) {
	const key = await token(server, account), headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
	const ask = (address, body) => fetch(server.origin + address, { method: 'POST', headers, body: JSON.stringify(body) }).then((reply) => reply.json());
	const { play, media } = await ask('/api/v1/plays', { unit: unit.id, cohort });
	const files = media.progressive ? [media.progressive] : media.tracks.filter(({ kind }) => kind === 'audio').map(({ href }) => href);
	for (const file of files) await (await fetch(server.origin + file, { headers })).arrayBuffer();
	return ask(`/api/v1/plays/${play}/beats`, { seq: 0, played: [[0, to]], rate: 1, position: to });
}

export const dialog = (page) => page.getByRole('alertdialog', { name: /播放停下来等您，不着急/ });
