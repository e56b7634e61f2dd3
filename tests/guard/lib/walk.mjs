// Goes through all pages that somebody can reach: from what the cells name and by every link, a few of each route.
import { cells, plain } from './cells.mjs';
import { roleOf } from './county.mjs';
import { read } from './html.mjs';

const OF_EACH = 2;

// What was answered before, by table: pages link to the same few addresses.
const answered = new WeakMap();

// The row of the table that answers the address: a literal wins over a name, a name over the rest.
export function routeOf(routes, method, address) {
	const place = address.split(/[?#]/)[0], key = `${method} ${place}`;
	if (!answered.has(routes)) answered.set(routes, new Map());
	const known = answered.get(routes);
	if (!known.has(key)) known.set(key, found(routes, method, place.split('/').slice(1)));
	return known.get(key);
}

function found(routes, method, parts) {
	let best = null, score = '';
	for (const route of routes) {
		if (route.method !== method) continue;
		const names = route.path.split('/').slice(1), rest = names.at(-1)?.startsWith('*');
		if (rest ? parts.length < names.length : parts.length !== names.length) continue;
		if (!names.every((name, i) => /^[:*]./.test(name) || name === parts[i])) continue;
		const rank = names.map((name) => (name.startsWith('*') ? 'a' : name.startsWith(':') ? 'b' : 'c')).join('');
		if (!best || rank > score) [best, score] = [route, rank];
	}
	return best;
}

const isPage = (route) => route && route.method === 'GET' && !route.path.startsWith('/api/') && !/^\/(assets|media|audio|files)\//.test(route.path);

// [{who, address, route, reply, page}] of everybody in `people`; `lang` is what they ask for.
export async function walk(county, routes, people, lang) {
	const pages = [];
	for (const name of people) {
		const visitor = county.visitor(name, lang), role = roleOf(name), seen = new Set(), often = new Map(), queue = ['/', '/signin'];
		for (const route of routes.filter(isPage))
			for (const cell of await (cells[route.owner]?.[`GET ${route.path}`] ?? plain()).cells({ name, role, visitor }, county, route))
				// whoever may not see it is told so
				if (cell.reached) queue.push(cell.address);
		for (let at = 0; at < queue.length; at++) {
			const address = queue[at].split('#')[0], route = routeOf(routes, 'GET', address);
			if (seen.has(address) || !isPage(route) || (often.get(route.path) ?? 0) >= OF_EACH) continue;
			seen.add(address);
			const reply = await visitor.get(address);
			if (!/^text\/html/.test(reply.headers['content-type'] ?? '') || reply.status !== 200) continue;
			often.set(route.path, (often.get(route.path) ?? 0) + 1);
			const page = read(reply.text);
			pages.push({ who: name, address, route, reply, page });
			queue.push(...page.links.filter((link) => link.startsWith('/')));
		}
	}
	return pages;
}
