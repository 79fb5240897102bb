// Operations on their way to the server: in order, in batches, and kept while there is no connection.

import type { Operation } from "../channel/types";

/** The minimum time between the starts of two calls, in milliseconds. What is drawn meanwhile is sent in one batch. */
const MIN_INTERVAL_MS = 50;

/** The maximum number of operations in a call. */
const MAX_OPERATIONS = 100;

/** The maximum size of a batch. A message of the channel may have 256 KiB. */
const MAX_BYTES = 128 * 1024;

/** The maximum number of ids in an operation. */
const MAX_IDS_PER_OPERATION = 100;

/** The maximum number of ids in a call. The server accepts 1000. */
const MAX_IDS = 900;

/** The outcome of a call. `later`: no connection, or the server was busy. `over`: nothing will be accepted any more. */
export type Outcome = { kind: "done"; sequence?: number } | { kind: "later"; wait?: number } | { kind: "refused"; error: unknown } | { kind: "over" };

export interface QueueOptions {
  send(page: string, operations: Operation[]): Promise<Outcome>;
  /** The pending operations of a page changed, or the number of those that are not sent. */
  changed(page: string): void;
  /** The server refused these operations for good. They are not shown any more. */
  refused(error: unknown, operations: Operation[]): void;
  setTimer(run: () => void, ms: number): void;
  /** A monotonic clock in milliseconds. */
  now(): number;
}

interface Entry {
  page: string;
  operation: Operation;
  state: "waiting" | "sent" | "done";
  /** The sequence of the event that confirms it, if the reply contained it. */
  sequence: number;
  /** Sent in a batch of its own, because the server refused the batch that contained it. */
  alone: boolean;
  bytes: number;
  ids: number;
}

/** After this time an accepted operation without an event is dropped: it changed nothing on the server. */
const CONFIRM_TIMEOUT_MS = 2000;

export class Queue {
  private entries: Entry[] = [];
  private busy = false;
  private last = -Infinity;

  constructor(private readonly options: QueueOptions) {}

  /** How many operations the server has not accepted. */
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

  /** Handles an event of this user: the operations in it are not pending any more. */
  confirm(page: string, sequence: number, operations: readonly Operation[]): void {
    const before = this.entries.length;
    for (const operation of operations) {
      const at = this.entries.findIndex((entry) => entry.page === page && entry.state !== "waiting" && same(entry.operation, operation));
      if (at >= 0 && this.entries[at]!.sequence <= sequence) this.entries.splice(at, 1);
    }
    if (this.entries.length !== before) this.options.changed(page);
  }

  /** Drops the operations of a page that was removed. */
  drop(page: string): void {
    this.entries = this.entries.filter((entry) => entry.page !== page);
  }

  private flush(): void {
    if (this.busy || !this.entries.some(({ state }) => state === "waiting")) return;
    const wait = this.last + MIN_INTERVAL_MS - this.options.now();
    if (wait > 0) return this.retryIn(wait);
    const batch = this.nextBatch();
    const first = batch[0];
    if (!first) return;
    for (const entry of batch) entry.state = "sent";
    this.busy = true;
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
    for (const entry of start < 0 ? [] : this.entries.slice(start, start + MAX_OPERATIONS)) {
      const [first] = batch;
      const isLight = bytes + entry.bytes <= MAX_BYTES && ids + entry.ids <= MAX_IDS;
      const fits = !first || (entry.page === first.page && !entry.alone && !first.alone && isLight);
      if (entry.state !== "waiting" || !fits) break;
      batch.push(entry);
      bytes += entry.bytes;
      ids += entry.ids;
    }
    return batch;
  }

  private settle(page: string, batch: Entry[], outcome: Outcome): void {
    this.busy = false;
    switch (outcome.kind) {
      case "done":
        this.accept(page, batch, outcome.sequence ?? 0);
        break;
      case "over":
        this.busy = true;
        return;
      case "later":
        for (const entry of batch) if (entry.state === "sent") entry.state = "waiting";
        this.retryIn(outcome.wait ?? 1000);
        return;
      case "refused":
        if (batch.length > 1) {
          // One of them was invalid. Sent one by one, the others are accepted.
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
    this.options.changed(page);
    this.options.setTimer(() => {
      const before = this.entries.length;
      this.entries = this.entries.filter((entry) => !batch.includes(entry));
      if (this.entries.length !== before) this.options.changed(page);
    }, CONFIRM_TIMEOUT_MS);
  }

  private retryIn(ms: number): void {
    this.busy = true;
    this.options.setTimer(() => {
      this.busy = false;
      this.flush();
    }, ms);
  }
}

function weigh(operation: Operation): { bytes: number; ids: number } {
  // A character may take up to three bytes.
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

/** Splits ids into operations of the accepted size. */
export function inBatches(op: "remove" | "restore", ids: readonly string[]): Operation[] {
  const parts: Operation[] = [];
  for (let i = 0; i < ids.length; i += MAX_IDS_PER_OPERATION) parts.push({ op, ids: ids.slice(i, i + MAX_IDS_PER_OPERATION) });
  return parts;
}
