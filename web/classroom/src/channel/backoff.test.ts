import assert from "node:assert/strict";
import test from "node:test";
import { delay } from "./backoff";
import { ServerClock } from "./clock";

test("the delay doubles up to three seconds, later up to ten, with a random part", () => {
  assert.equal(delay(0, 1), 500);
  assert.equal(delay(0, 0), 250);
  assert.equal(delay(3, 1), 3000);
  assert.equal(delay(50, 1), 10_000);
});

test("the server's clock is taken from the answer with the shortest round trip", () => {
  const clock = new ServerClock();
  clock.update(1_000_000, 0, 2_000);
  clock.update(1_000_000, 1_000, 1_020);
  clock.update(1_000_900, 1_000, 2_000);
  assert.ok(Math.abs(clock.now() - Date.now() - 998_990) <= 5);
});
