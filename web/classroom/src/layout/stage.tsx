// Who is on stage: those with a camera or microphone on. Pictures will stand here; without anybody it takes no room.

import { useComputed, useSignal } from "@preact/signals";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { Avatar, Icon, IconButton } from "../ui";

export function Stage() {
  const room = useRoom();
  // Small at first: there are no pictures to see, and the board needs the room.
  const closed = useSignal(true);
  const people = useComputed(() =>
    Object.values(room.members.value)
      .filter((member) => member.camera === 1 || member.mic === 1 || member.screen === 1)
      .sort((a, b) => Number(b.role === "teacher") - Number(a.role === "teacher") || a.enter_time - b.enter_time),
  ).value;
  if (people.length === 0) return null;
  return (
    <section class={closed.value ? "stage closed" : "stage"} aria-label={t("layout.stage")}>
      <IconButton
        small
        icon={closed.value ? "chevronDown" : "chevronUp"}
        label={closed.value ? t("layout.stageOpen") : t("layout.stageClose")}
        aria-expanded={!closed.value}
        onClick={() => (closed.value = !closed.value)}
      />
      <ul class="stage-people">
        {people.map((member) => (
          <li key={member.user_id} class="tile">
            {!closed.value && <Avatar name={member.nickname || member.user_id} src={member.avatar} />}
            <span class="tile-name">
              <span>{member.nickname || member.user_id}</span>
              <Icon name={member.mic === 1 ? "mic" : "micOff"} label={member.mic === 1 ? t("roster.micOn") : t("roster.micOff")} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
