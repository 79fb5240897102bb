import assert from "node:assert/strict";
import test from "node:test";
import { signal } from "@preact/signals";
import { Invitation } from "./invitation";
import type { LocalSources } from "./local-sources";

function setUp(mic: "off" | "on" = "off") {
  const calls: string[] = [];
  const local = {
    states: { mic: signal(mic), camera: signal("off"), screen: signal("off") },
    set: async (source: string, on: boolean) => void calls.push(`${source} ${on}`),
    decline: async (source: string) => void calls.push(`${source} declined`),
  } as unknown as LocalSources;
  return { calls, invitation: new Invitation(local) };
}

test("a device that a moderator opened is an invitation", () => {
  const { calls, invitation } = setUp();
  invitation.follow({ mic: 0, camera: 0 });
  invitation.follow({ mic: 1, camera: 1 });
  assert.deepEqual(invitation.devices.value, ["mic", "camera"]);
  assert.deepEqual(calls, [], "nothing opens by itself");
  invitation.accept(["mic"]);
  assert.deepEqual(calls, ["mic true", "camera declined"]);
  assert.deepEqual(invitation.devices.value, []);
});

test("a device that the user opened is no invitation", () => {
  const { invitation } = setUp("on");
  invitation.follow({ mic: 0, camera: 0 });
  invitation.follow({ mic: 1, camera: 0 });
  assert.deepEqual(invitation.devices.value, []);
});

test("an invitation can be withdrawn for each device", () => {
  const { invitation } = setUp();
  invitation.follow({ mic: 1, camera: 1 });
  invitation.follow({ mic: 1, camera: 0 });
  assert.deepEqual(invitation.devices.value, ["mic"]);
  invitation.follow({ mic: 0, camera: 0 });
  assert.deepEqual(invitation.devices.value, []);
});
