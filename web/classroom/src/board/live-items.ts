// Transient drawings of others: strokes in progress, laser and pointer positions. They are never stored.
// Everything received is validated, because every user who may draw can send it.

import type { Item } from "../channel/types";
import { stride } from "./geometry";

/** A stroke without updates is removed after this time. */
const STROKE_MS = 5000;
const LASER_MS = 900;
const POINTER_MS = 2500;
const MAX_NUMBERS = 4000;
const MAX_USERS = 64;
const MAX_TRAIL_POINTS = 48;

interface LiveStroke {
  item: Item;
  page: string;
  time: number;
}

export interface TrailPoint {
  userId: string;
  x: number;
  y: number;
  /** From 1 (new) to 0 (expired). */
  opacity: number;
}

interface Trail {
  page: string;
  points: { x: number; y: number; time: number }[];
}

/** A part of a stroke in progress. `from` is the index in `points` where these numbers belong. */
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

export class LiveItems {
  private strokes = new Map<string, LiveStroke>();
  private lasers = new Map<string, Trail>();
  private pointers = new Map<string, Trail>();

  /** Handles a signal of another user. */
  receive(kind: string, userId: string, data: unknown, now: number): void {
    if (!isRecord(data) || typeof data.page !== "string") return;
    if (kind === "stroke") this.receiveStroke(userId, data, data.page, now);
    else if (kind === "laser") receivePoint(this.lasers, userId, data, data.page, now, MAX_TRAIL_POINTS);
    else if (kind === "pointer") receivePoint(this.pointers, userId, data, data.page, now, 1);
  }

  private receiveStroke(userId: string, data: Record<string, unknown>, page: string, now: number): void {
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
    // If an earlier part was lost, the points are joined. The finished item replaces the stroke anyway.
    own.length = Math.min(own.length, from);
    if (own.length + points.length <= MAX_NUMBERS && points.length % stride(stroke.item.kind) === 0) own.push(...(points as number[]));
  }

  /** Removes a stroke that is now an item. Returns whether it was there. */
  finished(userId: string, id: string): boolean {
    if (this.strokes.get(userId)?.item.id !== id) return false;
    return this.strokes.delete(userId);
  }

  /** Removes everything of a user who left or may not draw any more. */
  removeUser(userId: string): void {
    this.strokes.delete(userId);
    this.lasers.delete(userId);
    this.pointers.delete(userId);
  }

  /** Removes what has expired. Returns whether anything is left to draw. */
  expire(now: number): boolean {
    for (const [userId, { time }] of this.strokes) if (now - time > STROKE_MS) this.strokes.delete(userId);
    expireTrails(this.lasers, now, LASER_MS);
    expireTrails(this.pointers, now, POINTER_MS);
    return this.strokes.size + this.lasers.size + this.pointers.size > 0;
  }

  strokesOf(page: string): Item[] {
    return [...this.strokes.values()].filter((stroke) => stroke.page === page && stroke.item.points.length > 0).map(({ item }) => item);
  }

  /** The laser trails on a page, the newest point last. */
  lasersOf(page: string, now: number): TrailPoint[][] {
    return visibleTrails(this.lasers, page, now, LASER_MS);
  }

  pointersOf(page: string, now: number): TrailPoint[][] {
    return visibleTrails(this.pointers, page, now, POINTER_MS);
  }
}

function receivePoint(trails: Map<string, Trail>, userId: string, data: Record<string, unknown>, page: string, now: number, maxPoints: number): void {
  if (!isNumber(data.x) || !isNumber(data.y)) return;
  let trail = trails.get(userId);
  if (!trail || trail.page !== page) {
    if (!trail && trails.size >= MAX_USERS) return;
    trail = { page, points: [] };
    trails.set(userId, trail);
  }
  trail.points.push({ x: data.x, y: data.y, time: now });
  if (trail.points.length > maxPoints) trail.points.shift();
}

function expireTrails(trails: Map<string, Trail>, now: number, duration: number): void {
  for (const [userId, trail] of trails) {
    trail.points = trail.points.filter(({ time }) => now - time <= duration);
    if (trail.points.length === 0) trails.delete(userId);
  }
}

function visibleTrails(trails: Map<string, Trail>, page: string, now: number, duration: number): TrailPoint[][] {
  const found: TrailPoint[][] = [];
  for (const [userId, trail] of trails) {
    if (trail.page === page) found.push(trail.points.map(({ x, y, time }) => ({ userId, x, y, opacity: 1 - (now - time) / duration })));
  }
  return found;
}
