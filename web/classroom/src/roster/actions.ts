// What a moderator can do with members, as reports (`report/event`).

import { t } from "../i18n";
import type { Member } from "../channel/types";
import { moderates } from "../state/classroom";
import type { Room } from "../state/room";
import { confirmAction, attempt } from "../ui";

/** The display name. */
export function nameOf(member: Pick<Member, "nickname" | "user_id">): string {
  return member.nickname || member.user_id;
}

export function isOnStage(member: Member): boolean {
  return member.camera === 1 || member.mic === 1;
}

/** The maximum number of users in a report. */
const MAX_USERS_PER_REPORT = 100;

export class Actions {
  constructor(private readonly room: Room) {}

  letDraw(member: Member, draw: boolean): Promise<boolean> {
    return this.report(draw ? "enable_draw" : "disable_draw", { user_id: member.user_id });
  }

  // The spelling of the protocol.
  silence(member: Member, silent: boolean): Promise<boolean> {
    return this.report(silent ? "slience" : "del_slience", { user_id: member.user_id });
  }

  silenceAll(silent: boolean): Promise<boolean> {
    return this.report(silent ? "all_silence" : "del_all_silence");
  }

  /** Invites onto the stage, or removes from it, with camera and microphone. An empty right answers the raised hand. */
  stage(member: Member, on: boolean): Promise<boolean> {
    const state = on ? 1 : 0;
    const row = { user_id: member.user_id, camera: state, mic: state, rights: member.hand_up === 1 ? [""] : [] };
    return this.report("PermissionControl", { member_permission_list: [row] });
  }

  /** Mutes those whose microphones are on. They can unmute themselves. */
  async mute(members: Member[]): Promise<void> {
    const loud = members.filter((member) => member.mic === 1 && !moderates(member)).map((member) => member.user_id);
    for (let at = 0; at < loud.length; at += MAX_USERS_PER_REPORT) await this.report("disable_mic", { user_ids: loud.slice(at, at + MAX_USERS_PER_REPORT) });
  }

  cameraOff(member: Member): Promise<boolean> {
    return this.report("disable_camera", { user_id: member.user_id });
  }

  lowerHand(member: Member): Promise<boolean> {
    return this.report("hand_down", { user_id: member.user_id });
  }

  /** Lowers every hand. */
  lowerHands(members: Member[]): Promise<boolean> {
    return this.report("hand_down", { user_ids: members.slice(0, MAX_USERS_PER_REPORT).map((member) => member.user_id) });
  }

  async kick(member: Member): Promise<void> {
    const sure = await confirmAction({ title: t("roster.kickTitle", { name: nameOf(member) }), text: t("roster.kickText"), yes: t("roster.kick"), danger: true });
    if (sure) await this.report("kick", { user_id: member.user_id });
  }

  private report(event: string, data?: unknown): Promise<boolean> {
    // Each report sets a state, so repeating it does no harm.
    return attempt(this.room.call("report/event", data === undefined ? { event } : { event, data }, { repeatable: true }));
  }
}
