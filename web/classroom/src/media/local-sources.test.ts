import assert from "node:assert/strict";
import test, { beforeEach, mock } from "node:test";
import { CallError } from "../channel/call";
import { LocalSources, type Allowed, type LocalSourceEvent } from "./local-sources";
import type { Source } from "./types";

class FakeTrack {
  static made: FakeTrack[] = [];
  readyState = "live";
  onended: (() => void) | null = null;
  constructor(readonly source: Source) {
    FakeTrack.made.push(this);
  }
  stop() {
    this.readyState = "ended";
  }
}

let reports: string[];
let sent: string[];
let happened: LocalSourceEvent[];
let refuse: CallError | null;
let deviceError: Error | null;
let steady: boolean;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  FakeTrack.made = [];
  reports = [];
  sent = [];
  happened = [];
  refuse = deviceError = null;
  steady = true;
});

const own = () =>
  new LocalSources({
    open: async (source) => {
      if (deviceError) throw deviceError;
      return new FakeTrack(source) as unknown as MediaStreamTrack;
    },
    report: async (event) => {
      reports.push(event);
      if (refuse) throw refuse;
    },
    send: async (source, track) => void sent.push(`${source} ${track ? "on" : "off"}`),
    steady: () => steady,
    onEvent: (event) => void happened.push(event),
  });

const states = (more: Partial<Allowed> = {}): Allowed => ({ mic: 0, camera: 0, screen: 0, ...more });

async function late(): Promise<void> {
  mock.timers.tick(300);
  for (let n = 0; n < 12; n++) await Promise.resolve();
}

test("a microphone is reported before it is sent, and not sent before it is reported closed", async () => {
  const mine = own();
  await mine.set("mic", true);
  assert.deepEqual(reports, ["mic_open"]);
  assert.deepEqual(sent, ["mic on"]);
  assert.equal(mine.states.mic.value, "on");
  await mine.set("mic", false);
  assert.deepEqual(reports, ["mic_open", "mic_close"]);
  assert.deepEqual(sent, ["mic on", "mic off"]);
});

test("with a full stage nothing is sent and the device is closed", async () => {
  const mine = own();
  refuse = new CallError(10228, "");
  await mine.set("camera", true);
  assert.deepEqual(sent, []);
  assert.equal(mine.states.camera.value, "off");
  assert.equal(FakeTrack.made[0]!.readyState, "ended");
  assert.equal(happened[0]!.kind, "refused");
});

test("a device that does not open is not reported", async () => {
  const mine = own();
  deviceError = new Error("busy");
  await mine.set("camera", true);
  assert.deepEqual(reports, []);
  assert.deepEqual(happened, [{ kind: "device", source: "camera", error: deviceError }]);
});

test("a muted microphone is kept open for a while", async () => {
  const mine = own();
  await mine.set("mic", true);
  await mine.set("mic", false);
  await mine.set("mic", true);
  assert.equal(FakeTrack.made.length, 1);
  await mine.set("mic", false);
  mock.timers.tick(20_000);
  assert.equal(FakeTrack.made[0]!.readyState, "ended");
  await mine.set("mic", true);
  assert.equal(FakeTrack.made.length, 2);
});

test("closing the camera stops the device at once", async () => {
  const mine = own();
  await mine.set("camera", true);
  await mine.set("camera", false);
  assert.equal(FakeTrack.made[0]!.readyState, "ended");
});

test("after several quick calls the last one counts", async () => {
  const mine = own();
  void mine.set("mic", true);
  void mine.set("mic", false);
  await mine.set("mic", true);
  assert.equal(mine.states.mic.value, "on");
  void mine.set("mic", false);
  void mine.set("mic", true);
  await mine.set("mic", false);
  assert.equal(mine.states.mic.value, "off");
});

for (const by of ["member", "permitted"] as const) {
  test(`a source that a moderator closed is not sent any more (${by})`, async () => {
    const mine = own();
    mine.updateAllowed(by, states());
    await mine.set("mic", true);
    mine.updateAllowed(by, states({ mic: 1 }));
    mine.updateAllowed(by, states());
    await late();
    assert.equal(mine.states.mic.value, "off");
    assert.deepEqual(sent, ["mic on", "mic off"]);
    assert.deepEqual(reports, ["mic_open"], "nothing is to be reported");
    assert.deepEqual(happened, [{ kind: "taken", source: "mic" }]);
  });
}

test("a late event of closing does not close a source that was opened again", async () => {
  const mine = own();
  await mine.set("mic", true);
  mine.updateAllowed("member", states({ mic: 1 }));
  await mine.set("mic", false);
  await mine.set("mic", true);
  mine.updateAllowed("member", states());
  mine.updateAllowed("member", states({ mic: 1 }));
  await late();
  assert.equal(mine.states.mic.value, "on");
});

test("a source that the server closed after a disconnect is reported again", async () => {
  const mine = own();
  await mine.set("mic", true);
  mine.updateAllowed("member", states({ mic: 1 }));
  steady = false;
  mine.updateAllowed("member", states());
  await late();
  assert.deepEqual(reports, ["mic_open", "mic_open"]);
  assert.equal(mine.states.mic.value, "on");
  await mine.reopenClosed();
  assert.equal(reports.length, 3);
});

test("a screen whose sharing ends in the browser is closed, and an unplugged device is reported", async () => {
  const mine = own();
  await mine.set("screen", true);
  FakeTrack.made[0]!.onended!();
  await mine.set("screen", false);
  assert.deepEqual(reports, ["screen_share_open", "screen_share_close"]);
  assert.deepEqual(happened, []);
  await mine.set("camera", true);
  FakeTrack.made[1]!.onended!();
  assert.deepEqual(happened, [{ kind: "lost", source: "camera" }]);
});

test("changing the device needs no report", async () => {
  const mine = own();
  await mine.set("camera", true);
  await mine.change("camera");
  assert.equal(FakeTrack.made[0]!.readyState, "ended");
  assert.deepEqual(reports, ["camera_open"]);
  assert.deepEqual(sent, ["camera on", "camera on"]);
});

test("the source closes when the new device does not open", async () => {
  const mine = own();
  await mine.set("camera", true);
  deviceError = new Error("busy");
  await mine.change("camera");
  assert.equal(mine.states.camera.value, "off");
  assert.deepEqual(reports, ["camera_open", "camera_close"]);
  assert.equal(happened[0]!.kind, "device");
});
