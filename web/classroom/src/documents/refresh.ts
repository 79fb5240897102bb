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
    const { documents, list } = await room.call<{ documents?: ClassDocument[]; list?: ClassDocument[] }>("class/document/list", {}, { repeatable: true });
    const fresh = documents ?? list;
    const state = room.state.peek();
    if (fresh && state) room.state.value = { ...state, documents: fresh };
  } catch {
    // The image stays missing; the board says so.
  }
}
