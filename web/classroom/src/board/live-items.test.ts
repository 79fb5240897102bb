import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "./history";
import { LiveItems } from "./live-items";

const part = { page: "w1", id: "s", kind: "pen", color: "#ff0000", width: 30, from: 0, points: [1, 2, 50] };

test("a stroke grows by its parts and is removed when it is an item", () => {
  const live = new LiveItems();
  live.receive("stroke", "li", part, 0);
  live.receive("stroke", "li", { ...part, from: 3, points: [4, 5, 50] }, 50);
  assert.deepEqual(live.strokesOf("w1")[0]!.points, [1, 2, 50, 4, 5, 50]);
  assert.deepEqual(live.strokesOf("w2"), []);
  assert.ok(live.finished("li", "s"));
  assert.ok(!live.expire(60));
});

test("an invalid stroke is not shown", () => {
  const live = new LiveItems();
  const wrong = [null, 7, {}, { ...part, color: "red;url(x)" }, { ...part, points: "abc" }, { ...part, points: [1, "2", 3] },
    { ...part, kind: "script" }, { ...part, width: 1e9 }, { ...part, from: -1 }, { ...part, points: [Number.NaN, 1, 1] }];
  for (const data of wrong) live.receive("stroke", "li", data, 0);
  assert.deepEqual(live.strokesOf("w1"), []);
});

test("a stroke has a bounded length", () => {
  const live = new LiveItems();
  for (let i = 0; i < 100; i += 1) live.receive("stroke", "li", { ...part, from: i * 300, points: Array(300).fill(1) }, i);
  assert.ok(live.strokesOf("w1")[0]!.points.length <= 4000);
});

test("strokes and lasers without updates expire", () => {
  const live = new LiveItems();
  live.receive("stroke", "li", part, 0);
  live.receive("laser", "li", { page: "w1", x: 1, y: 2 }, 0);
  assert.equal(live.lasersOf("w1", 100)[0]!.length, 1);
  assert.ok(live.expire(1000));
  assert.deepEqual(live.lasersOf("w1", 1000), []);
  assert.ok(!live.expire(6000));
});

test("undo and redo go back and forth, separately for each page", () => {
  const history = new History();
  history.push("w1", { undo: [{ op: "remove", ids: ["a"] }], redo: [{ op: "restore", ids: ["a"] }] });
  assert.deepEqual(history.undo("w2"), []);
  assert.deepEqual(history.undo("w1"), [{ op: "remove", ids: ["a"] }]);
  assert.ok(!history.canUndo("w1") && history.canRedo("w1"));
  assert.deepEqual(history.redo("w1"), [{ op: "restore", ids: ["a"] }]);
  history.undo("w1");
  history.push("w1", { undo: [], redo: [] });
  assert.ok(!history.canRedo("w1"));
});
