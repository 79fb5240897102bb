// The message composer: receiver, text and images.

import { useEffect, useId, useRef, useState } from "preact/hooks";

import type { Member } from "../channel/types";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { Icon, IconButton } from "../ui";
import { imagesOf } from "./image";
import { chatOf } from "./model";
import { blockReason, receivers } from "./rights";

/** The maximum length of a message, in characters. */
const MAX_CHARS = 8_192;
const MAX_IMAGES = 9;

export function Composer({ visible }: { visible: boolean }) {
  const room = useRoom();
  const chat = chatOf(room);
  const id = useId();
  const input = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [dropping, setDropping] = useState(false);
  const text = chat.text.value;
  const to = chat.receiver.value;
  const info = room.info.value;
  const candidates = receivers(room.members.value, room.me, room.role.value);
  // A pupil may write to the teacher before the teacher enters.
  const teacher = info?.teacher_id ?? "";
  const absentTeacher = room.moderator.value || candidates.some(({ user_id }) => user_id === teacher) ? "" : teacher;
  const target = candidates.find(({ user_id }) => user_id === to);
  const targetName = target ? target.nickname || target.user_id : (to === teacher ? t("role.teacher") : chat.receiverName.value || to);
  const writer = { role: room.role.value, silence: room.self.value?.silence ?? 0 };
  const reason = info ? blockReason(info, writer, { to, type: "text" }) : null;
  const mayImage = info !== undefined && blockReason(info, writer, { to, type: "image" }) === null;
  const why = reason !== null ? t(`chat.${reason}`) : "";
  const tooLong = Math.max(0, [...text].length - MAX_CHARS);
  const blocked = why !== "" || tooLong > 0;
  const note = why !== "" ? why : tooLong > 0 ? t("chat.too_long", { n: tooLong }) : to === "" ? "" : t(target ? "chat.private_hint" : "chat.private_later", { name: targetName });

  // The input grows with its text, up to the limit in the style sheet.
  useEffect(() => {
    const area = input.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }, [text, visible]);
  useEffect(() => {
    if (chat.focusWanted.value > 0) input.current?.focus();
  }, [chat.focusWanted.value]);

  const send = (): void => {
    if (blocked || text.trim() === "") return;
    chat.send(text.trim(), to);
    chat.text.value = "";
    input.current?.focus();
  };
  const sendImages = (images: File[]): void => {
    if (mayImage) images.slice(0, MAX_IMAGES).forEach((image) => chat.sendImage(image, to));
  };
  return (
    <form
      class={["composer", to !== "" && "private", dropping && "dropping"].filter(Boolean).join(" ")}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files") || !mayImage) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setDropping(false)}
      onDrop={(event) => {
        setDropping(false);
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        sendImages(imagesOf(event.dataTransfer));
      }}
    >
      {(candidates.length > 0 || to !== "" || absentTeacher !== "") && (
        <ReceiverSelect candidates={candidates} absentTeacher={absentTeacher} to={to} absentName={target ? "" : targetName} onSelect={(user_id) => chat.setReceiver(user_id, false)} />
      )}
      {note !== "" && <p id={`${id}-note`} class={blocked ? "composer-note blocked" : "composer-note"} role="status">{to !== "" && <Icon name="lock" />}{note}</p>}
      <div class="composer-row">
        <input ref={file} type="file" accept="image/*" multiple hidden onChange={(event) => {
          sendImages([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }} />
        <IconButton icon="image" label={t("chat.image")} disabled={!mayImage} onClick={() => file.current?.click()} />
        <textarea
          ref={input} class="input composer-input" rows={1} value={text} aria-label={t("chat.input")} placeholder={t("chat.placeholder")}
          aria-describedby={note !== "" ? `${id}-note` : undefined} aria-invalid={tooLong > 0 || undefined} enterkeyhint="send"
          onInput={(event) => {
            chat.text.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            // Enter that ends an input method composition does not send.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            send();
          }}
          onPaste={(event) => {
            const images = imagesOf(event.clipboardData);
            if (images.length === 0 || event.clipboardData?.types.includes("text/plain")) return;
            event.preventDefault();
            sendImages(images);
          }}
        />
        <IconButton icon="send" class="composer-send" label={t("common.send")} disabled={blocked || text.trim() === ""} onClick={send} />
      </div>
      {dropping && <div class="composer-drop" aria-hidden="true">{t("chat.drop")}</div>}
    </form>
  );
}

interface ReceiverSelectProps {
  candidates: readonly Member[];
  /** The user id of a teacher who is not in the class, or empty. */
  absentTeacher: string;
  to: string;
  /** The name of the selected receiver, if they are not in the class. */
  absentName: string;
  onSelect: (user_id: string) => void;
}

function ReceiverSelect({ candidates, absentTeacher, to, absentName, onSelect }: ReceiverSelectProps) {
  const id = useId();
  return (
    <div class="composer-to">
      <label for={id}>{t("chat.to")}</label>
      <select id={id} value={to} onChange={(event) => onSelect(event.currentTarget.value)}>
        <option value="">{t("chat.everyone")}</option>
        {to !== "" && absentName !== "" && <option value={to}>{t("chat.gone", { name: absentName })}</option>}
        {absentTeacher !== "" && absentTeacher !== to && <option value={absentTeacher}>{t("chat.gone", { name: t("role.teacher") })}</option>}
        {candidates.map((member) => (
          <option key={member.user_id} value={member.user_id}>{member.nickname || member.user_id} · {t(`role.${member.role}`)}</option>
        ))}
      </select>
    </div>
  );
}
