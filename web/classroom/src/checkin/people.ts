// Who is here and who is missing in a check-in.

import type { Member, Role } from "../channel/types";

/** A pupil, and when they checked in: 0 when only that is known, `null` when they did not. */
export interface Checked {
  user_id: string;
  name: string;
  time: number | null;
  /** Whether they are inside now. */
  inside: boolean;
}

/** Somebody who is reserved for the class or was inside. */
interface Known {
  user_id: string;
  name: string;
  role: Role;
}

/** Those who can check in: pupils and visitors inside, those who are reserved, and those who did. Each once. */
export function people(members: Readonly<Record<string, Member>>, known: readonly Known[], times: Readonly<Record<string, number>>): { here: Checked[]; missing: Checked[] } {
  const names = new Map<string, string>();
  const isPupil = (role: Role): boolean => role === "student" || role === "visitor";
  for (const row of known) if (isPupil(row.role)) names.set(row.user_id, row.name);
  for (const member of Object.values(members)) if (isPupil(member.role)) names.set(member.user_id, member.nickname || member.user_id);
  for (const user_id of Object.keys(times)) if (!names.has(user_id)) names.set(user_id, known.find((row) => row.user_id === user_id)?.name ?? user_id);
  const all = [...names].map(([user_id, name]) => ({ user_id, name, time: has(times, user_id) ? (times[user_id] ?? 0) : null, inside: has(members, user_id) }));
  const byName = (a: Checked, b: Checked): number => a.name.localeCompare(b.name) || (a.user_id < b.user_id ? -1 : 1);
  return {
    here: all.filter(({ time }) => time !== null).sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || byName(a, b)),
    // Those who are inside and do not answer come first.
    missing: all.filter(({ time }) => time === null).sort((a, b) => Number(b.inside) - Number(a.inside) || byName(a, b)),
  };
}

function has(record: Readonly<Record<string, unknown>>, key: string): boolean {
  return Object.prototype.hasOwnProperty.call(record, key);
}
