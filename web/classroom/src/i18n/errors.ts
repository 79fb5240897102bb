// Error messages for the error codes of the calls.

import { CallError } from "../channel/connection";
import { t, type Key } from ".";

const WORDS: Record<number, Key> = {
  0: "errors.unreachable",
  10003: "errors.invalid",
  10202: "errors.database",
  10203: "errors.forbidden",
  10211: "errors.login",
  10215: "errors.unknownUser",
  10216: "errors.deadToken",
  10217: "errors.deadToken",
  10218: "errors.wrongPassword",
  10224: "errors.ended",
  10225: "errors.classPassword",
  10226: "errors.notReserved",
  10227: "errors.full",
  10228: "errors.stageFull",
  10230: "errors.unknownClass",
  10270: "errors.unknownEnterprise",
  10290: "errors.limit",
  10291: "errors.busy",
  10300: "errors.tooEarly",
};

/** The message for an error. */
export function explain(error: unknown): string {
  if (!(error instanceof CallError)) return t("errors.other", { code: 0 });
  const words = WORDS[error.code];
  return words ? t(words) : t("errors.other", { code: error.code });
}
