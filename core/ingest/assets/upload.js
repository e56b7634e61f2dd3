/* Sends packages in parts (tus 1.0), one behind the other: it can be paused, goes on behind a line that was cut, and nothing is
   sent twice. Without scripts the form sends one file whole. */
const PART = 4 << 20, AGAIN_MS = 4000, KEPT = "curb-upload";
const form = document.getElementById("handin"), words = form.dataset;
const part = (name) => document.getElementById(name);
const bar = document.querySelector("#sending progress");
const tus = { "Tus-Resumable": "1.0.0", "X-CSRF-Token": form.elements.csrf.value };

let say = () => {};
import(words.say).then((shared) => { say = shared.say; });

let files = [], file, address, offset = 0, paused = false, stopped = false, sending = null, cut = false;
let run = 0; // pressed on and off quickly: only the latest goes on

part("file").multiple = true;
const many = () => files.length > 1;

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const fill = (text, ...values) => values.reduce((filled, value) => filled.replace("%", () => value), text);

function tell(text) {
	part("far").textContent = text;
	say(text);
}

/* One request; its upload is counted while it runs. Resolves to the XMLHttpRequest, rejects when the line breaks. */
function ask(method, where, headers, body) {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		request.open(method, where);
		for (const [name, value] of Object.entries({ ...tus, Accept: "application/json", ...headers })) request.setRequestHeader(name, value);
		request.upload.onprogress = (event) => { if (method === "PATCH") show(offset + event.loaded); };
		request.onload = () => resolve(request);
		request.onerror = request.onabort = () => reject(new Error("cut"));
		sending = request;
		request.send(body ?? null);
	});
}

function show(bytes) {
	const megabytes = (n) => Math.max(0, n / 1e6).toFixed(n < 1e7 ? 1 : 0);
	bar.value = file.size ? Math.min(100, Math.round(bytes * 100 / file.size)) : 0;
	part("far").textContent = (many() ? fill(words.which, files.indexOf(file) + 1, files.length, file.name) + " " : "") + fill(words.far, megabytes(Math.min(bytes, file.size)), megabytes(file.size));
}

const reason = (request) => {
	try { return JSON.parse(request.responseText).detail; } catch { return String(request.status); }
};

/* ---- where it stands; kept until this tab is closed, so that a page loaded anew goes on too ---- */

const mark = () => JSON.stringify([file.name, file.size, file.lastModified]);

function kept() {
	const [of, where] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
	return of === mark() ? where : null;
}

async function begin() {
	address = kept();
	if (address) {
		const request = await ask("HEAD", address);
		if (request.status < 300) return Number(request.getResponseHeader("Upload-Offset"));
	}
	const request = await ask("POST", "/files", { "Upload-Length": file.size, "Upload-Metadata": `filename ${base64(file.name)}` });
	if (request.status !== 201) throw new Error(reason(request));
	address = new URL(request.getResponseHeader("Location"), location.href).pathname;
	sessionStorage.setItem(KEPT, JSON.stringify([mark(), address]));
	return 0;
}

/* ---- sending ---- */

async function sendParts(mine) {
	offset = await begin();
	while (offset < file.size && !paused && !stopped && mine === run) {
		show(offset);
		const request = await ask("PATCH", address, { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" }, file.slice(offset, offset + PART));
		if (request.status === 404 || request.status === 410) {
			sessionStorage.removeItem(KEPT); // it has expired: from the beginning
			offset = await begin();
		} else if (request.status === 409) offset = await begin();
		else if (request.status >= 300) throw new Error(reason(request));
		else offset = Number(request.getResponseHeader("Upload-Offset"));
		if (cut) {
			cut = false;
			say(words.going);
		}
	}
	show(offset);
}

async function handOver() {
	const request = await ask("POST", "/api/v1/imports", { "Content-Type": "application/json" },
		JSON.stringify({ upload: address.split("/").pop(), ...(form.elements.course.value ? { course: form.elements.course.value } : {}), ...(form.elements.check.checked ? { check: "yes" } : {}) }));
	if (request.status >= 300) throw new Error(reason(request));
	sessionStorage.removeItem(KEPT);
	const place = `/packages/${JSON.parse(request.responseText).job}`;
	if (many()) return next(place);
	tell(words.sent);
	location.assign(place);
}

/* ---- several files: each is a package by itself, and what becomes of it stands in a list ---- */

function told(name, place, problem) {
	const line = document.createElement("li"), link = document.createElement(place ? "a" : "span");
	link.textContent = place ? name : `${name}: ${problem}`;
	if (place) link.href = place;
	line.append(link);
	part("handed").hidden = false;
	part("handed").querySelector("ul").append(line);
}

function next(place, problem) {
	told(file.name, place, problem);
	file = files[files.indexOf(file) + 1];
	address = undefined;
	offset = 0;
	if (file) {
		say(fill(words.which, files.indexOf(file) + 1, files.length, file.name));
		return go();
	}
	ended();
	say(words.all);
	part("handed").tabIndex = -1;
	part("handed").focus();
}

function ended() {
	part("sending").hidden = true;
	part("send").disabled = false;
}

function fail(text) {
	ended();
	const place = part("problem");
	place.hidden = false;
	place.textContent = fill(words.failed, text);
	place.tabIndex = -1;
	place.focus();
}

async function go() {
	const mine = ++run;
	try {
		await sendParts(mine);
		if (offset >= file.size && !paused && !stopped && mine === run) await handOver();
	} catch (error) {
		if (paused || stopped || mine !== run) return;
		if (error.message !== "cut") return many() ? next(null, error.message) : fail(error.message);
		if (!cut) tell(words.cut);
		cut = true;
		setTimeout(() => { if (!paused && !stopped && mine === run) go(); }, AGAIN_MS);
	}
}

/* ---- what is pressed ---- */

form.addEventListener("submit", (event) => {
	files = [...part("file").files];
	[file] = files;
	if (!file || (!many() && !file.size)) return; // the server says what is wrong
	event.preventDefault();
	event.stopPropagation();
	if (many() && form.elements.course.value) return fail(words.one);
	paused = stopped = cut = false;
	part("problem").hidden = true;
	part("send").disabled = true;
	part("sending").hidden = false;
	part("pause").setAttribute("aria-pressed", "false");
	show(0);
	part("pause").focus();
	go();
});

part("pause").addEventListener("click", () => {
	paused = !paused;
	part("pause").setAttribute("aria-pressed", String(paused));
	if (paused) {
		sending?.abort();
		tell(words.paused);
	} else {
		say(words.going);
		go();
	}
});

part("stop").addEventListener("click", async () => {
	stopped = true;
	sending?.abort();
	sessionStorage.removeItem(KEPT);
	if (address) await ask("DELETE", address).catch(() => {}); // what is left of it expires
	ended();
	say(words.stopped);
	part("send").focus();
});
