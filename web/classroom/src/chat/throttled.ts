// A throttled signal.

import { effect, signal, untracked, type ReadonlySignal } from "@preact/signals";

/** Follows `source`: at once after a pause, otherwise every `interval` milliseconds. */
export function throttled<Value>(source: ReadonlySignal<Value>, interval: number): ReadonlySignal<Value> {
  const shown = signal(source.peek());
  let last = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    waiting = undefined;
    last = Date.now();
    shown.value = source.peek();
  };
  effect(() => {
    void source.value;
    untracked(() => {
      if (waiting !== undefined) return;
      const wait = last + interval - Date.now();
      if (wait <= 0) show();
      // Limited, because the clock may have been set back.
      else waiting = setTimeout(show, Math.min(wait, interval));
    });
  });
  return shown;
}
