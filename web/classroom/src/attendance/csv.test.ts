import assert from "node:assert/strict";
import { test } from "node:test";

import { cellText, csv } from "./csv";

test("no cell can be read as a formula, even after a separator", () => {
  for (const [text, expected] of [
    ["=1+1", "'=1+1"], ["+1", "'+1"], ["-1", "'-1"], ["@a", "'@a"], ["＝1+1", "'＝1+1"], ["＠a", "'＠a"],
    ["\ta", "\"'\ta\""], ["a=1", "a=1"], [" =1", "' =1"], ["\u200B=1", "'\u200B=1"], ["a;=1", "\"a;'=1\""],
    ["a,=1,@b", "\"a,'=1,'@b\""], ["a\n-1", "\"a\n'-1\""], ['"=1', "\"'\"\"=1\""], ["小明", "小明"], ["", ""],
    ['=HYPERLINK("a","b")', "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\""],
  ] as const) {
    assert.equal(cellText(text), expected, JSON.stringify(text));
  }
});

test("a text that a spreadsheet would convert gets an apostrophe", () => {
  for (const text of ["007", "123456789012", "1e5", "1.50", "1-2", "3/4", "12:30", "１２３", ".5", "$1", "sep1", "TRUE"]) {
    assert.ok(cellText(text).startsWith("'"), text);
  }
  for (const text of ["0", "7", "10005", "li", "march", "true story", "小明1"]) assert.equal(cellText(text), text);
});

test("a file has a byte order mark and a line for each row", () => {
  assert.equal(csv([["a", 1, null], ["b", -2, "c,d"], [{ time: "2026-11-29 08:30:00" }]]), '\uFEFFa,1,\r\nb,-2,"c,d"\r\n2026-11-29 08:30:00\r\n');
});
