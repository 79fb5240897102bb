// The wire types of audio and video, as docs/protocols/classroom.md describes them.

/** What a person can publish. */
export type Source = "mic" | "camera" | "screen";
export const SOURCES: Source[] = ["mic", "camera", "screen"];

/** The reply of `media/settings`. `bitrate` in kbit/s. */
export interface Settings {
  enabled: number;
  ice_servers: RTCIceServer[];
  bitrate: number;
  width: number;
  height: number;
  fps: number;
  auto_open_mic: number;
  auto_open_camera: number;
  max_member_limit: number;
}

/** Which m-line of an offer sends which source. */
export interface SentLine {
  mid: string;
  source: Source;
}

/** The reply of `media/connect`; `answer` is SDP. */
export interface Connected {
  session: string;
  answer: string;
}

/** A source of a person. */
export interface SourceName {
  user_id: string;
  source: Source;
}

/** A slot, and the source that the server sends in it. */
export interface Slot extends SourceName {
  mid: string;
}

/** A published source. `height` is that of a video, in pixels. */
export interface SentSource extends SourceName {
  height?: number;
}

/** `level` from 1 to 127. */
export interface Speaker {
  user_id: string;
  level: number;
}

/** The network quality of a person: `loss` from 0 to 1, `round_trip` in milliseconds. */
export interface PersonQuality {
  user_id: string;
  loss: number;
  round_trip: number;
}

/** Which of this user's sources the server forwards. */
export type Permitted = Record<Source, number>;

/** What the server sends over the data channel `control`. */
export type ControlMessage =
  | { type: "slots"; slots: Slot[] }
  | { type: "sources"; sources: SentSource[] }
  | ({ type: "permitted" } & Permitted)
  | { type: "speakers"; speakers: Speaker[] }
  | { type: "quality"; people: PersonQuality[]; estimate: number }
  | { type: "paused"; sources: SourceName[] };

/** A video that the page shows, with its height in device pixels. */
export interface ShownVideo extends SourceName {
  height: number;
}

/** A key for a source of a person. */
export function keyOf({ user_id, source }: SourceName): string {
  return `${source}/${user_id}`;
}
