// The check of camera, microphone and speaker, before and in the class.

import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { t } from "../i18n";
import { useMedia, type Media } from "../media";
import { devicePreferences, setDevicePreferences } from "../media/device-preferences";
import { canChooseSpeaker } from "../media/devices";
import { meter, testSound } from "../media/level";
import { Preview } from "../media/preview";
import { helpFor } from "../media/problems";
import { Button, Icon, IconButton } from "../ui";
import { Picture } from "./picture";

/** The size of the preview while the settings of the class are unknown. */
const DEFAULT_SIZE = { width: 640, height: 360, fps: 15 };

/** A device check that ends with the component. */
export function usePreview(media: Media): Preview {
  const preview = useMemo(() => new Preview(media.settings.peek() ?? DEFAULT_SIZE), []);
  useEffect(() => {
    void preview.list();
    return () => preview.end();
  }, []);
  return preview;
}

/** Previews of camera, microphone and speaker. `onChoose` is called after another device was chosen. */
export function Check({ preview, onChoose }: { preview: Preview; onChoose?: (device: "camera" | "mic" | "speaker") => void }) {
  const media = useMedia();
  const camera = preview.tracks.camera.value;
  const mic = preview.tracks.mic.value ?? media.local.tracks.mic.value;
  const seen = camera ?? media.local.tracks.camera.value;
  const stream = useMemo(() => seen && new MediaStream([seen]), [seen]);
  const select = async (device: "camera" | "mic" | "speaker", id: string) => {
    await preview.select(device, id);
    onChoose?.(device);
  };
  return (
    <div class="check">
      <div class="check-picture">
        {stream ? <Picture stream={stream} label={t("media.camera")} mirrored={devicePreferences.value.mirror} /> : <p><Icon name="cameraOff" />{t("media.no_picture")}</p>}
        {preview.asking.value && <p class="check-asking" role="status">{t("media.ask_browser")}</p>}
      </div>
      <Problems preview={preview} />
      <div class="check-devices">
        <Chooser device="camera" preview={preview} onSelect={select}>
          <Toggle device="camera" preview={preview} />
        </Chooser>
        <Chooser device="mic" preview={preview} onSelect={select}>
          <Toggle device="mic" preview={preview} />
        </Chooser>
        <Level track={mic} />
        <Chooser device="speaker" preview={preview} onSelect={select}>
          <Button icon="sound" onClick={() => void testSound(devicePreferences.value.speaker).catch(() => {})}>{t("media.test_sound")}</Button>
        </Chooser>
      </div>
    </div>
  );
}

/** What did not open, why, and what to do. The same problem of both devices is shown once. */
function Problems({ preview }: { preview: Preview }) {
  const camera = preview.problems.camera.value;
  const mic = preview.problems.mic.value;
  const again = (which: ("camera" | "mic")[]) => void preview.start(which);
  return (
    <div role="alert">
      {(["mic", "camera"] as const).map((source) => {
        const problem = source === "camera" ? camera : mic;
        if (!problem || (source === "mic" && camera === mic)) return null;
        const { title, help } = helpFor(problem, source);
        return (
          <div key={source} class="check-problem">
            <Icon name="alert" />
            <p><strong>{title}</strong> {help}</p>
            <Button class="small-button" onClick={() => again(camera === mic ? ["camera", "mic"] : [source])}>{t("media.try_again")}</Button>
          </div>
        );
      })}
    </div>
  );
}

interface ChooserProps {
  device: "camera" | "mic" | "speaker";
  preview: Preview;
  onSelect: (device: "camera" | "mic" | "speaker", id: string) => void;
  children: preact.ComponentChildren;
}

function Chooser({ device, preview, onSelect, children }: ChooserProps) {
  const list = preview.devices.value[device];
  const fixed = device === "speaker" && (!canChooseSpeaker || list.length === 0);
  const id = `check-${device}`;
  return (
    <div class="check-row">
      <label for={id}><Icon name={device === "speaker" ? "sound" : device} /><span>{t(`media.${device}`)}</span></label>
      <select id={id} class="input" disabled={fixed || list.length === 0} value={preview.current(device)} onChange={(event) => onSelect(device, event.currentTarget.value)}>
        {fixed && <option value="">{t("media.speaker_system")}</option>}
        {list.map((one, at) => <option key={one.deviceId} value={one.deviceId}>{one.label || `${t(`media.${device}`)} ${at + 1}`}</option>)}
      </select>
      {children}
    </div>
  );
}

/** Whether camera or microphone is previewed, and opens automatically. */
function Toggle({ device, preview }: { device: "camera" | "mic"; preview: Preview }) {
  const media = useMedia();
  const open = preview.tracks[device].value !== null || media.local.isOn(device);
  const words = { camera: [t("media.camera_on"), t("media.camera_off")], mic: [t("media.mic_on"), t("media.mic_off")] }[device];
  const toggle = () => {
    setDevicePreferences(device === "camera" ? { useCamera: !open } : { useMic: !open });
    if (media.local.isOn(device)) void media.local.set(device, false);
    else if (open) preview.close(device);
    else void preview.start([device]);
  };
  return <IconButton icon={device === "camera" ? (open ? "camera" : "cameraOff") : open ? "mic" : "micOff"} label={words[open ? 1 : 0]!} pressed={open} onClick={toggle} />;
}

/** The level of the microphone. */
function Level({ track }: { track: MediaStreamTrack | null }) {
  const bar = useRef<HTMLSpanElement>(null);
  const announced = useSignal(0);
  useEffect(() => {
    if (!track) return;
    let ticks = 0;
    const stop = meter(track, (level) => {
      bar.current?.style.setProperty("transform", `scaleX(${level.toFixed(3)})`);
      // Screen readers get it less often.
      if (++ticks % 20 === 0) announced.value = Math.round(level * 100);
    });
    return () => {
      stop();
      bar.current?.style.setProperty("transform", "scaleX(0)");
      announced.value = 0;
    };
  }, [track]);
  return <span class="level" role="meter" aria-label={t("media.level")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={announced.value}><span ref={bar} /></span>;
}
