// How the list of messages is read: what is unread, and which messages stand together.

import type { Message } from "../channel/types";

/** Up to where somebody has read. */
export interface ReadMark {
  message_id: string;
  time: number;
}

/** The mark behind the last message. */
export function readAll(messages: readonly Message[]): ReadMark {
  const last = messages[messages.length - 1];
  return { message_id: last?.message_id ?? "", time: last?.send_time ?? 0 };
}

/** The messages of others that came after a mark. After a long pause the marked message itself may be gone from the list. */
export function unread(messages: readonly Message[], mark: ReadMark, me: string): Message[] {
  let at = messages.length;
  // From the end: most have been read.
  while (at > 0 && messages[at - 1]?.message_id !== mark.message_id) at -= 1;
  const later = at > 0 ? messages.slice(at) : messages.filter(({ send_time }) => send_time > mark.time);
  return later.filter(({ user_id, recalled, type }) => user_id !== me && !recalled && type !== "custom");
}

/** Whether a message belongs to the one before: same person, same receiver, and soon after it. */
export function isContinued(before: Message | undefined, message: Message): boolean {
  const soon = 3 * 60_000;
  return before !== undefined && before.user_id === message.user_id && before.nickname === message.nickname && before.to === message.to && !before.recalled && !message.recalled &&
    before.type !== "custom" && message.send_time - before.send_time < soon;
}

/** Whether a line with the time stands before a message. */
export function needsTime(before: Message | undefined, message: Message): boolean {
  return before === undefined || message.send_time - before.send_time > 10 * 60_000;
}
