/* Sign-in cards and passkeys, in one script. Old phones scan the cards: nothing here is newer than they are, and what a
 * browser may lack is asked for first. */
(function () {
	var card = readCard(), cards = document.querySelector("form[data-card]");
	var passkeys = document.querySelectorAll("form[data-challenge]"), i;
	/* where one thing is asked after the other: what is asked beside the password, which cards and passkeys stand for */
	var later = document.querySelector("[data-asked-later]");

	/* ---- the QR code of a card opens this page with what stands on the card behind the address's "#", which no server and
	 * no log sees ---- */

	function readCard() {
		var read = {}, parts = location.hash.slice(1).split("&"), k, pair;
		for (k = 0; k < parts.length; k++) {
			pair = parts[k].split("=");
			try {
				read[pair[0]] = decodeURIComponent(pair[1] || "");
			} catch (e) { return {}; }
		}
		return read;
	}

	function takeCard(form) {
		var secret = form.elements.password, first = form.querySelector("button");
		if (!secret) { // it is asked on the next page
			secret = form.appendChild(document.createElement("input"));
			secret.type = "hidden";
			secret.name = "password";
		}
		form.elements.name.value = card.n;
		secret.value = card.c;
		if (history.replaceState) history.replaceState(null, "", location.pathname + location.search);
		if (later) {
			later.hidden = false;
			first = form.elements.shared;
		}
		first.focus();
	}

	/* ---- passkeys: the browser asks the device, the form carries what it says ---- */

	function bytes(text) {
		var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/")), all = new Uint8Array(raw.length), k;
		for (k = 0; k < raw.length; k++) all[k] = raw.charCodeAt(k);
		return all;
	}

	function text(buffer) {
		return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/[=]/g, "");
	}

	function fill(form, fields) {
		for (var name in fields) form.elements[name].value = fields[name];
		form.submit();
	}

	function signIn(form) {
		var asked = { challenge: bytes(form.dataset.challenge), rpId: form.dataset.rp, userVerification: "required" };
		return navigator.credentials.get({ publicKey: asked }).then(function (made) {
			var shared = document.getElementById("shared"), kept;
			if (shared && shared.checked && shared.form !== form) {
				kept = form.appendChild(document.createElement("input"));
				kept.type = "hidden";
				kept.name = "shared";
				kept.value = "yes";
			}
			fill(form, {
				credential: text(made.rawId), client: text(made.response.clientDataJSON),
				authdata: text(made.response.authenticatorData), signature: text(made.response.signature)
			});
		});
	}

	function add(form) {
		var data = form.dataset;
		if (form.elements.client.value) return form.submit(); // it was made, and the proof beside it was wrong
		return navigator.credentials.create({
			publicKey: {
				challenge: bytes(data.challenge), rp: { id: data.rp, name: "Curbcut" },
				user: { id: new TextEncoder().encode(data.user), name: data.number, displayName: data.shown },
				pubKeyCredParams: [-7, -8, -257].map(function (alg) { return { type: "public-key", alg: alg }; }),
				authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
				attestation: "none"
			}
		}).then(function (made) {
			fill(form, {
				client: text(made.response.clientDataJSON), authdata: text(made.response.getAuthenticatorData()),
				algorithm: String(made.response.getPublicKeyAlgorithm())
			});
		});
	}

	function show(mark) {
		var all = document.querySelectorAll("[" + mark + "]"), k;
		for (k = 0; k < all.length; k++) all[k].hidden = false;
	}

	function offer(form) {
		form.hidden = false;
		if (later && later.hidden) {
			form.insertBefore(later, form.querySelector("button"));
			later.hidden = false;
		}
		form.addEventListener("submit", function (event) {
			event.preventDefault();
			event.stopImmediatePropagation();
			Promise.resolve(form).then(form.dataset.user ? add : signIn).catch(function () { show("data-passkey-stopped"); });
		}, true);
	}

	if (cards && card.n && card.c) takeCard(cards);
	if (!window.PublicKeyCredential || !navigator.credentials) show("data-no-passkeys");
	else for (i = 0; i < passkeys.length; i++) offer(passkeys[i]);
})();
