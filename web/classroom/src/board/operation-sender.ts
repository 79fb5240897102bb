// Sends operations to the server, and decides which errors are temporary.

import { CallError } from "../channel/connection";
import type { Operation, PageName } from "../channel/types";
import type { Room } from "../state/room";
import type { Outcome } from "./queue";

/** Error codes to retry: no answer, server busy. */
const TEMPORARY = new Set([0, 10291]);

/** Error codes that may be temporary: a rate or page limit, an unavailable database. */
const MAYBE_TEMPORARY = new Set([-1, 10202, 10290]);

/** How many times in a row an error that may be temporary is retried. */
const MAX_RETRIES = 3;

export class OperationSender {
  /** How many errors that may be temporary came in a row. */
  private failures = 0;

  constructor(private readonly room: Room) {}

  async send(page: PageName, operations: Operation[]): Promise<Outcome> {
    try {
      const { sequence } = await this.room.call("board/draw", { page, operations }, { repeatable: true });
      this.failures = 0;
      return { kind: "done", sequence: typeof sequence === "number" ? sequence : undefined };
    } catch (error) {
      if (this.room.connection.status.peek() === "ended") return { kind: "over" };
      if (!(error instanceof CallError) || TEMPORARY.has(error.code)) return { kind: "later" };
      if (MAYBE_TEMPORARY.has(error.code) && this.failures < MAX_RETRIES) {
        this.failures += 1;
        return { kind: "later", wait: 500 * 2 ** this.failures };
      }
      return { kind: "refused", error };
    }
  }
}
