import assert from "node:assert/strict";
import test, { beforeEach, mock } from "node:test";
import type { ShownVideo } from "./types";
import { Views } from "./views";

let sent: ShownVideo[][];
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  sent = [];
});
const made = () => new Views((videos) => void sent.push(videos));
const camera = (user_id: string, height: number, rank: number) => ({ user_id, source: "camera" as const, height, rank });

test("the videos of one rendering are one message, the most important first", () => {
  const views = made();
  views.set({}, camera("wang", 90, 2));
  views.set({}, camera("li", 361, 1));
  mock.timers.tick(0);
  assert.deepEqual(sent, [[{ user_id: "li", source: "camera", height: 368 }, { user_id: "wang", source: "camera", height: 96 }]]);
});

test("there are at most four messages a second, and the last one has the final state", () => {
  const views = made();
  const place = {};
  for (let height = 8; height <= 8 * 200; height += 8) {
    views.set(place, camera("li", height, 1));
    mock.timers.tick(10);
  }
  mock.timers.tick(250);
  assert.ok(sent.length >= 8 && sent.length <= 10, `${sent.length} messages in two seconds`);
  assert.equal(sent[sent.length - 1]![0]!.height, 1600);
});

test("an unchanged list is only sent again to a new connection", () => {
  const views = made();
  const place = {};
  views.set(place, camera("li", 90, 1));
  mock.timers.tick(300);
  views.set(place, camera("li", 92, 1));
  mock.timers.tick(300);
  assert.equal(sent.length, 1);
  views.repeat();
  mock.timers.tick(300);
  assert.equal(sent.length, 2);
});

test("a hidden page requests no videos", () => {
  const views = made();
  views.set({}, camera("li", 90, 1));
  mock.timers.tick(300);
  views.hide(true);
  mock.timers.tick(300);
  views.hide(false);
  mock.timers.tick(300);
  assert.deepEqual(sent.map((videos) => videos.length), [1, 0, 1]);
});

test("a video in two elements is requested once, in the larger size", () => {
  const views = made();
  views.set({}, camera("li", 96, 1));
  const large = {};
  views.set(large, camera("li", 720, 5));
  mock.timers.tick(300);
  assert.deepEqual(sent[0], [{ user_id: "li", source: "camera", height: 720 }]);
  views.set(large, null);
  mock.timers.tick(300);
  assert.equal(sent[1]![0]!.height, 96);
});
