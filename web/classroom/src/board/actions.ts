// What each tool does between pointer down and pointer up.

import type { Item } from "../channel/types";
import { NO_PRESSURE } from "./draw";
import { touches, PAGE_WIDTH } from "./geometry";
import type { Stage } from "./stage";
import { clamp, itemId, secondPoint, Stroke } from "./stroke";
import { color, ERASER_RADIUS, widthOf, type Tool } from "./tools";

/** A point on the page, with pressure from 0 to 1. */
export interface Point {
  x: number;
  y: number;
  pressure: number;
}

export interface Action {
  move(points: readonly Point[], even: boolean): void;
  end(): void;
  /** Discards the action, for example because a second finger touched the screen. */
  cancel(): void;
}

/** Starts the action of a tool at a point. */
export function start(tool: Tool, stage: Stage, at: Point): Action | null {
  switch (tool) {
    case "pen":
    case "marker":
      return new StrokeAction(tool, stage, at);
    case "line":
    case "arrow":
    case "rectangle":
    case "ellipse":
      return new ShapeAction(tool, stage, at);
    case "eraser":
      return new EraseAction(stage, at);
    case "laser":
      return new LaserAction(stage, at);
    case "text":
      return new TextAction(stage, at);
    case "cursor":
      return null;
  }
}

class StrokeAction implements Action {
  private stroke: Stroke;
  private item: Item;
  private readonly finished: Item[] = [];

  constructor(private readonly kind: "pen" | "marker", private readonly stage: Stage, at: Point) {
    this.stroke = new Stroke(stage.height.peek());
    this.item = this.begin();
    this.move([at]);
  }

  private begin(): Item {
    return { id: itemId(), kind: this.kind, color: color.peek(), width: widthOf(this.kind), points: this.stroke.points };
  }

  move(points: readonly Point[]): void {
    let grew = false;
    for (const { x, y, pressure } of points) {
      grew = this.stroke.add(x, y, this.kind === "pen" ? pressure : NO_PRESSURE / 100) || grew;
      if (this.stroke.full) this.split({ x, y, pressure });
    }
    if (!grew) return;
    this.stage.setOwn(this.item);
    this.stage.drawing.liveSender.draw(this.stage.drawing.shown.page.peek(), this.item);
  }

  /** The number of points of an item is limited, so a long stroke continues in a new item. */
  private split(at: Point): void {
    this.finished.push({ ...this.item, points: this.stroke.finish() });
    this.stage.drawing.send(this.finished.slice(-1));
    this.stroke = new Stroke(this.stage.height.peek());
    this.item = this.begin();
    this.stroke.add(at.x, at.y, this.kind === "pen" ? at.pressure : NO_PRESSURE / 100);
  }

  end(): void {
    this.stage.setOwn(null);
    this.stage.drawing.liveSender.end(false);
    const last = { ...this.item, points: this.stroke.finish() };
    this.stage.drawing.send([last]);
    this.stage.drawing.remember([...this.finished, last]);
  }

  cancel(): void {
    this.stage.setOwn(null);
    this.stage.drawing.liveSender.end(true);
    if (this.finished.length > 0) this.stage.drawing.remember(this.finished);
  }
}

class ShapeAction implements Action {
  private readonly item: Item;
  private readonly x: number;
  private readonly y: number;

  constructor(kind: "line" | "arrow" | "rectangle" | "ellipse", private readonly stage: Stage, at: Point) {
    this.x = clamp(at.x, PAGE_WIDTH);
    this.y = clamp(at.y, stage.height.peek());
    this.item = { id: itemId(), kind, color: color.peek(), width: widthOf(kind), points: [this.x, this.y, this.x, this.y] };
  }

  move(points: readonly Point[], even: boolean): void {
    const last = points[points.length - 1];
    if (!last) return;
    this.item.points = [this.x, this.y, ...secondPoint(this.item.kind, this.x, this.y, last.x, last.y, even, this.stage.height.peek())];
    this.stage.setOwn(this.item);
    this.stage.drawing.liveSender.draw(this.stage.drawing.shown.page.peek(), this.item);
  }

  end(): void {
    const [a = 0, b = 0, c = 0, d = 0] = this.item.points;
    // A click without movement draws nothing.
    if (Math.hypot(c - a, d - b) < 10) return this.cancel();
    this.stage.setOwn(null);
    this.stage.drawing.liveSender.end(false);
    this.stage.drawing.add([{ ...this.item }]);
  }

  cancel(): void {
    this.stage.setOwn(null);
    this.stage.drawing.liveSender.end(true);
  }
}

class EraseAction implements Action {
  private readonly erased: string[] = [];

  constructor(private readonly stage: Stage, at: Point) {
    this.move([at]);
  }

  private before: Point | null = null;

  move(points: readonly Point[]): void {
    const { drawing } = this.stage;
    for (const point of points) {
      const ids = new Set<string>();
      // Points between two events are checked too, so that a fast movement skips no item.
      for (const { x, y } of between(this.before ?? point, point)) {
        for (const { id } of drawing.under(x, y, ERASER_RADIUS)) ids.add(id);
      }
      drawing.erase([...ids]);
      this.erased.push(...ids);
      this.before = point;
    }
    this.stage.setEraser(points[points.length - 1] ?? null);
  }

  end(): void {
    this.stage.drawing.commitErased(this.erased);
    this.stage.setEraser(null);
  }

  cancel(): void {
    this.end();
  }
}

function between(from: Point, to: Point): Point[] {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / ERASER_RADIUS));
  return Array.from({ length: steps }, (_, i) => {
    const part = (i + 1) / steps;
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, pressure: 0 };
  });
}

class LaserAction implements Action {
  constructor(private readonly stage: Stage, at: Point) {
    this.move([at]);
  }

  move(points: readonly Point[]): void {
    this.stage.drawing.point("laser", points);
    this.stage.live();
  }

  end(): void {}

  cancel(): void {}
}

class TextAction implements Action {
  constructor(private readonly stage: Stage, private readonly at: Point) {}

  move(): void {}

  end(): void {
    openText(this.stage, this.at.x, this.at.y);
  }

  cancel(): void {}
}

/** Opens the text editor at a point: for the text item there, or for a new one. */
export function openText(stage: Stage, x: number, y: number): void {
  const { drawing } = stage;
  const page = drawing.shown.page.peek();
  const existing = drawing.page().items().filter((item) => item.kind === "text" && drawing.mayRemove(item) && touches(item, x, y, 0)).pop();
  if (existing) {
    const [left = 0, top = 0] = existing.points;
    stage.editing.value = { page, x: left, y: top, size: existing.size ?? widthOf("text"), color: existing.color, text: existing.text ?? "", replaces: existing.id };
    return;
  }
  const size = widthOf("text");
  stage.editing.value = {
    page, x: clamp(x, PAGE_WIDTH - size), y: clamp(y - size * 0.65, stage.height.peek() - size), size, color: color.peek(), text: "", replaces: null,
  };
}
