import assert from "node:assert/strict";
import test from "node:test";
import type { Message } from "../channel/types";
import { currentMessage, messagesOf, wholeClass, type ClassVideo } from "./videos";

const video = (more: Partial<ClassVideo> = {}): ClassVideo => ({
  video_id: "v", video_url: "recording.mp4", video_format: "mp4", video_type: 2, record_type: "online_record", user_id: "", start_time: 1000, stop_time: 1060, ...more,
});

const message = (send_time: number, more: Partial<Message> = {}): Message => ({
  message_id: String(send_time), group_id: "1_chat", sequence: 1, user_id: "li", nickname: "Li", avatar: "", role: "student",
  type: "text", content: "hello", send_time, to: "", recalled: false, ...more,
});

test("the video of the whole class is shown, not that of a camera", () => {
  const whole = video();
  assert.equal(wholeClass([video({ video_type: 0, user_id: "li" }), whole]), whole);
  assert.equal(wholeClass([video({ video_type: 0 })]), null);
});

test("what the teacher's computer recorded is shown where the service made no video, if browsers play it", () => {
  const uploaded = video({ record_type: "local_record" });
  const made = video();
  assert.equal(wholeClass([made, uploaded]), made);
  assert.equal(wholeClass([uploaded, video({ record_type: "local_record", video_format: "flv" })]), uploaded);
});

test("messages are beside the moment in which they were written", () => {
  // The class was recorded for ten seconds, and after a pause of twenty again.
  const parts = [{ position: 0, time: 1_000_000, length: 10_000 }, { position: 10_000, time: 1_030_000, length: 30_000 }];
  const messages = messagesOf(parts, [
    message(999_000), message(1_005_000), message(1_006_000, { to: "wang" }), message(1_007_000, { recalled: true }),
    message(1_020_000), message(1_040_000), message(1_061_000),
  ]);
  assert.deepEqual(messages.map(({ at }) => at), [5, 20]);
  assert.deepEqual([4, 5, 19, 30].map((at) => currentMessage(messages, at)), [-1, 0, 0, 1]);
});
