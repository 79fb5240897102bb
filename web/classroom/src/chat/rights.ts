// Who may write to whom. The server decides; this predicts its decision, to explain it.

import type { ClassInfo, Member, Role } from "../channel/types";
import { moderates } from "../state/classroom";

/** Why a user can't write. */
export type BlockReason = "silenced" | "all_silenced" | "over";

interface Writer {
  role: Role;
  /** As in the member list. */
  silence: number;
}

/** What is to be sent. A silenced user may send private texts, but no images. */
export interface Writing {
  /** The receiver; empty for everyone. */
  to: string;
  type: "text" | "image";
}

/** Why the server would refuse a message; `null` when it would not. */
export function blockReason(info: ClassInfo, writer: Writer, { to, type }: Writing): BlockReason | null {
  if (info.class_status === "end") return "over";
  if (to !== "" && type === "text") return null;
  const isAll = info.enable_all_silence === 1;
  const isModerator = moderates(writer);
  if (isAll && (isModerator || writer.role === "supervisor")) return isModerator || writer.silence === 0 ? null : "silenced";
  if (isAll) return "all_silenced";
  return writer.silence > 0 ? "silenced" : null;
}

const ORDER: readonly Role[] = ["teacher", "assistant", "admin", "superadmin", "student", "visitor", "supervisor"];

/** The possible receivers of private messages: moderators for everybody, and everybody for moderators. */
export function receivers(members: Readonly<Record<string, Member>>, me: string, role: Role): Member[] {
  const isModerator = moderates({ role });
  const rank = (member: Member): number => ORDER.indexOf(member.role);
  return Object.values(members)
    .filter((member) => member.user_id !== me && (isModerator || moderates(member)))
    .sort((a, b) => rank(a) - rank(b) || (a.nickname || a.user_id).localeCompare(b.nickname || b.user_id));
}

/** Whether a user may recall a message. */
export function mayRecall(message: { user_id: string; recalled: boolean; type: string }, me: string, role: Role): boolean {
  return !message.recalled && (message.user_id === me || moderates({ role }));
}
