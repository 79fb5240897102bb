import assert from "node:assert/strict";
import { test } from "node:test";

import type { Message } from "../channel/types";
import { changed, unconfirmed, newRandom, next, queued, restored, saved, without } from "./outbox";
import type { Outbox } from "./outbox";

const draft = (random: number, content: string, to = ""): Parameters<typeof queued>[1] => ({ random, type: "text", content, to, time: 1_000_000 });

function message(message_id: string, fields: Partial<Message> = {}): Message {
  return {
    message_id, group_id: "1_chat", sequence: 1, user_id: "li", nickname: "Li", avatar: "", role: "student", type: "text",
    content: "hello", send_time: 1_000_500, to: "", recalled: false, ...fields,
  };
}

test("messages are sent one after the other, in their order", () => {
  let outbox: Outbox = queued(queued([], draft(1, "a")), draft(2, "b"));
  assert.equal(next(outbox)?.random, 1);
  outbox = changed(outbox, 1, { state: "sending" });
  assert.equal(next(outbox), undefined);
  outbox = without(outbox, 1);
  assert.equal(next(outbox)?.random, 2);
});

test("a failed message remains, and the next one is sent", () => {
  const outbox = changed(queued(queued([], draft(1, "a")), draft(2, "b")), 1, { state: "failed", failure: "silenced" });
  assert.equal(next(outbox)?.random, 2);
  assert.equal(unconfirmed(outbox, [], "li").length, 2);
});

test("a message in the list of the class is confirmed", () => {
  const sent = changed(queued([], draft(1, "bad word")), 1, { state: "sent", message_id: "m7" });
  assert.equal(unconfirmed(sent, [message("m7", { content: "*** word" })], "li").length, 0);
  assert.equal(unconfirmed(sent, [message("m8")], "li").length, 1);
  const bySequence = changed(queued([], draft(1, "x")), 1, { state: "sent", sequence: 4 });
  assert.equal(unconfirmed(bySequence, [message("m1", { sequence: 4 })], "li").length, 0);
});

test("an event before the reply confirms one of two equal messages", () => {
  let outbox: Outbox = queued(queued([], draft(1, "hello")), draft(2, "hello"));
  outbox = changed(changed(outbox, 1, { state: "sending" }), 2, { state: "sending" });
  assert.equal(unconfirmed(outbox, [message("m1")], "li").length, 1);
  assert.equal(unconfirmed(outbox, [message("m1", { user_id: "wang" })], "li").length, 2);
  assert.equal(unconfirmed(outbox, [message("m1", { send_time: 5 })], "li").length, 2);
  assert.equal(unconfirmed(outbox, [message("m1", { to: "teacher" })], "li").length, 2);
});

test("the outbox survives a reload with its `random` numbers", () => {
  const outbox = changed(queued(queued([], draft(7, "a")), draft(8, "b", "teacher")), 7, { state: "sending" });
  const again = restored(saved(outbox));
  assert.deepEqual(again.map(({ random, state, to }) => [random, state, to]), [[7, "waiting", ""], [8, "waiting", "teacher"]]);
  for (const text of [null, "", "{", "7", '[{"random":"x"}]', "[null]"]) assert.deepEqual(restored(text), []);
});

test("numbers of messages are exact in JSON and never 0", () => {
  assert.equal(newRandom(() => 0), 1);
  assert.ok(Number.isSafeInteger(newRandom(() => 0.999999999)));
});
