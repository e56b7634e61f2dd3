// A browser without scripts, as far as signing in needs one: cookies, forms, and what a page says.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });

const unescape = (text) => text.replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(n)).replaceAll('&quot;', '"')
	.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

export class Page {
	constructor(status, headers, text) { Object.assign(this, { status, headers, text }); }

	// The hidden and typed fields of the form with this action; of several, the one that has all these names.
	fields(action, names = []) {
		const forms = this.text.split('<form').filter((part) => part.includes(`action="${action}"`)).map((part) => part.split('</form>')[0]);
		const form = forms.find((one) => names.every((name) => one.includes(` name="${name}"`))) ?? forms[0] ?? '';
		const fields = {};
		for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
			const of = (name) => unescape(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
			if (of('type') !== 'checkbox' || / checked/.test(tag)) fields[of('name')] = of('value');
		}
		return fields;
	}

	get h1() { return unescape(/<h1[^>]*>([^<]*)/.exec(this.text)?.[1] ?? ''); }
	get words() { return unescape(this.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')); }
}

export class Browser {
	constructor(origin, { agent: name = 'Mozilla/5.0 (Linux; Android 13) Chrome/120.0 Mobile Safari/537.36' } = {}) {
		this.origin = origin;
		this.agent = name;
		this.cookies = new Map([['lang', 'en']]);
	}

	ask(method, path, body, headers = {}) {
		const bytes = body === undefined ? undefined : Buffer.from(body);
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		return new Promise((resolve, reject) => {
			const request = http.request(this.origin + path, {
				method, agent,
				headers: {
					Accept: 'text/html', 'User-Agent': this.agent, Cookie: cookie,
					...(bytes && { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': bytes.length, Origin: this.origin }),
					...headers,
				},
			}, (reply) => {
				const chunks = [];
				reply.on('data', (chunk) => chunks.push(chunk));
				reply.once('error', reject);
				reply.once('end', () => {
					for (const line of reply.headers['set-cookie'] ?? []) {
						const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
						if (/Max-Age=0/.test(line)) this.cookies.delete(name);
						else this.cookies.set(name, value);
					}
					resolve(new Page(reply.statusCode, reply.headers, Buffer.concat(chunks).toString('utf8')));
				});
			});
			request.once('error', (error) => (request.reusedSocket && error.code === 'ECONNRESET' ? resolve(this.ask(method, path, body, headers)) : reject(error)));
			request.end(bytes);
		});
	}

	get(path) { return this.ask('GET', path); }

	// Sends the form of `page` with what a person typed.
	send(page, action, typed = {}) {
		return this.ask('POST', action, new URLSearchParams({ ...page.fields(action, Object.keys(typed)), ...typed }).toString());
	}

	async signIn(name, password, typed = {}) {
		return this.send(await this.get('/signin'), '/signin', { name, password, ...typed });
	}

	get session() { return [...this.cookies.keys()].find((name) => /^(__Host-)?curb$/.test(name)) !== undefined; }
}
