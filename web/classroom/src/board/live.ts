// What is told and not kept: strokes of others while they draw, lasers and pointers. What comes in is checked here:
// everybody who may draw can send it.

import type { Item } from "../channel/types";
import { stride } from "./geometry";

/** A stroke that is told no more is forgotten after this time. */
const STROKE_MS = 5000;
const LASER_MS = 900;
const POINTER_MS = 2500;
const MAX_NUMBERS = 4000;
const MAX_USERS = 64;
const TRAIL = 48;

interface LiveStroke {
  item: Item;
  page: string;
  time: number;
}

export interface Spot {
  userId: string;
  x: number;
  y: number;
  /** 1 new to 0 gone. */
  strength: number;
}

interface Trail {
  page: string;
  points: { x: number; y: number; time: number }[];
}

/** A part of a stroke, as it is sent. `from`: where in `points` the numbers belong. */
export interface StrokeData {
  page: string;
  id: string;
  kind: Item["kind"];
  color: string;
  width: number;
  from: number;
  points: number[];
}

const KINDS = new Set(["pen", "marker", "line", "arrow", "rectangle", "ellipse"]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && value >= -1e6 && value <= 1e6;
}

export class Live {
  private strokes = new Map<string, LiveStroke>();
  private lasers = new Map<string, Trail>();
  private pointers = new Map<string, Trail>();

  /** Takes a signal of another user. */
  take(kind: string, userId: string, data: unknown, now: number): void {
    if (!isRecord(data) || typeof data.page !== "string") return;
    if (kind === "stroke") this.takeStroke(userId, data, data.page, now);
    else if (kind === "laser") takeSpot(this.lasers, userId, data, data.page, now, TRAIL);
    else if (kind === "pointer") takeSpot(this.pointers, userId, data, data.page, now, 1);
  }

  private takeStroke(userId: string, data: Record<string, unknown>, page: string, now: number): void {
    const { id, kind, color, width, from, points } = data;
    if (typeof id !== "string" || typeof kind !== "string" || !KINDS.has(kind)) return;
    if (data.end === true) {
      if (this.strokes.get(userId)?.item.id === id) this.strokes.delete(userId);
      return;
    }
    if (typeof color !== "string" || !/^#[0-9a-f]{6}$/i.test(color) || !isNumber(width) || width <= 0 || width > 2000) return;
    if (!isNumber(from) || !Number.isInteger(from) || from < 0 || !Array.isArray(points) || !points.every(isNumber)) return;
    let stroke = this.strokes.get(userId);
    if (!stroke || stroke.item.id !== id) {
      if (!stroke && this.strokes.size >= MAX_USERS) return;
      stroke = { item: { id, kind: kind as Item["kind"], color, width, points: [], user_id: userId }, page, time: now };
      this.strokes.set(userId, stroke);
    }
    stroke.time = now;
    const own = stroke.item.points;
    // A part before this one was lost: what comes is joined to what is there, the finished item mends it.
    own.length = Math.min(own.length, from);
    if (own.length + points.length <= MAX_NUMBERS && points.length % stride(stroke.item.kind) === 0) own.push(...(points as number[]));
  }

  /** The stroke is an item now. */
  finished(userId: string, id: string): boolean {
    if (this.strokes.get(userId)?.item.id !== id) return false;
    return this.strokes.delete(userId);
  }

  /** Somebody left, or may draw no more. */
  left(userId: string): void {
    this.strokes.delete(userId);
    this.lasers.delete(userId);
    this.pointers.delete(userId);
  }

  /** Forgets what is old. Tells whether anything is left that has to be drawn. */
  age(now: number): boolean {
    for (const [userId, { time }] of this.strokes) if (now - time > STROKE_MS) this.strokes.delete(userId);
    ageTrails(this.lasers, now, LASER_MS);
    ageTrails(this.pointers, now, POINTER_MS);
    return this.strokes.size + this.lasers.size + this.pointers.size > 0;
  }

  strokesOf(page: string): Item[] {
    return [...this.strokes.values()].filter((stroke) => stroke.page === page && stroke.item.points.length > 0).map(({ item }) => item);
  }

  /** The trails of the lasers on a page, newest point last. */
  lasersOf(page: string, now: number): Spot[][] {
    return spots(this.lasers, page, now, LASER_MS);
  }

  pointersOf(page: string, now: number): Spot[][] {
    return spots(this.pointers, page, now, POINTER_MS);
  }
}

function takeSpot(trails: Map<string, Trail>, userId: string, data: Record<string, unknown>, page: string, now: number, most: number): void {
  if (!isNumber(data.x) || !isNumber(data.y)) return;
  let trail = trails.get(userId);
  if (!trail || trail.page !== page) {
    if (!trail && trails.size >= MAX_USERS) return;
    trail = { page, points: [] };
    trails.set(userId, trail);
  }
  trail.points.push({ x: data.x, y: data.y, time: now });
  if (trail.points.length > most) trail.points.shift();
}

function ageTrails(trails: Map<string, Trail>, now: number, lasts: number): void {
  for (const [userId, trail] of trails) {
    trail.points = trail.points.filter(({ time }) => now - time <= lasts);
    if (trail.points.length === 0) trails.delete(userId);
  }
}

function spots(trails: Map<string, Trail>, page: string, now: number, lasts: number): Spot[][] {
  const found: Spot[][] = [];
  for (const [userId, trail] of trails) {
    if (trail.page === page) found.push(trail.points.map(({ x, y, time }) => ({ userId, x, y, strength: 1 - (now - time) / lasts })));
  }
  return found;
}
