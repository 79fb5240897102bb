// Which page is shown to all, and how moderators change that.

import { computed, signal } from "@preact/signals";
import type { Board, PageName } from "../channel/types";
import type { Room } from "../state/room";

/** The event may come later than the reply; so long the page stays that was asked for, in milliseconds. */
const EVENT_MS = 500;

export class Shown {
  /** What this moderator asked for, until the server tells it. */
  private readonly wanted = signal<Board["shown"] | null>(null);
  readonly value = computed<Board["shown"]>(() => this.wanted.value ?? this.room.board.value?.shown ?? { page: "w1", step: 0 });
  readonly page = computed<PageName>(() => this.value.value.page);

  constructor(private readonly room: Room, private readonly fail: (error: unknown) => void) {}

  /** An event told what is shown. One that is older than what was asked for must not show the page before for a moment. */
  told({ page, step }: Board["shown"]): void {
    const wanted = this.wanted.peek();
    if (wanted?.page === page && wanted.step === step) this.wanted.value = null;
  }

  reset(): void {
    this.wanted.value = null;
  }

  /** Shows another page to all. */
  async show(page: PageName, step = 0): Promise<void> {
    const wanted = { page, step };
    this.wanted.value = wanted;
    await this.attempt(() => this.room.call("board/show", wanted, { repeatable: true }));
    setTimeout(() => {
      if (this.wanted.peek() === wanted) this.wanted.value = null;
    }, EVENT_MS);
  }

  /** Adds a whiteboard page and shows it. */
  async add(): Promise<void> {
    await this.attempt(async () => {
      const { page } = await this.room.call<{ page: PageName }>("board/add");
      await this.show(page);
    });
  }

  /** Removes a whiteboard page. */
  async remove(page: PageName): Promise<void> {
    await this.attempt(() => this.room.call("board/remove", { page }));
  }

  private async attempt(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.fail(error);
    }
  }
}
