/* Two minutes before a session ends a dialog says so; its one button keeps the session, and the page stays as it is. */

const HOURS = 12;

async function goOn(dialog, { say, toast }) {
	const form = new URLSearchParams({ csrf: dialog.dataset.csrf });
	const reply = await fetch("/account/extend", { method: "POST", body: form, headers: { accept: "application/json" } }).catch(() => null);
	if (!reply?.ok) return;
	setTimeout(() => dialog.showModal(), (HOURS * 3600 - 120) * 1000);
	toast(dialog.dataset.done);
	say(dialog.dataset.done);
}

export function warn(dialog, tell) {
	dialog.addEventListener("close", () => { if (dialog.returnValue === "on") goOn(dialog, tell); });
	dialog.showModal();
}
