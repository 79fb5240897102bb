import assert from "node:assert/strict";
import test from "node:test";
import type { Member } from "../channel/types";
import { sortMembers, matches } from "./order";

const member = (user_id: string, role: Member["role"], nickname = user_id) => ({ user_id, role, nickname }) as Member;

test("teachers come first, then this user, then the others by name", () => {
  const people = [member("z", "student", "Pupil 10"), member("s", "supervisor"), member("me", "student"), member("y", "student", "Pupil 2"), member("a", "assistant"), member("t", "teacher")];
  assert.deepEqual(sortMembers(people, "me", "en").map((one) => one.user_id), ["t", "a", "me", "y", "z", "s"]);
});

test("people are found by name and by user id", () => {
  assert.ok(matches(member("wang", "student", "王小明"), " 小明"));
  assert.ok(matches(member("wang", "student", "王小明"), "WANG"));
  assert.ok(!matches(member("wang", "student", "王小明"), "li"));
});
