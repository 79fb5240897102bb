// Below the board: which page is shown, turning pages, zoom.

import type { RefObject } from "preact";
import { t } from "../i18n";
import type { Room } from "../state/room";
import { IconButton } from "../ui";
import type { Turn } from "./base";
import type { Drawing } from "./drawing";
import { turnBy } from "./keys";
import { neighbour, type Place } from "./pages";
import type { Stage } from "./stage";

interface Props {
  room: Room;
  drawing: Drawing;
  stage: Stage;
  place: Place;
  turn: RefObject<Turn | null>;
  overview: boolean;
  onOverview: () => void;
}

export function PageBar({ room, drawing, stage, place, turn, overview, onOverview }: Props) {
  const moderator = room.moderator.value;
  const whiteboards = room.board.value?.whiteboards ?? ["w1"];
  const animated = !!place.document?.html;
  const { zoom } = stage.view.value;
  const unsent = drawing.unsent.value;
  const away = unsent > 0 && room.connection.status.value !== "open";
  return (
    <div class="board-bar">
      <div class="board-group">
        {moderator && (
          <IconButton icon="board" label={t(overview ? "board.hidePages" : "board.showPages")} pressed={overview} onClick={onOverview} />
        )}
        <span class="board-name">{place.document ? place.document.doc_name : t("board.whiteboard")}</span>
      </div>
      <div class="board-group">
        {moderator && (
          <IconButton icon="chevronLeft" label={t(animated ? "board.stepBack" : "board.previous")} disabled={!animated && !neighbour(place, -1, whiteboards)} onClick={() => turnBy(-1, room, drawing, turn.current)} />
        )}
        <span class="board-number">{place.number} / {place.of}</span>
        {moderator && (
          <IconButton icon="chevronRight" label={t(animated ? "board.stepForward" : "board.next")} disabled={!animated && !neighbour(place, 1, whiteboards)} onClick={() => turnBy(1, room, drawing, turn.current)} />
        )}
        {moderator && !place.page.includes("/") && (
          <IconButton icon="plus" class="board-add" label={t("board.addPage")} onClick={() => void drawing.shown.add()} />
        )}
      </div>
      <div class="board-group end">
        {away && <span class="board-unsent" role="status">{t("board.unsent", { n: unsent })}</span>}
        <IconButton icon="zoomOut" label={t("board.zoomOut")} disabled={zoom <= 1} onClick={() => stage.zoom(1 / 1.25)} />
        <span class="board-zoom">{Math.round(zoom * 100)}%</span>
        <IconButton icon="zoomIn" label={t("board.zoomIn")} disabled={zoom >= 8} onClick={() => stage.zoom(1.25)} />
        <IconButton icon="fit" label={t("board.fit")} disabled={zoom <= 1} onClick={() => stage.fit()} />
      </div>
    </div>
  );
}
