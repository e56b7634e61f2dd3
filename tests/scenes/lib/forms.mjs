// Pages and their forms as a browser without scripts uses them, with a bearer token instead of the cookie.
const html = { Accept: 'text/html', 'Accept-Language': 'en' };

async function ask(client, address, more) {
	const reply = await fetch(client.origin + address, { redirect: 'manual', ...more, headers: { ...client.headers, ...html } });
	return { status: reply.status, headers: Object.fromEntries(reply.headers), text: await reply.text() };
}

export const pageOf = (client, address) => ask(client, address, {});

const post = (client, address, body) => ask(client, address, { method: 'POST', body }); // URLSearchParams: the type of forms

// Opens the page `at`, fills its form for `action` (absent: the page's own address) and sends it. again() sends the same once more.
export async function sendForm(client, at, fields, action = at) {
	const { text } = await pageOf(client, at);
	const form = [...text.matchAll(/<form[^>]*action="([^"]+)"[^]*?<\/form>/g)].find((found) => found[1] === action)?.[0] ?? '';
	const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((found) => [found[1], found[2]]);
	const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
	const reply = await post(client, action, body);
	reply.again = () => post(client, action, body);
	return reply;
}
