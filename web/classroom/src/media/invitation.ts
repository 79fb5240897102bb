// A moderator invites this user to open the microphone or camera. No device opens without consent.

import { signal, type Signal } from "@preact/signals";
import type { LocalSources } from "./local-sources";

const DEVICES = ["mic", "camera"] as const;
type Device = (typeof DEVICES)[number];

export class Invitation {
  /** The devices of the invitation. Empty when there is none. */
  readonly devices: Signal<Device[]> = signal([]);
  private before: Record<Device, number> = { mic: 0, camera: 0 };

  constructor(private readonly local: LocalSources) {}

  /** Handles this user's states in the class: 1 for a device that is not open is an invitation, 0 withdraws it. */
  follow(self: Record<Device, number>): void {
    const { before } = this;
    this.before = { mic: self.mic, camera: self.camera };
    const now = this.devices.peek().filter((device) => self[device] === 1);
    const added = DEVICES.filter((device) => before[device] === 0 && self[device] === 1 && this.local.states[device].peek() === "off");
    if (added.length === 0 && now.length === this.devices.peek().length) return;
    this.devices.value = DEVICES.filter((device) => now.includes(device) || added.includes(device));
  }

  /** Opens these devices, and closes the others in the class. */
  accept(devices: Device[]): void {
    const invited = this.devices.peek();
    this.devices.value = [];
    for (const device of invited) void (devices.includes(device) ? this.local.set(device, true) : this.local.decline(device));
  }
}
