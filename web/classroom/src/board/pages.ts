// Page names and their order: whiteboard pages, and the pages of each document.

import type { ClassDocument, PageName } from "../channel/types";

export interface PagePosition {
  page: PageName;
  /** The document; `null` for a whiteboard page. */
  document: ClassDocument | null;
  /** Counted from 1. */
  number: number;
  total: number;
}

/** Parses a page name; `null` for a whiteboard page. */
export function parsePage(page: PageName): { docId: string; number: number } | null {
  const slash = page.lastIndexOf("/");
  if (slash < 0) return null;
  const number = Number(page.slice(slash + 1));
  return Number.isInteger(number) && number > 0 ? { docId: page.slice(0, slash), number } : null;
}

export function pagePosition(page: PageName, whiteboards: readonly PageName[], documents: readonly ClassDocument[]): PagePosition {
  const parsed = parsePage(page);
  if (!parsed) return { page, document: null, number: Math.max(whiteboards.indexOf(page), 0) + 1, total: Math.max(whiteboards.length, 1) };
  const document = documents.find(({ doc_id }) => doc_id === parsed.docId) ?? null;
  return { page, document, number: parsed.number, total: Math.max(document?.pages ?? 0, parsed.number) };
}

/** The next or previous page of the same document or of the whiteboard; `null` at either end. */
export function adjacentPage(position: PagePosition, by: number, whiteboards: readonly PageName[]): PageName | null {
  const number = position.number + by;
  if (number < 1 || number > position.total) return null;
  const parsed = parsePage(position.page);
  return parsed ? `${parsed.docId}/${number}` : (whiteboards[number - 1] ?? null);
}
