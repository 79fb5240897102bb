// The people on the stage of the current class.

import { useComputed, type ReadonlySignal } from "@preact/signals";
import { useMedia } from "../media";
import { useRoom } from "../state/room";
import { peopleOnStage, type Person } from "./arrange";

export function usePeople(): ReadonlySignal<Person[]> {
  const room = useRoom();
  const media = useMedia();
  return useComputed(() => peopleOnStage(room.members.value, media.sources.value, room.me, { mic: media.local.isOn("mic"), camera: media.local.isOn("camera") }));
}
