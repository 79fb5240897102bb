// The network quality of a person, in bars.

import type { PersonQuality } from "./types";

/** From 1 (hardly usable) to 4 (good). The worse of loss and round-trip time counts. */
export type Bars = 1 | 2 | 3 | 4;

/** The limits for 4, 3 and 2 bars. Speech degrades from 300 ms, and from a loss of 5 percent. */
const LOSS = [0.02, 0.05, 0.12] as const;
const ROUND_TRIP = [150, 300, 600] as const;

function bars(value: number, limits: readonly [number, number, number]): Bars {
  return value <= limits[0] ? 4 : value <= limits[1] ? 3 : value <= limits[2] ? 2 : 1;
}

export function qualityOf({ loss, round_trip }: Pick<PersonQuality, "loss" | "round_trip">): Bars {
  return Math.min(bars(loss, LOSS), bars(round_trip, ROUND_TRIP)) as Bars;
}
