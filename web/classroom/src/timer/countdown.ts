// Computes, formats and parses remaining times, in server time.

import type { Timer } from "../channel/types";
import { twoDigits } from "../i18n/digits";

/** A timer or limit is highlighted for this long before its end, in milliseconds. */
export const HIGHLIGHT_MS = 10_000;

/** The milliseconds left of a timer; 0 when it is over. */
export function timerRemaining(timer: Timer, now: number): number {
  const left = timer.state === "paused" ? timer.remaining : timer.start_time + timer.duration - now;
  return Math.max(0, Math.min(left, timer.duration));
}

/** The milliseconds left of a limit; `null` when there is none. */
export function limitRemaining(start: number, limit: number, now: number): number | null {
  return limit > 0 ? Math.max(0, Math.min(start + limit - now, limit)) : null;
}

/** Formats a duration as `4:05` or `1:04:05`. Seconds are rounded up, so that 0:00 means that the time is over. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${twoDigits(m)}:${twoDigits(s)}` : `${m}:${twoDigits(s)}`;
}

/** The milliseconds until the displayed second changes. */
export function untilNextSecond(remaining: number): number {
  const rest = remaining % 1000;
  return rest === 0 ? 1000 : rest;
}

/** Parses a duration: `5` (minutes), `1.5`, `2:30`, `1:00:00`. Returns milliseconds, or `null` if invalid. */
export function parseDuration(text: string): number | null {
  const cleaned = text.trim().replace(/[：]/g, ":").replace(/[０-９]/g, (digit) => String(digit.charCodeAt(0) - 0xff10));
  if (/^\d{1,4}(\.\d{1,2})?$/.test(cleaned)) return positive(Math.round(Number(cleaned) * 60) * 1000);
  if (!/^\d{1,3}(:[0-5]?\d){1,2}$/.test(cleaned)) return null;
  const seconds = cleaned.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return positive(seconds * 1000);
}

const MAX_DURATION_MS = 24 * 3_600_000;

function positive(milliseconds: number): number | null {
  return milliseconds > 0 && milliseconds <= MAX_DURATION_MS ? milliseconds : null;
}
