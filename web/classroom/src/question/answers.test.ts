import assert from "node:assert/strict";
import { test } from "node:test";

import { answersOf, together } from "./answers";
import { resultOf } from "./tally";

const row = (user_id: string, reply_select: unknown, reply_time: number, correct = 0): Parameters<typeof answersOf>[0]["reply_detail"][number] =>
  ({ user_id, reply_select, correct, reply_time });

test("answers that were read and the same told live count once", () => {
  const read = answersOf({ reply_detail: [row("li", ["A"], 10, 1), row("wang", "B", 11)] });
  const answers = together(read, { li: { select: ["A"], is_right: true, time: 10_400 }, zhao: { select: ["A", "B"], is_right: false, time: 12_000 } });
  const result = resultOf(answers, 3);
  assert.deepEqual([result.answered, result.right, { ...result.counts }], [3, 1, { A: 2, B: 2 }]);
});

test("a later answer replaces the one that was read, an older one does not", () => {
  const read = answersOf({ reply_detail: [row("li", ["A"], 10)] });
  assert.deepEqual(together(read, { li: { select: ["B"], is_right: null, time: 10_900 } }).get("li")?.select, ["B"]);
  assert.deepEqual(together(read, { li: { select: ["C"], is_right: null, time: 9_000 } }).get("li")?.select, ["A"]);
});
