// Loads the attendance of a class page by page, and reloads it while it is shown.

import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";

import { perObject } from "../state/per-object";
import type { Room } from "../state/room";
import { countPresence, rowOf, type Presence, type Row, type WireRow } from "./rows";

const PAGE_SIZE = 100;
/** The maximum number of rows to load: the size of the largest class. */
const MAX_ROWS = 10_000;
/** Many people enter or leave at once. Delay before a reload in milliseconds, and the extra delay for each row. */
const RELOAD_DELAY_MS = 1_500;
const RELOAD_DELAY_PER_ROW_MS = 5;
const RELOAD_INTERVAL_MS = 30_000;

interface Answer {
  total: number;
  list: WireRow[];
  finish?: boolean;
}

export class Attendance {
  /** `null` until loaded. */
  readonly rows: Signal<readonly Row[] | null> = signal(null);
  readonly loading: Signal<boolean> = signal(false);
  /** The error of the last load, or `null`. */
  readonly failure: Signal<unknown> = signal(null);
  readonly counts: ReadonlySignal<Record<Presence, number> | null> = computed(() => (this.rows.value === null ? null : countPresence(this.rows.value)));
  private reloadNeeded = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly room: Room) {}

  /** Loads now, and again when somebody enters or leaves. Returns a function that stops this. */
  follow(): () => void {
    void this.load();
    const later = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.load(), RELOAD_DELAY_MS + RELOAD_DELAY_PER_ROW_MS * (this.rows.value?.length ?? 0));
    };
    const stop = this.room.onEvent((event) => {
      if (event.event === "member_left" || event.event === "checked_in" || event.event === "check_in") later();
      // Most `member` events report a raised hand or a device. Only new members need a reload.
      if (event.event === "member" && !this.isPresent(event.data.user_id)) later();
    });
    const ticker = setInterval(() => void this.load(), RELOAD_INTERVAL_MS);
    return () => {
      stop();
      clearInterval(ticker);
      clearTimeout(this.timer);
    };
  }

  private isPresent(user_id: string): boolean {
    return this.rows.value?.some((row) => row.user_id === user_id && row.presence === "present") ?? false;
  }

  async load(): Promise<void> {
    if (this.loading.value) {
      this.reloadNeeded = true;
      return;
    }
    this.loading.value = true;
    try {
      const rows: Row[] = [];
      for (let finish = false; !finish && rows.length < MAX_ROWS; ) {
        const page = await this.room.call<Answer>("class/attendance", { index: rows.length, size: PAGE_SIZE }, { repeatable: true });
        rows.push(...page.list.map(rowOf));
        finish = page.finish ?? (rows.length >= page.total || page.list.length === 0);
        if (page.list.length === 0) finish = true;
      }
      this.rows.value = rows;
      this.failure.value = null;
    } catch (error) {
      this.failure.value = error;
    } finally {
      this.loading.value = false;
    }
    if (this.reloadNeeded) {
      this.reloadNeeded = false;
      void this.load();
    }
  }
}

/** Returns the attendance of a room. */
export const attendanceOf = perObject((room: Room) => new Attendance(room));
