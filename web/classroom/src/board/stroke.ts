// A pen or marker stroke in progress: whole numbers, without redundant points, within the limits of the server.

import { PAGE_WIDTH } from "./geometry";

/** Points nearer than this to the previous one are omitted. */
const MIN_DISTANCE = 2;

/** The maximum number of points of an item. The server accepts 4000 numbers, three for each point. */
export const MAX_POINTS = 1200;

/** Collects the points of a pen or marker. */
export class Stroke {
  /** `[x, y, pressure, …]` */
  readonly points: number[] = [];
  private last: [number, number, number] | null = null;

  constructor(private readonly height: number) {}

  get full(): boolean {
    return this.points.length >= MAX_POINTS * 3;
  }

  /** Adds a point of the page; pressure is 0 to 1. Returns whether the stroke changed. */
  add(x: number, y: number, pressure: number): boolean {
    const point = quantise(x, y, pressure, this.height);
    const n = this.points.length;
    this.last = point;
    if (n > 0 && Math.hypot(this.points[n - 3]! - point[0], this.points[n - 2]! - point[1]) < MIN_DISTANCE) return false;
    this.points.push(...point);
    return true;
  }

  /** Adds the last point, even when it is near the previous one. */
  finish(): number[] {
    const n = this.points.length;
    if (this.last && n > 0 && (this.points[n - 3] !== this.last[0] || this.points[n - 2] !== this.last[1])) this.points.push(...this.last);
    return this.points;
  }
}

function quantise(x: number, y: number, pressure: number, height: number): [number, number, number] {
  return [clamp(x, PAGE_WIDTH), clamp(y, height), Math.round(Math.min(Math.max(pressure, 0), 1) * 100)];
}

/** Rounds to a whole number between 0 and `max`. */
export function clamp(value: number, max: number): number {
  return Math.round(Math.min(Math.max(value, 0), Math.floor(max)));
}

/** The second point of a shape. `even` makes a square, a circle, or a line in steps of 45 degrees. */
export function secondPoint(kind: string, ax: number, ay: number, x: number, y: number, even: boolean, height: number): [number, number] {
  let [dx, dy] = [x - ax, y - ay];
  if (even) {
    if (kind === "line" || kind === "arrow") {
      const angle = Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) * (Math.PI / 4);
      const length = Math.hypot(dx, dy);
      [dx, dy] = [Math.cos(angle) * length, Math.sin(angle) * length];
    } else {
      const side = Math.max(Math.abs(dx), Math.abs(dy));
      [dx, dy] = [Math.sign(dx || 1) * side, Math.sign(dy || 1) * side];
    }
  }
  return [clamp(ax + dx, PAGE_WIDTH), clamp(ay + dy, height)];
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A unique id: 96 random bits. */
export function itemId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => LETTERS[byte & 63]!).join("");
}
