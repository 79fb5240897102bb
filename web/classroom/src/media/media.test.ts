import assert from "node:assert/strict";
import test, { beforeEach, mock } from "node:test";
import { signal } from "@preact/signals";
import type { Room } from "../state/room";
import { Media } from "./media";

const page = globalThis as any;
let answers: (object | null)[];
let asked: string[];

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  answers = [];
  asked = [];
  page.document = { documentElement: { dataset: { root: "../../" } } };
  page.location = { href: "https://class.example.com/1/100000001/1" };
  page.RTCPeerConnection = class {};
  page.fetch = async (address: string) => {
    asked.push(new URL(address).pathname);
    const answer = answers.shift();
    if (!answer) throw new TypeError("no network");
    return { json: async () => answer };
  };
});

function media(role = "student", mayDraw = false): Media {
  const room = { me: "wang", classId: 100000001, credentials: { sdkappid: 1, user_id: "wang", token: "t" }, role: signal(role), mayDraw: signal(mayDraw) };
  return new Media(room as unknown as Room, () => {});
}

const settle = async () => {
  for (let n = 0; n < 12; n++) await Promise.resolve();
};
const settings = (more: object = {}) => ({ error_code: 0, error_msg: "", enabled: 1, ice_servers: [], ...more });

test("a class whose server has media has voice and picture", async () => {
  const made = media();
  answers = [settings()];
  await made.load();
  assert.equal(made.mode.value, "on");
  assert.deepEqual(asked, ["/saas/v1/media/settings"]);
  assert.ok(made.maySend.value);
  assert.ok(!made.mayShare.value);
});

test("without media on the server, or in the browser, there is none", async () => {
  const off = media();
  answers = [settings({ enabled: 0 })];
  await off.load();
  assert.equal(off.mode.value, "off");
  const unsupported = media();
  delete page.RTCPeerConnection;
  answers = [settings()];
  await unsupported.load();
  assert.equal(unsupported.mode.value, "unsupported");
});

test("a server without the call has no media, at once", async () => {
  const made = media();
  answers = [{ error_code: 10002, error_msg: "" }];
  await made.load();
  assert.equal(made.mode.value, "off");
});

test("without an answer the call is repeated a few times", async () => {
  const made = media();
  await made.load();
  assert.equal(made.mode.value, "unknown");
  answers = [null, settings()];
  for (let n = 0; n < 2; n++) {
    mock.timers.tick(1_000);
    await settle();
  }
  assert.equal(made.mode.value, "on");
  const silent = media();
  await silent.load();
  for (let n = 0; n < 5; n++) {
    mock.timers.tick(1_000);
    await settle();
  }
  assert.equal(silent.mode.value, "off");
});

test("observers may not publish; moderators and pupils who may draw may share their screens", async () => {
  for (const [role, mayDraw, sends, shares] of [["supervisor", false, false, false], ["teacher", true, true, true], ["student", true, true, true], ["student", false, true, false]] as const) {
    const made = media(role, mayDraw);
    answers = [settings()];
    await made.load();
    assert.equal(made.maySend.value, sends, role);
    assert.equal(made.mayShare.value, shares, role);
  }
});
