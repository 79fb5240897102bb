import assert from "node:assert/strict";
import test from "node:test";
import { opens } from "./gate";

test("a class opens when the refusal says so, else an hour before it begins", () => {
  const known = { class_topic: "Sums", class_type: "public", class_status: "will" as const, start_time: 9_000_000 };
  assert.equal(opens("class_id 7: opens at 1764400000", known), 1_764_400_000_000);
  assert.equal(opens("too early", known), 5_400_000);
  assert.equal(opens("too early", null), 0);
});
