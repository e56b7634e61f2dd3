// A device with a passkey (ES256, WebAuthn level 2), as far as signing in needs one.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const text = (bytes) => Buffer.from(bytes).toString('base64url');
const hidden = (page, name) => new RegExp(` data-${name}="([^"]*)"`).exec(page.text)[1];
const PRESENT_AND_VERIFIED = 5, WITH_KEY = 64;

export class Passkey {
	constructor(origin) {
		this.origin = origin;
		this.id = randomBytes(16);
		this.counter = 0;
		this.key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	}

	#cose() {
		const { x, y } = this.key.publicKey.export({ format: 'jwk' });
		const part = (head, value) => Buffer.concat([Buffer.from(head), Buffer.from(value, 'base64url')]);
		return Buffer.concat([Buffer.from([0xa5, 1, 2, 3, 0x26, 0x20, 1]), part([0x21, 0x58, 32], x), part([0x22, 0x58, 32], y)]);
	}

	#said(page, type, flags, more = Buffer.alloc(0)) {
		const counter = Buffer.alloc(4);
		counter.writeUInt32BE(++this.counter);
		const client = Buffer.from(JSON.stringify({ type, challenge: hidden(page, 'challenge'), origin: this.origin, crossOrigin: false }));
		return { client, authdata: Buffer.concat([sha256(hidden(page, 'rp')), Buffer.from([flags]), counter, more]) };
	}

	// The fields that the page's script fills in to add it.
	added(page) {
		const length = Buffer.from([0, this.id.length]);
		const { client, authdata } = this.#said(page, 'webauthn.create', PRESENT_AND_VERIFIED | WITH_KEY, Buffer.concat([Buffer.alloc(16), length, this.id, this.#cose()]));
		return { client: text(client), authdata: text(authdata), algorithm: '-7' };
	}

	// And to sign in with it.
	signed(page) {
		const { client, authdata } = this.#said(page, 'webauthn.get', PRESENT_AND_VERIFIED);
		const signature = sign('sha256', Buffer.concat([authdata, sha256(client)]), this.key.privateKey);
		return { credential: text(this.id), client: text(client), authdata: text(authdata), signature: text(signature) };
	}
}
