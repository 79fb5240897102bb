// The keyboard shortcuts of the board. They work while the focus is in it and not in a text field.

import type { Room } from "../state/room";
import { openText } from "./actions";
import type { Turn } from "./base";
import type { Drawing } from "./drawing";
import { adjacentPage, pagePosition } from "./pages";
import type { Stage } from "./stage";
import { tool, TOOL_KEYS } from "./tools";

/** How far an arrow key pans, in pixels. */
const PAN_STEP = 60;

export function onKey(event: KeyboardEvent, room: Room, drawing: Drawing, stage: Stage, turn: Turn | null): void {
  if (event.key === "Tab") delete stage.element.dataset.pointer;
  if (event.isComposing || event.altKey || isText(event.target)) return;
  if (!runCommand(event, room, drawing, stage, turn)) return;
  event.preventDefault();
  event.stopPropagation();
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Runs the command of a key. Returns whether there is one. */
function runCommand(event: KeyboardEvent, room: Room, drawing: Drawing, stage: Stage, turn: Turn | null): boolean {
  const mayDraw = room.mayDraw.peek();
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (!mayDraw || (key !== "z" && key !== "y")) return false;
    if (key === "y" || event.shiftKey) drawing.redo();
    else drawing.undo();
    return true;
  }
  // These keys are left to a button that has the focus.
  const onStage = event.target === stage.element;
  switch (event.key) {
    case "PageDown":
      return turnBy(1, room, drawing, turn);
    case "PageUp":
      return turnBy(-1, room, drawing, turn);
    case "+":
    case "=":
      stage.zoom(1.25);
      return true;
    case "-":
      stage.zoom(1 / 1.25);
      return true;
    case "0":
      stage.fit();
      return true;
    case "Enter":
      if (!onStage || !mayDraw || tool.peek() !== "text") return false;
      openText(stage, stage.view.peek().x, stage.view.peek().y);
      return true;
    case "ArrowLeft":
    case "ArrowRight":
    case "ArrowUp":
    case "ArrowDown":
      return onStage && onArrowKey(event.key, room, drawing, stage, turn);
  }
  const chosen = mayDraw ? TOOL_KEYS[key] : undefined;
  if (!chosen) return false;
  tool.value = chosen;
  return true;
}

/** Arrow keys pan an enlarged page, and turn pages otherwise. */
function onArrowKey(key: string, room: Room, drawing: Drawing, stage: Stage, turn: Turn | null): boolean {
  const [x, y] = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key] ?? [0, 0];
  if (stage.view.peek().zoom > 1.001) {
    stage.pan(x! * PAN_STEP, y! * PAN_STEP);
    return true;
  }
  return x !== 0 && turnBy(x! > 0 ? -1 : 1, room, drawing, turn);
}

/** Shows the next (1) or previous (-1) page, or the next step of animated slides. Returns whether this user may do that. */
export function turnBy(by: 1 | -1, room: Room, drawing: Drawing, turn: Turn | null): boolean {
  if (!room.moderator.peek()) return false;
  if (turn?.(by)) return true;
  const whiteboards = room.board.peek()?.whiteboards ?? [];
  const next = adjacentPage(pagePosition(drawing.shown.page.peek(), whiteboards, room.documents.peek()), by, whiteboards);
  if (next) void drawing.shown.show(next);
  return true;
}
