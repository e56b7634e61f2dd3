// A presence check: at the end of a chapter playback waits, without haste, until one button is pressed. The server says at the end
// of which part; nothing of what is played meanwhile is lost, so whatever fails here fails without harm.
// player.js stands before it in the same file.

// One change of light, of the dialog alone, for who wants it and has motion.
function flash(dialog) {
	if (root.dataset.flashes !== 'yes' || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
	dialog.animate?.([{ filter: 'none' }, { filter: 'invert(1)' }, { filter: 'none' }], 900);
}

// Returns a function that takes what the server says of the next check.
function checks(axis, beats, say) {
	const form = document.getElementById('check');
	if (!form) return () => {};
	const dialog = document.createElement('dialog'), place = document.createComment('');
	dialog.setAttribute('role', 'alertdialog');
	dialog.setAttribute('aria-labelledby', 'check-title');
	dialog.setAttribute('aria-describedby', 'check-text');
	form.before(place);
	root.after(dialog); // its keys are not those of the player
	const number = form.elements.check, { dataset } = form;
	let now = { check: Number(number.value), due: !form.hidden, from_s: Number(dataset.from), to_s: Number(dataset.to) };
	let given = 0, sending = null; // the check that was answered last, maybe on this device alone

	const leaves = () => now.to_s > 0 && given < now.check && (axis.time >= now.to_s || axis.time < Math.floor(now.from_s));
	const waits = () => given < now.check && (now.due || leaves());

	function ask() {
		number.value = now.check;
		form.hidden = false;
		if (dataset.how === 'instructor') return void (now.told ||= say(form.innerText) ?? true); // somebody else answers: nothing waits here
		axis.pause();
		if (dialog.open || !dialog.showModal) return;
		dialog.append(form);
		dialog.showModal();
		tone();
		if (root.dataset.vibrates === 'yes') navigator.vibrate?.([200, 100, 200]);
		flash(dialog);
	}

	const look = () => { if (axis.playing && !axis.element.seeking && waits()) ask(); };
	for (const name of ['play', 'timeupdate', 'seeked']) axis.element.addEventListener(name, look);
	axis.element.addEventListener('ended', () => { if (now.to_s > 0 && given < now.check && axis.time > now.to_s - 1) ask(); });
	dialog.addEventListener('close', () => place.after(form));

	// Told behind what was played, which makes it due; later when the line is cut.
	function send() {
		sending ??= beats.answer({ check: given }).then((reply) => hear(reply?.presence), () => {}).finally(() => { sending = null; });
	}
	function goOn(check) {
		given = check;
		dialog.close();
		form.hidden = true;
		axis.play();
	}

	// The question of the author, for who would rather answer that.
	const question = document.getElementById('check-question'), told = question.querySelector('[role=status]');
	function put({ text, answers } = { answers: [] }) {
		const group = question.querySelector('fieldset'), [legend] = group.children;
		question.hidden = !answers.length;
		legend.textContent = text;
		group.replaceChildren(legend, ...answers.map((one, i) => {
			const row = Object.assign(document.createElement('div'), { className: 'choice' }), id = `answer-${i + 1}`;
			row.append(Object.assign(document.createElement('input'), { type: 'radio', name: 'answer', id, value: i + 1 }),
				Object.assign(document.createElement('label'), { htmlFor: id, textContent: one }));
			return row;
		}));
	}
	async function answer(check, chosen) {
		const reply = await beats.answer({ check, answer: Number(chosen) }).catch(() => null);
		told.textContent = reply?.detail ?? '';
		if (!reply?.presence) return;
		goOn(check);
		hear(reply.presence);
	}

	function hear(state) {
		if (!state || state.check < now.check) return;
		if (form.hidden || state.check !== now.check) put(state.question);
		now = { from_s: 0, to_s: 0, told: state.check === now.check && now.told, ...state };
		if (given >= now.check) send(); // an answer that did not arrive yet
		else if (now.due) ask();
	}

	form.addEventListener('submit', (event) => {
		event.preventDefault();
		if (event.submitter?.name === 'how') return void answer(now.check, form.elements.answer?.value);
		goOn(now.check);
		send();
	});
	return hear;
}
