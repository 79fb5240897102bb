// Components that check-in, question and timer share: radio choices, time limits, a countdown, a meter.

import { useId } from "preact/hooks";

import { t } from "../i18n";
import { useRoom } from "../state/room";
import { clockText, HIGHLIGHT_MS, limitRemaining } from "../timer/countdown";
import { useRemaining } from "../timer/remaining";

export interface Choice<Value> {
  value: Value;
  label: string;
}

/** A radio group. */
export function Choices<Value extends string | number>({ label, choices, value, onChange }: { label: string; choices: readonly Choice<Value>[]; value: Value | null; onChange: (value: Value) => void }) {
  const name = useId();
  return (
    <fieldset class="choices">
      <legend class="label">{label}</legend>
      <div class="choices-row">
        {choices.map((choice) => (
          <label key={choice.value} class="choice">
            <input type="radio" name={name} checked={choice.value === value} onChange={() => onChange(choice.value)} />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Time limits in seconds; 0 for none. */
const LIMITS = [30, 60, 120, 300, 0] as const;

export function LimitChoice({ value, onChange }: { value: number; onChange: (seconds: number) => void }) {
  const word = (seconds: number): string =>
    seconds === 0 ? t("activities.none") : seconds < 60 ? t("activities.seconds", { n: seconds }) : t("activities.minutes", { n: seconds / 60 });
  return <Choices label={t("activities.limit")} choices={LIMITS.map((seconds) => ({ value: seconds, label: word(seconds) }))} value={value} onChange={onChange} />;
}

/** The time left of a limit; nothing without a limit. Times are in milliseconds. */
export function Countdown({ start, limit, large }: { start: number; limit: number; large?: boolean }) {
  const room = useRoom();
  const left = useRemaining(room, (now) => limitRemaining(start, limit, now));
  if (left === null) return null;
  const classes = ["countdown", large && "large", left <= HIGHLIGHT_MS && "soon"].filter(Boolean).join(" ");
  return (
    <div class={classes}>
      <span role="timer" aria-label={t("activities.left", { time: clockText(left) })}>
        <span aria-hidden="true">{left === 0 ? t("activities.time_over") : clockText(left)}</span>
      </span>
      <progress class="bar" max={limit} value={left} aria-hidden="true" />
    </div>
  );
}

/** A value within a maximum, as a bar. */
export function Meter({ value, max, label }: { value: number; max: number; label: string }) {
  return <progress class="bar meter" max={Math.max(max, 1)} value={Math.min(value, Math.max(max, 1))} aria-label={label} />;
}
