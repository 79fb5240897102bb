// The chat of one class: outgoing messages, the draft and its receiver, unread messages.

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from "@preact/signals";

import { CallError } from "../channel/connection";
import type { Message } from "../channel/types";
import { explain } from "../i18n/errors";
import { perObject } from "../state/per-object";
import type { Room } from "../state/room";
import { ImageError, shrunk } from "./image";
import { changed, unconfirmed, newRandom, next, queued, restored, saved, without, type Outbox, type Outgoing } from "./outbox";
import { readAll, unread, type ReadMark } from "./reading";
import { throttled } from "./throttled";

/** The maximum number of messages in a snapshot, and the page size of the history. */
const PAGE_SIZE = 50;
/** The minimum time between two renderings of the message list, in milliseconds. */
const DRAW_INTERVAL_MS = 120;

/** The state of the older messages. */
export type HistoryState = "more" | "loading" | "failed" | "finished";

export class Chat {
  /** The messages of the class, throttled for rendering. */
  readonly messages: ReadonlySignal<Message[]>;
  readonly outbox: Signal<Outbox>;
  /** The receiver of the draft; empty for everyone. */
  readonly receiver: Signal<string>;
  /** The name of the receiver, also after they left. */
  readonly receiverName: Signal<string>;
  /** The draft. */
  readonly text: Signal<string>;
  /** Incremented to focus the input. */
  readonly focusWanted: Signal<number> = signal(0);
  /** Whether the chat is visible. */
  readonly isShown: Signal<boolean> = signal(false);
  readonly history: Signal<HistoryState> = signal("more");
  /** The outgoing messages that are not in the message list yet. */
  readonly outgoing: ReadonlySignal<Outbox>;
  readonly unread: ReadonlySignal<Message[]>;
  private readonly mark: Signal<ReadMark | null> = signal(null);
  /** The images of outgoing messages, each with an object URL for its preview. */
  private readonly images = new Map<number, { file: Blob; address: string }>();
  private readonly key: string;

  constructor(private readonly room: Room, private readonly storage: Storage | null) {
    this.key = `lectern.chat.${room.credentials.sdkappid}.${room.classId}.${room.me}`;
    this.messages = throttled(room.messages, DRAW_INTERVAL_MS);
    this.outbox = signal(restored(this.read("outbox")));
    this.text = signal(this.read("text") ?? "");
    this.receiver = signal(this.read("to") ?? "");
    this.receiverName = signal(this.read("to_name") ?? "");
    this.outgoing = computed(() => unconfirmed(this.outbox.value, this.messages.value, room.me));
    this.unread = computed(() => (this.mark.value === null ? [] : unread(this.messages.value, this.mark.value, room.me)));
    effect(() => this.write("outbox", this.outbox.value.length > 0 ? saved(this.outbox.value) : ""));
    effect(() => this.write("text", this.text.value));
    effect(() => this.write("to", this.receiver.value));
    effect(() => this.write("to_name", this.receiverName.value));
    effect(() => {
      const outgoing = next(this.outbox.value);
      if (outgoing !== undefined) untracked(() => this.deliver(outgoing));
    });
    // Messages from before this user entered are not unread.
    effect(() => {
      if (this.mark.value === null && room.state.value !== null) this.mark.value = readAll(room.messages.value);
    });
    // A snapshot contains the last messages. If there are fewer than a page, these are all.
    effect(() => {
      if (room.generation.value === 0) return;
      this.history.value = room.messages.peek().length < PAGE_SIZE ? "finished" : "more";
      this.outbox.value = this.outbox.peek().filter(({ state }) => state !== "sent");
    });
    // Messages that arrived in the class leave the outbox.
    effect(() => {
      const arrived = this.outbox.value.filter((outgoing) => outgoing.state === "sent" && !this.outgoing.value.includes(outgoing));
      untracked(() => arrived.forEach(({ random }) => this.discard(random)));
    });
  }

  /** Marks all messages as read. */
  markRead(): void {
    const mark = readAll(this.messages.value);
    if (this.mark.value?.message_id !== mark.message_id) this.mark.value = mark;
  }

  /** Sets the receiver of the draft; empty for everyone. */
  setReceiver(user_id: string, focus = true): void {
    this.receiver.value = user_id;
    this.receiverName.value = this.room.members.value[user_id]?.nickname ?? user_id;
    if (focus) this.focusWanted.value += 1;
  }

  send(content: string, to: string): void {
    this.outbox.value = queued(this.outbox.value, { random: newRandom(), type: "text", content, to, time: this.room.now() });
  }

  sendImage(file: Blob, to: string): void {
    const random = newRandom();
    this.images.set(random, { file, address: URL.createObjectURL(file) });
    this.outbox.value = queued(this.outbox.value, { random, type: "image", content: "", to, time: this.room.now() });
    void this.upload(random);
  }

  /** The address of the preview of an outgoing image. */
  preview(outgoing: Outgoing): string {
    return this.images.get(outgoing.random)?.address ?? outgoing.content;
  }

  resend(outgoing: Outgoing): void {
    this.outbox.value = changed(this.outbox.value, outgoing.random, { state: "waiting", failure: "" });
    if (outgoing.content === "") void this.upload(outgoing.random);
  }

  /** Removes an outgoing message. */
  discard(random: number): void {
    const image = this.images.get(random);
    if (image !== undefined) URL.revokeObjectURL(image.address);
    this.images.delete(random);
    this.outbox.value = without(this.outbox.value, random);
  }

  recall(message: Message): Promise<unknown> {
    return this.room.call("imstorage/recall", { message_id: message.message_id }, { repeatable: true });
  }

  /** Loads the messages before the first loaded one. */
  async loadOlder(): Promise<void> {
    if (this.history.value === "loading" || this.history.value === "finished") return;
    const generation = this.room.generation.value;
    this.history.value = "loading";
    const before = this.room.messages.value[0]?.message_id;
    try {
      const body = before === undefined ? { size: PAGE_SIZE } : { before, size: PAGE_SIZE };
      const page = await this.room.call<{ messages: Message[]; finish: boolean }>("imstorage/history", body, { repeatable: true });
      if (generation !== this.room.generation.value) return;
      this.room.addHistory(page.messages);
      this.history.value = page.finish || page.messages.length === 0 ? "finished" : "more";
    } catch {
      if (generation === this.room.generation.value) this.history.value = "failed";
    }
  }

  /** Returns a new address of an image, because addresses expire after some hours. Empty when there is none. */
  async reloadImage(message_id: string): Promise<string> {
    const messages = this.room.messages.peek();
    const next = messages[messages.findIndex((message) => message.message_id === message_id) + 1]?.message_id;
    const body = next === undefined ? { size: PAGE_SIZE } : { before: next, size: PAGE_SIZE };
    try {
      const page = await this.room.call<{ messages: Message[] }>("imstorage/history", body, { repeatable: true });
      return page.messages.find((message) => message.message_id === message_id && message.type === "image")?.content ?? "";
    } catch {
      return "";
    }
  }

  /** Sends a message. The call waits for the connection and may be repeated: the `random` number makes that harmless. */
  private deliver({ random, type, content, to }: Outgoing): void {
    this.outbox.value = changed(this.outbox.value, random, { state: "sending" });
    const body = to === "" ? { type, content, random } : { type, content, random, to };
    const send = this.room.call<{ message_id?: string | number; sequence?: number }>("imstorage/send", body, { repeatable: true });
    send.then(
      (sent) => {
        const message_id = sent.message_id === undefined ? "" : String(sent.message_id);
        this.outbox.value = changed(this.outbox.value, random, { state: "sent", message_id, sequence: sent.sequence ?? 0 });
      },
      (error: unknown) => this.failed(random, error),
    );
  }

  private async upload(random: number): Promise<void> {
    const image = this.images.get(random);
    if (image === undefined) return this.failed(random, new ImageError("not_image"));
    try {
      const body = await shrunk(image.file);
      const response = await fetch(this.room.uploadAddress("imstorage/upload"), { method: "POST", body, referrerPolicy: "no-referrer" });
      const answer = (await response.json()) as { error_code: number; error_msg: string; url?: string };
      if (answer.error_code !== 0 || answer.url === undefined) throw new CallError(answer.error_code, answer.error_msg);
      this.outbox.value = changed(this.outbox.value, random, { content: answer.url });
    } catch (error) {
      this.failed(random, error);
    }
  }

  private failed(random: number, error: unknown): void {
    const failure = error instanceof ImageError ? error.problem : explain(error instanceof CallError ? error : new CallError(0, "no answer"));
    this.outbox.value = changed(this.outbox.value, random, { state: "failed", failure });
  }

  private read(name: string): string | null {
    try {
      return this.storage?.getItem(`${this.key}.${name}`) ?? null;
    } catch {
      return null;
    }
  }

  private write(name: string, value: string): void {
    try {
      if (value === "") this.storage?.removeItem(`${this.key}.${name}`);
      else this.storage?.setItem(`${this.key}.${name}`, value);
    } catch {
      // Without storage the draft is lost with the page.
    }
  }
}

/** Returns the chat of a room. */
export const chatOf = perObject((room: Room) => new Chat(room, storage()));

function storage(): Storage | null {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
