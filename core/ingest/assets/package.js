/* While a package is read: asks how far it is, and shows the page anew once it has ended. Without this the button does it. */
const bar = document.querySelector("progress");
const job = location.pathname.split("/").pop();
let wait = 1000;

async function look() {
	try {
		const reply = await fetch(`/api/v1/jobs/${job}`, { headers: { Accept: "application/json" } });
		if (reply.ok) {
			const { state, progress } = await reply.json();
			if (state !== "waiting" && state !== "running") return location.reload();
			bar.value = Math.round(progress * 100);
		}
	} catch { /* the line is cut: asked again below */ }
	wait = Math.min(wait * 1.5, 10000);
	setTimeout(look, wait);
}
if (bar) setTimeout(look, wait);
