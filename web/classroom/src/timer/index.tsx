// The timer. `TimerTool` belongs to the tools of the teacher; everybody sees `TimerView` in the header.

import { Tool, useOpens } from "../activities/tool";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { TimerPanel } from "./panel";

export { TimerView } from "./view";

export function TimerTool() {
  const room = useRoom();
  useOpens("timer", () => room.timer.value !== null);
  const timer = room.timer.value;
  const running = timer !== null && t(timer.state === "paused" ? "timer.paused" : "activities.running");
  return <Tool name="timer" title={t("timer.title")} icon="clock" running={running} state={timer?.state}>{() => <TimerPanel />}</Tool>;
}
