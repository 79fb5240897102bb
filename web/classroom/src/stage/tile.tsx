// A person on the stage: picture or avatar, name, status icons and menu.

import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { useMedia } from "../media";
import { devicePreferences } from "../media/device-preferences";
import { qualityOf } from "../media/quality";
import { Actions } from "../roster/actions";
import { useRoom } from "../state/room";
import { Avatar, Icon } from "../ui";
import type { Person } from "./arrange";
import { PersonMenu } from "./person-menu";
import { Picture, useVideoRequest } from "./picture";

interface TileProps {
  person: Person;
  /** The priority of the picture; 0 is the highest. */
  rank: number;
  /** For the active speaker: the whole picture is shown. */
  large?: boolean;
}

export function Tile({ person, rank, large }: TileProps) {
  const media = useMedia();
  const box = useRef<HTMLDivElement>(null);
  const { user_id, name, self } = person;
  const isSent = person.camera && media.isSent(user_id, "camera");
  useVideoRequest(box, user_id, "camera", rank, isSent && !self);
  const paused = media.isPaused(user_id, "camera");
  const stream = isSent ? media.picture(user_id, "camera") : null;
  // Speakers change four times a second. The computed signal re-renders only the affected tiles.
  const speaking = useComputed(() => media.isSpeaking(user_id)).value;
  const classes = ["tile", speaking && "speaking", large && "large"].filter(Boolean).join(" ");
  return (
    <div ref={box} class={classes} role="group" aria-label={speaking ? `${name}, ${t("stage.speaking")}` : name}>
      {/* Visible until the video arrives. */}
      {!paused && <span class="tile-face"><Avatar name={name} src={person.avatar} /></span>}
      {stream && !paused && <Picture stream={stream} label={name} mirrored={self && devicePreferences.value.mirror} whole={large} />}
      {paused && <span class="tile-note"><Icon name="wifiOff" label={t("stage.paused")} /><span class="tile-words">{t("stage.paused")}</span></span>}
      <Caption person={person} />
      <Quality person={person} />
      <span class="tile-top">
        <PersonMenu person={person} box={box} hasPicture={stream !== null} />
      </span>
    </div>
  );
}

function Caption({ person }: { person: Person }) {
  const room = useRoom();
  const media = useMedia();
  const member = room.members.value[person.user_id];
  const mayMute = room.moderator.value && !person.self && !person.moderator && person.mic && member;
  return (
    <span class="tile-name">
      <span>{person.self ? `${person.name} (${t("common.you")})` : person.name}</span>
      {media.playback.of(person.user_id).muted && <Icon name="soundOff" label={t("stage.muted_here")} />}
      {mayMute ? (
        <button type="button" class="tile-mute" aria-label={t("stage.mute_name", { name: person.name })} title={t("stage.mute_name", { name: person.name })} onClick={() => void new Actions(room).mute([member])}>
          <Icon name="mic" />
        </button>
      ) : (
        <Icon name={person.mic ? "mic" : "micOff"} label={person.mic ? t("roster.micOn") : t("roster.micOff")} />
      )}
    </span>
  );
}

/** The network quality of a person, in four bars. */
function Quality({ person }: { person: Person }) {
  const quality = useMedia().quality.value[person.user_id];
  if (!quality) return null;
  const bars = qualityOf(quality);
  const label = t("media.quality", { words: t(`media.quality_${bars}`), time: Math.round(quality.round_trip), percent: Math.round(quality.loss * 100) });
  return (
    <span class={bars <= 2 ? "quality bad" : "quality"} role="img" aria-label={label} title={label}>
      {[1, 2, 3, 4].map((bar) => <span key={bar} class={bar <= bars ? "on" : ""} />)}
    </span>
  );
}
