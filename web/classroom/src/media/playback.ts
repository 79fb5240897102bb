// Plays received audio: one audio element for each person, with the volume that this user chose.

import { signal, type Signal } from "@preact/signals";
import { setSpeaker } from "./level";

/** The volume of a person for this user, from 0 to 1. */
export interface Loudness {
  volume: number;
  muted: boolean;
}

const DEFAULT_LOUDNESS: Loudness = { volume: 1, muted: false };

export class Playback {
  /** The browser blocks audio until the user interacts with the page. */
  readonly blocked: Signal<boolean> = signal(false);
  /** By user id; only those that were changed. */
  readonly loudness: Signal<Record<string, Loudness>> = signal({});

  private voices = new Map<string, HTMLAudioElement>();
  private speaker = "";

  /** Sets the audio streams to play, by user id. */
  set(streams: Map<string, MediaStream>): void {
    this.voices.forEach((audio, user_id) => {
      if (streams.has(user_id)) return;
      audio.srcObject = null;
      this.voices.delete(user_id);
    });
    streams.forEach((stream, user_id) => {
      let audio = this.voices.get(user_id);
      if (audio?.srcObject === stream) return;
      if (!audio) {
        this.voices.set(user_id, (audio = new Audio()));
        audio.autoplay = true;
        if (this.speaker) void setSpeaker(audio, this.speaker);
      }
      audio.srcObject = stream;
      this.apply(user_id);
      void this.play(audio);
    });
  }

  /** The volume of a person. */
  of(user_id: string): Loudness {
    return this.loudness.value[user_id] ?? DEFAULT_LOUDNESS;
  }

  /** Changes the volume of a person for this user only. */
  change(user_id: string, change: Partial<Loudness>): void {
    this.loudness.value = { ...this.loudness.value, [user_id]: { ...this.of(user_id), ...change } };
    this.apply(user_id);
  }

  /** Plays all audio on another speaker. */
  useSpeaker(speaker: string): void {
    this.speaker = speaker;
    this.voices.forEach((audio) => void setSpeaker(audio, speaker));
  }

  /** Plays again after the user interacted with the page. */
  async resume(): Promise<void> {
    this.blocked.value = false;
    await Promise.all(Array.from(this.voices.values(), (audio) => this.play(audio)));
  }

  stop(): void {
    this.set(new Map());
  }

  private apply(user_id: string): void {
    const audio = this.voices.get(user_id);
    if (!audio) return;
    const { volume, muted } = this.of(user_id);
    audio.volume = volume;
    audio.muted = muted;
  }

  private async play(audio: HTMLAudioElement): Promise<void> {
    try {
      await audio.play();
    } catch (error) {
      // Other errors mean that the stream was removed meanwhile.
      if ((error as Partial<DOMException>).name === "NotAllowedError") this.blocked.value = true;
    }
  }
}
