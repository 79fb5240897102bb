// A tick every second that continues while the tab is hidden, so that the class is not left by a timeout.

import { rootAddress } from "./http";

/** The file name of the worker, set by the build. It is undefined in tests. */
declare const TICKER: string | undefined;
const INTERVAL_MS = 1_000;

/** Calls `tick` every second. Returns a function that stops it. */
export function everySecond(tick: () => void): () => void {
  const worker = start(tick);
  // A timer of the page as well, for browsers without workers. A second tick is harmless: `tick` looks at the clock.
  const timer = setInterval(tick, INTERVAL_MS);
  return () => {
    worker?.terminate();
    clearInterval(timer);
  };
}

function start(tick: () => void): Worker | undefined {
  if (typeof Worker === "undefined" || typeof TICKER === "undefined") return undefined;
  try {
    const worker = new Worker(`${rootAddress()}assets/classroom/${TICKER}`);
    worker.onmessage = tick;
    return worker;
  } catch {
    return undefined;
  }
}
