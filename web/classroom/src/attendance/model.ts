// Loads the attendance of a class, page after page, and keeps it fresh while it is shown.

import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";

import type { Room } from "../state/room";
import { countPresence, rowOf, type Presence, type Row, type WireRow } from "./rows";

const PAGE = 100;
/** The most rows that are loaded: the largest class. */
const MOST = 10_000;
/** People come and go in crowds: how long to wait for the next one, in milliseconds, and how much longer for each row. */
const CALM = 1_500;
const CALM_PER_ROW = 5;
const REFRESH = 30_000;

interface Answer {
  total: number;
  list: WireRow[];
  finish?: boolean;
}

export class Attendance {
  /** `null` until it was loaded. */
  readonly rows: Signal<readonly Row[] | null> = signal(null);
  readonly loading: Signal<boolean> = signal(false);
  /** What went wrong in the last attempt. */
  readonly failure: Signal<unknown> = signal(null);
  readonly counts: ReadonlySignal<Record<Presence, number> | null> = computed(() => (this.rows.value === null ? null : countPresence(this.rows.value)));
  private wanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly room: Room) {}

  /** Loads now, and again whenever somebody comes or goes. The answer ends that. */
  follow(): () => void {
    void this.load();
    const later = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.load(), CALM + CALM_PER_ROW * (this.rows.value?.length ?? 0));
    };
    const stop = this.room.onEvent((event) => {
      if (event.event === "member_left" || event.event === "checked_in" || event.event === "check_in") later();
      // Most of these events tell of a hand or a microphone.
      if (event.event === "member" && !this.isPresent(event.data.user_id)) later();
    });
    const ticker = setInterval(() => void this.load(), REFRESH);
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
      this.wanted = true;
      return;
    }
    this.loading.value = true;
    try {
      const rows: Row[] = [];
      for (let finish = false; !finish && rows.length < MOST; ) {
        const page = await this.room.call<Answer>("class/attendance", { index: rows.length, size: PAGE }, { repeatable: true });
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
    if (this.wanted) {
      this.wanted = false;
      void this.load();
    }
  }
}

const known = new WeakMap<Room, Attendance>();

/** The attendance of a room. */
export function attendanceOf(room: Room): Attendance {
  const found = known.get(room) ?? new Attendance(room);
  known.set(room, found);
  return found;
}
