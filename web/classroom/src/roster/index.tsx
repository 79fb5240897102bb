// The roster: roles, devices, connections, raised hands, and the actions of a moderator.

import "./roster.css";
import { useComputed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Member } from "../channel/types";
import { locale, t, timeOfDay } from "../i18n";
import { moderates } from "../state/classroom";
import { useRoom } from "../state/room";
import { Avatar, Button, confirmAction, attempt, Empty, Icon, IconButton, Menu, Panel, type MenuItem } from "../ui";
import { Actions, isOnStage, nameOf } from "./actions";
import { sortMembers, matches } from "./order";

/** From this many members on there is a search field. */
const SEARCH_FROM = 12;

export function Roster() {
  const room = useRoom();
  const wanted = useSignal("");
  const people = useComputed(() => sortMembers(Object.values(room.members.value), room.me, locale()));
  const total = room.state.value?.membersTotal ?? 0;
  const moderator = room.moderator.value;
  const actions = useMemo(() => new Actions(room), [room]);
  const silent = room.info.value?.enable_all_silence === 1;
  const shown = people.value.filter((member) => matches(member, wanted.value));
  // The places among all raised hands, independent of the search.
  const hands = room.hands.value.map((member, at) => ({ member, place: at + 1 })).filter(({ member }) => matches(member, wanted.value));
  return (
    <Panel
      title={t("roster.title", { n: total })}
      actions={
        moderator && (
          <>
            {people.value.some((member) => member.mic === 1 && !moderates(member)) && (
              <IconButton small icon="micOff" label={t("stage.mute_all")} onClick={() => void muteAll(people.value, actions)} />
            )}
            <Button icon={silent ? "soundOff" : "chat"} class={silent ? "small-button silent" : "small-button"} onClick={() => actions.silenceAll(!silent)}>
              {silent ? t("roster.unsilenceAll") : t("roster.silenceAll")}
            </Button>
          </>
        )
      }
    >
      {!moderator && silent && <p class="roster-note">{t("roster.allSilent")}</p>}
      {people.value.length > SEARCH_FROM && (
        <div class="roster-search">
          <input class="input" type="search" aria-label={t("roster.search")} placeholder={t("roster.search")} value={wanted.value} onInput={(event) => (wanted.value = event.currentTarget.value)} />
        </div>
      )}
      {hands.length > 0 && (
        <div class="roster-hands">
          <h3>
            <Icon name="hand" />
            {t("roster.handsUp", { n: hands.length })}
          </h3>
          <ol>
            {hands.map(({ member, place }) => (
              <HandRow key={member.user_id} member={member} place={place} actions={moderator ? actions : null} />
            ))}
          </ol>
        </div>
      )}
      {shown.length > 0 ? (
        <ul class="roster-list">
          {shown.map((member) => (
            <Row key={member.user_id} member={member} actions={moderator ? actions : null} />
          ))}
        </ul>
      ) : (
        <Empty icon="users" text={wanted.value ? t("roster.nobodyFound") : t("roster.nobody")} />
      )}
      {total > people.value.length && !wanted.value && <MoreMembers n={total - people.value.length} />}
    </Panel>
  );
}

/** Loads the members that the snapshot of a very large class omitted. */
function MoreMembers({ n }: { n: number }) {
  const room = useRoom();
  const busy = useSignal(false);
  const load = async () => {
    busy.value = true;
    await attempt(room.loadAllMembers());
    busy.value = false;
  };
  return (
    <p class="roster-note">
      <Button kind="quiet" wide busy={busy.value} onClick={load}>{t("roster.more", { n })}</Button>
    </p>
  );
}

function HandRow({ member, place, actions }: { member: Member; place: number; actions: Actions | null }) {
  return (
    <li class="roster-row hand-row">
      <span class="hand-number">{place}</span>
      <span class="roster-name">
        <span class="roster-nick">{nameOf(member)}</span>
        <span class="roster-role">{timeOfDay(member.hand_up_time)}</span>
      </span>
      {actions && (
        <>
          <Button kind="hand" class="small-button" onClick={() => actions.stage(member, true)}>{t("roster.invite")}</Button>
          <IconButton small icon="close" label={t("roster.lowerHand", { name: nameOf(member) })} onClick={() => actions.lowerHand(member)} />
        </>
      )}
    </li>
  );
}

function Row({ member, actions }: { member: Member; actions: Actions | null }) {
  const room = useRoom();
  const offline = !member.connected;
  const self = member.user_id === room.me;
  const name = nameOf(member);
  const managed = actions && !moderates(member);
  return (
    <li class={offline ? "roster-row offline-row" : "roster-row"}>
      <Avatar name={name} src={member.avatar} />
      <span class="roster-name">
        <span class="roster-nick">
          {name}
          {self && <span class="roster-self"> ({t("common.you")})</span>}
        </span>
        <span class="roster-role">{offline ? t("roster.offline") : t(`role.${member.role}`)}</span>
      </span>
      <span class="roster-states">
        {member.hand_up === 1 && <span class="state hand"><Icon name="hand" label={t("roster.handIsUp")} /></span>}
        {member.screen === 1 && <span class="state"><Icon name="screen" label={t("roster.screenOn")} /></span>}
        {member.camera === 1 && <span class="state"><Icon name="camera" label={t("roster.cameraOn")} /></span>}
        {member.mic === 1 && <span class="state"><Icon name="mic" label={t("roster.micOn")} /></span>}
        {!managed && member.enable_draw === 1 && !moderates(member) && <span class="state"><Icon name="pen" label={t("roster.mayDraw")} /></span>}
        {member.silence > 0 && !moderates(member) && <span class="state danger"><Icon name="soundOff" label={t("roster.silenced")} /></span>}
      </span>
      {managed && (
        <>
          <IconButton
            small
            icon={member.enable_draw === 1 ? "pen" : "penOff"}
            pressed={member.enable_draw === 1}
            label={t("roster.drawing", { name })}
            onClick={() => actions.letDraw(member, member.enable_draw !== 1)}
          />
          <Menu small label={t("roster.actions", { name })} items={items(member, actions)} />
        </>
      )}
    </li>
  );
}

async function muteAll(members: Member[], actions: Actions): Promise<void> {
  if (await confirmAction({ title: t("stage.mute_all_title"), text: t("stage.mute_all_text"), yes: t("stage.mute_all") })) await actions.mute(members);
}

function items(member: Member, actions: Actions): MenuItem[] {
  const onStage = isOnStage(member);
  const list: MenuItem[] = [
    { label: onStage ? t("roster.offStage") : t("roster.onStage"), icon: "stage", onSelect: () => actions.stage(member, !onStage) },
    {
      label: member.silence > 0 ? t("roster.unsilence") : t("roster.silence"),
      icon: member.silence > 0 ? "sound" : "soundOff",
      onSelect: () => actions.silence(member, member.silence === 0),
    },
    {
      label: member.enable_draw === 1 ? t("roster.stopDrawing") : t("roster.letDraw"),
      icon: member.enable_draw === 1 ? "penOff" : "pen",
      onSelect: () => actions.letDraw(member, member.enable_draw !== 1),
    },
  ];
  if (member.camera === 1) list.splice(1, 0, { label: t("stage.camera_off"), icon: "cameraOff", onSelect: () => void actions.cameraOff(member) });
  if (member.mic === 1) list.splice(1, 0, { label: t("stage.mute"), icon: "micOff", onSelect: () => void actions.mute([member]) });
  if (member.hand_up === 1) list.unshift({ label: t("roster.lower"), icon: "hand", onSelect: () => actions.lowerHand(member) });
  list.push({ label: t("roster.kick"), icon: "exit", danger: true, line: true, onSelect: () => void actions.kick(member) });
  return list;
}
