// The header of a class: its name and state, the connection, raised hands, start and end.

import { useEffect, useState } from "preact/hooks";
import { unread } from "../chat";
import { clock, t } from "../i18n";
import { HandButton } from "../roster/hands";
import { MediaButtons } from "../stage/controls";
import { useRoom } from "../state/room";
import { TimerView } from "../timer";
import { Button, Icon, IconButton, confirmAction, attempt } from "../ui";
import { ClassMenu } from "./preferences";

export function Head({ panelOpen, onPanel, onHands }: { panelOpen: boolean; onPanel: () => void; onHands: () => void }) {
  const room = useRoom();
  const info = room.info.value;
  const hands = room.hands.value.length;
  if (!info) return null;
  const leave = async () => {
    if (await confirmAction({ title: t("layout.leaveTitle"), text: room.moderator.value ? t("layout.leaveTeacher") : t("layout.leaveText"), yes: t("layout.leave"), danger: true })) {
      room.connection.quit();
    }
  };
  return (
    <header class="head">
      <div class="head-title">
        <span class="head-topic" title={info.class_topic}>{info.class_topic}</span>
        <span class="head-state">
          <ClassState />
          <RecordingState />
          <ConnectionState />
        </span>
      </div>
      <div class="head-actions">
        <TimerView />
        {room.moderator.value
          ? hands > 0 && (
              <Button kind="hand" icon="hand" class="head-hands" onClick={onHands} aria-label={t("roster.handsUp", { n: hands })}>
                {hands}
              </Button>
            )
          : <HandButton />}
        <MediaButtons />
        {room.moderator.value && <BeginEnd />}
        <IconButton class="head-panel" icon="panel" label={panelLabel(panelOpen)} pressed={panelOpen} onClick={onPanel}>
          {!panelOpen && unread.value > 0 && <span class="badge" aria-hidden="true">{unread.value > 99 ? "99+" : unread.value}</span>}
        </IconButton>
        <ClassMenu onLeave={leave} />
      </div>
    </header>
  );
}

function panelLabel(open: boolean): string {
  if (open) return t("layout.panelClose");
  return unread.value > 0 ? `${t("layout.panelOpen")} · ${t("layout.unread", { n: unread.value })}` : t("layout.panelOpen");
}

/** The state of the class, and how long it has been running. */
function ClassState() {
  const room = useRoom();
  const info = room.info.value;
  const going = info?.class_status === "ing";
  const [now, setNow] = useState(room.now());
  useEffect(() => {
    if (!going) return;
    setNow(room.now());
    const tick = setInterval(() => setNow(room.now()), 1000);
    return () => clearInterval(tick);
  }, [going]);
  if (!info) return null;
  if (info.class_status === "end") return <span class="chip">{t("layout.ended")}</span>;
  if (!going) return <span class="chip">{t("layout.notBegun")}</span>;
  return (
    <span class="chip good">
      {t("layout.going")} <span class="head-clock">{clock(now - info.real_start_time)}</span>
    </span>
  );
}

/** Says that the class is recorded, to everybody in it. */
function RecordingState() {
  const recording = useRoom().recording.value;
  if (recording === "off") return null;
  return (
    <span class={`chip recording ${recording}`} role="status">
      <span class="dot" aria-hidden="true" />
      {recording === "on" ? t("layout.recording") : t("layout.recordingPaused")}
    </span>
  );
}

function ConnectionState() {
  const status = useRoom().connection.status.value;
  return (
    <span class={`chip connection ${status}`} role="status">
      <span class="dot" aria-hidden="true" />
      <span class="connection-word">{status === "open" ? t("layout.connected") : t("layout.reconnecting")}</span>
    </span>
  );
}

function BeginEnd() {
  const room = useRoom();
  const [busy, setBusy] = useState(false);
  const info = room.info.value;
  const run = async (call: string) => {
    setBusy(true);
    await attempt(room.call(call, {}, { repeatable: true }));
    setBusy(false);
  };
  if (info?.class_status === "will") {
    return <Button kind="primary" icon="play" busy={busy} onClick={() => run("class/start")}>{t("layout.begin")}</Button>;
  }
  if (info?.class_status !== "ing") return null;
  const end = async () => {
    if (await confirmAction({ title: t("layout.endTitle"), text: t("layout.endText"), yes: t("layout.end"), danger: true })) await run("class/stop");
  };
  return <Button busy={busy} onClick={end}>{t("layout.end")}</Button>;
}

/** The notice over everything while there is no connection. */
export function Offline() {
  const status = useRoom().connection.status.value;
  if (status === "open" || status === "ended") return null;
  return (
    <div class="offline" role="alert">
      <Icon name="wifiOff" />
      {t("layout.offline")}
    </div>
  );
}
