// The view of the board: the size of the stage, the visible part of the page, and the canvases.

import { computed, effect, signal } from "@preact/signals";
import type { Item, PageName } from "../channel/types";
import type { Drawing, Watcher } from "./drawing";
import { clampView, fit, panBy, transform, WHITEBOARD_HEIGHT, zoomAt, type Size, type Transform, type View } from "./geometry";
import { drawEraser, drawLaser, drawPointer } from "./marks";
import type { Change } from "./page";
import { Painter } from "./painter";
import { draw } from "./draw";
import { ERASER_RADIUS } from "./tools";

/** A text that is being edited. */
export interface Editing {
  page: PageName;
  x: number;
  y: number;
  size: number;
  color: string;
  text: string;
  /** The id of the item that it replaces. */
  replaces: string | null;
}

export class Stage implements Watcher {
  readonly size = signal<Size>({ width: 1, height: 1 });
  readonly view = signal<View>(fit(WHITEBOARD_HEIGHT));
  /** The height of the page in page units. */
  readonly height = signal(WHITEBOARD_HEIGHT);
  readonly editing = signal<Editing | null>(null);
  readonly transform = computed<Transform>(() => transform(this.view.value, this.height.value, this.size.value));
  /** The stroke that this user is drawing. */
  private own: Item | null = null;
  /** The position of the eraser. */
  private eraser: { x: number; y: number } | null = null;
  private readonly painter: Painter;
  private readonly observer: ResizeObserver;
  private readonly stops: (() => void)[];

  constructor(
    readonly drawing: Drawing,
    readonly element: HTMLElement,
    canvases: readonly [HTMLCanvasElement, HTMLCanvasElement, HTMLCanvasElement],
    private readonly nameOf: (userId: string) => string,
  ) {
    this.painter = new Painter(...canvases, (context, now, to) => this.drawLive(context, now, to));
    this.observer = new ResizeObserver(() => this.measure());
    try {
      // This also reports a move to a screen with another pixel density.
      this.observer.observe(element, { box: "device-pixel-content-box" });
    } catch {
      this.observer.observe(element);
    }
    this.measure();
    drawing.watch(this);
    this.stops = [
      effect(() => {
        drawing.shown.page.value;
        this.own = null;
        this.editing.value = null;
        this.view.value = fit(this.height.peek());
        this.painter.show(drawing.page());
      }),
      effect(() => {
        this.view.value = clampView(this.view.peek(), this.height.value, this.size.value);
      }),
      effect(() => {
        this.painter.resize(this.size.value);
        this.painter.setTransform(this.transform.value);
      }),
    ];
  }

  destroy(): void {
    this.stops.forEach((stop) => stop());
    this.observer.disconnect();
    this.drawing.watch(null);
    this.painter.destroy();
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth > 0 && clientHeight > 0) this.size.value = { width: clientWidth, height: clientHeight };
  }

  /** The point on the page below a point of the window. */
  toPage(clientX: number, clientY: number): { x: number; y: number } {
    const { x, y } = this.toStage(clientX, clientY);
    const { scale, dx, dy } = this.transform.peek();
    return { x: (x - dx) / scale, y: (y - dy) / scale };
  }

  toStage(clientX: number, clientY: number): { x: number; y: number } {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  /** Zooms around a point of the stage, by default its centre. */
  zoom(factor: number, at?: { x: number; y: number }): void {
    const { width, height } = this.size.peek();
    this.view.value = zoomAt(this.view.peek(), this.height.peek(), this.size.peek(), factor, at?.x ?? width / 2, at?.y ?? height / 2);
  }

  pan(dx: number, dy: number): void {
    this.view.value = panBy(this.view.peek(), this.height.peek(), this.size.peek(), dx, dy);
  }

  fit(): void {
    this.view.value = fit(this.height.peek());
  }

  setOwn(item: Item | null): void {
    this.own = item;
    this.painter.requestLive();
  }

  setEraser(at: { x: number; y: number } | null): void {
    this.eraser = at;
    this.painter.requestLive();
  }

  changed(change: Change): void {
    if (change.kind === "all") this.painter.show(this.drawing.page());
    else this.painter.changed(change);
  }

  pendingChanged(affected: Item[]): void {
    this.painter.pendingChanged(affected);
  }

  live(): void {
    this.painter.requestLive();
  }

  private drawLive(context: CanvasRenderingContext2D, now: number, to: Transform): boolean {
    const { live } = this.drawing;
    const page = this.drawing.shown.page.peek();
    const moves = live.expire(now);
    for (const item of live.strokesOf(page)) draw(context, item, true);
    if (this.own) draw(context, this.own, true);
    if (this.eraser) drawEraser(context, this.eraser, ERASER_RADIUS, to.scale);
    for (const trail of live.lasersOf(page, now)) drawLaser(context, trail, to.scale);
    for (const trail of live.pointersOf(page, now)) drawPointer(context, trail, to.scale, this.nameOf);
    return moves;
  }
}
