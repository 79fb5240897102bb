// The strip of pictures above or beside the board: teachers first, then recent speakers.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { useMedia } from "../media";
import { nameOf } from "../roster/actions";
import { useRoom } from "../state/room";
import { Icon, IconButton, Menu, type IconName, type MenuItem } from "../ui";
import { promote } from "./arrange";
import { usePeople } from "./people";
import { LAYOUTS, mainViewOf, type Layout } from "./main-view";
import { Tile } from "./tile";

const ICONS: Record<Layout, IconName> = { board: "board", speaker: "user", grid: "grid" };

export function Stage() {
  const room = useRoom();
  const media = useMedia();
  const people = usePeople().value;
  const view = mainViewOf(media, room.me);
  if (media.mode.value !== "on" || (people.length === 0 && view.screens().length === 0)) return null;
  const content = view.content();
  const small = view.collapsed.value;
  // The person who is shown large is omitted here.
  const here = content.kind === "grid" ? [] : content.kind === "speaker" ? people.filter((person) => person.user_id !== view.activeSpeaker.value.user_id) : people;
  return (
    <section class={small ? "stage small" : "stage"} aria-label={t("layout.stage")}>
      {small ? <Names /> : <Strip people={here} />}
      <div class="stage-tools">
        {content.kind !== "grid" && (
          <IconButton
            small
            icon={small ? "chevronDown" : "chevronUp"}
            label={small ? t("layout.stageOpen") : t("layout.stageClose")}
            aria-expanded={!small}
            onClick={() => view.collapseStrip(!small)}
          />
        )}
        <ViewMenu />
      </div>
    </section>
  );
}

function Strip({ people }: { people: ReturnType<typeof usePeople>["value"] }) {
  const room = useRoom();
  const view = mainViewOf(useMedia(), room.me);
  const list = useRef<HTMLUListElement>(null);
  const visible = useSignal(Infinity);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const size = new ResizeObserver(() => {
      const tile = element.firstElementChild as HTMLElement | null;
      if (!tile) return;
      const across = Math.floor((element.clientWidth + 8) / (tile.offsetWidth + 8));
      const down = Math.floor((element.clientHeight + 8) / (tile.offsetHeight + 8));
      visible.value = Math.max(1, across, down);
    });
    size.observe(element);
    return () => size.disconnect();
  }, [people.length === 0]);
  const order = promote(people, view.recent.value, visible.value);
  return (
    <ul ref={list} class="stage-people">
      {order.map((person, at) => (
        <li key={person.user_id}>
          <Tile person={person} rank={10 + at} />
        </li>
      ))}
    </ul>
  );
}

/** The names without pictures. */
function Names() {
  const media = useMedia();
  return (
    <ul class="stage-people">
      {usePeople().value.map((person) => (
        <li key={person.user_id} class={media.isSpeaking(person.user_id) ? "stage-name speaking" : "stage-name"}>
          <span>{person.name}</span>
          <Icon name={person.mic ? "mic" : "micOff"} label={person.mic ? t("roster.micOn") : t("roster.micOff")} />
        </li>
      ))}
    </ul>
  );
}

/** Selects the content of the main area. */
function ViewMenu() {
  const room = useRoom();
  const view = mainViewOf(useMedia(), room.me);
  const content = view.content();
  const items: MenuItem[] = LAYOUTS.map((layout) => ({
    label: t(`stage.${layout}`),
    checked: content.kind === layout,
    onSelect: () => view.selectLayout(layout),
  }));
  view.screens().forEach((user_id, at) => {
    const member = room.members.value[user_id];
    items.push({
      label: t("stage.screen_of", { name: member ? nameOf(member) : user_id }),
      checked: content.kind === "screen" && content.user_id === user_id,
      line: at === 0,
      onSelect: () => view.selectScreen(user_id),
    });
  });
  return <Menu small label={t("stage.view")} icon={content.kind === "screen" ? "screen" : ICONS[content.kind]} items={items} />;
}
