// Check-ins. `CheckInTool` belongs to the tools of the teacher; pupils see `CheckInCard` over the board.

import { Countdown } from "../activities/parts";
import { Tool, useOpens } from "../activities/tool";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { CheckInPanel } from "./panel";

export { CheckInCard } from "./card";

export function CheckInTool() {
  const room = useRoom();
  useOpens("checkin", () => room.checkIn.value?.end_time === null);
  const checkIn = room.checkIn.value;
  const running = checkIn !== null && checkIn.end_time === null && (
    checkIn.limit > 0 ? <Countdown start={checkIn.start_time} limit={checkIn.limit} /> : t("activities.running")
  );
  return <Tool name="checkin" title={t("checkin.title")} icon="checkIn" running={running} state={`${checkIn?.check_id} ${checkIn?.end_time}`}>{() => <CheckInPanel />}</Tool>;
}
