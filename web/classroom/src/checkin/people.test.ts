import assert from "node:assert/strict";
import { test } from "node:test";

import type { Member, Role } from "../channel/types";
import { people } from "./people";

function member(user_id: string, role: Role): Member {
  return {
    user_id, nickname: user_id.toUpperCase(), avatar: "", role, camera: 0, mic: 0, speaker: 0, screen: 0, silence: 0, hand_up: 0,
    hand_up_time: 0, enable_draw: 0, enter_time: 0, connected: true,
  };
}

test("everybody who can check in is listed once, as here or missing", () => {
  const members = { t: member("t", "teacher"), li: member("li", "student"), v: member("v", "visitor") };
  const expected = [{ user_id: "li", name: "Li", role: "student" as const }, { user_id: "zhao", name: "Zhao", role: "student" as const }, { user_id: "t", name: "T", role: "teacher" as const }];
  const { here, missing } = people(members, expected, { li: 7 });
  assert.deepEqual(here, [{ user_id: "li", name: "LI", time: 7, inside: true }]);
  assert.deepEqual(missing.map(({ user_id, inside }) => [user_id, inside]), [["v", true], ["zhao", false]]);
});

test("those who checked in are sorted by time, including those who left", () => {
  const { here, missing } = people({}, [], { b: 2, a: 1, c: 0 });
  assert.deepEqual(here.map(({ user_id }) => user_id), ["c", "a", "b"]);
  assert.deepEqual(missing, []);
});
