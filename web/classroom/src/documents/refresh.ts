// Reloads the addresses of private documents, which expire, when an image can't be loaded.

import type { ClassDocument } from "../channel/types";
import type { Room } from "../state/room";

/** The minimum time between two reloads, in milliseconds: an image may be missing for another reason. */
const MIN_INTERVAL_MS = 15_000;

const lastRequest = new WeakMap<Room, number>();

export async function refreshDocuments(room: Room): Promise<void> {
  const now = Date.now();
  if (now - (lastRequest.get(room) ?? -Infinity) < MIN_INTERVAL_MS) return;
  lastRequest.set(room, now);
  try {
    const { list } = await room.call<{ list: ClassDocument[] }>("class/document/list", { size: 100 }, { repeatable: true });
    const reloaded = new Map(list.map((document) => [document.doc_id, document]));
    const state = room.state.peek();
    if (state) room.state.value = { ...state, documents: state.documents.map((document) => reloaded.get(document.doc_id) ?? document) };
  } catch {
    // The image stays missing, and the board shows that.
  }
}
