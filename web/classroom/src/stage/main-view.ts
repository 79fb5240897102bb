// The content of the main area: the board, a shared screen, the active speaker, or the grid.

import { effect, signal, type Signal } from "@preact/signals";
import type { Media } from "../media";
import { NO_SPEAKER, nextActiveSpeaker, type ActiveSpeaker } from "../media/speaker";
import { loadSetting, saveSetting } from "../ui/storage";
import { updateRecentSpeakers } from "./arrange";

export type Layout = "board" | "speaker" | "grid";
export const LAYOUTS: Layout[] = ["board", "speaker", "grid"];

/** The current content. */
export type MainContent = { kind: Layout } | { kind: "screen"; user_id: string };

/**
 * A shared screen comes to the front automatically, until it ends or the user chooses something else.
 * `wanted` is the user whose screen was chosen, `seen` are the users whose screens were dismissed.
 */
export function contentOf(layout: Layout, screens: string[], wanted: string | null, seen: ReadonlySet<string>): MainContent {
  if (wanted !== null && screens.includes(wanted)) return { kind: "screen", user_id: wanted };
  const unseen = screens.find((user_id) => !seen.has(user_id));
  return unseen === undefined ? { kind: layout } : { kind: "screen", user_id: unseen };
}

export class MainView {
  readonly layout: Signal<Layout> = signal(LAYOUTS.find((one) => one === loadSetting("stage")) ?? "board");
  /** The strip shows names instead of pictures. */
  readonly collapsed: Signal<boolean> = signal(loadSetting("stage.small") === "yes");
  readonly recent: Signal<string[]> = signal([]);
  readonly activeSpeaker: Signal<ActiveSpeaker> = signal(NO_SPEAKER);
  private readonly wanted: Signal<string | null> = signal(null);
  private readonly seen: Signal<ReadonlySet<string>> = signal(new Set<string>());

  constructor(private readonly media: Media, private readonly me: string) {
    effect(() => {
      const now = media.speakers.value.map((one) => one.user_id);
      this.recent.value = updateRecentSpeakers(this.recent.peek(), now);
    });
    effect(() => {
      // A screen that is shared again comes to the front again.
      const now = this.screens();
      const left = Array.from(this.seen.peek()).filter((user_id) => now.includes(user_id));
      if (left.length !== this.seen.peek().size) this.seen.value = new Set(left);
    });
  }

  /** The users whose screens are shared. */
  screens(): string[] {
    return this.media.sources.value.filter((one) => one.source === "screen" && one.user_id !== this.me).map((one) => one.user_id);
  }

  content(): MainContent {
    return contentOf(this.layout.value, this.screens(), this.wanted.value, this.seen.value);
  }

  selectLayout(layout: Layout): void {
    saveSetting("stage", layout);
    this.layout.value = layout;
    this.wanted.value = null;
    this.seen.value = new Set(this.screens());
  }

  selectScreen(user_id: string): void {
    this.wanted.value = user_id;
  }

  collapseStrip(collapsed: boolean): void {
    saveSetting("stage.small", collapsed ? "yes" : "no");
    this.collapsed.value = collapsed;
  }

  /** Updates the active speaker among those who can be shown. */
  updateSpeaker(here: string[], now: number): void {
    const loudest = this.media.speakers.value.find((one) => one.user_id !== this.me)?.user_id ?? null;
    const next = nextActiveSpeaker(this.activeSpeaker.peek(), loudest, here, now);
    const before = this.activeSpeaker.peek();
    if (next.user_id !== before.user_id || next.next !== before.next || next.since !== before.since) this.activeSpeaker.value = next;
  }
}

const all = new WeakMap<Media, MainView>();

/** Returns the main view of a class. */
export function mainViewOf(media: Media, me: string): MainView {
  let view = all.get(media);
  if (!view) all.set(media, (view = new MainView(media, me)));
  return view;
}
