/* The QR code of a sign-in card opens this page with what stands on the card behind the address's "#", which no server and
 * no log sees. Old phones scan these cards: nothing here is newer than they are. */
(function () {
	var form = document.querySelector("form[data-card]"), card = {}, parts, i, pair, secret;
	if (!form || location.hash.length < 4) return;
	parts = location.hash.slice(1).split("&");
	for (i = 0; i < parts.length; i++) {
		pair = parts[i].split("=");
		try {
			card[pair[0]] = decodeURIComponent(pair[1] || "");
		} catch (e) { return; }
	}
	if (!card.n || !card.c) return;
	secret = form.elements.password;
	if (!secret) { // the page that asks one thing after the other: with a card there is nothing left to ask
		secret = form.appendChild(document.createElement("input"));
		secret.type = "hidden";
		secret.name = "password";
	}
	form.elements.name.value = card.n;
	secret.value = card.c;
	if (history.replaceState) history.replaceState(null, "", location.pathname + location.search);
	form.querySelector("button").focus();
})();
