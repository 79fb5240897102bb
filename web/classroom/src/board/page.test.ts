import assert from "node:assert/strict";
import { test } from "node:test";
import type { Item, Operation } from "../channel/types";
import { Page } from "./page";

const item = (id: string, user_id = "li"): Item => ({ id, kind: "pen", color: "#000000", width: 30, points: [0, 0, 50], user_id });
const add = (id: string, user_id?: string): Operation => ({ op: "add", item: item(id, user_id) });
const ids = (page: Page): string[] => page.items().map(({ id }) => id);

function loaded(sequence: number, items: string[]): Page {
  const page = new Page();
  page.beginLoad();
  page.addChunk({ sequence, items: items.map((id) => item(id)) });
  page.finishLoad();
  return page;
}

test("events at or below the sequence of the page are ignored", () => {
  const page = loaded(10, ["a", "b"]);
  page.apply(10, "li", [{ op: "remove", ids: ["a"] }]);
  assert.deepEqual(ids(page), ["a", "b"]);
  page.apply(11, "li", [{ op: "remove", ids: ["a"] }]);
  assert.deepEqual(ids(page), ["b"]);
});

test("an event that arrives twice changes nothing", () => {
  const page = loaded(0, []);
  for (let i = 0; i < 2; i += 1) page.apply(1, "li", [add("a"), add("b")]);
  page.apply(2, "li", [{ op: "remove", ids: ["a"] }]);
  page.apply(1, "li", [add("a")]);
  assert.deepEqual(ids(page), ["b"]);
});

test("one event may add an item and remove it again", () => {
  const page = loaded(0, []);
  for (let i = 0; i < 2; i += 1) page.apply(1, "li", [add("a"), add("b"), { op: "remove", ids: ["a", "b"] }, { op: "restore", ids: ["b"] }]);
  assert.deepEqual(ids(page), ["b"]);
});

test("a restored item has its former place in the order", () => {
  const page = loaded(1, ["a", "b", "c"]);
  page.apply(2, "li", [{ op: "remove", ids: ["b"] }]);
  const change = page.apply(3, "li", [{ op: "restore", ids: ["b"] }]);
  assert.deepEqual(ids(page), ["a", "b", "c"]);
  assert.equal(change.kind, "damaged");
});

test("restoring an unknown item makes the page load again", () => {
  const page = loaded(1, ["a"]);
  page.apply(2, "li", [{ op: "restore", ids: ["gone"] }]);
  assert.equal(page.loaded, false);
});

test("events that arrive while the page is loading are applied afterwards", () => {
  const page = new Page();
  page.beginLoad();
  page.apply(5, "li", [add("b")]);
  page.apply(6, "li", [{ op: "remove", ids: ["a"] }]);
  page.addChunk({ sequence: 4, items: [item("a")] });
  page.finishLoad();
  assert.deepEqual(ids(page), ["b"]);
});

test("a clear between two chunks of the page does not remove what was drawn after it", () => {
  const page = new Page();
  page.beginLoad();
  page.addChunk({ sequence: 4, items: [item("a")] });
  page.apply(5, "li", [{ op: "clear" }]);
  page.apply(6, "li", [add("b")]);
  page.addChunk({ sequence: 6, items: [item("b")] });
  page.finishLoad();
  assert.deepEqual(ids(page), ["b"]);
});

test("pending items are above confirmed ones, and dropped when they are confirmed", () => {
  const page = loaded(1, ["a"]);
  page.setPending([add("mine"), { op: "remove", ids: ["a"] }]);
  assert.deepEqual(ids(page), ["mine"]);
  page.apply(2, "li", [add("theirs")]);
  page.apply(3, "me", [add("mine")]);
  page.setPending([{ op: "remove", ids: ["a"] }]);
  assert.deepEqual(ids(page), ["theirs", "mine"]);
  const affected = page.setPending([]);
  assert.deepEqual(affected.map(({ id }) => id), ["a"]);
  assert.deepEqual(ids(page), ["a", "theirs", "mine"]);
});

test("a pending clear hides everything, and a pending restore after it shows one item", () => {
  const page = loaded(1, ["a", "b"]);
  page.setPending([add("c"), { op: "clear" }, { op: "restore", ids: ["b"] }]);
  assert.deepEqual(ids(page), ["b"]);
});

/** The server: all items in their order, and a log. */
class Model {
  items: { item: Item; removed: boolean }[] = [];
  log: { sequence: number; user: string; operations: Operation[] }[] = [];

  draw(user: string, operations: Operation[]): void {
    for (const operation of operations) {
      if (operation.op === "add") this.items.push({ item: operation.item, removed: false });
      else for (const entry of this.items) if (operation.op === "clear" || operation.ids.includes(entry.item.id)) entry.removed = operation.op !== "restore";
    }
    this.log.push({ sequence: this.log.length + 1, user, operations });
  }

  visible(): Item[] {
    return this.items.filter(({ removed }) => !removed).map(({ item }) => item);
  }
}

test("a page that is loaded in chunks while others draw becomes equal to the server's", () => {
  let seed = 1;
  const random = (n: number): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * n);
  };
  for (let round = 0; round < 1000; round += 1) {
    const model = new Model();
    const page = new Page();
    let delivered = 0;
    let added = 0;
    const operation = (): Operation => {
      const some = Array.from({ length: added }, (_, i) => `i${i}`).filter(() => random(4) === 0);
      const kind = random(30);
      if (kind < 18 || added === 0) return add(`i${added++}`);
      if (kind < 24) return { op: "remove", ids: some };
      return kind < 29 ? { op: "restore", ids: some } : { op: "clear" };
    };
    const act = (): void => model.draw("li", Array.from({ length: 1 + random(3) }, operation));
    const deliver = (most: number): void => {
      for (; delivered < most; delivered += 1) {
        const { sequence, user, operations } = model.log[delivered]!;
        page.apply(sequence, user, operations);
      }
    };
    for (let i = 0; i < random(20); i += 1) act();
    for (let attempt = 0; attempt < 50 && !page.loaded; attempt += 1) {
      page.beginLoad();
      let after = -1;
      for (;;) {
        const rest = model.items.map((entry, index) => ({ ...entry, index })).filter(({ removed, index }) => !removed && index > after);
        const part = rest.slice(0, 3);
        page.addChunk({ sequence: model.log.length, items: part.map((entry) => entry.item) });
        if (rest.length <= 3) break;
        after = part[2]!.index;
        for (let i = 0; i < random(3); i += 1) act();
        deliver(delivered + random(model.log.length - delivered + 1));
      }
      page.finishLoad();
      for (let i = 0; i < random(6); i += 1) act();
      deliver(model.log.length);
    }
    assert.deepEqual(ids(page), model.visible().map(({ id }) => id), `round ${round}`);
  }
});
