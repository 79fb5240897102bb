import assert from "node:assert/strict";
import test from "node:test";
import { NO_SPEAKER, nextActiveSpeaker } from "./speaker";

const here = ["li", "wang", "zhao"];

test("the first person is the active speaker while nobody speaks", () => {
  assert.equal(nextActiveSpeaker(NO_SPEAKER, null, here, 0).user_id, "li");
  assert.equal(nextActiveSpeaker(NO_SPEAKER, null, [], 0).user_id, null);
});

test("the active speaker changes after a while, and not in silence", () => {
  let large = nextActiveSpeaker(NO_SPEAKER, "wang", here, 0);
  assert.equal(large.user_id, "li");
  large = nextActiveSpeaker(large, "wang", here, 1_000);
  assert.equal(large.user_id, "li");
  large = nextActiveSpeaker(large, "wang", here, 1_600);
  assert.equal(large.user_id, "wang");
  assert.equal(nextActiveSpeaker(large, null, here, 5_000).user_id, "wang");
});

test("a short sound changes nothing", () => {
  let large = nextActiveSpeaker(NO_SPEAKER, "wang", here, 0);
  large = nextActiveSpeaker(large, null, here, 300);
  large = nextActiveSpeaker(large, "wang", here, 2_000);
  assert.equal(large.user_id, "li");
});

test("somebody who leaves is no longer the active speaker", () => {
  assert.equal(nextActiveSpeaker({ user_id: "wang", next: null, since: 0 }, null, ["li"], 0).user_id, "li");
});
