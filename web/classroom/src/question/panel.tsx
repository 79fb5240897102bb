// The question panel of the teacher and assistants: write a question, watch the answers, end it, see the result.

import "./question.css";
import { useEffect, useState } from "preact/hooks";

import { activityId } from "../activities/id";
import { Countdown } from "../activities/parts";
import { t } from "../i18n";
import type { QuestionState } from "../state/classroom";
import { useRoom } from "../state/room";
import { Button, Icon, attempt } from "../ui";
import { loadTabState, saveTabState } from "../ui/storage";
import { useAnswers, type LiveAnswers } from "./answers";
import { Bars, answerWords } from "./bars";
import { launchBody, nextDraft, readDraft } from "./draft";
import { QuestionForm } from "./form";
import { selectedKeys, readOptions } from "./options";

export function QuestionPanel() {
  const room = useRoom();
  const question = room.question.value;
  const storageKey = `question.${room.classId}`;
  const [draft, setDraft] = useState(() => readDraft(loadTabState(storageKey)));
  const [busy, setBusy] = useState(false);
  /** The ended question whose result was closed. */
  const doneKey = `question-done.${room.classId}`;
  const [done, setDone] = useState(() => loadTabState(doneKey) ?? "");
  useEffect(() => saveTabState(storageKey, JSON.stringify(draft)), [draft]);

  const launchQuestion = (): void => {
    setBusy(true);
    const id = activityId("q", room.now());
    const launch = room.call("question/launch", launchBody(draft, id), { repeatable: true });
    // The call was sent twice because the first answer was lost. The class has the question.
    const asked = launch.catch((error: unknown) => {
      if (room.question.value?.question_id !== id) throw error;
    });
    void attempt(asked).then((done) => {
      setBusy(false);
      if (done) setDraft(nextDraft(draft));
    });
  };
  const next = (id: string): void => {
    saveTabState(doneKey, id);
    setDone(id);
  };
  const end = (id: string): void => {
    setBusy(true);
    void attempt(room.call("question/cancel", { question_id: id }, { repeatable: true })).then(() => setBusy(false));
  };
  if (question === null || done === question.question_id) {
    return <QuestionForm draft={draft} onChange={setDraft} busy={busy} onLaunch={launchQuestion} />;
  }
  return <LaunchedQuestion question={question} busy={busy} onEnd={() => end(question.question_id)} onNext={() => next(question.question_id)} />;
}

function LaunchedQuestion({ question, busy, onEnd, onNext }: { question: QuestionState; busy: boolean; onEnd: () => void; onNext: () => void }) {
  const room = useRoom();
  const live = useAnswers(room, question);
  const { title, options } = readOptions(question.options);
  const open = question.end_time === null;
  const right = selectedKeys(question.correct_answer);
  const { answered, pupils } = live.result;
  return (
    <div class="activity">
      {title !== "" && <p class="question-title">{title}</p>}
      {open ? <Countdown start={question.launch_time} limit={question.limit} large /> : <h3>{t("question.result")}</h3>}
      <p class="question-count" role="status">
        <strong>{t("question.answered", { answered, all: pupils })}</strong>
        {right.length > 0 && <span class="good">{t("question.right_count", { n: live.result.right })}</span>}
      </p>
      <Bars options={options} result={live.result} correct={question.correct_answer} />
      {right.length > 0 && <p>{t("question.the_right", { answer: answerWords(right) })}</p>}
      {live.failed && <p class="bad" role="alert">{t("question.load_failed")}</p>}
      {open
        ? <Button key="end" kind="primary" wide busy={busy} onClick={onEnd}>{t("question.end")}</Button>
        : <Button key="next" kind="primary" wide icon="question" onClick={onNext}>{t("question.again")}</Button>}
      <EachAnswer live={live} hasRight={right.length > 0} />
    </div>
  );
}

function EachAnswer({ live, hasRight }: { live: LiveAnswers; hasRight: boolean }) {
  const room = useRoom();
  const name = (user_id: string): string => room.members.value[user_id]?.nickname || user_id;
  const rows = [...live.answers].sort(([, a], [, b]) => a.time - b.time);
  return (
    <details class="people">
      <summary>{t("question.people")}</summary>
      {rows.length === 0 && <p class="muted">{t("question.no_answers")}</p>}
      <ul>
        {rows.slice(0, 500).map(([user_id, answer]) => (
          <li key={user_id} class="person">
            <span class="person-name">{name(user_id)}</span>
            <span>{answerWords(answer.select)}</span>
            {hasRight && (answer.is_right ? <span class="good"><Icon name="check" label={t("question.is_right")} /></span> : <span class="bad"><Icon name="close" label={t("question.is_wrong")} /></span>)}
          </li>
        ))}
      </ul>
    </details>
  );
}
