// Announces new messages to screen readers, and shows private ones as toasts while the chat is hidden.

import { useEffect, useState } from "preact/hooks";

import type { Message } from "../channel/types";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { toast } from "../ui";
import { nameOf } from "./message";
import { chatOf } from "./model";

/** Messages within this time are announced in one sentence, in milliseconds. */
const ANNOUNCE_DELAY_MS = 800;
/** More than this are announced as a number. */
const MAX_ANNOUNCED = 3;
const MAX_CHARS = 200;

export function ChatAnnouncer() {
  const room = useRoom();
  const chat = chatOf(room);
  const [announcement, setAnnouncement] = useState("");
  useEffect(() => {
    let waiting: Message[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const announce = (): void => {
      timer = undefined;
      setAnnouncement(waiting.length > MAX_ANNOUNCED ? t("chat.news", { n: waiting.length }) : waiting.map(sentence).join(" "));
      waiting = [];
    };
    const stop = room.onEvent((event) => {
      if (event.event !== "message") return;
      const message = event.data;
      if (message.user_id === room.me || message.type === "custom" || message.recalled) return;
      if (message.to !== "" && !chat.isShown.value) return toast(sentence(message));
      waiting.push(message);
      timer ??= setTimeout(announce, ANNOUNCE_DELAY_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [room, chat]);
  return <div class="visually-hidden" aria-live="polite">{announcement}</div>;
}

function sentence(message: Message): string {
  const name = nameOf(message);
  const text = message.type === "image" ? t("chat.an_image") : message.content.slice(0, MAX_CHARS);
  if (message.to !== "") return t("chat.said_private", { name, text });
  return message.type === "image" ? t("chat.said_image", { name }) : t("chat.said", { name, text });
}
