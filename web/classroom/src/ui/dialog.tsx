// Dialogs. They trap the focus, close with Escape, and restore the focus.

import type { ComponentChildren } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Button, IconButton } from "./button";

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex]:not([tabindex="-1"])';

interface DialogProps {
  title: string;
  onClose: () => void;
  wide?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, wide, children }: DialogProps) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const first = box.current?.querySelector<HTMLElement>("[data-first]") ?? box.current;
    first?.focus();
    return () => before?.focus?.();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") return onClose();
    if (event.key !== "Tab" || !box.current) return;
    const inside = Array.from(box.current.querySelectorAll<HTMLElement>(FOCUSABLE));
    const first = inside[0];
    const last = inside[inside.length - 1];
    const { activeElement } = document;
    if (event.shiftKey && (activeElement === first || activeElement === box.current)) {
      event.preventDefault();
      last?.focus();
    } else if (!event.shiftKey && activeElement === last) {
      event.preventDefault();
      first?.focus();
    }
  };
  return (
    <div class="dialog-veil" onPointerDown={(event) => event.target === event.currentTarget && onClose()}>
      <div ref={box} class={wide ? "dialog wide" : "dialog"} role="dialog" aria-modal="true" aria-labelledby={id} tabIndex={-1} onKeyDown={onKeyDown}>
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t("common.close")} onClick={onClose} />
        </div>
        {children}
      </div>
    </div>
  );
}

interface Question {
  title: string;
  text?: string;
  /** The label of the confirming button. */
  yes: string;
  danger?: boolean;
  answer: (yes: boolean) => void;
}

const asked = signal<Question | null>(null);

/** Asks the user to confirm an action that can't be undone. Resolves to true when confirmed. */
export function confirmAction(question: Omit<Question, "answer">): Promise<boolean> {
  return new Promise((resolve) => {
    asked.value?.answer(false);
    asked.value = {
      ...question,
      answer: (yes) => {
        asked.value = null;
        resolve(yes);
      },
    };
  });
}

/** The dialog of `confirmAction`. Rendered once. */
export function ConfirmDialog() {
  const question = asked.value;
  if (!question) return null;
  return (
    <Dialog key={question.title} title={question.title} onClose={() => question.answer(false)}>
      {question.text && <p>{question.text}</p>}
      <div class="dialog-buttons">
        <Button data-first onClick={() => question.answer(false)}>{t("common.cancel")}</Button>
        <Button kind={question.danger ? "danger" : "primary"} onClick={() => question.answer(true)}>{question.yes}</Button>
      </div>
    </Dialog>
  );
}
