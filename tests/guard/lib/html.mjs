// Reads pages as our templates write them: every attribute quoted, every tag closed or void.
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
export const decoded = (text) => text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, dec, hex, name) => (dec ? String.fromCodePoint(Number(dec)) : hex ? String.fromCodePoint(parseInt(hex, 16)) : ENTITIES[name] ?? all));

const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z_:][a-z0-9_:.-]*(?:="[^"]*")?)*)\s*\/?>|<!--[^]*?-->|<!doctype[^>]*>/gi;
const attributesOf = (text) => Object.fromEntries([...text.matchAll(/([a-z_:][a-z0-9_:.-]*)(?:="([^"]*)")?/gi)].map(([, name, value]) => [name.toLowerCase(), decoded(value ?? '')]));
const VOID = new Set(['input', 'meta', 'link', 'br', 'img', 'hr', 'source', 'track', 'path', 'use', 'circle', 'rect', 'line', 'polyline', 'polygon', 'ellipse']);

// {forms, links, texts: text of each element with an id, words: [{text, attribute?, tag, lang}]}
export function read(html) {
	const page = { forms: [], links: [], texts: {}, words: [] };
	const open = [];
	let at = 0, form = null, area = null, select = null;
	const say = (text) => {
		for (const one of open) if (one.attributes.id) page.texts[one.attributes.id] = (page.texts[one.attributes.id] ?? '') + text;
		if (area) area.value += text;
		if (text.trim()) page.words.push({ text: text.trim(), tag: open.at(-1)?.tag, path: open.map(({ tag }) => tag), langs: open.map(({ attributes }) => attributes.lang).filter(Boolean), translate: open.map(({ attributes }) => attributes.translate).filter(Boolean) });
	};
	for (const found of html.matchAll(TAG)) {
		if (!['script', 'style'].includes(open.at(-1)?.tag)) say(decoded(html.slice(at, found.index)));
		at = found.index + found[0].length;
		const [, end, name, rest] = found;
		if (!name) continue;
		const tag = name.toLowerCase();
		if (end) {
			while (open.length && open.pop().tag !== tag);
			if (tag === 'form') form = null;
			if (tag === 'textarea') { area.value = area.value.replace(/^\n/, ''); area = null; }
			if (tag === 'select') select = null;
			continue;
		}
		const attributes = attributesOf(rest);
		if (!VOID.has(tag) && !found[0].endsWith('/>')) open.push({ tag, attributes });
		for (const attribute of ['aria-label', 'title', 'alt', 'placeholder', 'aria-description', 'aria-valuetext'])
			if (attributes[attribute]?.trim()) page.words.push({ text: attributes[attribute].trim(), attribute, tag, path: open.map((one) => one.tag), langs: open.map((one) => one.attributes.lang).filter(Boolean), translate: open.map((one) => one.attributes.translate).filter(Boolean) });
		if (tag === 'a' && attributes.href) page.links.push(attributes.href);
		if (tag === 'form') page.forms.push(form = { method: (attributes.method ?? 'get').toUpperCase(), action: attributes.action, files: attributes.enctype === 'multipart/form-data', fields: [], buttons: [] });
		if (!form) continue;
		if (tag === 'button') form.buttons.push(attributes);
		if (tag === 'input' || tag === 'textarea' || tag === 'select') {
			const field = { tag, type: tag === 'input' ? attributes.type ?? 'text' : tag, name: attributes.name, id: attributes.id, value: attributes.value ?? '', checked: 'checked' in attributes, required: 'required' in attributes, invalid: attributes['aria-invalid'] === 'true', describedby: (attributes['aria-describedby'] ?? '').split(' ').filter(Boolean), options: [] };
			if (['submit', 'button', 'reset'].includes(field.type)) form.buttons.push(attributes);
			else form.fields.push(field);
			if (tag === 'textarea') area = field;
			if (tag === 'select') select = field;
		}
		if (tag === 'option' && select) {
			select.options.push(attributes.value);
			if ('selected' in attributes || select.options.length === 1) select.value = attributes.value;
		}
	}
	return page;
}

const TYPED = ['text', 'search', 'tel', 'email', 'url', 'number', 'password', 'textarea', 'date'];
export const isTyped = (field) => field.name && TYPED.includes(field.type);
export const named = (form, name) => form.fields.find((field) => field.name === name);

// What a browser sends: every field that has a value, the chosen ones of choices, the pressed button.
export function filled(form, values = {}, button = form.buttons.find((one) => one.type !== 'button')) {
	const sent = [];
	for (const field of form.fields) {
		if (!field.name) continue;
		if (field.type === 'checkbox' || field.type === 'radio') {
			const wanted = values[field.name];
			if (wanted === undefined ? field.checked : [wanted].flat().includes(field.value)) sent.push([field.name, field.value]);
		} else if (field.type === 'file') sent.push([field.name, values[field.name] ?? { name: '', bytes: Buffer.alloc(0) }]);
		else sent.push([field.name, field.type === 'hidden' ? field.value : values[field.name] ?? field.value]);
	}
	if (button?.name) sent.push([button.name, button.value ?? '']);
	return sent;
}
