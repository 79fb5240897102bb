// Raised hands: the pupil's button, and what a moderator can't miss.

import { useSignalEffect } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { Button, Icon, IconButton, attempt } from "../ui";
import { handSound } from "../ui/sound";
import { Actions, nameOf } from "./actions";

/** How many hands the strip names. */
const NAMED = 6;

/** Raises or lowers one's own hand. */
export function HandButton() {
  const room = useRoom();
  const [busy, setBusy] = useState(false);
  const self = room.self.value;
  if (!self || self.role === "supervisor") return null;
  const up = self.hand_up === 1;
  const place = room.hands.value.findIndex((member) => member.user_id === room.me) + 1;
  const toggle = async () => {
    setBusy(true);
    await attempt(room.call("report/event", { event: up ? "hand_down" : "hand_up" }, { repeatable: true }));
    setBusy(false);
  };
  return (
    <Button kind={up ? "hand" : "plain"} icon="hand" class="hand-button" busy={busy} aria-pressed={up} onClick={toggle}>
      <span class="hand-word">{up ? t("roster.handLower") : t("roster.handRaise")}</span>
      {up && place > 0 && (
        <span class="hand-place">
          <span aria-hidden="true">{place}</span>
          <span class="unseen">{t("roster.handPlace", { n: place })}</span>
        </span>
      )}
    </Button>
  );
}

/** The raised hands in their order, over the board, for moderators. Sounds when one is raised. */
export function HandStrip({ onShow }: { onShow: () => void }) {
  const room = useRoom();
  const known = useRef<Set<string> | null>(null);
  const [said, say] = useState("");
  useSignalEffect(() => {
    const hands = room.hands.value;
    const fresh = hands.filter((member) => known.current && !known.current.has(member.user_id) && member.user_id !== room.me);
    // The hands that were up before we came make no sound.
    known.current = new Set(hands.map((member) => member.user_id));
    const last = fresh[fresh.length - 1];
    if (last) {
      handSound();
      say(t("roster.handRaised", { name: nameOf(last) }));
    }
  });
  const hands = room.hands.value;
  const actions = new Actions(room);
  return (
    <>
      <span class="unseen" role="status">{said}</span>
      {hands.length > 0 && (
        <section class="hand-strip" aria-label={t("roster.handsUp", { n: hands.length })}>
          <Icon name="hand" />
          <ol class="hand-strip-list">
            {hands.slice(0, NAMED).map((member, at) => (
              <li key={member.user_id}>
                <button type="button" class="hand-chip" title={t("roster.inviteName", { name: nameOf(member) })} onClick={() => actions.stage(member, true)}>
                  <span class="hand-number">{at + 1}</span>
                  <span class="hand-name">{nameOf(member)}</span>
                  <span class="unseen">: {t("roster.onStage")}</span>
                </button>
              </li>
            ))}
          </ol>
          {hands.length > NAMED && (
            <Button kind="quiet" onClick={onShow}>{t("roster.moreHands", { n: hands.length - NAMED })}</Button>
          )}
          <IconButton icon="close" small label={t("roster.lowerAll")} onClick={() => actions.lowerHands(hands)} />
        </section>
      )}
    </>
  );
}
