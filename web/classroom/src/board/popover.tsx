// A button with a small panel beside it.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export function Popover({ label, face, disabled, children }: { label: string; face: ComponentChildren; disabled?: boolean; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!open || !button.current || !panel.current) return;
    const anchor = button.current.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = panel.current;
    // Beside a column of tools, above a row of them.
    const beside = anchor.right + 8 + offsetWidth <= innerWidth && innerWidth > innerHeight;
    const left = beside ? anchor.right + 8 : anchor.left;
    const top = beside ? anchor.top : anchor.top - 8 - offsetHeight;
    style.left = `${Math.max(4, Math.min(left, innerWidth - offsetWidth - 4))}px`;
    style.top = `${Math.max(4, Math.min(top, innerHeight - offsetHeight - 4))}px`;
    panel.current.querySelector<HTMLElement>('[aria-pressed="true"], button')?.focus();
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const outside = ({ target }: Event): void => {
      if (!panel.current?.contains(target as Node) && !button.current?.contains(target as Node)) setOpen(false);
    };
    const away = (): void => setOpen(false);
    document.addEventListener("pointerdown", outside, true);
    addEventListener("resize", away);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", away);
    };
  }, [open]);

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
