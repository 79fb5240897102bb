// How much time is left, by the clock of the server, and how it is written.

import type { Timer } from "../channel/types";

/** How many milliseconds of a timer are left; 0 when it is over. */
export function timerRemaining(timer: Timer, now: number): number {
  const left = timer.state === "paused" ? timer.remaining : timer.start_time + timer.duration - now;
  return Math.max(0, Math.min(left, timer.duration));
}

/** How many milliseconds are left of something with a limit; `null` when it has none. */
export function limitRemaining(start: number, limit: number, now: number): number | null {
  return limit > 0 ? Math.max(0, Math.min(start + limit - now, limit)) : null;
}

/** A duration as `4:05` or `1:04:05`. A second that has begun counts, so that 0:00 is shown when the time is over. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (number: number): string => String(number).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How many milliseconds until the shown second changes. */
export function untilNextSecond(remaining: number): number {
  const rest = remaining % 1000;
  return rest === 0 ? 1000 : rest;
}

/** What a person typed as a duration, in milliseconds: `5` (minutes), `1.5`, `2:30`, `1:00:00`; `null` when it is none. */
export function parseDuration(text: string): number | null {
  const cleaned = text.trim().replace(/[：]/g, ":").replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10));
  if (/^\d{1,4}(\.\d{1,2})?$/.test(cleaned)) return positive(Math.round(Number(cleaned) * 60) * 1000);
  if (!/^\d{1,3}(:[0-5]?\d){1,2}$/.test(cleaned)) return null;
  const seconds = cleaned.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return positive(seconds * 1000);
}

const LONGEST = 24 * 3_600_000;

function positive(milliseconds: number): number | null {
  return milliseconds > 0 && milliseconds <= LONGEST ? milliseconds : null;
}
