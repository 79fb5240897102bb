// Writes a table as CSV (RFC 4180) for spreadsheets, with a byte order mark. No cell can be read as a formula.

/** A cell. A `{ time }` is written as it is. A string that a spreadsheet would convert gets a leading apostrophe. */
export type Cell = string | number | { time: string } | null;

const BYTE_ORDER_MARK = "\uFEFF";
const LINE_END = "\r\n";
/** A part of a cell, up to a character that some spreadsheets read as a separator. */
const SEPARATED = /[^,;\t\r\n]*(?:[,;\t\r\n]|$)/g;
/** A formula. Blanks, quotes and invisible characters may precede its sign, which may be a full-width one. */
const FORMULA = /^[\s"\u0000-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]*[=+\-@＝＋－＠]/;
/** A string that a spreadsheet converts to another number, a date, a time or a boolean. */
const VALUE = /^[.$¥￥€£(]*\p{N}|^(?:true|false)$|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec).*\p{N}$/iu;
/** A number that a spreadsheet shows unchanged. */
const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,10})$/;

/** The whole file. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => row.map(cellText).join(",") + LINE_END).join("");
}

/** One cell, escaped for the file. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  if (typeof cell === "object") return cell.time;
  const text = cell.trim();
  const isChanged = VALUE.test(text) && !PLAIN_NUMBER.test(text);
  return quoted(harmless(isChanged ? `'${cell}` : cell));
}

/** Puts an apostrophe before each formula: at the start of the text, and after every separator. */
function harmless(text: string): string {
  const start = /^[\t\r]/.test(text) ? "'" : "";
  return start + text.replace(SEPARATED, (part) => (FORMULA.test(part) ? `'${part}` : part));
}

function quoted(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
