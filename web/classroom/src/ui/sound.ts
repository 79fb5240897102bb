// Short soft sounds, made here: there is nothing to download. They can be switched off.

import { signal } from "@preact/signals";
import { keep, kept } from "./kept";

/** Whether the page may make sounds. */
export const soundOn = signal(kept("sound") !== "off");

export function setSound(on: boolean): void {
  keep("sound", on ? "on" : "off");
  soundOn.value = on;
}

let context: AudioContext | undefined;

// A browser lets a page sound only after somebody pressed something.
function wake(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
  } catch {
    // A browser without sound.
  }
}
if (typeof document !== "undefined") {
  document.addEventListener("pointerdown", wake, { once: true });
  document.addEventListener("keydown", wake, { once: true });
}

/** Plays tones one after the other: each a frequency in hertz and a length in seconds. */
export function play(tones: [frequency: number, length: number][]): void {
  if (!soundOn.value || !context || context.state !== "running") return;
  let at = context.currentTime;
  for (const [frequency, length] of tones) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.18, at + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.001, at + length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + length);
    at += length * 0.7;
  }
}

/** A hand was raised. */
export const handSound = () => play([[660, 0.16], [880, 0.3]]);
/** Time is up. */
export const timeSound = () => play([[880, 0.25], [660, 0.25], [880, 0.45]]);
/** Something came. */
export const noteSound = () => play([[740, 0.2]]);
