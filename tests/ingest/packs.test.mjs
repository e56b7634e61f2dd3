// A course with all its versions goes from one server to another as one file, and is the same there byte for byte.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { program } from '../hours/lib/school.mjs';
import { House } from './lib/house.mjs';
import { course, films } from './lib/films.mjs';
import { zip } from './lib/zip.mjs';

const SRT = '1\n00:00:01,000 --> 00:00:03,000\n你好\n';
let here, there, folder, id, first, second;

before(async () => {
	const { film } = films();
	folder = mkdtempSync(path.join(tmpdir(), 'curbcut-packs-'));
	const lesson = { id: 'u1', name: '第一课', kind: 'video', src: 'film.mp4', hours: 0.01, tracks: [{ kind: 'captions', src: 'film.srt', lang: 'zh-CN' }] };
	const made = (change) => zip([{ name: 'course.json', bytes: course({ keywords: ['推拿', '入门'], namePinyin: 'tuī ná rù mén', units: [lesson],
		programme: { name: '推拿', total: 0.03, offline: [{ name: '实操', hours: 0.02 }] }, ...change }) },
	{ name: 'film.mp4', bytes: film }, { name: 'film.srt', bytes: Buffer.from(SRT) }]);
	[here, there] = [await House.open(), await House.open()];
	id = (await here.bring('author', made({}), 'a.zip')).result.course;
	first = packed(here, 'first');
	assert.equal((await here.bring('author', made({ name: '推拿入门（第二版）' }), 'b.zip', { course: id })).result.course, id);
	second = packed(here, 'second');
});
after(async () => {
	await here?.close();
	await there?.close();
	rmSync(folder, { recursive: true, force: true });
});

const file = (name) => path.join(folder, `${name}.zip`);
function packed(house, name, ...more) {
	const said = JSON.parse(house.command('pack', 'export', '--course', id, '--out', file(name), ...more));
	return { said, bytes: readFileSync(file(name)) };
}
function run(house, ...args) {
	const done = spawnSync(program, [...args.slice(0, 2), '--data', house.folder, ...args.slice(2)], { encoding: 'utf8', timeout: 60000, env: { ...process.env, LC_ALL: 'zh_CN.UTF-8' } });
	return { code: done.status, lines: done.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line)), error: done.stderr };
}
const bent = (name, bytes) => { writeFileSync(file(name), bytes); return file(name); };
const refused = (line) => line.findings.filter(({ severity }) => severity === 'refused');
const blobs = (house) => house.left().filter((name) => name.startsWith('blobs/'));
// Entries of a pack: stored, always zip64; {name, bytes}.
function entries(bytes) {
	const found = [];
	for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
		const name = bytes.readUInt16LE(at + 26), extra = bytes.readUInt16LE(at + 28), size = Number(bytes.readBigUInt64LE(at + 30 + name + 4));
		const from = at + 30 + name + extra;
		found.push({ name: bytes.toString('utf8', at + 30, at + 30 + name), bytes: bytes.subarray(from, from + size) });
		at = from + size;
	}
	return found;
}

test('a pack says how much is in it, is the same when it is made again, and overwrites nothing', () => {
	assert.equal(first.said.versions, 1);
	assert.equal(second.said.versions, 2);
	assert.equal(second.said.files, first.said.files, 'the second version has the same media');
	assert.deepEqual(packed(here, 'again').bytes, second.bytes);
	assert.deepEqual(entries(second.bytes).slice(0, 3).map(({ name }) => name), ['pack.json', 'versions/1.json', 'versions/2.json']);
	const over = run(here, 'pack', 'export', '--course', id, '--out', file('again'));
	assert.equal(over.code, 1);
	assert.match(over.error, /there already/);
	assert.deepEqual(readFileSync(file('again')), second.bytes);
	const none = run(here, 'pack', 'export', '--course', '00000000-0000-7000-8000-000000000000', '--out', file('none'));
	assert.equal(none.code, 1);
	assert.ok(!existsSync(file('none')), 'nothing is left of what failed');
});

test('another server takes it in, has the same bytes, and gives the same pack; a learner plays it there', async () => {
	const [line] = run(there, 'pack', 'import', '--publish', file('first')).lines;
	assert.deepEqual([line.state, line.course], ['published', id], JSON.stringify(line));
	assert.deepEqual(packed(there, 'first-there').bytes, first.bytes);
	const course = await there.client('learner').must('GET', `/api/v1/courses/${id}`);
	const [unit] = course.units;
	const look = async (house, name) => {
		const units = (await house.client(name).must('GET', `/api/v1/courses/${id}`)).units;
		const { text } = await house.client(name).ask('GET', `/videos/${units[0].id}`, undefined, { Accept: 'text/html' });
		return [...new Set(text.match(/\/media\/[0-9a-f-]{36}\/[0-9a-f]{64}/g))];
	};
	const media = await look(there, 'learner');
	assert.ok(media.length > 0, `the lesson ${unit.id} has media`);
	for (const address of media) {
		const got = await there.client('learner').ask('GET', address);
		assert.equal(got.status, 200, address);
		assert.ok(got.bytes.length > 0);
	}
});

test('the same pack again changes nothing; a later one brings what is new', async () => {
	const before = there.left();
	const [same] = run(there, 'pack', 'import', '--publish', file('first')).lines;
	assert.deepEqual([same.state, same.course, same.findings.some(({ code }) => code === 'pack.same')], ['same', id, true]);
	assert.deepEqual(there.left(), before);
	assert.deepEqual(packed(there, 'first-same').bytes, first.bytes);
	const [more] = run(there, 'pack', 'import', '--publish', file('second')).lines;
	assert.deepEqual([more.state, more.course], ['published', id], JSON.stringify(more));
	assert.equal((await there.client('learner').must('GET', `/api/v1/courses/${id}`)).name, '推拿入门（第二版）');
	assert.deepEqual(packed(there, 'second-there').bytes, second.bytes);
	const [older] = run(there, 'pack', 'import', '--publish', file('first')).lines;
	assert.ok(older.findings.some(({ code }) => code === 'pack.same'), 'an older pack takes nothing back');
	assert.deepEqual(packed(there, 'second-still').bytes, second.bytes);
});

test('a course that came with a pack belongs to the author who is named, and to nobody else', async () => {
	const fresh = await House.open();
	try {
		const nobody = run(fresh, 'pack', 'import', '--author', 'learner', file('first'));
		assert.deepEqual([nobody.code, nobody.lines, /learner is nobody who may hand in courses/.test(nobody.error)], [1, [], true]);
		assert.equal(run(fresh, 'pack', 'import', '--author', 'author', file('first')).lines[0].state, 'draft');
		const edit = async (name) => (await fresh.client(name).ask('GET', `/packages/courses/${id}`, undefined, { Accept: 'text/html' })).status;
		assert.deepEqual([await edit('author'), await edit('other')], [200, 404]);
		assert.equal(run(fresh, 'pack', 'import', file('second')).lines[0].state, 'draft');
		assert.deepEqual([await edit('author'), await edit('other')], [200, 404]);
		assert.equal(run(fresh, 'pack', 'import', '--author', 'other', file('second')).lines[0].state, 'same');
	} finally {
		await fresh.close();
	}
});

test('what the other side has is left out, and only what it has not is sent', async () => {
	const empty = await House.open();
	try {
		assert.equal(run(empty, 'pack', 'have', '--course', id).code, 0);
		run(empty, 'pack', 'import', file('first'));
		const list = path.join(folder, 'have.txt');
		writeFileSync(list, empty.command('pack', 'have', '--course', id));
		const small = packed(here, 'small', '--without', list);
		assert.deepEqual([small.said.files, small.said.left_out], [0, second.said.files]);
		assert.ok(small.bytes.length < second.bytes.length / 10);
		const [line] = run(empty, 'pack', 'import', file('small')).lines;
		assert.deepEqual([line.state, line.course, refused(line)], ['draft', id, []]);
		assert.deepEqual(packed(empty, 'small-there').bytes, second.bytes, 'the whole pack again');
		writeFileSync(list, 'abc\n');
		assert.match(run(here, 'pack', 'export', '--course', id, '--without', list, '--out', file('wrong')).error, /line 1 of the list/);
	} finally {
		await empty.close();
	}
});

test('damaged, cut, foreign and incomplete packs are refused with what to do, and leave nothing', async () => {
	const empty = await House.open();
	const refuse = (name, bytes, code, fact) => {
		const before = empty.left(), { code: exit, lines: [line] } = run(empty, 'pack', 'import', bent(name, bytes));
		assert.equal(exit, 1, name);
		assert.equal(line.state, 'refused', name);
		const [finding] = refused(line);
		assert[typeof code === 'string' ? 'equal' : 'match'](finding.code, code, `${name}: ${JSON.stringify(line.findings)}`);
		if (fact) assert.ok(finding.what.includes(fact), `${name}: ${finding.what}`);
		assert.match(finding.mend, /[\u4e00-\u9fff]{4}/);
		assert.deepEqual(empty.left(), before, name);
	};
	try {
		const all = entries(first.bytes), blob = all.find(({ name }) => name.startsWith('blobs/'));
		const change = (name, bytes) => zip(all.map((one) => (one.name === name ? { name, bytes } : one)));
		const json = (name, edit) => { const value = JSON.parse(all.find((one) => one.name === name).bytes); edit(value); return change(name, Buffer.from(JSON.stringify(value))); };
		const flipped = Buffer.from(first.bytes), other = Buffer.from(blob.bytes);
		flipped[first.bytes.indexOf(blob.bytes) + 5] ^= 1;
		other[5] ^= 1;
		refuse('flipped', flipped, 'zip.checksum', blob.name);
		refuse('other', change(blob.name, other), 'pack.changed', blob.name); // with its checksum of the zip made anew
		refuse('longer', change(blob.name, Buffer.concat([blob.bytes, Buffer.from('x')])), 'pack.changed', blob.name);
		refuse('cut', first.bytes.subarray(0, first.bytes.length - 100), 'zip.end');
		refuse('missing', zip(all.filter((one) => one !== blob)), 'pack.missing', blob.name.slice(6));
		refuse('extra', zip([...all, { name: 'run.sh', bytes: Buffer.from('x') }]), 'pack.extra', 'run.sh');
		refuse('later', json('pack.json', (value) => { value.format = 'curbcut-pack/v9'; }), 'pack.format', 'v9');
		refuse('foreign', json('pack.json', (value) => { value.format = 'other'; }), 'pack.damaged', 'pack.json');
		refuse('page', json('pack.json', (value) => { value.blobs[0].type = 'text/html'; }), 'pack.damaged', 'pack.json');
		refuse('script', json('versions/1.json', (value) => { value.units[0].tracks[0].type = 'text/html'; }), 'pack.damaged', 'versions/1.json');
		refuse('version', zip(all.filter(({ name }) => name !== 'versions/1.json')), 'pack.damaged', 'versions/1.json');
		refuse('number', json('pack.json', (value) => { value.versions[0].number = 2; }), 'pack.damaged', 'pack.json');
		refuse('day', json('pack.json', (value) => { value.versions[0].made_ms = -1; }), 'pack.damaged', 'pack.json');
		refuse('id', json('pack.json', (value) => { value.versions[0].id = 'first'; }), 'pack.damaged', 'pack.json');
		refuse('id-of-course', json('pack.json', (value) => { value.versions[0].id = value.course; }), 'pack.damaged', 'versions[0]');
		const twice = entries(second.bytes).map((one) => (one.name === 'pack.json' ? { name: one.name, bytes: Buffer.from(one.bytes.toString().replace(/("id":")[^"]+(","number":2)/, `$1${JSON.parse(one.bytes).versions[0].id}$2`)) } : one));
		refuse('id-twice', zip(twice), 'pack.damaged', 'versions[1]');
		refuse('course', json('pack.json', (value) => { value.course = 'ours'; }), 'pack.damaged', 'pack.json');
		refuse('kind', json('versions/1.json', (value) => { value.units[0].kind = 'game'; }), 'pack.damaged', 'versions/1.json');
		for (let part = 1; part < 20; part++) // cut anywhere
			refuse(`cut-${part}`, first.bytes.subarray(0, Math.floor(first.bytes.length * part / 20)), /^zip\.|^package\./);
	} finally {
		await empty.close();
	}
});

test('a pack says itself how long its recordings are, so nobody hands one in by the page; two stories of one course are refused', async () => {
	const house = await House.open();
	try {
		const done = (await house.bring('author', first.bytes, 'first.zip')).result;
		assert.deepEqual([done.state, refused(done)[0].code, blobs(house)], ['refused', 'pack.operator', []]);
		const taken = (bytes) => run(house, 'pack', 'import', bent('taken', bytes)).lines[0];
		assert.equal(taken(first.bytes).state, 'draft');
		const all = entries(first.bytes).map((one) => (one.name === 'versions/1.json' ? { name: one.name, bytes: Buffer.from(one.bytes.toString().replace('第一课', '另一课')) } : one));
		const twin = taken(zip(all));
		assert.deepEqual([twin.state, refused(twin)[0].code], ['refused', 'pack.diverged']);
		const named = taken(zip(entries(first.bytes).map((one) => (one.name === 'pack.json' ? { name: one.name, bytes: Buffer.from(one.bytes.toString().replaceAll(id, '01a3fe99-f680-7373-a161-58a5e647ef66')) } : one))));
		assert.deepEqual([named.state, refused(named)[0].code], ['refused', 'pack.id']); // its version is one of another course
		assert.deepEqual(packed(house, 'still').bytes, first.bytes);
		assert.deepEqual([taken(second.bytes).state, blobs(house).length], ['draft', second.said.files]);
		assert.deepEqual(packed(house, 'second-taken').bytes, second.bytes);
	} finally {
		await house.close();
	}
});
