// What is measured on: films, a school with trainees at their lessons, and 100,000 courses.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Curbcut } from './servers.mjs';
import { run, say } from './tools.mjs';

export const TRAINEES = 100000; // the first 1,000 play at once
export const AT_LESSONS = 200; // of these, in a class, each with a play
const COURSES = 100000;
const FILM_S = 9720; // 3.6 class hours, a second a beat
const ffmpeg = (...args) => run('ffmpeg', ['-v', 'error', '-y', ...args]);

// A lecture of about `mb` megabytes: ten seconds of moving picture and sound, over and over.
export function makeLecture(folder, mb) {
	const base = path.join(folder, 'ten-seconds.mp4'), file = path.join(folder, `lecture-${mb}.mp4`);
	try {
		statSync(base);
	} catch {
		ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=25:d=10,noise=alls=24:allf=t', '-f', 'lavfi', '-i', 'sine=f=440:d=10',
			'-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '16M', '-maxrate', '16M', '-bufsize', '16M', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest', base);
	}
	const times = Math.ceil((mb * 1e6) / statSync(base).size);
	ffmpeg('-stream_loop', String(times - 1), '-i', base, '-c', 'copy', file);
	return file;
}

// A course of one lesson, long and almost without bytes: what is measured on it is the counting.
function makeFilmCourse(folder) {
	const files = path.join(folder, 'film');
	mkdirSync(files, { recursive: true });
	ffmpeg('-f', 'lavfi', '-i', `color=c=black:s=64x48:r=1:d=${FILM_S + 60}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60',
		'-pix_fmt', 'yuv420p', path.join(files, 'film.mp4'));
	writeFileSync(path.join(files, 'course.json'), JSON.stringify({
		name: '盲人保健按摩基础', description: 'A lesson of a class, for measurements.', provider: 'Curbcut', occupation: '保健按摩师',
		inLanguage: 'zh-CN', keywords: ['按摩'], units: [{ id: 'u1', name: 'Lesson 1', kind: 'video', src: 'film.mp4', hours: FILM_S / 2700 }],
	}));
	run('sh', ['-c', 'cd "$1" && zip -q -0 -X ../film.zip course.json film.mp4', 'sh', files]);
	return path.join(folder, 'film.zip');
}

async function publish(server, file) {
	const line = JSON.parse(server.command(['import'], ['--publish', file]));
	const course = await new Client(server.origin).json('GET', `/api/v1/courses/${line.course}`);
	return { course: line.course, version: line.version, unit: course.units[0].id };
}

async function openClass(server, staff, institution, film, trainees) {
	const now = Date.now();
	const { id } = await staff.json('POST', '/api/v1/cohorts', {
		programme: 'Massage, beginners', courses: [film.version], total: 9, institution, offline: [{ name: 'Practice', hours: 5.4 }],
		starts: now - 60000, ends: now + 30 * 86400000,
	});
	for (const trainee of trainees) {
		const client = new Client(server.origin, trainee.token);
		await staff.json('POST', `/api/v1/cohorts/${id}/trainees`, { trainee: trainee.id });
		const play = await client.json('POST', '/api/v1/plays', { unit: film.unit, cohort: id });
		await client.ask('GET', play.media.progressive);
		trainee.play = play.play;
	}
	return id;
}

// The largest file of a lesson as players see it: its address, path and size.
async function pictureOf(server, client, unit) {
	const master = (await client.ask('GET', `/videos/${unit}/master.m3u8`)).bytes.toString('utf8');
	const list = master.split('\n').filter((line) => line && !line.startsWith('#')).at(-1);
	const playlist = (await client.ask('GET', `/videos/${unit}/${list}`)).bytes.toString('utf8');
	const address = /^\/media\/.*$/m.exec(playlist)[0];
	const sha256 = address.split('/').at(-1).split('?')[0];
	const file = path.join(server.data, 'blobs', sha256.slice(0, 2), sha256);
	return { address, file, size: statSync(file).size };
}

// The school that all but `publish` measure on; its server is stopped.
export async function makeSchool(folder, program, tools) {
	say('making the school: films, 100,000 trainees, 100,000 courses');
	const server = new Curbcut(program, path.join(folder, 'school'));
	const films = [makeFilmCourse(folder), makeLecture(folder, 210)];
	await server.start();
	const { id: institution } = JSON.parse(server.command(['institution', 'add'], ['--name', 'Base', '--region', '370100', '--region-name', 'Jinan']));
	await server.account('staff', 'staff', ['--institution', institution]);
	const [film, lecture] = [await publish(server, films[0]), await publish(server, films[1])];
	await server.stop();

	const database = path.join(server.data, 'curbcut.db');
	const fill = (...args) => run(path.join(tools, 'bench_fill'), [database, ...args]).trim().split('\n');
	const trainees = fill('trainees', String(TRAINEES)).map((line) => ({ id: line.split(' ')[0], token: line.split(' ')[1] }));
	const courses = fill('courses', String(COURSES), film.course);

	await server.start();
	const staff = new Client(server.origin, await server.token('staff'));
	const cohort = await openClass(server, staff, institution, film, trainees.slice(0, AT_LESSONS));
	const picture = await pictureOf(server, new Client(server.origin, trainees[0].token), lecture.unit);
	await server.stop();
	fill('budget');
	return { server, trainees, courses, cohort, picture, database, film, filmSeconds: FILM_S, lessons: AT_LESSONS };
}

export const readText = (file) => readFileSync(file, 'utf8');
