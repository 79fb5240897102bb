// The chat of the class.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { useRoom } from "../state/room";
import { chatOf } from "./model";
import { ChatPanel } from "./panel";

export { ChatNews } from "./news";

/** How many messages came that nobody has looked at. */
export const unread = signal(0);

/** `visible`: whether somebody looks at it now. It stays while another tab is shown. */
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
