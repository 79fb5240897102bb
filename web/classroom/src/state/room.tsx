// What every part of the page works with: the state of the class, the connection, and who I am.

import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Connection, type CallOptions } from "../channel/connection";
import { callAddress, channelAddress } from "../channel/http";
import type { ClassEvent, Credentials, Drawn, Member, ReplyBody, Role, Welcome } from "../channel/types";
import { apply, fromSnapshot, handsUp, moderates, withHistory, withMembers, type ClassState } from "./classroom";

/** One page of `member/runtime/list`. */
interface MemberPage {
  list: (Omit<Member, "hand_up_time"> & { status: Partial<Member> })[];
  next?: string;
}

/** A row of that list: its states stand apart, its times are in seconds. */
function fromRow({ status, ...person }: MemberPage["list"][number]): Member {
  return { ...person, ...status, enter_time: person.enter_time * 1000, hand_up_time: 0 };
}

export class Room {
  readonly connection: Connection;
  readonly me: string;
  readonly classId: number;
  /** `null` until the first welcome. */
  readonly state: Signal<ClassState | null> = signal(null);
  readonly role: Signal<Role> = signal("student");
  /** Who is inside but not connected just now. */
  readonly disconnected: Signal<ReadonlySet<string>> = signal(new Set<string>());
  /** Grows when a snapshot replaced everything: what was read beside it (pages of the board) is read again. */
  readonly generation: Signal<number> = signal(0);

  /** Those inside, by user id. */
  readonly members = computed(() => this.state.value?.members ?? {});
  /** Myself, once the server told me of me. */
  readonly self: ReadonlySignal<Member | undefined> = computed(() => this.members.value[this.me]);
  readonly hands = computed(() => handsUp(this.members.value));
  readonly info = computed(() => this.state.value?.class);
  readonly messages = computed(() => this.state.value?.messages ?? []);
  readonly checkIn = computed(() => this.state.value?.checkIn ?? null);
  readonly question = computed(() => this.state.value?.question ?? null);
  readonly documents = computed(() => this.state.value?.documents ?? []);
  readonly board = computed(() => this.state.value?.board);
  readonly timer = computed(() => this.state.value?.timer ?? null);
  /** Whether I am the teacher or an assistant. */
  readonly moderator = computed(() => moderates({ role: this.role.value }));
  /** Whether I may draw now. */
  readonly mayDraw = computed(() => this.moderator.value || this.self.value?.enable_draw === 1);

  /** Reads the items of the page that is shown; set by the board. */
  readItems: () => unknown = () => [];

  private drawnListeners = new Set<(drawn: Drawn, sequence: number) => void>();
  private eventListeners = new Set<(event: ClassEvent) => void>();

  constructor(readonly credentials: Credentials) {
    this.me = credentials.user_id;
    this.classId = credentials.class_id;
    this.connection = new Connection(channelAddress(), credentials, {
      welcome: (welcome) => this.welcome(welcome),
      event: (event) => this.event(event),
    });
    this.connection.onSignal("connection", ({ user_id, data }) => {
      const next = new Set(this.disconnected.value);
      if (data.connected) next.delete(user_id);
      else next.add(user_id);
      this.disconnected.value = next;
    });
  }

  /** Makes a call about this class; `class_id` is added. */
  call<T = ReplyBody>(call: string, body: object = {}, options?: CallOptions): Promise<T> {
    return this.connection.call<T>(call, { class_id: this.classId, ...body }, options);
  }

  /** Reports an event of the class (`report/event`). */
  report(event: string, data?: unknown): Promise<ReplyBody> {
    return this.call("report/event", data === undefined ? { event } : { event, data });
  }

  /** The address of a call that takes a file as its body. */
  uploadAddress(call: string, query: Record<string, string> = {}): string {
    return callAddress(call, this.credentials, { class_id: String(this.classId), ...query });
  }

  /** The server's time in milliseconds. */
  now(): number {
    return this.connection.now();
  }

  /** Puts older messages before those that are known. */
  addHistory(older: ClassState["messages"]): void {
    const state = this.state.value;
    if (state) this.state.value = { ...state, messages: withHistory(state.messages, older) };
  }

  /** Reads those inside whom the snapshot of a very large class left out. */
  async loadAllMembers(): Promise<void> {
    let after: string | undefined = "";
    while (after !== undefined) {
      const page: MemberPage = await this.call<MemberPage>("member/runtime/list", { after, size: 100 }, { repeatable: true });
      const { state } = this;
      if (state.value) state.value = withMembers(state.value, page.list.map(fromRow));
      after = page.next || undefined;
    }
  }

  /** I have checked in: the server tells only moderators. */
  markCheckedIn(check_id: string): void {
    const state = this.state.value;
    if (state?.checkIn?.check_id === check_id) {
      this.state.value = { ...state, checkIn: { ...state.checkIn, checked: true } };
    }
  }

  /** I have answered: the server tells only moderators. */
  markAnswered(question_id: string, answer: unknown): void {
    const state = this.state.value;
    if (state?.question?.question_id === question_id) {
      this.state.value = { ...state, question: { ...state.question, answer } };
    }
  }

  /** Calls `listener` with each `drawn` event; the answer ends that. */
  onDrawn(listener: (drawn: Drawn, sequence: number) => void): () => void {
    this.drawnListeners.add(listener);
    return () => void this.drawnListeners.delete(listener);
  }

  /** Calls `listener` with each event, after it was applied; the answer ends that. */
  onEvent(listener: (event: ClassEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => void this.eventListeners.delete(listener);
  }

  /** All that the page knows of the class, as data. */
  inspect(): object | null {
    const state = this.state.value;
    const connection = this.connection.status.value;
    return state && { ...state, connection, items: this.readItems(), disconnected: [...this.disconnected.value] };
  }

  private welcome(welcome: Welcome): void {
    batch(() => {
      this.role.value = welcome.role;
      // Who came back meanwhile was told while we were away, and is not told again.
      this.disconnected.value = new Set();
      if (welcome.snapshot) {
        this.state.value = fromSnapshot(welcome.snapshot);
        this.generation.value++;
      }
    });
  }

  private event(event: ClassEvent): void {
    if (event.event === "drawn") this.drawnListeners.forEach((listener) => listener(event.data, event.sequence));
    const state = this.state.value;
    batch(() => {
      if (state) this.state.value = apply(state, event, this.me);
      if (event.event === "member" && event.data.user_id === this.me) this.role.value = event.data.role;
      if (event.event === "member_left" && this.disconnected.value.has(event.data.user_id)) {
        const next = new Set(this.disconnected.value);
        next.delete(event.data.user_id);
        this.disconnected.value = next;
      }
    });
    this.eventListeners.forEach((listener) => listener(event));
  }
}

export const RoomContext = createContext<Room | null>(null);

/** The room that the page is in. Only below the layout of a class. */
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("useRoom outside of a class");
  return room;
}
