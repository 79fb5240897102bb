// Thumbnails of the whiteboard pages and of the document pages, for those who choose the page.

import { useEffect, useRef } from "preact/hooks";
import type { ClassDocument, PageName } from "../channel/types";
import { t } from "../i18n";
import type { Room } from "../state/room";
import { confirmAction, Icon, IconButton } from "../ui";
import type { Drawing } from "./drawing";
import type { PagePosition } from "./pages";

interface Props {
  room: Room;
  drawing: Drawing;
  position: PagePosition;
}

export function Thumbnails({ room, drawing, position }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { page } = position;
  const whiteboards = room.board.value?.whiteboards ?? [];
  const shownDocument = position.document;
  const others = room.documents.value.filter((document) => document.state === "ready" && document.pages > 0 && document.doc_id !== shownDocument?.doc_id);

  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>('[aria-current="true"]');
    current?.scrollIntoView({ block: "nearest", inline: "nearest" });
    // The pressed button may have been replaced. Keep the focus in the list.
    if (document.activeElement === document.body) current?.focus({ preventScroll: true });
  }, [page]);

  const remove = async (name: PageName, number: number): Promise<void> => {
    const yes = await confirmAction({ title: t("board.removePageTitle", { page: number }), text: t("board.removePageText"), yes: t("board.removePage"), danger: true });
    if (yes) await drawing.shown.remove(name);
  };
  return (
    <div ref={list} class="board-pages" role="group" aria-label={t("board.pages")}>
      {shownDocument && <DocumentPages document={shownDocument} page={page} drawing={drawing} />}
      <h2>{t("board.whiteboard")}</h2>
      {whiteboards.map((name, i) => (
        <div key={name} class="board-page">
          <button type="button" class="board-thumbnail" aria-current={name === page} aria-label={t("board.goToPage", { page: i + 1 })} onClick={() => void drawing.shown.show(name)}>
            <span class="board-blank">{i + 1}</span>
          </button>
          {whiteboards.length > 1 && <IconButton icon="close" small label={t("board.removePageTitle", { page: i + 1 })} onClick={() => void remove(name, i + 1)} />}
        </div>
      ))}
      <button type="button" class="board-thumbnail add" onClick={() => void drawing.shown.add()}>
        <Icon name="plus" />
        <span>{t("board.addPage")}</span>
      </button>
      {others.length > 0 && <h2>{t("board.documents")}</h2>}
      {others.map((document) => (
        <button key={document.doc_id} type="button" class="board-thumbnail" onClick={() => void drawing.shown.show(`${document.doc_id}/1`)}>
          {document.thumbnails[0] ? <img src={document.thumbnails[0]} alt="" loading="lazy" /> : <Icon name="file" />}
          <span class="board-caption">{document.doc_name}</span>
        </button>
      ))}
    </div>
  );
}

function DocumentPages({ document, page, drawing }: { document: ClassDocument; page: PageName; drawing: Drawing }) {
  const pages = Array.from({ length: document.pages }, (_, i) => `${document.doc_id}/${i + 1}`);
  return (
    <>
      <h2>{document.doc_name}</h2>
      {pages.map((name, i) => (
        <button key={name} type="button" class="board-thumbnail" aria-current={name === page} aria-label={t("board.goToPage", { page: i + 1 })} onClick={() => void drawing.shown.show(name)}>
          {document.thumbnails[i] ? <img src={document.thumbnails[i]} alt="" loading="lazy" /> : <Icon name="file" />}
          <span class="board-caption">{i + 1}</span>
        </button>
      ))}
    </>
  );
}
