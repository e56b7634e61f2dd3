// Spreadsheets as programs write them: shared texts, texts in the cell, rich texts, formulas, several sheets.
import { zip } from '../../ingest/lib/zip.mjs';

export const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const letter = (n) => String.fromCharCode(65 + n);
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main', types = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

// What stands in a cell: a text, a number, or {raw: '<c …>'} with @ for its place.
function cell(value, place, shared) {
	if (value === null || value === undefined || value === '') return '';
	if (value.raw) return value.raw.replaceAll('@', place);
	if (typeof value === 'number') return `<c r="${place}"><v>${value}</v></c>`;
	if (!shared) return `<c r="${place}" t="inlineStr"><is><t>${escaped(value)}</t></is></c>`;
	if (!shared.includes(value)) shared.push(value);
	return `<c r="${place}" t="s"><v>${shared.indexOf(value)}</v></c>`;
}

function sheet({ rows, merged = [], hidden = [], first = 1 }, shared) {
	const lines = rows.map((cells, i) => `<row r="${first + i}"${hidden.includes(first + i) ? ' hidden="1"' : ''}>${cells.map((value, k) => cell(value, letter(k) + (first + i), shared)).join('')}</row>`);
	const merges = merged.length ? `<mergeCells count="${merged.length}">${merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>` : '';
	return `${declaration}<worksheet xmlns="${main}"><sheetData>${lines.join('')}</sheetData>${merges}</worksheet>`;
}

const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="165" formatCode="[$-804]h:mm"/></numFmts><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`;

// sheets: [{name, state, rows, merged, hidden}]; more: entries beside them; inside: texts stand in their cells.
export function workbook(sheets, { inside = false, since1904 = false, more = [], macros = false } = {}) {
	const shared = inside ? null : [], bodies = sheets.map((one) => sheet(one, shared));
	const links = [...sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${types}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`), `<Relationship Id="s" Type="${types}/styles" Target="styles.xml"/>`, ...shared ? [`<Relationship Id="t" Type="${types}/sharedStrings" Target="/xl/sharedStrings.xml"/>`] : []];
	const list = (rows) => `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${rows.join('')}</Relationships>`;
	const entries = [
		['[Content_Types].xml', `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.${macros ? 'ms-excel.sheet.macroEnabled' : 'openxmlformats-officedocument.spreadsheetml.sheet'}.main+xml"/></Types>`],
		['_rels/.rels', list([`<Relationship Id="rId1" Type="${types}/officeDocument" Target="xl/workbook.xml"/>`])],
		['xl/workbook.xml', `${declaration}<workbook xmlns="${main}" xmlns:r="${types}"><workbookPr${since1904 ? ' date1904="1"' : ''}/><sheets>${sheets.map(({ name = 'Sheet1', state }, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`],
		['xl/_rels/workbook.xml.rels', list(links)],
		['xl/styles.xml', styles],
		...shared ? [['xl/sharedStrings.xml', `${declaration}<sst xmlns="${main}">${shared.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`]] : [],
		...bodies.map((body, i) => [`xl/worksheets/sheet${i + 1}.xml`, body]),
		...more,
	];
	return zip(entries.map(([name, text]) => ({ name, bytes: Buffer.from(text), deflate: true })));
}

// The texts of a zip without compression, by their names.
export function unzip(bytes) {
	const parts = {};
	for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
		const size = bytes.readUInt32LE(at + 18), from = at + 30 + bytes.readUInt16LE(at + 26);
		parts[bytes.toString('utf8', at + 30, from)] = bytes.toString('utf8', from, from + size);
		at = from + size;
	}
	return parts;
}
