// The answers to a question: loaded from the server, then updated by events.

import { useEffect, useState } from "preact/hooks";

import type { QuestionResult, ReplyBody } from "../channel/types";
import { isPupil, type QuestionState } from "../state/classroom";
import type { Room } from "../state/room";
import { selectedKeys } from "./options";
import { resultOf, withAnswer, type AnswerOf, type Answers } from "./tally";

/** The reply of `question/result`; times are in seconds. */
export interface ResultReply extends ReplyBody {
  question_id: string;
  options: unknown;
  correct_answer: unknown;
  limit_time: number;
  start_time: number;
  end_time: number;
  all_number: number;
  reply_detail: { user_id: string; reply_select: unknown; correct: number; reply_time: number }[];
}

/** The answers in a reply. */
export function answersOf(reply: Pick<ResultReply, "reply_detail">): Answers {
  const each = ({ reply_select, correct, reply_time }: ResultReply["reply_detail"][number]): AnswerOf =>
    ({ select: selectedKeys(reply_select), is_right: correct === 1, time: reply_time * 1000 });
  return new Map(reply.reply_detail.map((row) => [row.user_id, each(row)]));
}

/** Merges the loaded answers with those that events brought since. */
export function mergeAnswers(read: Answers, live: QuestionState["answers"]): Answers {
  let answers = read;
  for (const [user_id, { select, is_right, time }] of Object.entries(live)) {
    const before = answers.get(user_id);
    // Loaded times are whole seconds, so an event of the same second is newer.
    const at = before !== undefined && Math.floor(time / 1000) * 1000 >= before.time ? Math.max(time, before.time) : time;
    answers = withAnswer(answers, user_id, { select: selectedKeys(select), is_right: is_right === true || is_right === 1, time: at });
  }
  return answers;
}

export interface LiveAnswers {
  answers: Answers;
  result: QuestionResult;
  failed: boolean;
}

/** The answers to a question, for the teacher and assistants. */
export function useAnswers(room: Room, question: QuestionState | null): LiveAnswers {
  const [read, setRead] = useState<{ question_id: string; answers: Answers; pupils: number } | null>(null);
  const [failed, setFailed] = useState(false);
  const question_id = question?.question_id ?? "";
  useEffect(() => {
    if (question_id === "") return;
    let stale = false;
    room.call<ResultReply>("question/result", { question_id }, { repeatable: true }).then(
      (reply) => {
        if (stale) return;
        setFailed(false);
        setRead({ question_id, answers: answersOf(reply), pupils: reply.all_number });
      },
      () => !stale && setFailed(true),
    );
    return () => {
      stale = true;
    };
  }, [room, question_id, question?.end_time ?? 0, room.generation.value]);
  const base = read?.question_id === question_id ? read : null;
  const answers = mergeAnswers(base?.answers ?? new Map(), question?.answers ?? {});
  const inside = Object.values(room.members.value).filter(isPupil).length;
  const counted = resultOf(answers, Math.max(base?.pupils ?? 0, inside));
  // The event that ends a question contains its result, even if the answers could not be loaded.
  const ended = question?.end_time != null ? question.result : null;
  const result = ended !== null && ended.answered > counted.answered ? ended : counted;
  return { answers, result, failed };
}
