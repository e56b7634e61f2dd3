// The rule of presence checks on top of the rule of hours, slow and obvious as that: each second is walked by itself, and one that waits
// is an object in a list. Knows nothing of the plugin.
import { Model } from './model.mjs';

export class PresenceModel extends Model {
	// everyS: so many seconds count between two checks; ends: where the chapters of a unit end, by unit.
	constructor({ everyS, ends, ...more }) {
		super(more);
		Object.assign(this, { everyS, ends });
		this.since = 0;     // counted since the last answer
		this.chapter = null; // {unit, from, to}: nothing but this goes on counting until she answers
		this.due = false;
		this.answered = 0;
		this.waiting = [];  // {day, unit, second}
	}

	waits(unit, second) { return this.waiting.some((one) => one.unit === unit && one.second === second); }

	open(id, unit, now) {
		super.open(id, unit, now);
		if (this.chapter && this.chapter.unit !== unit) this.due = true;
	}

	// The chapter of a second.
	arm(unit, second) {
		const ends = this.ends.get(unit), i = ends.findIndex((end) => second < end);
		this.chapter = { unit, from: i ? ends[i - 1] : 0, to: ends[i] };
	}

	count(unit, second, day) {
		this.unit(unit).credited.add(second);
		this.days.set(day, (this.days.get(day) ?? 0) + 1);
		this.online++;
	}

	room(unit, day, nowMs) {
		const waits = this.waiting.filter((one) => one.unit === unit).length;
		return Math.min(this.unitS - this.unit(unit).credited.size - waits, this.cap(nowMs) - this.online, this.dailyS - (this.days.get(day) ?? 0));
	}

	beat(id, seq, spans, delivered, now, position) {
		const play = this.plays.get(id), { unit } = play, { seen } = this.unit(unit), late = [];
		if (!play.seqs.has(seq)) {
			play.seqs.add(seq);
			this.elapse(play, now);
			const day = this.day(now.wall);
			let room = this.room(unit, day, now.wall), held = 0;
			for (let second = 0; second < this.mediaS; second++) {
				if (!spans.some(([from, to]) => from <= second && second < to)) continue;
				if (this.unit(unit).credited.has(second) || this.waits(unit, second) || !delivered.has(second)) continue;
				if (play.spent + 1 > Math.floor(play.budgetMs * this.rate / 1000)) {
					if (now.wall < this.endMs) late.push(second);
					continue;
				}
				play.spent++;
				seen.add(second);
				if (room-- <= 0) continue;
				const here = !this.chapter || (this.chapter.unit === unit && this.chapter.from <= second && second < this.chapter.to);
				if (here) {
					this.count(unit, second, day);
					this.since++;
					if (!this.chapter && this.since >= this.everyS) this.arm(unit, second);
				} else {
					this.waiting.push({ day, unit, second });
					held++;
				}
			}
			if (held || this.left(unit, spans, position)) this.due = true;
		}
		return { ...this.told(play), late };
	}

	// What the answers say of the next check.
	toldCheck(unit) {
		const { chapter } = this;
		return { check: this.answered + 1, due: this.due, ...(chapter?.unit === unit ? { from_s: chapter.from, to_s: chapter.to } : {}) };
	}

	// She is at the end of the chapter, or away from it.
	left(unit, spans, position) {
		if (!this.chapter) return false;
		const { from, to } = this.chapter;
		return this.chapter.unit !== unit || spans.some(([begin, end]) => begin < to && to <= end) || position < from || position >= to; // undefined is neither
	}

	// The answer to a check: what waited counts on the day on which it was seen, the earliest first. False: none is due.
	answer(nowMs) {
		if (!this.due) return false;
		const waited = this.waiting.sort((a, b) => (a.day === b.day ? (a.unit === b.unit ? a.second - b.second : a.unit < b.unit ? -1 : 1) : a.day < b.day ? -1 : 1));
		this.waiting = [];
		for (const { day, unit, second } of waited) if (this.room(unit, day, nowMs) > 0) this.count(unit, second, day);
		Object.assign(this, { since: 0, chapter: null, due: false });
		this.answered++;
		return true;
	}
}
