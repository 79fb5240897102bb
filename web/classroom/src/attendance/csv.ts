// Writes a table as CSV (RFC 4180) for spreadsheets: with a byte order mark, and with no cell that a spreadsheet takes for a formula.

/** A cell: a number stays a number, and a time of ours is one; a text that a spreadsheet would change gets an apostrophe. */
export type Cell = string | number | { time: string } | null;

const BYTE_ORDER_MARK = "\uFEFF";
const LINE_END = "\r\n";
/** What a spreadsheet may take for the end of a cell. */
const SEPARATED = /[^,;\t\r\n]*(?:[,;\t\r\n]|$)/g;
/** A formula, also behind blanks, quotes, invisible characters, and with full-width signs. */
const FORMULA = /^[\s"\u0000-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]*[=+\-@＝＋－＠]/;
/** A text that a spreadsheet shows as another number, a date, a time or a truth value. */
const VALUE = /^[.$¥￥€£(]*\p{N}|^(?:true|false)$|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec).*\p{N}$/iu;
/** A number that is shown as it is. */
const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,10})$/;

/** The whole file. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => row.map(cellText).join(",") + LINE_END).join("");
}

/** One cell as it stands in the file. */
export function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  if (typeof cell === "object") return cell.time;
  const text = cell.trim();
  const isChanged = VALUE.test(text) && !PLAIN_NUMBER.test(text);
  return quoted(harmless(isChanged ? `'${cell}` : cell));
}

/** Puts an apostrophe before each formula: at the beginning, and behind everything that may end a cell. */
function harmless(text: string): string {
  const start = /^[\t\r]/.test(text) ? "'" : "";
  return start + text.replace(SEPARATED, (part) => (FORMULA.test(part) ? `'${part}` : part));
}

function quoted(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
