// Sends the stroke in progress, the laser and the pointer to the others, at most 20 times a second.

import type { Item, PageName } from "../channel/types";
import type { StrokeData } from "./live-items";

const INTERVAL_MS = 50;

/** A stroke without new points is sent again after this time, so that it does not expire at the receivers. */
const RESEND_MS = 2000;

/** The maximum number of numbers in a signal, which has at most 4 KiB. */
const MAX_NUMBERS = 480;

type Send = (kind: "stroke" | "laser" | "pointer", data: object) => void;

export class LiveSender {
  private stroke: { page: PageName; item: Item; sentNumbers: number; time: number } | null = null;
  private pointer: { kind: "laser" | "pointer"; data: object } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: Send) {}

  /** The stroke has new points. The item may be the same, grown object. */
  draw(page: PageName, item: Item): void {
    if (this.stroke?.item.id !== item.id) this.stroke = { page, item, sentNumbers: 0, time: 0 };
    this.stroke.item = item;
    this.start();
  }

  /** The stroke has become an item, or was `cancelled`. */
  end(cancelled: boolean): void {
    const { stroke } = this;
    this.stroke = null;
    if (stroke && cancelled) this.send("stroke", { page: stroke.page, id: stroke.item.id, kind: stroke.item.kind, end: true });
  }

  point(kind: "laser" | "pointer", page: PageName, x: number, y: number): void {
    this.pointer = { kind, data: { page, x: Math.round(x), y: Math.round(y) } };
    this.start();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stroke = null;
    this.pointer = null;
  }

  private start(): void {
    if (this.timer === undefined) this.tick();
  }

  private tick(): void {
    this.timer = undefined;
    if (this.pointer) this.send(this.pointer.kind, this.pointer.data);
    this.pointer = null;
    this.sendStroke();
    if (this.stroke || this.pointer) this.timer = setTimeout(() => this.tick(), INTERVAL_MS);
    else this.timer = setTimeout(() => this.rest(), INTERVAL_MS);
  }

  private rest(): void {
    this.timer = undefined;
    if (this.pointer || this.stroke) this.tick();
  }

  private sendStroke(): void {
    const { stroke } = this;
    if (!stroke) return;
    const { page, item } = stroke;
    // A shape has two points, and both can move.
    const grows = item.kind === "pen" || item.kind === "marker";
    const from = grows ? stroke.sentNumbers : 0;
    const now = performance.now();
    if (grows && from >= item.points.length && now - stroke.time < RESEND_MS) return;
    const points = item.points.slice(from, from + MAX_NUMBERS);
    const data: StrokeData = { page, id: item.id, kind: item.kind, color: item.color, width: item.width ?? 1, from, points };
    stroke.sentNumbers = from + points.length;
    stroke.time = now;
    this.send("stroke", data);
  }
}
