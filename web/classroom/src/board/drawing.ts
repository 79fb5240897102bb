// The board of the class as data: the pages that were read, what was drawn here and waits, undo, and what others draw just now.

import { computed, effect, signal } from "@preact/signals";
import { CallError } from "../channel/connection";
import type { ClassEvent, Drawn, Item, Operation, PageName } from "../channel/types";
import { moderates } from "../state/classroom";
import type { Room } from "../state/room";
import { touches } from "./geometry";
import { History } from "./history";
import { Live } from "./live";
import { Page, type Change, type Chunk } from "./page";
import { inParts, Queue, type Outcome } from "./queue";
import { Shown } from "./shown";
import { Teller } from "./teller";

/** Pages that are kept when they are not shown. */
const KEPT_PAGES = 6;

const PAGE_SIZE = 500;

/** A part of a page that takes longer comes slowly, in milliseconds. */
const SLOW_MS = 400;

/** Error codes that say: not now. No answer, busy. */
const NOT_NOW = new Set([0, 10291]);

/** Error codes that may say so: a limit (of calls in a time, or of what fits on a page), a database that is away. */
const PERHAPS_LATER = new Set([-1, 10202, 10290]);

/** How often such an answer is taken as "later", one after the other. */
const PATIENCE = 3;

interface PageReply {
  sequence: number;
  items: Item[];
  next: unknown;
  finish: boolean;
}

/** What the canvas has to know. */
export interface Watcher {
  changed(change: Change): void;
  pendingChanged(affected: Item[]): void;
  live(): void;
}

export type LoadState = "loading" | "ready" | "failed";

export class Drawing {
  readonly loadState = signal<LoadState>("loading");
  /** Grows whenever `canUndo` or `canRedo` may have changed. */
  private readonly steps = signal(0);
  /** Operations that the server has not accepted yet. */
  readonly unsent = signal(0);
  /** The last refusal, for a message to the user. */
  readonly refusal = signal<{ error: unknown; time: number } | null>(null);
  readonly live = new Live();
  readonly teller: Teller;
  readonly shown: Shown;
  readonly canUndo = computed(() => (this.steps.value, this.history.canUndo(this.shown.page.value)));
  readonly canRedo = computed(() => (this.steps.value, this.history.canRedo(this.shown.page.value)));

  private readonly pages = new Map<PageName, Page>();
  private readonly history = new History();
  private readonly queue: Queue;
  private watcher: Watcher | null = null;
  /** Answers of the kind `PERHAPS_LATER`, one after the other. */
  private failures = 0;

  constructor(private readonly room: Room) {
    this.shown = new Shown(room, (error) => this.fail(error));
    this.teller = new Teller((kind, data) => room.connection.signal(kind, data));
    this.queue = new Queue({
      send: (page, operations) => this.call(page, operations),
      changed: (page) => this.pendingChanged(page),
      refused: (error) => this.fail(error),
      setTimer: (run, ms) => void setTimeout(run, ms),
      now: () => performance.now(),
    });
    // The drawing lives as long as its room, so nothing here is ever taken back.
    room.readItems = () => this.page().confirmedItems();
    room.onDrawn((drawn, sequence) => this.drawn(drawn, sequence));
    room.onEvent((event) => this.event(event));
    for (const kind of ["stroke", "laser", "pointer"] as const) {
      room.connection.onSignal(kind, ({ user_id, data }) => {
        this.live.take(kind, user_id, data, performance.now());
        this.watcher?.live();
      });
    }
    effect(() => {
      room.generation.value;
      this.pages.forEach((page) => (page.stale = true));
      this.shown.reset();
    });
    effect(() => {
      room.generation.value;
      if (room.state.value !== null) this.open(this.shown.page.value);
    });
  }

  private event(event: ClassEvent): void {
    const isDone = event.event === "member_left" || (event.event === "member" && !event.data.enable_draw && !moderates(event.data));
    if (isDone) this.live.left(event.data.user_id);
    if (event.event === "board") {
      this.shown.told(event.data.shown);
      this.dropPages(event.data.whiteboards);
    }
  }

  watch(watcher: Watcher | null): void {
    this.watcher = watcher;
  }

  /** The page that is shown. */
  page(): Page {
    return this.pageNamed(this.shown.page.peek());
  }

  private pageNamed(name: PageName): Page {
    let page = this.pages.get(name);
    if (!page) page = new Page();
    // The last in the map was used last.
    this.pages.delete(name);
    this.pages.set(name, page);
    for (const old of this.pages.keys()) {
      if (this.pages.size <= KEPT_PAGES) break;
      if (old !== name) this.pages.delete(old);
    }
    return page;
  }

  private dropPages(whiteboards: readonly PageName[]): void {
    for (const name of [...this.pages.keys()]) {
      if (/^w\d+$/.test(name) && !whiteboards.includes(name)) {
        this.pages.delete(name);
        this.history.drop(name);
        this.queue.drop(name);
      }
    }
  }

  private fail(error: unknown): void {
    this.refusal.value = { error, time: Date.now() };
  }

  /** Reads the shown page again after a failure. */
  retry(): void {
    this.open(this.shown.page.peek());
  }

  private open(name: PageName): void {
    const page = this.pageNamed(name);
    if (page.loaded) {
      this.loadState.value = "ready";
    } else if (!page.loading) {
      this.loadState.value = "loading";
      void this.load(name, page);
    }
    page.setPending(this.queue.pending(name));
    this.watcher?.changed({ kind: "all" });
  }

  private async load(name: PageName, page: Page): Promise<void> {
    page.beginLoad();
    try {
      let after: unknown;
      for (;;) {
        const asked = performance.now();
        const reply: PageReply = await this.room.call<PageReply>(
          "board/page", { page: name, ...(after === undefined ? {} : { after }), size: PAGE_SIZE }, { repeatable: true },
        );
        page.addChunk(reply as Chunk);
        // A long page is seen while it is read, unless it comes quickly: it is drawn again at the end.
        const isSlow = performance.now() - asked > SLOW_MS;
        if (isSlow && name === this.shown.page.peek() && page.size === 0) this.watcher?.changed({ kind: "appended", items: reply.items });
        if (reply.finish) break;
        after = reply.next;
      }
      const change = page.finishLoad();
      if (name !== this.shown.page.peek()) return;
      this.watcher?.changed(change);
      if (page.stale) return this.open(name);
      this.loadState.value = "ready";
    } catch {
      page.failLoad();
      if (name === this.shown.page.peek()) this.loadState.value = "failed";
    }
  }

  private drawn(drawn: Drawn, sequence: number): void {
    for (const operation of drawn.operations) {
      if (operation.op === "add") this.live.finished(drawn.user_id, operation.item.id);
    }
    const page = this.pages.get(drawn.page);
    const isShown = drawn.page === this.shown.page.peek();
    const change = page?.apply(sequence, drawn.user_id, drawn.operations) ?? { kind: "nothing" };
    if (isShown) this.watcher?.changed(change);
    if (drawn.user_id === this.room.me) this.queue.told(drawn.page, sequence, drawn.operations);
    if (isShown) {
      this.watcher?.live();
      if (page?.stale) this.open(drawn.page);
    }
  }

  private pendingChanged(name: PageName): void {
    this.unsent.value = this.queue.unsent;
    const affected = this.pages.get(name)?.setPending(this.queue.pending(name)) ?? [];
    if (name === this.shown.page.peek()) this.watcher?.pendingChanged(affected);
  }

  private async call(page: PageName, operations: Operation[]): Promise<Outcome> {
    try {
      const { sequence } = await this.room.call("board/draw", { page, operations }, { repeatable: true });
      this.failures = 0;
      return { kind: "done", sequence: typeof sequence === "number" ? sequence : undefined };
    } catch (error) {
      if (this.room.connection.status.peek() === "ended") return { kind: "over" };
      if (!(error instanceof CallError) || NOT_NOW.has(error.code)) return { kind: "later" };
      if (PERHAPS_LATER.has(error.code) && this.failures < PATIENCE) {
        this.failures += 1;
        return { kind: "later", wait: 500 * 2 ** this.failures };
      }
      return { kind: "refused", error };
    } finally {
      queueMicrotask(() => (this.unsent.value = this.queue.unsent));
    }
  }

  /** Draws items; one step of the history. `instead`: ids of items that they replace. */
  add(items: readonly Item[], instead: readonly string[] = [], page = this.shown.page.peek()): void {
    const ids = items.map(({ id }) => id);
    this.queue.add(page, [...inParts("remove", instead), ...items.map((item): Operation => ({ op: "add", item }))]);
    this.push([...inParts("remove", ids), ...inParts("restore", instead)], [...inParts("remove", instead), ...inParts("restore", ids)], page);
  }

  /** Removes items; one step of the history. */
  remove(ids: readonly string[], page = this.shown.page.peek()): void {
    if (ids.length === 0) return;
    this.queue.add(page, inParts("remove", ids));
    this.push(inParts("restore", ids), inParts("remove", ids), page);
  }

  /** Sends parts of a stroke that goes on; `remember` makes one step of the history of them all. */
  send(items: readonly Item[]): void {
    this.queue.add(this.shown.page.peek(), items.map((item) => ({ op: "add", item })));
  }

  remember(items: readonly Item[]): void {
    const ids = items.map(({ id }) => id);
    this.push(inParts("remove", ids), inParts("restore", ids));
  }

  /** Shows where this user points, here and to the others. */
  point(kind: "laser" | "pointer", points: readonly { x: number; y: number }[]): void {
    const page = this.shown.page.peek();
    const now = performance.now();
    for (const { x, y } of points) {
      if (kind === "laser") this.live.take(kind, this.room.me, { page, x, y }, now);
      this.teller.point(kind, page, x, y);
    }
  }

  /** Hides items at once; `commit` makes one step of the history of all that were erased since the last. */
  erase(ids: readonly string[]): void {
    if (ids.length > 0) this.queue.add(this.shown.page.peek(), inParts("remove", ids));
  }

  commitErased(ids: readonly string[]): void {
    if (ids.length > 0) this.push(inParts("restore", ids), inParts("remove", ids));
  }

  /** Removes everything; who does not moderate removes what is theirs. */
  clear(): void {
    const ids = this.page().items().filter((item) => this.mayRemove(item)).map(({ id }) => id);
    if (ids.length === 0) return;
    // Doing it again must not take what others drew since then.
    const redo = inParts("remove", ids);
    this.queue.add(this.shown.page.peek(), this.room.moderator.peek() ? [{ op: "clear" }] : redo);
    this.push(inParts("restore", ids), redo);
  }

  /** The items that a circle of the eraser takes. */
  under(x: number, y: number, radius: number): Item[] {
    const found: Item[] = [];
    this.page().forEach((item) => {
      if (touches(item, x, y, radius) && this.mayRemove(item)) found.push(item);
    });
    return found;
  }

  mayRemove(item: Item): boolean {
    return this.room.moderator.peek() || (item.user_id ?? this.room.me) === this.room.me;
  }

  private push(undo: Operation[], redo: Operation[], page = this.shown.page.peek()): void {
    this.history.push(page, { undo, redo });
    this.steps.value += 1;
  }

  undo(): void {
    this.replay(this.history.undo(this.shown.page.peek()));
  }

  redo(): void {
    this.replay(this.history.redo(this.shown.page.peek()));
  }

  private replay(operations: Operation[]): void {
    if (operations.length > 0) this.queue.add(this.shown.page.peek(), operations);
    this.steps.value += 1;
  }
}
