// What the pages of all players share: notices, hours, the place to go on from, links into the lesson, keys.
// beats.js stands before it in the same file. `axis` is the lesson as one line of time: {time, duration, rate, playing, seek(s), play(), pause(), element}.

const root = document.getElementById('player');

const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// Seconds in the words of the page: 12 min 30 s.
function span(seconds) {
	const words = root.dataset, whole = Math.max(0, Math.floor(seconds));
	const values = { minutes: Math.floor(whole / 60), seconds: whole % 60 };
	if (whole < 60) return fill(words.secondsWords, values);
	return fill(values.seconds ? words.bothWords : words.minutesWords, values);
}

// A short tone for who wants to hear that something happened she did not ask for.
function tone() {
	if (root.dataset.cues !== 'yes' || !window.AudioContext) return;
	const sound = new AudioContext(), [voice, loudness] = [sound.createOscillator(), sound.createGain()];
	loudness.gain.value = 0.15;
	voice.frequency.value = 660;
	voice.connect(loudness).connect(sound.destination);
	voice.onended = () => sound.close();
	voice.start();
	voice.stop(sound.currentTime + 0.2);
}

function show(id, seen, text) {
	const notice = document.getElementById(id);
	if (seen && notice.hidden) tone();
	if (text) notice.querySelector('p').textContent = text;
	notice.hidden = !seen;
	return notice.querySelector('p').textContent;
}

// The button that plays says what it does next.
const playLabel = (axis) => { document.getElementById('play').textContent = axis.playing ? root.dataset.pauseWords : root.dataset.playWords; };

// A lesson that should play and stands still for some seconds: slow, or the line is cut.
function halts(axis, tell) {
	const STANDS_MS = 5000;
	let at = null, due = null;
	const goes = () => {
		clearTimeout(due);
		due = null;
	};
	const halt = () => {
		if (due !== null || axis.element.paused) return;
		at = axis.time;
		due = setTimeout(() => {
			due = null;
			if (axis.element.paused || axis.time !== at) return;
			tell();
			halt();
		}, STANDS_MS);
	};
	for (const name of ['waiting', 'stalled', 'error']) axis.element.addEventListener(name, halt);
	for (const name of ['playing', 'pause', 'ended']) axis.element.addEventListener(name, goes);
}

// Opens the beats of this page and ties them to the axis.
function count(axis, say) {
	let full = false;
	const once = (id, text) => { if (document.getElementById(id).hidden) say(show(id, true, text)); };
	const hear = {
		answer(answer) {
			const hours = document.getElementById('hours');
			hours.textContent = fill(root.dataset.countedWords, { credited: span(answer.granted_s), unit_time: span(answer.unit_s) });
			this.presence(answer.presence);
			if (answer.reason !== 'share_full' || full) return;
			full = true;
			once('full', answer.why);
		},
		presence(state) { check(state); },
		moved() {
			axis.pause();
			once('moved');
		},
		away(why) { once(why); },
		back() {
			const told = ['offline', 'away'].filter((id) => !document.getElementById(id).hidden);
			for (const id of told) show(id, false);
			if (told.length) say(document.getElementById('offline').dataset.back);
		},
		refused(text) { once('refused', text); },
	};
	const { unit, cohort, person, csrf, place } = root.dataset;
	const beats = new Beats({ unit, cohort, person, csrf, place }, hear, { position: () => axis.time, rate: () => axis.rate });
	const check = checks(axis, beats, say);
	beats.look = watch(axis.element, () => axis.time, beats.played);
	let jumped = 0;
	axis.element.addEventListener('playing', () => beats.start());
	halts(axis, () => beats.stalled());
	for (const name of ['pause', 'ended']) axis.element.addEventListener(name, () => beats.stop());
	axis.element.addEventListener('seeking', () => {
		if (Date.now() - jumped < 1000) return; // a slider that is drawn tells one place after another
		jumped = Date.now();
		beats.report();
	});
	document.getElementById('here').addEventListener('click', async () => {
		show('moved', false);
		await beats.start();
		axis.play();
	});
	return beats;
}

// Links and buttons with data-seconds lead into the lesson; of the name "by" they move on or back.
function links(axis) {
	keepPlace(axis);
	document.addEventListener('click', (event) => {
		const to = event.target.closest('[data-seconds]');
		const by = event.target.closest('button[name=by]');
		if (by) axis.seek(axis.time + Number(by.value));
		if (!to || event.ctrlKey || event.metaKey || event.shiftKey || String(getSelection())) return;
		event.preventDefault();
		axis.seek(Number(to.dataset.seconds));
		axis.play();
		const choice = to.closest('#resume');
		if (!choice) return;
		choice.hidden = true;
		document.getElementById('play')?.focus();
	});
}

// Links that lead away and back bring the place along: back to the page, or to the same lesson in another form.
function keepPlace(axis) {
	document.addEventListener('click', (event) => {
		const link = event.target.closest('a[href^="/needs?"], a[data-place]');
		if (!link || axis.time < 1) return;
		const away = new URL(link.href), back = link.dataset.place === undefined ? new URL(away.searchParams.get('back'), away) : away;
		back.searchParams.set('from', Math.floor(axis.time));
		if (back !== away) away.searchParams.set('back', back.pathname + back.search);
		link.href = away.href;
	}, true);
}

// Marks the row that is heard now in each list of rows with data-seconds. onChange hears of the new row.
function follow(axis, list, onChange = () => {}) {
	const rows = [...list.querySelectorAll('[data-seconds]')].filter((row) => !row.hasAttribute('data-link'));
	let current = rows.find((row) => row.hasAttribute('aria-current'));
	const mark = () => {
		const now = rows.findLast((row) => Number(row.dataset.seconds) <= axis.time + 0.05) ?? rows[0];
		if (now === current) return;
		current?.removeAttribute('aria-current');
		now?.setAttribute('aria-current', 'true');
		current = now;
		if (now) onChange(now);
	};
	for (const name of ['timeupdate', 'seeked']) axis.element.addEventListener(name, mark);
}

function speeds(axis, select, say) {
	select.addEventListener('change', () => { axis.rate = Number(select.value); });
	axis.element.addEventListener('ratechange', () => {
		const option = [...select.options].find((row) => Number(row.value) === axis.rate);
		if (!option || option.selected) return;
		option.selected = true;
		say(option.textContent);
	});
}

// Keys count only while the focus is in the player, so they meet nobody's screen reader or voice control elsewhere.
// table: {key: function}
function keys(axis, table, say) {
	const select = document.getElementById('speed');
	const faster = (by) => {
		const rates = [...select.options].map((row) => Number(row.value));
		const at = rates.indexOf(axis.rate) + by;
		if (at >= 0 && at < rates.length) axis.rate = rates[at];
	};
	const all = {
		k: () => (axis.playing ? axis.pause() : axis.play()),
		j: () => axis.seek(axis.time - 10),
		l: () => axis.seek(axis.time + 10),
		'.': () => faster(1), '>': () => faster(1), ',': () => faster(-1), '<': () => faster(-1),
		t: () => say(fill(root.dataset.positionWords, { position: span(axis.time), length: span(axis.duration) })),
		...table,
	};
	root.addEventListener('keydown', (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('textarea, select, input:not([type=range])')) return;
		const act = all[event.key.toLowerCase()];
		if (!act) return;
		event.preventDefault();
		act();
	});
}
