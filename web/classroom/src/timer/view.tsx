// The timer in the header, for everybody.

import "./timer.css";
import { useEffect, useRef, useState } from "preact/hooks";

import { t } from "../i18n";
import { useRoom } from "../state/room";
import { Icon, IconButton } from "../ui";
import { setSound, soundOn, timeSound } from "../ui/sound";
import { clockText, HIGHLIGHT_MS, timerRemaining } from "./countdown";
import { useRemaining } from "./remaining";

/** Shows the timer; nothing when there is none. */
export function TimerView() {
  const room = useRoom();
  const timer = room.timer.value;
  const paused = timer?.state === "paused";
  const left = useRemaining(room, (now) => (timer ? timerRemaining(timer, now) : null), paused);
  const [announcement, setAnnouncement] = useState("");
  const before = useRef<{ start: number; left: number } | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = timer && left !== null ? { start: timer.start_time, left } : null;
    if (!timer || left === null) return setAnnouncement("");
    const isNew = last === null || last.start !== timer.start_time;
    // No sound for a timer that ended before the page was opened.
    if (isNew) return setAnnouncement(left > 0 ? t("timer.started", { time: clockText(left) }) : "");
    if (left === 0 && last.left > 0) {
      timeSound();
      setAnnouncement(t("timer.over"));
    } else if (left <= HIGHLIGHT_MS && last.left > HIGHLIGHT_MS) setAnnouncement(t("timer.left", { time: clockText(left) }));
    else if (left <= 60_000 && last.left > 60_000) setAnnouncement(t("timer.left", { time: clockText(left) }));
  }, [timer, left]);
  return (
    <>
      <span class="visually-hidden" role="status">{announcement}</span>
      {timer && left !== null && (
        <div class={["timer-chip", left === 0 && "over", left > 0 && left <= HIGHLIGHT_MS && "soon", paused && "paused"].filter(Boolean).join(" ")}>
          <Icon name={paused ? "pause" : "clock"} />
          <span role="timer" aria-label={left === 0 ? t("timer.over") : t("timer.left", { time: clockText(left) })}>
            <span aria-hidden="true" class="timer-digits">{clockText(left)}</span>
          </span>
          {(paused || left === 0) && <span class="timer-state">{t(left === 0 ? "timer.over" : "timer.paused")}</span>}
          <IconButton small icon={soundOn.value ? "sound" : "soundOff"} label={t(soundOn.value ? "timer.sound_off" : "timer.sound_on")} onClick={() => setSound(!soundOn.value)} />
        </div>
      )}
    </>
  );
}
