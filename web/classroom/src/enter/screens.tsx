// The screens before and after the class.

import { useEffect, useRef, useState } from "preact/hooks";
import type { CallError, End } from "../channel/connection";
import type { Credentials } from "../channel/types";
import { clock, locale, t, type Key } from "../i18n";
import { Playback } from "../playback";
import type { Room } from "../state/room";
import { Button, Field, Icon, Spinner, type IconName } from "../ui";
import { EnterCard } from "./card";
import { explain } from "../i18n/errors";
import type { EntryFlow } from "./flow";

/** An icon and a sentence. */
function Notice({ icon, text }: { icon: IconName; text: string }) {
  return (
    <div class="enter-notice" role="alert">
      <Icon name={icon} />
      <p>{text}</p>
    </div>
  );
}

export function NoClass({ flow }: { flow: EntryFlow }) {
  return (
    <EnterCard flow={flow}>
      <Notice icon="alert" text={t("enter.nowhere")} />
    </EnterCard>
  );
}

export function Entering({ flow, room }: { flow: EntryFlow; room?: Room }) {
  const disconnected = room?.connection.status.value === "waiting";
  return (
    <EnterCard flow={flow}>
      <Spinner label={disconnected ? t("enter.noConnection") : t("enter.entering")} />
      {disconnected && <Button wide onClick={() => flow.toForm()}>{t("common.cancel")}</Button>}
    </EnterCard>
  );
}

export function ClassPassword({ flow, credentials, wrong }: { flow: EntryFlow; credentials: Credentials; wrong: boolean }) {
  const [password, setPassword] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <EnterCard flow={flow}>
      <form
        class="enter-form"
        onSubmit={(event) => {
          event.preventDefault();
          flow.withPassword(credentials, password);
        }}
      >
        <Field id="class-password" label={t("enter.classPassword")} hint={t("enter.classPasswordHint")} problem={wrong ? t("errors.classPassword") : undefined}>
          <input
            ref={input}
            id="class-password"
            class="input"
            type="password"
            autocomplete="off"
            required
            aria-invalid={wrong}
            aria-describedby={wrong ? "class-password-hint class-password-problem" : "class-password-hint"}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </Field>
        <Button type="submit" kind="primary" large wide>{t("enter.enter")}</Button>
        <Button kind="quiet" wide onClick={() => flow.toForm()}>{t("enter.otherUser")}</Button>
      </form>
    </EnterCard>
  );
}

/** The longest delay that `setTimeout` supports. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export function Waiting({ flow, credentials, opensAt }: { flow: EntryFlow; credentials: Credentials; opensAt: number }) {
  const [left, setLeft] = useState(opensAt - Date.now());
  useEffect(() => {
    const tick = setInterval(() => setLeft(opensAt - Date.now()), 1000);
    // A random extra delay, so that not all waiting clients connect at once.
    const enter = setTimeout(() => flow.retry(credentials), Math.min(MAX_TIMEOUT_MS, Math.max(5_000, opensAt - Date.now()) + 500 + Math.random() * 2_500));
    return () => {
      clearInterval(tick);
      clearTimeout(enter);
    };
  }, [opensAt]);
  const when = new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "short" });
  return (
    <EnterCard flow={flow}>
      <div class="enter-notice">
        <Icon name="clock" />
        <p>{t("enter.tooEarly")}</p>
        {opensAt > 0 && (
          <>
            <p class="enter-countdown" role="timer">{remaining(left)}</p>
            <p class="enter-small">{when.format(opensAt)}</p>
          </>
        )}
        <p class="enter-small">{t("enter.opensByItself")}</p>
      </div>
      <Button kind="quiet" wide onClick={() => flow.toForm()}>{t("enter.otherUser")}</Button>
    </EnterCard>
  );
}

const DAY_MS = 86_400_000;

function remaining(left: number): string {
  if (left < DAY_MS) return clock(left);
  return t("enter.days", { n: Math.floor(left / DAY_MS), rest: clock(left % DAY_MS) });
}

export function RefusedScreen({ flow, credentials, problem }: { flow: EntryFlow; credentials: Credentials; problem: CallError }) {
  return (
    <EnterCard flow={flow}>
      <Notice icon="alert" text={explain(problem)} />
      {problem.code === CLASS_ENDED && <Playback credentials={credentials} />}
      <div class="enter-form">
        {!FINAL_CODES.has(problem.code) && <Button kind="primary" large wide onClick={() => flow.retry(credentials)}>{t("common.retry")}</Button>}
        <Button kind="quiet" wide onClick={() => flow.toForm()}>{t("enter.otherUser")}</Button>
      </div>
    </EnterCard>
  );
}

const CLASS_ENDED = 10224;

/** Retrying is pointless: the class has ended, or does not exist. */
const FINAL_CODES = new Set([CLASS_ENDED, 10230, 10270]);

const REASONS: Record<string, Key> = {
  quit: "enter.quit",
  kicked: "enter.kicked",
  replaced: "enter.replaced",
  moved: "enter.moved",
  removed: "enter.removed",
  deleted: "enter.deleted",
};
/** Reasons after which the user may enter again. */
const REENTRY_REASONS = new Set(["quit", "replaced", "moved"]);

export function EndScreen({ flow, credentials, end }: { flow: EntryFlow; credentials: Credentials; end: End }) {
  const over = end.code === 4003;
  return (
    <EnterCard flow={flow}>
      <Notice icon={over ? "check" : end.reason === "quit" ? "exit" : "alert"} text={over ? t("enter.classOver") : t(REASONS[end.reason] ?? "enter.closed")} />
      {over && <Playback credentials={credentials} />}
      <div class="enter-form">
        {!over && (REENTRY_REASONS.has(end.reason) || !REASONS[end.reason]) && (
          <Button kind="primary" large wide onClick={() => flow.retry(credentials)}>{t("enter.enterAgain")}</Button>
        )}
        <Button kind="quiet" wide onClick={() => flow.toForm()}>{t("enter.otherUser")}</Button>
      </div>
    </EnterCard>
  );
}
