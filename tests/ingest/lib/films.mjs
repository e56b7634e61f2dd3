// Small films for packages, made once a run.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../hours/lib/school.mjs';

const picture = (seconds) => ['-f', 'lavfi', '-i', `testsrc=s=64x48:r=5:d=${seconds}`];
const sound = (seconds) => ['-f', 'lavfi', '-i', `sine=f=440:d=${seconds}`];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-pix_fmt', 'yuv420p'];

export function films() {
	const folder = mkdtempSync(path.join(tmpdir(), 'curbcut-films-'));
	const make = (name, args) => {
		run('ffmpeg', ['-v', 'error', ...args, '-y', path.join(folder, name)]);
		return readFileSync(path.join(folder, name));
	};
	const made = {
		film: make('film.mp4', [...picture(60), ...sound(60), ...h264, '-c:a', 'aac', '-b:a', '32k', '-shortest']),
		foreign: make('foreign.mp4', [...picture(2), '-c:v', 'mpeg4']), // browsers do not play it
		cover: make('cover.mp4', ['-f', 'lavfi', '-i', 'anullsrc', '-t', '2', '-c:a', 'alac']), // without a picture, with sound nobody plays
	};
	rmSync(folder, { recursive: true, force: true });
	return made;
}

// course.json of one video lesson, changed as a test wants it.
export const course = (change = {}) => Buffer.from(JSON.stringify({
	name: '推拿入门', inLanguage: 'zh-CN',
	units: [{ id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0.01 }],
	...change,
}));
