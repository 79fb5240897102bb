import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operation } from "../channel/types";
import { inBatches, Queue, type Outcome } from "./queue";

const add = (id: string, numbers = 3): Operation => ({
  op: "add",
  item: { id, kind: "pen", color: "#000000", width: 30, points: Array<number>(numbers).fill(1000) },
});
const name = (operation: Operation): string => (operation.op === "add" ? operation.item.id : operation.op);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A queue whose calls the test answers. */
function start(step = 100) {
  let clock = 0;
  const calls: { page: string; names: string[]; operations: Operation[]; answer: (outcome: Outcome) => Promise<void> }[] = [];
  const timers: (() => void)[] = [];
  const refused: string[] = [];
  const queue = new Queue({
    send: (page, operations) =>
      new Promise((resolve) => {
        calls.push({ page, names: operations.map(name), operations, answer: (outcome) => (resolve(outcome), turn()) });
      }),
    changed: () => undefined,
    refused: (_error, operations) => refused.push(...operations.map(name)),
    setTimer: (run) => timers.push(run),
    now: () => (clock += step),
  });
  return { queue, calls, refused, fire: (): void => timers.splice(0).forEach((run) => run()) };
}

test("one call is in flight, and operations added meanwhile are sent in the next batch", async () => {
  const { queue, calls } = start();
  queue.add("w1", [add("a")]);
  queue.add("w1", [add("b")]);
  queue.add("w1", [add("c")]);
  assert.deepEqual(calls.map(({ names }) => names), [["a"]]);
  await calls[0]!.answer({ kind: "done" });
  assert.deepEqual(calls.map(({ names }) => names), [["a"], ["b", "c"]]);
});

test("there is a minimum time between calls", async () => {
  const { queue, calls, fire } = start(30);
  queue.add("w1", [add("a")]);
  await calls[0]!.answer({ kind: "done" });
  queue.add("w1", [add("b")]);
  queue.add("w1", [add("c")]);
  assert.equal(calls.length, 1);
  fire();
  assert.deepEqual(calls[1]!.names, ["b", "c"]);
});

test("a call has one page, 100 operations and a bounded size", async () => {
  const { queue, calls } = start();
  queue.add("w1", [add("first")]);
  queue.add("w1", Array.from({ length: 120 }, (_, i) => add(`a${i}`)));
  queue.add("w2", [add("other")]);
  queue.add("w2", Array.from({ length: 20 }, (_, i) => add(`big${i}`, 3600)));
  for (let i = 0; i < calls.length; i += 1) await calls[i]!.answer({ kind: "done" });
  assert.deepEqual(calls.slice(0, 4).map(({ page, names }) => [page, names.length]), [["w1", 1], ["w1", 100], ["w1", 20], ["w2", 8]]);
  for (const { operations } of calls) assert.ok(JSON.stringify(operations).length < 200_000);
});

test("operations without an answer are sent again, in their order", async () => {
  const { queue, calls, fire } = start();
  queue.add("w1", [add("a")]);
  queue.add("w1", [add("b")]);
  await calls[0]!.answer({ kind: "later" });
  assert.equal(calls.length, 1);
  fire();
  assert.deepEqual(calls[1]!.names, ["a", "b"]);
});

test("an operation is pending until its event arrives, before or after the reply", async () => {
  const { queue, calls } = start();
  queue.add("w1", [add("a"), add("b")]);
  queue.confirm("w1", 5, [calls[0]!.operations[0]!]);
  assert.deepEqual(queue.pending("w1").map(name), ["b"]);
  await calls[0]!.answer({ kind: "done" });
  assert.deepEqual(queue.pending("w1").map(name), ["b"]);
  assert.equal(queue.unsent, 0);
  queue.confirm("w1", 6, [calls[0]!.operations[1]!]);
  assert.deepEqual(queue.pending("w1"), []);
});

test("an accepted operation without an event is dropped after a while", async () => {
  const { queue, calls, fire } = start();
  queue.add("w1", [{ op: "remove", ids: ["gone"] }]);
  await calls[0]!.answer({ kind: "done" });
  fire();
  assert.deepEqual(queue.pending("w1"), []);
});

test("when a batch is refused, only the invalid operation is lost", async () => {
  const { queue, calls, refused } = start();
  queue.add("w1", [add("a"), { op: "clear" }, add("b")]);
  await calls[0]!.answer({ kind: "refused", error: 10203 });
  for (let i = 1; i < calls.length; i += 1) {
    await calls[i]!.answer(calls[i]!.names[0] === "clear" ? { kind: "refused", error: 10203 } : { kind: "done" });
  }
  assert.deepEqual(calls.slice(1).map(({ names }) => names), [["a"], ["clear"], ["b"]]);
  assert.deepEqual(refused, ["clear"]);
});

test("identifiers are split into operations of 100", () => {
  const ids = Array.from({ length: 250 }, (_, i) => `i${i}`);
  assert.deepEqual(inBatches("remove", ids).map((part) => (part.op === "remove" ? part.ids.length : 0)), [100, 100, 50]);
});
