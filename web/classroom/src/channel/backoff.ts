// The delay before the next connection attempt.

const MIN_DELAY = 500;
/** For about the first minute the delay is below this, so that a restarted server is found soon. */
const MAX_DELAY_FIRST_MINUTE = 3_000;
const FIRST_MINUTE_ATTEMPTS = 25;
const MAX_DELAY = 10_000;

/**
 * The delay before attempt number `attempt`, counted from 0, in milliseconds.
 * `random` is between 0 and 1: it spreads the attempts of many clients.
 */
export function delay(attempt: number, random: number): number {
  const limit = Math.min(attempt < FIRST_MINUTE_ATTEMPTS ? MAX_DELAY_FIRST_MINUTE : MAX_DELAY, MIN_DELAY * 2 ** Math.min(attempt, 10));
  return Math.round(limit / 2 + (limit / 2) * random);
}
