// Push-to-talk: the microphone is open while the space key is held.

/** The microphone. */
export interface Mic {
  isOff(): boolean;
  set(on: boolean): void;
}

/** The fields of a key event that are used. */
type Key = Pick<KeyboardEvent, "key" | "repeat" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "target" | "preventDefault">;

/** Elements that handle the space key themselves. */
const USES_SPACE = "input, textarea, select, button, a[href], summary, video, audio, [contenteditable], [role='dialog'], [role='menu'], [role='tab'], .panel-body";

export class TalkKey {
  private talking = false;

  constructor(private readonly mic: Mic) {}

  down(event: Key): void {
    if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (this.talking) return event.preventDefault();
    if (event.repeat || (event.target as Partial<Element> | null)?.closest?.(USES_SPACE) || !this.mic.isOff()) return;
    event.preventDefault();
    this.talking = true;
    this.mic.set(true);
  }

  /** The key was released, or the page lost the keyboard focus. */
  up(event?: Pick<Key, "key">): void {
    if (!this.talking || (event && event.key !== " ")) return;
    this.talking = false;
    this.mic.set(false);
  }
}
