// The layer below the drawings: white paper, the image of a document page, or animated slides.

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ClassDocument } from "../channel/types";
import { t } from "../i18n";
import { refreshDocuments } from "../documents/refresh";
import type { Room } from "../state/room";
import { Empty } from "../ui";
import type { Drawing } from "./drawing";
import { PAGE_WIDTH, WHITEBOARD_HEIGHT } from "./geometry";
import type { PagePosition } from "./pages";
import type { Stage } from "./stage";

/** Moves the slides one step forward or back. Returns false when there are no slides that can do that. */
export type Turn = (by: 1 | -1) => boolean;

interface Props {
  room: Room;
  drawing: Drawing;
  stage: Stage;
  position: PagePosition;
  turn: RefObject<Turn | null>;
}

export function Base({ room, drawing, stage, position, turn }: Props) {
  const { document } = position;
  const isPage = position.page.includes("/");
  useEffect(() => {
    stage.height.value = isPage ? ratioHeight(document) : WHITEBOARD_HEIGHT;
    stage.fit();
  }, [stage, position.page, document?.width, document?.height]);

  useEffect(() => {
    // Preloads the neighbouring pages, so that turning a page shows its image at once.
    for (const near of [position.number + 1, position.number - 1]) {
      const image = document?.images[near - 1];
      if (image) new Image().src = image;
    }
  }, [document, position.number]);

  const { scale, dx, dy } = stage.transform.value;
  const style = { width: `${PAGE_WIDTH * scale}px`, height: `${stage.height.value * scale}px`, transform: `translate(${dx}px, ${dy}px)` };
  return (
    <div class="board-paper" style={style}>
      {isPage && <Content room={room} drawing={drawing} stage={stage} position={position} turn={turn} />}
    </div>
  );
}

function Content({ room, drawing, stage, position, turn }: Props) {
  const { document, number } = position;
  const image = document?.images[number - 1] ?? "";
  const [failed, setFailed] = useState("");
  // In a class with very many pages, the snapshot omits the image addresses of the last ones.
  const isUntold = document?.state === "ready" && !image && !document.html;
  useEffect(() => {
    if (isUntold) void refreshDocuments(room);
  }, [isUntold, position.page]);
  if (!document || isUntold || (document.state !== "ready" && !image)) return <Empty icon="file" text={t(document ? "board.notReady" : "board.noDocument")} />;
  return (
    <>
      {image && failed !== image && (
        <img
          key={image}
          src={image}
          alt={t("board.pageImage", { page: number, name: document.doc_name })}
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            if (naturalWidth > 0 && naturalHeight > 0) stage.height.value = Math.round((PAGE_WIDTH * naturalHeight) / naturalWidth);
          }}
          onError={() => {
            setFailed(image);
            void refreshDocuments(room);
          }}
        />
      )}
      {failed === image && image && <Empty icon="alert" text={t("board.imageFailed")} />}
      {document.html && <Slides key={document.doc_id} drawing={drawing} document={document} number={number} hasImage={image !== ""} turn={turn} />}
    </>
  );
}

function ratioHeight(document: ClassDocument | null): number {
  return document && document.width > 0 && document.height > 0 ? Math.round((PAGE_WIDTH * document.height) / document.width) : WHITEBOARD_HEIGHT;
}

interface SlidesProps {
  drawing: Drawing;
  document: ClassDocument;
  number: number;
  /** Whether there is an image below, shown until the slides can follow. */
  hasImage: boolean;
  turn: RefObject<Turn | null>;
}

/** How long to wait for the first message of the slides, in milliseconds. */
const LOAD_MS = 6000;

/** A message of the slides this long after a turn is not a response to it, in milliseconds. */
const TURN_MS = 10_000;

/** The slides in their frame. They report the page and step that they show, and receive the page and step to show. */
function Slides({ drawing, document, number, hasImage, turn }: SlidesProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const turned = useRef(-Infinity);
  // Slides report steps once they have received one. Slides converted by older versions report pages only.
  const [follows, setFollows] = useState<"nothing" | "pages" | "steps">("nothing");
  const ready = follows === "steps";
  const later = useRef<1 | -1 | 0>(0);
  // The frame is loaded once: an address with a new signature is the same document.
  const [source] = useState(`${document.html.split("#")[0]}#${number}`);
  const { step } = drawing.shown.value.value;

  useEffect(() => {
    const onMessage = ({ source: from, data }: MessageEvent): void => {
      if (from !== frame.current?.contentWindow || typeof data !== "object" || data === null || data.source !== "lectern") return;
      if (!Number.isInteger(data.page)) return;
      if (!Number.isInteger(data.step)) return setFollows((now) => (now === "nothing" ? "pages" : now));
      setFollows("steps");
      if (performance.now() - turned.current > TURN_MS) return;
      const { page, step: now } = drawing.shown.value.peek();
      const name = `${document.doc_id}/${data.page}`;
      if (page !== name || now !== data.step) void drawing.shown.show(name, data.step);
    };
    addEventListener("message", onMessage);
    return () => removeEventListener("message", onMessage);
  }, [document.doc_id]);

  useEffect(() => {
    if (follows !== "nothing") frame.current?.contentWindow?.postMessage({ page: number, step, bare: true }, "*");
  }, [follows, number, step]);

  useEffect(() => {
    const slow = setTimeout(() => setFollows((now) => (now === "nothing" ? "pages" : now)), LOAD_MS);
    return () => clearTimeout(slow);
  }, []);

  useEffect(() => {
    const play = (by: 1 | -1): boolean => {
      turned.current = performance.now();
      frame.current?.contentWindow?.postMessage({ turn: by }, "*");
      return true;
    };
    // A turn while the slides are loading is delayed, so that no animation is skipped.
    const wait = (by: 1 | -1): boolean => {
      later.current = by;
      return true;
    };
    turn.current = follows === "steps" ? play : follows === "nothing" ? wait : null;
    const by = follows === "steps" ? later.current : 0;
    if (by) {
      later.current = 0;
      play(by);
    }
    return () => {
      turn.current = null;
    };
  }, [follows]);

  return (
    <iframe ref={frame} class={ready || (follows === "pages" && !hasImage) ? "ready" : ""} src={source} sandbox="allow-scripts" tabIndex={-1} title={document.doc_name} referrerpolicy="no-referrer" />
  );
}
