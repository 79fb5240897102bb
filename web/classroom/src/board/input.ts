// Mouse, pen and touch on the stage: one pointer draws, two fingers pan and zoom.

import { start, type Action, type Point } from "./actions";
import type { Stage } from "./stage";
import { tool, type Tool } from "./tools";

/** How long after the pen was lifted touches are ignored, in milliseconds: they come from the resting hand. */
const PALM_MS = 800;

/** A stroke younger than this is discarded when a second finger touches the screen. */
const SECOND_FINGER_MS = 300;

interface Finger {
  x: number;
  y: number;
}

export class Input {
  private action: { id: number; action: Action; since: number } | null = null;
  private pan: { id: number; x: number; y: number } | null = null;
  private fingers = new Map<number, Finger>();
  private penTime = -Infinity;
  private penDown = false;
  private readonly off = new AbortController();

  constructor(private readonly stage: Stage, private readonly surface: HTMLElement, private readonly mayDraw: () => boolean) {
    const options = { signal: this.off.signal };
    surface.addEventListener("pointerdown", this.down, options);
    surface.addEventListener("pointermove", this.move, options);
    surface.addEventListener("pointerup", this.up, options);
    surface.addEventListener("pointercancel", this.cancel, options);
    surface.addEventListener("pointerleave", this.leave, options);
    surface.addEventListener("wheel", this.wheel, { ...options, passive: false });
    surface.addEventListener("contextmenu", (event) => event.preventDefault(), options);
    // Older Safari versions do not support touch-action.
    surface.addEventListener("touchmove", (event) => event.preventDefault(), { ...options, passive: false });
  }

  destroy(): void {
    this.stop();
    this.off.abort();
  }

  /** Cancels the current action, for example because drawing was forbidden. */
  stop(): void {
    this.action?.action.cancel();
    this.action = null;
    this.pan = null;
  }

  private effective(event: PointerEvent): Tool {
    if (!this.mayDraw()) return "cursor";
    // The eraser end of a pen.
    if (event.pointerType === "pen" && (event.buttons & 32) !== 0) return "eraser";
    return tool.peek();
  }

  private readonly down = (event: PointerEvent): void => {
    // The focus ring is only shown for keyboard users.
    this.stage.element.dataset.pointer = "";
    this.stage.element.focus({ preventScroll: true });
    if (event.pointerType === "pen") {
      this.penDown = true;
      this.penTime = event.timeStamp;
      // The hand touched the screen before the pen did.
      if (this.action) this.stop();
    }
    if (event.pointerType === "touch") {
      if (this.penDown || event.timeStamp - this.penTime < PALM_MS) return;
      this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (this.fingers.size === 2) return this.secondFinger(event.timeStamp);
      if (this.fingers.size > 2) return;
    }
    if (this.action || this.pan || event.button === 2) return;
    // Older engines throw when the pointer is already gone.
    try {
      this.surface.setPointerCapture(event.pointerId);
    } catch {
      return;
    }
    event.preventDefault();
    const action = event.button === 1 ? null : start(this.effective(event), this.stage, this.point(event));
    if (action) this.action = { id: event.pointerId, action, since: event.timeStamp };
    else this.pan = { id: event.pointerId, x: event.clientX, y: event.clientY };
  };

  private secondFinger(now: number): void {
    if (this.action && now - this.action.since < SECOND_FINGER_MS) this.action.action.cancel();
    else this.action?.action.end();
    this.action = null;
    this.pan = null;
  }

  private readonly move = (event: PointerEvent): void => {
    const finger = this.fingers.get(event.pointerId);
    if (finger && this.fingers.size === 2) return this.pinch(event, finger);
    if (finger) Object.assign(finger, { x: event.clientX, y: event.clientY });
    if (this.action?.id === event.pointerId) {
      const events = event.getCoalescedEvents?.() ?? [];
      this.action.action.move((events.length > 0 ? events : [event]).map((each) => this.point(each)), event.shiftKey);
    } else if (this.pan?.id === event.pointerId) {
      this.stage.pan(event.clientX - this.pan.x, event.clientY - this.pan.y);
      this.pan = { id: event.pointerId, x: event.clientX, y: event.clientY };
    } else if (event.pointerType !== "touch" && !this.action) {
      this.hover(event);
    }
  };

  private hover(event: PointerEvent): void {
    const chosen = this.effective(event);
    if (chosen === "eraser") this.stage.setEraser(this.point(event));
    else if (chosen === "cursor" && this.mayDraw()) this.stage.drawing.point("pointer", [this.point(event)]);
  }

  private pinch(event: PointerEvent, finger: Finger): void {
    const other = [...this.fingers.entries()].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const before = Math.hypot(finger.x - other.x, finger.y - other.y);
    const middle = this.stage.toStage((event.clientX + other.x) / 2, (event.clientY + other.y) / 2);
    this.stage.pan((event.clientX - finger.x) / 2, (event.clientY - finger.y) / 2);
    Object.assign(finger, { x: event.clientX, y: event.clientY });
    const after = Math.hypot(finger.x - other.x, finger.y - other.y);
    if (before > 10 && after > 10) this.stage.zoom(after / before, middle);
  }

  private readonly up = (event: PointerEvent): void => {
    this.release(event);
    if (this.action?.id === event.pointerId) {
      const { action } = this.action;
      this.action = null;
      action.end();
    }
  };

  private readonly cancel = (event: PointerEvent): void => {
    this.release(event);
    if (this.action?.id === event.pointerId) {
      const { action } = this.action;
      this.action = null;
      action.cancel();
    }
  };

  private release(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    if (this.pan?.id === event.pointerId) this.pan = null;
    if (event.pointerType === "pen") {
      this.penDown = false;
      this.penTime = event.timeStamp;
    }
  }

  private readonly leave = (): void => {
    if (!this.action) this.stage.setEraser(null);
  };

  private readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const at = this.stage.toStage(event.clientX, event.clientY);
    const unit = event.deltaMode === 1 ? 30 : event.deltaMode === 2 ? 300 : 1;
    // A touch pad sends small steps, which pan. A mouse wheel zooms, and so does a pinch, which has ctrlKey set.
    const mouse = event.deltaX === 0 && (event.deltaMode !== 0 || Math.abs(event.deltaY) >= 80);
    if (event.ctrlKey || event.metaKey) this.stage.zoom(Math.exp((-event.deltaY * unit) / (mouse ? 400 : 100)), at);
    else if (mouse) this.stage.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, at);
    else this.stage.pan(-event.deltaX * unit, -event.deltaY * unit);
  };

  private point(event: PointerEvent): Point {
    const pressure = event.pointerType === "pen" && event.pressure > 0 ? event.pressure : 0.5;
    return { ...this.stage.toPage(event.clientX, event.clientY), pressure };
  }
}
