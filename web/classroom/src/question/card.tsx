// The question as a pupil sees it: an answer pad with a countdown, then the result.

import "./question.css";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import { Card } from "../activities/card";
import { Countdown } from "../activities/parts";
import type { ReplyBody } from "../channel/types";
import { t } from "../i18n";
import type { QuestionState } from "../state/classroom";
import { explain } from "../i18n/errors";
import { useRoom } from "../state/room";
import { limitRemaining } from "../timer/countdown";
import { useRemaining } from "../timer/remaining";
import { Button } from "../ui";
import { Bars, answerWords, keyWord } from "./bars";
import { chosen, isSameAnswer, readOptions } from "./options";

interface Accepted extends ReplyBody {
  correct_answer: string[];
}

export function QuestionCard() {
  const room = useRoom();
  const question = room.question.value;
  const [closed, setClosed] = useState("");
  const asked = room.role.value === "student" || room.role.value === "visitor";
  if (!asked || question === null || closed === question.question_id) return null;
  const open = question.end_time === null;
  const answered = chosen(question.answer).length > 0;
  return (
    <Card title={open ? t("question.card") : t("question.result")} icon="question" urgent={open && !answered} onClose={open ? undefined : () => setClosed(question.question_id)}>
      {open ? <Pad key={question.question_id} question={question} /> : <Result question={question} />}
    </Card>
  );
}

function Pad({ question }: { question: QuestionState }) {
  const room = useRoom();
  const { kind, title, options } = readOptions(question.options);
  const sent = chosen(question.answer);
  const [picked, setPicked] = useState<readonly string[]>(sent);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  /** An answer that shows no right one may be changed. */
  const [mayChange, setMayChange] = useState(false);
  const [changing, setChanging] = useState(sent.length === 0);
  const left = useRemaining(room, (now) => limitRemaining(question.launch_time, question.limit, now));
  const name = useId();
  const pad = useRef<HTMLFormElement>(null);

  // The answer that a snapshot tells, after a reload.
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
          setMayChange(accepted.correct_answer.length === 0);
          setChanging(false);
          room.markAnswered(question.question_id, picked);
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
  const own = chosen(question.answer);
  const right = chosen(question.correct_answer);
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
