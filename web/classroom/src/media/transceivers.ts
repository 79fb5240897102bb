// The m-lines of the connection to the media server: three that send (mic, camera, screen), and the slots that receive.

import type { SentLine, Settings, Source } from "./types";

/** The number of slots at first and of each extension, and the maximum. */
const SLOT_STEP = { audio: 4, video: 4 };
const MAX_SLOTS = { audio: 16, video: 28 };
/** The simulcast layers of a camera: share of the bit rate, and downscaling. */
const LAYERS = [
  { rid: "l", share: 0.08, scale: 4 },
  { rid: "m", share: 0.2, scale: 2 },
  { rid: "h", share: 0.72, scale: 1 },
];
/** Chromium sends no more layers than two below 960 x 540, and drops the last ones, which would be the largest. */
const TWO_LAYERS = [
  { rid: "l", share: 0.25, scale: 2 },
  { rid: "m", share: 0.75, scale: 1 },
];
const THREE_LAYERS_PIXELS = 960 * 540;
/** Below these values a camera has one layer. */
const SIMULCAST_HEIGHT = 360;
const SIMULCAST_BITRATE = 300;
/** The codecs that the server supports. An offer without the others is a tenth as long. */
const CODECS = /^(audio\/opus|video\/(vp8|h264|rtx))$/i;

type Kind = "audio" | "video";

/** The encodings of the camera: three simulcast layers, or two or one when the picture is small. */
export function cameraEncodings({ bitrate, width, height, fps }: Pick<Settings, "bitrate" | "width" | "height" | "fps">): RTCRtpEncodingParameters[] {
  const maxFramerate = Math.max(fps, 1);
  if (height < SIMULCAST_HEIGHT || bitrate < SIMULCAST_BITRATE) return [{ maxBitrate: bitrate * 1000, maxFramerate }];
  const layers = width * height < THREE_LAYERS_PIXELS ? TWO_LAYERS : LAYERS;
  return layers.map(({ rid, share, scale }) => ({ rid, maxBitrate: Math.round(bitrate * share * 1000), maxFramerate, scaleResolutionDownBy: scale }));
}

/** The number of slots to offer. It grows in steps, so that few new offers are needed. */
export function slotsFor(kind: Kind, wanted: number, now: number): number {
  const step = SLOT_STEP[kind];
  return Math.max(now, Math.min(MAX_SLOTS[kind], Math.ceil(Math.max(1, wanted) / step) * step));
}

export class Transceivers {
  private peer: RTCPeerConnection | null = null;
  private senders = new Map<Source, RTCRtpTransceiver>();
  private slots: Record<Kind, RTCRtpTransceiver[]> = { audio: [], video: [] };
  private tracks = new Map<Source, MediaStreamTrack>();
  private streams = new Map<RTCRtpTransceiver, MediaStream>();
  private wanted: Record<Kind, number> = { audio: SLOT_STEP.audio, video: SLOT_STEP.video };

  /** Adds all m-lines to a new connection, and continues to publish the current tracks. */
  attach(peer: RTCPeerConnection, settings: Settings): void {
    this.peer = peer;
    this.senders.clear();
    this.streams.clear();
    this.slots = { audio: [], video: [] };
    this.addSender("mic", "audio", []);
    this.addSender("camera", "video", cameraEncodings(settings));
    this.addSender("screen", "video", [{ maxBitrate: settings.bitrate * 2000 }]);
    this.grow();
  }

  /** Publishes a track as this source; `null` publishes nothing. */
  async send(source: Source, track: MediaStreamTrack | null): Promise<void> {
    if (track) this.tracks.set(source, track);
    else this.tracks.delete(source);
    await this.senders.get(source)?.sender.replaceTrack(track);
  }

  /** Makes sure that there are enough slots. Returns whether there are new ones, which need a new offer. */
  ensureSlots(audio: number, video: number): boolean {
    this.wanted = { audio, video };
    return this.peer !== null && this.grow();
  }

  /** Which m-line sends which source. An m-line has its id once the offer is set. */
  sendingLines(): SentLine[] {
    return Array.from(this.senders).flatMap(([source, { mid }]) => (mid === null ? [] : [{ mid, source }]));
  }

  /** The stream of a slot; always the same object for the same slot. */
  stream(mid: string): MediaStream | null {
    const slot = [...this.slots.audio, ...this.slots.video].find((one) => one.mid === mid);
    if (!slot) return null;
    let stream = this.streams.get(slot);
    if (!stream) this.streams.set(slot, (stream = new MediaStream([slot.receiver.track])));
    return stream;
  }

  private addSender(source: Source, kind: Kind, sendEncodings: RTCRtpEncodingParameters[]): void {
    if (!this.peer) return;
    let line: RTCRtpTransceiver;
    try {
      line = this.peer.addTransceiver(kind, { direction: "sendonly", sendEncodings });
    } catch {
      // Older browsers do not support simulcast.
      line = this.peer.addTransceiver(kind, { direction: "sendonly" });
    }
    preferCodecs(line, kind);
    this.senders.set(source, line);
    const track = this.tracks.get(source);
    if (track) void line.sender.replaceTrack(track);
  }

  private grow(): boolean {
    const before = this.slots.audio.length + this.slots.video.length;
    for (const kind of ["audio", "video"] as const) {
      const number = slotsFor(kind, this.wanted[kind], this.slots[kind].length);
      while (this.peer && this.slots[kind].length < number) {
        const line = this.peer.addTransceiver(kind, { direction: "recvonly" });
        preferCodecs(line, kind);
        this.slots[kind].push(line);
      }
    }
    return this.slots.audio.length + this.slots.video.length > before;
  }
}

/** Offers only the codecs that the server supports, VP8 first. */
function preferCodecs(line: RTCRtpTransceiver, kind: Kind): void {
  const capabilities = typeof RTCRtpReceiver === "undefined" ? null : RTCRtpReceiver.getCapabilities?.(kind);
  const codecs = capabilities?.codecs.filter(({ mimeType }) => CODECS.test(mimeType)) ?? [];
  const rank = ({ mimeType }: { mimeType: string }) => Number(!/vp8/i.test(mimeType)) + Number(/rtx/i.test(mimeType));
  try {
    if (codecs.length > 0) line.setCodecPreferences?.(codecs.sort((a, b) => rank(a) - rank(b)));
  } catch {
    // All codecs are offered.
  }
}
