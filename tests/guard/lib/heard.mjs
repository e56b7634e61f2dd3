// Lessons with sound and without captions, and the program that drafts those: tests/unit/content/captioner_stub.c, one caption a second.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { program as server, run } from '../../hours/lib/school.mjs';
import { filled, named, read } from './html.mjs';

const SECONDS = 20.5; // 21 captions: one more than a page shows

// Lines of a configuration that name a copy of the program in a folder; what it does can be told to it later.
export function captioner(folder) {
	const program = path.join(folder, 'captioner');
	copyFileSync(path.join(path.dirname(server), '../tests/unit/content/content_captioner_stub'), program);
	tell(folder, 'good');
	return `captioner = ${program}\ncaptioner_reads = ${program}.mode\n`;
}
export const tell = (folder, mode) => writeFileSync(path.join(folder, 'captioner.mode'), mode);

// A package of one such lesson.
export function spoken(folder, name = 'Lessons') {
	const at = path.join(folder, 'spoken'), zip = path.join(folder, 'spoken.zip');
	mkdirSync(at, { recursive: true });
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc=s=64x48:r=5:d=${SECONDS}`, '-f', 'lavfi', '-i', `sine=d=${SECONDS}`, '-c:v', 'libx264', '-preset', 'ultrafast',
		'-g', '10', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '32k', '-shortest', '-y', path.join(at, 'film.mp4')]);
	writeFileSync(path.join(at, 'course.json'), JSON.stringify({ name, inLanguage: 'en', units: [{ id: 'u1', name: 'Lesson 1', kind: 'video', src: 'film.mp4', hours: 0.01 }] }));
	run('zip', ['-q', '-0', '-X', '-j', zip, path.join(at, 'course.json'), path.join(at, 'film.mp4')]);
	return readFileSync(zip);
}

// The page of drafts by machine of such a course of an author, who has one.
export function heard(county, owner = 'author') {
	return (county.heard ??= {})[owner] ??= (async () => `/packages/courses/${(await county.draft(owner, county.spoken ??= spoken(county.files))).course}/drafted`)();
}

// The page of captions in the picture of the same course.
export const pictured = async (county, owner) => (await heard(county, owner)).replace(/drafted$/, 'open-captions');

// The same of a course that nobody has looked at.
export const unlooked = async (county) => `/packages/courses/${(await county.draft('author', county.spoken ??= spoken(county.files))).course}/open-captions`;

// Sends the form with that button (go=…), or the one that asks for a draft.
export async function press(visitor, address, button, values = {}) {
	const page = (await visitor.get(address)).text, form = read(page).forms.find((one) => (button ? one.buttons.some(({ value }) => value === button) : named(one, 'unit')));
	if (!form) throw new Error(`${address} has no ${button ?? 'form for a draft'}: ${page.replace(/<[^>]*>|\s+/g, ' ')}`);
	return visitor.post(form.action ?? address, filled(form, values, form.buttons[0]));
}

async function send(visitor, address, button, values) {
	const reply = await press(visitor, address, button, values);
	if (reply.status !== 303) throw new Error(`${address}: ${reply.status}`);
}

// Until none is being drafted there; the address where they are read, or nothing.
async function settled(visitor, machine) {
	for (const late = Date.now() + 60000; Date.now() < late; await pause(20)) {
		const { text } = await visitor.get(machine);
		if (!/<progress/.test(text)) return /href="(\/packages\/courses\/[^"]+\/reading\/[^"]+)"/.exec(text)?.[1];
	}
	throw new Error('the captions are never drafted');
}

// Where drafted captions of hers are read.
export async function drafted(county, owner = 'author') {
	const machine = await heard(county, owner), visitor = county.visitor(owner);
	const there = await settled(visitor, machine);
	if (there) return there;
	await send(visitor, machine);
	return settled(visitor, machine);
}

// Where they can be asked for.
export async function undrafted(county, owner = 'author') {
	const machine = await heard(county, owner), visitor = county.visitor(owner), there = await settled(visitor, machine);
	if (there) await send(visitor, there, 'drop', { sure: 'yes' });
	return machine;
}
