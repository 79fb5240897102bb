// Three stacked canvases: confirmed items, pending items, and moving ones.
// Confirmed items are drawn once. A stroke in progress redraws only the top canvas.

import type { Item } from "../channel/types";
import { draw } from "./draw";
import { bounds, intersects, union, type Box, type Size, type Transform } from "./geometry";
import type { Change, Page } from "./page";

/** A frame slower than `SLOW_MS` draws fewer items next time, a frame faster than `QUICK_MS` draws more. Milliseconds. */
const SLOW_MS = 30;
const QUICK_MS = 20;

/** While the view moves, the canvas is only transformed. It is redrawn this long after the last movement. */
const SETTLE_MS = 120;

/** More items than this are drawn over several frames. */
const MAX_PER_FRAME = 250;

/** The maximum number of pixels of a canvas, to limit its memory. */
const MAX_PIXELS = 3840 * 2400;

interface Job {
  items: Item[];
  next: number;
  to: Transform;
  /** When the last slice started. */
  time: number;
  /** Items that appeared or disappeared since the job started. */
  missed: Item[];
}

/** Draws what moves. Returns whether it keeps moving by itself. */
export type DrawLive = (context: CanvasRenderingContext2D, now: number, transform: Transform) => boolean;

export class Painter {
  private page: Page | null = null;
  private stage: Size = { width: 1, height: 1 };
  private ratio = 1;
  private wanted: Transform = { scale: 1, dx: 0, dy: 0 };
  /** The transform of the bottom canvas; `null` when it has to be redrawn in any case. */
  private drawn: Transform | null = null;
  private back: HTMLCanvasElement | null = null;
  private job: Job | null = null;
  private settle: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private liveFrame = 0;
  /** How many items are drawn in a frame. It adapts to the time between frames: paths are filled after the script, so its own time means nothing. */
  private pace = MAX_PER_FRAME;

  constructor(
    private readonly low: HTMLCanvasElement,
    private readonly middle: HTMLCanvasElement,
    private readonly high: HTMLCanvasElement,
    private readonly drawLive: DrawLive,
  ) {}

  resize(stage: Size): void {
    const pixels = Math.max(stage.width * stage.height, 1);
    const ratio = Math.min(devicePixelRatio || 1, Math.sqrt(MAX_PIXELS / pixels), 3);
    if (stage.width === this.stage.width && stage.height === this.stage.height && ratio === this.ratio) return;
    this.stage = stage;
    this.ratio = ratio;
    for (const canvas of [this.low, this.middle, this.high]) {
      canvas.width = Math.max(1, Math.round(stage.width * ratio));
      canvas.height = Math.max(1, Math.round(stage.height * ratio));
    }
    this.back = null;
    this.drawn = null;
  }

  /** Shows a page; null shows nothing. */
  show(page: Page | null): void {
    this.page = page;
    this.drawn = null;
    this.redraw();
    this.drawPending();
    this.requestLive();
  }

  setTransform(to: Transform): void {
    this.wanted = to;
    this.requestLive();
    this.drawPending();
    clearTimeout(this.settle);
    if (this.drawn && this.count() > MAX_PER_FRAME) {
      this.moveLow();
      this.settle = setTimeout(() => this.redraw(), SETTLE_MS);
    } else {
      this.redraw();
    }
  }

  changed(change: Change): void {
    switch (change.kind) {
      case "nothing":
        return;
      case "all":
        return this.redraw();
      case "appended":
        this.job?.items.push(...change.items);
        return this.paint(change.items);
      case "damaged":
        // A running job has its list of items already. These are repaired when it ends.
        if (this.job) return void this.job.missed.push(...change.items);
        return this.repair(change.items);
    }
  }

  /** The pending operations changed. `affected`: confirmed items whose visibility changed. */
  pendingChanged(affected: Item[]): void {
    this.drawPending();
    if (affected.length > 0) this.changed({ kind: "damaged", items: affected });
  }

  requestLive(): void {
    if (this.liveFrame) return;
    this.liveFrame = requestAnimationFrame((now) => {
      this.liveFrame = 0;
      const context = this.prepare(this.high, this.wanted, true);
      if (context && this.drawLive(context, now, this.wanted)) this.requestLive();
    });
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.liveFrame);
    clearTimeout(this.settle);
    this.page = null;
    this.job = null;
  }

  private count(): number {
    return this.page?.size ?? 0;
  }

  private prepare(canvas: HTMLCanvasElement, to: Transform, clear: boolean): CanvasRenderingContext2D | null {
    const context = canvas.getContext("2d");
    if (!context) return null;
    if (clear) {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
    }
    const { ratio } = this;
    context.setTransform(to.scale * ratio, 0, 0, to.scale * ratio, to.dx * ratio, to.dy * ratio);
    return context;
  }

  private drawPending(): void {
    const context = this.prepare(this.middle, this.wanted, true);
    if (context) this.page?.pendingItems().forEach((item) => draw(context, item));
  }

  /** Redraws the confirmed items, over several frames if there are many. */
  private redraw(): void {
    clearTimeout(this.settle);
    cancelAnimationFrame(this.frame);
    const seen = this.seen(this.wanted);
    const items = (this.page?.confirmedItems() ?? []).filter((item) => intersects(bounds(item), seen));
    this.job = { items, next: 0, to: this.wanted, time: performance.now(), missed: [] };
    if (items.length <= MAX_PER_FRAME) {
      const context = this.prepare(this.low, this.wanted, true);
      if (context) items.forEach((item) => draw(context, item));
      this.finish(this.wanted);
      return;
    }
    this.back ??= document.createElement("canvas");
    this.back.width = this.low.width;
    this.back.height = this.low.height;
    if (!this.drawn) this.prepare(this.low, this.wanted, true);
    this.slice();
  }

  private slice(): void {
    const { job, back } = this;
    if (!job || !back) return;
    const now = performance.now();
    if (job.next > 0) {
      const took = now - job.time;
      if (took > SLOW_MS) this.pace = Math.max(50, Math.floor(this.pace / 2));
      else if (took < QUICK_MS) this.pace = Math.min(5000, Math.floor(this.pace * 1.6));
    }
    job.time = now;
    const context = this.prepare(back, job.to, false);
    const part = job.items.slice(job.next, job.next + this.pace);
    if (context) part.forEach((item) => draw(context, item));
    job.next += part.length;
    if (job.next < job.items.length) {
      this.frame = requestAnimationFrame(() => this.slice());
      return;
    }
    const front = this.low.getContext("2d");
    if (front) {
      front.setTransform(1, 0, 0, 1, 0, 0);
      front.clearRect(0, 0, this.low.width, this.low.height);
      front.drawImage(back, 0, 0);
    }
    // Frees the memory of the back buffer.
    this.back = null;
    this.finish(job.to);
  }

  private finish(to: Transform): void {
    const missed = this.job?.missed ?? [];
    this.job = null;
    this.drawn = to;
    this.moveLow();
    this.repair(missed);
  }

  /** Transforms the bottom canvas to the current view. */
  private moveLow(): void {
    const { drawn, wanted } = this;
    if (!drawn || same(drawn, wanted)) {
      this.low.style.transform = "";
      return;
    }
    const scale = wanted.scale / drawn.scale;
    this.low.style.transform = `translate(${wanted.dx - drawn.dx * scale}px, ${wanted.dy - drawn.dy * scale}px) scale(${scale})`;
  }

  private paint(items: readonly Item[]): void {
    if (!this.drawn) return;
    const context = this.prepare(this.low, this.drawn, false);
    if (context) items.forEach((item) => draw(context, item));
  }

  /** Redraws only the area of the items. */
  private repair(items: readonly Item[]): void {
    const { page, drawn } = this;
    if (!drawn || !page || items.length === 0) return;
    const box = items.map(bounds).reduce(union);
    const over: Item[] = [];
    page.forEachConfirmed((item) => {
      if (intersects(bounds(item), box)) over.push(item);
    });
    if (over.length > MAX_PER_FRAME) return this.redraw();
    const context = this.prepare(this.low, drawn, false);
    if (!context) return;
    context.save();
    // Aligned to whole pixels, so that no edge of the repaired area is visible.
    const pixel = 1 / (drawn.scale * this.ratio);
    const snap = (value: number, offset: number, round: (value: number) => number): number =>
      (round((value * drawn.scale + offset) * this.ratio) / this.ratio - offset) / drawn.scale;
    const left = snap(box.left - pixel, drawn.dx, Math.floor);
    const top = snap(box.top - pixel, drawn.dy, Math.floor);
    context.beginPath();
    context.rect(left, top, snap(box.right + pixel, drawn.dx, Math.ceil) - left, snap(box.bottom + pixel, drawn.dy, Math.ceil) - top);
    context.clip();
    context.clearRect(left, top, box.right - left + 4 * pixel, box.bottom - top + 4 * pixel);
    over.forEach((item) => draw(context, item));
    context.restore();
  }

  private seen(to: Transform): Box {
    const { width, height } = this.stage;
    return { left: -to.dx / to.scale, top: -to.dy / to.scale, right: (width - to.dx) / to.scale, bottom: (height - to.dy) / to.scale };
  }
}

function same(a: Transform, b: Transform): boolean {
  return a.scale === b.scale && a.dx === b.dx && a.dy === b.dy;
}
