// Says new messages to screen readers, and shows private ones to those who don't look at the chat.

import { useEffect, useState } from "preact/hooks";

import type { Message } from "../channel/types";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { toast } from "../ui";
import { nameOf } from "./message";
import { chatOf } from "./model";

/** Messages within this time are said together, in milliseconds. */
const TOGETHER = 800;
/** More than this many are only counted. */
const MOST_SAID = 3;
const SAID_CHARS = 200;

export function ChatNews() {
  const room = useRoom();
  const chat = chatOf(room);
  const [said, setSaid] = useState("");
  useEffect(() => {
    let waiting: Message[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = (): void => {
      timer = undefined;
      setSaid(waiting.length > MOST_SAID ? t("chat.news", { n: waiting.length }) : waiting.map(sentence).join(" "));
      waiting = [];
    };
    const stop = room.onEvent((event) => {
      if (event.event !== "message") return;
      const message = event.data;
      if (message.user_id === room.me || message.type === "custom" || message.recalled) return;
      if (message.to !== "" && !chat.isShown.value) return toast(sentence(message));
      waiting.push(message);
      timer ??= setTimeout(say, TOGETHER);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [room, chat]);
  return <div class="unseen" aria-live="polite">{said}</div>;
}

function sentence(message: Message): string {
  const name = nameOf(message);
  const text = message.type === "image" ? t("chat.an_image") : message.content.slice(0, SAID_CHARS);
  if (message.to !== "") return t("chat.said_private", { name, text });
  return message.type === "image" ? t("chat.said_image", { name }) : t("chat.said", { name, text });
}
