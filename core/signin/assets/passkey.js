/* Passkeys: the browser asks the device, the form carries what it says. Where a browser has none, words say so. */

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function fill(form, fields) {
	for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
	form.submit();
}

async function signIn(form) {
	const { challenge, rp } = form.dataset;
	const made = await navigator.credentials.get({ publicKey: { challenge: bytes(challenge), rpId: rp, userVerification: "required" } });
	const shared = document.getElementById("shared");
	if (shared?.checked) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "shared", value: "yes" }));
	fill(form, {
		credential: text(made.rawId), client: text(made.response.clientDataJSON),
		authdata: text(made.response.authenticatorData), signature: text(made.response.signature),
	});
}

async function add(form) {
	if (form.elements.client.value) return form.submit(); // it was made, and the proof beside it was wrong
	const { challenge, rp, user, number, shown } = form.dataset;
	const made = await navigator.credentials.create({
		publicKey: {
			challenge: bytes(challenge), rp: { id: rp, name: "Curbcut" },
			user: { id: new TextEncoder().encode(user), name: number, displayName: shown },
			pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
			authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
			attestation: "none",
		},
	});
	fill(form, {
		client: text(made.response.clientDataJSON), authdata: text(made.response.getAuthenticatorData()),
		algorithm: String(made.response.getPublicKeyAlgorithm()),
	});
}

for (const form of document.querySelectorAll("form[data-challenge]")) {
	const there = "PublicKeyCredential" in window && navigator.credentials;
	if (!there) {
		for (const words of document.querySelectorAll("[data-no-passkeys]")) words.hidden = false;
		continue;
	}
	form.hidden = false;
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		event.stopImmediatePropagation();
		(form.dataset.user ? add : signIn)(form).catch(() => {
			for (const words of document.querySelectorAll("[data-passkey-stopped]")) words.hidden = false;
		});
	}, true);
}
