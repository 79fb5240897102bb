import assert from "node:assert/strict";
import { test } from "node:test";

import { bars, percent, resultOf, withAnswer } from "./tally";
import type { Answers } from "./tally";

const none: Answers = new Map();

test("the last answer of a person counts, in whatever order answers arrive", () => {
  const first = { select: ["A"], is_right: false, time: 1 };
  const second = { select: ["B"], is_right: true, time: 2 };
  for (const order of [[first, second], [second, first]]) {
    const answers = order.reduce((sum, answer) => withAnswer(sum, "li", answer), none);
    assert.deepEqual({ ...resultOf(answers, 3).counts }, { B: 1 });
  }
});

test("each selectedKeys option counts, and an answer twice is one answer", () => {
  let answers = withAnswer(none, "li", { select: ["A", "B"], is_right: false, time: 1 });
  answers = withAnswer(answers, "li", { select: ["A", "B"], is_right: false, time: 1 });
  answers = withAnswer(answers, "wang", { select: ["B"], is_right: true, time: 1 });
  const result = resultOf(answers, 5);
  assert.deepEqual([result.answered, result.right, result.pupils], [2, 1, 5]);
  assert.deepEqual({ ...result.counts }, { A: 1, B: 2 });
});

test("there is a bar for each option, and for what else was answered", () => {
  const result = { answered: 4, right: 1, pupils: 6, counts: { A: 3, X: 1 } };
  assert.deepEqual(bars(["A", "B"], result, ["B"]), [
    { key: "A", count: 3, share: 0.75, is_right: false },
    { key: "B", count: 0, share: 0, is_right: true },
    { key: "X", count: 1, share: 0.25, is_right: false },
  ]);
  assert.deepEqual(bars(["constructor"], { answered: 0, right: 0, pupils: 0, counts: {} }, null)[0]?.count, 0);
  assert.equal(percent(2 / 3), "67%");
});
