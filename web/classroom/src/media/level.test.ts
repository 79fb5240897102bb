import assert from "node:assert/strict";
import test from "node:test";
import { loudness } from "./level";

test("the level of silence is 0, that of a loud voice is 1", () => {
  assert.equal(loudness(new Float32Array(512)), 0);
  assert.equal(loudness(new Float32Array(512).fill(0.5)), 1);
  const soft = loudness(new Float32Array(512).fill(0.01));
  assert.ok(soft > 0.3 && soft < 0.5, String(soft));
});
