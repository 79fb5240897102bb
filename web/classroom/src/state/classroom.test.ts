import assert from "node:assert/strict";
import test from "node:test";
import type { ClassEvent, Member, Snapshot } from "../channel/types";
import { apply, fromSnapshot, handsUp, withMembers } from "./classroom";

const member = (user_id: string, more: Partial<Member> = {}): Member => ({
  user_id, nickname: user_id, avatar: "", role: "student", camera: 0, mic: 0, speaker: 0, screen: 0, silence: 0,
  hand_up: 0, hand_up_time: 0, enable_draw: 0, enter_time: 1, ...more,
});

const snapshot = (): Snapshot => ({
  class: {
    class_id: 1, class_topic: "Sums", class_type: "public", class_status: "ing", teacher_id: "li", assistant_id: "",
    start_time: 0, stop_time: 0, real_start_time: 0, real_stop_time: 0, enable_all_silence: 0, max_member_limit: 0,
    has_password: false,
  },
  members: [member("li", { role: "teacher" }), member("wang")],
  members_total: 2,
  messages: [],
  check_in: null,
  question: null,
  documents: [],
  board: { shown: { page: "w1", step: 0 }, whiteboards: ["w1"] },
  timer: null,
});

const event = (name: string, data: unknown, sequence = 1) =>
  ({ type: "event", sequence, time: 0, event: name, data }) as ClassEvent;

test("an event that comes twice changes nothing the second time", () => {
  const events = [
    event("member", member("zhao")),
    event("member_left", { user_id: "wang", reason: "quit" }),
    event("message", { message_id: "m1", content: "hello", recalled: false }),
    event("document", { doc_id: "d1", state: "ready" }),
    event("checked_in", { check_id: "c1", user_id: "zhao", time: 5 }),
  ];
  let state = fromSnapshot(snapshot());
  for (const one of events) {
    state = apply(state, one, "li");
    assert.deepEqual(apply(state, one, "li"), state);
  }
  assert.deepEqual(Object.keys(state.members), ["li", "zhao"]);
  assert.equal(state.membersTotal, 2);
});

test("hands are in the order of raising", () => {
  let state = fromSnapshot(snapshot());
  state = apply(state, event("member", member("zhao", { hand_up: 1, hand_up_time: 20 })), "li");
  state = apply(state, event("member", member("wang", { hand_up: 1, hand_up_time: 30 })), "li");
  state = apply(state, event("member", member("chen", { hand_up: 1, hand_up_time: 10 })), "li");
  assert.deepEqual(handsUp(state.members).map((one) => one.user_id), ["chen", "zhao", "wang"]);
});

test("a check-in keeps who checked in when it ends", () => {
  const started = { check_id: "c1", user_id: "li", start_time: 1, limit: 0, end_time: null };
  let state = apply(fromSnapshot(snapshot()), event("check_in", started), "wang");
  state = apply(state, event("checked_in", { check_id: "c1", user_id: "wang", time: 3 }), "wang");
  state = apply(state, event("check_in", { ...started, end_time: 9 }), "wang");
  assert.equal(state.checkIn?.checked, true);
  assert.deepEqual(state.checkIn?.checkedTimes, { wang: 3 });
});

test("the silence of all is that of each who doesn't moderate", () => {
  const state = apply(fromSnapshot(snapshot()), event("all_silence", { silence: 1 }), "li");
  assert.equal(state.members.wang?.silence, 1);
  assert.equal(state.members.li?.silence, 0);
});

test("nobody is inside a class that is over", () => {
  const before = fromSnapshot(snapshot());
  const state = apply(before, event("class", { ...before.class, class_status: "end" }), "li");
  assert.deepEqual(state.members, {});
  assert.equal(state.membersTotal, 0);
});

test("the snapshot brings the answers, and one's own answer comes as an event", () => {
  const question = { question_id: "q1", user_id: "li", options: null, launch_time: 1, limit: 0, end_time: null, correct_answer: null, result: null, answer: null };
  const answered = { question_id: "q1", user_id: "wang", select: ["A"], is_right: true, time: 4 };
  let state = fromSnapshot({ ...snapshot(), question: { ...question, answers: [answered] } });
  assert.deepEqual(state.question?.answers, { wang: { select: ["A"], is_right: true, time: 4 } });
  state = apply(fromSnapshot({ ...snapshot(), question }), event("question_answered", answered), "wang");
  assert.deepEqual(state.question?.answer, ["A"]);
});

test("a recalled message has no content", () => {
  let state = apply(fromSnapshot(snapshot()), event("message", { message_id: "m1", content: "oops", recalled: false }), "li");
  state = apply(state, event("message_recalled", { message_id: "m1", user_id: "li" }), "li");
  assert.equal(state.messages[0]?.content, "");
  assert.equal(state.messages[0]?.recalled, true);
});

test("a list of members adds those who are not known and changes nobody", () => {
  const state = withMembers(fromSnapshot(snapshot()), [member("wang", { hand_up: 1 }), member("zhao")]);
  assert.deepEqual(Object.keys(state.members), ["li", "wang", "zhao"]);
  assert.equal(state.members.wang?.hand_up, 0);
  assert.equal(state.membersTotal, 3);
});

test("an event that this page doesn't know changes nothing", () => {
  const state = fromSnapshot(snapshot());
  assert.equal(apply(state, event("weather", { sun: true }), "li"), state);
});
