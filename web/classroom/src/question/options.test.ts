import assert from "node:assert/strict";
import { test } from "node:test";

import { selectedKeys, isSameAnswer, lettered, readOptions, trueFalse } from "./options";

test("a question of this page is parsed unchanged", () => {
  const shown = { kind: "single" as const, title: "Why?", options: lettered(4) };
  assert.deepEqual(readOptions({ kind: shown.kind, title: shown.title, list: shown.options }), shown);
  assert.deepEqual(readOptions({ kind: "true_false" }).options, trueFalse());
});

test("options of other clients are parsed in all likely formats", () => {
  const keys = (value: unknown): string[] => readOptions(value).options.map((option) => option.key);
  for (const value of [["A", "B"], '["A","B"]', "A,B", { options: ["A", "B"] }, [{ key: "A" }, { key: "B" }], [{ option: "A" }, { option: "B" }]]) {
    assert.deepEqual(keys(value), ["A", "B"], JSON.stringify(value));
  }
  assert.deepEqual(readOptions(["the sun", "the moon"]).options, [{ key: "A", text: "the sun" }, { key: "B", text: "the moon" }]);
  for (const value of [null, undefined, 7, "x", {}, [], { list: 5 }, '{"a":']) assert.deepEqual(keys(value), [], JSON.stringify(value));
});

test("too many options and repeated keys are left out", () => {
  assert.equal(readOptions(Array.from({ length: 1000 }, (_, index) => String(index % 100))).options.length, 26);
  assert.equal(readOptions(["A", "A", "B"]).options.length, 2);
});

test("answers are parsed in all formats that the server accepts", () => {
  for (const value of ["A,B", ["B", "A"], " B , A ", '["A","B"]', ["A", "B", "A"]]) assert.deepEqual(selectedKeys(value), ["A", "B"]);
  for (const value of [null, undefined, "", []]) assert.deepEqual(selectedKeys(value), []);
  assert.deepEqual(selectedKeys(true), ["true"]);
  assert.ok(isSameAnswer("A,B", ["B", "A"]));
  assert.ok(!isSameAnswer("A", ["B", "A"]));
});
