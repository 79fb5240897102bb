// The chat of the class.

import { signal } from "@preact/signals";

/** How many messages came that nobody has looked at. */
export const unread = signal(0);

/** `visible`: whether somebody looks at it now. It stays while another tab is shown. */
export function Chat(_: { visible: boolean }) {
  return null;
}
