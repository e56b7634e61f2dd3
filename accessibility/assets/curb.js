/* For every page. Without it all of this still works; with it a reader hears sooner what happened. */

/* Tells a screen reader something without moving the focus. The same text twice is told twice. */
export function say(text) {
	const place = document.getElementById("say");
	if (!place) return;
	place.textContent = "";
	setTimeout(() => { place.textContent = text; }, 50);
}

/* After a form was sent: go to the first field that is wrong, else to the notice of an error. */
function showFirstMistake() {
	const field = document.querySelector("[aria-invalid=true]");
	const notice = document.querySelector(".notice.error");
	(field || notice)?.focus();
}

/* A second press while the first is under way must not send the form again. */
function sendOnce(event) {
	const form = event.target;
	if (form.dataset.sent) event.preventDefault();
	form.dataset.sent = "yes";
}

showFirstMistake();
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
