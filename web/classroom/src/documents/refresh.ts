// Addresses of private documents expire: fresh ones are asked for when an image can't be loaded.

import type { ClassDocument } from "../channel/types";
import type { Room } from "../state/room";

/** Not more often than this, in milliseconds: an image may be missing for another reason. */
const EVERY_MS = 15_000;

const asked = new WeakMap<Room, number>();

export async function refreshDocuments(room: Room): Promise<void> {
  const now = Date.now();
  if (now - (asked.get(room) ?? -Infinity) < EVERY_MS) return;
  asked.set(room, now);
  try {
    const { list } = await room.call<{ list: ClassDocument[] }>("class/document/list", { size: 100 }, { repeatable: true });
    const fresh = new Map(list.map((document) => [document.doc_id, document]));
    const state = room.state.peek();
    if (state) room.state.value = { ...state, documents: state.documents.map((known) => fresh.get(known.doc_id) ?? known) };
  } catch {
    // The image stays missing; the board says so.
  }
}
