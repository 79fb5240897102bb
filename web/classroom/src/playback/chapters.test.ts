import assert from "node:assert/strict";
import test from "node:test";
import { setLanguage } from "../i18n";
import { currentChapter, named, type Chapter } from "./chapters";

const page = (position: number, number: number, more: Partial<Chapter> = {}): Chapter => ({
  position, kind: "page", doc_id: "d", doc_name: "Sums", number, thumbnail: "", nickname: "", ...more,
});

const CHAPTERS: Chapter[] = [
  page(0, 1, { doc_id: "", doc_name: "" }),
  page(10_000, 2, { thumbnail: "2.png" }),
  page(20_500, 0, { kind: "question" }),
  page(30_000, 0, { kind: "screen", nickname: "Li" }),
  page(40_000, 0, { kind: "question" }),
  page(50_000, 3, { doc_name: "" }),
  page(60_000, 0, { doc_id: "", doc_name: "" }),
];

test("chapters have names in the language of the page", () => {
  setLanguage("en");
  assert.deepEqual(named(CHAPTERS).map(({ name }) => name), [
    "Whiteboard 1", "Sums, page 2", "Question 1", "Screen of Li", "Question 2", "Page 3", "Whiteboard",
  ]);
  setLanguage("zh");
  assert.deepEqual(named(CHAPTERS).map(({ name }) => name), [
    "白板 1", "Sums 第 2 页", "题目 1", "Li 的屏幕", "题目 2", "第 3 页", "白板",
  ]);
  setLanguage("en");
});

test("a chapter lasts until the next one begins", () => {
  const chapters = named(CHAPTERS);
  assert.deepEqual(chapters.map(({ at }) => at), [0, 10, 20.5, 30, 40, 50, 60]);
  assert.deepEqual([0, 9.9, 10, 20.4, 20.48, 99].map((at) => currentChapter(chapters, at)), [0, 0, 1, 1, 2, 6]);
  assert.equal(currentChapter(named([page(5_000, 1)]), 1), -1);
});
