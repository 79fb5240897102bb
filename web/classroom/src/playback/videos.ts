// The videos of a class that is over, and what was written meanwhile, by the time in the video.

import type { Caller } from "../channel/http";
import { post } from "../channel/http";
import type { Message } from "../channel/types";
import { positionOf, type Part } from "./chapters";

/** A video of a class, as `record/query` has it. Times are in seconds. */
export interface ClassVideo {
  video_id: string;
  video_url: string;
  video_format: string;
  video_type: number;
  record_type: "online_record" | "local_record";
  user_id: string;
  start_time: number;
  stop_time: number;
}

/** A message at its time in the video, in seconds. */
export interface TimedMessage {
  at: number;
  name: string;
  text: string;
}

/** The formats that browsers play. */
const PLAYED = ["mp4", "webm", "mov", "m4a", "mp3"];

/** The video of the whole class, among all its videos: the last one that the service made, else the last that was uploaded. */
export function wholeClass(videos: ClassVideo[]): ClassVideo | null {
  const whole = videos.filter(({ video_type, video_format }) => video_type === 2 && PLAYED.includes(video_format.toLowerCase()));
  const made = whole.filter(({ record_type }) => record_type === "online_record");
  return made[made.length - 1] ?? whole[whole.length - 1] ?? null;
}

/** The texts that were written while the video ran. What was written in a pause is left out, as the video leaves it out. */
export function messagesOf(parts: Part[], messages: Message[]): TimedMessage[] {
  return messages
    .filter((message) => message.type === "text" && !message.recalled && message.to === "")
    .flatMap(({ send_time, nickname, content }) => {
      const position = positionOf(parts, send_time);
      return position === null ? [] : [{ at: Math.round(position / 1000), name: nickname, text: content }];
    });
}

/** The last message that was written until this time. */
export function currentMessage(messages: TimedMessage[], at: number): number {
  return messages.filter((message) => message.at <= at).length - 1;
}

/** Loads the videos of a class. */
export async function loadVideos(caller: Caller, class_id: number): Promise<ClassVideo[]> {
  const { list } = await post<{ list: ClassVideo[] }>("record/query", caller, { class_id });
  return list;
}

/** The most pages of messages that are loaded. */
const PAGES = 50;

/** Loads what was written in a class, oldest first. */
export async function loadMessages(caller: Caller, class_id: number): Promise<Message[]> {
  let all: Message[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const before = all[0]?.message_id;
    const body = before === undefined ? { class_id, size: 100 } : { class_id, before, size: 100 };
    const { messages, finish } = await post<{ messages: Message[]; finish: boolean }>("imstorage/history", caller, body);
    all = [...messages, ...all];
    if (finish || messages.length === 0) break;
  }
  return all;
}
