// One visitor with a browser's cookies: pages, forms and replies by plain HTTP.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

export const urlencoded = (fields) => [...fields].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');

// What a browser sends of a form with a file in it: fields as above; a value {name, bytes} is a file.
export function multipart(fields, boundary = '----curbcut') {
	const parts = [...fields].map(([name, value]) => Buffer.concat([
		Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${value.bytes ? `; filename="${value.name}"\r\nContent-Type: application/octet-stream` : ''}\r\n\r\n`),
		value.bytes ?? Buffer.from(value), Buffer.from('\r\n')]));
	return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

export class Visitor {
	// token: of a session that was opened by /api/v1/session; its cookie is the same.
	constructor(origin, { token, lang = 'en' } = {}) {
		this.origin = origin;
		this.lang = lang;
		this.cookies = new Map(token ? [['__Host-curb', token]] : []);
	}

	// {status, headers, bytes, text}. body: a Buffer or string with its own Content-Type in headers.
	ask(method, address, { body, headers = {} } = {}) {
		const bytes = body === undefined ? undefined : Buffer.from(body);
		const all = {
			Accept: 'text/html', 'Accept-Language': this.lang, ...(method === 'GET' ? {} : { Origin: this.origin }),
			...(this.cookies.size ? { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
			...(bytes ? { 'Content-Length': bytes.length } : {}), ...headers,
		};
		return new Promise((resolve, reject) => {
			const request = http.request(this.origin + address, { method, headers: all, agent }, (reply) => {
				const chunks = [];
				reply.on('data', (chunk) => chunks.push(chunk));
				reply.once('error', reject);
				reply.once('end', () => resolve(this.keep(reply, Buffer.concat(chunks))));
			});
			// a kept connection that the server had closed meanwhile: nothing was asked yet
			request.once('error', (error) => (request.reusedSocket && error.code === 'ECONNRESET' ? resolve(this.ask(method, address, { body, headers })) : reject(error)));
			request.end(bytes);
		});
	}

	keep(reply, bytes) {
		for (const line of reply.headers['set-cookie'] ?? []) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			if (/;\s*Max-Age=0/i.test(line) || value === '') this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
		return { status: reply.statusCode, headers: reply.headers, bytes, text: bytes.toString('utf8') };
	}

	get(address) { return this.ask('GET', address); }

	// A form with a file goes as `multipart` of the fields.
	send(address, fields, headers = {}) {
		return this.ask('POST', address, { body: multipart(fields), headers: { 'Content-Type': 'multipart/form-data; boundary=----curbcut', ...headers } });
	}

	// fields: [[name, value]…], or a string that is encoded already.
	post(address, fields, headers = {}) {
		return this.ask('POST', address, { body: typeof fields === 'string' ? fields : urlencoded(fields), headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers } });
	}
}
