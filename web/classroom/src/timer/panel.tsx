// The timer panel of the teacher and assistants: start, pause, resume, remove.

import "./timer.css";
import { useId, useState } from "preact/hooks";

import { Choices } from "../activities/parts";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { Button, Field, attempt } from "../ui";
import { clockText, HIGHLIGHT_MS, parseDuration, timerRemaining } from "./countdown";
import { useRemaining } from "./remaining";

const PRESETS = [1, 3, 5, 10, 15] as const;

export function TimerPanel() {
  const room = useRoom();
  const timer = room.timer.value;
  return timer ? <RunningTimer /> : <NewTimer />;
}

function RunningTimer() {
  const room = useRoom();
  const timer = room.timer.value;
  const paused = timer?.state === "paused";
  const left = useRemaining(room, (now) => (timer ? timerRemaining(timer, now) : null), paused) ?? 0;
  const [busy, setBusy] = useState(false);
  if (!timer) return null;
  const call = (name: string): void => {
    setBusy(true);
    void attempt(room.call(name)).then(() => setBusy(false));
  };
  return (
    <div class="activity">
      <div class={left <= HIGHLIGHT_MS ? "timer-large soon" : "timer-large"}>
        <span role="timer" aria-label={t("timer.left", { time: clockText(left) })}><span aria-hidden="true">{clockText(left)}</span></span>
        <progress class="bar" max={timer.duration} value={left} aria-hidden="true" />
        {(paused || left === 0) && <p class="muted">{left === 0 ? t("timer.over") : t("timer.paused")}</p>}
      </div>
      <div class="activity-buttons">
        {left > 0 && (paused
          ? <Button key="go" kind="primary" icon="play" busy={busy} onClick={() => call("timer/start")}>{t("timer.go_on")}</Button>
          : <Button key="pause" kind="primary" icon="pause" busy={busy} onClick={() => call("timer/pause")}>{t("timer.pause")}</Button>)}
        <Button icon="close" busy={busy} onClick={() => call("timer/remove")}>{t("timer.remove")}</Button>
      </div>
    </div>
  );
}

function NewTimer() {
  const room = useRoom();
  const id = useId();
  const [minutes, setMinutes] = useState<number | null>(5);
  const [free, setFree] = useState("");
  const [bad, setBad] = useState(false);
  const [busy, setBusy] = useState(false);
  const start = (event: Event): void => {
    event.preventDefault();
    const duration = free.trim() !== "" ? parseDuration(free) : minutes === null ? null : minutes * 60_000;
    setBad(duration === null);
    if (duration === null) return document.getElementById(id)?.focus();
    setBusy(true);
    void attempt(room.call("timer/start", { duration })).then(() => setBusy(false));
  };
  return (
    <form class="activity" onSubmit={start}>
      <Choices
        label={t("timer.presets")}
        choices={PRESETS.map((value) => ({ value, label: t("activities.minutes", { n: value }) }))}
        value={free.trim() === "" ? minutes : null}
        onChange={(value) => {
          setMinutes(value);
          setFree("");
          setBad(false);
        }}
      />
      <Field id={id} label={t("timer.free")} hint={t("timer.free_hint")} problem={bad ? t("timer.free_bad") : undefined}>
        <input
          id={id} class="input" value={free} autocomplete="off" inputMode="text" aria-invalid={bad}
          aria-describedby={bad ? `${id}-problem` : `${id}-hint`}
          onInput={(event) => setFree(event.currentTarget.value)}
        />
      </Field>
      <Button type="submit" kind="primary" icon="play" wide busy={busy}>{t("timer.start")}</Button>
    </form>
  );
}
