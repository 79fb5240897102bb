import assert from "node:assert/strict";
import { test } from "node:test";

import { countPresence, durationText, nextOrder, rowOf, sorted } from "./rows";
import type { WireRow } from "./rows";

function wire(user_id: string, fields: Partial<WireRow> = {}): WireRow {
  return { user_id, nickname: "", role: "student", stay_list: [], present_seconds: 0, check_ins_answered: 0, check_ins: 2, ...fields };
}

const session = (enter_time: number, quit_time: number): WireRow["stay_list"][number] => ({ enter_time, quit_time, quit_reason: "" });

test("a row has the first entry, the last leave and the number of leaves", () => {
  const left = rowOf(wire("li", { nickname: "Li", stay_list: [session(10, 20), session(30, 50)], present_seconds: 30 }));
  assert.deepEqual([left.name, left.presence, left.first_enter, left.last_leave, left.times_left], ["Li", "left", 10_000, 50_000, 2]);
  const inside = rowOf(wire("wang", { stay_list: [session(10, 20), session(30, 0)] }));
  assert.deepEqual([inside.name, inside.presence, inside.last_leave, inside.times_left], ["wang", "present", null, 1]);
  const absent = rowOf(wire("zhao"));
  assert.deepEqual([absent.presence, absent.first_enter, absent.last_leave, absent.times_left], ["absent", null, null, 0]);
  assert.deepEqual(countPresence([left, inside, absent]), { present: 1, left: 1, absent: 1 });
});

test("rows are sorted by any column, with missing values at the end", () => {
  const rows = [
    rowOf(wire("s10", { stay_list: [session(10, 0)], present_seconds: 5 })),
    rowOf(wire("s2", { role: "teacher", stay_list: [session(20, 0)], present_seconds: 9 })),
    rowOf(wire("s1")),
  ];
  const ids = (column: Parameters<typeof nextOrder>[1], descending: boolean): string =>
    sorted(rows, { column, descending }, "en").map((row) => row.user_id).join(" ");
  assert.equal(ids("name", false), "s1 s2 s10");
  assert.equal(ids("name", true), "s10 s2 s1");
  assert.equal(ids("first_enter", false), "s10 s2 s1");
  assert.equal(ids("first_enter", true), "s2 s10 s1");
  assert.equal(ids("total_seconds", true), "s2 s10 s1");
  assert.equal(ids("role", false), "s2 s1 s10");
});

test("Chinese names are sorted by pinyin", () => {
  const rows = ["赵", "李", "陈"].map((nickname, index) => rowOf(wire(`s${index}`, { nickname })));
  assert.equal(sorted(rows, { column: "name", descending: false }, "zh-CN").map((row) => row.name).join(""), "陈李赵");
});

test("a click on the same column reverses the order", () => {
  assert.deepEqual(nextOrder({ column: "name", descending: false }, "name"), { column: "name", descending: true });
  assert.deepEqual(nextOrder({ column: "name", descending: false }, "total_seconds"), { column: "total_seconds", descending: true });
  assert.equal(durationText(3_725), "1:02:05");
});
