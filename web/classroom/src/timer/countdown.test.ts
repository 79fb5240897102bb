import assert from "node:assert/strict";
import { test } from "node:test";

import { clockText, limitRemaining, parseDuration, timerRemaining, untilNextSecond } from "./countdown";

test("a running timer counts down by the given clock, down to 0", () => {
  const timer = { start_time: 1000, duration: 60_000, remaining: 60_000, state: "running" as const };
  assert.equal(timerRemaining(timer, 1000), 60_000);
  assert.equal(timerRemaining(timer, 31_000), 30_000);
  assert.equal(timerRemaining(timer, 100_000), 0);
  // The clock of the page may be a little behind that of the server.
  assert.equal(timerRemaining(timer, 0), 60_000);
});

test("a paused timer does not count", () => {
  const timer = { start_time: 1000, duration: 60_000, remaining: 12_000, state: "paused" as const };
  assert.equal(timerRemaining(timer, 1_000_000), 12_000);
});

test("without a limit there is no remaining time", () => {
  assert.equal(limitRemaining(0, 0, 5), null);
  assert.equal(limitRemaining(1000, 30_000, 11_000), 20_000);
  assert.equal(limitRemaining(1000, 30_000, 99_000), 0);
});

test("durations are rounded up to seconds", () => {
  for (const [milliseconds, text] of [[0, "0:00"], [1, "0:01"], [59_001, "1:00"], [245_000, "4:05"], [3_600_000, "1:00:00"], [-5, "0:00"]] as const) {
    assert.equal(clockText(milliseconds), text);
  }
  assert.equal(untilNextSecond(1500), 500);
  assert.equal(untilNextSecond(2000), 1000);
});

test("durations are parsed in the formats that people type", () => {
  for (const [text, expected] of [["5", 300_000], ["1.5", 90_000], ["2:30", 150_000], ["0:45", 45_000], ["１：３０", 90_000], ["1:00:00", 3_600_000]] as const) {
    assert.equal(parseDuration(text), expected, text);
  }
  for (const text of ["", "0", "0:00", "a", "-1", "1:75", "9999", "1:2:3:4", "1e3"]) assert.equal(parseDuration(text), null, text);
});
