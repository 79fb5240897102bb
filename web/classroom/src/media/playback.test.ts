import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { Playback } from "./playback";

/** A sound element without sound. */
class FakeAudio {
  static all: FakeAudio[] = [];
  static refuses = false;
  srcObject: unknown = null;
  volume = 1;
  muted = false;
  plays = 0;
  constructor() {
    FakeAudio.all.push(this);
  }
  async play() {
    if (FakeAudio.refuses) throw Object.assign(new Error(), { name: "NotAllowedError" });
    this.plays++;
  }
}

beforeEach(() => {
  FakeAudio.all = [];
  FakeAudio.refuses = false;
  (globalThis as any).Audio = FakeAudio;
});

const stream = (name: string) => ({ name }) as unknown as MediaStream;

test("each voice has an audio element, which is removed with it", () => {
  const playback = new Playback();
  const li = stream("li");
  playback.set(new Map([["li", li]]));
  playback.set(new Map([["li", li], ["wang", stream("wang")]]));
  assert.equal(FakeAudio.all.length, 2);
  assert.equal(FakeAudio.all[0]!.plays, 1, "what plays is not begun again");
  playback.set(new Map());
  assert.equal(FakeAudio.all[0]!.srcObject, null);
});

test("the volume belongs to a person, whatever the slot", () => {
  const playback = new Playback();
  playback.change("wang", { volume: 0.3 });
  const slot = stream("slot");
  playback.set(new Map([["li", slot]]));
  playback.set(new Map([["wang", slot]]));
  const last = FakeAudio.all[FakeAudio.all.length - 1]!;
  assert.equal(last.volume, 0.3);
  playback.change("wang", { muted: true });
  assert.ok(last.muted);
  assert.equal(playback.of("li").volume, 1);
});

test("audio that the browser blocked plays after an interaction", async () => {
  const playback = new Playback();
  FakeAudio.refuses = true;
  playback.set(new Map([["li", stream("li")]]));
  await Promise.resolve();
  await Promise.resolve();
  assert.ok(playback.blocked.value);
  FakeAudio.refuses = false;
  await playback.resume();
  assert.ok(!playback.blocked.value);
  assert.equal(FakeAudio.all[0]!.plays, 1);
});
