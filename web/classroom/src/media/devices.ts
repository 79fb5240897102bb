// Lists and opens the media devices of this computer.

import { devicePreferences, setDevicePreferences } from "./device-preferences";
import { NoDevices } from "./problems";
import type { Settings, Source } from "./types";

/** The resolution and frame rate from the settings of the class. */
export type PictureSize = Pick<Settings, "width" | "height" | "fps">;

export interface DeviceList {
  camera: MediaDeviceInfo[];
  mic: MediaDeviceInfo[];
  speaker: MediaDeviceInfo[];
}

const KINDS: Record<keyof DeviceList, MediaDeviceKind> = { camera: "videoinput", mic: "audioinput", speaker: "audiooutput" };

/** The media devices of the browser. Throws when the page has no access to them. */
function mediaDevices(): MediaDevices {
  // Typed as always present, but undefined without https.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new NoDevices(window.isSecureContext ? "unsupported" : "insecure");
  return devices;
}

/** Whether the browser can play sound on a chosen speaker. */
export const canChooseSpeaker = typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;

/** Whether the browser can share a screen. Phones can't. */
export function canShareScreen(): boolean {
  return typeof navigator !== "undefined" && typeof navigator.mediaDevices?.getDisplayMedia === "function";
}

/** Lists all devices. Labels are empty until the user has allowed one of them. */
export async function listDevices(): Promise<DeviceList> {
  const all = await mediaDevices().enumerateDevices();
  const of = (kind: keyof DeviceList) => all.filter((device) => device.kind === KINDS[kind] && device.deviceId !== "");
  return { camera: of("camera"), mic: of("mic"), speaker: of("speaker") };
}

/** Calls `listener` when a device is plugged in or out. Returns a function that stops this. */
export function onDevicesChange(listener: () => void): () => void {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  devices?.addEventListener?.("devicechange", listener);
  return () => devices?.removeEventListener?.("devicechange", listener);
}

/** Opens the chosen device, or lets the user choose a screen. */
export async function openDevice(source: Source, size: PictureSize): Promise<MediaStreamTrack> {
  const devices = mediaDevices();
  if (source === "screen") {
    if (!devices.getDisplayMedia) throw new NoDevices("unsupported");
    // Text needs sharpness rather than a high frame rate.
    return first(await devices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false }), "detail");
  }
  const deviceId = devicePreferences.peek()[source];
  try {
    return await openOne(devices, source, size, deviceId);
  } catch (error) {
    const { name } = error as Partial<DOMException>;
    if (deviceId === "" || (name !== "OverconstrainedError" && name !== "NotFoundError")) throw error;
    // The chosen device is not plugged in, so the default one is used.
    const track = await openOne(devices, source, size, "");
    setDevicePreferences({ [source]: "" });
    return track;
  }
}

async function openOne(devices: MediaDevices, source: "mic" | "camera", size: PictureSize, deviceId: string): Promise<MediaStreamTrack> {
  const exact = deviceId ? { deviceId: { exact: deviceId } } : {};
  if (source === "mic") {
    const audio = { ...exact, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    return first(await devices.getUserMedia({ audio }), "speech");
  }
  const { width, height, fps } = size;
  const video = { ...exact, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: fps, max: Math.max(fps, 30) } };
  return first(await devices.getUserMedia({ video }), "motion");
}

function first(stream: MediaStream, hint: string): MediaStreamTrack {
  const [track] = stream.getTracks();
  if (!track) throw new DOMException("no track", "NotFoundError");
  if ("contentHint" in track) track.contentHint = hint;
  return track;
}
