// The text of a message, with links, and collapsed if it is long. It is never rendered as HTML.

import { useState } from "preact/hooks";

import { t } from "../i18n";
import { pieces } from "./links";

const FOLDED_CHARS = 900;
const FOLDED_LINES = 14;

export function MessageText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const folded = fold(text);
  const shown = whole || folded === null ? text : folded;
  return (
    <>
      <p class="message-text">
        {pieces(shown).map((piece, index) =>
          piece.href === "" ? piece.text : <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>,
        )}
        {folded !== null && !whole && "…"}
      </p>
      {folded !== null && <button type="button" class="link-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>{t(whole ? "chat.less" : "chat.more")}</button>}
    </>
  );
}

/** The beginning of a long text; `null` for a short one. */
export function fold(text: string): string | null {
  const lines = text.split("\n");
  if (text.length <= FOLDED_CHARS && lines.length <= FOLDED_LINES) return null;
  // Split by code points, so that no surrogate pair is cut in half.
  return Array.from(lines.slice(0, FOLDED_LINES).join("\n").slice(0, FOLDED_CHARS)).slice(0, -1).join("");
}
