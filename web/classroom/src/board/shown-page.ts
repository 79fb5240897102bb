// Which page the class sees, and how moderators change it.

import { computed, signal } from "@preact/signals";
import type { Board, PageName } from "../channel/types";
import type { Room } from "../state/room";

/** The event may arrive after the reply. The requested page is shown for so long, in milliseconds. */
const EVENT_MS = 500;

export class ShownPage {
  /** What this moderator requested, until the server confirms it. */
  private readonly requested = signal<Board["shown"] | null>(null);
  readonly value = computed<Board["shown"]>(() => this.requested.value ?? this.room.board.value?.shown ?? { page: "w1", step: 0 });
  readonly page = computed<PageName>(() => this.value.value.page);

  constructor(private readonly room: Room, private readonly fail: (error: unknown) => void) {}

  /** Handles an event. An event older than the request is ignored, so that the previous page does not flash up. */
  confirm({ page, step }: Board["shown"]): void {
    const requested = this.requested.peek();
    if (requested?.page === page && requested.step === step) this.requested.value = null;
  }

  reset(): void {
    this.requested.value = null;
  }

  /** Shows another page to the class. */
  async show(page: PageName, step = 0): Promise<void> {
    const requested = { page, step };
    this.requested.value = requested;
    await this.attempt(() => this.room.call("board/show", requested, { repeatable: true }));
    setTimeout(() => {
      if (this.requested.peek() === requested) this.requested.value = null;
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
