// Renders a component again whenever its displayed second changes.

import { useEffect, useState } from "preact/hooks";

import type { Room } from "../state/room";
import { untilNextSecond } from "./countdown";

/**
 * Returns the milliseconds left, in server time; `null` when there is no end.
 * `compute` gets the server time. With `paused` nothing is counting.
 */
export function useRemaining(room: Room, compute: (now: number) => number | null, paused = false): number | null {
  const [, draw] = useState(0);
  const remaining = compute(room.now());
  useEffect(() => {
    if (paused || remaining === null || remaining <= 0) return;
    // Slightly after the change, so that a timer that fires early does not show the same second again.
    const wait = setTimeout(() => draw((count) => count + 1), untilNextSecond(remaining) + 5);
    return () => clearTimeout(wait);
  });
  return remaining;
}
