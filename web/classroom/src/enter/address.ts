// What the address of the page says: which class, and who enters.

/** The class of the page: `/<sdkappid>/<class_id>`, with `/0` for the teacher and `/1` for students. */
export interface Place {
  sdkappid: number;
  classId: number;
  door: "teacher" | "student" | "any";
}

/** What was in the address to sign in with. `token` is a component token or a `user_token`. */
export interface Ticket {
  user_id: string;
  token: string;
}

/** The place that a path names; `null` when it names none. There may be a prefix before it. */
export function placeOf(path: string): Place | null {
  const found = /\/(\d{1,18})\/(\d{9})(?:\/([01]))?\/?$/.exec(path);
  if (!found) return null;
  const door = found[3] === "0" ? "teacher" : found[3] === "1" ? "student" : "any";
  return { sdkappid: Number(found[1]), classId: Number(found[2]), door };
}

/**
 * The ticket in an address: `#user_id/token`, the hosted product's `#/class_id/user_id/user_sig/user_token`, or
 * `?user_id=…&token=…`.
 */
export function ticketOf(hash: string, search: string): Ticket | null {
  const parts = hash.replace(/^#/, "").split("/").map(decode);
  const [user_id, token] = parts[0] === "" && parts.length >= 5 ? [parts[2], parts.slice(4).join("/")] : [parts[0], parts.slice(1).join("/")];
  if (user_id && token) return { user_id, token };
  const query = new URLSearchParams(search);
  const asked = { user_id: query.get("user_id"), token: query.get("token") };
  return asked.user_id && asked.token ? { user_id: asked.user_id, token: asked.token } : null;
}

/** The query without what signs in. */
export function withoutTicket(search: string): string {
  const query = new URLSearchParams(search);
  query.delete("user_id");
  query.delete("token");
  const rest = query.toString();
  return rest ? `?${rest}` : "";
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What the server tells of a class before anybody signs in: of a public one, and of any to whom its address has a token. */
export interface KnownClass {
  class_topic: string;
  class_type: string;
  class_status: "will" | "ing" | "end";
  /** In milliseconds. */
  start_time: number;
}

/** The class that the page describes; `null` when it describes none. */
export function knownClass(content: string | null | undefined): KnownClass | null {
  if (!content || !content.startsWith("{")) return null;
  try {
    return JSON.parse(content) as KnownClass;
  } catch {
    return null;
  }
}
