// Texts of a page in a pseudo-language that stand outside of its brackets, and are not what somebody called something.
import { HEADINGS } from './cells_lists.mjs';

export const DATA = ['Curbcut', 'Massage, beginners', 'Planned', 'Practice', 'Lessons', 'Lesson 1', 'Lesson 2', 'book', 'Base of Jinan', 'Base of Qingdao', 'Base of Fuzhou', 'Jinan', 'Qingdao', 'Fuzhou', 'Shandong', 'Fujian',
	'Federation of Shandong', 'Federation of Fujian', 'gone', 'MB', 'GB', 'too small', 'Somebody', 'pupil-home', 'pupil-near', 'pupil-far', 'No. 3', 'No. 5', 'Notice of presence', 'Why so few?', 'Interpreter Li', 'On paper', 'She moves away', 'l …', 'Base', 'Li', '山东省“十四五”残疾人职业技能提升计划', '六（二）', 'u1', 'catalog', 'credit', 'video', 'audiobook', 'document', 'certificate', 'bank', 'exchange', 'M1', 'L1', 'L2', 'Zhang', '常用表头', '不合格', '合格', ...HEADINGS];

// What is left of a text when all that is in brackets is taken out.
export function outside(text) {
	let depth = 0, left = '';
	for (const c of text) {
		if (c === '⟦') depth++;
		else if (c === '⟧') depth--;
		else if (depth === 0) left += c;
	}
	return left;
}

const CODE = /^[a-z0-9]+\.[a-z0-9_-]+$/; // of a finding
const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

export function untranslated(text, names = []) {
	let left = outside(text).replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ' ');
	for (const known of [...DATA].sort((a, b) => b.length - a.length)) left = left.replaceAll(known, ' – ');
	const parts = left.split(/[\s–·:,;()|/]{2,}| – /).map((part) => part.trim());
	return parts.filter((part) => /\p{L}/u.test(part) && !names.includes(part) && !ID.test(part) && !CODE.test(part));
}
