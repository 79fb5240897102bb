// The items of one page: those that the server confirmed, and above them the pending operations of this client.

import type { Item, Operation } from "../channel/types";

/** A confirmed item. */
interface Placed {
  item: Item;
  /** The sequence of the event that added it, with its index in the event as a fraction. `null` when only `board/page` returned it. */
  added: number | null;
  /**
   * Operations up to this sequence are included in `removed`. After an event was applied here, it is half less than its
   * sequence: later operations of the same event still apply, and the event may arrive twice.
   */
  asOf: number;
  removed: boolean;
}

/** What has to be redrawn. */
export type Change =
  | { kind: "nothing" }
  /** New items above all confirmed ones. */
  | { kind: "appended"; items: Item[] }
  /** Items that appeared or disappeared at any depth. */
  | { kind: "damaged"; items: Item[] }
  | { kind: "all" };

/** One page of the reply of `board/page`. */
export interface Chunk {
  sequence: number;
  items: Item[];
}

interface DrawnEvent {
  sequence: number;
  userId: string;
  operations: readonly Operation[];
}

/** How many removed items are kept for a later `restore`. */
const MAX_REMOVED = 2000;

export class Page {
  private order: Placed[] = [];
  private byId = new Map<string, Placed>();
  private removedCount = 0;
  private base = 0;
  /** Events that arrived while the page is being loaded. */
  private waiting: DrawnEvent[] | null = null;
  private chunks: Chunk[] = [];
  private pending: Operation[] = [];
  private hidden = new Map<string, boolean>();
  private cleared = false;
  private extra: Item[] = [];
  /** An event can only be applied by loading the page again. */
  stale = true;

  get loaded(): boolean {
    return !this.stale && this.waiting === null;
  }

  get loading(): boolean {
    return this.waiting !== null;
  }

  /** Starts loading the page. Events are queued until it ends. */
  beginLoad(): void {
    this.waiting = [];
    this.chunks = [];
    this.stale = false;
  }

  addChunk(chunk: Chunk): void {
    this.chunks.push(chunk);
  }

  failLoad(): void {
    this.waiting = null;
    this.chunks = [];
    this.stale = true;
  }

  /** Ends loading: the chunks replace all items, then the queued events are applied. */
  finishLoad(): Change {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    this.order = [];
    this.byId.clear();
    this.removedCount = 0;
    this.base = this.chunks[0]?.sequence ?? 0;
    for (const { sequence, items } of this.chunks) {
      for (const item of items) {
        if (!this.byId.has(item.id)) this.insert({ item: plain(item, ""), added: null, asOf: sequence, removed: false });
      }
    }
    this.chunks = [];
    for (const event of waiting) this.confirm(event);
    this.overlay();
    return { kind: "all" };
  }

  /** Applies a `drawn` event. Applying it twice has no further effect. */
  apply(sequence: number, userId: string, operations: readonly Operation[]): Change {
    const event = { sequence, userId, operations };
    if (this.waiting) {
      this.waiting.push(event);
      return { kind: "nothing" };
    }
    if (this.stale) return { kind: "nothing" };
    return this.confirm(event);
  }

  private confirm({ sequence, userId, operations }: DrawnEvent): Change {
    if (sequence <= this.base) return { kind: "nothing" };
    const appended: Item[] = [];
    const damaged: Item[] = [];
    let all = false;
    for (const [index, operation] of operations.entries()) {
      switch (operation.op) {
        case "add": {
          const added = sequence + index / 1000;
          const existing = this.byId.get(operation.item.id);
          if (!existing) {
            const item = plain(operation.item, userId);
            this.insert({ item, added, asOf: sequence - 0.5, removed: false });
            appended.push(item);
          } else if (existing.added === null) {
            // The item was loaded with the page. Its event gives its place in the order.
            existing.added = added;
            all = this.sort() || all;
          }
          break;
        }
        case "remove":
          for (const id of operation.ids) this.setRemoved(this.byId.get(id), true, sequence, damaged);
          break;
        case "restore":
          for (const id of operation.ids) {
            const existing = this.byId.get(id);
            if (existing) this.setRemoved(existing, false, sequence, damaged);
            else this.stale = true;
          }
          break;
        case "clear":
          for (const placed of this.order) this.setRemoved(placed, true, sequence, damaged);
          all = true;
          break;
      }
    }
    this.dropOldRemoved();
    if (this.pending.length > 0) this.overlay();
    if (all) return { kind: "all" };
    // An item that one event adds and removes is not appended.
    if (damaged.length > 0) return { kind: "damaged", items: [...damaged, ...appended] };
    return appended.length > 0 ? { kind: "appended", items: appended } : { kind: "nothing" };
  }

  private insert(placed: Placed): void {
    this.order.push(placed);
    this.byId.set(placed.item.id, placed);
  }

  private setRemoved(placed: Placed | undefined, removed: boolean, sequence: number, damaged: Item[]): void {
    if (!placed || sequence <= placed.asOf) return;
    placed.asOf = sequence - 0.5;
    if (placed.removed === removed) return;
    placed.removed = removed;
    this.removedCount += removed ? 1 : -1;
    damaged.push(placed.item);
  }

  /** Drops the oldest removed items when there are too many. If one is restored later, the page is loaded again. */
  private dropOldRemoved(): void {
    if (this.removedCount <= MAX_REMOVED * 2) return;
    let drop = this.removedCount - MAX_REMOVED;
    this.order = this.order.filter((placed) => {
      if (!placed.removed || drop === 0) return true;
      drop -= 1;
      this.removedCount -= 1;
      this.byId.delete(placed.item.id);
      return false;
    });
  }

  /** Sorts items by their events. Returns whether anything moved. */
  private sort(): boolean {
    const before = this.order;
    this.order = [...before].sort((a, b) => (a.added ?? -1) - (b.added ?? -1));
    return this.order.some((placed, i) => placed !== before[i]);
  }

  /** Sets the pending operations. Returns the confirmed items whose visibility changed. */
  setPending(operations: Operation[]): Item[] {
    const touched = new Set([...this.idsIn(this.pending), ...this.idsIn(operations)]);
    const before = this.visibleOf(touched);
    this.pending = operations;
    this.overlay();
    const after = this.visibleOf(touched);
    return [...touched].filter((id) => before.has(id) !== after.has(id)).map((id) => this.byId.get(id)!.item);
  }

  /** The confirmed items that the operations show or hide. */
  private *idsIn(operations: readonly Operation[]): IterableIterator<string> {
    for (const operation of operations) {
      if (operation.op === "clear") yield* this.byId.keys();
      else if (operation.op !== "add") yield* operation.ids.filter((id) => this.byId.has(id));
    }
  }

  private visibleOf(ids: ReadonlySet<string>): Set<string> {
    return new Set([...ids].filter((id) => this.isVisible(this.byId.get(id)!)));
  }

  private overlay(): void {
    this.hidden.clear();
    this.cleared = false;
    const added = new Map<string, { item: Item; visible: boolean }>();
    const set = (id: string, visible: boolean): void => {
      const own = added.get(id);
      if (own) own.visible = visible;
      else this.hidden.set(id, !visible);
    };
    for (const operation of this.pending) {
      switch (operation.op) {
        case "add":
          if (!this.byId.has(operation.item.id)) added.set(operation.item.id, { item: operation.item, visible: true });
          break;
        case "remove":
          for (const id of operation.ids) set(id, false);
          break;
        case "restore":
          for (const id of operation.ids) set(id, true);
          break;
        case "clear":
          this.cleared = true;
          this.hidden.clear();
          for (const own of added.values()) own.visible = false;
          break;
      }
    }
    this.extra = [...added.values()].filter(({ visible }) => visible).map(({ item }) => item);
  }

  private isVisible(placed: Placed): boolean {
    const hidden = this.hidden.get(placed.item.id);
    return hidden === undefined ? !placed.removed && !this.cleared : !hidden;
  }

  /** Calls `each` with each visible confirmed item, the lowest first. */
  forEachConfirmed(each: (item: Item) => void): void {
    for (const placed of this.order) if (this.isVisible(placed)) each(placed.item);
  }

  /** The approximate number of confirmed items. */
  get size(): number {
    return this.order.length;
  }

  confirmedItems(): Item[] {
    return this.order.filter((placed) => this.isVisible(placed)).map(({ item }) => item);
  }

  /** The visible items that are not confirmed. They are above all others. */
  pendingItems(): readonly Item[] {
    return this.extra;
  }

  forEach(each: (item: Item) => void): void {
    this.forEachConfirmed(each);
    this.extra.forEach(each);
  }

  /** All visible items, the lowest first. */
  items(): Item[] {
    return [...this.confirmedItems(), ...this.extra];
  }

  /** Finds an item, visible or not. */
  find(id: string): Item | undefined {
    return this.byId.get(id)?.item ?? this.extra.find((item) => item.id === id);
  }

  isConfirmed(id: string): boolean {
    return this.byId.has(id);
  }
}

/** Normalises an item: exactly the fields of its kind, from whatever source. */
function plain({ id, kind, color, width, points, text, size, user_id }: Item, drawer: string): Item {
  const item: Item = { id, kind, color, points, user_id: user_id || drawer };
  return kind === "text" ? { ...item, text: text ?? "", size: size ?? 0 } : { ...item, width: width ?? 1 };
}
