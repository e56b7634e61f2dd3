// The rule of hours, slow and obvious: a set of seconds is a Set, a play is an object, and every second is walked
// by itself. Knows nothing of the plugin; policy/README.md and section 10 of the design are its only sources.
export class Model {
	// dailyS: most online seconds of a day, which begins at midnight of a place 8 hours ahead of UTC.
	constructor({ capS, unitS, mediaS, endMs, rate = 3, dailyS = Infinity, days = new Map() }) {
		Object.assign(this, { capS, unitS, mediaS, endMs, rate, dailyS, days });
		this.online = 0;
		this.exceptions = []; // {capS, fromMs, untilMs}
		this.units = new Map();     // unit -> {seen, credited}
		this.plays = new Map();     // play -> {unit, live, budgetMs, last, spent, seqs}
	}

	unit(unit) {
		if (!this.units.has(unit)) this.units.set(unit, { seen: new Set(), credited: new Set() });
		return this.units.get(unit);
	}

	// The most online seconds at a moment: an exception raises it while it is in force.
	cap(nowMs) {
		return Math.max(this.capS, ...this.exceptions.filter(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs).map(({ capS }) => capS));
	}

	// How long it was between two readings {wall, boot, number}: the clock since the start of the machine tells, which nobody sets;
	// where the machine was started in between, the wall clock, a day at most. None behind the class's end, which the wall clock tells.
	elapse(play, now) {
		if (!play.live) return;
		const { last } = play, most = now.wall >= this.endMs ? Math.max(0, this.endMs - last.wall) : Infinity;
		const gone = now.number === last.number ? now.boot - last.boot : Math.min(now.wall - last.wall, 86400000);
		for (let ms = 0; ms < gone && ms < most; ms++) play.budgetMs++;
		play.last = now;
	}

	open(id, unit, now) {
		for (const play of this.plays.values()) {
			this.elapse(play, now);
			play.live = false;
		}
		this.plays.set(id, { unit, live: true, budgetMs: 0, last: now, spent: 0, seqs: new Set() });
	}

	// What the answer to a beat must say. `delivered`: seconds of the unit that were sent to the person.
	beat(id, seq, spans, delivered, now) {
		const nowMs = now.wall, day = this.day(nowMs);
		const play = this.plays.get(id), unit = this.unit(play.unit), late = [];
		if (!play.seqs.has(seq)) {
			play.seqs.add(seq);
			this.elapse(play, now);
			for (let second = 0; second < this.mediaS; second++) {
				if (!spans.some(([from, to]) => from <= second && second < to)) continue;
				if (unit.credited.has(second) || !delivered.has(second)) continue;
				if (play.spent + 1 > Math.floor(play.budgetMs * this.rate / 1000)) {
					if (nowMs < this.endMs) late.push(second);
					continue;
				}
				play.spent++;
				unit.seen.add(second);
				if (unit.credited.size >= this.unitS || this.online >= this.cap(nowMs)) continue;
				if ((this.days.get(day) ?? 0) >= this.dailyS) continue; // of all her classes
				this.days.set(day, (this.days.get(day) ?? 0) + 1);
				unit.credited.add(second);
				this.online++;
			}
		}
		return { ...this.told(play), late };
	}

	// The day at the place.
	day(nowMs) { return new Date(nowMs + 8 * 3600000).toISOString().slice(0, 10); }

	told(play) {
		const { seen, credited } = this.unit(play.unit);
		return { seen_s: seen.size, granted_s: credited.size, online_s: this.online, lease: play.live ? 'held' : 'moved' };
	}
}
