// The chat of one class: what is on its way, what is being written and to whom, what is unread.

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from "@preact/signals";

import { CallError } from "../channel/connection";
import type { Message } from "../channel/types";
import { explain } from "../i18n/errors";
import type { Room } from "../state/room";
import { ImageError, shrunk } from "./image";
import { changed, missing, newRandom, next, queued, restored, saved, without, type Outbox, type Outgoing } from "./outbox";
import { readAll, unread, type ReadMark } from "./reading";
import { throttled } from "./throttled";

/** How many messages a snapshot has at most, and a page of the history. */
const PAGE = 50;
/** How often the list of messages is drawn at most, in milliseconds. */
const DRAWN_EVERY = 120;

/** Where older messages stand: what was read of them, or what went wrong. */
export type HistoryState = "more" | "loading" | "failed" | "finished";

export class Chat {
  /** The messages of the class, as they are drawn. */
  readonly messages: ReadonlySignal<Message[]>;
  readonly outbox: Signal<Outbox>;
  /** The receiver of what is being written; empty for all. */
  readonly receiver: Signal<string>;
  /** The name of the receiver, also after they left. */
  readonly receiverName: Signal<string>;
  /** What is being written. */
  readonly text: Signal<string>;
  /** Grows when the input should get the focus. */
  readonly focusWanted: Signal<number> = signal(0);
  /** Whether the chat is in sight. */
  readonly isShown: Signal<boolean> = signal(false);
  readonly history: Signal<HistoryState> = signal("more");
  /** The messages that are on their way: not in the list of the class yet. */
  readonly outgoing: ReadonlySignal<Outbox>;
  readonly unread: ReadonlySignal<Message[]>;
  private readonly mark: Signal<ReadMark | null> = signal(null);
  /** The images on their way, and an address of each that shows it before it is uploaded. */
  private readonly images = new Map<number, { file: Blob; address: string }>();
  private readonly key: string;

  constructor(private readonly room: Room, private readonly storage: Storage | null) {
    this.key = `lectern.chat.${room.credentials.sdkappid}.${room.classId}.${room.me}`;
    this.messages = throttled(room.messages, DRAWN_EVERY);
    this.outbox = signal(restored(this.read("outbox")));
    this.text = signal(this.read("text") ?? "");
    this.receiver = signal(this.read("to") ?? "");
    this.receiverName = signal(this.read("to_name") ?? "");
    this.outgoing = computed(() => missing(this.outbox.value, this.messages.value, room.me));
    this.unread = computed(() => (this.mark.value === null ? [] : unread(this.messages.value, this.mark.value, room.me)));
    effect(() => this.write("outbox", this.outbox.value.length > 0 ? saved(this.outbox.value) : ""));
    effect(() => this.write("text", this.text.value));
    effect(() => this.write("to", this.receiver.value));
    effect(() => this.write("to_name", this.receiverName.value));
    effect(() => {
      const outgoing = next(this.outbox.value);
      if (outgoing !== undefined) untracked(() => this.deliver(outgoing));
    });
    // What was there before the first entry is not news.
    effect(() => {
      if (this.mark.value === null && room.state.value !== null) this.mark.value = readAll(room.messages.value);
    });
    // A snapshot has the last messages only; a short one has all.
    effect(() => {
      if (room.generation.value === 0) return;
      this.history.value = room.messages.peek().length < PAGE ? "finished" : "more";
      this.outbox.value = this.outbox.peek().filter(({ state }) => state !== "sent");
    });
    // What the class has told is not on its way any more.
    effect(() => {
      const arrived = this.outbox.value.filter((outgoing) => outgoing.state === "sent" && !this.outgoing.value.includes(outgoing));
      untracked(() => arrived.forEach(({ random }) => this.forget(random)));
    });
  }

  /** Everything has been read. */
  markRead(): void {
    const mark = readAll(this.messages.value);
    if (this.mark.value?.message_id !== mark.message_id) this.mark.value = mark;
  }

  /** Chooses the receiver of what is being written; empty for all. The text stays. */
  writeTo(user_id: string, focus = true): void {
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

  /** The address that shows an image on its way. */
  preview(outgoing: Outgoing): string {
    return this.images.get(outgoing.random)?.address ?? outgoing.content;
  }

  again(outgoing: Outgoing): void {
    this.outbox.value = changed(this.outbox.value, outgoing.random, { state: "waiting", failure: "" });
    if (outgoing.content === "") void this.upload(outgoing.random);
  }

  /** Gives up a message that failed. */
  forget(random: number): void {
    const image = this.images.get(random);
    if (image !== undefined) URL.revokeObjectURL(image.address);
    this.images.delete(random);
    this.outbox.value = without(this.outbox.value, random);
  }

  recall(message: Message): Promise<unknown> {
    return this.room.call("imstorage/recall", { message_id: message.message_id }, { repeatable: true });
  }

  /** Loads the messages before those that are known. */
  async loadOlder(): Promise<void> {
    if (this.history.value === "loading" || this.history.value === "finished") return;
    const generation = this.room.generation.value;
    this.history.value = "loading";
    const before = this.room.messages.value[0]?.message_id;
    try {
      const body = before === undefined ? { size: PAGE } : { before, size: PAGE };
      const page = await this.room.call<{ messages: Message[]; finish: boolean }>("imstorage/history", body, { repeatable: true });
      if (generation !== this.room.generation.value) return;
      this.room.addHistory(page.messages);
      this.history.value = page.finish || page.messages.length === 0 ? "finished" : "more";
    } catch {
      if (generation === this.room.generation.value) this.history.value = "failed";
    }
  }

  /** A fresh address of an image: addresses expire after some hours. Empty when there is none. */
  async freshImage(message_id: string): Promise<string> {
    const messages = this.room.messages.peek();
    const next = messages[messages.findIndex((message) => message.message_id === message_id) + 1]?.message_id;
    const body = next === undefined ? { size: PAGE } : { before: next, size: PAGE };
    try {
      const page = await this.room.call<{ messages: Message[] }>("imstorage/history", body, { repeatable: true });
      return page.messages.find((message) => message.message_id === message_id && message.type === "image")?.content ?? "";
    } catch {
      return "";
    }
  }

  /** Sends a message. The call waits for the connection, and is sent again after a break: its number makes that harmless. */
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
      // A browser that keeps nothing: the draft lives as long as the page.
    }
  }
}

const chats = new WeakMap<Room, Chat>();

/** The chat of a room. */
export function chatOf(room: Room): Chat {
  const known = chats.get(room);
  if (known !== undefined) return known;
  const made = new Chat(room, storage());
  chats.set(room, made);
  return made;
}

function storage(): Storage | null {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
