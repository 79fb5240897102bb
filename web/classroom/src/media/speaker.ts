// Selects the active speaker, who is shown large. Short sounds do not change it.

/** How long somebody must speak to become the active speaker, in milliseconds. */
const HOLD_MS = 1_500;

export interface ActiveSpeaker {
  user_id: string | null;
  /** The candidate, and since when they are the loudest. */
  next: string | null;
  since: number;
}

export const NO_SPEAKER: ActiveSpeaker = { user_id: null, next: null, since: 0 };

/** The active speaker when `loudest` of `here` is the loudest, or nobody speaks. By default the first of `here`. */
export function nextActiveSpeaker(before: ActiveSpeaker, loudest: string | null, here: string[], now: number): ActiveSpeaker {
  const isHere = before.user_id !== null && here.includes(before.user_id);
  const current = isHere ? before.user_id : (here[0] ?? null);
  if (loudest === null || loudest === current || !here.includes(loudest)) return { user_id: current, next: null, since: 0 };
  if (loudest !== before.next) return { user_id: current, next: loudest, since: now };
  if (now - before.since < HOLD_MS) return { ...before, user_id: current };
  return { user_id: loudest, next: null, since: 0 };
}
