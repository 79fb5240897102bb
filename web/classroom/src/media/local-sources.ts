// The local microphone, camera and screen: opens, publishes and closes them, within what the class allows.

import { signal, type Signal } from "@preact/signals";
import { SOURCES, type Source } from "./types";

export type SourceState = "off" | "opening" | "on";

/** A device could not be opened, the class refused, a moderator closed the source, or the device was lost. */
export type LocalSourceEvent =
  | { kind: "device"; source: Source; error: unknown }
  | { kind: "refused"; source: Source; error: unknown }
  | { kind: "taken"; source: Source }
  | { kind: "lost"; source: Source };

/** What this needs from outside. */
export interface LocalSourcesOptions {
  /** Opens the device, or asks the user for a screen. */
  open(source: Source): Promise<MediaStreamTrack>;
  /** Reports an event of the class (`report/event`). */
  report(event: string): Promise<unknown>;
  /** Publishes a track as this source; `null` publishes nothing. */
  send(source: Source, track: MediaStreamTrack | null): Promise<void>;
  /** Whether the connection has been up for a while. If so, a closed state was set by a moderator and not by the disconnect. */
  steady(): boolean;
  onEvent(event: LocalSourceEvent): void;
}

/** The names of the sources in event names. */
const EVENTS: Record<Source, string> = { mic: "mic", camera: "camera", screen: "screen_share" };
/** How long the device of a muted microphone stays open, in milliseconds, so that push-to-talk starts at once. */
const IDLE_MIC_MS = 20_000;
/** An event of the class may arrive this much after the reply of a later call, in milliseconds. */
const EVENT_DELAY_MS = 300;

/** The states of the three sources, 0 or 1. */
export type Allowed = Record<Source, number>;

export class LocalSources {
  readonly states: Record<Source, Signal<SourceState>> = { mic: signal("off"), camera: signal("off"), screen: signal("off") };
  /** The published tracks, for the local preview. */
  readonly tracks: Record<Source, Signal<MediaStreamTrack | null>> = { mic: signal(null), camera: signal(null), screen: signal(null) };

  private wanted: Record<Source, boolean> = { mic: false, camera: false, screen: false };
  private running: Partial<Record<Source, Promise<void>>> = {};
  private idleMic: MediaStreamTrack | null = null;
  private idleMicTimer: ReturnType<typeof setTimeout> | undefined;
  private allowed: Record<"member" | "permitted", Allowed | null> = { member: null, permitted: null };

  constructor(private readonly options: LocalSourcesOptions) {}

  isOn(source: Source): boolean {
    return this.states[source].value === "on";
  }

  /** Opens or closes a source. After several quick calls the last one counts. */
  set(source: Source, on: boolean): Promise<void> {
    this.wanted[source] = on;
    return (this.running[source] ??= this.applyWanted(source).finally(() => delete this.running[source]));
  }

  /** Closes a source in the class that a moderator opened and this user did not. */
  async decline(source: Source): Promise<void> {
    if (this.states[source].peek() === "off") await this.options.report(`${EVENTS[source]}_close`).catch(() => {});
  }

  /** Publishes the newly chosen device as the same source. */
  async change(source: Source): Promise<void> {
    if (source === "mic") this.releaseMic();
    if (this.states[source].peek() !== "on") return;
    // Phones can open only one camera at a time.
    this.tracks[source].peek()?.stop();
    try {
      const track = await this.options.open(source);
      if (this.states[source].peek() !== "on") return track.stop();
      this.setTrack(source, track);
      await this.options.send(source, track);
    } catch (error) {
      this.options.onEvent({ kind: "device", source, error });
      await this.set(source, false);
    }
  }

  /** Handles the states of the class (`member`), or what the media server permits (`permitted`). */
  updateAllowed(by: "member" | "permitted", now: Allowed): void {
    const before = this.allowed[by];
    this.allowed[by] = now;
    for (const source of SOURCES) {
      if (before?.[source] === 1 && now[source] === 0 && this.states[source].peek() === "on") {
        setTimeout(() => this.closeIfRevoked(source, by), EVENT_DELAY_MS);
      }
    }
  }

  /** After a reconnection: reports sources again that the class closed meanwhile. */
  async reopenClosed(): Promise<void> {
    for (const source of SOURCES) {
      if (this.states[source].peek() === "on" && this.allowed.member?.[source] === 0) await this.reopen(source);
    }
  }

  /** Closes everything without a report, because the user leaves. */
  stop(): void {
    for (const source of SOURCES) {
      this.wanted[source] = false;
      this.tracks[source].peek()?.stop();
      this.tracks[source].value = null;
      this.states[source].value = "off";
    }
    this.releaseMic();
  }

  private async applyWanted(source: Source): Promise<void> {
    while (this.wanted[source] !== (this.states[source].peek() === "on")) {
      if (this.wanted[source]) await this.open(source);
      else await this.close(source);
    }
  }

  private async open(source: Source): Promise<void> {
    this.states[source].value = "opening";
    let track: MediaStreamTrack;
    try {
      track = await this.acquireTrack(source);
    } catch (error) {
      return this.giveUp(source, { kind: "device", source, error });
    }
    if (!this.wanted[source]) {
      this.releaseTrack(source, track);
      this.states[source].value = "off";
      return;
    }
    try {
      await this.options.report(`${EVENTS[source]}_open`);
      await this.options.send(source, track);
    } catch (error) {
      track.stop();
      return this.giveUp(source, { kind: "refused", source, error });
    }
    this.setTrack(source, track);
    this.states[source].value = "on";
  }

  private giveUp(source: Source, event: LocalSourceEvent): void {
    this.wanted[source] = false;
    this.states[source].value = "off";
    this.options.onEvent(event);
  }

  private async close(source: Source): Promise<void> {
    await this.stopSending(source);
    // Nothing is sent any more, so a failed report does no harm.
    await this.options.report(`${EVENTS[source]}_close`).catch(() => {});
  }

  /** Stops publishing a source. */
  private async stopSending(source: Source): Promise<void> {
    const track = this.tracks[source].peek();
    this.tracks[source].value = null;
    this.states[source].value = "off";
    if (track) this.releaseTrack(source, track);
    await this.options.send(source, null).catch(() => {});
  }

  private async acquireTrack(source: Source): Promise<MediaStreamTrack> {
    const idle = source === "mic" ? this.idleMic : null;
    if (idle?.readyState !== "live") return this.options.open(source);
    clearTimeout(this.idleMicTimer);
    this.idleMic = null;
    return idle;
  }

  private setTrack(source: Source, track: MediaStreamTrack): void {
    this.tracks[source].value = track;
    // The device was unplugged, or sharing was stopped in the browser's own bar.
    track.onended = () => {
      if (this.tracks[source].peek() !== track) return;
      if (source !== "screen") this.options.onEvent({ kind: "lost", source });
      void this.set(source, false);
    };
  }

  private releaseTrack(source: Source, track: MediaStreamTrack): void {
    if (source !== "mic" || track.readyState !== "live") return track.stop();
    this.releaseMic();
    this.idleMic = track;
    this.idleMicTimer = setTimeout(() => this.releaseMic(), IDLE_MIC_MS);
  }

  private releaseMic(): void {
    clearTimeout(this.idleMicTimer);
    this.idleMic?.stop();
    this.idleMic = null;
  }

  private closeIfRevoked(source: Source, by: "member" | "permitted"): void {
    if (this.states[source].peek() !== "on" || this.allowed[by]?.[source] !== 0) return;
    // After a disconnect the server closes the state by itself.
    if (!this.options.steady()) {
      void this.reopen(source);
      return;
    }
    this.wanted[source] = false;
    void this.stopSending(source);
    this.releaseMic();
    this.options.onEvent({ kind: "taken", source });
  }

  private async reopen(source: Source): Promise<void> {
    try {
      await this.options.report(`${EVENTS[source]}_open`);
    } catch (error) {
      this.wanted[source] = false;
      await this.stopSending(source);
      this.options.onEvent({ kind: "refused", source, error });
    }
  }
}
