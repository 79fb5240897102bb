// The items of one page: what the server confirmed, and over it what this page drew and the server has not told yet.

import type { Item, Operation } from "../channel/types";

/** An item that the server confirmed. */
interface Placed {
  item: Item;
  /** The event that added it, and its place in that event; null while it is known from `board/page` alone. */
  added: number | null;
  /**
   * Operations up to this event are in `removed` already. Half a number less than that of an event that was applied here,
   * whose later operations count, and which may come twice.
   */
  asOf: number;
  removed: boolean;
}

/** What has to be drawn anew. */
export type Change =
  | { kind: "nothing" }
  /** These came on top of everything confirmed. */
  | { kind: "appended"; items: Item[] }
  /** These appeared or vanished somewhere. */
  | { kind: "damaged"; items: Item[] }
  | { kind: "all" };

/** A part of the answers of `board/page`. */
export interface Chunk {
  sequence: number;
  items: Item[];
}

interface Told {
  sequence: number;
  userId: string;
  operations: readonly Operation[];
}

/** Removed items that are kept so that a `restore` finds them. */
const KEPT = 2000;

export class Page {
  private order: Placed[] = [];
  private byId = new Map<string, Placed>();
  private removedCount = 0;
  private base = 0;
  /** Events that came while the page is read. */
  private waiting: Told[] | null = null;
  private chunks: Chunk[] = [];
  private pending: Operation[] = [];
  private hidden = new Map<string, boolean>();
  private cleared = false;
  private extra: Item[] = [];
  /** Something was told that only reading the page again can show. */
  stale = true;

  get loaded(): boolean {
    return !this.stale && this.waiting === null;
  }

  get loading(): boolean {
    return this.waiting !== null;
  }

  /** Begins to read the page; from now on events wait. */
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

  /** All chunks are there: they replace what was known, then the events that waited are applied. */
  finishLoad(): Change {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    this.order = [];
    this.byId.clear();
    this.removedCount = 0;
    this.base = this.chunks[0]?.sequence ?? 0;
    for (const { sequence, items } of this.chunks) {
      for (const item of items) {
        if (!this.byId.has(item.id)) this.place({ item: plain(item, ""), added: null, asOf: sequence, removed: false });
      }
    }
    this.chunks = [];
    for (const told of waiting) this.confirm(told);
    this.overlay();
    return { kind: "all" };
  }

  /** Applies an event `drawn`; applying it again changes nothing. */
  apply(sequence: number, userId: string, operations: readonly Operation[]): Change {
    const told = { sequence, userId, operations };
    if (this.waiting) {
      this.waiting.push(told);
      return { kind: "nothing" };
    }
    if (this.stale) return { kind: "nothing" };
    return this.confirm(told);
  }

  private confirm({ sequence, userId, operations }: Told): Change {
    if (sequence <= this.base) return { kind: "nothing" };
    const appended: Item[] = [];
    const damaged: Item[] = [];
    let all = false;
    for (const [index, operation] of operations.entries()) {
      switch (operation.op) {
        case "add": {
          const added = sequence + index / 1000;
          const known = this.byId.get(operation.item.id);
          if (!known) {
            const item = plain(operation.item, userId);
            this.place({ item, added, asOf: sequence - 0.5, removed: false });
            appended.push(item);
          } else if (known.added === null) {
            // Read with the page, and told a little later: now its place in the order is known.
            known.added = added;
            all = this.sort() || all;
          }
          break;
        }
        case "remove":
          for (const id of operation.ids) this.setRemoved(this.byId.get(id), true, sequence, damaged);
          break;
        case "restore":
          for (const id of operation.ids) {
            const known = this.byId.get(id);
            if (known) this.setRemoved(known, false, sequence, damaged);
            else this.stale = true;
          }
          break;
        case "clear":
          for (const placed of this.order) this.setRemoved(placed, true, sequence, damaged);
          all = true;
          break;
      }
    }
    this.forget();
    if (this.pending.length > 0) this.overlay();
    if (all) return { kind: "all" };
    // An item that was added and removed in one event is not appended.
    if (damaged.length > 0) return { kind: "damaged", items: [...damaged, ...appended] };
    return appended.length > 0 ? { kind: "appended", items: appended } : { kind: "nothing" };
  }

  private place(placed: Placed): void {
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

  /** Drops the oldest removed items when there are too many. Should one come back, the page is read again. */
  private forget(): void {
    if (this.removedCount <= KEPT * 2) return;
    let drop = this.removedCount - KEPT;
    this.order = this.order.filter((placed) => {
      if (!placed.removed || drop === 0) return true;
      drop -= 1;
      this.removedCount -= 1;
      this.byId.delete(placed.item.id);
      return false;
    });
  }

  /** Puts items in the order of their events. Tells whether anything moved. */
  private sort(): boolean {
    const before = this.order;
    this.order = [...before].sort((a, b) => (a.added ?? -1) - (b.added ?? -1));
    return this.order.some((placed, i) => placed !== before[i]);
  }

  /** Sets what was drawn here and is not confirmed yet. The answer: confirmed items that appear or vanish by it. */
  setPending(operations: Operation[]): Item[] {
    const touched = new Set([...this.idsIn(this.pending), ...this.idsIn(operations)]);
    const before = this.visibleOf(touched);
    this.pending = operations;
    this.overlay();
    const after = this.visibleOf(touched);
    return [...touched].filter((id) => before.has(id) !== after.has(id)).map((id) => this.byId.get(id)!.item);
  }

  /** The confirmed items whose visibility the operations decide. */
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

  /** Calls `each` with the confirmed items that are to be seen, the lowest first. */
  forEachConfirmed(each: (item: Item) => void): void {
    for (const placed of this.order) if (this.isVisible(placed)) each(placed.item);
  }

  /** How many items were confirmed, about. */
  get size(): number {
    return this.order.length;
  }

  confirmedItems(): Item[] {
    return this.order.filter((placed) => this.isVisible(placed)).map(({ item }) => item);
  }

  /** What was added here and is not confirmed: it lies above everything. */
  pendingItems(): readonly Item[] {
    return this.extra;
  }

  forEach(each: (item: Item) => void): void {
    this.forEachConfirmed(each);
    this.extra.forEach(each);
  }

  /** All that is to be seen, the lowest first. */
  items(): Item[] {
    return [...this.confirmedItems(), ...this.extra];
  }

  /** The item, whether it is seen or not. */
  find(id: string): Item | undefined {
    return this.byId.get(id)?.item ?? this.extra.find((item) => item.id === id);
  }

  isConfirmed(id: string): boolean {
    return this.byId.has(id);
  }
}

/** The item with the fields that its kind has, wherever it comes from. */
function plain({ id, kind, color, width, points, text, size, user_id }: Item, drawer: string): Item {
  const item: Item = { id, kind, color, points, user_id: user_id || drawer };
  return kind === "text" ? { ...item, text: text ?? "", size: size ?? 0 } : { ...item, width: width ?? 1 };
}
