// What a moderator does with those inside: reports of the published classroom.

import { t } from "../i18n";
import type { Member } from "../channel/types";
import type { Room } from "../state/room";
import { ask, attempt } from "../ui";

/** The name that people read. */
export function nameOf(member: Pick<Member, "nickname" | "user_id">): string {
  return member.nickname || member.user_id;
}

export function isOnStage(member: Member): boolean {
  return member.camera === 1 || member.mic === 1;
}

export class Actions {
  constructor(private readonly room: Room) {}

  letDraw(member: Member, draw: boolean): Promise<boolean> {
    return this.report(draw ? "enable_draw" : "disable_draw", { user_id: member.user_id });
  }

  // The protocol spells it so.
  silence(member: Member, silent: boolean): Promise<boolean> {
    return this.report(silent ? "slience" : "del_slience", { user_id: member.user_id });
  }

  silenceAll(silent: boolean): Promise<boolean> {
    return this.report(silent ? "all_silence" : "del_all_silence");
  }

  /** On stage with camera and microphone; an empty right answers the raised hand. */
  stage(member: Member, on: boolean): Promise<boolean> {
    const state = on ? 1 : 0;
    const row = { user_id: member.user_id, camera: state, mic: state, rights: member.hand_up === 1 ? [""] : [] };
    return this.report("PermissionControl", { member_permission_list: [row] });
  }

  lowerHand(member: Member): Promise<boolean> {
    return this.report("hand_down", { user_id: member.user_id });
  }

  /** Lowers every hand; a report names at most 100. */
  lowerHands(members: Member[]): Promise<boolean> {
    return this.report("hand_down", { user_ids: members.slice(0, 100).map((member) => member.user_id) });
  }

  async kick(member: Member): Promise<void> {
    const sure = await ask({ title: t("roster.kickTitle", { name: nameOf(member) }), text: t("roster.kickText"), yes: t("roster.kick"), danger: true });
    if (sure) await this.report("kick", { user_id: member.user_id });
  }

  private report(event: string, data?: unknown): Promise<boolean> {
    // Each says how it shall be, so that saying it again does no harm.
    return attempt(this.room.call("report/event", data === undefined ? { event } : { event, data }, { repeatable: true }));
  }
}
