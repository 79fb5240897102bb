// The header buttons for microphone, camera and screen.

import { useEffect } from "preact/hooks";
import { t } from "../i18n";
import { useMedia } from "../media";
import { canShareScreen } from "../media/devices";
import { Icon, IconButton } from "../ui";
import { TalkKey } from "./talk-key";

export function MediaButtons() {
  const media = useMedia();
  const { local } = media;
  const maySend = media.maySend.value;
  useEffect(() => {
    if (!maySend) return;
    const talk = new TalkKey({ isOff: () => local.states.mic.peek() === "off", set: (on) => void local.set("mic", on) });
    const down = (event: KeyboardEvent) => talk.down(event);
    const up = (event: KeyboardEvent) => talk.up(event);
    const away = () => talk.up();
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    addEventListener("blur", away);
    return () => {
      away();
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", away);
    };
  }, [local, maySend]);
  const mode = media.mode.value;
  if (mode === "off" || mode === "unsupported") {
    const text = mode === "off" ? t("media.off") : t("media.unsupported");
    return <span class="media-off" title={text}><Icon name="cameraOff" /><span>{text}</span></span>;
  }
  if (!maySend) return null;
  const mic = local.states.mic.value;
  const camera = local.states.camera.value;
  const screen = local.states.screen.value;
  return (
    <span class="media-buttons">
      <IconButton class={`media-button ${mic}`} icon={mic === "off" ? "micOff" : "mic"} label={mic === "off" ? t("media.mic_on") : t("media.mic_off")} aria-busy={mic === "opening"} onClick={() => void local.set("mic", mic === "off")} />
      <IconButton class={`media-button ${camera}`} icon={camera === "off" ? "cameraOff" : "camera"} label={camera === "off" ? t("media.camera_on") : t("media.camera_off")} aria-busy={camera === "opening"} onClick={() => void local.set("camera", camera === "off")} />
      {media.mayShare.value && canShareScreen() && (
        <IconButton class={`media-button screen-button ${screen}`} icon="screen" label={screen === "off" ? t("media.screen_on") : t("media.screen_off")} aria-busy={screen === "opening"} onClick={() => void local.set("screen", screen === "off")} />
      )}
    </span>
  );
}
