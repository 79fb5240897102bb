// Messages that are not in the message list of the class yet. A message keeps its `random` number whenever it is sent again,
// so that the server stores it once.

import type { Message } from "../channel/types";

/** An outgoing message. */
export interface Outgoing {
  random: number;
  type: "text" | "image";
  /** The text, or the address of the image; empty until the image is uploaded. */
  content: string;
  /** The receiver of a private message, else empty. */
  to: string;
  /** When it was written, in server time. */
  time: number;
  state: "waiting" | "sending" | "sent" | "failed";
  /** The error message. */
  failure: string;
  /** From the reply of the server. */
  message_id: string;
  sequence: number;
}

export type Outbox = readonly Outgoing[];

/** The maximum difference between the clocks of page and server when messages are compared. */
const CLOCK_SLACK = 10_000;

/** Appends a new message. */
export function queued(outbox: Outbox, draft: Pick<Outgoing, "random" | "type" | "content" | "to" | "time">): Outbox {
  return [...outbox, { ...draft, state: "waiting", failure: "", message_id: "", sequence: 0 }];
}

/** The message to send next: the first waiting one, unless another one is being sent. */
export function next(outbox: Outbox): Outgoing | undefined {
  if (outbox.some(({ state }) => state === "sending")) return undefined;
  return outbox.find(({ state, content }) => state === "waiting" && content !== "");
}

/** Changes one message. */
export function changed(outbox: Outbox, random: number, fields: Partial<Outgoing>): Outbox {
  return outbox.map((outgoing) => (outgoing.random === random ? { ...outgoing, ...fields } : outgoing));
}

/** Removes one message. */
export function without(outbox: Outbox, random: number): Outbox {
  return outbox.filter((outgoing) => outgoing.random !== random);
}

/** The messages that are not in the message list of the class yet. */
export function unconfirmed(outbox: Outbox, messages: readonly Message[], me: string): Outbox {
  if (outbox.length === 0) return outbox;
  const own = messages.filter(({ user_id }) => user_id === me);
  const taken = new Set<string>();
  const take = (found: Message | undefined): boolean => {
    if (found === undefined) return false;
    taken.add(found.message_id);
    return true;
  };
  const free = (message: Message): boolean => !taken.has(message.message_id);
  const left = outbox.filter((outgoing) => !take(own.find((message) => free(message) && isAnswered(outgoing, message))));
  // The event of a message may arrive before the reply.
  const mayBeThere = ({ state, message_id }: Outgoing): boolean => state === "sending" || (state === "sent" && message_id === "");
  return left.filter((outgoing) => !mayBeThere(outgoing) || !take(own.find((message) => free(message) && isAlike(outgoing, message))));
}

function isAnswered(outgoing: Outgoing, message: Message): boolean {
  if (outgoing.message_id !== "") return outgoing.message_id === message.message_id;
  return outgoing.state === "sent" && outgoing.sequence > 0 && outgoing.to === "" && message.to === "" && outgoing.sequence === message.sequence;
}

function isAlike(outgoing: Outgoing, message: Message): boolean {
  const isSame = outgoing.type === message.type && outgoing.content === message.content && outgoing.to === message.to;
  return isSame && message.send_time >= outgoing.time - CLOCK_SLACK;
}

/** Serialises the outbox for a reload. Images that are not uploaded can't be stored. */
export function saved(outbox: Outbox): string {
  return JSON.stringify(outbox.filter(({ content, state }) => content !== "" && state !== "sent"));
}

/** Restores the outbox. A message that was being sent is sent again; its `random` number makes that harmless. */
export function restored(text: string | null): Outbox {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
  if (!Array.isArray(value)) return [];
  return value.filter(isOutgoing).map((outgoing) => (outgoing.state === "sending" ? { ...outgoing, state: "waiting" as const } : outgoing));
}

function isOutgoing(value: unknown): value is Outgoing {
  if (typeof value !== "object" || value === null) return false;
  const { random, type, content, to, time, state, failure } = value as Partial<Outgoing>;
  return (
    typeof random === "number" && (type === "text" || type === "image") && typeof content === "string" && typeof to === "string" &&
    typeof time === "number" && typeof failure === "string" && (state === "waiting" || state === "sending" || state === "failed")
  );
}

/** A number for a new message: at least 1, and exact in JSON. */
export function newRandom(random: () => number = Math.random): number {
  return 1 + Math.floor(random() * 2 ** 52);
}
