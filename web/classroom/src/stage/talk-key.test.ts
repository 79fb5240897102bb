import assert from "node:assert/strict";
import test from "node:test";
import { TalkKey } from "./talk-key";

const page = { closest: () => null };
const field = { closest: () => ({}) };
const space = (more: object = {}) => ({ key: " ", repeat: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, target: page, preventDefault() {}, ...more }) as unknown as KeyboardEvent;

function setUp(isOn = false) {
  const calls: boolean[] = [];
  return { calls, key: new TalkKey({ isOff: () => !isOn, set: (on) => void calls.push(on) }) };
}

test("the microphone is open while the space key is held", () => {
  const { calls, key } = setUp();
  key.down(space());
  key.down(space({ repeat: true }));
  key.up(space());
  assert.deepEqual(calls, [true, false]);
});

test("the key does nothing in text fields and with modifiers", () => {
  const { calls, key } = setUp();
  key.down(space({ target: field }));
  key.down(space({ isComposing: true }));
  key.down(space({ ctrlKey: true }));
  key.down(space({ key: "a" }));
  key.up(space());
  assert.deepEqual(calls, []);
});

test("an open microphone is not closed", () => {
  const { calls, key } = setUp(true);
  key.down(space());
  key.up(space());
  assert.deepEqual(calls, []);
});

test("losing the keyboard focus mutes the microphone", () => {
  const { calls, key } = setUp();
  key.down(space());
  key.up();
  key.up(space());
  assert.deepEqual(calls, [true, false]);
});
