// A class as the browser tests need it: courses that came through `curbcut import`, an institution, staff, a learner on
// the roster. Media are the corpora's when they are there, else small ones that ffmpeg makes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { curbcut } from './server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const corpora = process.env.CURBCUT_CORPORA ?? path.join(root, '..', 'shared', 'corpora');
export const hasCorpora = existsSync(path.join(corpora, 'video/mountains_31175.mp4'));
export const noCorpora = hasCorpora ? false : 'skipped: no corpora';

export function run(program, args, options = {}) {
	const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 << 20, timeout: 120000, ...options });
	if (done.error) throw done.error;
	if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr}`);
	return done.stdout;
}

export const ffmpeg = (...args) => run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);

const stamp = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 23);

// Cues of four seconds; each says when it stands, so that a test knows what it must see.
export function cues(seconds, text, comma = ',') {
	const lines = [];
	for (let from = 0, i = 1; from < seconds; from += 4, i++)
		lines.push(`${i}`, `${stamp(from).replace('.', comma)} --> ${stamp(Math.min(from + 4, seconds)).replace('.', comma)}`,
			`${text} ${i}`, '');
	return lines.join('\n');
}

// A folder course: one lesson of moving picture and tone, captions in two languages, chapters.
export function makeVideoFolder(folder, name, seconds = 60, size = '320x180') {
	const to = path.join(folder, name);
	mkdirSync(to, { recursive: true });
	ffmpeg('-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10:duration=${seconds}`,
		'-f', 'lavfi', '-i', `sine=frequency=330:duration=${seconds}`,
		'-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '20', '-c:a', 'aac', '-b:a', '64k',
		path.join(to, 'lesson1.mp4'));
	writeFileSync(path.join(to, 'lesson1.zh-CN.srt'), cues(seconds, '字幕第'));
	writeFileSync(path.join(to, 'lesson1.en.srt'), cues(seconds, 'Caption'));
	return to;
}

// A package of our own in a zip: a video lesson with a recorded description of the picture and two chapters.
export function makeDescribedCourse(folder, name) {
	const to = makeVideoFolder(folder, `${name}.files`, 20);
	ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=880:duration=20', '-c:a', 'aac', path.join(to, 'lesson1.ad.m4a'));
	writeFileSync(path.join(to, 'lesson1.chapters.vtt'),
		'WEBVTT\n\n00:00.000 --> 00:08.000\n开头\n\n00:08.000 --> 00:20.000\n后面\n');
	writeFileSync(path.join(to, 'course.json'), JSON.stringify({
		name, inLanguage: 'zh-CN',
		units: [{
			id: 'u1', name: '第一课', kind: 'video', src: 'lesson1.mp4', hours: 0,
			tracks: [{ kind: 'audio-description', lang: 'zh-CN', src: 'lesson1.ad.m4a' },
				{ kind: 'captions', lang: 'zh-CN', src: 'lesson1.zh-CN.srt' }, { kind: 'chapters', src: 'lesson1.chapters.vtt' }],
		}],
	}));
	const file = path.join(folder, `${name}.zip`);
	run('zip', ['-q', '-X', '-r', file, '.', '-x', 'lesson1.en.srt'], { cwd: to });
	return file;
}

// A W3C audio-book in a zip: chapters of tones as MP3.
export function makeBook(folder, name, lengths = [20, 20, 20], cover = false) {
	const to = path.join(folder, `${name}.files`);
	mkdirSync(to, { recursive: true });
	const readingOrder = lengths.map((seconds, i) => {
		const url = `chapter${i + 1}.mp3`;
		ffmpeg('-f', 'lavfi', '-i', `sine=frequency=${220 + 110 * i}:duration=${seconds}`, '-b:a', '64k', path.join(to, url));
		return { type: 'LinkedResource', url, encodingFormat: 'audio/mpeg', name: `第 ${i + 1} 章`, duration: `PT${seconds}S` };
	});
	if (cover) ffmpeg('-f', 'lavfi', '-i', 'color=c=teal:s=600x600', '-frames:v', '1', path.join(to, 'cover.png'));
	writeFileSync(path.join(to, 'publication.json'), JSON.stringify({
		'@context': ['https://schema.org', 'https://www.w3.org/ns/pub-context'],
		conformsTo: 'https://www.w3.org/TR/audiobooks/', type: 'Audiobook', id: `urn:example:${name}`,
		name, inLanguage: 'zh-CN', readingOrder,
		...(cover && { resources: [{ type: 'LinkedResource', rel: 'cover', url: 'cover.png', encodingFormat: 'image/png' }] }),
	}));
	const file = path.join(folder, `${name}.lpf`);
	run('zip', ['-q', '-X', '-r', file, '.'], { cwd: to });
	return file;
}

async function api(server, token, method, address, body) {
	const reply = await fetch(server.origin + address, {
		method,
		headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) },
		body: body && JSON.stringify(body),
	});
	const text = await reply.text();
	if (!reply.ok) throw new Error(`${method} ${address}: ${reply.status} ${text}`);
	return text ? JSON.parse(text) : null;
}

export async function token(server, account) {
	const session = await api(server, null, 'POST', '/api/v1/session', { name: account.name, password: account.password });
	return session.token;
}

function command(args, input) {
	const done = curbcut(args, input);
	if (done.status !== 0) throw new Error(`curbcut ${args.join(' ')}: ${done.stderr || done.stdout}`);
	return done.stdout.trim();
}

function addInstitution(server) {
	const printed = command(['institution', 'add', '--data', server.data, '--name', '城关培训基地', '--region', '370100',
		'--region-name', '济南市']);
	return /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(printed)[0];
}

// Units of an imported course, as the API tells them: [{id, name, kind, …}].
export async function unitsOf(server, course) {
	return (await api(server, null, 'GET', `/api/v1/courses/${course}`)).units;
}

// A class over the imported `lines` (of server.importFiles) with `learners` on its roster, of an institution of its own unless one is given.
export async function openClass(server, lines, learners, institution = addInstitution(server)) {
	const staff = { name: 'staff-of-class', password: 'pass-staff-2468' };
	command(['user', 'add', '--data', server.data, '--name', staff.name, '--role', 'staff', '--institution', institution],
		`${staff.password}\n`);
	const key = await token(server, staff);
	let hours = 0;
	for (const line of lines)
		for (const unit of await unitsOf(server, line.course)) hours += unit.hours;
	const total = Math.ceil(hours * 250) / 100;
	const { id } = await api(server, key, 'POST', '/api/v1/cohorts', {
		programme: '保健按摩师（初级）', courses: lines.map((line) => line.version), institution, total,
		offline: [{ name: '实操', hours: Math.ceil((total - hours) * 100) / 100 }],
		starts: Date.now() - 3600e3, ends: Date.now() + 86400e3,
	});
	for (const learner of learners)
		await api(server, key, 'POST', `/api/v1/cohorts/${id}/trainees`, { trainee: learner.name });
	return { cohort: id, institution };
}

// The record of a learner, as the API tells it.
export async function record(server, account) {
	return api(server, await token(server, account), 'GET', '/api/v1/trainees/me/record');
}
