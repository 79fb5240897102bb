// Runs what a press does, and says in words when it failed.

import { CallError } from "../channel/connection";
import { explain } from "../i18n/errors";
import { toast } from "./toast";

/** Waits for a call; when it fails, a message says why. True when it was done. */
export async function attempt(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    // When the class is over, its own screen says so.
    if (!(error instanceof CallError && error.isOver)) toast(explain(error), true);
    return false;
  }
}
