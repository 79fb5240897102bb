// Draws one item on a canvas that uses page units.

import { getStroke } from "perfect-freehand";
import type { Item } from "../channel/types";
import { arrowHead, LINE_HEIGHT, PAGE_WIDTH, wrap } from "./geometry";

export const FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** The pressure for devices and tools without one: mouse, finger, marker. */
export const NO_PRESSURE = 50;

// Items are immutable, so these results can be cached for each item.
const outlines = new WeakMap<Item, Path2D>();
const brokenTexts = new WeakMap<Item, string[]>();

/** Draws an item. With `live` the item still grows, so nothing is cached. */
export function draw(context: CanvasRenderingContext2D, item: Item, live = false): void {
  context.fillStyle = item.color;
  context.strokeStyle = item.color;
  switch (item.kind) {
    case "marker":
      context.globalAlpha = 0.4;
      context.fill(outline(item, live));
      context.globalAlpha = 1;
      return;
    case "pen":
      context.fill(outline(item, live));
      return;
    case "text":
      drawText(context, item);
      return;
    default:
      context.lineWidth = item.width ?? 1;
      context.lineCap = "round";
      context.lineJoin = "round";
      drawShape(context, item);
  }
}

function outline(item: Item, live: boolean): Path2D {
  const cached = live ? undefined : outlines.get(item);
  if (cached) return cached;
  const path = computeOutline(item);
  if (!live) outlines.set(item, path);
  return path;
}

function computeOutline(item: Item): Path2D {
  const points: [number, number, number][] = [];
  let pressed = false;
  for (let i = 0; i + 2 < item.points.length; i += 3) {
    const pressure = item.points[i + 2]!;
    pressed = pressed || pressure !== NO_PRESSURE;
    points.push([item.points[i]!, item.points[i + 1]!, pressure / 100]);
  }
  const pen = item.kind === "pen";
  const edge = getStroke(points, {
    size: item.width ?? 1,
    thinning: pen ? 0.5 : 0,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: pen && !pressed,
    last: true,
  });
  const path = new Path2D();
  const [first] = edge;
  if (!first) return path;
  // Quadratic curves through the midpoints of the edges round the corners of the outline.
  path.moveTo(first[0]!, first[1]!);
  for (let i = 0; i < edge.length; i += 1) {
    const [x, y] = edge[i]! as [number, number];
    const [nextX, nextY] = edge[(i + 1) % edge.length]! as [number, number];
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  path.closePath();
  return path;
}

function drawShape(context: CanvasRenderingContext2D, item: Item): void {
  const [a = 0, b = 0, c = 0, d = 0] = item.points;
  context.beginPath();
  switch (item.kind) {
    case "rectangle":
      context.rect(Math.min(a, c), Math.min(b, d), Math.abs(c - a), Math.abs(d - b));
      break;
    case "ellipse":
      context.ellipse((a + c) / 2, (b + d) / 2, Math.abs(c - a) / 2, Math.abs(d - b) / 2, 0, 0, 2 * Math.PI);
      break;
    default:
      context.moveTo(a, b);
      context.lineTo(c, d);
      if (item.kind === "arrow") arrow(context, a, b, c, d, context.lineWidth);
  }
  context.stroke();
}

function arrow(context: CanvasRenderingContext2D, a: number, b: number, c: number, d: number, width: number): void {
  const angle = Math.atan2(d - b, c - a);
  const length = Math.min(arrowHead(width), Math.hypot(c - a, d - b));
  for (const side of [-0.5, 0.5]) {
    context.moveTo(c, d);
    context.lineTo(c - length * Math.cos(angle + side), d - length * Math.sin(angle + side));
  }
}

function drawText(context: CanvasRenderingContext2D, item: Item): void {
  const size = item.size ?? 0;
  const [x = 0, y = 0] = item.points;
  context.font = `${size}px ${FONT}`;
  context.textBaseline = "middle";
  let lines = brokenTexts.get(item);
  if (!lines) {
    lines = wrap(item.text ?? "", Math.max(PAGE_WIDTH - x, size), (part) => context.measureText(part).width);
    brokenTexts.set(item, lines);
  }
  lines.forEach((line, i) => context.fillText(line, x, y + (i + 0.5) * size * LINE_HEIGHT));
}
