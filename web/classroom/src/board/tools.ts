// The tools of the board and their settings, which are stored in the browser.

import { computed, signal } from "@preact/signals";
import type { ItemKind } from "../channel/types";
import { loadSetting, saveSetting } from "../ui/storage";

/** `cursor` pans the page and shows the others where this user points. */
export type Tool = "cursor" | ItemKind | "eraser" | "laser";

export const TOOLS: readonly Tool[] = ["cursor", "pen", "marker", "line", "arrow", "rectangle", "ellipse", "text", "eraser", "laser"];

/** The keys that select a tool. */
export const TOOL_KEYS: Readonly<Record<string, Tool>> = {
  v: "cursor", p: "pen", m: "marker", l: "line", a: "arrow", r: "rectangle", o: "ellipse", t: "text", e: "eraser", k: "laser",
};

export const COLORS = ["#1f2430", "#d3302f", "#e07b00", "#e3b505", "#1d8a4e", "#1b66d1", "#7b3fc4", "#ffffff"] as const;

export type Width = 0 | 1 | 2;

const WIDTHS: Record<"pen" | "marker" | "shape" | "text", readonly [number, number, number]> = {
  pen: [34, 60, 110],
  marker: [160, 260, 420],
  shape: [24, 44, 80],
  text: [200, 320, 520],
};

export const ERASER_RADIUS = 90;

export const tool = signal<Tool>("pen");
export const color = signal<string>(COLORS.find((each) => each === loadSetting("board.color")) ?? COLORS[0]);
export const width = signal<Width>(([0, 1, 2] as const).find((each) => String(each) === loadSetting("board.width")) ?? 0);

export function setColor(next: string): void {
  color.value = next;
  saveSetting("board.color", next);
}

export function setWidth(next: Width): void {
  width.value = next;
  saveSetting("board.width", String(next));
}

/** The stroke width or text size of a tool, in page units. */
export function widthOf(chosen: Tool): number {
  const kind = chosen === "pen" || chosen === "marker" || chosen === "text" ? chosen : "shape";
  return WIDTHS[kind][width.value];
}

/** Whether the tool has a colour and a width. */
export const hasStyle = computed(() => !["cursor", "eraser", "laser"].includes(tool.value));
