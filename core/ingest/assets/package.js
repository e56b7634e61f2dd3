/* While a package is read: asks how far it is, and shows the page anew once it has ended. Without this the button does it. */
const bar = document.querySelector("progress"), parser = new DOMParser();
let wait = 1000;

async function look() {
	try {
		const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
		const now = reply.ok && parser.parseFromString(await reply.text(), "text/html").querySelector("progress");
		if (reply.ok && !now) return location.reload();
		if (now) {
			bar.value = now.value;
			bar.setAttribute("aria-valuetext", now.getAttribute("aria-valuetext"));
			for (const part of ["span", "strong"]) bar.parentElement.querySelector(part).textContent = now.parentElement.querySelector(part).textContent;
		}
	} catch { /* the line is cut: asked again below */ }
	wait = Math.min(wait * 1.5, 10000);
	setTimeout(look, wait);
}
if (bar) setTimeout(look, wait);
