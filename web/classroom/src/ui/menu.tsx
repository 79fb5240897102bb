// A menu button with the keyboard behaviour of WAI-ARIA: arrow keys, Home, End and Escape.

import { Fragment, type ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "./button";
import { useDismiss } from "./dismiss";
import { Icon, type IconName } from "./icons";

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  /** For an item that is on or off. */
  checked?: boolean;
  /** Whether a separator precedes it. */
  line?: boolean;
  onSelect: () => void;
}

export function Menu({ label, icon = "more", small, items, children }: { label: string; icon?: IconName; small?: boolean; items: MenuItem[]; children?: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const close = (focus: boolean) => {
    setOpen(false);
    if (focus) button.current?.focus();
  };

  useLayoutEffect(() => {
    if (!open || !list.current || !button.current) return;
    // Position fixed, so that no scroll container clips it. Set here, because the content security policy forbids style attributes.
    const anchor = button.current.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = list.current;
    const below = anchor.bottom + 4 + offsetHeight <= innerHeight;
    style.top = `${Math.max(4, below ? anchor.bottom + 4 : anchor.top - 4 - offsetHeight)}px`;
    style.left = `${Math.max(4, Math.min(anchor.right - offsetWidth, innerWidth - offsetWidth - 4))}px`;
    entries()[0]?.focus();
  }, [open]);

  useDismiss(open, [button, list], () => setOpen(false));

  const entries = () => Array.from(list.current?.querySelectorAll<HTMLButtonElement>(".menu-item:not(:disabled)") ?? []);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to]?.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") {
      setOpen(false);
    }
  };

  return (
    <span class="menu">
      <IconButton buttonRef={button} icon={icon} small={small} label={label} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        {children}
      </IconButton>
      {open && (
        <div ref={list} class="menu-list" role="menu" aria-label={label} onKeyDown={onKeyDown}>
          {items.map((item) => (
            <Fragment key={item.label}>
              {item.line && <div class="menu-line" role="separator" />}
              <button
                type="button"
                class={item.danger ? "menu-item danger" : "menu-item"}
                role={item.checked === undefined ? "menuitem" : "menuitemcheckbox"}
                aria-checked={item.checked}
                disabled={item.disabled}
                tabIndex={-1}
                onClick={() => {
                  close(true);
                  item.onSelect();
                }}
              >
                {item.checked !== undefined ? (item.checked ? <Icon name="check" /> : <span class="icon" />) : item.icon && <Icon name={item.icon} />}
                <span>{item.label}</span>
              </button>
            </Fragment>
          ))}
        </div>
      )}
    </span>
  );
}
