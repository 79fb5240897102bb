// The items of one page of the board, as the server has them. Operations may be applied twice.

import type { Item, Operation } from "../channel/types";

/** An item, and whether it was removed: a removed one keeps its place, so that it can come back there. */
interface Entry {
  item: Item;
  removed: boolean;
}

export class PageItems {
  private entries = new Map<string, Entry>();
  /** Grows with each change. */
  version = 0;
  /** Operations up to this sequence are in the items that `load` got. -1 while nothing was loaded. */
  sequence = -1;

  /** Takes what `board/page` gave, all its parts together; `sequence` is that of the first part. Drops what was there. */
  load(items: Item[], sequence: number): void {
    this.entries.clear();
    items.forEach((item) => this.entries.set(item.id, { item, removed: false }));
    this.sequence = sequence;
    this.version++;
  }

  /**
   * Applies the operations of the event `sequence`. Those that `load` has already brought change nothing.
   * False when the page must be loaded again: an item comes back that was never seen.
   */
  apply(operations: Operation[], sequence: number, user_id: string): boolean {
    if (sequence <= this.sequence) return true;
    let complete = true;
    for (const operation of operations) {
      switch (operation.op) {
        case "add":
          if (!this.entries.has(operation.item.id)) {
            this.entries.set(operation.item.id, { item: { ...operation.item, user_id }, removed: false });
          }
          break;
        case "remove":
          operation.ids.forEach((id) => this.mark(id, true));
          break;
        case "restore":
          complete = operation.ids.map((id) => this.mark(id, false)).every(Boolean) && complete;
          break;
        case "clear":
          this.entries.forEach((entry) => (entry.removed = true));
      }
    }
    this.version++;
    return complete;
  }

  get(id: string): Item | undefined {
    const entry = this.entries.get(id);
    return entry && !entry.removed ? entry.item : undefined;
  }

  /** The items that are there, in the order in which they were added. */
  *items(): IterableIterator<Item> {
    for (const entry of this.entries.values()) if (!entry.removed) yield entry.item;
  }

  private mark(id: string, removed: boolean): boolean {
    const entry = this.entries.get(id);
    if (entry) entry.removed = removed;
    return entry !== undefined;
  }
}
