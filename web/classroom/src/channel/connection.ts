// The WebSocket of one class: sign-in, calls, pings and reconnection.

import { signal, type Signal } from "@preact/signals";
import { delay } from "./backoff";
import { CallError, type CallOptions, type Pending } from "./call";
import { ServerClock } from "./clock";
import { everySecond } from "./ticker";
import type {
  ClassEvent, Credentials, ReplyBody, ServerMessage, SignalKind, SignalMessage, Welcome,
} from "./types";

export { CallError, type CallOptions } from "./call";

/** `open`: signed in and up to date. `waiting`: will connect again. `ended`: will not connect again, see `end`. */
export type Status = "connecting" | "open" | "waiting" | "ended";

/** Why the connection ended for good. `code` is the close code; `error` comes from a `refused` message. */
export interface End {
  code: number;
  reason: string;
  error?: CallError;
}

/** Receives what the server sends about the class. */
export interface Listener {
  welcome(welcome: Welcome): void;
  event(event: ClassEvent): void;
}

/** Without any message for this long, the connection is considered dead. In milliseconds, as the protocol says. */
const SILENCE_MS = 15_000;
/** A connection attempt older than this is replaced when the network comes back. */
const STALE_CONNECT_MS = 3_000;
/** A gap this long between two ticks means that the computer was asleep. */
const SLEEP_GAP_MS = 8_000;
/** Close codes after which the client does not connect again. */
const FINAL_CLOSE_CODES = new Set([4000, 4001, 4003]);
/** Temporary refusals: the database, a limit, an overloaded server. */
const TRANSIENT_CODES = new Set([10202, 10290, 10291]);

export class Connection {
  readonly status: Signal<Status> = signal("connecting");
  readonly end: Signal<End | null> = signal(null);
  readonly clock = new ServerClock();

  private socket: WebSocket | null = null;
  private lastSequence = 0;
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
  private lastMessageAt = 0;
  private signInSent = 0;
  private refused: CallError | undefined;

  constructor(
    private readonly address: string,
    private readonly credentials: Credentials,
    private readonly listener: Listener,
  ) {}

  /** Connects, and reconnects until `close` or `quit`. */
  open(): void {
    addEventListener("online", this.reconnectNow);
    addEventListener("offline", this.checkConnection);
    document.addEventListener("visibilitychange", this.reconnectNow);
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

  /** Makes a call of `/saas/v1`. Resolves with the body when its `error_code` is 0, and rejects with a `CallError` otherwise. */
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

  /** Sends a transient signal to the others. Does nothing while there is no connection. */
  signal(kind: Exclude<SignalKind, "connection">, data: object): void {
    if (this.status.value === "open") this.send({ type: "signal", kind, data });
  }

  /** Calls `listener` with each signal of this kind. Returns a function that stops this. */
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
    this.lastMessageAt = Date.now();
    this.pingSent = 0;
    socket.onopen = () => {
      this.signInSent = Date.now();
      this.send({ type: "sign_in", id: 0, ...this.credentials, camera: 0, mic: 0, speaker: 0, last: this.lastSequence });
    };
    socket.onmessage = (message) => {
      if (socket !== this.socket) return;
      this.lastMessageAt = Date.now();
      try {
        this.receive(JSON.parse(message.data) as ServerMessage);
      } catch (problem) {
        // A message that can't be applied must not be skipped: a new snapshot restores the state.
        console.error(problem);
        this.lastSequence = 0;
        this.closeSocket();
        this.onLost(1006, "");
      }
    };
    socket.onclose = (close) => {
      if (socket === this.socket) this.onLost(close.code, close.reason);
    };
  }

  private receive(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        return this.welcome(message);
      case "event":
        this.listener.event(message);
        this.lastSequence = Math.max(this.lastSequence, message.sequence);
        return;
      case "pong":
        if (this.pingSent) this.clock.update(message.time, this.pingSent, this.lastMessageAt);
        this.pingSent = 0;
        this.lastSequence = Math.max(this.lastSequence, message.sequence);
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
    this.clock.update(welcome.time, this.signInSent, this.lastMessageAt);
    this.pingEvery = welcome.ping_seconds * 1000;
    this.pingSent = 0;
    // Without a snapshot the missed events follow, and each of them updates `lastSequence`.
    if (welcome.snapshot) this.lastSequence = welcome.sequence;
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

  private onLost(code: number, reason: string): void {
    this.socket = null;
    const refused = this.refused;
    this.refused = undefined;
    const passes = code === 4001 && refused !== undefined && TRANSIENT_CODES.has(refused.code);
    const signsInAgain = code === 4002 && reason === "timeout";
    if ((FINAL_CLOSE_CODES.has(code) && !passes) || (code === 4002 && !signsInAgain)) {
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
    removeEventListener("online", this.reconnectNow);
    removeEventListener("offline", this.checkConnection);
    document.removeEventListener("visibilitychange", this.reconnectNow);
    this.stopTicking?.();
    clearTimeout(this.retry);
    this.closeSocket();
    this.status.value = "ended";
    this.end.value = end;
    this.pending.splice(0).forEach((pending) => pending.reject(new CallError(0, "ended", true)));
  }

  /** Reconnects or probes at once: the network is back, or the page became visible. */
  private reconnectNow = (): void => {
    if (document.visibilityState === "hidden") return;
    if (this.status.value === "open") return this.probe();
    // An attempt that started without a network never completes.
    if (this.socket && Date.now() - this.lastMessageAt > STALE_CONNECT_MS) this.closeSocket();
    if (!this.socket) this.connect();
  };

  /** The network seems to be gone. */
  private checkConnection = (): void => {
    if (this.status.value === "open") this.probe();
  };

  /** Pings, and considers the connection dead when no message arrives within five seconds. */
  private probe(): void {
    this.lastMessageAt = Math.min(this.lastMessageAt, Date.now() - SILENCE_MS + 5_000);
    this.ping();
  }

  private closeSocket(): void {
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private tick = (): void => {
    const now = Date.now();
    const slept = now - this.lastTick > SLEEP_GAP_MS;
    this.lastTick = now;
    if (!this.socket) {
      // The retry timer of a hidden page may be late.
      if (slept || now >= this.retryAt) this.connect();
      return;
    }
    if (slept) return this.probe();
    if (now - this.lastMessageAt > SILENCE_MS) {
      this.closeSocket();
      this.onLost(1006, "silent");
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
