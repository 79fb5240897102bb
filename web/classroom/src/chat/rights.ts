// Who may write to whom. The server decides; this says beforehand what it will decide, and why.

import type { ClassInfo, Member, Role } from "../channel/types";
import { moderates } from "../state/classroom";

/** Why a person can't write. */
export type Obstacle = "silenced" | "all_silenced" | "over";

interface Writer {
  role: Role;
  /** As in the list of members; `undefined` before the server told. */
  silence: number;
}

/** What is written: a silenced person may still send private texts, but no images. */
export interface Writing {
  /** The receiver, or empty for all. */
  to: string;
  type: "text" | "image";
}

/** Why a message would be refused; `null` when nothing is in the way. */
export function obstacle(info: ClassInfo, writer: Writer, { to, type }: Writing): Obstacle | null {
  if (info.class_status === "end") return "over";
  if (to !== "" && type === "text") return null;
  const isAll = info.enable_all_silence === 1;
  const isModerator = moderates(writer);
  if (isAll && (isModerator || writer.role === "supervisor")) return isModerator || writer.silence === 0 ? null : "silenced";
  if (isAll) return "all_silenced";
  return writer.silence > 0 ? "silenced" : null;
}

const ORDER: readonly Role[] = ["teacher", "assistant", "admin", "superadmin", "student", "visitor", "supervisor"];

/** To whom a private message may go: pupils write to the teacher and assistants, these to everybody. */
export function receivers(members: Readonly<Record<string, Member>>, me: string, role: Role): Member[] {
  const isModerator = moderates({ role });
  const rank = (member: Member): number => ORDER.indexOf(member.role);
  return Object.values(members)
    .filter((member) => member.user_id !== me && (isModerator || moderates(member)))
    .sort((a, b) => rank(a) - rank(b) || (a.nickname || a.user_id).localeCompare(b.nickname || b.user_id));
}

/** Whether somebody may recall a message. */
export function mayRecall(message: { user_id: string; recalled: boolean; type: string }, me: string, role: Role): boolean {
  return !message.recalled && (message.user_id === me || moderates({ role }));
}
