// The entry flow: which screen is shown, and the transitions between screens.

import { effect, signal, type Signal } from "@preact/signals";
import { CallError, type End } from "../channel/connection";
import { post } from "../channel/http";
import type { Credentials } from "../channel/types";
import { Room } from "../state/room";
import { loadTabState, saveTabState } from "../ui/storage";
import { parseClassPath, parseClassPreview, parseLinkCredentials, withoutLinkCredentials, type ClassAddress, type ClassPreview } from "./address";

export type Screen =
  | { kind: "no_class" }
  | { kind: "form"; problem?: CallError }
  | { kind: "entering"; room?: Room }
  | { kind: "password"; credentials: Credentials; wrong: boolean }
  | { kind: "waiting"; credentials: Credentials; opensAt: number }
  | { kind: "refused"; credentials: Credentials; problem: CallError }
  | { kind: "class"; room: Room }
  | { kind: "over"; credentials: Credentials; end: End };

/** Codes that the sign-in form shows, because other input may help. */
const FORM_CODES = new Set([10203, 10211, 10215, 10216, 10217, 10218, 10226]);
const WRONG_PASSWORD = 10225;
const CLASS_OVER = 10224;
const TOO_EARLY = 10300;

export class EntryFlow {
  readonly screen: Signal<Screen>;
  readonly classAddress: ClassAddress | null;
  readonly classPreview: ClassPreview | null;
  private stop: (() => void) | undefined;

  constructor() {
    this.classAddress = parseClassPath(location.pathname);
    this.classPreview = parseClassPreview(document.querySelector<HTMLMetaElement>('meta[name="lectern-class"]')?.content);
    this.screen = signal<Screen>(this.classAddress ? { kind: "form" } : { kind: "no_class" });
    // Opening a link in the tab of the class only changes the hash.
    addEventListener("hashchange", () => this.fromAddress());
  }

  /** Enters with the credentials of the address or of the tab, and shows the form without any. */
  start(): void {
    if (!this.classAddress || this.fromAddress()) return;
    const stored = loadTabState(this.storageKey());
    if (!stored) return;
    try {
      const { user_id, token } = JSON.parse(stored) as { user_id: string; token: string };
      this.enter(user_id, token);
    } catch {
      saveTabState(this.storageKey(), null);
    }
  }

  /** Signs in with a password, or with a token that was typed instead of one. */
  async signIn(user_id: string, secret: string): Promise<void> {
    if (!this.classAddress) return;
    try {
      const signedIn = await post<{ user_id: string; token: string }>("user/login", { sdkappid: this.classAddress.sdkappid }, { userid: user_id, password: secret });
      this.enter(signedIn.user_id, signedIn.token);
    } catch (error) {
      // The input is not a password. It may be the token of a link.
      if (error instanceof CallError && error.code === 10218 && secret.length >= 24) this.enter(user_id, secret);
      else throw error;
    }
  }

  /** Enters a public class with a name and without an account. */
  async visit(nickname: string): Promise<void> {
    if (!this.classAddress) return;
    const { sdkappid, classId } = this.classAddress;
    const visitor = await post<{ user_id: string; token: string }>("user/visitor/get", { sdkappid }, { class_id: classId, nickname });
    this.enter(visitor.user_id, visitor.token);
  }

  /** Enters with the password of the class. */
  withPassword(credentials: Credentials, password: string): void {
    this.open({ ...credentials, password });
  }

  /** Tries again with the same credentials. */
  retry(credentials: Credentials): void {
    this.open(credentials);
  }

  /** Returns to the form and removes the stored credentials. */
  toForm(problem?: CallError): void {
    saveTabState(this.storageKey(), null);
    this.screen.value = { kind: "form", problem };
  }

  private fromAddress(): boolean {
    const link = parseLinkCredentials(location.hash, location.search);
    if (!link) return false;
    // Removed from the address first, so that they are neither visible nor in the history.
    history.replaceState(null, "", location.pathname + withoutLinkCredentials(location.search));
    this.enter(link.user_id, link.token);
    return true;
  }

  private enter(user_id: string, token: string): void {
    if (!this.classAddress) return;
    this.open({ sdkappid: this.classAddress.sdkappid, class_id: this.classAddress.classId, user_id, token, password: "" });
  }

  private open(credentials: Credentials): void {
    this.stop?.();
    const room = new Room(credentials);
    let entered = false;
    this.screen.value = { kind: "entering", room };
    const dispose = effect(() => {
      const end = room.connection.end.value;
      if (end) {
        this.ended(credentials, end, entered);
      } else if (room.state.value && !entered) {
        entered = true;
        saveTabState(this.storageKey(), JSON.stringify({ user_id: credentials.user_id, token: credentials.token }));
        this.screen.value = { kind: "class", room };
      }
    });
    this.stop = () => {
      dispose();
      room.connection.close();
    };
    room.connection.open();
  }

  private ended(credentials: Credentials, end: End, entered: boolean): void {
    const problem = end.error;
    if (entered && problem?.code === CLASS_OVER) {
      this.screen.value = { kind: "over", credentials, end: { code: 4003, reason: "" } };
    } else if (end.code === 4001 && problem) {
      if (problem.code === WRONG_PASSWORD) {
        this.screen.value = { kind: "password", credentials, wrong: credentials.password !== "" };
      } else if (problem.code === TOO_EARLY) {
        this.screen.value = { kind: "waiting", credentials, opensAt: opensAt(problem.message, this.classPreview) };
      } else if (FORM_CODES.has(problem.code)) {
        this.toForm(problem);
      } else {
        this.screen.value = { kind: "refused", credentials, problem };
      }
    } else if (end.code === 4002 && end.reason === "token") {
      this.toForm(new CallError(10216, ""));
    } else if (entered || end.code === 4003 || end.code === 4002) {
      if (end.reason !== "") saveTabState(this.storageKey(), null);
      this.screen.value = { kind: "over", credentials, end };
    } else {
      this.screen.value = { kind: "refused", credentials, problem: problem ?? new CallError(0, end.reason) };
    }
  }

  private storageKey(): string {
    return `session.${this.classAddress?.sdkappid}.${this.classAddress?.classId}`;
  }
}

/** When a class opens, in milliseconds: from the error message, or an hour before the class begins. */
export function opensAt(message: string, preview: ClassPreview | null): number {
  const found = /opens at (\d+)/.exec(message);
  if (found) return Number(found[1]) * 1000;
  return preview ? preview.start_time - 3_600_000 : 0;
}
