import assert from "node:assert/strict";
import test from "node:test";
import type { ClassEvent, Member, Snapshot } from "../channel/types";
import { allConnected, apply, fromSnapshot, handsUp, withConnection, withMembers } from "./classroom";

const member = (user_id: string, more: Partial<Member> = {}): Member => ({
  user_id, nickname: user_id, avatar: "", role: "student", camera: 0, mic: 0, speaker: 0, screen: 0, silence: 0,
  hand_up: 0, hand_up_time: 0, enable_draw: 0, enter_time: 1, connected: true, ...more,
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
  recording: "off",
});

const event = (name: string, data: unknown, sequence = 1) =>
  ({ type: "event", sequence, time: 0, event: name, data }) as ClassEvent;

test("an event that arrives twice changes nothing the second time", () => {
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

test("a check-in that ends keeps its participants", () => {
  const started = { check_id: "c1", user_id: "li", start_time: 1, limit: 0, end_time: null };
  let state = apply(fromSnapshot(snapshot()), event("check_in", started), "wang");
  state = apply(state, event("checked_in", { check_id: "c1", user_id: "wang", time: 3 }), "wang");
  state = apply(state, event("check_in", { ...started, end_time: 9 }), "wang");
  assert.equal(state.checkIn?.checked, true);
  assert.deepEqual(state.checkIn?.checkedTimes, { wang: 3 });
});

test("silencing all silences each member who doesn't moderate", () => {
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

test("the end of an earlier question leaves the last one open", () => {
  const asked = (question_id: string, end_time: number | null) =>
    event("question", { question_id, user_id: "li", options: null, launch_time: 1, limit: 0, end_time, correct_answer: null, result: null });
  let state = apply(fromSnapshot(snapshot()), asked("q1", null), "wang");
  state = apply(state, asked("q2", null), "wang");
  state = apply(state, asked("q1", 5), "wang");
  assert.deepEqual([state.question?.question_id, state.question?.end_time], ["q2", null]);
});

test("a recalled message has no content", () => {
  let state = apply(fromSnapshot(snapshot()), event("message", { message_id: "m1", content: "oops", recalled: false }), "li");
  state = apply(state, event("message_recalled", { message_id: "m1", user_id: "li" }), "li");
  assert.equal(state.messages[0]?.content, "");
  assert.equal(state.messages[0]?.recalled, true);
});

test("a member list adds missing members and changes nobody", () => {
  const state = withMembers(fromSnapshot(snapshot()), [member("wang", { hand_up: 1 }), member("zhao")]);
  assert.deepEqual(Object.keys(state.members), ["li", "wang", "zhao"]);
  assert.equal(state.members.wang?.hand_up, 0);
  assert.equal(state.membersTotal, 3);
});

test("a member is disconnected until the connection is back", () => {
  const lost = withConnection(fromSnapshot(snapshot()), "wang", false);
  assert.equal(lost.members.wang?.connected, false);
  assert.equal(withConnection(lost, "wang", true).members.wang?.connected, true);
  assert.equal(allConnected(lost).members.wang?.connected, true);
  assert.equal(withConnection(lost, "nobody", false), lost);
});

test("an unknown event changes nothing", () => {
  const state = fromSnapshot(snapshot());
  assert.equal(apply(state, event("weather", { sun: true }), "li"), state);
});

test("everybody sees whether the class is recorded", () => {
  const on = apply(fromSnapshot(snapshot()), event("recording", { recording: "on" }), "li");
  assert.equal(on.recording, "on");
  assert.equal(apply(on, event("recording", { recording: "off" }), "li").recording, "off");
});
