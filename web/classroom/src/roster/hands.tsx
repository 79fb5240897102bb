// Raised hands: the button of a pupil, and the strip of a moderator.

import { useSignalEffect } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { Button, Icon, IconButton, attempt } from "../ui";
import { handSound } from "../ui/sound";
import { Actions, nameOf } from "./actions";

/** How many names the strip shows. */
const MAX_NAMES = 6;

/** Raises or lowers this user's hand. */
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
          <span class="visually-hidden">{t("roster.handPlace", { n: place })}</span>
        </span>
      )}
    </Button>
  );
}

/** The raised hands in order, over the board, for moderators. Plays a sound for each new one. */
export function HandStrip({ onShow }: { onShow: () => void }) {
  const room = useRoom();
  const raisedBefore = useRef<Set<string> | null>(null);
  const [announcement, setAnnouncement] = useState("");
  useSignalEffect(() => {
    const hands = room.hands.value;
    const newlyRaised = hands.filter((member) => raisedBefore.current && !raisedBefore.current.has(member.user_id) && member.user_id !== room.me);
    // No sound for hands that were raised before this user entered.
    raisedBefore.current = new Set(hands.map((member) => member.user_id));
    const last = newlyRaised[newlyRaised.length - 1];
    if (last) {
      handSound();
      setAnnouncement(t("roster.handRaised", { name: nameOf(last) }));
    }
  });
  const hands = room.hands.value;
  const actions = new Actions(room);
  return (
    <>
      <span class="visually-hidden" role="status">{announcement}</span>
      {hands.length > 0 && (
        <section class="hand-strip" aria-label={t("roster.handsUp", { n: hands.length })}>
          <Icon name="hand" />
          <ol class="hand-strip-list">
            {hands.slice(0, MAX_NAMES).map((member, at) => (
              <li key={member.user_id}>
                <button type="button" class="hand-chip" title={t("roster.inviteName", { name: nameOf(member) })} onClick={() => actions.stage(member, true)}>
                  <span class="hand-number">{at + 1}</span>
                  <span class="hand-name">{nameOf(member)}</span>
                  <span class="visually-hidden">: {t("roster.onStage")}</span>
                </button>
              </li>
            ))}
          </ol>
          {hands.length > MAX_NAMES && (
            <Button kind="quiet" onClick={onShow}>{t("roster.moreHands", { n: hands.length - MAX_NAMES })}</Button>
          )}
          <IconButton icon="close" small label={t("roster.lowerAll")} onClick={() => actions.lowerHands(hands)} />
        </section>
      )}
    </>
  );
}
