// Runs the action of a button and shows its error.

import { CallError } from "../channel/connection";
import { explain } from "../i18n/errors";
import { toast } from "./toast";

/** Awaits a call and shows a toast when it fails. Resolves to whether it succeeded. */
export async function attempt(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    // The end of the class has its own screen.
    if (!(error instanceof CallError && error.isOver)) toast(explain(error), true);
    return false;
  }
}
