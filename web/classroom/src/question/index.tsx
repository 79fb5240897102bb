// Questions. `QuestionTool` belongs to the tools of the teacher; pupils see `QuestionCard` over the board.

import { Countdown } from "../activities/parts";
import { Tool, useOpens } from "../activities/tool";
import { t } from "../i18n";
import { useRoom } from "../state/room";
import { QuestionPanel } from "./panel";

export { QuestionCard } from "./card";

export function QuestionTool() {
  const room = useRoom();
  useOpens("question", () => room.question.value?.end_time === null);
  const question = room.question.value;
  const running = question !== null && question.end_time === null && (
    question.limit > 0 ? <Countdown start={question.launch_time} limit={question.limit} /> : t("activities.running")
  );
  return <Tool name="question" title={t("question.title")} icon="question" running={running} state={`${question?.question_id} ${question?.end_time}`}>{() => <QuestionPanel />}</Tool>;
}
