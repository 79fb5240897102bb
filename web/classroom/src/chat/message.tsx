// A message of the chat, and an outgoing one.

import { useState } from "preact/hooks";

import { rootAddress } from "../channel/http";
import type { Message, Role } from "../channel/types";
import { t, timeOfDay } from "../i18n";
import { explain } from "../i18n/errors";
import { useRoom } from "../state/room";
import { Avatar, Button, Dialog, Icon, Menu, confirmAction, toast, type MenuItem } from "../ui";
import type { ImageProblem } from "./image";
import { safeAddress } from "./links";
import { chatOf } from "./model";
import type { Outgoing } from "./outbox";
import { mayRecall, receivers } from "./rights";
import { MessageText } from "./text";

interface RowProps {
  message: Message;
  /** It is grouped with the previous message of the same person. */
  continued: boolean;
}

export function MessageRow({ message, continued }: RowProps) {
  const room = useRoom();
  const own = message.user_id === room.me;
  const name = nameOf(message);
  if (message.recalled) {
    return <li class="message-note">{own ? t("chat.recalled_own") : t("chat.recalled", { name })}</li>;
  }
  const privately = message.to !== "";
  const receiver = room.members.value[message.to]?.nickname || message.to;
  const classes = ["message", own && "own", privately && "private", continued && "continued"].filter(Boolean).join(" ");
  return (
    <li class={classes}>
      {!own && (continued ? <span class="avatar-space" /> : <Avatar name={name} src={message.avatar} />)}
      <div class="message-main">
        {/* Screen readers announce the name of each message. */}
        <div class={continued ? "message-head visually-hidden" : "message-head"}>
          <span class="message-name">{own ? t("common.you") : name}</span>
          {!own && isNamed(message.role) && <span class={`role-tag ${message.role}`}>{t(`role.${message.role}`)}</span>}
          <time class="message-time" dateTime={new Date(message.send_time).toISOString()}>{timeOfDay(message.send_time)}</time>
        </div>
        {privately && (
          <div class="message-private"><Icon name="lock" />{own ? t("chat.private_to", { name: receiver }) : t("chat.private_you")}</div>
        )}
        <div class="message-line">
          <div class={message.type === "image" ? "bubble with-image" : "bubble"}>
            {message.type === "image" ? <Picture address={message.content} name={own ? t("common.you") : name} refresh={() => chatOf(room).reloadImage(message.message_id)} /> : <MessageText text={message.content} />}
          </div>
          <Actions message={message} name={name} />
        </div>
      </div>
    </li>
  );
}

function Actions({ message, name }: { message: Message; name: string }) {
  const room = useRoom();
  const chat = chatOf(room);
  const own = message.user_id === room.me;
  const items: MenuItem[] = [];
  if (receivers(room.members.value, room.me, room.role.value).some(({ user_id }) => user_id === message.user_id)) {
    items.push({ label: t("chat.reply_private", { name }), icon: "lock", onSelect: () => chat.setReceiver(message.user_id) });
  }
  if (mayRecall(message, room.me, room.role.value)) {
    const recall = async (): Promise<void> => {
      const sure = own || (await confirmAction({ title: t("chat.recall_title"), text: t("chat.recall_text"), yes: t("chat.recall"), danger: true }));
      if (sure) chat.recall(message).catch((error: unknown) => toast(t("chat.recall_failed", { reason: explain(error) }), true));
    };
    items.push({ label: t("chat.recall"), icon: "recall", danger: !own, onSelect: () => void recall() });
  }
  return items.length > 0 ? <Menu small label={t("chat.actions", { name: own ? t("common.you") : name })} items={items} /> : null;
}

/** An outgoing message, waiting or failed. */
export function OutgoingRow({ outgoing }: { outgoing: Outgoing }) {
  const room = useRoom();
  const chat = chatOf(room);
  const receiver = room.members.value[outgoing.to]?.nickname || outgoing.to;
  const waits = room.connection.status.value !== "open";
  const failed = outgoing.state === "failed";
  const isImageProblem = outgoing.failure === "not_image" || outgoing.failure === "too_large";
  const reason = isImageProblem ? t(`chat.${outgoing.failure as ImageProblem}`) : outgoing.failure;
  return (
    <li class={["message own outgoing", failed && "failed", outgoing.to !== "" && "private"].filter(Boolean).join(" ")}>
      <div class="message-main">
        {outgoing.to !== "" && <div class="message-private"><Icon name="lock" />{t("chat.private_to", { name: receiver })}</div>}
        <div class="message-line">
          <div class={outgoing.type === "image" ? "bubble with-image" : "bubble"}>
            {outgoing.type === "image" ? <Picture address={chat.preview(outgoing)} name={t("common.you")} isPreview /> : <MessageText text={outgoing.content} />}
          </div>
        </div>
        {failed ? (
          <div class="message-failed" role="alert">
            <span>{t("chat.failed", { reason })}</span>
            <span class="message-choices">
              {!isImageProblem && <Button onClick={() => chat.resend(outgoing)}>{t("chat.again")}</Button>}
              <Button kind="quiet" onClick={() => chat.discard(outgoing.random)}>{t("chat.drop_failed")}</Button>
            </span>
          </div>
        ) : (
          <span class="message-state">{t(waits ? "chat.waiting" : "chat.sending")}</span>
        )}
      </div>
    </li>
  );
}

interface PictureProps {
  address: string;
  name: string;
  /** Not sent yet: the address is an object URL. */
  isPreview?: boolean;
  /** Loads a new address. */
  refresh?: () => Promise<string>;
}

function Picture({ address, name, isPreview, refresh }: PictureProps) {
  const [open, setOpen] = useState(false);
  const [newAddress, setNewAddress] = useState<string | null>(null);
  const [broken, setBroken] = useState(false);
  const source = isPreview && address.startsWith("blob:") ? address : imageAddress(newAddress ?? address);
  const onError = (): void => {
    if (newAddress !== null || refresh === undefined) return setBroken(true);
    void refresh().then((next) => {
      if (next === "" || next === address) setBroken(true);
      setNewAddress(next);
    });
  };
  if (source === "" || broken) return <p class="message-text muted">{t("chat.image_gone")}</p>;
  return (
    <>
      <button type="button" class="picture-button" aria-label={t("chat.image_open", { name })} onClick={() => setOpen(true)}>
        <img src={source} alt={t("chat.image_of", { name })} loading="lazy" decoding="async" referrerpolicy="no-referrer" onError={onError} />
      </button>
      {open && (
        <Dialog wide title={t("chat.image_of", { name })} onClose={() => setOpen(false)}>
          <img class="picture-large" src={source} alt={t("chat.image_of", { name })} referrerpolicy="no-referrer" />
          {!isPreview && <a href={source} target="_blank" rel="noopener noreferrer">{t("chat.image_original")}</a>}
        </Dialog>
      )}
    </>
  );
}

/** Addresses may be relative to the root of the service. */
function imageAddress(address: string): string {
  try {
    return safeAddress(new URL(address, rootAddress()).href);
  } catch {
    return "";
  }
}

/** Whether the role is shown: it is omitted for students. A message without a user has no role. */
function isNamed(role: Role | ""): role is Exclude<Role, "student"> {
  return role !== "student" && role !== "";
}

export function nameOf(message: Message): string {
  return message.nickname || message.user_id || "–";
}
