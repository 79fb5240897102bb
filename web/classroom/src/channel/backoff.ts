// How long to wait before connecting again.

const FIRST = 500;
/** A server that starts again is found soon: for about a minute, nobody waits longer than this. */
const LONGEST_AT_FIRST = 3_000;
const AT_FIRST = 25;
const LONGEST = 10_000;

/** Milliseconds to wait before attempt number `attempt`, counted from 0. `random` is 0 to 1: thirty clients must not come at once. */
export function delay(attempt: number, random: number): number {
  const most = Math.min(attempt < AT_FIRST ? LONGEST_AT_FIRST : LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(most / 2 + (most / 2) * random);
}
