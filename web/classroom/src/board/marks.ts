// Draws transient marks: lasers, the pointers of others, the circle of the eraser. Their size is in screen pixels.

import { FONT } from "./draw";
import type { TrailPoint } from "./live-items";

export function drawLaser(context: CanvasRenderingContext2D, trail: readonly TrailPoint[], scale: number): void {
  const last = trail[trail.length - 1];
  if (!last) return;
  context.lineCap = "butt";
  context.strokeStyle = "#f0322c";
  for (let i = 1; i < trail.length; i += 1) {
    const [from, to] = [trail[i - 1]!, trail[i]!];
    context.globalAlpha = Math.max(to.opacity, 0) * 0.6;
    context.lineWidth = (2 + 5 * Math.max(to.opacity, 0)) / scale;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  const opacity = Math.max(last.opacity, 0);
  dot(context, last, 11 / scale, "#f0322c", 0.25 * opacity);
  dot(context, last, 5.5 / scale, "#f0322c", opacity);
  dot(context, last, 2 / scale, "#ffffff", opacity);
  context.globalAlpha = 1;
}

function dot(context: CanvasRenderingContext2D, { x, y }: TrailPoint, radius: number, color: string, alpha: number): void {
  context.globalAlpha = alpha;
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

const ARROW = [[0, 0], [0, 17], [4.5, 13], [7.5, 19.5], [10.5, 18], [7.5, 12], [13, 12]] as const;

export function drawPointer(context: CanvasRenderingContext2D, trail: readonly TrailPoint[], scale: number, nameOf: (userId: string) => string): void {
  const point = trail[trail.length - 1];
  if (!point) return;
  context.save();
  context.globalAlpha = Math.min(1, Math.max(point.opacity, 0) * 2);
  context.translate(point.x, point.y);
  context.scale(1 / scale, 1 / scale);
  context.beginPath();
  ARROW.forEach(([x, y]) => context.lineTo(x, y));
  context.closePath();
  context.fillStyle = "#1b66d1";
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  context.fill();
  context.stroke();
  const name = [...nameOf(point.userId)].slice(0, 24).join("");
  context.font = `600 12px ${FONT}`;
  context.textBaseline = "middle";
  const width = context.measureText(name).width;
  context.fillStyle = "#1b66d1";
  context.fillRect(12, 20, width + 12, 20);
  context.fillStyle = "#ffffff";
  context.fillText(name, 18, 30.5);
  context.restore();
}

export function drawEraser(context: CanvasRenderingContext2D, { x, y }: { x: number; y: number }, radius: number, scale: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = "rgba(120, 130, 150, 0.2)";
  context.strokeStyle = "rgba(80, 90, 110, 0.9)";
  context.lineWidth = 1.5 / scale;
  context.fill();
  context.stroke();
}
