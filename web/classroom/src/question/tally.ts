// Counts the answers to a question.

import type { QuestionResult } from "../channel/types";
import { selectedKeys } from "./options";

/** The last answer of each person, by user id. */
export type Answers = ReadonlyMap<string, AnswerOf>;

export interface AnswerOf {
  select: string[];
  is_right: boolean;
  time: number;
}

/** A bar of the result chart. */
export interface Bar {
  key: string;
  count: number;
  /** The share of those who answered, 0 to 1. */
  share: number;
  is_right: boolean;
}

/** Adds an answer, unless there is a later one of the same person. */
export function withAnswer(answers: Answers, user_id: string, answer: AnswerOf): Answers {
  const before = answers.get(user_id);
  if (before !== undefined && before.time > answer.time) return answers;
  return new Map(answers).set(user_id, answer);
}

/** Counts the answers. */
export function resultOf(answers: Answers, pupils: number): QuestionResult {
  const counts: Record<string, number> = Object.create(null) as Record<string, number>;
  let right = 0;
  for (const { select, is_right } of answers.values()) {
    if (is_right) right += 1;
    for (const key of select) counts[key] = (counts[key] ?? 0) + 1;
  }
  return { answered: answers.size, right, pupils: Math.max(pupils, answers.size), counts };
}

/** The bars of a result: one for each option, then one for each other answer. */
export function bars(keys: readonly string[], result: QuestionResult, correct: unknown): Bar[] {
  const right = new Set(selectedKeys(correct));
  const counted = Object.keys(result.counts);
  const others = counted.filter((key) => !keys.includes(key)).sort();
  return [...keys, ...others].map((key) => {
    const count = Object.prototype.hasOwnProperty.call(result.counts, key) ? (result.counts[key] ?? 0) : 0;
    return { key, count, share: result.answered > 0 ? Math.min(1, count / result.answered) : 0, is_right: right.has(key) };
  });
}

/** Formats a share as a percentage. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
