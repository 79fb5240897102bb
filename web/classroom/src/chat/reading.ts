// How the message list is presented: unread messages, groups and time lines.

import type { Message } from "../channel/types";

/** The last message that was read. */
export interface ReadMark {
  message_id: string;
  time: number;
}

/** The mark after the last message. */
export function readAll(messages: readonly Message[]): ReadMark {
  const last = messages[messages.length - 1];
  return { message_id: last?.message_id ?? "", time: last?.send_time ?? 0 };
}

/** The messages of others after a mark. The marked message may be missing after a long disconnection. */
export function unread(messages: readonly Message[], mark: ReadMark, me: string): Message[] {
  let at = messages.length;
  // From the end, because most messages have been read.
  while (at > 0 && messages[at - 1]?.message_id !== mark.message_id) at -= 1;
  const later = at > 0 ? messages.slice(at) : messages.filter(({ send_time }) => send_time > mark.time);
  return later.filter(({ user_id, recalled, type }) => user_id !== me && !recalled && type !== "custom");
}

/** Whether a message is grouped with the previous one: same person, same receiver, shortly after it. */
export function isContinued(before: Message | undefined, message: Message): boolean {
  const soon = 3 * 60_000;
  return before !== undefined && before.user_id === message.user_id && before.nickname === message.nickname && before.to === message.to && !before.recalled && !message.recalled &&
    before.type !== "custom" && message.send_time - before.send_time < soon;
}

/** Whether a time line precedes a message. */
export function needsTime(before: Message | undefined, message: Message): boolean {
  return before === undefined || message.send_time - before.send_time > 10 * 60_000;
}
