// Pages, views and shapes as numbers, independent of the screen and the channel.
// In page units a page is 10000 wide. The vertical unit is the same.

import type { Item } from "../channel/types";

export const PAGE_WIDTH = 10000;
export const WHITEBOARD_HEIGHT = 5625;
export const MAX_ZOOM = 8;

export interface Size {
  width: number;
  height: number;
}

/** The visible part of a page. Zoom 1 fits the whole page; `x` and `y` are the page point at the centre of the stage. */
export interface View {
  zoom: number;
  x: number;
  y: number;
}

/** Maps page units to stage pixels: `stage = page * scale + offset`. */
export interface Transform {
  scale: number;
  dx: number;
  dy: number;
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The view that shows the whole page. */
export function fit(height: number): View {
  return { zoom: 1, x: PAGE_WIDTH / 2, y: height / 2 };
}

/** The scale at zoom 1. */
function fitScale(height: number, stage: Size): number {
  return Math.max(Math.min(stage.width / PAGE_WIDTH, stage.height / height), 1e-6);
}

export function transform(view: View, height: number, stage: Size): Transform {
  const scale = fitScale(height, stage) * view.zoom;
  return { scale, dx: stage.width / 2 - view.x * scale, dy: stage.height / 2 - view.y * scale };
}

/** Keeps the page inside the stage. A page that is smaller than the stage is centred. */
export function clampView(view: View, height: number, stage: Size): View {
  const zoom = Math.min(Math.max(view.zoom, 1), MAX_ZOOM);
  const scale = fitScale(height, stage) * zoom;
  return {
    zoom,
    x: clampAxis(view.x, PAGE_WIDTH, stage.width / scale),
    y: clampAxis(view.y, height, stage.height / scale),
  };
}

function clampAxis(middle: number, length: number, seen: number): number {
  if (seen >= length) return length / 2;
  return Math.min(Math.max(middle, seen / 2), length - seen / 2);
}

/** Zooms by a factor around the stage point `x`, `y`. */
export function zoomAt(view: View, height: number, stage: Size, factor: number, x: number, y: number): View {
  const zoom = Math.min(Math.max(view.zoom * factor, 1), MAX_ZOOM);
  const before = transform(view, height, stage);
  const scale = fitScale(height, stage) * zoom;
  const pageX = (x - before.dx) / before.scale;
  const pageY = (y - before.dy) / before.scale;
  return clampView(
    { zoom, x: pageX - (x - stage.width / 2) / scale, y: pageY - (y - stage.height / 2) / scale },
    height,
    stage,
  );
}

/** Pans by a distance in stage pixels. */
export function panBy(view: View, height: number, stage: Size, dx: number, dy: number): View {
  const { scale } = transform(view, height, stage);
  return clampView({ ...view, x: view.x - dx / scale, y: view.y - dy / scale }, height, stage);
}

/** How many numbers of `points` make one point of the item. */
export function stride(kind: Item["kind"]): number {
  return kind === "pen" || kind === "marker" ? 3 : 2;
}

export function intersects(a: Box, b: Box): boolean {
  return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
}

export function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** The size of an arrow head. */
export function arrowHead(width: number): number {
  return 60 + width * 3;
}

/** The line height of a text, as a multiple of its size. */
export const LINE_HEIGHT = 1.3;

const boxes = new WeakMap<Item, Box>();

/** The bounding box of an item, which must not change any more. For a text it is a generous estimate. */
export function bounds(item: Item): Box {
  const cached = boxes.get(item);
  if (cached) return cached;
  const box = item.kind === "text" ? textBounds(item) : pointBounds(item);
  boxes.set(item, box);
  return box;
}

function pointBounds(item: Item): Box {
  const step = stride(item.kind);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < item.points.length; i += step) {
    const x = item.points[i]!;
    const y = item.points[i + 1]!;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  const width = item.width ?? 0;
  const margin = item.kind === "arrow" ? arrowHead(width) : width;
  return { left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin };
}

function textBounds(item: Item): Box {
  const [left = 0, top = 0] = item.points;
  const size = item.size ?? 0;
  const room = Math.max(PAGE_WIDTH - left, size);
  let lines = 0;
  let width = 0;
  for (const line of (item.text ?? "").split("\n")) {
    const wanted = lineWidth(line, size);
    width = Math.max(width, Math.min(wanted, room));
    lines += Math.max(1, Math.ceil((wanted * 1.1) / room));
  }
  return { left: left - size * 0.2, top: top - size * 0.2, right: left + width + size * 0.2, bottom: top + lines * size * LINE_HEIGHT + size * 0.2 };
}

/** The approximate width of a line of text. */
function lineWidth(line: string, size: number): number {
  let ems = 0;
  for (const sign of line) ems += sign.codePointAt(0)! > 0x2e7f ? 1.05 : 0.7;
  return ems * size;
}

/** Breaks text into lines of at most `room`: between words, or between characters where there are no spaces. */
export function wrap(text: string, room: number, measure: (part: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const part of paragraph.match(/[^\s\u2e80-\uffef]+\s*|\s+|[\s\S]/gu) ?? []) {
      if (line && measure((line + part).trimEnd()) > room) {
        lines.push(line.trimEnd());
        line = "";
      }
      line += part;
      while (measure(line.trimEnd()) > room && [...line].length > 1) {
        const signs = [...line];
        let fits = signs.length - 1;
        while (fits > 1 && measure(signs.slice(0, fits).join("")) > room) fits -= 1;
        lines.push(signs.slice(0, fits).join(""));
        line = signs.slice(fits).join("");
      }
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** Whether a circle touches the drawn item. */
export function touches(item: Item, x: number, y: number, radius: number): boolean {
  const box = bounds(item);
  if (x + radius < box.left || x - radius > box.right || y + radius < box.top || y - radius > box.bottom) return false;
  const reach = radius + (item.width ?? 0) / 2;
  const p = item.points;
  switch (item.kind) {
    case "text":
      return true;
    case "pen":
    case "marker":
    case "line":
    case "arrow":
      return nearPolyline(p, stride(item.kind), x, y, reach);
    case "rectangle": {
      const [a = 0, b = 0, c = 0, d = 0] = p;
      return nearPolyline([a, b, c, b, c, d, a, d, a, b], 2, x, y, reach);
    }
    case "ellipse":
      return nearPolyline(ellipsePoints(p), 2, x, y, reach);
  }
}

function ellipsePoints([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number[] {
  const points: number[] = [];
  for (let i = 0; i <= 48; i += 1) {
    const angle = (i / 48) * 2 * Math.PI;
    points.push((a + c) / 2 + (Math.abs(c - a) / 2) * Math.cos(angle), (b + d) / 2 + (Math.abs(d - b) / 2) * Math.sin(angle));
  }
  return points;
}

function nearPolyline(points: readonly number[], step: number, x: number, y: number, reach: number): boolean {
  if (points.length < step * 2) return Math.hypot(points[0]! - x, points[1]! - y) <= reach;
  for (let i = 0; i + step + 1 < points.length; i += step) {
    if (segmentDistance(points[i]!, points[i + 1]!, points[i + step]!, points[i + step + 1]!, x, y) <= reach) return true;
  }
  return false;
}

/** The distance between a point and a segment. */
export function segmentDistance(ax: number, ay: number, bx: number, by: number, x: number, y: number): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = length === 0 ? 0 : Math.min(Math.max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0), 1);
  return Math.hypot(ax + along * (bx - ax) - x, ay + along * (by - ay) - y);
}
