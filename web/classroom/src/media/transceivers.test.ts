import assert from "node:assert/strict";
import test from "node:test";
import { cameraEncodings, Transceivers, slotsFor } from "./transceivers";
import type { Settings } from "./types";

const settings = { bitrate: 1000, width: 1280, height: 720, fps: 20 } as Settings;

class FakePeer {
  lines: any[] = [];
  addTransceiver(kind: string, init: RTCRtpTransceiverInit) {
    const line = { kind, ...init, mid: String(this.lines.length), receiver: { track: {} }, sender: { track: null as unknown, async replaceTrack(track: unknown) { this.track = track; } } };
    this.lines.push(line);
    return line;
  }
  of(direction: string, kind: string) {
    return this.lines.filter((line) => line.direction === direction && line.kind === kind);
  }
}

test("a camera has three layers, from low to high, and a small one has two or one", () => {
  assert.deepEqual(cameraEncodings({ bitrate: 1000, width: 1280, height: 720, fps: 15 }).map(({ rid, maxBitrate }) => [rid, maxBitrate]), [["l", 80_000], ["m", 200_000], ["h", 720_000]]);
  assert.deepEqual(cameraEncodings({ bitrate: 600, width: 640, height: 480, fps: 15 }).map(({ rid, maxBitrate, scaleResolutionDownBy }) => [rid, maxBitrate, scaleResolutionDownBy]), [["l", 150_000, 2], ["m", 450_000, 1]]);
  assert.equal(cameraEncodings({ bitrate: 1000, width: 320, height: 240, fps: 15 }).length, 1);
  assert.equal(cameraEncodings({ bitrate: 200, width: 1280, height: 720, fps: 15 }).length, 1);
});

test("no layer of a camera has more pictures a second than the class", () => {
  for (const bitrate of [1000, 200]) {
    const encodings = cameraEncodings({ bitrate, width: 1280, height: 720, fps: 15 });
    assert.ok(encodings.every(({ maxFramerate }) => maxFramerate === 15));
  }
});

test("slots grow in steps up to a maximum, and never shrink", () => {
  assert.equal(slotsFor("video", 0, 0), 4);
  assert.equal(slotsFor("video", 5, 4), 8);
  assert.equal(slotsFor("video", 1, 8), 8);
  assert.equal(slotsFor("video", 200, 8), 28);
});

test("a new connection has all m-lines and the published tracks", async () => {
  const transceivers = new Transceivers();
  const first = new FakePeer();
  transceivers.attach(first as unknown as RTCPeerConnection, settings);
  assert.deepEqual(transceivers.sendingLines(), [{ mid: "0", source: "mic" }, { mid: "1", source: "camera" }, { mid: "2", source: "screen" }]);
  const track = {} as MediaStreamTrack;
  await transceivers.send("mic", track);
  assert.equal(transceivers.ensureSlots(4, 4), false);
  assert.equal(transceivers.ensureSlots(4, 9), true);
  const second = new FakePeer();
  transceivers.attach(second as unknown as RTCPeerConnection, settings);
  assert.equal(second.of("recvonly", "video").length, 12);
  assert.equal(second.of("recvonly", "audio").length, 4);
  assert.equal(second.lines[0].sender.track, track);
});
