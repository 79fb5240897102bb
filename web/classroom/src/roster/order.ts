// The order of the roster, and searching it.

import type { Member, Role } from "../channel/types";

const RANK: Record<Role, number> = { teacher: 0, assistant: 1, admin: 1, superadmin: 1, student: 3, visitor: 4, supervisor: 5 };
/** The rank of this user: after those who teach. */
const OWN_RANK = 2;

/** Sorts members: teachers, this user, pupils, visitors, observers; each by name. */
export function sortMembers(members: Member[], me: string, locale: string): Member[] {
  const names = new Intl.Collator(locale, { numeric: true });
  const rank = (member: Member) => Math.min(RANK[member.role], member.user_id === me ? OWN_RANK : Infinity);
  return members
    .map((member) => ({ member, rank: rank(member), name: member.nickname || member.user_id }))
    .sort((a, b) => a.rank - b.rank || names.compare(a.name, b.name) || (a.member.user_id < b.member.user_id ? -1 : 1))
    .map((one) => one.member);
}

/** Whether a name or user id contains the text. */
export function matches(member: Member, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text === "" || member.nickname.toLowerCase().includes(text) || member.user_id.toLowerCase().includes(text);
}
