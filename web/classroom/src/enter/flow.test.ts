import assert from "node:assert/strict";
import test from "node:test";
import { opensAt } from "./flow";

test("a class opens at the time in the error message, otherwise an hour before it begins", () => {
  const preview = { class_topic: "Sums", class_type: "public", class_status: "will" as const, start_time: 9_000_000 };
  assert.equal(opensAt("class_id 7: opens at 1764400000", preview), 1_764_400_000_000);
  assert.equal(opensAt("too early", preview), 5_400_000);
  assert.equal(opensAt("too early", null), 0);
});
