import assert from "node:assert/strict";
import test from "node:test";
import { contentOf } from "./main-view";

test("a shared screen comes to the front, until the person chooses something else", () => {
  assert.deepEqual(contentOf("grid", [], null, new Set()), { kind: "grid" });
  assert.deepEqual(contentOf("grid", ["li"], null, new Set()), { kind: "screen", user_id: "li" });
  assert.deepEqual(contentOf("grid", ["li"], null, new Set(["li"])), { kind: "grid" });
});

test("of several screens the chosen one is shown, while it is shared", () => {
  assert.deepEqual(contentOf("board", ["li", "wang"], "wang", new Set()), { kind: "screen", user_id: "wang" });
  assert.deepEqual(contentOf("board", ["li"], "wang", new Set(["li"])), { kind: "board" });
});
