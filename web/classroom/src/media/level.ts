// The level meter of a microphone, and a test sound for the speaker.

/** Calls `show` with the level of a track, from 0 to 1, about 20 times a second. Returns a function that stops this. */
export function meter(track: MediaStreamTrack, show: (level: number) => void): () => void {
  let context: AudioContext;
  try {
    context = new AudioContext();
  } catch {
    return () => {};
  }
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  void context.resume();
  const samples = new Float32Array(analyser.fftSize);
  const tick = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    show(loudness(samples));
  }, 50);
  return () => {
    clearInterval(tick);
    source.disconnect();
    void context.close();
  };
}

/** The level of samples: 0 is silence (-60 dB), 1 is a loud voice (-10 dB). */
export function loudness(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at++) sum += samples[at]! ** 2;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, (decibels + 60) / 50));
}

/** Plays two tones on a speaker, given by its device id (empty for the default). */
export async function testSound(speaker: string): Promise<void> {
  const context = new AudioContext();
  const target = context.createMediaStreamDestination();
  const audio = new Audio();
  audio.srcObject = target.stream;
  if (speaker) await setSpeaker(audio, speaker);
  await context.resume();
  [523, 784].forEach((frequency, at) => {
    const start = context.currentTime + 0.1 + at * 0.35;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.3, start + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
    oscillator.connect(gain).connect(target);
    oscillator.start(start);
    oscillator.stop(start + 0.5);
  });
  await audio.play();
  setTimeout(() => {
    audio.srcObject = null;
    void context.close();
  }, 1_500);
}

/** Plays an element on a speaker, if the browser can. */
export async function setSpeaker(element: HTMLMediaElement, speaker: string): Promise<void> {
  try {
    await element.setSinkId?.(speaker);
  } catch {
    // The speaker was unplugged. The default one is used.
  }
}
