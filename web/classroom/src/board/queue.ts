// Operations on their way to the server: in order, in batches, and never lost while the connection is away.

import type { Operation } from "../channel/types";

/** So much time at least is between the beginnings of two calls, in milliseconds: what is drawn meanwhile goes together. */
const EVERY_MS = 50;

/** The server takes so many operations in a call. */
const BATCH = 100;

/** A message of the channel has at most 256 KiB. */
const BATCH_BYTES = 128 * 1024;

/** Identifiers in one operation. */
const IDS = 100;

/** Identifiers in all operations of a call; the server takes 1000. */
const BATCH_IDS = 900;

/** How a call ended. `later`: the connection broke or the server was busy. `over`: nothing will be accepted any more. */
export type Outcome = { kind: "done"; sequence?: number } | { kind: "later"; wait?: number } | { kind: "refused"; error: unknown } | { kind: "over" };

export interface QueueOptions {
  send(page: string, operations: Operation[]): Promise<Outcome>;
  /** The pending operations of a page changed. */
  changed(page: string): void;
  /** The server refused operations for good; they are not shown any more. */
  refused(error: unknown, operations: Operation[]): void;
  setTimer(run: () => void, ms: number): void;
  /** Milliseconds of a clock that only goes on. */
  now(): number;
}

interface Entry {
  page: string;
  operation: Operation;
  state: "waiting" | "sent" | "done";
  /** The event that tells it, if the server said which. */
  sequence: number;
  /** Sent alone, because the server refused the batch that it was in. */
  alone: boolean;
  bytes: number;
  ids: number;
}

/** How long an operation is shown that the server accepted and did not tell: it changed nothing there. */
const UNTOLD_MS = 2000;

export class Queue {
  private entries: Entry[] = [];
  private flying = false;
  private last = -Infinity;

  constructor(private readonly options: QueueOptions) {}

  /** Operations that the server has not accepted. */
  get unsent(): number {
    return this.entries.reduce((n, entry) => n + (entry.state === "done" ? 0 : 1), 0);
  }

  add(page: string, operations: readonly Operation[]): void {
    for (const operation of operations) {
      this.entries.push({ page, operation, state: "waiting", sequence: 0, alone: false, ...weigh(operation) });
    }
    this.options.changed(page);
    this.flush();
  }

  pending(page: string): Operation[] {
    return this.entries.filter((entry) => entry.page === page).map(({ operation }) => operation);
  }

  /** An event of the own user arrived: what it tells is pending no more. */
  told(page: string, sequence: number, operations: readonly Operation[]): void {
    const before = this.entries.length;
    for (const operation of operations) {
      const at = this.entries.findIndex((entry) => entry.page === page && entry.state !== "waiting" && same(entry.operation, operation));
      if (at >= 0 && this.entries[at]!.sequence <= sequence) this.entries.splice(at, 1);
    }
    if (this.entries.length !== before) this.options.changed(page);
  }

  /** The page was removed: nothing can be drawn on it any more. */
  drop(page: string): void {
    this.entries = this.entries.filter((entry) => entry.page !== page);
  }

  private flush(): void {
    if (this.flying || !this.entries.some(({ state }) => state === "waiting")) return;
    const wait = this.last + EVERY_MS - this.options.now();
    if (wait > 0) return this.pause(wait);
    const batch = this.nextBatch();
    const first = batch[0];
    if (!first) return;
    for (const entry of batch) entry.state = "sent";
    this.flying = true;
    this.last = this.options.now();
    void this.options.send(first.page, batch.map(({ operation }) => operation)).then(
      (outcome) => this.settle(first.page, batch, outcome),
      () => this.settle(first.page, batch, { kind: "later" }),
    );
  }

  private nextBatch(): Entry[] {
    const start = this.entries.findIndex((entry) => entry.state === "waiting");
    const batch: Entry[] = [];
    let [bytes, ids] = [0, 0];
    for (const entry of start < 0 ? [] : this.entries.slice(start, start + BATCH)) {
      const [first] = batch;
      const isLight = bytes + entry.bytes <= BATCH_BYTES && ids + entry.ids <= BATCH_IDS;
      const fits = !first || (entry.page === first.page && !entry.alone && !first.alone && isLight);
      if (entry.state !== "waiting" || !fits) break;
      batch.push(entry);
      bytes += entry.bytes;
      ids += entry.ids;
    }
    return batch;
  }

  private settle(page: string, batch: Entry[], outcome: Outcome): void {
    this.flying = false;
    switch (outcome.kind) {
      case "done":
        this.accept(page, batch, outcome.sequence ?? 0);
        break;
      case "over":
        this.flying = true;
        return;
      case "later":
        for (const entry of batch) if (entry.state === "sent") entry.state = "waiting";
        this.pause(outcome.wait ?? 1000);
        return;
      case "refused":
        if (batch.length > 1) {
          // One of them was wrong. Sent alone, the others get through.
          for (const entry of batch) [entry.state, entry.alone] = ["waiting", true];
        } else {
          this.entries = this.entries.filter((entry) => !batch.includes(entry));
          this.options.changed(page);
          this.options.refused(outcome.error, batch.map(({ operation }) => operation));
        }
    }
    this.flush();
  }

  private accept(page: string, batch: Entry[], sequence: number): void {
    for (const entry of batch) [entry.state, entry.sequence] = ["done", sequence];
    this.options.setTimer(() => {
      const before = this.entries.length;
      this.entries = this.entries.filter((entry) => !batch.includes(entry));
      if (this.entries.length !== before) this.options.changed(page);
    }, UNTOLD_MS);
  }

  private pause(ms: number): void {
    this.flying = true;
    this.options.setTimer(() => {
      this.flying = false;
      this.flush();
    }, ms);
  }
}

function weigh(operation: Operation): { bytes: number; ids: number } {
  // A character of a text may be up to three bytes.
  const text = operation.op === "add" ? (operation.item.text ?? "").length * 2 : 0;
  const ids = operation.op === "remove" || operation.op === "restore" ? operation.ids.length : 0;
  return { bytes: JSON.stringify(operation).length + text, ids };
}

function same(a: Operation, b: Operation): boolean {
  switch (a.op) {
    case "add":
      return b.op === "add" && a.item.id === b.item.id;
    case "clear":
      return b.op === "clear";
    default:
      return b.op === a.op && a.ids.join() === b.ids.join();
  }
}

/** Splits identifiers into operations that the server accepts. */
export function inParts(op: "remove" | "restore", ids: readonly string[]): Operation[] {
  const parts: Operation[] = [];
  for (let i = 0; i < ids.length; i += IDS) parts.push({ op, ids: ids.slice(i, i + IDS) });
  return parts;
}
