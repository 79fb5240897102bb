import assert from "node:assert/strict";
import test, { beforeEach, mock } from "node:test";
import { CallError, Connection } from "./connection";
import type { ClassEvent, Welcome } from "./types";

/** The server's end of a socket, as a test sees it. */
class FakeSocket {
  static all: FakeSocket[] = [];
  static OPEN = 1;
  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1]!;
  }
  readyState = 0;
  sent: any[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number; reason: string }) => void) | null = null;
  constructor(readonly address: string) {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  receive(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  drop(code = 1006, reason = ""): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
  welcome(sequence = 1, snapshot: object | undefined = {}): void {
    this.open();
    this.receive({ type: "welcome", id: 0, user_id: "li", role: "teacher", sequence, time: 0, ping_seconds: 10, snapshot });
  }
  of(type: string): any[] {
    return this.sent.filter((message) => message.type === type);
  }
}

const page = globalThis as any;
const events: ClassEvent[] = [];
const welcomes: Welcome[] = [];
/** Whether the listener throws. */
let breaks = false;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  FakeSocket.all = [];
  events.length = welcomes.length = 0;
  page.WebSocket = FakeSocket;
  page.document = { visibilityState: "visible", addEventListener() {}, removeEventListener() {} };
  page.addEventListener = page.removeEventListener = () => {};
});

function connect(): Connection {
  const credentials = { sdkappid: 1, user_id: "li", token: "t", class_id: 2, password: "" };
  const connection = new Connection("ws://x/saas/v1/channel", credentials, {
    welcome: (welcome) => welcomes.push(welcome),
    event: (event) => {
      if (breaks) throw new Error("broken");
      events.push(event);
    },
  });
  connection.open();
  return connection;
}

test("signs in with the first message and not in the address", () => {
  const connection = connect();
  FakeSocket.last.welcome();
  assert.ok(!FakeSocket.last.address.includes("token"));
  assert.equal(FakeSocket.last.sent[0].type, "sign_in");
  assert.equal(FakeSocket.last.sent[0].token, "t");
  assert.equal(connection.status.value, "open");
  connection.close();
});

test("reconnects by itself and sends the sequence of the last event", () => {
  const connection = connect();
  FakeSocket.last.welcome(5);
  FakeSocket.last.receive({ type: "event", sequence: 8, event: "timer", data: null });
  FakeSocket.last.receive({ type: "pong", sequence: 9, time: 0 });
  FakeSocket.last.drop();
  assert.equal(connection.status.value, "waiting");
  mock.timers.tick(1000);
  FakeSocket.last.open();
  assert.equal(FakeSocket.all.length, 2);
  assert.equal(FakeSocket.last.sent[0].last, 9);
  connection.close();
});

test("a welcome without a snapshot doesn't skip the events that follow it", () => {
  const connection = connect();
  FakeSocket.last.welcome(5);
  FakeSocket.last.drop();
  mock.timers.tick(1000);
  FakeSocket.last.open();
  FakeSocket.last.receive({ type: "welcome", id: 0, role: "teacher", sequence: 20, time: 0, ping_seconds: 10 });
  FakeSocket.last.receive({ type: "event", sequence: 12, event: "timer", data: null });
  FakeSocket.last.drop();
  mock.timers.tick(2000);
  FakeSocket.last.open();
  assert.equal(FakeSocket.last.sent[0].last, 12);
  connection.close();
});

test("a call that was not sent yet waits for the connection", async () => {
  const connection = connect();
  const answer = connection.call("board/add", { class_id: 2 });
  FakeSocket.last.welcome();
  const [call] = FakeSocket.last.of("call");
  assert.equal(call.call, "board/add");
  FakeSocket.last.receive({ type: "reply", id: call.id, body: { error_code: 0, error_msg: "", page: "w2" } });
  assert.equal((await answer).page, "w2");
  connection.close();
});

test("after a lost answer, repeatable calls are sent again and others fail", async () => {
  const connection = connect();
  FakeSocket.last.welcome();
  const once = connection.call("class/stop", {});
  const again = connection.call("board/draw", {}, { repeatable: true });
  FakeSocket.last.drop();
  await assert.rejects(once, (error: CallError) => error.code === 0);
  mock.timers.tick(1000);
  FakeSocket.last.welcome();
  const calls = FakeSocket.last.of("call");
  assert.deepEqual(calls.map((call) => call.call), ["board/draw"]);
  FakeSocket.last.receive({ type: "reply", id: calls[0].id, body: { error_code: 0, error_msg: "" } });
  assert.equal((await again).error_code, 0);
  connection.close();
});

test("a failed call rejects with its error code", async () => {
  const connection = connect();
  FakeSocket.last.welcome();
  const answer = connection.call("class/start", {});
  FakeSocket.last.receive({ type: "reply", id: FakeSocket.last.of("call")[0].id, body: { error_code: 10203, error_msg: "no" } });
  await assert.rejects(answer, (error: CallError) => error.code === 10203);
  connection.close();
});

test("pings, and replaces a connection that doesn't answer", () => {
  const connection = connect();
  FakeSocket.last.welcome();
  mock.timers.tick(11_000);
  assert.equal(FakeSocket.last.of("ping").length, 1);
  for (let second = 0; second < 10; second++) mock.timers.tick(1000);
  assert.ok(FakeSocket.all.length >= 2);
  assert.notEqual(connection.status.value, "open");
  connection.close();
});

test("after a sleep, a connection that doesn't answer soon is replaced", () => {
  const connection = connect();
  FakeSocket.last.welcome();
  const { now } = Date;
  Date.now = () => now() + 3_600_000;
  mock.timers.tick(1000);
  assert.equal(FakeSocket.last.of("ping").length, 1);
  for (let second = 0; second < 8; second++) mock.timers.tick(1000);
  Date.now = now;
  assert.equal(FakeSocket.all.length, 2);
  connection.close();
});

test("after an event that can't be applied, a snapshot is requested", () => {
  mock.method(console, "error", () => {});
  const connection = connect();
  FakeSocket.last.welcome(5);
  breaks = true;
  FakeSocket.last.receive({ type: "event", sequence: 6, event: "timer", data: null });
  breaks = false;
  mock.timers.tick(1000);
  FakeSocket.last.open();
  assert.equal(FakeSocket.all.length, 2);
  assert.equal(FakeSocket.last.sent[0].last, 0);
  connection.close();
});

test("a refused sign-in ends the connection with its error; a busy server is tried again", () => {
  let connection = connect();
  FakeSocket.last.open();
  FakeSocket.last.receive({ type: "refused", id: 0, error_code: 10226, error_msg: "not in the list" });
  FakeSocket.last.drop(4001, "refused");
  assert.equal(connection.end.value?.error?.code, 10226);
  assert.equal(connection.status.value, "ended");

  connection = connect();
  FakeSocket.last.open();
  FakeSocket.last.receive({ type: "refused", id: 0, error_code: 10291, error_msg: "busy" });
  FakeSocket.last.drop(4001, "refused");
  assert.equal(connection.status.value, "waiting");
  connection.close();
});

test("does not reconnect after a removal, and reconnects after a timeout", () => {
  let connection = connect();
  FakeSocket.last.welcome();
  FakeSocket.last.drop(4002, "kicked");
  assert.deepEqual(connection.end.value, { code: 4002, reason: "kicked", error: undefined });

  connection = connect();
  FakeSocket.last.welcome();
  FakeSocket.last.drop(4002, "timeout");
  assert.equal(connection.status.value, "waiting");
  connection.close();
});
