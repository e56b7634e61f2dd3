// Pages that look alike are looked at once. What a page holds that is not seen, or is a number of its own, makes no difference.
import { createHash } from 'node:crypto';

const NUMBERS = /\b(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16})\b/g;
const hash = (text) => createHash('sha256').update(text).digest('base64url');

const seen = (html) => html.replace(NUMBERS, '0')
	.replace(/<input type="hidden"[^>]*>/g, '<input type="hidden">')
	.replace(/( data-[a-z-]+)="[\w-]{20,}"/g, '$1=""')
	.replace(/(<(?:a|form)\b[^>]*) (?:href|action)="[^#"][^"]*"/g, '$1 leads=""');

// {whole, main, frame}: one for all that is the same in a language. The frame is the page around its main part, wherever one is.
export function marks(html, lang) {
	const body = seen(html), from = body.indexOf('<main'), to = body.indexOf('</main>');
	const frame = (body.slice(0, from) + body.slice(to)).replace(/<title>[^<]*/, '<title>').replace(/ aria-current="page"/g, '');
	return { whole: hash(lang + body), main: hash(lang + body.slice(from, to)), frame: hash(lang + frame) };
}
