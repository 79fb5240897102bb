// The text editor on the board, at the position of the text. Keys of an input method are left to it.

import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { FONT } from "./draw";
import type { Drawing } from "./drawing";
import { LINE_HEIGHT, PAGE_WIDTH } from "./geometry";
import type { Editing, Stage } from "./stage";
import { itemId } from "./stroke";

const MAX_CHARS = 2000;

export function TextEditor({ drawing, stage }: { drawing: Drawing; stage: Stage }) {
  const editing = stage.editing.value;
  return editing && <Editor key={`${editing.page} ${editing.x} ${editing.y}`} editing={editing} drawing={drawing} stage={stage} />;
}

function Editor({ editing, drawing, stage }: { editing: Editing; drawing: Drawing; stage: Stage }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const text = useRef(editing.text);

  const commit = (): void => {
    if (stage.editing.peek() === editing) stage.editing.value = null;
    // The server refuses control characters, which pasted text may contain.
    const written = text.current.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "").trimEnd();
    text.current = editing.text;
    if (written === editing.text) return;
    const { x, y, size, color, replaces, page } = editing;
    const instead = replaces ? [replaces] : [];
    if (written) drawing.add([{ id: itemId(), kind: "text", color, points: [x, y], text: written, size }], instead, page);
    else drawing.remove(instead, page);
  };

  // Focused in the layout effect, so that no keystroke is lost.
  useLayoutEffect(() => {
    field.current?.focus();
    // Also commits when the page or the layout changes.
    return commit;
  }, []);

  const grow = (): void => {
    if (!field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  };
  const { scale, dx, dy } = stage.transform.value;
  useLayoutEffect(grow, [scale]);

  return (
    <textarea
      ref={field}
      class={editing.replaces ? "board-text replaces" : "board-text"}
      aria-label={t("board.textField")}
      maxLength={MAX_CHARS}
      rows={1}
      defaultValue={editing.text}
      style={{
        left: `${editing.x * scale + dx}px`,
        top: `${editing.y * scale + dy}px`,
        width: `${Math.max((PAGE_WIDTH - editing.x) * scale, 24)}px`,
        color: editing.color,
        font: `${editing.size * scale}px/${LINE_HEIGHT} ${FONT}`,
      }}
      onInput={(event) => {
        text.current = event.currentTarget.value;
        grow();
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.isComposing || event.keyCode === 229) return;
        if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
          event.preventDefault();
          stage.element.focus();
        }
      }}
    />
  );
}
