// What covers the board: a shared screen, the active speaker, or the grid.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { useMedia } from "../media";
import { nameOf } from "../roster/actions";
import { useRoom } from "../state/room";
import { Icon, IconButton, Spinner } from "../ui";
import { gridOf, pageSize, promote, type Person } from "./arrange";
import { fillScreen } from "./full-screen";
import { usePeople } from "./people";
import { Picture, useVideoRequest } from "./picture";
import { mainViewOf } from "./main-view";
import { Tile } from "./tile";

/** The gap between tiles, in pixels. */
const GAP = 8;
/** How often the active speaker is updated, in milliseconds. */
const SPEAKER_INTERVAL_MS = 500;

/** Whether something covers the board. */
export function useBoardCovered(): boolean {
  const room = useRoom();
  const media = useMedia();
  const people = usePeople().value;
  const { kind } = mainViewOf(media, room.me).content();
  return media.mode.value === "on" && (kind === "screen" || (kind !== "board" && people.length > 0));
}

export function MainArea() {
  const room = useRoom();
  const view = mainViewOf(useMedia(), room.me);
  const people = usePeople().value;
  const content = view.content();
  return (
    <div class="middle">
      {content.kind === "screen" && <Screen key={content.user_id} user_id={content.user_id} />}
      {content.kind === "speaker" && <Speaker people={people} />}
      {content.kind === "grid" && <Grid people={people} />}
    </div>
  );
}

function Screen({ user_id }: { user_id: string }) {
  const room = useRoom();
  const media = useMedia();
  const box = useRef<HTMLDivElement>(null);
  useVideoRequest(box, user_id, "screen", 0, true);
  const member = room.members.value[user_id];
  const label = t("stage.screen_of", { name: member ? nameOf(member) : user_id });
  const stream = media.picture(user_id, "screen");
  const paused = media.isPaused(user_id, "screen");
  return (
    <div ref={box} class="screen">
      {stream && !paused && <Picture stream={stream} label={label} whole />}
      {!stream && !paused && <Spinner label={label} />}
      {paused && <span class="tile-note"><Icon name="wifiOff" /><span>{t("stage.paused")}</span></span>}
      <span class="tile-name"><span>{label}</span></span>
      <span class="tile-top">
        <IconButton small icon="fit" label={t("stage.full_screen")} onClick={() => fillScreen(box.current)} />
      </span>
    </div>
  );
}

function Speaker({ people }: { people: Person[] }) {
  const room = useRoom();
  const media = useMedia();
  const view = mainViewOf(media, room.me);
  const others = people.filter((person) => !person.self);
  const here = (others.length > 0 ? others : people).map((person) => person.user_id);
  useEffect(() => {
    view.updateSpeaker(here, Date.now());
    const timer = setInterval(() => view.updateSpeaker(here, Date.now()), SPEAKER_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [here.join("\n")]);
  const person = people.find((one) => one.user_id === view.activeSpeaker.value.user_id) ?? others[0] ?? people[0];
  return person ? <Tile key={person.user_id} person={person} rank={1} large /> : null;
}

function Grid({ people }: { people: Person[] }) {
  const room = useRoom();
  const view = mainViewOf(useMedia(), room.me);
  const box = useRef<HTMLDivElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  const page = useSignal(0);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => (size.value = { width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { width, height } = size.value;
  const each = pageSize(width, height);
  const pages = Math.max(1, Math.ceil(people.length / each));
  const at = Math.min(page.value, pages - 1);
  const order = promote(people, at === 0 ? view.recent.value : [], each);
  const here = order.slice(at * each, (at + 1) * each);
  const grid = gridOf(here.length, width, height, GAP);
  return (
    <>
      <div ref={box} class="grid">
        <ul style={{ gridTemplateColumns: `repeat(${grid.columns}, ${grid.width}px)`, gridAutoRows: `${grid.height}px` }}>
          {grid.width > 0 && here.map((person, rank) => <li key={person.user_id}><Tile person={person} rank={1 + rank} /></li>)}
        </ul>
      </div>
      {pages > 1 && (
        <div class="grid-pages">
          <IconButton small icon="chevronLeft" label={t("stage.previous")} disabled={at === 0} onClick={() => (page.value = at - 1)} />
          <span>{t("stage.page", { page: at + 1, pages })}</span>
          <IconButton small icon="chevronRight" label={t("stage.next")} disabled={at === pages - 1} onClick={() => (page.value = at + 1)} />
        </div>
      )}
    </>
  );
}
