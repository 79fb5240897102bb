// The chat of the class.

import { signal } from "@preact/signals";

/** How many messages came that nobody has looked at. */
export const unread = signal(0);

export function Chat() {
  return null;
}
