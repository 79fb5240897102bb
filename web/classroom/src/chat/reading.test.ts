import assert from "node:assert/strict";
import { test } from "node:test";

import type { Message } from "../channel/types";
import { isContinued, needsTime, readAll, unread } from "./reading";

function message(number: number, fields: Partial<Message> = {}): Message {
  return {
    message_id: `m${number}`, group_id: "1_chat", sequence: number, user_id: "li", nickname: "Li", avatar: "", role: "student",
    type: "text", content: `text ${number}`, send_time: number * 1000, to: "", recalled: false, ...fields,
  };
}

test("messages of others after the last read one are unread", () => {
  const messages = [message(1), message(2, { user_id: "me" }), message(3), message(4, { recalled: true })];
  const after = (number: number): number => unread(messages, { message_id: `m${number}`, time: number * 1000 }, "me").length;
  assert.equal(after(1), 1);
  assert.equal(after(4), 0);
  assert.equal(unread(messages, { message_id: "gone", time: 2000 }, "me").length, 1);
  assert.deepEqual(readAll(messages), { message_id: "m4", time: 4000 });
  assert.equal(unread(messages, readAll([]), "me").length, 2);
});

test("messages of one person shortly after one another are grouped", () => {
  assert.ok(isContinued(message(1), message(2)));
  assert.ok(!isContinued(undefined, message(2)));
  assert.ok(!isContinued(message(1), message(2, { user_id: "wang" })));
  assert.ok(!isContinued(message(1), message(2, { to: "teacher" })));
  assert.ok(!isContinued(message(1), message(500)));
});

test("a time line precedes the first message, and the first one after a pause", () => {
  assert.ok(needsTime(undefined, message(1)));
  assert.ok(!needsTime(message(1), message(2)));
  assert.ok(needsTime(message(1), message(700)));
});
