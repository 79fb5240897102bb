import assert from "node:assert/strict";
import { test } from "node:test";

import { computed, signal } from "@preact/signals";
import { CallError } from "../channel/connection";
import type { Message } from "../channel/types";
import type { Room } from "../state/room";
import { Chat } from "./model";

interface Sent {
  call: string;
  body: Record<string, unknown>;
  resolve: (answer: object) => void;
  reject: (error: unknown) => void;
}

/** A room without a server: calls wait until a test answers them. */
function fakeRoom(initial: Message[] = []) {
  const messages = signal(initial);
  const sent: Sent[] = [];
  const room = {
    me: "li",
    classId: 1,
    credentials: { sdkappid: 1400000001 },
    state: signal({}),
    generation: signal(1),
    messages: computed(() => messages.value),
    members: signal({}),
    now: () => 1_000_000,
    addHistory: (older: Message[]) => (messages.value = [...older, ...messages.value]),
    call: (call: string, body: Record<string, unknown>) =>
      new Promise((resolve, reject) => sent.push({ call, body, resolve, reject })),
  };
  return { room: room as unknown as Room, messages, sent, generation: room.generation };
}

class FakeStorage {
  private items = new Map<string, string>();
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}

const storage = (): Storage => new FakeStorage() as unknown as Storage;
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));

function message(number: number, fields: Partial<Message> = {}): Message {
  return {
    message_id: `c${number}`, group_id: "1_chat", sequence: number, user_id: "li", nickname: "Li", avatar: "", role: "student", type: "text",
    content: "hello", send_time: 1_000_100, to: "", recalled: false, ...fields,
  };
}

test("a message is sent once, and leaves the outbox when it arrives in the class", async () => {
  const { room, messages, sent } = fakeRoom();
  const chat = new Chat(room, null);
  chat.send("hello", "");
  chat.send("again", "teacher");
  assert.equal(sent.length, 1, "one after the other");
  assert.deepEqual([sent[0]?.call, sent[0]?.body.content, sent[0]?.body.to], ["imstorage/send", "hello", undefined]);
  sent[0]?.resolve({ message_id: "c1", sequence: 1 });
  await settled();
  assert.deepEqual([sent.length, sent[1]?.body.to], [2, "teacher"]);
  assert.equal(chat.outgoing.value.length, 2);
  messages.value = [message(1)];
  await settled();
  assert.deepEqual(chat.outgoing.value.map(({ content }) => content), ["again"]);
  assert.equal(chat.outbox.value.length, 1);
});

test("a refused message is kept with its reason, and sent again with the same number", async () => {
  const { room, sent } = fakeRoom();
  const chat = new Chat(room, null);
  chat.send("hello", "");
  sent[0]?.reject(new CallError(10203, "silenced"));
  await settled();
  const failed = chat.outgoing.value[0];
  assert.equal(failed?.state, "failed");
  assert.notEqual(failed?.failure, "");
  assert.equal(sent.length, 1, "not by itself");
  if (failed) chat.resend(failed);
  assert.equal(sent.length, 2);
  assert.equal(sent[1]?.body.random, sent[0]?.body.random);
});

test("the draft and the outbox survive a reload", () => {
  const kept = storage();
  const before = new Chat(fakeRoom().room, kept);
  before.text.value = "half a sentence";
  before.setReceiver("teacher");
  before.send("on its way", "");
  const { room, sent } = fakeRoom();
  const after = new Chat(room, kept);
  assert.deepEqual([after.text.value, after.receiver.value], ["half a sentence", "teacher"]);
  assert.equal(sent[0]?.body.content, "on its way");
  assert.equal(sent[0]?.body.random, before.outbox.value[0]?.random);
});

test("messages from before entering are not unread; later ones of others are, until they are read", async () => {
  const { room, messages } = fakeRoom([message(1, { user_id: "wang" })]);
  const chat = new Chat(room, null);
  assert.equal(chat.unread.value.length, 0);
  messages.value = [...messages.value, message(2, { user_id: "wang" }), message(3)];
  await settled();
  assert.deepEqual(chat.unread.value.map(({ message_id }) => message_id), ["c2"]);
  chat.markRead();
  assert.equal(chat.unread.value.length, 0);
});

test("older messages are loaded until there are no more", async () => {
  const { room, messages, sent, generation } = fakeRoom(Array.from({ length: 50 }, (_, index) => message(51 + index)));
  const chat = new Chat(room, null);
  assert.equal(chat.history.value, "more");
  const loading = chat.loadOlder();
  assert.deepEqual([sent[0]?.call, sent[0]?.body.before], ["imstorage/history", "c51"]);
  sent[0]?.resolve({ messages: [message(50)], finish: true });
  await loading;
  assert.deepEqual([messages.value.length, chat.history.value], [51, "finished"]);
  // A snapshot has the last messages only.
  messages.value = messages.value.slice(-50);
  generation.value += 1;
  assert.equal(chat.history.value, "more");
});

test("a new address of an image comes from the history", async () => {
  const { room, sent } = fakeRoom([message(1, { type: "image", content: "old" }), message(2)]);
  const chat = new Chat(room, null);
  const reloaded = chat.reloadImage("c1");
  assert.equal(sent[0]?.body.before, "c2");
  sent[0]?.resolve({ messages: [message(1, { type: "image", content: "new" })] });
  assert.equal(await reloaded, "new");
  const failed = chat.reloadImage("c2");
  assert.equal(sent[1]?.body.before, undefined);
  sent[1]?.reject(new CallError(0, "no answer"));
  assert.equal(await failed, "");
});
