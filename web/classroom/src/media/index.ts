// Audio and video of the current class.

import { effect } from "@preact/signals";
import { t } from "../i18n";
import { explain } from "../i18n/errors";
import { perObject } from "../state/per-object";
import { useRoom, type Room } from "../state/room";
import { toast } from "../ui";
import { Media } from "./media";
import type { LocalSourceEvent } from "./local-sources";
import { helpFor, problemOf } from "./problems";

export type { Media } from "./media";

/** Returns the media of a room. They live as long as its connection. */
export const mediaOf = perObject((room: Room) => {
  const media = new Media(room, notify);
  void media.load();
  const stop = effect(() => {
    if (room.connection.end.value) media.stop();
  });
  addEventListener("pagehide", ({ persisted }) => {
    // The page is in the back/forward cache and may be shown again.
    if (persisted) return;
    stop();
    media.session.stop();
  });
  return media;
});

export function useMedia(): Media {
  return mediaOf(useRoom());
}

/** Shows a toast for an event of the local sources. */
function notify(event: LocalSourceEvent): void {
  const device = t(`media.the_${event.source}`);
  switch (event.kind) {
    case "taken":
      return toast(t(`media.taken_${event.source}`));
    case "lost":
      return toast(t("media.lost", { device }), true);
    case "refused":
      return toast(explain(event.error), true);
    case "device": {
      const problem = problemOf(event.error, event.source);
      if (problem === "cancelled") return;
      const { title, help } = helpFor(problem, event.source);
      return toast(`${title} ${help}`, true);
    }
  }
}
