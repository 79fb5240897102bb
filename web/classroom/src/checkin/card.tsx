// The check-in card of a pupil: a countdown and one large button.

import { useEffect, useState } from "preact/hooks";

import { Card } from "../activities/card";
import { Countdown } from "../activities/parts";
import { t } from "../i18n";
import { explain } from "../i18n/errors";
import { isPupil } from "../state/classroom";
import { useRoom } from "../state/room";
import { limitRemaining } from "../timer/countdown";
import { useRemaining } from "../timer/remaining";
import { Button } from "../ui";

/** The card closes this long after the check-in or its end, in milliseconds. */
const CLOSE_AFTER_MS = 5_000;

export function CheckInCard() {
  const room = useRoom();
  const checkIn = room.checkIn.value;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const [closed, setClosed] = useState("");
  /** The check-in that was open while this page was loaded. */
  const [seen, setSeen] = useState("");
  const open = checkIn !== null && checkIn.end_time === null;
  const checkId = checkIn?.check_id ?? "";
  const checked = checkIn?.checked ?? false;

  const left = useRemaining(room, (now) => (checkIn !== null && open ? limitRemaining(checkIn.start_time, checkIn.limit, now) : null));

  useEffect(() => {
    setFailure("");
    if (open && !checked) return setSeen(checkId);
    const wait = setTimeout(() => setClosed(checkId), CLOSE_AFTER_MS);
    return () => clearTimeout(wait);
  }, [checkId, open, checked]);

  if (!isPupil({ role: room.role.value }) || !checkIn || closed === checkId || (seen !== checkId && (checked || !open))) return null;
  const send = (): void => {
    setBusy(true);
    setFailure("");
    const report = room.call("report/event", { event: "check_in", data: { check_id: checkId, user_id: room.me } }, { repeatable: true });
    report.then(() => room.markCheckedIn(checkId), (error: unknown) => setFailure(explain(error))).finally(() => setBusy(false));
  };
  return (
    <Card title={t("checkin.card")} icon="checkIn" urgent={open && !checked} onClose={open && !checked ? undefined : () => setClosed(checkId)}>
      {checked && <p class="good" role="status">{t("checkin.sent")}</p>}
      {!checked && !open && <p role="status">{t("checkin.missed")}</p>}
      {!checked && open && (
        <>
          <Countdown start={checkIn.start_time} limit={checkIn.limit} large />
          <Button kind="primary" large wide icon="check" busy={busy} disabled={left === 0} onClick={send}>{t("checkin.button")}</Button>
          {failure !== "" && <p class="bad" role="alert">{failure}</p>}
        </>
      )}
    </Card>
  );
}
