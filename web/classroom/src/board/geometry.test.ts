import assert from "node:assert/strict";
import { test } from "node:test";
import type { Item } from "../channel/types";
import { bounds, clampView, fit, panBy, touches, transform, wrap, zoomAt } from "./geometry";
import { secondPoint, Stroke } from "./stroke";

const STAGE = { width: 1000, height: 800 };
const item = (kind: Item["kind"], points: number[], more: Partial<Item> = {}): Item => ({ id: "a", kind, color: "#000000", width: 20, points, ...more });

test("a page that fits is centred on the stage", () => {
  const { scale, dx, dy } = transform(fit(5625), 5625, STAGE);
  assert.equal(scale, 0.1);
  assert.equal(dx, 0);
  assert.equal(dy, (800 - 562.5) / 2);
});

test("zooming keeps the point under the pointer", () => {
  const before = transform(fit(5625), 5625, STAGE);
  const page = { x: (400 - before.dx) / before.scale, y: (450 - before.dy) / before.scale };
  const after = transform(zoomAt(fit(5625), 5625, STAGE, 3, 400, 450), 5625, STAGE);
  assert.ok(Math.abs(page.x * after.scale + after.dx - 400) < 0.001);
  assert.ok(Math.abs(page.y * after.scale + after.dy - 450) < 0.001);
});

test("the page can't be moved off the stage", () => {
  const zoomed = zoomAt(fit(5625), 5625, STAGE, 4, 500, 400);
  const { scale, dx } = transform(panBy(zoomed, 5625, STAGE, 1e6, 0), 5625, STAGE);
  assert.ok(Math.abs(dx) < 0.001);
  assert.equal(scale, 0.4);
  assert.deepEqual(clampView({ zoom: 0.2, x: 0, y: 0 }, 5625, STAGE), fit(5625));
});

test("the eraser removes what it touches and nothing else", () => {
  assert.ok(touches(item("line", [0, 0, 1000, 1000]), 500, 520, 20));
  assert.ok(!touches(item("line", [0, 0, 1000, 1000]), 500, 700, 20));
  assert.ok(touches(item("rectangle", [100, 100, 900, 900]), 100, 500, 20));
  assert.ok(!touches(item("rectangle", [100, 100, 900, 900]), 500, 500, 20));
  assert.ok(touches(item("ellipse", [0, 0, 1000, 600]), 1000, 300, 20));
  assert.ok(!touches(item("ellipse", [0, 0, 1000, 600]), 500, 300, 20));
  assert.ok(touches(item("pen", [50, 50, 50]), 55, 55, 20));
  assert.ok(touches(item("text", [100, 100], { text: "hello", size: 200 }), 300, 200, 20));
});

test("the box of an item contains it with its width", () => {
  const box = bounds(item("pen", [100, 100, 50, 300, 200, 80]));
  assert.ok(box.left <= 90 && box.top <= 90 && box.right >= 310 && box.bottom >= 210);
});

test("text breaks between words, and between Chinese characters", () => {
  const measure = (part: string): number => [...part].length * 10;
  assert.deepEqual(wrap("one two three", 80, measure), ["one two", "three"]);
  assert.deepEqual(wrap("今天我们学习分数", 40, measure), ["今天我们", "学习分数"]);
  assert.deepEqual(wrap("abcdefghij", 40, measure), ["abcd", "efgh", "ij"]);
  assert.deepEqual(wrap("a\n\nb", 40, measure), ["a", "", "b"]);
});

test("a stroke has whole numbers, and no points that are too near", () => {
  const stroke = new Stroke(5625);
  stroke.add(10.4, 20.6, 0.5);
  stroke.add(11, 21, 0.5);
  stroke.add(20, 21, 0.73);
  assert.deepEqual(stroke.points, [10, 21, 50, 20, 21, 73]);
});

test("a stroke ends where the pen was lifted", () => {
  const stroke = new Stroke(5625);
  stroke.add(0, 0, 0.5);
  stroke.add(1, 0, 0.5);
  assert.deepEqual(stroke.finish(), [0, 0, 50, 1, 0, 50]);
});

test("the points of a stroke are limited to the page", () => {
  const stroke = new Stroke(5625);
  stroke.add(-500, 9000, 2);
  assert.deepEqual(stroke.points, [0, 5625, 100]);
});

test("even shapes are squares, and lines in steps of 45 degrees", () => {
  assert.deepEqual(secondPoint("rectangle", 100, 100, 300, 150, true, 5625), [300, 300]);
  assert.deepEqual(secondPoint("line", 100, 100, 300, 110, true, 5625), [300, 100]);
});
