import assert from "node:assert/strict";
import test from "node:test";
import { onNetworkChange } from "./network";

test("a change of the network counts, a new bandwidth estimate does not", () => {
  const information = Object.assign(new EventTarget(), { type: "wifi" });
  const page = new EventTarget();
  Object.defineProperty(globalThis, "navigator", { value: { connection: information }, configurable: true });
  Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page), removeEventListener: page.removeEventListener.bind(page) });
  let changes = 0;
  const stop = onNetworkChange(() => changes++);
  const become = (type: string) => {
    information.type = type;
    information.dispatchEvent(new Event("change"));
  };
  become("wifi");
  assert.equal(changes, 0);
  become("none");
  assert.equal(changes, 0, "without a network there is nothing to repair");
  become("cellular");
  assert.equal(changes, 1);
  page.dispatchEvent(new Event("online"));
  assert.equal(changes, 2);
  stop();
  become("wifi");
  page.dispatchEvent(new Event("online"));
  assert.equal(changes, 2);
});
