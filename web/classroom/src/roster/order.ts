// The order of the roster, and who is found in it.

import type { Member, Role } from "../channel/types";

const RANK: Record<Role, number> = { teacher: 0, assistant: 1, admin: 1, superadmin: 1, student: 3, visitor: 4, supervisor: 5 };
/** I stand after those who teach. */
const MYSELF = 2;

/** Teachers, then I, then pupils, visitors and observers, each by name. */
export function inOrder(members: Member[], me: string, locale: string): Member[] {
  const names = new Intl.Collator(locale, { numeric: true });
  const rank = (member: Member) => Math.min(RANK[member.role], member.user_id === me ? MYSELF : Infinity);
  return members
    .map((member) => ({ member, rank: rank(member), name: member.nickname || member.user_id }))
    .sort((a, b) => a.rank - b.rank || names.compare(a.name, b.name) || (a.member.user_id < b.member.user_id ? -1 : 1))
    .map((one) => one.member);
}

/** Whether a name or a user id has the wanted text. */
export function matches(member: Member, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text === "" || member.nickname.toLowerCase().includes(text) || member.user_id.toLowerCase().includes(text);
}
