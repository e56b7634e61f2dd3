/* For every page. Without it all of this still works; with it a reader hears sooner what happened. */

/* Tells a screen reader something without moving the focus. The same text twice is told twice. */
export function say(text) {
	const place = document.getElementById("say");
	if (!place) return;
	place.textContent = "";
	setTimeout(() => { place.textContent = text; }, 50);
}

/* ---- toasts: told politely, seen at the lower edge until they are closed; nothing is told by them alone ---- */

const toasts = document.getElementById("toasts");

function addClose(box) {
	const close = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: toasts.dataset.close });
	close.addEventListener("click", () => {
		box.remove();
		makeRoom();
	});
	box.append(close);
}

/* What gets the focus is scrolled to above the toasts. */
function makeRoom() {
	const open = [...document.querySelectorAll(".toast")];
	const height = open.reduce((sum, box) => sum + box.offsetHeight + 16, 16);
	document.documentElement.style.scrollPaddingBottom = open.length ? `${height}px` : "";
}

export function toast(text) {
	const box = Object.assign(document.createElement("div"), { className: "toast" });
	box.append(Object.assign(document.createElement("p"), { textContent: text }));
	addClose(box);
	toasts.replaceChildren(box);
	makeRoom();
}

/* A browser scrolls to what gets the focus only when it is outside of what is seen, not when a toast lies on it. */
function uncover(event) {
	for (const box of document.querySelectorAll(".toast")) {
		const top = box.getBoundingClientRect().top, { bottom } = event.target.getBoundingClientRect();
		if (!box.contains(event.target) && bottom > top) scrollBy(0, bottom - top + 16);
	}
}

/* What the server's answer tells is there before a screen reader listens: it is said once more. */
function tellAgain() {
	for (const box of document.querySelectorAll(".toast")) addClose(box);
	makeRoom();
	const told = [...document.querySelectorAll(".toast p, .notice.good p, main > .notice.status:not([hidden]) p")].map((part) => part.textContent);
	if (told.length) say(told.join(" "));
}

/* ---- forms ---- */

/* After a form was sent: go to the list of mistakes, else to the first field that is wrong, else to the notice of an error. */
function showFirstMistake() {
	const list = document.querySelector(".notice.error a[href^='#']")?.closest(".notice");
	const field = document.querySelector(".wrong :is(input:not([type=hidden]), select, textarea)");
	(list || field || document.querySelector(".notice.error"))?.focus();
}

/* A second press while the first is under way must not send the form again. */
function sendOnce(event) {
	const form = event.target;
	if (form.method === "dialog") return;
	if (form.dataset.sent) event.preventDefault();
	form.dataset.sent = "yes";
}

/* ---- dialogs: the opener is a link to a page with the same question ---- */

function openDialog(event) {
	const opener = event.target.closest("a[data-dialog]");
	const dialog = opener && document.getElementById(opener.dataset.dialog);
	if (!dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
	event.preventDefault();
	dialog.showModal();
	dialog.querySelector("a.quiet")?.focus(); // who presses Enter too early has changed nothing
}

function closeDialog(event) {
	const back = event.target.closest("dialog a.quiet");
	if (!back) return;
	event.preventDefault();
	back.closest("dialog").close();
}

/* ---- tabs that lead to sections of the same page: one of them is shown; without scripts all are ---- */

function makeTabs(nav) {
	const links = [...nav.querySelectorAll("a")];
	const panels = links.map((link) => link.hash && link.pathname === location.pathname && document.getElementById(link.hash.slice(1)));
	if (!links.length || !panels.every(Boolean)) return;
	const show = (index, focus) => {
		links.forEach((link, i) => {
			link.setAttribute("aria-selected", String(i === index));
			link.tabIndex = i === index ? 0 : -1;
			panels[i].hidden = i !== index;
		});
		if (focus) links[index].focus();
	};
	const list = nav.querySelector("ul");
	list.setAttribute("role", "tablist");
	list.setAttribute("aria-label", nav.getAttribute("aria-label"));
	links.forEach((link, i) => {
		link.parentElement.setAttribute("role", "presentation");
		link.setAttribute("role", "tab");
		link.removeAttribute("aria-current");
		link.setAttribute("aria-controls", panels[i].id);
		link.id ||= `${panels[i].id}-tab`;
		panels[i].setAttribute("role", "tabpanel");
		panels[i].setAttribute("aria-labelledby", link.id);
		link.addEventListener("click", (event) => {
			event.preventDefault();
			history.replaceState(null, "", link.hash);
			show(i);
		});
	});
	list.addEventListener("keydown", (event) => {
		const at = links.indexOf(document.activeElement), last = links.length - 1;
		const on = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
		const to = { Home: 0, End: last, ArrowLeft: on === "ArrowLeft" ? at + 1 : at - 1, ArrowRight: on === "ArrowRight" ? at + 1 : at - 1 }[event.key];
		if (to === undefined) {
			if (event.key === " ") document.activeElement.click();
			else return;
		} else links[(to + links.length) % links.length].focus();
		event.preventDefault();
	});
	const fromAddress = () => links.findIndex((link) => link.hash === location.hash);
	addEventListener("hashchange", () => { if (fromAddress() >= 0) show(fromAddress()); });
	nav.setAttribute("role", "presentation");
	nav.removeAttribute("aria-label");
	show(Math.max(0, fromAddress()));
}

for (const nav of document.querySelectorAll(".tabs")) makeTabs(nav);
for (const opener of document.querySelectorAll("a[data-dialog]")) opener.setAttribute("aria-haspopup", "dialog");
/* ---- the end of the session is told in time; a page of a session that lasts for days has nothing to wait for ---- */

function tellSessionEnd(dialog) {
	const left = Number(dialog.dataset.left) - 120;
	if (!dialog.showModal || left > 86400) return;
	setTimeout(async () => (await import(dialog.dataset.script)).warn(dialog, { say, toast }), Math.max(0, left) * 1000);
}

const sessionEnd = document.getElementById("session-end");
if (sessionEnd) tellSessionEnd(sessionEnd);
if (toasts) tellAgain();
showFirstMistake();
document.addEventListener("submit", sendOnce);
document.addEventListener("click", openDialog);
document.addEventListener("click", closeDialog);
document.addEventListener("focusin", uncover);
window.addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
