import assert from "node:assert/strict";
import test, { beforeEach, mock } from "node:test";
import { CallError } from "../channel/call";
import { MediaSession } from "./session";

/** A connection without a network. */
class FakePeer {
  static all: FakePeer[] = [];
  static get last(): FakePeer {
    return FakePeer.all[FakePeer.all.length - 1]!;
  }
  iceConnectionState = "new";
  connectionState = "new";
  closed = false;
  offers: string[] = [];
  answers = 0;
  localDescription: { sdp: string } | null = null;
  control = { readyState: "connecting", sent: [] as string[], send: (text: string) => void this.control.sent.push(text) } as any;
  oniceconnectionstatechange: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  constructor() {
    FakePeer.all.push(this);
  }
  createDataChannel() {
    return this.control;
  }
  async createOffer({ iceRestart }: { iceRestart: boolean }) {
    this.offers.push(iceRestart ? "repair" : "offer");
    return { sdp: `offer ${this.offers.length}` };
  }
  async setLocalDescription(offer: { sdp: string }) {
    this.localDescription = offer;
  }
  async setRemoteDescription() {
    this.answers++;
  }
  close() {
    this.closed = true;
  }
  ice(state: string) {
    this.iceConnectionState = state;
    this.oniceconnectionstatechange?.();
  }
}

interface Call {
  session: string;
  offer: string;
  answer: () => Promise<void>;
  refuse: (code: number) => Promise<void>;
}

let calls: Call[];
let ended: string[];
let messages: unknown[];
let opened: number;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  FakePeer.all = [];
  calls = [];
  ended = [];
  messages = [];
  opened = 0;
});

/** Lets everything run that waits for nothing. */
const settle = async () => {
  for (let n = 0; n < 12; n++) await Promise.resolve();
};

function session(): MediaSession {
  return new MediaSession({
    peer: async () => new FakePeer() as unknown as RTCPeerConnection,
    connect: (id, offer) =>
      new Promise((resolve, reject) => {
        calls.push({
          session: id,
          offer,
          answer: () => (resolve({ session: id || `s${calls.length}`, answer: "answer" }), settle()),
          refuse: (code) => (reject(new CallError(code, "")), settle()),
        });
      }),
    disconnect: async (id) => void ended.push(id),
    sent: () => [],
    reset: () => {},
    open: () => void opened++,
    message: (message) => void messages.push(message),
  });
}

const last = () => calls[calls.length - 1]!;

async function connected(): Promise<MediaSession> {
  const made = session();
  void made.start();
  await settle();
  await last().answer();
  FakePeer.last.ice("connected");
  return made;
}

async function pass(time: number): Promise<void> {
  mock.timers.tick(time);
  await settle();
}

test("a session starts with an offer without an id, and is connected with ICE", async () => {
  const made = session();
  void made.start();
  await settle();
  assert.equal(last().session, "");
  assert.equal(made.status.value, "connecting");
  await last().answer();
  FakePeer.last.ice("connected");
  assert.equal(made.status.value, "connected");
});

test("more slots need a new offer in the same session, one at a time", async () => {
  const made = await connected();
  made.offer();
  made.offer();
  made.offer();
  await settle();
  assert.equal(calls.length, 2);
  assert.equal(last().session, "s1");
  await last().answer();
  assert.equal(calls.length, 3, "what was wanted meanwhile follows, once");
  await last().answer();
  assert.equal(calls.length, 3);
});

test("a short disconnection changes nothing", async () => {
  const made = await connected();
  FakePeer.last.ice("disconnected");
  await pass(1_400);
  FakePeer.last.ice("connected");
  await pass(10_000);
  assert.equal(calls.length, 1);
  assert.equal(made.status.value, "connected");
});

test("after a longer disconnection ICE restarts in the same session", async () => {
  const made = await connected();
  FakePeer.last.ice("disconnected");
  await pass(1_500);
  assert.deepEqual(FakePeer.last.offers, ["offer", "repair"]);
  assert.equal(last().session, "s1");
  assert.equal(made.status.value, "recovering");
  await last().answer();
  FakePeer.last.ice("connected");
  assert.equal(made.status.value, "connected");
  await pass(10_000);
  assert.equal(FakePeer.all.length, 1);
});

test("an ICE restart that takes too long is replaced by a new connection and session", async () => {
  const made = await connected();
  FakePeer.last.ice("failed");
  await settle();
  await last().answer();
  await pass(3_000);
  await pass(0);
  assert.equal(FakePeer.all.length, 2);
  assert.ok(FakePeer.all[0]!.closed);
  assert.equal(last().session, "");
  await last().answer();
  FakePeer.last.ice("connected");
  assert.equal(made.status.value, "connected");
});

test("an ICE restart without an answer is offered again", async () => {
  const made = await connected();
  made.repair();
  await settle();
  await last().refuse(0);
  await pass(500);
  assert.deepEqual(FakePeer.last.offers, ["offer", "repair", "repair"]);
  assert.equal(last().session, "s1");
});

test("a session that the server has dropped is replaced at once", async () => {
  const made = await connected();
  made.repair();
  await settle();
  await last().refuse(10292);
  await pass(0);
  assert.equal(FakePeer.all.length, 2);
  assert.equal(last().session, "");
});

test("when the servers are full it tries again every second", async () => {
  const made = session();
  void made.start();
  await settle();
  await last().refuse(10291);
  assert.equal(made.status.value, "full");
  await pass(1_000);
  assert.equal(calls.length, 2);
  await last().answer();
  FakePeer.last.ice("connected");
  assert.equal(made.status.value, "connected");
});

test("a refusal ends the attempts until `retry`", async () => {
  const made = session();
  void made.start();
  await settle();
  await last().refuse(10203);
  await pass(60_000);
  assert.equal(calls.length, 1);
  assert.equal(made.status.value, "refused");
  made.retry();
  await settle();
  assert.equal(calls.length, 2);
});

test("the answer for an earlier connection is ignored", async () => {
  const made = session();
  void made.start();
  await settle();
  const early = last();
  await pass(10_000);
  await pass(0);
  assert.equal(FakePeer.all.length, 2);
  await early.answer();
  assert.equal(FakePeer.last.answers, 0);
  await last().answer();
  assert.equal(FakePeer.last.answers, 1);
  assert.equal(made.status.value, "recovering");
});

test("when the network comes back during a delay, it connects at once", async () => {
  const made = await connected();
  FakePeer.last.ice("failed");
  await settle();
  await last().refuse(10292);
  await pass(0);
  await last().refuse(0);
  assert.equal(FakePeer.all.length, 2);
  made.repair();
  await settle();
  assert.equal(FakePeer.all.length, 3);
});

test("messages of the control channel are passed on, except invalid JSON", async () => {
  const made = await connected();
  const { control } = FakePeer.last;
  made.send({ type: "view", videos: [] });
  assert.deepEqual(control.sent, [], "it is not open yet");
  control.readyState = "open";
  control.onopen();
  assert.equal(opened, 1);
  made.send({ type: "view", videos: [] });
  assert.equal(control.sent.length, 1);
  const { error } = console;
  console.error = () => {};
  control.onmessage({ data: "{" });
  console.error = error;
  control.onmessage({ data: '{"type":"slots","slots":[]}' });
  assert.deepEqual(messages, [{ type: "slots", slots: [] }]);
});

test("when the control channel closes, a new connection follows", async () => {
  await connected();
  FakePeer.last.control.onclose();
  await pass(0);
  assert.equal(FakePeer.all.length, 2);
});

test("`stop` ends the session at the server, and nothing follows", async () => {
  const made = await connected();
  made.stop();
  assert.deepEqual(ended, ["s1"]);
  await pass(60_000);
  made.repair();
  made.retry();
  await settle();
  assert.equal(calls.length, 1);
  assert.equal(made.status.value, "ended");
});
