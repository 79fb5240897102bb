// Why a device did not open, and what the user can do.

import { t, type Key } from "../i18n";
import type { Source } from "./types";

/** `insecure`: the page has no https. `denied`: by the user or the system. `missing`: there is none. `busy`: in use by another program. */
export type DeviceProblem = "insecure" | "unsupported" | "denied" | "missing" | "busy" | "unfit" | "cancelled" | "other";

/** The browser gives the page no access to devices. */
export class NoDevices extends Error {
  constructor(readonly problem: "insecure" | "unsupported") {
    super(problem);
  }
}

const NAMES: Record<string, DeviceProblem> = {
  NotAllowedError: "denied",
  PermissionDeniedError: "denied",
  SecurityError: "insecure",
  NotFoundError: "missing",
  DevicesNotFoundError: "missing",
  NotReadableError: "busy",
  TrackStartError: "busy",
  AbortError: "busy",
  OverconstrainedError: "unfit",
  ConstraintNotSatisfiedError: "unfit",
  NotSupportedError: "unsupported",
  TypeError: "unsupported",
};

/** Classifies an error of `getUserMedia` or `getDisplayMedia`. */
export function problemOf(error: unknown, source: Source): DeviceProblem {
  if (error instanceof NoDevices) return error.problem;
  const { name, message } = error as Partial<DOMException>;
  const problem = NAMES[name ?? ""] ?? "other";
  // Closing the browser's screen picker is no error. A refusal by the system mentions the system.
  if (source === "screen" && problem === "denied" && !/system/i.test(message ?? "")) return "cancelled";
  return problem;
}

/** What happened, and what the user can do. */
export function helpFor(problem: DeviceProblem, source: Source): { title: string; help: string } {
  const device = t(`media.the_${source}`);
  return { title: t(`media.problem_${problem}` as Key, { device }), help: t(`media.help_${problem}` as Key, { device }) };
}
