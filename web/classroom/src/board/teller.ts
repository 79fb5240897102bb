// Tells the others what moves: the stroke that is being drawn, the laser and the pointer; at most 20 times a second.

import type { Item, PageName } from "../channel/types";
import type { StrokeData } from "./live";

const EVERY_MS = 50;

/** A stroke that rests is told again, so that it does not vanish where it is seen. */
const AGAIN_MS = 2000;

/** Numbers in one signal, which has at most 4 KiB. */
const MOST_NUMBERS = 480;

type Send = (kind: "stroke" | "laser" | "pointer", data: object) => void;

export class Teller {
  private stroke: { page: PageName; item: Item; told: number; time: number } | null = null;
  private spot: { kind: "laser" | "pointer"; data: object } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: Send) {}

  /** The stroke has new points. The item may be the same object that grew. */
  draw(page: PageName, item: Item): void {
    if (this.stroke?.item.id !== item.id) this.stroke = { page, item, told: 0, time: 0 };
    this.stroke.item = item;
    this.start();
  }

  /** The stroke is an item now, or (`cancelled`) nothing. */
  end(cancelled: boolean): void {
    const { stroke } = this;
    this.stroke = null;
    if (stroke && cancelled) this.send("stroke", { page: stroke.page, id: stroke.item.id, kind: stroke.item.kind, end: true });
  }

  point(kind: "laser" | "pointer", page: PageName, x: number, y: number): void {
    this.spot = { kind, data: { page, x: Math.round(x), y: Math.round(y) } };
    this.start();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stroke = null;
    this.spot = null;
  }

  private start(): void {
    if (this.timer === undefined) this.tick();
  }

  private tick(): void {
    this.timer = undefined;
    if (this.spot) this.send(this.spot.kind, this.spot.data);
    this.spot = null;
    this.tellStroke();
    if (this.stroke || this.spot) this.timer = setTimeout(() => this.tick(), EVERY_MS);
    else this.timer = setTimeout(() => this.rest(), EVERY_MS);
  }

  private rest(): void {
    this.timer = undefined;
    if (this.spot || this.stroke) this.tick();
  }

  private tellStroke(): void {
    const { stroke } = this;
    if (!stroke) return;
    const { page, item } = stroke;
    // A shape has two points, and both move.
    const grows = item.kind === "pen" || item.kind === "marker";
    const from = grows ? stroke.told : 0;
    const now = performance.now();
    if (grows && from >= item.points.length && now - stroke.time < AGAIN_MS) return;
    const points = item.points.slice(from, from + MOST_NUMBERS);
    const data: StrokeData = { page, id: item.id, kind: item.kind, color: item.color, width: item.width ?? 1, from, points };
    stroke.told = from + points.length;
    stroke.time = now;
    this.send("stroke", data);
  }
}
