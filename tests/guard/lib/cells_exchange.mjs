// Servers elsewhere whose records are read here, and one that hands bundles in: rows of cells.mjs and forms.mjs.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { County as Sender, acquaint, Office } from '../../exchange/lib/office.mjs';

// The card of a server that nobody runs.
export function newCard(name) {
	const key = () => Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x, 'base64url');
	const ledger = Buffer.concat([Buffer.from([1]), key()]), origin = `${name.replace(/\W/g, '')}.example`;
	const id = createHash('sha256').update(`${origin}\n`).update(ledger).digest().subarray(0, 4).toString('hex');
	return `curbcut-server/v1 ${key().toString('hex')} ${randomBytes(32).toString('hex')} ${origin}+${id}+${ledger.toString('base64')}`;
}

const REGIONS = { home: '370100', near: '370200', far: '350100' };
const NAMES = { home: 'Base of Jinan', near: 'Base of Qingdao', far: 'Base of Fuzhou' };

const csrf = (text) => /name="csrf" value="([^"]+)"/.exec(text)[1];

export async function enterServer(county, name, region, card = newCard(name)) {
	const admin = county.visitor('admin'), { text } = await admin.get('/exchange/servers');
	const reply = await admin.post('/exchange/servers', Object.entries({ csrf: csrf(text), name, region, card }));
	if (reply.status !== 303) throw new Error(`${name}: ${reply.status}`);
	return new RegExp(`<option value="([0-9a-f-]{36})"[^>]*>${name}</option>`).exec((await admin.get('/exchange/servers')).text)[1];
}

// The page of the records of a server of each place; made once.
export const fromOf = async (county, place) => ((county.from ??= {})[place] ??= (async () => {
	await enterServer(county, NAMES[place], REGIONS[place]);
	const { text } = await county.visitor('admin').get('/exchange');
	return new RegExp(`href="(/exchange/from/[0-9a-f-]{36})"[^>]*>[^<]*${NAMES[place]}`).exec(text)[1];
})());

// A county that runs, whose card is entered and whose bundles are for this server.
const senderOf = (county) => (county.sender ??= (async () => {
	const sender = await new Sender().start();
	county.also = () => sender.stop();
	sender.cohort = await sender.bank.finished(['t1']);
	await acquaint(sender, new Office(county));
	return sender;
})());

// One more bundle of it, with another trainee.
let trainees = 1;
export async function newBundle(county) {
	const sender = await senderOf(county), name = `t${++trainees}`;
	await sender.school.account(name, 'learner');
	await sender.client('staff').must('POST', `/api/v1/cohorts/${sender.cohort}/trainees`, { trainee: name });
	county.bundle = await sender.bundle('province', 'Province');
	return '/exchange';
}
