import assert from "node:assert/strict";
import test from "node:test";
import type { Item } from "../channel/types";
import { PageItems } from "./page";

const item = (id: string): Item => ({ id, kind: "line", color: "#000000", width: 20, points: [0, 0, 10, 10] });
const ids = (page: PageItems) => Array.from(page.items(), (one) => one.id);

test("operations that the loaded page has already are passed over", () => {
  const page = new PageItems();
  page.load([item("a")], 5);
  page.apply([{ op: "clear" }], 5, "li");
  assert.deepEqual(ids(page), ["a"]);
  page.apply([{ op: "clear" }], 6, "li");
  assert.deepEqual(ids(page), []);
});

test("an item that comes back stands where it was", () => {
  const page = new PageItems();
  page.load([item("a"), item("b"), item("c")], 1);
  page.apply([{ op: "remove", ids: ["b"] }], 2, "li");
  assert.deepEqual(ids(page), ["a", "c"]);
  assert.equal(page.apply([{ op: "restore", ids: ["b"] }], 3, "li"), true);
  assert.deepEqual(ids(page), ["a", "b", "c"]);
});

test("an unknown item that comes back asks for the page", () => {
  const page = new PageItems();
  page.load([], 1);
  assert.equal(page.apply([{ op: "restore", ids: ["x"] }], 2, "li"), false);
});
