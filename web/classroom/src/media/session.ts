// The media session: one connection to the media server, repaired or replaced when the network changes.

import { signal, type Signal } from "@preact/signals";
import { delay } from "../channel/backoff";
import { CallError } from "../channel/call";
import type { Connected, ControlMessage, SentLine } from "./types";

/** `full`: no server has capacity. `refused`: the server refuses; `retry` tries again. */
export type MediaStatus = "connecting" | "connected" | "recovering" | "full" | "refused" | "ended";

type OfferKind = "offer" | "repair";

/** What the session needs from outside. */
export interface SessionOptions {
  /** Creates a connection with all its m-lines. */
  peer(): Promise<RTCPeerConnection>;
  connect(session: string, offer: string, sources: SentLine[]): Promise<Connected>;
  disconnect(session: string): Promise<unknown>;
  sent(): SentLine[];
  /** A new connection starts: the state of the previous one is obsolete. */
  reset(): void;
  /** The control channel has opened. */
  open(): void;
  message(message: ControlMessage): void;
}

/** Milliseconds: a disconnection that is ignored; the limits of an ICE restart and of a first connection; the delay when servers are full. */
const DISCONNECT_GRACE_MS = 1_500;
const REPAIR_TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 10_000;
const FULL_RETRY_MS = 1_000;
const SERVER_FULL = 10291;
const SESSION_ENDED = 10292;
/** Temporary errors: no answer, the database, a limit. */
const TRANSIENT_CODES = new Set([0, 10202, 10290]);

export class MediaSession {
  readonly status: Signal<MediaStatus> = signal("connecting");
  /** When the connection was established or repaired; 0 while it is down. */
  connectedAt = 0;

  private peer: RTCPeerConnection | null = null;
  private control: RTCDataChannel | null = null;
  private session = "";
  private attempt = 0;
  /** Incremented by each start, so that results of earlier ones are ignored. */
  private generation = 0;
  /** The connection whose offer awaits its answer, and the kind of the next offer. */
  private offering: RTCPeerConnection | null = null;
  private nextOffer: OfferKind | null = null;
  private graceTimer: ReturnType<typeof setTimeout> | undefined;
  private timeout: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: SessionOptions) {}

  /** Connects. */
  async start(): Promise<void> {
    if (this.hasStatus("ended")) return;
    this.closePeer();
    const generation = ++this.generation;
    let peer: RTCPeerConnection;
    try {
      peer = await this.options.peer();
    } catch (error) {
      if (generation === this.generation) this.failed(error, "offer");
      return;
    }
    if (generation !== this.generation || this.hasStatus("ended")) return peer.close();
    this.peer = peer;
    this.session = "";
    this.options.reset();
    const control = peer.createDataChannel("control", { ordered: true });
    this.control = control;
    control.onopen = () => peer === this.peer && this.options.open();
    control.onmessage = ({ data }) => peer === this.peer && this.receive(data);
    control.onclose = () => peer === this.peer && this.renew();
    peer.oniceconnectionstatechange = () => peer === this.peer && this.onIceState(peer);
    // DTLS may fail while ICE works, for example when the server has dropped the session.
    peer.onconnectionstatechange = () => {
      if (peer === this.peer && peer.connectionState === "failed" && peer.iceConnectionState !== "failed") this.renew();
    };
    this.renewAfter(CONNECT_TIMEOUT_MS);
    await this.negotiate("offer");
  }

  /** Makes a new offer, because there are more m-lines. */
  offer(): void {
    void this.negotiate("offer");
  }

  /** Restarts ICE after a change of the network, and keeps the session. */
  repair(): void {
    if (this.hasStatus("connected")) {
      this.status.value = "recovering";
      this.connectedAt = 0;
      this.renewAfter(REPAIR_TIMEOUT_MS);
      void this.negotiate("repair");
    } else if (!this.peer && this.hasStatus("recovering")) {
      void this.start();
    }
  }

  /** Tries again after a refusal. */
  retry(): void {
    if (this.hasStatus("refused")) void this.start();
  }

  /** Sends a message to the server. Does nothing while the control channel is not open. */
  send(message: object): void {
    if (this.control?.readyState === "open") this.control.send(JSON.stringify(message));
  }

  /** Ends the session for good. */
  stop(): void {
    if (this.hasStatus("ended")) return;
    this.status.value = "ended";
    this.closePeer();
    if (this.session) this.options.disconnect(this.session).catch(() => {});
  }

  private hasStatus(status: MediaStatus): boolean {
    return this.status.value === status;
  }

  /** Makes one offer at a time. Requests meanwhile are combined into the next one. */
  private async negotiate(kind: OfferKind): Promise<void> {
    const { peer } = this;
    if (!peer) return;
    if (this.offering === peer) {
      if (this.nextOffer !== "repair") this.nextOffer = kind;
      return;
    }
    this.offering = peer;
    let next: OfferKind | null = kind;
    while (next && peer === this.peer) {
      this.nextOffer = null;
      await this.exchangeOffer(peer, next);
      next = this.nextOffer;
    }
    if (this.offering === peer) this.offering = null;
  }

  private async exchangeOffer(peer: RTCPeerConnection, kind: OfferKind): Promise<void> {
    try {
      await peer.setLocalDescription(await peer.createOffer({ iceRestart: kind === "repair" }));
      const sdp = peer.localDescription?.sdp ?? "";
      const { session, answer } = await this.options.connect(this.session, sdp, this.options.sent());
      if (peer !== this.peer) return;
      this.session = session;
      await peer.setRemoteDescription({ type: "answer", sdp: answer });
      // After an ICE restart the old path may still work. Then no state change is reported.
      if (peer === this.peer) this.onIceState(peer);
    } catch (error) {
      if (peer === this.peer) this.failed(error, kind);
    }
  }

  private failed(error: unknown, kind: OfferKind): void {
    const code = error instanceof CallError ? error.code : -1;
    if (code === SESSION_ENDED) return this.renew();
    if (TRANSIENT_CODES.has(code) && this.peer && this.session) {
      // The session exists: only the offer has to be repeated.
      clearTimeout(this.retryTimer);
      this.retryTimer = setTimeout(() => void this.negotiate(kind), delay(0, Math.random()));
      return;
    }
    this.closePeer();
    if (code === SERVER_FULL) {
      this.status.value = "full";
      this.retryTimer = setTimeout(() => void this.start(), FULL_RETRY_MS);
    } else if (TRANSIENT_CODES.has(code) || code === -1) {
      this.renew();
    } else {
      this.status.value = "refused";
    }
  }

  private onIceState(peer: RTCPeerConnection): void {
    const state = peer.iceConnectionState;
    if (state === "connected" || state === "completed") {
      clearTimeout(this.graceTimer);
      clearTimeout(this.timeout);
      this.attempt = 0;
      if (!this.hasStatus("connected")) this.connectedAt = Date.now();
      this.status.value = "connected";
    } else if (state === "disconnected" && this.hasStatus("connected")) {
      clearTimeout(this.graceTimer);
      this.graceTimer = setTimeout(() => this.repair(), DISCONNECT_GRACE_MS);
    } else if (state === "failed") {
      if (this.hasStatus("connected")) this.repair();
      else if (!this.offering) this.renew();
    }
  }

  /** Replaces the connection unless it is established in time. */
  private renewAfter(time: number): void {
    clearTimeout(this.timeout);
    this.timeout = setTimeout(() => this.renew(), time);
  }

  /** Makes a new connection with a new session; the first time without delay. */
  private renew(): void {
    if (this.hasStatus("ended")) return;
    this.closePeer();
    this.status.value = "recovering";
    this.retryTimer = setTimeout(() => void this.start(), this.attempt === 0 ? 0 : delay(this.attempt - 1, Math.random()));
    this.attempt++;
  }

  private receive(data: unknown): void {
    try {
      this.options.message(JSON.parse(String(data)) as ControlMessage);
    } catch (problem) {
      console.error(problem);
    }
  }

  /** Closes the connection. */
  private closePeer(): void {
    [this.graceTimer, this.timeout, this.retryTimer].forEach(clearTimeout);
    this.connectedAt = 0;
    const { peer } = this;
    this.peer = null;
    this.control = null;
    peer?.close();
  }
}
