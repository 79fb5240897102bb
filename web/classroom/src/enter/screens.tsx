// What is shown before the class when there is something in the way, and after it.

import { useEffect, useRef, useState } from "preact/hooks";
import type { CallError, End } from "../channel/connection";
import type { Credentials } from "../channel/types";
import { clock, locale, t, type Key } from "../i18n";
import type { Room } from "../state/room";
import { Button, Field, Icon, Spinner, type IconName } from "../ui";
import { EnterCard } from "./card";
import { explain } from "../i18n/errors";
import type { Gate } from "./gate";

/** A symbol and a sentence. */
function Notice({ icon, text }: { icon: IconName; text: string }) {
  return (
    <div class="enter-notice" role="alert">
      <Icon name={icon} />
      <p>{text}</p>
    </div>
  );
}

export function Nowhere({ gate }: { gate: Gate }) {
  return (
    <EnterCard gate={gate}>
      <Notice icon="alert" text={t("enter.nowhere")} />
    </EnterCard>
  );
}

export function Entering({ gate, room }: { gate: Gate; room?: Room }) {
  const trouble = room?.connection.status.value === "waiting";
  return (
    <EnterCard gate={gate}>
      <Spinner label={trouble ? t("enter.noConnection") : t("enter.entering")} />
      {trouble && <Button wide onClick={() => gate.toForm()}>{t("common.cancel")}</Button>}
    </EnterCard>
  );
}

export function ClassPassword({ gate, credentials, wrong }: { gate: Gate; credentials: Credentials; wrong: boolean }) {
  const [password, setPassword] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <EnterCard gate={gate}>
      <form
        class="enter-form"
        onSubmit={(event) => {
          event.preventDefault();
          gate.withPassword(credentials, password);
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
        <Button kind="quiet" wide onClick={() => gate.toForm()}>{t("enter.otherUser")}</Button>
      </form>
    </EnterCard>
  );
}

/** Longest wait that `setTimeout` takes. */
const LONGEST = 2 ** 31 - 1;

export function Waiting({ gate, credentials, opens }: { gate: Gate; credentials: Credentials; opens: number }) {
  const [left, setLeft] = useState(opens - Date.now());
  useEffect(() => {
    const tick = setInterval(() => setLeft(opens - Date.now()), 1000);
    // Some time more, at random: not all who wait may knock at once.
    const enter = setTimeout(() => gate.again(credentials), Math.min(LONGEST, Math.max(5_000, opens - Date.now()) + 500 + Math.random() * 2_500));
    return () => {
      clearInterval(tick);
      clearTimeout(enter);
    };
  }, [opens]);
  const when = new Intl.DateTimeFormat(locale(), { dateStyle: "full", timeStyle: "short" });
  return (
    <EnterCard gate={gate}>
      <div class="enter-notice">
        <Icon name="clock" />
        <p>{t("enter.tooEarly")}</p>
        {opens > 0 && (
          <>
            <p class="enter-countdown" role="timer">{remaining(left)}</p>
            <p class="enter-small">{when.format(opens)}</p>
          </>
        )}
        <p class="enter-small">{t("enter.opensByItself")}</p>
      </div>
      <Button kind="quiet" wide onClick={() => gate.toForm()}>{t("enter.otherUser")}</Button>
    </EnterCard>
  );
}

const DAY = 86_400_000;

function remaining(left: number): string {
  if (left < DAY) return clock(left);
  return t("enter.days", { n: Math.floor(left / DAY), rest: clock(left % DAY) });
}

export function RefusedScreen({ gate, credentials, problem }: { gate: Gate; credentials: Credentials; problem: CallError }) {
  return (
    <EnterCard gate={gate}>
      <Notice icon="alert" text={explain(problem)} />
      <div class="enter-form">
        {!HOPELESS.has(problem.code) && <Button kind="primary" large wide onClick={() => gate.again(credentials)}>{t("common.retry")}</Button>}
        <Button kind="quiet" wide onClick={() => gate.toForm()}>{t("enter.otherUser")}</Button>
      </div>
    </EnterCard>
  );
}

/** Trying again changes nothing: the class is over, or there is none. */
const HOPELESS = new Set([10224, 10230, 10270]);

const REASONS: Record<string, Key> = {
  quit: "enter.quit",
  kicked: "enter.kicked",
  replaced: "enter.replaced",
  moved: "enter.moved",
  removed: "enter.removed",
  deleted: "enter.deleted",
};
/** After these one can enter again. */
const AGAIN = new Set(["quit", "replaced", "moved"]);

export function Over({ gate, credentials, end }: { gate: Gate; credentials: Credentials; end: End }) {
  const over = end.code === 4003;
  return (
    <EnterCard gate={gate}>
      <Notice icon={over ? "check" : end.reason === "quit" ? "exit" : "alert"} text={over ? t("enter.classOver") : t(REASONS[end.reason] ?? "enter.closed")} />
      <div class="enter-form">
        {!over && (AGAIN.has(end.reason) || !REASONS[end.reason]) && (
          <Button kind="primary" large wide onClick={() => gate.again(credentials)}>{t("enter.enterAgain")}</Button>
        )}
        <Button kind="quiet" wide onClick={() => gate.toForm()}>{t("enter.otherUser")}</Button>
      </div>
    </EnterCard>
  );
}
