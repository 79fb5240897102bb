// The device check between sign-in and class, once in each browser.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { EnterCard } from "../enter/card";
import type { EntryFlow } from "../enter/flow";
import { Entering } from "../enter/screens";
import { t } from "../i18n";
import { useMedia } from "../media";
import { setDevicePreferences, hasDevicePreferences } from "../media/device-preferences";
import { useRoom } from "../state/room";
import { Button, Dialog } from "../ui";
import { Check, usePreview } from "./check";

/** How long entering waits for the media settings, in milliseconds. */
const SETTINGS_TIMEOUT_MS = 3_000;

export function Entrance({ flow, children }: { flow: EntryFlow; children: ComponentChildren }) {
  const media = useMedia();
  const mode = media.mode.value;
  const entered = media.entered.value;
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const limit = setTimeout(() => setWaited(true), SETTINGS_TIMEOUT_MS);
    return () => clearTimeout(limit);
  }, [media]);
  const ready = entered || mode === "off" || mode === "unsupported" || (mode === "on" && (hasDevicePreferences() || !media.maySend.value)) || (mode === "unknown" && waited);
  useEffect(() => {
    if (!ready) return;
    media.entered.value = true;
    media.start();
  }, [ready, mode]);
  if (ready) return <>{children}</>;
  return mode === "unknown" ? <Entering flow={flow} /> : <CheckScreen flow={flow} />;
}

function CheckScreen({ flow }: { flow: EntryFlow }) {
  const room = useRoom();
  const media = useMedia();
  const preview = usePreview(media);
  const settings = media.settings.value;
  // Listeners are not asked for permissions before they press "try".
  const speaks = room.moderator.value || settings?.auto_open_mic === 1 || settings?.auto_open_camera === 1;
  const [tried, setTried] = useState(speaks);
  const primary = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (speaks) void preview.start(["mic", "camera"]);
    primary.current?.focus();
  }, []);
  const enter = (useDevices: boolean) => {
    const { mic, camera } = preview.tracks;
    // Without a check, the preferences do not change.
    setDevicePreferences(tried ? { useMic: useDevices && mic.value !== null, useCamera: useDevices && camera.value !== null } : {});
    preview.end();
    media.entered.value = true;
  };
  const start = () => {
    setTried(true);
    void preview.start(["mic", "camera"]);
  };
  return (
    <EnterCard flow={flow}>
      <div class="enter-form">
        <h2>{t("media.check_title")}</h2>
        <p class="enter-small">{tried ? t("media.check_hint") : t("media.check_listener")}</p>
        {tried && <Check preview={preview} />}
        <div class="check-buttons">
          <Button buttonRef={primary} kind="primary" large wide onClick={() => enter(true)}>{t("media.enter")}</Button>
          {tried ? <Button kind="quiet" large wide onClick={() => enter(false)}>{t("media.enter_without")}</Button> : <Button large wide icon="camera" onClick={start}>{t("media.try")}</Button>}
        </div>
      </div>
    </EnterCard>
  );
}

const open = signal(false);

/** Opens the device check in the class. */
export function openDevices(): void {
  open.value = true;
}

/** The device check in the class. Rendered once. */
export function DevicesDialog() {
  return open.value ? <Devices /> : null;
}

function Devices() {
  const media = useMedia();
  const preview = usePreview(media);
  const done = () => (open.value = false);
  return (
    <Dialog title={t("media.devices")} onClose={done}>
      <Check preview={preview} onChoose={(device) => device !== "speaker" && void media.local.change(device)} />
      <div class="dialog-buttons">
        <Button kind="primary" data-first onClick={done}>{t("media.devices_done")}</Button>
      </div>
    </Dialog>
  );
}
