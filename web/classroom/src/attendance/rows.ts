// The rows of the attendance sheet: converted from the reply of `class/attendance`, sorted and counted.

import type { Role } from "../channel/types";
import { twoDigits } from "../i18n/digits";

/** A row of the reply; times are in seconds. Fields that the sheet does not use are omitted. */
export interface WireRow {
  user_id: string;
  nickname: string;
  role: Role;
  stay_list: { enter_time: number; quit_time: number; quit_reason: string }[];
  present_seconds: number;
  check_ins_answered: number;
  check_ins: number;
}

/** Whether somebody is in the class, has left it, or never entered. */
export type Presence = "present" | "left" | "absent";

export const PRESENCES: readonly Presence[] = ["present", "left", "absent"];

/** A row of the sheet; times are in milliseconds. */
export interface Row {
  user_id: string;
  name: string;
  role: Role;
  presence: Presence;
  first_enter: number | null;
  /** `null` for those who are in the class or never entered. */
  last_leave: number | null;
  total_seconds: number;
  times_left: number;
  check_ins_answered: number;
  check_ins: number;
}

export type Column = "name" | "role" | "first_enter" | "last_leave" | "total_seconds" | "times_left" | "check_ins_answered";

export interface Order {
  column: Column;
  descending: boolean;
}

const ROLES: readonly Role[] = ["teacher", "assistant", "admin", "superadmin", "student", "visitor", "supervisor"];

/** Converts a row of the reply. */
export function rowOf(wire: WireRow): Row {
  const sessions = wire.stay_list;
  const isInside = sessions.some((session) => session.quit_time === 0);
  const last = sessions.reduce((latest, session) => Math.max(latest, session.quit_time), 0);
  return {
    user_id: wire.user_id,
    name: wire.nickname === "" ? wire.user_id : wire.nickname,
    role: wire.role,
    presence: isInside ? "present" : sessions.length > 0 ? "left" : "absent",
    first_enter: sessions.length > 0 ? Math.min(...sessions.map((session) => session.enter_time)) * 1000 : null,
    last_leave: isInside || last === 0 ? null : last * 1000,
    total_seconds: wire.present_seconds,
    times_left: sessions.filter((session) => session.quit_time !== 0).length,
    check_ins_answered: wire.check_ins_answered,
    check_ins: wire.check_ins,
  };
}

/** Counts the rows of each presence. */
export function countPresence(rows: readonly Row[]): Record<Presence, number> {
  const counts = { present: 0, left: 0, absent: 0 };
  for (const row of rows) counts[row.presence] += 1;
  return counts;
}

/** Sorts rows. Missing values come last in both directions; equal rows are sorted by name. */
export function sorted(rows: readonly Row[], order: Order, language: string): Row[] {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const byName = (a: Row, b: Row): number => collator.compare(a.name, b.name) || compareTexts(a.user_id, b.user_id);
  const { column, descending } = order;
  if (column === "name") return [...rows].sort((a, b) => (descending ? byName(b, a) : byName(a, b)));
  return [...rows].sort((a, b) => {
    const [one, other] = [valueOf(a, column), valueOf(b, column)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || byName(a, b);
    return (descending ? other - one : one - other) || byName(a, b);
  });
}

/** The order after a click on a column header. The same column reverses; another column starts with its most useful direction. */
export function nextOrder(order: Order, column: Column): Order {
  if (order.column === column) return { column, descending: !order.descending };
  return { column, descending: column === "total_seconds" || column === "times_left" || column === "check_ins_answered" };
}

function valueOf(row: Row, column: Exclude<Column, "name">): number | null {
  return column === "role" ? ROLES.indexOf(row.role) : row[column];
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Formats seconds as `1:04:05`. */
export function durationText(seconds: number): string {
  return `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

/** Formats a local time as `2026-11-29 08:30:00`, which spreadsheets parse as a time. */
export function timeText(time: number | null): string {
  if (time === null) return "";
  const at = new Date(time);
  const day = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
  return `${day} ${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}:${twoDigits(at.getSeconds())}`;
}
