// publish: from the last part of an upload of 1 GB to published and playable, against cp and sync of the same file. The
// upload goes by tus; then come the import, the wait for its job, a reviewer's publish, and the first bytes of the film.
import { openSync, readSync, closeSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { Curbcut } from './servers.mjs';
import { makeLecture } from './material.mjs';
import { compare, inTurn, run, say, sleep } from './tools.mjs';

const ROUNDS = 3;
const PART = 16 << 20, LAST = 1 << 20;

export async function upload(author, file) {
	const { size } = statSync(file);
	const tus = { 'Tus-Resumable': '1.0.0' };
	const made = await author.ask('POST', '/files', undefined, { ...tus, 'Upload-Length': String(size), 'Upload-Metadata': `filename ${Buffer.from('lecture.mp4').toString('base64')}` });
	const address = new URL(made.headers.get('location'), author.origin).pathname;
	const fd = openSync(file, 'r'), part = Buffer.alloc(PART);
	let began;
	for (let at = 0; at < size;) {
		const n = at < size - LAST ? Math.min(PART, size - LAST - at) : size - at;
		if (at >= size - LAST) began = performance.now();
		readSync(fd, part, 0, n, at);
		await author.ask('PATCH', address, part.subarray(0, n), { ...tus, 'Upload-Offset': String(at), 'Content-Type': 'application/offset+octet-stream' });
		at += n;
	}
	closeSync(fd);
	return { id: address.split('/').at(-1), began };
}

export async function imported(author, id) {
	const { job } = await author.json('POST', '/api/v1/imports', { upload: id });
	for (;;) {
		const { state, error, result } = await author.json('GET', `/api/v1/jobs/${job}`);
		if (result?.course) return result.course;
		if (['done', 'failed', 'cancelled'].includes(state)) throw new Error(`the import ended ${state}: ${error ?? JSON.stringify(result)}`);
		await sleep(20);
	}
}

async function play(learner, course) {
	const { units: [unit] } = await learner.json('GET', `/api/v1/courses/${course}`);
	const text = async (address) => (await learner.ask('GET', address)).bytes.toString('utf8');
	const master = await text(`/videos/${unit.id}/master.m3u8`);
	const list = master.split('\n').filter((line) => line && !line.startsWith('#')).at(-1);
	const playlist = await text(`/videos/${unit.id}/${list}`);
	const [, length, from] = /#EXT-X-BYTERANGE:(\d+)@(\d+)/.exec(playlist);
	const { bytes } = await learner.ask('GET', /^\/media\/.*$/m.exec(playlist)[0], undefined, { Range: `bytes=${from}-${Number(from) + Number(length) - 1}` });
	if (bytes.length !== Number(length)) throw new Error(`the first part of the film has ${bytes.length} bytes, not ${length}`);
}

// A server and data folder of its own each time, so that no blob is there already.
async function publishOnce(program, folder, file) {
	const server = new Curbcut(program, folder);
	await server.start();
	const { id: institution } = JSON.parse(server.command(['institution', 'add'], ['--name', 'Base', '--region', '370100', '--region-name', 'Jinan']));
	const author = (await server.account('author', 'author', ['--institution', institution])).client;
	const reviewer = (await server.account('reviewer', 'reviewer', ['--region', '370100'])).client;
	const learner = (await server.account('learner', 'learner')).client;
	const { id, began } = await upload(author, file);
	const course = await imported(author, id);
	await reviewer.json('POST', `/api/v1/courses/${course}/publish`, { reason: 'measured' });
	await play(learner, course);
	const seconds = (performance.now() - began) / 1000;
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
	return seconds;
}

function copyOnce(folder, file) {
	const began = performance.now(), copy = path.join(folder, 'copy.mp4');
	run('sh', ['-c', 'cp "$1" "$2" && sync "$2"', 'sh', file, copy]);
	const seconds = (performance.now() - began) / 1000;
	rmSync(copy);
	return seconds;
}

export async function publish({ program, folder }) {
	say('making a film of 1 GB');
	const file = makeLecture(folder, 1000);
	run('sync', [file]);
	compare('publish', 's', await inTurn(ROUNDS, (round) => publishOnce(program, path.join(folder, `publish-${round}`), file), () => copyOnce(folder, file)));
	rmSync(file);
}
