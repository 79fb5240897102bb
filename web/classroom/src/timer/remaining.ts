// Draws a component again whenever the second that it shows changes.

import { useEffect, useState } from "preact/hooks";

import type { Room } from "../state/room";
import { untilNextSecond } from "./countdown";

/**
 * How many milliseconds are left, by the clock of the server; `null` when there is no end.
 * `compute` gets the time of the server. `stands` is whether nothing is counting just now.
 */
export function useRemaining(room: Room, compute: (now: number) => number | null, stands = false): number | null {
  const [, draw] = useState(0);
  const remaining = compute(room.now());
  useEffect(() => {
    if (stands || remaining === null || remaining <= 0) return;
    // A little later than the change, so that a timer that fires early does not show the same second again.
    const wait = setTimeout(() => draw((count) => count + 1), untilNextSecond(remaining) + 5);
    return () => clearTimeout(wait);
  });
  return remaining;
}
