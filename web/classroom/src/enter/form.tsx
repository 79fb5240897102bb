// The form: user id and password, or a name for the visitors of a public class.

import { useEffect, useRef, useState } from "preact/hooks";
import type { CallError } from "../channel/connection";
import { t } from "../i18n";
import { Button, Field, TabPanel, Tabs } from "../ui";
import { kept, keep } from "../ui/kept";
import { explain } from "../i18n/errors";
import { EnterCard } from "./card";
import type { Gate } from "./gate";

export function EnterForm({ gate, problem }: { gate: Gate; problem?: CallError }) {
  const open = gate.knownClass?.class_type === "public";
  const [way, setWay] = useState(open && gate.place?.door !== "teacher" ? "visitor" : "account");
  const tabs = [
    { id: "visitor", label: t("enter.asVisitor") },
    { id: "account", label: t("enter.withAccount") },
  ];
  return (
    <EnterCard gate={gate}>
      {open && <Tabs label={t("enter.how")} tabs={tabs} selected={way} onSelect={setWay} panelId="enter-way" />}
      {open ? (
        <TabPanel panelId="enter-way" selected={way}>
          {way === "visitor" ? <Visitor gate={gate} /> : <Account gate={gate} problem={problem} />}
        </TabPanel>
      ) : (
        <Account gate={gate} problem={problem} />
      )}
    </EnterCard>
  );
}

/** Runs what a form does: what is going on, and what went wrong. */
function useSubmit(submit: () => Promise<void>, before?: CallError) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(before);
  const mounted = useRef(true);
  useEffect(() => () => void (mounted.current = false), []);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await submit();
    } catch (error) {
      if (mounted.current) setProblem(error);
    } finally {
      if (mounted.current) setBusy(false);
    }
  };
  return { busy, problem: problem === undefined ? undefined : explain(problem), onSubmit };
}

function Account({ gate, problem: before }: { gate: Gate; problem?: CallError }) {
  const [userId, setUserId] = useState("");
  const [secret, setSecret] = useState("");
  const { busy, problem, onSubmit } = useSubmit(() => gate.signIn(userId.trim(), secret), before);
  return (
    <form class="enter-form" onSubmit={onSubmit}>
      {problem && <p class="enter-problem" role="alert">{problem}</p>}
      <Field id="user-id" label={t("enter.userId")}>
        <input id="user-id" class="input" autocomplete="username" autocapitalize="off" spellcheck={false} required value={userId} onInput={(event) => setUserId(event.currentTarget.value)} />
      </Field>
      <Field id="secret" label={t("enter.password")} hint={t("enter.passwordHint")}>
        <input id="secret" class="input" type="password" autocomplete="current-password" aria-describedby="secret-hint" required value={secret} onInput={(event) => setSecret(event.currentTarget.value)} />
      </Field>
      <Button type="submit" kind="primary" large wide busy={busy}>{t("enter.enter")}</Button>
    </form>
  );
}

function Visitor({ gate }: { gate: Gate }) {
  const [name, setName] = useState(kept("nickname") ?? "");
  const { busy, problem, onSubmit } = useSubmit(() => {
    keep("nickname", name.trim());
    return gate.visit(name.trim());
  });
  return (
    <form class="enter-form" onSubmit={onSubmit}>
      {problem && <p class="enter-problem" role="alert">{problem}</p>}
      <Field id="nickname" label={t("enter.nickname")} hint={t("enter.nicknameHint")}>
        <input id="nickname" class="input" autocomplete="nickname" aria-describedby="nickname-hint" maxLength={64} required value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Button type="submit" kind="primary" large wide busy={busy}>{t("enter.enter")}</Button>
    </form>
  );
}
