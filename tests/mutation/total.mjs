// Of all changes that mutate.mjs made, 95 of 100 must have been noticed: node total.mjs FOLDER…
import { readFileSync } from 'node:fs';
import path from 'node:path';

const LEAST = 0.95;
const results = process.argv.slice(2).map((folder) => JSON.parse(readFileSync(path.join(folder, 'result.json'), 'utf8')));
const sum = (of) => results.reduce((total, counts) => total + counts[of], 0), share = sum('killed') / (sum('killed') + sum('survived'));
console.log(`${sum('killed')} of ${sum('killed') + sum('survived')} changes were noticed (${(share * 100).toFixed(1)} %)`);
process.exitCode = share >= LEAST ? 0 : 1;
