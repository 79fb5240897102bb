// The menu of a picture: volume and full screen, and for moderators muting and removing from the stage.

import { signal } from "@preact/signals";
import type { RefObject } from "preact";
import { t } from "../i18n";
import { useMedia } from "../media";
import { devicePreferences, setDevicePreferences } from "../media/device-preferences";
import { Actions } from "../roster/actions";
import { useRoom } from "../state/room";
import { Dialog, Menu, type MenuItem } from "../ui";
import type { Person } from "./arrange";
import { canFillScreen, fillScreen } from "./full-screen";

/** The person whose volume is being set. */
const volumeOf = signal<Person | null>(null);

export function PersonMenu({ person, box, hasPicture }: { person: Person; box: RefObject<HTMLElement | null>; hasPicture: boolean }) {
  const room = useRoom();
  const media = useMedia();
  const { user_id } = person;
  const muted = media.playback.of(user_id).muted;
  const items: MenuItem[] = [];
  if (person.self) {
    items.push({ label: t("media.mirror"), checked: devicePreferences.value.mirror, onSelect: () => setDevicePreferences({ mirror: !devicePreferences.value.mirror }) });
  } else {
    items.push(
      { label: t("stage.volume"), icon: "sound", onSelect: () => (volumeOf.value = person) },
      { label: muted ? t("stage.hear") : t("stage.not_hear"), icon: muted ? "sound" : "soundOff", onSelect: () => media.playback.change(user_id, { muted: !muted }) },
    );
  }
  if (hasPicture && canFillScreen()) items.push({ label: t("stage.full_screen"), icon: "fit", onSelect: () => fillScreen(box.current) });
  const member = room.members.value[user_id];
  if (room.moderator.value && member && !person.self && !person.moderator) {
    const actions = new Actions(room);
    if (person.mic) items.push({ label: t("stage.mute"), icon: "micOff", line: true, onSelect: () => void actions.mute([member]) });
    if (person.camera) items.push({ label: t("stage.camera_off"), icon: "cameraOff", line: !person.mic, onSelect: () => void actions.cameraOff(member) });
    items.push({ label: t("roster.offStage"), icon: "stage", onSelect: () => void actions.stage(member, false) });
  }
  return <Menu small label={t("stage.actions", { name: person.name })} items={items} />;
}

/** The volume slider. Rendered once. */
export function VolumeDialog() {
  const media = useMedia();
  const person = volumeOf.value;
  if (!person) return null;
  const { volume, muted } = media.playback.of(person.user_id);
  const set = (value: number) => media.playback.change(person.user_id, { volume: value / 100, muted: false });
  return (
    <Dialog title={t("stage.volume_of", { name: person.name })} onClose={() => (volumeOf.value = null)}>
      <input
        data-first
        class="volume"
        type="range"
        min={0}
        max={100}
        step={5}
        aria-label={t("stage.volume")}
        value={muted ? 0 : Math.round(volume * 100)}
        onInput={(event) => set(Number(event.currentTarget.value))}
      />
    </Dialog>
  );
}
