// A tick each second that goes on while the tab is hidden, so that whoever looks at another tab stays in the class.

import { rootAddress } from "./http";

/** The file of the worker; the build says it. In tests there is none. */
declare const TICKER: string | undefined;
const EVERY = 1_000;

/** Calls `tick` each second; the answer ends that. */
export function everySecond(tick: () => void): () => void {
  const worker = start(tick);
  // The page's own timer is there where workers are not, and costs nothing beside them: `tick` looks at the clock.
  const timer = setInterval(tick, EVERY);
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
