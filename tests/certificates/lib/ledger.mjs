// Entries of the ledger of the kinds asked for, as an auditor of the whole server reads them.
import { setTimeout as pause } from 'node:timers/promises';
import { decode, entries, tiles } from '../../ledger/lib/tree.mjs';

// The entries so far, once a checkpoint has `least` of them.
export async function readLedger(auditor, least) {
	for (const late = Date.now() + 20000; Date.now() < late; await pause(20)) {
		const size = Number((await auditor.ask('GET', '/ledger/checkpoint')).text.split('\n')[1]);
		if (!(size >= least)) continue;
		const parts = [];
		for (const { name } of tiles('entries', size)) parts.push((await auditor.ask('GET', name)).bytes);
		return { bytes: Buffer.concat(parts), facts: parts.flatMap(entries).map(decode) };
	}
	throw new Error(`no checkpoint of ${least} entries`);
}
