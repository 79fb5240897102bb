import assert from "node:assert/strict";
import { test } from "node:test";

import { isSentAsItIs, shrunkSize } from "./image";

test("the longest side of a sent image has 1600 pixels, and the aspect ratio is kept", () => {
  assert.deepEqual(shrunkSize({ width: 4000, height: 3000 }), { width: 1600, height: 1200 });
  assert.deepEqual(shrunkSize({ width: 1000, height: 8000 }), { width: 200, height: 1600 });
  assert.deepEqual(shrunkSize({ width: 100_000, height: 1 }), { width: 1600, height: 1 });
  assert.deepEqual(shrunkSize({ width: 640, height: 480 }), { width: 640, height: 480 });
});

test("a small image is sent unchanged, a large one or one of another type is not", () => {
  const size = { width: 640, height: 480 };
  assert.ok(isSentAsItIs("image/png", 1000, size));
  assert.ok(isSentAsItIs("image/gif", 1_000_000, size));
  assert.ok(!isSentAsItIs("image/png", 10_000_000, size));
  assert.ok(!isSentAsItIs("image/png", 1000, { width: 5000, height: 10 }));
  assert.ok(!isSentAsItIs("image/bmp", 1000, size));
});
