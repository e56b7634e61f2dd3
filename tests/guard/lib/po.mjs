// The texts of a gettext catalog: {source: translation}.
import { readFileSync } from 'node:fs';

export function readPo(file) {
	const texts = {};
	let key = null, msg = { msgid: '', msgstr: '' };
	const done = () => { if (msg.msgid) texts[msg.msgid] = msg.msgstr; };
	for (const line of readFileSync(file, 'utf8').split('\n')) {
		const [, name, text] = /^(msgid|msgstr)? ?("(?:[^"\\]|\\.)*")$/.exec(line) ?? [];
		if (name === 'msgid') { done(); msg = { msgid: '', msgstr: '' }; }
		if (name) key = name;
		if (text && key) msg[key] += JSON.parse(text);
	}
	done();
	return texts;
}
