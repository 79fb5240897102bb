import assert from "node:assert/strict";
import test from "node:test";
import { language } from "../i18n";
import { parseDevicePreferences } from "./device-preferences";
import { helpFor, NoDevices, problemOf } from "./problems";

const named = (name: string, message = "") => Object.assign(new Error(message), { name });

test("each error of a browser has its problem", () => {
  const expected = { NotAllowedError: "denied", NotFoundError: "missing", NotReadableError: "busy", OverconstrainedError: "unfit", SecurityError: "insecure", Strange: "other" };
  for (const [name, problem] of Object.entries(expected)) assert.equal(problemOf(named(name), "camera"), problem);
  assert.equal(problemOf(new NoDevices("insecure"), "mic"), "insecure");
});

test("closing the screen picker is no problem, a refusal of the system is one", () => {
  assert.equal(problemOf(named("NotAllowedError", "Permission denied"), "screen"), "cancelled");
  assert.equal(problemOf(named("NotAllowedError", "Permission denied by system"), "screen"), "denied");
});

test("each problem has a title and help in both languages", () => {
  for (const lang of ["en", "zh"] as const) {
    language.value = lang;
    for (const problem of ["insecure", "unsupported", "denied", "missing", "busy", "unfit", "other"] as const) {
      for (const source of ["mic", "camera", "screen"] as const) {
        const { title, help } = helpFor(problem, source);
        assert.ok(title && help && !/media\./.test(title + help) && !/[{}]/.test(title + help), `${lang} ${problem} ${source}: ${title} ${help}`);
      }
    }
  }
  language.value = "en";
});

test("stored preferences are parsed, and invalid values get their defaults", () => {
  const first = parseDevicePreferences(null);
  assert.deepEqual(first, { camera: "", mic: "", speaker: "", useCamera: true, useMic: true, mirror: true });
  assert.equal(parseDevicePreferences('{"camera":"c1","useMic":false}').camera, "c1");
  assert.equal(parseDevicePreferences('{"camera":"c1","useMic":false}').useMic, false);
  assert.deepEqual(parseDevicePreferences('{"camera":5}'), first);
  assert.deepEqual(parseDevicePreferences("{"), first);
});
