// The rows of the attendance sheet: made of what `class/attendance` answers, sorted, and counted.

import type { Role } from "../channel/types";

/** A row as the call answers it; times are in seconds. Fields that the sheet does not need are left out. */
export interface WireRow {
  user_id: string;
  nickname: string;
  role: Role;
  stay_list: { enter_time: number; quit_time: number; quit_reason: string }[];
  present_seconds: number;
  check_ins_answered: number;
  check_ins: number;
}

/** Whether somebody is inside, was inside, or never came. */
export type Presence = "present" | "left" | "absent";

export const PRESENCES: readonly Presence[] = ["present", "left", "absent"];

/** A row of the sheet; times are in milliseconds. */
export interface Row {
  user_id: string;
  name: string;
  role: Role;
  presence: Presence;
  first_enter: number | null;
  /** `null` for those who are inside or never came. */
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

/** Makes a row of the sheet. */
export function rowOf(wire: WireRow): Row {
  const stays = wire.stay_list;
  const isInside = stays.some((stay) => stay.quit_time === 0);
  const last = stays.reduce((latest, stay) => Math.max(latest, stay.quit_time), 0);
  return {
    user_id: wire.user_id,
    name: wire.nickname === "" ? wire.user_id : wire.nickname,
    role: wire.role,
    presence: isInside ? "present" : stays.length > 0 ? "left" : "absent",
    first_enter: stays.length > 0 ? Math.min(...stays.map((stay) => stay.enter_time)) * 1000 : null,
    last_leave: isInside || last === 0 ? null : last * 1000,
    total_seconds: wire.present_seconds,
    times_left: stays.filter((stay) => stay.quit_time !== 0).length,
    check_ins_answered: wire.check_ins_answered,
    check_ins: wire.check_ins,
  };
}

/** How many people are present, have left, and never came. */
export function countPresence(rows: readonly Row[]): Record<Presence, number> {
  const counts = { present: 0, left: 0, absent: 0 };
  for (const row of rows) counts[row.presence] += 1;
  return counts;
}

/** The rows in an order. What is missing comes last in both directions; equal rows are sorted by name. */
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

/** The order after a click on a column: the same column turns around, another one begins as it is most useful. */
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

/** A number of seconds as `1:04:05`. */
export function durationText(seconds: number): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** A time as `2026-11-29 08:30:00` by the clock of the reader: spreadsheets read it as a time. */
export function timeText(time: number | null): string {
  if (time === null) return "";
  const at = new Date(time);
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
