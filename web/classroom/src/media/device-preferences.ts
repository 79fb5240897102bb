// The camera, microphone and speaker that the user chose in this browser.

import { signal } from "@preact/signals";
import { loadSetting, saveSetting } from "../ui/storage";

/** Device ids (empty for the default), whether camera and microphone may open automatically, and whether the own picture is mirrored. */
export interface DevicePreferences {
  camera: string;
  mic: string;
  speaker: string;
  useCamera: boolean;
  useMic: boolean;
  mirror: boolean;
}

const DEFAULTS: DevicePreferences = { camera: "", mic: "", speaker: "", useCamera: true, useMic: true, mirror: true };

/** Parses stored preferences. Missing and invalid values get their defaults. */
export function parseDevicePreferences(text: string | null): DevicePreferences {
  try {
    const found = JSON.parse(text ?? "{}") as Record<string, unknown>;
    const entries = Object.entries(DEFAULTS).map(([name, value]) => [name, typeof found[name] === typeof value ? found[name] : value]);
    return Object.fromEntries(entries) as unknown as DevicePreferences;
  } catch {
    return { ...DEFAULTS };
  }
}

const STORAGE_KEY = "devices";

export const devicePreferences = signal<DevicePreferences>(parseDevicePreferences(loadSetting(STORAGE_KEY)));

/** Whether the user has chosen devices in this browser before. */
export function hasDevicePreferences(): boolean {
  return loadSetting(STORAGE_KEY) !== null;
}

/** Changes the preferences and stores them. */
export function setDevicePreferences(change: Partial<DevicePreferences>): void {
  devicePreferences.value = { ...devicePreferences.peek(), ...change };
  saveSetting(STORAGE_KEY, JSON.stringify(devicePreferences.peek()));
}
