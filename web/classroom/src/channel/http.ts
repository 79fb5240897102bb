// Calls of /saas/v1 over HTTP: before there is a channel, for files, and for media.

import { CallError } from "./connection";
import type { ReplyBody } from "./types";

/** The root address of the service, with a trailing slash. It is relative to the page, so that a path prefix works. */
export function rootAddress(): string {
  return new URL(document.documentElement.dataset.root || "./", location.href).href;
}

/** The address of the channel. */
export function channelAddress(): string {
  return rootAddress().replace(/^http/, "ws") + "saas/v1/channel";
}

/** The credentials of a call. Calls before the sign-in have no `user_id` and `token`. */
export interface Caller {
  sdkappid: number;
  user_id?: string;
  token?: string;
}

/** The address of a call. */
export function callAddress(call: string, caller: Caller, query: Record<string, string> = {}): string {
  const params = new URLSearchParams({ sdkappid: String(caller.sdkappid), random: String(Math.floor(Math.random() * 1e9)) });
  if (caller.user_id) params.set("user_id", caller.user_id);
  if (caller.token) params.set("token", caller.token);
  Object.entries(query).forEach(([name, value]) => params.set(name, value));
  return `${rootAddress()}saas/v1/${call}?${params}`;
}

/** `timeout` is in milliseconds. `keepalive` sends the call even when the page is closed. */
export interface PostOptions {
  timeout?: number;
  keepalive?: boolean;
}

/** Makes a call. Returns the body of the answer when its `error_code` is 0, and throws a `CallError` otherwise. */
export async function post<T = ReplyBody>(call: string, caller: Caller, body: object, { timeout = 60_000, keepalive = false }: PostOptions = {}): Promise<T> {
  let answer: ReplyBody;
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), timeout);
  try {
    const response = await fetch(callAddress(call, caller), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      referrerPolicy: "no-referrer",
      signal: abort.signal,
      keepalive,
    });
    answer = (await response.json()) as ReplyBody;
  } catch {
    throw new CallError(0, "no answer");
  } finally {
    clearTimeout(limit);
  }
  if (answer.error_code !== 0) throw new CallError(answer.error_code, answer.error_msg);
  return answer as T;
}
