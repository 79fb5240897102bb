// The attendance of a class as a sortable table and as a CSV file.

import { useMemo, useState } from "preact/hooks";

import { locale, t, timeOfDay } from "../i18n";
import { useRoom } from "../state/room";
import { Button, Icon } from "../ui";
import { csv, type Cell } from "./csv";
import { durationText, nextOrder, sorted, timeText, type Column, type Order, type Row } from "./rows";

/** How many rows are rendered at first, and added by each click on "more". */
const ROWS_STEP = 200;

export function Sheet({ rows }: { rows: readonly Row[] }) {
  const room = useRoom();
  const [order, setOrder] = useState<Order>({ column: "name", descending: false });
  const [drawn, setDrawn] = useState(ROWS_STEP);
  const language = locale();
  const all = useMemo(() => sorted(rows, order, language), [rows, order, language]);
  const columns: readonly (readonly [Column, string])[] = [
    ["name", t("attendance.name")],
    ["role", t("attendance.role")],
    ["first_enter", t("attendance.first_enter")],
    ["last_leave", t("attendance.last_leave")],
    ["total_seconds", t("attendance.total")],
    ["times_left", t("attendance.times_left")],
    ["check_ins_answered", t("attendance.check_ins")],
  ];
  const download = (): void => save(csv(table(all)), `attendance-${room.classId}.csv`);
  const headings = (): Cell[] => [
    t("attendance.user_id"), t("attendance.name"), t("attendance.role"), t("attendance.state"), t("attendance.first_enter"),
    t("attendance.last_leave"), t("attendance.total_csv"), t("attendance.times_left"), t("attendance.check_ins"), t("attendance.check_ins_all"),
  ];
  const table = (shown: readonly Row[]): Cell[][] => [
    headings(),
    ...shown.map((row) => [
      row.user_id, row.name, t(`role.${row.role}`), t(`attendance.${row.presence}`), { time: timeText(row.first_enter) }, { time: timeText(row.last_leave) },
      { time: durationText(row.total_seconds) }, row.times_left, row.check_ins_answered, row.check_ins,
    ]),
  ];
  return (
    <>
      <div class="sheet-frame" role="region" tabIndex={0} aria-label={t("attendance.sheet_title")}>
        <table class="sheet">
          <thead>
            <tr>
              {columns.map(([column, name]) => {
                const isSorted = order.column === column;
                return (
                  <th key={column} scope="col" aria-sort={isSorted ? (order.descending ? "descending" : "ascending") : "none"}>
                    <button type="button" title={t("attendance.sort", { column: name })} onClick={() => setOrder(nextOrder(order, column))}>
                      {name}
                      {isSorted && <Icon name={order.descending ? "chevronDown" : "chevronUp"} />}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {all.slice(0, drawn).map((row) => (
              <tr key={row.user_id} class={row.presence}>
                <th scope="row">{row.name}</th>
                <td>{t(`role.${row.role}`)}</td>
                <td>{row.first_enter === null ? t("attendance.absent") : shortTime(row.first_enter)}</td>
                <td>{row.presence === "present" ? t("attendance.inside_now") : row.last_leave === null ? "–" : shortTime(row.last_leave)}</td>
                <td class="number">{durationText(row.total_seconds)}</td>
                <td class="number">{row.times_left}</td>
                <td class="number">{row.check_ins_answered} / {row.check_ins}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="dialog-buttons">
        {drawn < all.length && <Button onClick={() => setDrawn(drawn + ROWS_STEP)}>{t("attendance.more", { n: Math.min(ROWS_STEP, all.length - drawn) })}</Button>}
        <Button kind="primary" icon="download" onClick={download}>{t("attendance.download")}</Button>
      </div>
    </>
  );
}

/** The time of day, with the date unless it is today. */
function shortTime(time: number): string {
  const at = new Date(time);
  if (at.toDateString() === new Date().toDateString()) return timeOfDay(time);
  return `${new Intl.DateTimeFormat(locale(), { month: "short", day: "numeric" }).format(at)} ${timeOfDay(time)}`;
}

function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
