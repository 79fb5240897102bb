// The board: the shown page and the drawings on it.
import "./board.css";

import { useEffect, useRef, useState } from "preact/hooks";
import { CallError } from "../channel/connection";
import { t } from "../i18n";
import { explain } from "../i18n/errors";
import { uploadsOf } from "../documents/uploads";
import { perObject } from "../state/per-object";
import { useRoom, type Room } from "../state/room";
import { Failed, Spinner, toast } from "../ui";
import { PageBar } from "./bar";
import { Base, type Turn } from "./base";
import { Drawing } from "./drawing";
import { Input } from "./input";
import { onKey } from "./keys";
import { pagePosition } from "./pages";
import { Stage } from "./stage";
import { TextEditor } from "./text";
import { Thumbnails } from "./thumbnails";
import { Toolbar } from "./toolbar";
import { hasStyle, tool } from "./tools";

/** The error code for an exceeded limit. */
const LIMIT = 10290;

/** Returns the board of a room. It lives as long as the room, so that unsent drawings survive a change of the layout. */
export const drawingOf = perObject((room: Room) => new Drawing(room));

export function Board() {
  const room = useRoom();
  const drawing = drawingOf(room);
  const element = useRef<HTMLDivElement>(null);
  const low = useRef<HTMLCanvasElement>(null);
  const middle = useRef<HTMLCanvasElement>(null);
  const high = useRef<HTMLCanvasElement>(null);
  const turn = useRef<Turn | null>(null);
  const [stage, setStage] = useState<Stage | null>(null);
  const [overview, setOverview] = useState(false);
  const mayDraw = room.mayDraw.value;

  useEffect(() => {
    const nameOf = (userId: string): string => room.members.peek()[userId]?.nickname || userId;
    const made = new Stage(drawing, element.current!, [low.current!, middle.current!, high.current!], nameOf);
    const input = new Input(made, high.current!, () => room.mayDraw.peek());
    const stop = room.mayDraw.subscribe((may) => may || input.stop());
    setStage(made);
    return () => {
      stop();
      input.destroy();
      made.destroy();
    };
  }, [room]);

  useRefusals(drawing);

  const position = pagePosition(drawing.shown.page.value, room.board.value?.whiteboards ?? ["w1"], room.documents.value);
  const label = position.document
    ? t("board.shownDocument", { name: position.document.doc_name, page: position.number, pages: position.total })
    : t("board.shownWhiteboard", { page: position.number, pages: position.total });
  const state = drawing.loadState.value;
  return (
    <section
      class="board"
      aria-label={t("board.title")}
      onKeyDown={(event) => stage && onKey(event, room, drawing, stage, turn.current)}
      onDragOver={(event) => room.moderator.peek() && event.dataTransfer?.types.includes("Files") && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        if (room.moderator.peek()) uploadsOf(room).add(Array.from(event.dataTransfer?.files ?? []), true);
      }}
    >
      <div class="board-middle">
        {mayDraw && stage && <Toolbar room={room} drawing={drawing} />}
        <div ref={element} class={`board-stage tool-${mayDraw ? tool.value : "cursor"}`} tabIndex={0} role="group" aria-label={label}>
          {stage && <Base room={room} drawing={drawing} stage={stage} position={position} turn={turn} />}
          <canvas ref={low} aria-hidden="true" />
          <canvas ref={middle} aria-hidden="true" />
          <canvas ref={high} class={hasStyle.value ? "surface fine" : "surface"} aria-hidden="true" />
          {stage && <TextEditor drawing={drawing} stage={stage} />}
          {state === "loading" && <div class="board-state"><Spinner /></div>}
          {state === "failed" && <div class="board-state"><Failed text={t("board.loadFailed")} onRetry={() => drawing.retry()} /></div>}
        </div>
        {overview && <Thumbnails room={room} drawing={drawing} position={position} />}
      </div>
      {stage && <PageBar room={room} drawing={drawing} stage={stage} position={position} turn={turn} overview={overview} onOverview={() => setOverview(!overview)} />}
      <p class="visually-hidden" aria-live="polite">{label}</p>
    </section>
  );
}

/** Shows the user what the server refused. */
function useRefusals(drawing: Drawing): void {
  useEffect(
    () =>
      drawing.refusal.subscribe((refusal) => {
        if (!refusal || Date.now() - refusal.time > 1000) return;
        const isFull = refusal.error instanceof CallError && refusal.error.code === LIMIT;
        toast(isFull ? t("board.full") : explain(refusal.error), true);
      }),
    [drawing],
  );
  useEffect(() => {
    // Lets the browser ask before a reload that would lose unsent drawings.
    const warn = (event: BeforeUnloadEvent): void => {
      if (drawing.unsent.peek() > 0) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [drawing]);
}
