// The room: the state of the class, the connection, and this user.

import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Connection, type CallOptions } from "../channel/connection";
import { callAddress, channelAddress } from "../channel/http";
import type { ClassEvent, Credentials, Drawn, Member, ReplyBody, Role, Welcome } from "../channel/types";
import { allConnected, apply, fromSnapshot, handsUp, moderates, withConnection, withHistory, withMembers, type ClassState } from "./classroom";

/** A page of `member/runtime/list`. */
interface MemberPage {
  list: (Omit<Member, "hand_up_time" | "connected"> & { status: Partial<Member> })[];
  next?: string;
}

/** Converts a row of that list: its states are in an object of their own, and its times are in seconds. */
function fromRow({ status, ...person }: MemberPage["list"][number]): Member {
  return { ...person, ...status, enter_time: person.enter_time * 1000, hand_up_time: 0, connected: true };
}

export class Room {
  readonly connection: Connection;
  readonly me: string;
  readonly classId: number;
  /** `null` until the first welcome. */
  readonly state: Signal<ClassState | null> = signal(null);
  readonly role: Signal<Role> = signal("student");
  /** Incremented by each snapshot. Data that was loaded beside it, such as board pages, has to be loaded again. */
  readonly generation: Signal<number> = signal(0);

  /** The members in the class, by user id. */
  readonly members = computed(() => this.state.value?.members ?? {});
  /** This user, once the server has sent the member. */
  readonly self: ReadonlySignal<Member | undefined> = computed(() => this.members.value[this.me]);
  readonly hands = computed(() => handsUp(this.members.value));
  readonly info = computed(() => this.state.value?.class);
  readonly messages = computed(() => this.state.value?.messages ?? []);
  readonly checkIn = computed(() => this.state.value?.checkIn ?? null);
  readonly question = computed(() => this.state.value?.question ?? null);
  readonly documents = computed(() => this.state.value?.documents ?? []);
  readonly board = computed(() => this.state.value?.board);
  readonly timer = computed(() => this.state.value?.timer ?? null);
  readonly recording = computed(() => this.state.value?.recording ?? "off");
  /** Whether this user moderates. */
  readonly moderator = computed(() => moderates({ role: this.role.value }));
  /** Whether this user may draw. */
  readonly mayDraw = computed(() => this.moderator.value || this.self.value?.enable_draw === 1);

  /** Returns the items of the shown page; set by the board. */
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
      if (this.state.value) this.state.value = withConnection(this.state.value, user_id, data.connected);
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

  /** Inserts older messages before the loaded ones. */
  addHistory(older: ClassState["messages"]): void {
    const state = this.state.value;
    if (state) this.state.value = { ...state, messages: withHistory(state.messages, older) };
  }

  /** Loads the members that the snapshot of a very large class omitted. */
  async loadAllMembers(): Promise<void> {
    let after: string | undefined = "";
    while (after !== undefined) {
      const page: MemberPage = await this.call<MemberPage>("member/runtime/list", { after, size: 100 }, { repeatable: true });
      const { state } = this;
      if (state.value) state.value = withMembers(state.value, page.list.map(fromRow));
      after = page.next || undefined;
    }
  }

  /** Sets that this user has checked in: only moderators receive an event. */
  markCheckedIn(check_id: string): void {
    const state = this.state.value;
    if (state?.checkIn?.check_id === check_id) {
      this.state.value = { ...state, checkIn: { ...state.checkIn, checked: true } };
    }
  }

  /** Sets this user's answer. Only the reply says whether it is final. */
  markAnswered(question_id: string, answer: unknown, answer_is_final: boolean): void {
    const state = this.state.value;
    if (state?.question?.question_id === question_id) {
      this.state.value = { ...state, question: { ...state.question, answer, answer_is_final } };
    }
  }

  /** Calls `listener` with each `drawn` event. Returns a function that stops this. */
  onDrawn(listener: (drawn: Drawn, sequence: number) => void): () => void {
    this.drawnListeners.add(listener);
    return () => void this.drawnListeners.delete(listener);
  }

  /** Calls `listener` with each event after it was applied. Returns a function that stops this. */
  onEvent(listener: (event: ClassEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => void this.eventListeners.delete(listener);
  }

  /** The state of the class as plain data. */
  inspect(): object | null {
    const state = this.state.value;
    const connection = this.connection.status.value;
    return state && { ...state, connection, items: this.readItems() };
  }

  private welcome(welcome: Welcome): void {
    batch(() => {
      this.role.value = welcome.role;
      if (welcome.snapshot) {
        this.state.value = fromSnapshot(welcome.snapshot);
        this.generation.value++;
      } else if (this.state.value) {
        this.state.value = allConnected(this.state.value);
      }
    });
  }

  private event(event: ClassEvent): void {
    if (event.event === "drawn") this.drawnListeners.forEach((listener) => listener(event.data, event.sequence));
    const state = this.state.value;
    batch(() => {
      if (state) this.state.value = apply(state, event, this.me);
      if (event.event === "member" && event.data.user_id === this.me) this.role.value = event.data.role;
    });
    this.eventListeners.forEach((listener) => listener(event));
  }
}

export const RoomContext = createContext<Room | null>(null);

/** Returns the current room. Only for components inside a class. */
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("useRoom outside of a class");
  return room;
}
