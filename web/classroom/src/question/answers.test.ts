import assert from "node:assert/strict";
import { test } from "node:test";

import { answersOf, mergeAnswers } from "./answers";
import { resultOf } from "./tally";

const row = (user_id: string, reply_select: unknown, reply_time: number, correct = 0): Parameters<typeof answersOf>[0]["reply_detail"][number] =>
  ({ user_id, reply_select, correct, reply_time });

test("a loaded answer and its event count once", () => {
  const read = answersOf({ reply_detail: [row("li", ["A"], 10, 1), row("wang", "B", 11)] });
  const answers = mergeAnswers(read, { li: { select: ["A"], is_right: true, time: 10_400 }, zhao: { select: ["A", "B"], is_right: false, time: 12_000 } });
  const result = resultOf(answers, 3);
  assert.deepEqual([result.answered, result.right, { ...result.counts }], [3, 1, { A: 2, B: 2 }]);
});

test("a later answer replaces the loaded one, an older one does not", () => {
  const read = answersOf({ reply_detail: [row("li", ["A"], 10)] });
  assert.deepEqual(mergeAnswers(read, { li: { select: ["B"], is_right: null, time: 10_900 } }).get("li")?.select, ["B"]);
  assert.deepEqual(mergeAnswers(read, { li: { select: ["C"], is_right: null, time: 9_000 } }).get("li")?.select, ["A"]);
});
