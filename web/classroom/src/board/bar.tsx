// The bar below the board: the shown page, page turning, zoom.

import type { RefObject } from "preact";
import { t } from "../i18n";
import type { Room } from "../state/room";
import { IconButton } from "../ui";
import type { Turn } from "./base";
import type { Drawing } from "./drawing";
import { turnBy } from "./keys";
import { adjacentPage, type PagePosition } from "./pages";
import type { Stage } from "./stage";

interface Props {
  room: Room;
  drawing: Drawing;
  stage: Stage;
  position: PagePosition;
  turn: RefObject<Turn | null>;
  overview: boolean;
  onOverview: () => void;
}

export function PageBar({ room, drawing, stage, position, turn, overview, onOverview }: Props) {
  const moderator = room.moderator.value;
  const whiteboards = room.board.value?.whiteboards ?? ["w1"];
  const animated = !!position.document?.html;
  const { zoom } = stage.view.value;
  const unsent = drawing.unsent.value;
  const away = unsent > 0 && room.connection.status.value !== "open";
  return (
    <div class="board-bar">
      <div class="board-group">
        {moderator && (
          <IconButton icon="board" label={t(overview ? "board.hidePages" : "board.showPages")} pressed={overview} onClick={onOverview} />
        )}
        <span class="board-name">{position.document ? position.document.doc_name : t("board.whiteboard")}</span>
      </div>
      <div class="board-group">
        {moderator && (
          <IconButton icon="chevronLeft" label={t(animated ? "board.stepBack" : "board.previous")} disabled={!animated && !adjacentPage(position, -1, whiteboards)} onClick={() => turnBy(-1, room, drawing, turn.current)} />
        )}
        <span class="board-number">{position.number} / {position.total}</span>
        {moderator && (
          <IconButton icon="chevronRight" label={t(animated ? "board.stepForward" : "board.next")} disabled={!animated && !adjacentPage(position, 1, whiteboards)} onClick={() => turnBy(1, room, drawing, turn.current)} />
        )}
        {moderator && !position.page.includes("/") && (
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
