// The audio and video of one class: received streams, local sources, and their state.

import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { CallError } from "../channel/call";
import { post } from "../channel/http";
import { moderates } from "../state/classroom";
import type { Room } from "../state/room";
import { loadTabState, saveTabState } from "../ui/storage";
import { devicePreferences } from "./device-preferences";
import { openDevice } from "./devices";
import { Invitation } from "./invitation";
import { Transceivers } from "./transceivers";
import { onNetworkChange } from "./network";
import { LocalSources, type LocalSourceEvent } from "./local-sources";
import { Playback } from "./playback";
import { MediaSession } from "./session";
import { keyOf, type Connected, type ControlMessage, type PersonQuality, type SentLine, type SentSource, type Settings, type Slot, type Source, type Speaker } from "./types";
import { Views } from "./views";

/** Whether the class has audio and video. `unknown` until the server has answered. */
export type Mode = "unknown" | "off" | "unsupported" | "on";

/** The timeout of a call in milliseconds. A repeated call may succeed. */
const CALL_TIMEOUT_MS = 8_000;
const RETRY_MS = 1_000;
/** The TURN credentials in the settings last 12 hours. They are reloaded after half of that. */
const SETTINGS_MAX_AGE_MS = 6 * 3_600_000;
/** The key under which the tab stores the open devices. */
const OPEN_DEVICES_KEY = "media";
/** After this time with a connection, a closed state was set by a moderator. */
const STEADY_MS = 5_000;

export class Media {
  readonly mode: Signal<Mode> = signal("unknown");
  /** Whether the user has completed the device check. */
  readonly entered: Signal<boolean> = signal(false);
  readonly settings: Signal<Settings | null> = signal(null);
  readonly sources: Signal<SentSource[]> = signal([]);
  readonly speakers: Signal<Speaker[]> = signal([]);
  /** The network quality of each sender and of this user, by user id. */
  readonly quality: Signal<Record<string, PersonQuality>> = signal({});
  readonly paused: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly playback = new Playback();
  readonly views: Views;
  readonly local: LocalSources;
  readonly session: MediaSession;
  readonly invitation: Invitation;
  /** Whether this user may publish audio and video. Observers may not. */
  readonly maySend: ReadonlySignal<boolean>;
  /** Whether this user may share a screen. */
  readonly mayShare: ReadonlySignal<boolean>;

  private readonly transceivers = new Transceivers();
  private readonly slots: Signal<Slot[]> = signal([]);
  private readAt = 0;
  private stops: (() => void)[] = [];

  constructor(private readonly room: Room, onEvent: (event: LocalSourceEvent) => void) {
    this.session = new MediaSession({
      peer: () => this.peer(),
      connect: (session, offer, sources) => this.connect(session, offer, sources),
      disconnect: (session) => this.call("media/disconnect", { session }, true),
      sent: () => this.transceivers.sendingLines(),
      reset: () => batch(() => [this.slots, this.sources, this.speakers].forEach((list) => (list.value = []))),
      open: () => this.views.repeat(),
      message: (message) => this.receive(message),
    });
    this.views = new Views((videos) => this.session.send({ type: "view", videos }));
    this.local = new LocalSources({
      open: (source) => openDevice(source, this.settings.peek() ?? { width: 640, height: 360, fps: 15 }),
      report: (event) => room.call("report/event", { event }, { repeatable: true }),
      send: (source, track) => this.transceivers.send(source, track),
      steady: () => this.session.connectedAt > 0 && Date.now() - this.session.connectedAt > STEADY_MS,
      onEvent,
    });
    this.invitation = new Invitation(this.local);
    this.maySend = computed(() => this.mode.value === "on" && room.role.value !== "supervisor");
    this.mayShare = computed(() => this.maySend.value && (moderates({ role: room.role.value }) || room.mayDraw.value));
  }

  /** Loads whether the class has audio and video. */
  async load(tries = 5): Promise<void> {
    try {
      await this.read();
      this.mode.value = this.settings.value?.enabled !== 1 ? "off" : typeof RTCPeerConnection === "undefined" ? "unsupported" : "on";
    } catch (error) {
      // Retried when there was no answer. A refusal means off.
      if (error instanceof CallError && error.code === 0 && tries > 1) setTimeout(() => void this.load(tries - 1), RETRY_MS);
      else this.mode.value = "off";
    }
  }

  /** Connects and opens the devices that open automatically. Called when the user has entered. */
  start(): void {
    if (this.mode.peek() !== "on" || this.stops.length > 0) return;
    void this.session.start();
    const settings = this.settings.peek();
    if (settings && this.maySend.peek()) {
      const { useMic, useCamera } = devicePreferences.peek();
      // Devices that were open before a reload are opened again.
      const open = (loadTabState(OPEN_DEVICES_KEY) ?? "").split(" ");
      if ((settings.auto_open_mic === 1 && useMic) || open.includes("mic")) void this.local.set("mic", true);
      if ((settings.auto_open_camera === 1 && useCamera) || open.includes("camera")) void this.local.set("camera", true);
    }
    this.follow();
  }

  stop(): void {
    this.stops.splice(0).forEach((stop) => stop());
    this.local.stop();
    this.playback.stop();
    this.views.stop();
    this.session.stop();
  }

  /** The received stream of a picture, or the local one; `null` when there is none. */
  picture(user_id: string, source: "camera" | "screen"): MediaStream | null {
    if (user_id === this.room.me) return this.mine[source].value;
    const slot = this.slots.value.find((one) => one.user_id === user_id && one.source === source);
    return slot ? this.transceivers.stream(slot.mid) : null;
  }

  /** Whether somebody publishes this source now. */
  isSent(user_id: string, source: Source): boolean {
    if (user_id === this.room.me) return this.local.isOn(source);
    return this.sources.value.some((one) => one.user_id === user_id && one.source === source);
  }

  isSpeaking(user_id: string): boolean {
    return this.speakers.value.some((one) => one.user_id === user_id);
  }

  isPaused(user_id: string, source: Source): boolean {
    return this.paused.value.has(keyOf({ user_id, source }));
  }

  private readonly mine = {
    camera: computed(() => streamOf(this.local.tracks.camera.value)),
    screen: computed(() => streamOf(this.local.tracks.screen.value)),
  };

  private async read(): Promise<void> {
    this.settings.value = await this.call<Settings>("media/settings");
    this.readAt = Date.now();
  }

  private async peer(): Promise<RTCPeerConnection> {
    if (Date.now() - this.readAt > SETTINGS_MAX_AGE_MS) await this.read();
    const settings = this.settings.peek();
    if (!settings) throw new Error("no settings");
    const peer = new RTCPeerConnection({ iceServers: settings.ice_servers, bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
    this.transceivers.attach(peer, settings);
    return peer;
  }

  private connect(session: string, offer: string, sources: SentLine[]): Promise<Connected> {
    return this.call<Connected>("media/connect", { session, offer, sources });
  }

  /** Over HTTP: the channel may need seconds to notice a change of the network. */
  private call<T>(call: string, body: object = {}, keepalive = false): Promise<T> {
    return post<T>(call, this.room.credentials, { class_id: this.room.classId, ...body }, { timeout: CALL_TIMEOUT_MS, keepalive });
  }

  private receive(message: ControlMessage): void {
    switch (message.type) {
      case "slots":
        this.slots.value = message.slots;
        return;
      case "sources":
        this.sources.value = message.sources;
        return;
      case "permitted":
        return this.local.updateAllowed("permitted", message);
      case "speakers":
        this.speakers.value = message.speakers;
        return;
      case "quality":
        this.quality.value = Object.fromEntries(message.people.map((person) => [person.user_id, person]));
        return;
      case "paused":
        this.paused.value = new Set(message.sources.map(keyOf));
    }
  }

  /** Reacts to changes of the class, the network and the page. */
  private follow(): void {
    const { room, session } = this;
    const repair = () => session.repair();
    const see = () => this.views.hide(document.visibilityState === "hidden");
    const stopWatching = onNetworkChange(repair);
    // Any interaction with the page unblocks audio.
    const press = () => this.playback.blocked.peek() && void this.playback.resume();
    document.addEventListener("pointerdown", press);
    document.addEventListener("visibilitychange", see);
    see();
    this.stops.push(
      stopWatching,
      () => document.removeEventListener("pointerdown", press),
      () => document.removeEventListener("visibilitychange", see),
      effect(() => {
        const self = room.self.value;
        if (!self) return;
        if (!moderates(self)) this.invitation.follow(self);
        this.local.updateAllowed("member", self);
      }),
      effect(() => {
        const voices = this.slots.value.filter((slot) => slot.source === "mic");
        this.playback.set(new Map(voices.flatMap(({ user_id, mid }) => {
          const stream = this.transceivers.stream(mid);
          return stream ? [[user_id, stream] as const] : [];
        })));
      }),
      effect(() => saveTabState(OPEN_DEVICES_KEY, ["mic", "camera"].filter((source) => this.local.states[source as Source].value !== "off").join(" "))),
      effect(() => this.playback.useSpeaker(devicePreferences.value.speaker)),
      effect(() => {
        const mics = this.sources.value.filter(({ source }) => source === "mic").length;
        if (this.transceivers.ensureSlots(mics, this.sources.value.length - mics)) session.offer();
      }),
      effect(() => {
        if (session.status.value === "connected") void this.local.reopenClosed();
      }),
      effect(() => {
        if (room.connection.status.value === "open") session.retry();
      }),
    );
  }
}

function streamOf(track: MediaStreamTrack | null): MediaStream | null {
  return track && new MediaStream([track]);
}
