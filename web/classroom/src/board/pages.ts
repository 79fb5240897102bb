// Which pages there are, and which is next: whiteboard pages, and the pages of each document.

import type { ClassDocument, PageName } from "../channel/types";

export interface Place {
  page: PageName;
  /** The document; null for a whiteboard page. */
  document: ClassDocument | null;
  /** From 1. */
  number: number;
  of: number;
}

/** The document and the number that a page name says; null for a whiteboard page. */
export function parsePage(page: PageName): { docId: string; number: number } | null {
  const slash = page.lastIndexOf("/");
  if (slash < 0) return null;
  const number = Number(page.slice(slash + 1));
  return Number.isInteger(number) && number > 0 ? { docId: page.slice(0, slash), number } : null;
}

export function placeOf(page: PageName, whiteboards: readonly PageName[], documents: readonly ClassDocument[]): Place {
  const parsed = parsePage(page);
  if (!parsed) return { page, document: null, number: Math.max(whiteboards.indexOf(page), 0) + 1, of: Math.max(whiteboards.length, 1) };
  const document = documents.find(({ doc_id }) => doc_id === parsed.docId) ?? null;
  return { page, document, number: parsed.number, of: Math.max(document?.pages ?? 0, parsed.number) };
}

/** The page before or after, of the same document or among the whiteboard pages; null at an end. */
export function neighbour(place: Place, by: number, whiteboards: readonly PageName[]): PageName | null {
  const number = place.number + by;
  if (number < 1 || number > place.of) return null;
  const parsed = parsePage(place.page);
  return parsed ? `${parsed.docId}/${number}` : (whiteboards[number - 1] ?? null);
}
