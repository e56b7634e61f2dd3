// Tells the server which seconds of a lesson were really played, and loses none of them: what could not be sent stays
// on this device, under the person it belongs to, and goes out when the line is back.

const LONGEST_WAIT_MS = 60000;
const KEPT_MS = 60 * 24 * 3600 * 1000;
const FRAGMENTS_MOST = 64;
const SOON_MS = 3000;
const ANSWER_MS = 20000;

// Parts of the media that were played, in seconds. take() gives the whole seconds; what is left of them waits until
// the rest of the same second is played.
export class Played {
	#parts = [];

	add(from, to) {
		if (!(to > from)) return;
		for (const part of this.#parts.filter(([a, b]) => a <= to && from <= b)) {
			from = Math.min(from, part[0]);
			to = Math.max(to, part[1]);
			this.#parts.splice(this.#parts.indexOf(part), 1);
		}
		this.#parts.push([from, to]);
	}

	take() {
		const whole = [], rest = [];
		for (const [from, to] of this.#parts) {
			const first = Math.ceil(from), last = Math.floor(to);
			if (last <= first) {
				rest.push([from, to]);
				continue;
			}
			whole.push([first, last]);
			if (from < first) rest.push([from, first]);
			if (last < to) rest.push([last, to]);
		}
		this.#parts = rest.slice(-FRAGMENTS_MOST);
		return whole;
	}
}

// Watches a media element and adds to `played` only while it really advances. where() is the time on the lesson's axis.
// Returns a function that looks right now.
export function watch(element, where, played) {
	let last = null, at = 0, rate = 1, rest = null;
	const look = () => {
		if (last === null || element.seeking) return;
		const time = where(), now = performance.now();
		const most = ((now - at) / 1000) * Math.max(rate, element.playbackRate) + 0.5;
		if (time > last && time - last <= most) played.add(last, time);
		[last, at, rate] = [time, now, element.playbackRate];
	};
	const begin = () => {
		if (last !== null || element.paused || element.seeking) return;
		const time = where();
		// events come a moment late; from where it rested up to here it has played already
		last = rest !== null && time >= rest && time - rest < 0.5 ? rest : time;
		[at, rate] = [performance.now(), element.playbackRate];
		rest = null;
		look();
	};
	const stop = () => {
		look();
		last = null;
	};
	for (const name of ['playing', 'seeked']) element.addEventListener(name, begin);
	for (const name of ['timeupdate', 'ratechange', 'waiting']) element.addEventListener(name, look);
	for (const name of ['pause', 'ended']) element.addEventListener(name, stop);
	for (const name of ['seeking', 'emptied']) element.addEventListener(name, () => { last = null; });
	for (const name of ['seeking', 'play']) element.addEventListener(name, () => { rest = where(); });
	// a jump starts with a key or a press: what was played up to then is still known here
	for (const name of ['keydown', 'pointerdown']) document.addEventListener(name, look, true);
	return look;
}

const done = (request) => new Promise((resolve, reject) => {
	request.onsuccess = () => resolve(request.result);
	request.onerror = () => reject(request.error);
});

// Beats that were not sent yet, in IndexedDB; in memory where a browser has none or forbids it.
export class Store {
	#database;
	#memory = new Map();

	async #open() {
		this.#database ??= new Promise((resolve) => {
			try {
				const request = indexedDB.open('curbcut', 1);
				request.onupgradeneeded = () => request.result.createObjectStore('beats', { keyPath: ['person', 'play', 'seq'] });
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => resolve(null);
				request.onblocked = () => resolve(null);
			} catch {
				resolve(null);
			}
		});
		return this.#database;
	}

	async #beats(mode) {
		const database = await this.#open();
		return database?.transaction('beats', mode).objectStore('beats');
	}

	async put(beat) {
		this.#memory.set(`${beat.play} ${beat.seq}`, beat);
		const beats = await this.#beats('readwrite');
		await (beats && done(beats.put(beat)).catch(() => {})); // a full disk: what is in memory is sent all the same
	}

	async remove(beat) {
		this.#memory.delete(`${beat.play} ${beat.seq}`);
		const beats = await this.#beats('readwrite');
		await (beats && done(beats.delete([beat.person, beat.play, beat.seq])).catch(() => {}));
	}

	// Those of one person, in the order they were made; forgets what nobody came back for.
	async of(person) {
		const beats = await this.#beats('readonly');
		const all = new Map((beats ? await done(beats.getAll()).catch(() => []) : []).map((beat) => [`${beat.play} ${beat.seq}`, beat]));
		for (const [key, beat] of this.#memory) all.set(key, beat);
		const old = Date.now() - KEPT_MS;
		for (const beat of all.values()) if (beat.kept < old) await this.remove(beat);
		return [...all.values()].filter((beat) => beat.person === person && beat.kept >= old)
			.sort((a, b) => a.kept - b.kept || a.seq - b.seq);
	}
}

// What became of a request: 'done', 'later' (the line or the server is away), 'never' (it will not be taken).
const fate = (status) => {
	if (status >= 200 && status < 300) return 'done';
	return status === 401 || status === 403 || status === 408 || status === 429 || status >= 500 ? 'later' : 'never';
};

// One lesson open in one page.
// it: {unit, cohort, person, csrf, place}; hear: {answer, presence(state), moved, away(why), back, refused(text)}; position() and rate()
// are asked for at each beat.
export class Beats {
	constructor(it, hear, { position, rate, store = new Store() }) {
		Object.assign(this, { it, hear, position, rate, store, played: new Played() });
		this.play = null;
		this.opening = null;
		this.seq = 0;
		this.failures = 0;
		this.every = 10;
		// the browser tells of the line before anything fails to be sent
		addEventListener('offline', () => { if (this.timer || this.play) this.#cut(); });
		addEventListener('online', () => this.#whole());
		addEventListener('pagehide', () => this.leave());
		document.addEventListener('visibilitychange', () => { if (document.hidden) this.report(); });
		if (it.cohort) this.send();
	}

	#post(address, body) {
		const given = new AbortController(); // a line may be dead and nobody says so; what arrived all the same counts once
		const end = setTimeout(() => given.abort(), ANSWER_MS);
		return fetch(address, { // keepalive: it arrives even when the page is left meanwhile
			method: 'POST', keepalive: true, credentials: 'same-origin', signal: given.signal,
			headers: { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': this.it.csrf },
			body: JSON.stringify(body),
		}).finally(() => clearTimeout(end));
	}

	#cut() {
		this.report();
		this.#wait('offline');
	}

	// Nothing may be waiting to be sent; then the browser's word is all there is to tell.
	async #whole() {
		const before = this.failures;
		if (this.timer) await this.start();
		if (!this.it.cohort) await this.report();
		await this.sending;
		if (await this.send() && this.failures <= before) this.#well();
	}

	// The lesson stands and nobody stopped it: a report, even if it has nothing new, shows whether the line is there.
	stalled() {
		if (this.failures || this.sending) return null;
		this.told = undefined;
		return this.report();
	}

	// Playing began: takes the lesson to this page.
	start() {
		this.timer ??= setInterval(() => this.#tick(), this.every * 1000);
		if (!this.it.cohort || this.play || this.refused) return null;
		this.opening ??= this.#open().finally(() => { this.opening = null; });
		return this.opening;
	}

	async #open() {
		let reply;
		try {
			reply = await this.#post('/api/v1/plays', { unit: this.it.unit, cohort: this.it.cohort });
		} catch {
			this.hear.away('offline');
			this.failures++;
			return;
		}
		const kind = fate(reply.status);
		if (kind === 'later') {
			this.failures++;
			return void this.hear.away('away');
		}
		const said = await reply.json().catch(() => ({}));
		if (kind === 'never') {
			this.refused = true;
			this.hear.refused(said.detail ?? said.title ?? '');
			return;
		}
		this.#well();
		this.seq = 0;
		this.play = said.play;
		if (said.presence) this.hear.presence(said.presence);
		this.every = said.beat_s;
		if (!this.timer) return;
		clearInterval(this.timer);
		this.timer = setInterval(() => this.#tick(), this.every * 1000);
	}

	// A lesson that could not be opened yet is tried again as long as it plays.
	#tick() {
		if (!this.play) this.start();
		return this.report();
	}

	stop() {
		clearInterval(this.timer);
		this.timer = undefined;
		return this.report();
	}

	#beat() {
		this.look?.();
		const played = this.played.take();
		const position = Math.max(0, Math.floor(this.position()));
		if (!played.length && position === this.told) return null;
		this.told = position;
		return {
			person: this.it.person, play: this.play, seq: this.seq++, kept: Date.now(),
			body: { played, rate: this.rate(), position },
		};
	}

	async report() {
		if (!this.it.cohort || this.refused) return this.#place();
		const beat = this.play && this.#beat();
		if (!beat) return;
		await this.store.put(beat);
		await this.send();
	}

	#place() {
		const position = Math.max(0, Math.floor(this.position()));
		if (position === this.told || !this.it.place) return; // who looks as somebody else has no place
		this.told = position;
		return this.#post(this.it.place, { position }).then(() => this.#well(), () => {
			this.told = undefined;
			this.failures++;
			this.hear.away('offline');
		});
	}

	// The page goes away: one last beat that the browser carries on alone. It is kept too; twice told counts once.
	leave() {
		if (!this.it.cohort || this.refused) return void this.#place();
		const beat = this.play && this.#beat();
		if (!beat) return;
		this.store.put(beat);
		this.#send(beat).then((kind) => { if (kind !== 'later') this.store.remove(beat); });
	}

	// The answer to a presence check, behind all that was played. What the server says, or null when it cannot be asked.
	async answer(answer) {
		await this.report();
		if (!await this.send()) return null;
		const reply = await this.#post(`/api/v1/cohorts/${this.it.cohort}/presence`, answer);
		return fate(reply.status) === 'later' ? null : reply.json();
	}

	// Sends what waits, oldest first, one at a time. True: nothing waits any more.
	send() {
		this.sending ??= this.#sendAll().finally(() => { this.sending = null; });
		return this.sending;
	}

	async #sendAll() {
		clearTimeout(this.again);
		for (let more = true; more;) {
			more = false;
			for (const beat of await this.store.of(this.it.person)) {
				const kind = await this.#send(beat);
				if (kind === 'later') return false;
				await this.store.remove(beat);
				more = true;
			}
		}
		return true;
	}

	async #send({ play, seq, body }) {
		let reply;
		try {
			reply = await this.#post(`/api/v1/plays/${play}/beats`, { seq, ...body });
		} catch {
			this.#wait('offline');
			return 'later';
		}
		const kind = fate(reply.status);
		if (kind === 'later') this.#wait('away');
		if (kind !== 'done') return kind;
		this.#well();
		if (play === this.play) this.#answer(await reply.json());
		return kind;
	}

	#answer(answer) {
		this.hear.answer(answer);
		this.#late(answer.late ?? []);
		if (answer.lease !== 'moved') return;
		this.play = null;
		this.hear.moved();
	}

	// What the server's clock did not allow yet is told again, with the next beat or, when none is due, soon.
	#late(parts) {
		for (const [from, to] of parts) this.played.add(from, to);
		clearTimeout(this.soon);
		if (parts.length && !this.timer) this.soon = setTimeout(() => this.report(), SOON_MS);
	}

	#wait(why) {
		this.failures++;
		clearTimeout(this.again);
		this.again = setTimeout(() => this.send(), Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.failures));
		this.hear.away(why);
	}

	#well() {
		if (this.failures) this.hear.back();
		this.failures = 0;
	}
}
