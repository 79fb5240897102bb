// The sign-in form: user id and password, or a name for visitors of a public class.

import { useEffect, useRef, useState } from "preact/hooks";
import type { CallError } from "../channel/connection";
import { t } from "../i18n";
import { Button, Field, TabPanel, Tabs } from "../ui";
import { loadSetting, saveSetting } from "../ui/storage";
import { explain } from "../i18n/errors";
import { EnterCard } from "./card";
import type { EntryFlow } from "./flow";

export function EnterForm({ flow, problem }: { flow: EntryFlow; problem?: CallError }) {
  const open = flow.classPreview?.class_type === "public";
  const [way, setWay] = useState(open && flow.classAddress?.entrance !== "teacher" ? "visitor" : "account");
  const tabs = [
    { id: "visitor", label: t("enter.asVisitor") },
    { id: "account", label: t("enter.withAccount") },
  ];
  return (
    <EnterCard flow={flow}>
      {open && <Tabs label={t("enter.how")} tabs={tabs} selected={way} onSelect={setWay} panelId="enter-way" />}
      {open ? (
        <TabPanel panelId="enter-way" selected={way}>
          {way === "visitor" ? <Visitor flow={flow} /> : <Account flow={flow} problem={problem} />}
        </TabPanel>
      ) : (
        <Account flow={flow} problem={problem} />
      )}
    </EnterCard>
  );
}

/** Submits a form, with its busy state and its error. */
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

function Account({ flow, problem: before }: { flow: EntryFlow; problem?: CallError }) {
  const [userId, setUserId] = useState("");
  const [secret, setSecret] = useState("");
  const { busy, problem, onSubmit } = useSubmit(() => flow.signIn(userId.trim(), secret), before);
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

function Visitor({ flow }: { flow: EntryFlow }) {
  const [name, setName] = useState(loadSetting("nickname") ?? "");
  const { busy, problem, onSubmit } = useSubmit(() => {
    saveSetting("nickname", name.trim());
    return flow.visit(name.trim());
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
