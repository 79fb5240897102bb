// Finds the addresses in a text, so that they can be shown as links. Everything else stays text.

/** A piece of a text: `href` is empty for plain text. */
export interface Piece {
  text: string;
  href: string;
}

/** The characters of an address. Chinese text that follows without a blank is not part of it. */
const ADDRESS = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/gi;
const END_MARKS = /[.,;:!?'"*]$/;
const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[" };

/** Splits a text into plain pieces and links. Joined together, the pieces are the text again. */
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

/** The address if a link may lead there, else an empty text. Names in front of the host are refused: they hide the host. */
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

/** Without the marks that end a sentence, and without a bracket that was opened before the address. */
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
