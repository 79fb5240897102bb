// Who is on the stage, in which order, and the layout of the grid.

import type { Member } from "../channel/types";
import type { SentSource } from "../media/types";
import { moderates } from "../state/classroom";

/** A person on the stage. */
export interface Person {
  user_id: string;
  name: string;
  avatar: string;
  self: boolean;
  mic: boolean;
  camera: boolean;
  /** Moderators come first and can't be muted. */
  moderator: boolean;
}

/** Those with an open camera or microphone: moderators, this user, then the others in order of entering. */
export function peopleOnStage(members: Record<string, Member>, sources: SentSource[], me: string, mine: { mic: boolean; camera: boolean }): Person[] {
  const ids = new Set([me, ...Object.keys(members), ...sources.map((one) => one.user_id)]);
  const has = (user_id: string, source: string) => sources.some((one) => one.user_id === user_id && one.source === source);
  const people: (Person & { rank: number; entered: number })[] = [];
  ids.forEach((user_id) => {
    const member = members[user_id];
    const self = user_id === me;
    const mic = self ? mine.mic : member ? member.mic === 1 : has(user_id, "mic");
    const camera = self ? mine.camera : member ? member.camera === 1 : has(user_id, "camera");
    if (!mic && !camera) return;
    const moderator = moderates(member);
    people.push({
      user_id, self, mic, camera, moderator,
      name: member?.nickname || user_id,
      avatar: member?.avatar ?? "",
      rank: member?.role === "teacher" ? 0 : moderator ? 1 : self ? 2 : 3,
      entered: member?.enter_time ?? Infinity,
    });
  });
  return people.sort((a, b) => a.rank - b.rank || a.entered - b.entered || (a.user_id < b.user_id ? -1 : 1));
}

/**
 * Moves recent speakers into the first `visible` positions. Each swaps places with somebody silent, so that the
 * others keep their positions. Moderators and this user never move.
 */
export function promote(people: Person[], recent: string[], visible: number): Person[] {
  const order = people.slice();
  const speaks = (person: Person) => recent.includes(person.user_id);
  for (const user_id of recent.slice(0, Math.max(1, visible))) {
    const from = order.findIndex((person) => person.user_id === user_id);
    if (from < visible) continue;
    let to = Math.min(visible, order.length) - 1;
    while (to >= 0 && (order[to]!.moderator || order[to]!.self || speaks(order[to]!))) to--;
    if (to < 0) break;
    [order[from], order[to]] = [order[to]!, order[from]!];
  }
  return order;
}

/** The users who spoke last, the newest first. */
export function updateRecentSpeakers(before: string[], now: string[]): string[] {
  const next = [...now, ...before.filter((user_id) => !now.includes(user_id))].slice(0, 8);
  return next.join("\n") === before.join("\n") ? before : next;
}

export interface Grid {
  columns: number;
  /** In pixels. */
  width: number;
  height: number;
}

/** The grid whose 16:9 tiles are the largest. */
export function gridOf(count: number, width: number, height: number, gap: number): Grid {
  let best: Grid = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const wide = (width - gap * (columns - 1)) / columns;
    const high = (height - gap * (rows - 1)) / rows;
    const fits = Math.max(0, Math.floor(Math.min(wide, (high * 16) / 9)));
    if (fits > best.width) best = { columns, width: fits, height: Math.floor((fits * 9) / 16) };
  }
  return best;
}

/** The minimum width of a tile in pixels, and the maximum number of tiles on a page. */
const MIN_WIDTH = 150;
const MAX_PER_PAGE = 25;

/** How many tiles fit on a page of the grid. */
export function pageSize(width: number, height: number): number {
  const fits = Math.floor(width / MIN_WIDTH) * Math.floor((height * 16) / 9 / MIN_WIDTH);
  return Math.min(MAX_PER_PAGE, Math.max(1, fits));
}
