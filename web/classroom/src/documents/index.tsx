// The documents of the class: list, upload, show. For the teacher and assistants.
import "./documents.css";

import { useRef, useState } from "preact/hooks";
import { drawingOf } from "../board";
import type { ClassDocument } from "../channel/types";
import { locale, t } from "../i18n";
import { useRoom } from "../state/room";
import { confirmAction, attempt, Button, Empty, Icon, IconButton, Panel } from "../ui";
import { ACCEPT, sizeInWords } from "./types";
import { uploadsOf, type Upload } from "./uploads";

export function Documents() {
  const room = useRoom();
  const uploads = uploadsOf(room);
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const documents = room.documents.value;
  const running = uploads.list.value;

  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    uploads.add(Array.from(event.dataTransfer?.files ?? []));
  };
  return (
    <div
      class={over ? "documents over" : "documents"}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || setOver(false)}
      onDrop={onDrop}
    >
      <Panel
        title={t("documents.title")}
        actions={<Button kind="primary" icon="upload" onClick={() => chooser.current?.click()}>{t("documents.upload")}</Button>}
      >
        <input
          ref={chooser}
          type="file"
          hidden
          multiple
          accept={ACCEPT}
          aria-label={t("documents.upload")}
          onChange={({ currentTarget }) => {
            uploads.add(Array.from(currentTarget.files ?? []));
            currentTarget.value = "";
          }}
        />
        {running.length === 0 && documents.length === 0 && (
          <Empty icon="file" text={t("documents.empty")}>
            <p class="documents-hint">{t("documents.dropHint")}</p>
            <p class="documents-hint">{t("documents.formats")}</p>
          </Empty>
        )}
        <ul class="documents-list" aria-label={t("documents.list")}>
          {running.map((upload) => <UploadRow key={`upload ${upload.id}`} upload={upload} onRemove={() => uploads.remove(upload.id)} />)}
          {documents.map((document) => <Row key={document.doc_id} document={document} />)}
        </ul>
      </Panel>
      {over && <div class="documents-drop"><Icon name="upload" />{t("documents.drop")}</div>}
    </div>
  );
}

function UploadRow({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const failed = upload.state === "failed";
  const words = failed
    ? t("documents.uploadFailed", { reason: upload.problem })
    : upload.state === "waiting" ? t("documents.uploadWaits") : t("documents.uploading", { n: upload.progress });
  return (
    <li class="document">
      <span class="document-picture"><Icon name={failed ? "alert" : "upload"} /></span>
      <div class="document-words">
        <span class="document-name" title={upload.name}>{upload.name}</span>
        <span class={failed ? "document-state problem" : "document-state"} role={failed ? "alert" : undefined}>{words}</span>
        {upload.state === "sending" && <progress max={100} value={upload.progress} aria-label={words} />}
      </div>
      <IconButton icon="close" small label={t(failed ? "documents.dismiss" : "documents.cancelUpload", { name: upload.name })} onClick={onRemove} />
    </li>
  );
}

function Row({ document }: { document: ClassDocument }) {
  const room = useRoom();
  const drawing = drawingOf(room);
  const { doc_id, doc_name, thumbnails, pages } = document;
  const isShown = drawing.shown.page.value.startsWith(`${doc_id}/`);
  const canShow = document.state === "ready" && pages > 0;
  const remove = async (): Promise<void> => {
    const yes = await confirmAction({ title: t("documents.removeTitle", { name: doc_name }), text: t("documents.removeText"), yes: t("documents.remove"), danger: true });
    if (yes) await attempt(room.call("class/document/delete", { doc_ids: [doc_id] }, { repeatable: true }));
  };
  return (
    <li class={isShown ? "document shown" : "document"}>
      <span class="document-picture">{thumbnails[0] ? <img src={thumbnails[0]} alt="" loading="lazy" /> : <Icon name="file" />}</span>
      <div class="document-words">
        <span class="document-name" title={doc_name}>{doc_name}</span>
        <State document={document} />
      </div>
      {canShow && (isShown
        ? <span class="document-now">{t("documents.shown")}</span>
        : <Button onClick={() => void drawing.shown.show(`${doc_id}/1`)} aria-label={t("documents.showNamed", { name: doc_name })}>{t("documents.show")}</Button>)}
      <IconButton icon="trash" small label={t("documents.removeNamed", { name: doc_name })} onClick={() => void remove()} />
    </li>
  );
}

function State({ document }: { document: ClassDocument }) {
  const size = [document.doc_ext.replace(/^\./, "").toUpperCase(), sizeInWords(document.doc_size, locale())].filter(Boolean).join(" · ");
  switch (document.state) {
    case "ready":
      return <span class="document-state">{document.pages > 0 ? `${t("documents.pages", { n: document.pages })} · ${size}` : t("documents.none")}</span>;
    case "failed":
      return <span class="document-state problem">{t("documents.failed", { reason: document.failure || t("documents.failedUnknown") })}</span>;
    case "none":
      return <span class="document-state">{t("documents.none")} · {size}</span>;
    default: {
      const words = document.state === "pending" ? t("documents.pending") : t("documents.converting", { n: document.progress });
      return (
        <>
          <span class="document-state">{words}</span>
          <progress max={100} value={document.state === "pending" ? undefined : document.progress} aria-label={words} />
        </>
      );
    }
  }
}
