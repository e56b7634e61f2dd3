// The half of checks.mjs that runs inside the page, as window.curbChecks, once a document; each function returns faults as lines,
// empty when there are none. They read the page and change nothing.

const inside = () => {
	const short = (element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 140);
	const all = (selector) => [...document.querySelectorAll(selector)];

	// ---- what is seen ----

	// What was found of an element stands for as long as one of the functions below runs.
	const found = [];
	const once = (find) => {
		const answers = new Map();
		found.push(answers);
		return (element) => {
			if (!answers.has(element)) answers.set(element, find(element));
			return answers.get(element);
		};
	};
	const fresh = (look) => (...given) => {
		for (const answers of found) answers.clear();
		return look(...given);
	};

	const folded = once((element) => {
		if (!element) return false;
		const box = element.getBoundingClientRect();
		return (box.width <= 1 || box.height <= 1) && getComputedStyle(element).overflow !== 'visible' || folded(element.parentElement);
	});
	const unseen = once((element) => folded(element) ||
		!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }));

	// Elements with text of their own, each with the rectangles of that text.
	const texts = () => {
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		const list = [];
		while (walker.nextNode()) {
			const node = walker.currentNode, element = node.parentElement;
			if (!node.data.trim() || element.closest('script, style, noscript, option, template, svg, video, textarea') || unseen(element)) continue;
			const range = document.createRange();
			range.selectNodeContents(node);
			list.push({ element, rects: [...range.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1) });
		}
		return list;
	};

	// ---- colours ----

	const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
	const known = new Map();
	// [r, g, b, alpha] of any colour that CSS can write
	const rgba = (colour) => {
		if (known.has(colour)) return known.get(colour);
		brush.canvas.width = brush.canvas.height = 1;
		brush.fillStyle = colour;
		brush.fillRect(0, 0, 1, 1);
		const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
		known.set(colour, [r, g, b, a / 255]);
		return known.get(colour);
	};
	const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
	const light = ([r, g, b]) => [r, g, b].reduce((sum, value, i) => {
		const v = value / 255;
		return sum + [0.2126, 0.7152, 0.0722][i] * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
	}, 0);
	const ratio = (a, b) => {
		const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
		return (high + 0.05) / (low + 0.05);
	};
	// What lies behind an element's content: the backgrounds of it and of what holds it, one over the other.
	const behind = once((element) => {
		if (!element) {
			const scheme = getComputedStyle(document.documentElement).colorScheme;
			const dark = scheme === 'dark' || (scheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches);
			return dark ? [18, 18, 18, 1] : [255, 255, 255, 1];
		}
		const colour = rgba(getComputedStyle(element).backgroundColor);
		return colour[3] === 1 ? colour : over(colour, behind(element.parentElement));
	});
	const opacity = once((element) => (element ? Number(getComputedStyle(element).opacity) * opacity(element.parentElement) : 1));
	const see = (element, colour) => {
		const back = behind(element), [r, g, b, a] = rgba(colour);
		return ratio(over([r, g, b, a * opacity(element)], back), back);
	};
	const large = (style) => parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);

	// Text stands out by `most` to 1, large text by `least` to 1; borders of what is filled in by 3 to 1.
	const contrast = (most, least) => {
		const faults = new Set();
		const judge = (element, colour, what) => {
			const due = large(getComputedStyle(element)) ? least : most, has = see(element, colour);
			if (has < due - 0.005) faults.add(`contrast ${has.toFixed(2)} of ${due}, ${what}: ${short(element)}`);
		};
		for (const { element, rects } of texts())
			if (rects.length) judge(element, getComputedStyle(element).color, 'text');
		for (const field of all('input:not([type=hidden]), select, textarea')) {
			if (unseen(field)) continue;
			judge(field, getComputedStyle(field).color, 'value');
			if (field.placeholder) judge(field, getComputedStyle(field, '::placeholder').color, 'placeholder');
			const style = getComputedStyle(field), around = behind(field.parentElement);
			if (/^(range|checkbox|radio)$/.test(field.type) || parseFloat(style.borderTopWidth) === 0) continue;
			if (ratio(over(rgba(style.borderTopColor), around), around) < 2.995) faults.add(`border below 3 to 1: ${short(field)}`);
		}
		return [...faults];
	};

	// Each kind of text in each of its colours, on what it stands and in what: two pages that agree in them agree in all that a rule
	// about colours may ask.
	const painted = () => [...new Set([...texts().map(({ element }) => element), ...all('input:not([type=hidden]), select, textarea')].filter((element) => !unseen(element))
		.map((element) => {
			const style = getComputedStyle(element), around = element.parentElement;
			return [element.tagName, element.className, style.color, behind(element), opacity(element), large(style), style.backgroundImage, style.textDecorationLine,
				style.textShadow, style.fontWeight, around.tagName, around.className, getComputedStyle(around).color, behind(around)].join(' ');
		}))];

	// ---- sizes ----

	const PRESSED = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=switch], [role=slider], [tabindex="0"]';
	const join = (rects) => ({
		left: Math.min(...rects.map((r) => r.left)), right: Math.max(...rects.map((r) => r.right)),
		top: Math.min(...rects.map((r) => r.top)), bottom: Math.max(...rects.map((r) => r.bottom)),
	});
	const inSentence = (element) => {
		if (!getComputedStyle(element).display.startsWith('inline')) return false;
		let block = element.parentElement;
		while (getComputedStyle(block).display === 'inline') block = block.parentElement;
		const rest = block.textContent.replace(element.textContent, '').replace(/[\s·|,.:;，。：；、]/g, '');
		return /^(p|li|dd|td|blockquote)$/i.test(block.tagName) && getComputedStyle(block).display !== 'flex' && rest.length > 0;
	};
	// What can be pressed is at least `px` wide and high; a link inside of a sentence is as high as its line.
	const targets = (px) => all(PRESSED).flatMap((element) => {
		if (unseen(element) || inSentence(element)) return [];
		const rects = [element.getBoundingClientRect()];
		if (/^(checkbox|radio)$/.test(element.type))
			for (const label of element.labels) rects.push(label.getBoundingClientRect());
		const { left, right, top, bottom } = join(rects), [width, height] = [right - left, bottom - top];
		return width < px - 0.5 || height < px - 0.5 ?
			[`target ${Math.round(width)} by ${Math.round(height)} px: ${short(element)}`] : [];
	});

	// A number for a text (cyrb53): two texts of a page have the same one by chance once in 10^15.
	const hash = (text) => {
		let a = 0xdeadbeef, b = 0x41c6ce57;
		for (let i = 0; i < text.length; i++) {
			const c = text.charCodeAt(i);
			a = Math.imul(a ^ c, 2654435761);
			b = Math.imul(b ^ c, 1597334677);
		}
		a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
		b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
		return 4294967296 * (2097151 & b) + (a >>> 0);
	};

	// Of all elements what they are, and where they are seen; a number for each.
	const outline = () => {
		const seen = [], laid = [];
		for (const element of all('body *')) {
			const hidden = unseen(element);
			seen.push(`${element.tagName} ${element.getAttribute('role') ?? ''} ${element.attributes.length} ${element.childElementCount}${hidden ? '' : '+'}`);
			if (hidden) continue;
			const { x, y, width, height } = element.getBoundingClientRect();
			laid.push([x + scrollX, y + scrollY, width, height].map(Math.round).join(' '));
		}
		return { seen: `seen ${hash(seen.join())}`, laid: `laid ${hash(laid.join())}` };
	};

	// Text that its box cuts off.
	const cutOff = () => {
		const faults = new Set();
		for (const { element } of texts())
			for (let e = element; e && e !== document.body; e = e.parentElement) {
				const style = getComputedStyle(e);
				const wide = style.overflowX !== 'visible' && style.overflowX !== 'auto' && e.scrollWidth > e.clientWidth + 1;
				const high = style.overflowY !== 'visible' && style.overflowY !== 'auto' && e.scrollHeight > e.clientHeight + 1;
				if ((wide || high) && style.display !== 'inline') faults.add(`cut off: ${short(e)}`);
			}
		for (const button of all('button, .button, select'))
			if (!unseen(button) && button.scrollWidth > button.clientWidth + 1) faults.add(`cut off: ${short(button)}`);
		return [...faults];
	};

	// Text on text, and a thing to press on another.
	const overlaps = () => {
		const faults = new Set();
		const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 &&
			Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
		const apart = (a, b) => !a.element.contains(b.element) && !b.element.contains(a.element);
		// what scrolls inside of its own box or lies on a layer of its own may pass over others
		const afloat = (element) => element.closest('dialog') || [...function* () {
			for (let e = element; e; e = e.parentElement) yield getComputedStyle(e).position;
		}()].some((position) => position === 'fixed' || position === 'sticky');
		const words = texts().filter(({ element }) => !afloat(element));
		const things = all(PRESSED).filter((element) => !unseen(element) && !afloat(element))
			.map((element) => ({ element, rects: [...element.getClientRects()] }));
		for (const list of [words, things])
			for (let i = 0; i < list.length; i++)
				for (let k = i + 1; k < list.length; k++)
					if (apart(list[i], list[k]) && list[i].rects.some((a) => list[k].rects.some((b) => cross(a, b))))
						faults.add(`overlap: ${short(list[i].element)} and ${short(list[k].element)}`);
		return [...faults];
	};

	// ---- the focus ----

	const ringed = (element) => {
		const style = getComputedStyle(element);
		const held = element.closest('.video-js') ?? element.parentElement; // a library may ring what is inside of its own box
		const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && ratio(rgba(style.outlineColor), behind(held)) >= 2.995;
		return ring || style.boxShadow !== 'none';
	};
	// What is wrong with how the focus is shown now; a line each.
	const shown = () => {
		const element = document.activeElement, faults = ringed(element) ? [] : [`focus is not seen: ${short(element)}`];
		const rects = [...element.getClientRects()].filter((rect) => rect.width > 1 && rect.height > 1);
		if (/^(checkbox|radio)$/.test(element.type) && !rects.length) return faults;
		const inView = rects.filter((r) => r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth);
		if (!inView.length) return [...faults, `focus is outside of what is seen: ${short(element)}`];
		const first = inView[0];
		const round = Math.min(16, first.width / 4, first.height / 4); // corners may be round
		const [x1, x2] = [Math.max(first.left, 0) + round, Math.min(first.right, innerWidth) - round];
		const [y1, y2] = [Math.max(first.top, 0) + round, Math.min(first.bottom, innerHeight) - round];
		for (const [x, y] of [[x1, y1], [x2, y1], [x1, y2], [x2, y2], [(x1 + x2) / 2, (y1 + y2) / 2]]) {
			const top = document.elementFromPoint(x, y);
			if (!top || top.contains(element) || element.contains(top) || [...(element.labels ?? [])].some((label) => label.contains(top))) continue;
			faults.push(`focus is covered by ${short(top)}: ${short(element)}`);
			break;
		}
		return faults;
	};

	// The next Tab begins at the top of the page.
	const rewind = () => {
		getSelection().removeAllRanges();
		document.body.tabIndex = -1;
		document.body.focus();
		document.body.removeAttribute('tabindex');
		document.activeElement.blur();
		scrollTo(0, 0);
	};

	// From here on each press of Tab is looked at, until nothing has the focus or what had it before.
	let met = [], faulty = new Set(), ended = true;
	const pressed = ({ key }) => {
		if (ended || key !== 'Tab') return;
		const element = document.activeElement;
		ended = element === document.body || element === document.documentElement || met.includes(element);
		if (ended) return;
		met.push(element);
		for (const line of shown()) faulty.add(line);
	};
	const follow = () => {
		[met, faulty, ended] = [[], new Set(), false];
		rewind();
		addEventListener('keyup', pressed, true);
	};
	// Whether the end was come to; what was met lies in curbChecks.met then, and faults are told when `enough`.
	const followed = (enough) => {
		if (!ended && !enough && document.activeElement !== document.body) return null;
		ended = true;
		removeEventListener('keyup', pressed, true);
		window.curbChecks.met = met;
		return [...faulty];
	};

	// Of all that Tab came to before: what has no ring in the colours of now.
	const rings = () => {
		const faults = [];
		for (const element of met) {
			if (!element.isConnected || unseen(element)) continue;
			element.focus({ preventScroll: true, focusVisible: true });
			if (document.activeElement === element && !ringed(element)) faults.push(`focus is not seen: ${short(element)}`);
		}
		rewind();
		return faults;
	};

	// Things to press that Tab did not come to.
	const notReached = () => all(PRESSED).filter((element) => !met.includes(element) && element.tabIndex >= 0 &&
		!element.disabled && !element.closest('[inert]') && !unseen(element) &&
		// of radio buttons one is a stop; the others are reached by arrows
		!(element.type === 'radio' && met.some((other) => other.type === 'radio' && other.name === element.name)))
		.map((element) => `Tab does not come to: ${short(element)}`);

	// ---- names ----

	const title = () => {
		const head = document.querySelector('h1')?.innerText.trim();
		return head && !document.title.includes(head) ? [`the title does not say "${head}": ${document.title}`] : [];
	};
	// WCAG 2.5.3: what is seen on a thing is part of its name, for who speaks it to the machine.
	const labelInName = () => all('button, a[href], [role=button], [role=tab]').flatMap((element) => {
		const name = element.getAttribute('aria-label'), seen = element.innerText.replace(/\s+/g, ' ').trim();
		return name && seen && !unseen(element) && !name.includes(seen) ? [`"${seen}" is named "${name}"`] : [];
	});

	const looks = { contrast, painted, targets, outline, cutOff, overlaps, follow, followed, rings, rewind, notReached, title, labelInName };
	// Some of them, by name and what they are given, with one look at the page for all.
	const some = fresh((list) => list.map(([name, ...given]) => looks[name](...given)));
	window.curbChecks = { some, met };
};

// [[name, …given], …]: what each of them says. It is put into a page only once: the source is longer than all that is asked.
export async function inPage(page, list) {
	const ask = () => page.evaluate((wanted) => window.curbChecks?.some(wanted), list);
	const said = await ask();
	if (said) return said;
	await page.evaluate(`(${inside.toString()})()`);
	return ask();
}
