import assert from "node:assert/strict";
import { test } from "node:test";

import { NEW_DRAFT, launchBody, nextDraft, ofCount, ofKind, optionsOf, readDraft, toggled } from "./draft";

test("a question has 2 to 8 options, and none of those left out is right", () => {
  assert.equal(optionsOf(ofCount(NEW_DRAFT, 1)).length, 2);
  assert.equal(optionsOf(ofCount(NEW_DRAFT, 99)).length, 8);
  assert.deepEqual(ofCount(toggled(NEW_DRAFT, "D"), 3).right, []);
  assert.deepEqual(ofCount(toggled(NEW_DRAFT, "C"), 3).right, ["C"]);
});

test("only a question with several answers has several right ones", () => {
  assert.deepEqual(toggled(toggled(NEW_DRAFT, "A"), "B").right, ["B"]);
  assert.deepEqual(toggled(toggled(NEW_DRAFT, "B"), "B").right, []);
  const multiple = ofKind(toggled(NEW_DRAFT, "B"), "multiple");
  assert.deepEqual(toggled(multiple, "A").right, ["A", "B"]);
  assert.deepEqual(ofKind(toggled(multiple, "A"), "single").right, []);
});

test("a true/false question has its own keys", () => {
  const draft = toggled(ofKind(NEW_DRAFT, "true_false"), "T");
  assert.deepEqual(launchBody(draft, "q1"), {
    question_id: "q1", options: { kind: "true_false", title: "", list: [{ key: "T", text: "" }, { key: "F", text: "" }] }, limit_time: 60, correct_answer: ["T"],
  });
});

test("without a right answer the body has none", () => {
  assert.ok(!("correct_answer" in launchBody(NEW_DRAFT, "q1")));
});

test("a draft survives a reload, and invalid stored drafts are ignored", () => {
  const draft = toggled({ ...NEW_DRAFT, title: "Why?", texts: ["because"] }, "A");
  assert.deepEqual(readDraft(JSON.stringify(draft)), draft);
  const judged = toggled(ofKind(NEW_DRAFT, "true_false"), "T");
  assert.deepEqual(readDraft(JSON.stringify(judged)), judged);
  for (const text of [null, "", "{", "7", '{"kind":"x"}', '{"kind":"single","title":7}']) assert.deepEqual(readDraft(text), NEW_DRAFT);
  assert.deepEqual(nextDraft(draft), { ...NEW_DRAFT });
});
