// Short messages that go away by themselves. Screen readers read them out.

import { signal } from "@preact/signals";
import { t } from "../i18n";
import { IconButton } from "./button";

interface ToastMessage {
  id: number;
  text: string;
  problem: boolean;
}

const GONE_AFTER = 6_000;
const MOST = 3;
const shown = signal<ToastMessage[]>([]);
let nextId = 1;

/** Shows a message for some seconds. */
export function toast(text: string, problem = false): void {
  const message = { id: nextId++, text, problem };
  shown.value = [...shown.value.filter((other) => other.text !== text), message].slice(-MOST);
  setTimeout(() => dismiss(message.id), GONE_AFTER);
}

function dismiss(id: number): void {
  shown.value = shown.value.filter((message) => message.id !== id);
}

/** Where the messages stand; once on the page. */
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
