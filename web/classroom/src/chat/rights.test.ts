import assert from "node:assert/strict";
import { test } from "node:test";

import type { ClassInfo, Member, Role } from "../channel/types";
import { mayRecall, blockReason, receivers } from "./rights";

const info = (fields: Partial<ClassInfo> = {}): ClassInfo => ({
  class_id: 1, class_topic: "", class_type: "public", class_status: "ing", teacher_id: "t", assistant_id: "", start_time: 0, stop_time: 0,
  real_start_time: 0, real_stop_time: 0, enable_all_silence: 0, max_member_limit: 0, has_password: false, ...fields,
});

function member(user_id: string, role: Role): Member {
  return {
    user_id, nickname: user_id.toUpperCase(), avatar: "", role, camera: 0, mic: 0, speaker: 0, screen: 0, silence: 0, hand_up: 0,
    hand_up_time: 0, enable_draw: 0, enter_time: 0, connected: true,
  };
}

test("a silenced pupil can send private texts, but nothing to all and no images", () => {
  const toAll = { to: "", type: "text" as const };
  const toTeacher = { to: "t", type: "text" as const };
  const silenced = { role: "student" as const, silence: 1 };
  assert.equal(blockReason(info(), silenced, toAll), "silenced");
  assert.equal(blockReason(info(), silenced, toTeacher), null);
  assert.equal(blockReason(info(), silenced, { to: "t", type: "image" }), "silenced");
  assert.equal(blockReason(info({ enable_all_silence: 1 }), { role: "visitor", silence: 0 }, toAll), "all_silenced");
  assert.equal(blockReason(info({ enable_all_silence: 1 }), { role: "teacher", silence: 1 }, toAll), null);
  assert.equal(blockReason(info(), { role: "assistant", silence: 1 }, toAll), "silenced");
  assert.equal(blockReason(info(), { role: "student", silence: 0 }, toAll), null);
  assert.equal(blockReason(info({ class_status: "end" }), { role: "teacher", silence: 0 }, toTeacher), "over");
});

test("pupils write to the teacher and assistants, these to everybody", () => {
  const all = { s: member("s", "student"), t: member("t", "teacher"), a: member("a", "assistant"), v: member("v", "visitor") };
  const ids = (me: string, role: Role): string => receivers(all, me, role).map(({ user_id }) => user_id).join("");
  assert.equal(ids("s", "student"), "ta");
  assert.equal(ids("t", "teacher"), "asv");
  assert.equal(ids("a", "assistant"), "tsv");
});

test("everybody recalls their own messages, moderators every one", () => {
  const message = { user_id: "li", recalled: false, type: "text" };
  assert.ok(mayRecall(message, "li", "student"));
  assert.ok(!mayRecall(message, "wang", "student"));
  assert.ok(mayRecall(message, "t", "teacher"));
  assert.ok(!mayRecall({ ...message, recalled: true }, "li", "student"));
});
