// The question card of a pupil: the answer form with a countdown, then the result.

import "./question.css";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { Card } from "../activities/card";
import { Countdown } from "../activities/parts";
import type { ReplyBody } from "../channel/types";
import { t } from "../i18n";
import { isPupil, type QuestionState } from "../state/classroom";
import { explain } from "../i18n/errors";
import { useRoom } from "../state/room";
import { limitRemaining } from "../timer/countdown";
import { useRemaining } from "../timer/remaining";
import { Button } from "../ui";
import { loadTabState, saveTabState } from "../ui/storage";
import { Bars, answerWords, keyWord } from "./bars";
import { selectedKeys, isSameAnswer, readOptions } from "./options";

/** A result is shown after entering if the question ended at most this long ago, in milliseconds. */
const SHOW_RESULT_MS = 600_000;

interface Accepted extends ReplyBody {
  correct_answer: string[];
}

export function QuestionCard() {
  const room = useRoom();
  const question = room.question.value;
  const storageKey = `question-closed.${room.classId}`;
  const [closed, setClosed] = useState(() => loadTabState(storageKey) ?? "");
  const shown = useRef("");
  if (!isPupil({ role: room.role.value }) || question === null || closed === question.question_id) return null;
  const open = question.end_time === null;
  if (question.end_time === null || room.now() - question.end_time < SHOW_RESULT_MS) shown.current = question.question_id;
  if (shown.current !== question.question_id) return null;
  const answered = selectedKeys(question.answer).length > 0;
  const close = () => {
    saveTabState(storageKey, question.question_id);
    setClosed(question.question_id);
  };
  return (
    <Card title={open ? t("question.card") : t("question.result")} icon="question" urgent={open && !answered} onClose={open ? undefined : close}>
      {open ? <Pad key={question.question_id} question={question} /> : <Result question={question} />}
    </Card>
  );
}

function Pad({ question }: { question: QuestionState }) {
  const room = useRoom();
  const { kind, title, options } = readOptions(question.options);
  const sent = selectedKeys(question.answer);
  const [picked, setPicked] = useState<readonly string[]>(sent);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const mayChange = question.answer_is_final === false;
  const [changing, setChanging] = useState(sent.length === 0);
  const left = useRemaining(room, (now) => limitRemaining(question.launch_time, question.limit, now));
  const name = useId();
  const pad = useRef<HTMLFormElement>(null);

  // After a reload, the answer comes with the snapshot.
  useEffect(() => {
    if (sent.length > 0) {
      setPicked(sent);
      setChanging(false);
    }
  }, [sent.join(",")]);

  const pick = (key: string): void => {
    setFailure("");
    if (kind !== "multiple") return setPicked([key]);
    setPicked(picked.includes(key) ? picked.filter((other) => other !== key) : [...picked, key].sort());
  };
  const send = (event: Event): void => {
    event.preventDefault();
    if (picked.length === 0) return setFailure(t("question.choose_first"));
    if (isSameAnswer(picked, sent)) return setChanging(false);
    setBusy(true);
    setFailure("");
    const reply = room.call<Accepted>("question/reply", { question_id: question.question_id, reply_id: `${question.question_id}.${room.me}`.slice(0, 128), reply_select: picked }, { repeatable: true });
    reply
      .then(
        (accepted) => {
          setChanging(false);
          room.markAnswered(question.question_id, picked, accepted.correct_answer.length > 0);
        },
        (error: unknown) => setFailure(explain(error)),
      )
      .finally(() => setBusy(false));
  };

  if (options.length === 0) return <p>{t("question.no_options")}</p>;
  return (
    <>
      {title !== "" && <p class="question-title">{title}</p>}
      <Countdown start={question.launch_time} limit={question.limit} />
      {changing && left !== 0 ? (
        <form ref={pad} class="activity-form" onSubmit={send}>
          <fieldset class="pad">
            <legend class="muted">{t(kind === "multiple" ? "question.choose_many" : "question.choose_one")}</legend>
            {options.map((option) => (
              <label key={option.key} class="pad-option">
                <input type={kind === "multiple" ? "checkbox" : "radio"} name={name} checked={picked.includes(option.key)} onChange={() => pick(option.key)} />
                <span class="pad-key">{keyWord(option.key)}</span>
                {option.text !== "" && <span class="pad-text">{option.text}</span>}
              </label>
            ))}
          </fieldset>
          {failure !== "" && <p class="bad" role="alert">{failure}</p>}
          <Button type="submit" kind="primary" large wide busy={busy} aria-disabled={picked.length === 0}>{t("question.send")}</Button>
        </form>
      ) : (
        <div class="activity-form" role="status">
          <p><strong>{sent.length > 0 ? t("question.sent", { answer: answerWords(sent) }) : t("question.own_none")}</strong></p>
          <p class="muted">{t("question.wait")}</p>
          {mayChange && left !== 0 && <Button onClick={() => setChanging(true)}>{t("question.change")}</Button>}
        </div>
      )}
    </>
  );
}

function Result({ question }: { question: QuestionState }) {
  const { title, options } = readOptions(question.options);
  const own = selectedKeys(question.answer);
  const right = selectedKeys(question.correct_answer);
  const { result } = question;
  return (
    <div class="activity-form">
      {title !== "" && <p class="question-title">{title}</p>}
      <p role="status">
        {right.length > 0 && own.length > 0 && (
          <strong class={isSameAnswer(own, right) ? "good" : "bad"}>{t(isSameAnswer(own, right) ? "question.own_right" : "question.own_wrong")} </strong>
        )}
        {own.length > 0 ? t("question.own", { answer: answerWords(own) }) : t("question.own_none")}
      </p>
      {right.length > 0 && <p><strong>{t("question.the_right", { answer: answerWords(right) })}</strong></p>}
      {result !== null && (
        <>
          <Bars options={options} result={result} correct={question.correct_answer} own={own} />
          <p class="muted">{t("question.answered", { answered: result.answered, all: result.pupils })}</p>
        </>
      )}
    </div>
  );
}
