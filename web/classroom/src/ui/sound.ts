// Short sounds, synthesised with WebAudio. The user can switch them off.

import { signal } from "@preact/signals";
import { loadSetting, saveSetting } from "./storage";

/** Whether sounds are switched on. */
export const soundOn = signal(loadSetting("sound") !== "off");

export function setSound(on: boolean): void {
  saveSetting("sound", on ? "on" : "off");
  soundOn.value = on;
}

let context: AudioContext | undefined;

// Browsers allow sound only after the user has interacted with the page.
function wake(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
  } catch {
    // The browser does not support WebAudio.
  }
}
if (typeof document !== "undefined") {
  document.addEventListener("pointerdown", wake, { once: true });
  document.addEventListener("keydown", wake, { once: true });
}

/** Plays tones in sequence, each with a frequency in hertz and a length in seconds. */
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
/** Something arrived. */
export const noteSound = () => play([[740, 0.2]]);
