// Taking in: ingest_remux, gigabytes of H.264 and AAC in MP4 per second of processor time, against ffmpeg that copies the same file into
// HLS; ingest_memory, the most that a process had at once while a video of 2 GB was read, against 100 MB; doctor, seconds for an
// audio-book of DAISY 3 with 300 chapters, against unzip and one reading of all its sound by ffmpeg; ingest_parallel, ranges of a playing
// client beside four uploads that are taken in, against the same without them.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeLecture } from './material.mjs';
import { imported, upload } from './publish.mjs';
import { Client } from './servers.mjs';
import { compare, figure, inTurn, run, say, start } from './tools.mjs';

const ROUNDS = 3, MEMORY_MB = 100;

// A command's {client_s, wall_s, peak_kb}, with all that it started and waited for.
async function used(tools, file, ...args) {
	return JSON.parse((await start(path.join(tools, 'bench_usage'), [String(process.pid), file, ...args]).ended).third);
}

// In a folder of its own, which goes away.
async function within(folder, work) {
	mkdirSync(folder);
	try {
		return await work(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

export async function remux({ program, folder, tools }) {
	say('making a film of 1 GB');
	const film = makeLecture(folder, 1000), gigabytes = statSync(film).size / 1e9;
	const ours = () => within(path.join(folder, 'remux'), async (at) => gigabytes / (await used(tools, program, 'import', '--data', path.join(at, 'data'), film)).client_s);
	const peer = () => within(path.join(folder, 'hls'), async (at) => gigabytes / (await used(tools, 'ffmpeg', '-v', 'error', '-i', film, '-c', 'copy', '-f', 'hls', '-hls_list_size', '0', path.join(at, 'film.m3u8'))).client_s);
	compare('ingest_remux', 'GB/cpu-s', await inTurn(ROUNDS, ours, peer));
	rmSync(film);
}

export async function memory({ program, folder, tools }) {
	say('making a film of 2 GB');
	const film = makeLecture(folder, 2000), { peak_kb: kilobytes } = await used(tools, program, 'check', film);
	figure('ingest_memory', kilobytes / 1000, 'MB', kilobytes / 1000 / MEMORY_MB, MEMORY_MB);
	rmSync(film);
}

/* ---- the audio-book ---- */

const CHAPTERS = 300, SENTENCES = 20, SENTENCE_S = 3;

function makeBook(folder) {
	const at = path.join(folder, 'book'), zip = path.join(folder, 'book.zip'), numbers = Array.from({ length: CHAPTERS }, (_, i) => i);
	mkdirSync(at);
	run('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `sine=f=440:d=${SENTENCES * SENTENCE_S}`, '-c:a', 'libmp3lame', '-b:a', '64k', path.join(at, '0.mp3')]);
	const sound = readFileSync(path.join(at, '0.mp3'));
	const sentences = (n, make) => Array.from({ length: SENTENCES }, (_, i) => make(`s${n}-${i}`, i)).join('');
	for (const n of numbers) {
		writeFileSync(path.join(at, `${n}.mp3`), sound);
		writeFileSync(path.join(at, `${n}.smil`), `<smil><body><seq>${sentences(n, (id, i) => `<par id="${id}"><text src="text.xml#${id}"/><audio src="${n}.mp3" clipBegin="${i * SENTENCE_S}s" clipEnd="${(i + 1) * SENTENCE_S}s"/></par>`)}</seq></body></smil>`);
	}
	const items = numbers.map((n) => `<item id="i${n}" href="${n}.smil" media-type="application/smil"/>`).join('');
	writeFileSync(path.join(at, 'book.opf'), `<package xmlns="http://openebook.org/namespaces/oeb-package/1.0/"><metadata><dc-metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:Title>Book</dc:Title><dc:Language>en</dc:Language></dc-metadata></metadata><manifest><item id="ncx" href="book.ncx" media-type="application/x-dtbncx+xml"/>${items}</manifest><spine>${numbers.map((n) => `<itemref idref="i${n}"/>`).join('')}</spine></package>`);
	writeFileSync(path.join(at, 'book.ncx'), `<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><docTitle><text>Book</text></docTitle><navMap>${numbers.map((n) => `<navPoint id="n${n}"><navLabel><text>Chapter ${n + 1}</text></navLabel><content src="${n}.smil#s${n}-0"/></navPoint>`).join('')}</navMap></ncx>`);
	writeFileSync(path.join(at, 'text.xml'), `<dtbook><book>${numbers.map((n) => `<level1>${sentences(n, (id, i) => `<p id="${id}">This is sentence ${i + 1} of chapter ${n + 1}.</p>`)}</level1>`).join('')}</book></dtbook>`);
	run('sh', ['-c', 'cd "$1" && zip -q -r -X ../book.zip .', 'sh', at]);
	rmSync(at, { recursive: true });
	return zip;
}

export async function doctor({ program, folder, tools }) {
	const book = makeBook(folder), list = Array.from({ length: CHAPTERS }, (_, n) => `file ${n}.mp3\n`).join('');
	const ours = async () => (await used(tools, program, 'check', book)).wall_s;
	const peer = () => within(path.join(folder, 'peer'), async (at) => {
		writeFileSync(path.join(at, 'list'), list);
		return (await used(tools, 'sh', '-c', 'cd "$1" && unzip -q "$2" && ffmpeg -v error -f concat -i list -c copy -f null -', 'sh', at, book)).wall_s;
	});
	compare('doctor', 's', await inTurn(ROUNDS, ours, peer));
	rmSync(book);
}

/* ---- beside a playing client ---- */

const UPLOADS = 4, RANGE = 256 << 10, PACED = ['16', '100', '5']; // connections, ranges a second, seconds

// Four that upload and take in the same film over and over, until what it gives is called; then the last is still taken in.
function uploading(author, film) {
	let on = true, taken = 0;
	const one = async () => {
		while (on) {
			await imported(author, (await upload(author, film)).id);
			taken++;
		}
	};
	const all = Promise.all(Array.from({ length: UPLOADS }, one));
	all.catch(() => {}); // told when it is waited for
	return async () => {
		on = false;
		await all;
		say(`${taken} uploads were taken in`);
	};
}

export async function parallel({ school, folder, tools }) {
	const { server, picture, trainees } = school, film = makeLecture(folder, 100);
	await server.start();
	const author = new Client(server.origin, await server.token('staff'));
	const lines = Array.from({ length: 64 }, (_, i) => (i * 7919 * RANGE) % (picture.size - RANGE)).map((from) => `${picture.address} ${trainees[0].token} ${from}-${from + RANGE - 1}\n`).join('');
	const paced = async () => JSON.parse((await start(path.join(tools, 'bench_paced'), [String(server.port), ...PACED], { input: lines }).ended).stdout).p99_us / 1e3;
	const beside = async () => {
		const end = uploading(author, film), found = await paced();
		await end();
		return found;
	};
	await paced(); // watched once: what is measured is the sending
	compare('ingest_parallel_p99', 'ms', await inTurn(ROUNDS, beside, paced));
	await server.stop();
	rmSync(film);
}
