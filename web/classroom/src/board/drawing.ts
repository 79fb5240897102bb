// The model of the board: loaded pages, pending operations, undo, and the transient drawings of others.

import { computed, effect, signal } from "@preact/signals";
import type { ClassEvent, Drawn, Item, Operation, PageName } from "../channel/types";
import { moderates } from "../state/classroom";
import type { Room } from "../state/room";
import { touches } from "./geometry";
import { History } from "./history";
import { LiveItems } from "./live-items";
import { Page, type Change, type Chunk } from "./page";
import { OperationSender } from "./operation-sender";
import { inBatches, Queue } from "./queue";
import { ShownPage } from "./shown-page";
import { LiveSender } from "./live-sender";

/** How many pages stay cached. */
const KEPT_PAGES = 6;

const PAGE_SIZE = 500;

/** A chunk of a page that takes longer than this is drawn before the rest is loaded, in milliseconds. */
const SLOW_MS = 400;

interface PageReply {
  sequence: number;
  items: Item[];
  next: unknown;
  finish: boolean;
}

/** The view of the board. */
export interface Watcher {
  changed(change: Change): void;
  pendingChanged(affected: Item[]): void;
  live(): void;
}

export type LoadState = "loading" | "ready" | "failed";

export class Drawing {
  readonly loadState = signal<LoadState>("loading");
  /** Grows when `canUndo` or `canRedo` may have changed. */
  private readonly steps = signal(0);
  /** How many operations the server has not accepted yet. */
  readonly unsent = signal(0);
  /** The last refusal, for a message to the user. */
  readonly refusal = signal<{ error: unknown; time: number } | null>(null);
  readonly live = new LiveItems();
  readonly liveSender: LiveSender;
  readonly shown: ShownPage;
  readonly canUndo = computed(() => (this.steps.value, this.history.canUndo(this.shown.page.value)));
  readonly canRedo = computed(() => (this.steps.value, this.history.canRedo(this.shown.page.value)));

  private readonly pages = new Map<PageName, Page>();
  private readonly history = new History();
  private readonly queue: Queue;
  private watcher: Watcher | null = null;

  constructor(private readonly room: Room) {
    this.shown = new ShownPage(room, (error) => this.fail(error));
    this.liveSender = new LiveSender((kind, data) => room.connection.signal(kind, data));
    const sender = new OperationSender(room);
    this.queue = new Queue({
      send: (page, operations) => sender.send(page, operations),
      changed: (page) => this.pendingChanged(page),
      refused: (error) => this.fail(error),
      setTimer: (run, ms) => void setTimeout(run, ms),
      now: () => performance.now(),
    });
    // The drawing lives as long as its room, so no listener is ever removed.
    room.readItems = () => this.page().confirmedItems();
    room.onDrawn((drawn, sequence) => this.drawn(drawn, sequence));
    room.onEvent((event) => this.event(event));
    for (const kind of ["stroke", "laser", "pointer"] as const) {
      room.connection.onSignal(kind, ({ user_id, data }) => {
        this.live.receive(kind, user_id, data, performance.now());
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
    if (isDone) this.live.removeUser(event.data.user_id);
    if (event.event === "board") {
      this.shown.confirm(event.data.shown);
      this.dropPages(event.data.whiteboards);
    }
  }

  watch(watcher: Watcher | null): void {
    this.watcher = watcher;
  }

  /** The shown page. */
  page(): Page {
    return this.pageNamed(this.shown.page.peek());
  }

  private pageNamed(name: PageName): Page {
    let page = this.pages.get(name);
    if (!page) page = new Page();
    // A map keeps insertion order, so the least recently used page is first.
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

  /** Loads the shown page again after a failure. */
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
        // A page that loads slowly is drawn while it loads. It is drawn again at the end.
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
    if (drawn.user_id === this.room.me) this.queue.confirm(drawn.page, sequence, drawn.operations);
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

  /** Adds items as one undo step. `instead`: ids of the items that they replace. */
  add(items: readonly Item[], instead: readonly string[] = [], page = this.shown.page.peek()): void {
    const ids = items.map(({ id }) => id);
    this.queue.add(page, [...inBatches("remove", instead), ...items.map((item): Operation => ({ op: "add", item }))]);
    this.push([...inBatches("remove", ids), ...inBatches("restore", instead)], [...inBatches("remove", instead), ...inBatches("restore", ids)], page);
  }

  /** Removes items as one undo step. */
  remove(ids: readonly string[], page = this.shown.page.peek()): void {
    if (ids.length === 0) return;
    this.queue.add(page, inBatches("remove", ids));
    this.push(inBatches("restore", ids), inBatches("remove", ids), page);
  }

  /** Sends finished parts of a stroke that continues. `remember` then makes one undo step of all of them. */
  send(items: readonly Item[]): void {
    this.queue.add(this.shown.page.peek(), items.map((item) => ({ op: "add", item })));
  }

  remember(items: readonly Item[]): void {
    const ids = items.map(({ id }) => id);
    this.push(inBatches("remove", ids), inBatches("restore", ids));
  }

  /** Shows where this user points, on this screen and to the others. */
  point(kind: "laser" | "pointer", points: readonly { x: number; y: number }[]): void {
    const page = this.shown.page.peek();
    const now = performance.now();
    for (const { x, y } of points) {
      if (kind === "laser") this.live.receive(kind, this.room.me, { page, x, y }, now);
      this.liveSender.point(kind, page, x, y);
    }
  }

  /** Removes items at once. `commitErased` then makes one undo step of all that were erased. */
  erase(ids: readonly string[]): void {
    if (ids.length > 0) this.queue.add(this.shown.page.peek(), inBatches("remove", ids));
  }

  commitErased(ids: readonly string[]): void {
    if (ids.length > 0) this.push(inBatches("restore", ids), inBatches("remove", ids));
  }

  /** Removes everything; for users who do not moderate, only what they drew. */
  clear(): void {
    const ids = this.page().items().filter((item) => this.mayRemove(item)).map(({ id }) => id);
    if (ids.length === 0) return;
    // Redo must not remove what others have drawn since.
    const redo = inBatches("remove", ids);
    this.queue.add(this.shown.page.peek(), this.room.moderator.peek() ? [{ op: "clear" }] : redo);
    this.push(inBatches("restore", ids), redo);
  }

  /** The removable items within a circle of the eraser. */
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
