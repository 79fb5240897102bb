// A button that opens a list of things to do. Arrow keys, Home, End and Escape work in it.

import { Fragment, type ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "./button";
import { Icon, type IconName } from "./icons";

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  /** For one that is on or off. */
  checked?: boolean;
  /** A line above it. */
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
    // Fixed, so that no scrolled box cuts it off; set here because the policy of the page forbids style attributes.
    const anchor = button.current.getBoundingClientRect();
    const { offsetWidth, offsetHeight, style } = list.current;
    const below = anchor.bottom + 4 + offsetHeight <= innerHeight;
    style.top = `${Math.max(4, below ? anchor.bottom + 4 : anchor.top - 4 - offsetHeight)}px`;
    style.left = `${Math.max(4, Math.min(anchor.right - offsetWidth, innerWidth - offsetWidth - 4))}px`;
    entries()[0]?.focus();
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !button.current?.contains(target)) setOpen(false);
    };
    const away = () => setOpen(false);
    document.addEventListener("pointerdown", outside, true);
    addEventListener("resize", away);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", away);
    };
  }, [open]);

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
