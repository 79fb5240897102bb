// A button with a small panel beside it.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useDismiss } from "../ui/dismiss";

export function Popover({ label, face, disabled, children }: { label: string; face: ComponentChildren; disabled?: boolean; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!open || !button.current || !panel.current) return;
    const anchor = button.current.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = panel.current;
    // Beside a vertical toolbar, above a horizontal one.
    const beside = anchor.right + 8 + offsetWidth <= innerWidth && innerWidth > innerHeight;
    const left = beside ? anchor.right + 8 : anchor.left;
    const top = beside ? anchor.top : anchor.top - 8 - offsetHeight;
    style.left = `${Math.max(4, Math.min(left, innerWidth - offsetWidth - 4))}px`;
    style.top = `${Math.max(4, Math.min(top, innerHeight - offsetHeight - 4))}px`;
    panel.current.querySelector<HTMLElement>('[aria-pressed="true"], button')?.focus();
  }, [open]);

  useDismiss(open, [button, panel], () => setOpen(false));

  return (
    <>
      <button ref={button} type="button" class="icon-button" aria-label={label} title={label} aria-haspopup="dialog" aria-expanded={open} disabled={disabled} onClick={() => setOpen(!open)}>
        {face}
      </button>
      {open && (
        <div
          ref={panel}
          class="board-popover"
          role="dialog"
          aria-label={label}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            setOpen(false);
            button.current?.focus();
          }}
        >
          {children}
        </div>
      )}
    </>
  );
}
