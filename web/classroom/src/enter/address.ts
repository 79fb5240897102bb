// Parses the address of the page: the class, and the credentials of a link.

/** The class in the path: `/<sdkappid>/<class_id>`, followed by `/0` for the teacher or `/1` for students. */
export interface ClassAddress {
  sdkappid: number;
  classId: number;
  entrance: "teacher" | "student" | "any";
}

/** Credentials from the address. `token` is a component token or a `user_token`. */
export interface LinkCredentials {
  user_id: string;
  token: string;
}

/** Parses the path of a class, which may have a prefix; `null` when it contains no class. */
export function parseClassPath(path: string): ClassAddress | null {
  const found = /\/(\d{1,18})\/(\d{9})(?:\/([01]))?\/?$/.exec(path);
  if (!found) return null;
  const entrance = found[3] === "0" ? "teacher" : found[3] === "1" ? "student" : "any";
  return { sdkappid: Number(found[1]), classId: Number(found[2]), entrance };
}

/**
 * Parses the credentials of a link: `#user_id/token`, the hosted product's `#/class_id/user_id/user_sig/user_token`, or
 * `?user_id=…&token=…`.
 */
export function parseLinkCredentials(hash: string, search: string): LinkCredentials | null {
  const parts = hash.replace(/^#/, "").split("/").map(decode);
  const [user_id, token] = parts[0] === "" && parts.length >= 5 ? [parts[2], parts.slice(4).join("/")] : [parts[0], parts.slice(1).join("/")];
  if (user_id && token) return { user_id, token };
  const query = new URLSearchParams(search);
  const asked = { user_id: query.get("user_id"), token: query.get("token") };
  return asked.user_id && asked.token ? { user_id: asked.user_id, token: asked.token } : null;
}

/** Removes the credentials from the query. */
export function withoutLinkCredentials(search: string): string {
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

/** What the page contains about the class before the sign-in: for public classes, and for addresses with a valid token. */
export interface ClassPreview {
  class_topic: string;
  class_type: string;
  class_status: "will" | "ing" | "end";
  /** In milliseconds. */
  start_time: number;
}

/** Parses the class in the page; `null` when there is none. */
export function parseClassPreview(content: string | null | undefined): ClassPreview | null {
  if (!content || !content.startsWith("{")) return null;
  try {
    return JSON.parse(content) as ClassPreview;
  } catch {
    return null;
  }
}
