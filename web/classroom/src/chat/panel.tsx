// The chat panel: the message list and the composer.

import "./chat.css";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Message } from "../channel/types";
import { locale, t, timeOfDay } from "../i18n";
import { useRoom } from "../state/room";
import { Button, Empty } from "../ui";
import { Composer } from "./composer";
import { MessageRow, OutgoingRow } from "./message";
import { chatOf } from "./model";
import { isContinued, needsTime } from "./reading";

/** How many messages are rendered at first, and added each time. */
const ROWS_STEP = 150;
/** Within this distance of the end the list keeps scrolling, in pixels. */
const END_TOLERANCE = 48;

export function ChatPanel({ visible }: { visible: boolean }) {
  const chat = chatOf(useRoom());
  const log = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [drawn, setDrawn] = useState(ROWS_STEP);
  /** The first unread message when the chat was opened. */
  const [unreadLine, setUnreadLine] = useState("");
  const all = chat.messages.value.filter(({ type }) => type !== "custom");
  const outgoing = chat.outgoing.value;
  const messages = all.slice(-drawn);
  const first = messages[0]?.message_id ?? "";
  const unreadCount = chat.unread.value.length;
  const place = useRef({ first: "", height: 0, top: 0 });

  const toEnd = (): void => {
    const box = log.current;
    if (box) box.scrollTop = box.scrollHeight;
    setAtEnd(true);
  };

  // Sets the line before the unread messages when the chat is opened.
  useLayoutEffect(() => {
    setUnreadLine(visible ? (chat.unread.value[0]?.message_id ?? "") : "");
    const box = log.current;
    if (visible && atEnd && box) box.scrollTop = box.scrollHeight;
  }, [visible]);
  // Keeps the list at its end. Elsewhere the visible messages keep their position when older ones are inserted above.
  useLayoutEffect(() => {
    const box = log.current;
    if (!box) return;
    if (atEnd) box.scrollTop = box.scrollHeight;
    else if (place.current.first !== first) box.scrollTop = place.current.top + box.scrollHeight - place.current.height;
    place.current = { first, height: box.scrollHeight, top: box.scrollTop };
  });
  useEffect(() => {
    const read = (): void => {
      if (visible && atEnd && document.visibilityState === "visible") chat.markRead();
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [visible, atEnd, chat.messages.value]);
  // Scrolls to the end after a message was sent.
  useEffect(() => {
    if (outgoing.length > 0) toEnd();
  }, [outgoing[outgoing.length - 1]?.random]);
  useEffect(() => {
    const box = log.current;
    if (!box || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => {
      if (box.dataset.end === "1") box.scrollTop = box.scrollHeight;
    });
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }, []);

  const older = (): void => {
    if (drawn < all.length) setDrawn(drawn + ROWS_STEP);
    else void chat.loadOlder().then(() => setDrawn((count) => count + ROWS_STEP));
  };
  const onScroll = (): void => {
    const box = log.current;
    if (!box) return;
    const end = box.scrollHeight - box.scrollTop - box.clientHeight < END_TOLERANCE;
    setAtEnd(end);
    if (end && drawn > ROWS_STEP) setDrawn(ROWS_STEP);
    if (box.scrollTop < END_TOLERANCE && !end && chat.history.value === "more") older();
    place.current = { first, height: box.scrollHeight, top: box.scrollTop };
  };

  return (
    <section class="panel chat" aria-label={t("chat.title")}>
      <div class="chat-frame">
        <div ref={log} class="panel-body chat-log" data-end={atEnd ? "1" : "0"} role="log" aria-live="off" aria-label={t("chat.log")} tabIndex={0} onScroll={onScroll}>
          <div>
            <Beginning isDrawn={drawn >= all.length} isEmpty={all.length === 0 && outgoing.length === 0} onOlder={older} />
            <ol class="messages">
              {messages.map((message, index) => rows(message, messages[index - 1], unreadLine))}
              {outgoing.map((one) => <OutgoingRow key={`out-${one.random}`} outgoing={one} />)}
            </ol>
          </div>
        </div>
        {!atEnd && (
          <div class="chat-jump">
            <Button kind={unreadCount > 0 ? "primary" : "plain"} icon="chevronDown" onClick={toEnd}>{unreadCount > 0 ? t("chat.jump", { n: unreadCount }) : t("chat.newest")}</Button>
          </div>
        )}
      </div>
      <Composer visible={visible} />
    </section>
  );
}

/** The rows of a message: a time line, the line before unread messages, and the message itself. */
function rows(message: Message, before: Message | undefined, unreadLine: string) {
  const isFirstUnread = message.message_id === unreadLine;
  const hasTime = needsTime(before, message);
  return [
    hasTime && <li key={`${message.message_id}-time`} class="message-note">{dayAndTime(message.send_time)}</li>,
    isFirstUnread && <li key={`${message.message_id}-line`} class="message-news"><span>{t("chat.new_line")}</span></li>,
    row(message, !isFirstUnread && !hasTime && isContinued(before, message)),
  ];
}

/** Caches the row of each message: Preact skips identical elements when the list is rendered again. */
const rowCache = new WeakMap<Message, { continued: boolean; element: JSX.Element }>();

function row(message: Message, continued: boolean): JSX.Element {
  const cached = rowCache.get(message);
  if (cached?.continued === continued) return cached.element;
  const element = <MessageRow key={message.message_id} message={message} continued={continued} />;
  rowCache.set(message, { continued, element });
  return element;
}

function Beginning({ isDrawn, isEmpty, onOlder }: { isDrawn: boolean; isEmpty: boolean; onOlder: () => void }) {
  const chat = chatOf(useRoom());
  const state = chat.history.value;
  if (isEmpty && state !== "loading" && state !== "failed") return <Empty icon="chat" text={t("chat.empty")} />;
  return (
    <div class="chat-beginning">
      {state === "finished" && isDrawn && <span class="muted">{t("chat.first")}</span>}
      {state === "loading" && <span class="muted" role="status">{t("common.loading")}</span>}
      {state === "failed" && <span class="bad" role="alert">{t("chat.history_failed")}</span>}
      {(state === "more" || state === "failed" || !isDrawn) && <Button kind="quiet" onClick={onOlder}>{t(state === "failed" ? "common.retry" : "chat.earlier")}</Button>}
    </div>
  );
}

/** The time of a message, with the date unless it is today. */
function dayAndTime(time: number): string {
  const isToday = new Date(time).toDateString() === new Date().toDateString();
  if (isToday) return timeOfDay(time);
  return new Intl.DateTimeFormat(locale(), { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(time);
}
