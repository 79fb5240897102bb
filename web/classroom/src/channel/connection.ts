// One WebSocket to one class: signs in, calls, pings, and connects again by itself.

import { signal, type Signal } from "@preact/signals";
import { delay } from "./backoff";
import { CallError, type CallOptions, type Pending } from "./call";
import { ServerClock } from "./clock";
import { everySecond } from "./ticker";
import type {
  ClassEvent, Credentials, ReplyBody, ServerMessage, SignalKind, SignalMessage, Welcome,
} from "./types";

export { CallError, type CallOptions } from "./call";

/** `open`: signed in and told everything. `waiting`: tries again soon. `ended`: does not try again, see `end`. */
export type Status = "connecting" | "open" | "waiting" | "ended";

/** Why the connection is over for good. `code` is the close code; `error` is what `refused` said. */
export interface End {
  code: number;
  reason: string;
  error?: CallError;
}

/** Who listens to what the server says of the class. */
export interface Listener {
  welcome(welcome: Welcome): void;
  event(event: ClassEvent): void;
}

/** No answer to a ping for this long: the connection is dead. Milliseconds, as the protocol says. */
const SILENT = 15_000;
/** A connection that is not there after this long is begun anew when the network comes back. */
const STALE = 3_000;
/** The clock went on without us for this long: the laptop slept. */
const SLEPT = 8_000;
/** Close codes after which nobody tries again. */
const FINAL = new Set([4000, 4001, 4003]);
/** Refusals that pass by themselves: the database, a limit, too much to do. */
const PASSING = new Set([10202, 10290, 10291]);

export class Connection {
  readonly status: Signal<Status> = signal("connecting");
  readonly end: Signal<End | null> = signal(null);
  readonly clock = new ServerClock();

  private socket: WebSocket | null = null;
  private last = 0;
  private nextId = 1;
  private pending: Pending[] = [];
  private listeners = new Map<SignalKind, Set<(message: SignalMessage) => void>>();
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private stopTicking: (() => void) | undefined;
  private retryAt = 0;
  private lastTick = Date.now();
  private pingEvery = 10_000;
  private pingSent = 0;
  private heard = 0;
  private signInSent = 0;
  private refused: CallError | undefined;

  constructor(
    private readonly address: string,
    private readonly credentials: Credentials,
    private readonly listener: Listener,
  ) {}

  /** Connects, and stays connected until `close`. */
  open(): void {
    addEventListener("online", this.hurry);
    addEventListener("offline", this.doubt);
    document.addEventListener("visibilitychange", this.hurry);
    this.stopTicking = everySecond(this.tick);
    this.connect();
  }

  /** Leaves the class for good. */
  quit(): void {
    this.send({ type: "quit" });
    this.finish({ code: 1000, reason: "quit" });
  }

  /** Ends the connection without leaving the class. */
  close(): void {
    this.finish({ code: 1000, reason: "" });
  }

  /** The server's time in milliseconds. */
  now(): number {
    return this.clock.now();
  }

  /** Makes a call of `/saas/v1`. The answer's body when its `error_code` is 0, else a `CallError`. */
  call<T = ReplyBody>(call: string, body: object, options: CallOptions = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.status.value === "ended") return reject(new CallError(0, "ended", true));
      const pending: Pending = {
        id: this.nextId++, call, body, repeatable: options.repeatable ?? false, sent: false, resolve, reject,
      };
      this.pending.push(pending);
      if (this.status.value === "open") this.sendCall(pending);
    });
  }

  /** Tells others something that is not kept. Does nothing while there is no connection. */
  signal(kind: Exclude<SignalKind, "connection">, data: object): void {
    if (this.status.value === "open") this.send({ type: "signal", kind, data });
  }

  /** Calls `listener` with each signal of this kind; the answer ends that. */
  onSignal(kind: SignalKind, listener: (message: SignalMessage) => void): () => void {
    const set = this.listeners.get(kind) ?? new Set();
    this.listeners.set(kind, set.add(listener));
    return () => void set.delete(listener);
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.status.value = this.attempt === 0 ? "connecting" : "waiting";
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.heard = Date.now();
    this.pingSent = 0;
    socket.onopen = () => {
      this.signInSent = Date.now();
      this.send({ type: "sign_in", id: 0, ...this.credentials, camera: 0, mic: 0, speaker: 0, last: this.last });
    };
    socket.onmessage = (message) => {
      if (socket !== this.socket) return;
      this.heard = Date.now();
      try {
        this.receive(JSON.parse(message.data) as ServerMessage);
      } catch (problem) {
        // What can't be applied is not passed over: a snapshot puts everything right.
        console.error(problem);
        this.last = 0;
        this.abandon();
        this.lost(1006, "");
      }
    };
    socket.onclose = (close) => {
      if (socket === this.socket) this.lost(close.code, close.reason);
    };
  }

  private receive(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        return this.welcome(message);
      case "event":
        this.listener.event(message);
        this.last = Math.max(this.last, message.sequence);
        return;
      case "pong":
        if (this.pingSent) this.clock.learn(message.time, this.pingSent, this.heard);
        this.pingSent = 0;
        this.last = Math.max(this.last, message.sequence);
        return;
      case "reply":
        return this.settle(message.id, message.body);
      case "refused":
        if (this.status.value === "open") {
          if (message.id !== undefined) this.settle(message.id, message as unknown as ReplyBody);
        } else {
          this.refused = new CallError(message.error_code, message.error_msg);
        }
        return;
      case "signal":
        this.listeners.get(message.kind)?.forEach((listener) => listener(message));
    }
  }

  private welcome(welcome: Welcome): void {
    this.clock.learn(welcome.time, this.signInSent, this.heard);
    this.pingEvery = welcome.ping_seconds * 1000;
    this.pingSent = 0;
    // Without a snapshot the events after `last` are still to come: `last` follows them.
    if (welcome.snapshot) this.last = welcome.sequence;
    this.listener.welcome(welcome);
    this.attempt = 0;
    this.status.value = "open";
    this.pending.forEach((pending) => this.sendCall(pending));
  }

  private settle(id: number, body: ReplyBody): void {
    const at = this.pending.findIndex((pending) => pending.id === id);
    if (at < 0) return;
    const [pending] = this.pending.splice(at, 1);
    if (body.error_code === 0) pending?.resolve(body);
    else pending?.reject(new CallError(body.error_code, body.error_msg));
  }

  private sendCall(pending: Pending): void {
    pending.sent = true;
    this.send({ type: "call", id: pending.id, call: pending.call, body: pending.body });
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private lost(code: number, reason: string): void {
    this.socket = null;
    const refused = this.refused;
    this.refused = undefined;
    const passes = code === 4001 && refused !== undefined && PASSING.has(refused.code);
    const signsInAgain = code === 4002 && reason === "timeout";
    if ((FINAL.has(code) && !passes) || (code === 4002 && !signsInAgain)) {
      return this.finish({ code, reason, error: refused });
    }
    const lost = this.pending.filter((pending) => pending.sent && !pending.repeatable);
    this.pending = this.pending.filter((pending) => !lost.includes(pending));
    lost.forEach((pending) => pending.reject(new CallError(0, "connection lost")));
    this.pending.forEach((pending) => (pending.sent = false));
    this.status.value = "waiting";
    const wait = delay(this.attempt++, Math.random());
    this.retryAt = Date.now() + wait;
    this.retry = setTimeout(() => this.connect(), wait);
  }

  private finish(end: End): void {
    removeEventListener("online", this.hurry);
    removeEventListener("offline", this.doubt);
    document.removeEventListener("visibilitychange", this.hurry);
    this.stopTicking?.();
    clearTimeout(this.retry);
    this.abandon();
    this.status.value = "ended";
    this.end.value = end;
    this.pending.splice(0).forEach((pending) => pending.reject(new CallError(0, "ended", true)));
  }

  /** The network is back or somebody looks at the page: don't wait any longer. */
  private hurry = (): void => {
    if (document.visibilityState === "hidden") return;
    if (this.status.value === "open") return this.probe();
    // A connection that was begun in a dead network never comes about.
    if (this.socket && Date.now() - this.heard > STALE) this.abandon();
    if (!this.socket) this.connect();
  };

  /** The network seems to be gone. */
  private doubt = (): void => {
    if (this.status.value === "open") this.probe();
  };

  /** Asks the server for a sign of life, soon: what was heard before says nothing about now. */
  private probe(): void {
    this.heard = Math.min(this.heard, Date.now() - SILENT + 5_000);
    this.ping();
  }

  private abandon(): void {
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private tick = (): void => {
    const now = Date.now();
    const slept = now - this.lastTick > SLEPT;
    this.lastTick = now;
    if (!this.socket) {
      // The timer of a hidden page may be late.
      if (slept || now >= this.retryAt) this.connect();
      return;
    }
    if (slept) return this.probe();
    if (now - this.heard > SILENT) {
      this.abandon();
      this.lost(1006, "silent");
    } else if (this.status.value === "open" && now - Math.max(this.pingSent, this.lastPing) >= this.pingEvery) {
      this.ping();
    }
  };

  private lastPing = 0;

  private ping(): void {
    this.lastPing = this.pingSent = Date.now();
    this.send({ type: "ping" });
  }
}
