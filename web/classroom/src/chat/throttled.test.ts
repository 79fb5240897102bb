import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { signal } from "@preact/signals";
import { throttled } from "./throttled";

test("the first change is passed on at once, the following ones in one step", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  try {
    const source = signal(0);
    const shown = throttled(source, 100);
    mock.timers.tick(500);
    source.value = 1;
    assert.equal(shown.value, 1);
    source.value = 2;
    source.value = 3;
    assert.equal(shown.value, 1);
    mock.timers.tick(100);
    assert.equal(shown.value, 3);
    mock.timers.tick(500);
    source.value = 4;
    assert.equal(shown.value, 4);
  } finally {
    mock.timers.reset();
  }
});
