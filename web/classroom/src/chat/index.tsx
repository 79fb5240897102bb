// The chat of the class.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { useRoom } from "../state/room";
import { chatOf } from "./model";
import { ChatPanel } from "./panel";

export { ChatAnnouncer } from "./announcer";

/** The number of unread messages. */
export const unread = signal(0);

/** `visible`: whether the chat is in sight. It stays mounted while another tab is shown. */
export function Chat({ visible }: { visible: boolean }) {
  const chat = chatOf(useRoom());
  const count = chat.unread.value.length;
  useEffect(() => {
    unread.value = count;
  }, [count]);
  useEffect(() => {
    chat.isShown.value = visible;
  }, [chat, visible]);
  return <ChatPanel visible={visible} />;
}
