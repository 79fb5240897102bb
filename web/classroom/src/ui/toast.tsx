// Toasts: short messages that disappear by themselves. Screen readers announce them.

import { signal } from "@preact/signals";
import { t } from "../i18n";
import { IconButton } from "./button";

interface ToastMessage {
  id: number;
  text: string;
  problem: boolean;
}

const DISMISS_AFTER_MS = 6_000;
const MAX_TOASTS = 3;
const shown = signal<ToastMessage[]>([]);
let nextId = 1;

/** Shows a toast for some seconds. */
export function toast(text: string, problem = false): void {
  const message = { id: nextId++, text, problem };
  shown.value = [...shown.value.filter((other) => other.text !== text), message].slice(-MAX_TOASTS);
  setTimeout(() => dismiss(message.id), DISMISS_AFTER_MS);
}

function dismiss(id: number): void {
  shown.value = shown.value.filter((message) => message.id !== id);
}

/** The container of the toasts. Rendered once. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map((message) => (
        <div key={message.id} class={message.problem ? "toast problem" : "toast"}>
          <span>{message.text}</span>
          <IconButton icon="close" small label={t("common.close")} onClick={() => dismiss(message.id)} />
        </div>
      ))}
    </div>
  );
}
