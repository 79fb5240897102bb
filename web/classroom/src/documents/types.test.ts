import assert from "node:assert/strict";
import { test } from "node:test";
import { extensionOf, problemOf, sizeInWords } from "./types";

test("files that can't be converted are found before the upload", () => {
  assert.equal(problemOf({ name: "Lesson.PPTX", size: 10 }), null);
  assert.equal(problemOf({ name: "第一课.pdf", size: 10 }), null);
  assert.equal(problemOf({ name: "film.mkv", size: 10 }), "documents.unknownType");
  assert.equal(problemOf({ name: "pdf", size: 10 }), "documents.unknownType");
  assert.equal(problemOf({ name: "a.pdf", size: 0 }), "documents.emptyFile");
  assert.equal(extensionOf("a.b.Doc"), "doc");
});

test("sizes are formatted briefly", () => {
  assert.equal(sizeInWords(1500, "en"), "1.5 kB");
  assert.equal(sizeInWords(23_400_000, "en"), "23 MB");
  assert.equal(sizeInWords(999_900, "en"), "1 MB");
});
