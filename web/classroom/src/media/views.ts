// Requests the videos that the page shows, in the sizes that it shows. The server sends no others.

import { keyOf, type ShownVideo } from "./types";

/** The minimum time between two messages, in milliseconds. */
const MIN_INTERVAL_MS = 250;
/** Heights are rounded up to a multiple of this, so that small layout changes send nothing. */
const HEIGHT_STEP = 8;

/** A video on the screen. A lower `rank` is more important. */
interface View extends ShownVideo {
  rank: number;
}

export class Views {
  private shown = new Map<object, View>();
  private isHidden = false;
  /** The last message, as JSON. */
  private sent = "";
  private last = -MIN_INTERVAL_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (videos: ShownVideo[]) => void) {}

  /** Sets the video of an element, or `null` when it shows none any more. `height` is in device pixels. */
  set(element: object, view: View | null): void {
    if (view && view.height > 0) this.shown.set(element, { ...view, height: Math.ceil(view.height / HEIGHT_STEP) * HEIGHT_STEP });
    else this.shown.delete(element);
    this.schedule();
  }

  /** The page was hidden or shown. */
  hide(hidden: boolean): void {
    this.isHidden = hidden;
    this.schedule();
  }

  /** Sends the list again, to a new connection. */
  repeat(): void {
    this.sent = "";
    this.schedule();
  }

  /** Stops sending. */
  stop(): void {
    clearTimeout(this.timer);
    this.shown.clear();
  }

  private list(): ShownVideo[] {
    if (this.isHidden) return [];
    const all = Array.from(this.shown.values()).sort((a, b) => a.rank - b.rank);
    // A video may be shown in two elements. The larger height counts.
    const found = new Map<string, ShownVideo>();
    for (const { user_id, source, height } of all) {
      const key = keyOf({ user_id, source });
      found.set(key, { user_id, source, height: Math.max(height, found.get(key)?.height ?? 0) });
    }
    return Array.from(found.values());
  }

  private schedule(): void {
    if (this.timer !== undefined) return;
    const wait = Math.min(MIN_INTERVAL_MS, this.last + MIN_INTERVAL_MS - Date.now());
    // Delayed at least until all elements of this rendering are set.
    this.timer = setTimeout(() => this.flush(), Math.max(0, wait));
  }

  private flush(): void {
    this.timer = undefined;
    const videos = this.list();
    const text = JSON.stringify(videos);
    if (text === this.sent) return;
    this.sent = text;
    this.last = Date.now();
    this.send(videos);
  }
}
