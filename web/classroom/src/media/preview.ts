// The device check: previews of the devices before anybody else sees them.

import { signal, type Signal } from "@preact/signals";
import { devicePreferences, setDevicePreferences } from "./device-preferences";
import { listDevices, onDevicesChange, openDevice, type DeviceList, type PictureSize } from "./devices";
import { problemOf, type DeviceProblem } from "./problems";

type Tested = "camera" | "mic";

export class Preview {
  readonly devices: Signal<DeviceList> = signal({ camera: [], mic: [], speaker: [] });
  readonly tracks: Record<Tested, Signal<MediaStreamTrack | null>> = { camera: signal(null), mic: signal(null) };
  readonly problems: Record<Tested, Signal<DeviceProblem | null>> = { camera: signal(null), mic: signal(null) };
  /** Whether the browser is asking the user for permission. */
  readonly asking: Signal<boolean> = signal(false);

  private ended = false;
  private attempts: Record<Tested, number> = { camera: 0, mic: 0 };
  private readonly stopWatching = onDevicesChange(() => void this.list());

  constructor(private readonly size: PictureSize) {}

  /** Opens devices in sequence: browsers ask for one permission at a time. */
  async start(which: Tested[]): Promise<void> {
    this.asking.value = true;
    for (const source of which) await this.open(source);
    this.asking.value = false;
    await this.list();
  }

  /** Closes a device. */
  close(source: Tested): void {
    this.attempts[source]++;
    this.tracks[source].peek()?.stop();
    this.tracks[source].value = null;
    this.problems[source].value = null;
  }

  /** Selects another device. */
  async select(source: Tested | "speaker", deviceId: string): Promise<void> {
    setDevicePreferences({ [source]: deviceId });
    if (source !== "speaker" && this.tracks[source].peek()) await this.open(source);
  }

  /** Reloads the list of devices. */
  async list(): Promise<void> {
    try {
      this.devices.value = await listDevices();
    } catch {
      // The error is shown when a device is opened.
    }
  }

  /** Closes everything. */
  end(): void {
    this.ended = true;
    this.stopWatching();
    this.close("camera");
    this.close("mic");
  }

  /** The id of the device in use: the chosen one, or the one that the system selected. */
  current(source: keyof DeviceList): string {
    const used = source === "speaker" ? undefined : this.tracks[source].value?.getSettings?.().deviceId;
    return devicePreferences.value[source] || used || this.devices.value[source][0]?.deviceId || "";
  }

  private async open(source: Tested): Promise<void> {
    this.close(source);
    const attempt = this.attempts[source];
    try {
      const track = await openDevice(source, this.size);
      // Another device was chosen meanwhile, or the check has ended.
      if (this.ended || attempt !== this.attempts[source]) return track.stop();
      track.onended = () => this.close(source);
      this.tracks[source].value = track;
    } catch (error) {
      if (attempt === this.attempts[source]) this.problems[source].value = problemOf(error, source);
    }
  }
}
