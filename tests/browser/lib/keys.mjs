// A person with a keyboard: Tab to a thing by the name that a screen reader says, then press.

// Name and role of what has the focus, as the browser's accessibility tree tells them.
export async function focused(page) {
	const session = await page.context().newCDPSession(page);
	try {
		const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' });
		const { nodes } = await session.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false });
		const name = nodes[0]?.name?.value ?? '';
		return { name: name.trim(), role: nodes[0]?.role?.value ?? '' }; // some Chromium keep the space behind a label
	} finally {
		await session.detach();
	}
}

const matches = (text, wanted) => (wanted instanceof RegExp ? wanted.test(text) : text === wanted);

// Presses Tab until a thing of that name (text or RegExp) and role (if given) has the focus. Says what it
// passed when it never comes, at most `limit` stops on.
export async function tabTo(page, name, { role, limit = 80, back = false } = {}) {
	const passed = [];
	for (let i = 0; i < limit; i++) {
		await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
		const now = await focused(page);
		if (matches(now.name, name) && (!role || now.role === role)) return now;
		passed.push(`${now.role} "${now.name}"`);
	}
	throw new Error(`Tab never came to ${role ?? 'anything'} named ${name}; it passed ${passed.join(', ')}`);
}

// Tabs to it and presses a key; waits for the page that follows when `leaves` is set.
export async function press(page, name, { key = 'Enter', leaves = false, ...options } = {}) {
	await tabTo(page, name, options);
	if (!leaves) return page.keyboard.press(key);
	await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
}

// Tabs to a field by its label and types.
export async function type(page, label, text) {
	await tabTo(page, label, { role: 'textbox' });
	await page.keyboard.press('Control+a');
	await page.keyboard.type(text);
}

// True when the focus can be seen: an outline or a shadow, drawn in a colour.
export async function focusShows(page) {
	return page.evaluate(() => {
		const style = getComputedStyle(document.activeElement);
		return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
	});
}

// Signs in on the sign-in page as a person does without a mouse; ends on the page that follows.
export async function signInByKeys(page, server, account) {
	await page.goto(`${server.origin}/signin`);
	await type(page, /学号或手机号|Learner number or phone/, account.name);
	await type(page, /密码|Password or PIN/, account.password);
	await press(page, /^(登录|Sign in)$/, { role: 'button', leaves: true });
}
