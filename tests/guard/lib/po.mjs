// The texts of a gettext catalog: {source: translation}; with `all` also those of a context (easy words): {context\4source: …}.
import { readFileSync } from 'node:fs';

export function readPo(file, all = false) {
	const texts = {};
	let key = null, msg = { msgctxt: '', msgid: '', msgstr: '' };
	const done = () => { if (msg.msgid && (all || !msg.msgctxt)) texts[msg.msgctxt ? `${msg.msgctxt}\x04${msg.msgid}` : msg.msgid] = msg.msgstr; };
	for (const line of readFileSync(file, 'utf8').split('\n')) {
		const [, name, text] = /^(msgctxt|msgid|msgstr)? ?("(?:[^"\\]|\\.)*")$/.exec(line) ?? [];
		if (name === 'msgctxt' || (name === 'msgid' && key !== 'msgctxt')) {
			done();
			msg = { msgctxt: '', msgid: '', msgstr: '' };
		}
		if (name) key = name;
		if (text && key) msg[key] += JSON.parse(text);
	}
	done();
	return texts;
}
