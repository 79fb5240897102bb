// Who has checked in and who has not.

import type { Member, Role } from "../channel/types";
import { isPupil } from "../state/classroom";

/** A pupil and the time of the check-in: 0 when the time is unknown, `null` when there was none. */
export interface Checked {
  user_id: string;
  name: string;
  time: number | null;
  /** Whether they are in the class now. */
  inside: boolean;
}

/** Somebody who is on the list of the class or has been in it. */
interface Expected {
  user_id: string;
  name: string;
  role: Role;
}

/** Everybody who can check in, once each: pupils and visitors in the class, those on its list, and those who checked in. */
export function people(members: Readonly<Record<string, Member>>, expected: readonly Expected[], times: Readonly<Record<string, number>>): { here: Checked[]; missing: Checked[] } {
  const names = new Map<string, string>();
  for (const row of expected) if (isPupil(row)) names.set(row.user_id, row.name);
  for (const member of Object.values(members)) if (isPupil(member)) names.set(member.user_id, member.nickname || member.user_id);
  for (const user_id of Object.keys(times)) if (!names.has(user_id)) names.set(user_id, expected.find((row) => row.user_id === user_id)?.name ?? user_id);
  const all = [...names].map(([user_id, name]) => ({ user_id, name, time: has(times, user_id) ? (times[user_id] ?? 0) : null, inside: has(members, user_id) }));
  const byName = (a: Checked, b: Checked): number => a.name.localeCompare(b.name) || (a.user_id < b.user_id ? -1 : 1);
  return {
    here: all.filter(({ time }) => time !== null).sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || byName(a, b)),
    // Those who are in the class come first.
    missing: all.filter(({ time }) => time === null).sort((a, b) => Number(b.inside) - Number(a.inside) || byName(a, b)),
  };
}

function has(record: Readonly<Record<string, unknown>>, key: string): boolean {
  return Object.prototype.hasOwnProperty.call(record, key);
}
