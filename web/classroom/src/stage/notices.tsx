// Notices that need attention: an invitation, blocked audio, a lost connection.

import { t } from "../i18n";
import { useMedia } from "../media";
import { Button, Icon } from "../ui";

/** An invitation of the teacher. No device opens without consent. */
export function InvitationCard() {
  const { invitation } = useMedia();
  const devices = invitation.devices.value;
  if (devices.length === 0) return null;
  const both = devices.length === 2;
  return (
    <section class="card invitation" aria-label={t("media.invited")}>
      <h2><Icon name="stage" />{t("media.invited")}</h2>
      <p>{t("media.invited_text")}</p>
      <Button kind="primary" wide onClick={() => invitation.accept(devices)}>{both ? t("media.accept") : t(`media.accept_${devices[0]!}`)}</Button>
      {both && <Button wide onClick={() => invitation.accept(["mic"])}>{t("media.accept_mic")}</Button>}
      <Button kind="quiet" wide onClick={() => invitation.accept([])}>{t("media.decline")}</Button>
    </section>
  );
}

/** Notices over the board: the media connection, screen sharing, blocked audio. */
export function MediaNotices() {
  const media = useMedia();
  if (media.mode.value !== "on") return null;
  const status = media.session.status.value;
  return (
    <div class="media-notices">
      {media.playback.blocked.value && (
        <Button kind="primary" icon="sound" large onClick={() => void media.playback.resume()}>{t("media.tap")}</Button>
      )}
      {media.local.isOn("screen") && (
        <p class="media-notice">
          <Icon name="screen" />
          {t("media.sharing")}
          <Button class="small-button" onClick={() => void media.local.set("screen", false)}>{t("media.screen_off")}</Button>
        </p>
      )}
      <p role="status" class={status === "connected" || status === "ended" || status === "connecting" ? "visually-hidden" : "media-notice"}>
        {status === "recovering" && t("media.recovering")}
        {status === "full" && t("media.full")}
        {status === "refused" && t("media.refused")}
      </p>
    </div>
  );
}
