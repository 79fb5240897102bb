// Finds links in a text. Everything else remains text.

/** A part of a text; `href` is empty for plain text. */
export interface Piece {
  text: string;
  href: string;
}

/** The characters of a URL. Chinese text that follows without a space is not part of it. */
const ADDRESS = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/gi;
const END_MARKS = /[.,;:!?'"*]$/;
const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Splits a text into plain parts and links. The concatenation of the parts is the text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  const plain = (until: number): void => {
    if (until > end) found.push({ text: text.slice(end, until), href: "" });
    end = Math.max(end, until);
  };
  for (const match of text.matchAll(ADDRESS)) {
    const shown = withoutEndMarks(match[0]);
    const href = safeAddress(shown);
    if (href === "") continue;
    plain(match.index);
    found.push({ text: shown, href });
    end = match.index + shown.length;
  }
  plain(text.length);
  return found;
}

/** The normalised URL, or an empty string when it must not be a link. User names in URLs are refused, because they disguise the host. */
export function safeAddress(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return "";
  }
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  return isWeb && url.username === "" && url.password === "" ? url.href : "";
}

/** Removes trailing punctuation, and a closing bracket that was opened before the URL. */
function withoutEndMarks(address: string): string {
  let text = address;
  for (;;) {
    const last = text.charAt(text.length - 1);
    const opening = BRACKETS[last];
    const isUnpaired = opening !== undefined && count(text, last) > count(text, opening);
    if (!END_MARKS.test(text) && !isUnpaired) return text;
    text = text.slice(0, -1);
  }
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
