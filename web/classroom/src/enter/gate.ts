// The way into the class: which screen is shown, and what leads from one to the next.

import { effect, signal, type Signal } from "@preact/signals";
import { CallError, type End } from "../channel/connection";
import { post } from "../channel/http";
import type { Credentials } from "../channel/types";
import { Room } from "../state/room";
import { keepInTab, keptInTab } from "../ui/kept";
import { placeOf, knownClass, ticketOf, withoutTicket, type Place, type KnownClass } from "./address";

export type Screen =
  | { kind: "nowhere" }
  | { kind: "form"; problem?: CallError }
  | { kind: "entering"; room?: Room }
  | { kind: "password"; credentials: Credentials; wrong: boolean }
  | { kind: "waiting"; credentials: Credentials; opens: number }
  | { kind: "refused"; credentials: Credentials; problem: CallError }
  | { kind: "class"; room: Room }
  | { kind: "over"; credentials: Credentials; end: End };

/** Codes that the form explains, because other words in it may help. */
const FORM_CODES = new Set([10203, 10211, 10215, 10216, 10217, 10218, 10226]);
const WRONG_PASSWORD = 10225;
const CLASS_OVER = 10224;
const TOO_EARLY = 10300;

export class Gate {
  readonly screen: Signal<Screen>;
  readonly place: Place | null;
  readonly knownClass: KnownClass | null;
  private stop: (() => void) | undefined;

  constructor() {
    this.place = placeOf(location.pathname);
    this.knownClass = knownClass(document.querySelector<HTMLMetaElement>('meta[name="lectern-class"]')?.content);
    this.screen = signal<Screen>(this.place ? { kind: "form" } : { kind: "nowhere" });
    // A link that is opened in the tab of the class only changes the hash.
    addEventListener("hashchange", () => this.fromAddress());
  }

  /** Enters with what the address or the tab has, else shows the form. */
  start(): void {
    if (!this.place || this.fromAddress()) return;
    const kept = keptInTab(this.keptName());
    if (!kept) return;
    try {
      const { user_id, token } = JSON.parse(kept) as { user_id: string; token: string };
      this.enter(user_id, token);
    } catch {
      keepInTab(this.keptName(), null);
    }
  }

  /** Signs in with a password, or with a token that was typed in its place. */
  async signIn(user_id: string, secret: string): Promise<void> {
    if (!this.place) return;
    try {
      const signedIn = await post<{ user_id: string; token: string }>("user/login", { sdkappid: this.place.sdkappid }, { userid: user_id, password: secret });
      this.enter(signedIn.user_id, signedIn.token);
    } catch (error) {
      // A token of a link is no password: try it as what it is.
      if (error instanceof CallError && error.code === 10218 && secret.length >= 24) this.enter(user_id, secret);
      else throw error;
    }
  }

  /** Enters a public class under a name, without an account. */
  async visit(nickname: string): Promise<void> {
    if (!this.place) return;
    const { sdkappid, classId } = this.place;
    const visitor = await post<{ user_id: string; token: string }>("user/visitor/get", { sdkappid }, { class_id: classId, nickname });
    this.enter(visitor.user_id, visitor.token);
  }

  /** Goes on with the class's password. */
  withPassword(credentials: Credentials, password: string): void {
    this.open({ ...credentials, password });
  }

  /** Tries again with the same credentials. */
  again(credentials: Credentials): void {
    this.open(credentials);
  }

  /** Back to the form; forgets who was signed in. */
  toForm(problem?: CallError): void {
    keepInTab(this.keptName(), null);
    this.screen.value = { kind: "form", problem };
  }

  private fromAddress(): boolean {
    const ticket = ticketOf(location.hash, location.search);
    if (!ticket) return false;
    // Out of the address before anything else: nobody may read it there or find it in the history.
    history.replaceState(null, "", location.pathname + withoutTicket(location.search));
    this.enter(ticket.user_id, ticket.token);
    return true;
  }

  private enter(user_id: string, token: string): void {
    if (!this.place) return;
    this.open({ sdkappid: this.place.sdkappid, class_id: this.place.classId, user_id, token, password: "" });
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
        keepInTab(this.keptName(), JSON.stringify({ user_id: credentials.user_id, token: credentials.token }));
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
        this.screen.value = { kind: "waiting", credentials, opens: opens(problem.message, this.knownClass) };
      } else if (FORM_CODES.has(problem.code)) {
        this.toForm(problem);
      } else {
        this.screen.value = { kind: "refused", credentials, problem };
      }
    } else if (end.code === 4002 && end.reason === "token") {
      this.toForm(new CallError(10216, ""));
    } else if (entered || end.code === 4003 || end.code === 4002) {
      if (end.reason !== "") keepInTab(this.keptName(), null);
      this.screen.value = { kind: "over", credentials, end };
    } else {
      this.screen.value = { kind: "refused", credentials, problem: problem ?? new CallError(0, end.reason) };
    }
  }

  private keptName(): string {
    return `session.${this.place?.sdkappid}.${this.place?.classId}`;
  }
}

/** When a class opens, in milliseconds: the refusal says it, in seconds; else an hour before the class begins. */
export function opens(message: string, known: KnownClass | null): number {
  const found = /opens at (\d+)/.exec(message);
  if (found) return Number(found[1]) * 1000;
  return known ? known.start_time - 3_600_000 : 0;
}
