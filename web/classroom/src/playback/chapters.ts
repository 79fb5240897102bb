// The chapters of a video: the pages that were shown, the questions, and the shared screens.

import type { Caller } from "../channel/http";
import { post } from "../channel/http";
import { t } from "../i18n";

/** A chapter, as `record/chapters` has it. `position` is in milliseconds of the video. */
export interface Chapter {
  position: number;
  kind: "page" | "question" | "screen";
  doc_id: string;
  doc_name: string;
  number: number;
  thumbnail: string;
  nickname: string;
}

/** A chapter with its name. `at` is in seconds. */
export interface NamedChapter {
  at: number;
  name: string;
  kind: Chapter["kind"];
  thumbnail: string;
}

/** The chapters with their names. Questions are counted. */
export function named(chapters: Chapter[]): NamedChapter[] {
  let questions = 0;
  return chapters.map((chapter) => {
    if (chapter.kind === "question") questions += 1;
    return { at: chapter.position / 1000, name: nameOf(chapter, questions), kind: chapter.kind, thumbnail: chapter.thumbnail };
  });
}

function nameOf({ kind, doc_id, doc_name, number, nickname }: Chapter, questions: number): string {
  if (kind === "question") return t("playback.question", { number: questions });
  if (kind === "screen") return t("playback.screen", { name: nickname });
  if (!doc_id) return number > 0 ? t("playback.whiteboard", { page: number }) : t("playback.whiteboardOnly");
  return doc_name ? t("playback.page", { page: number, name: doc_name }) : t("playback.pageOnly", { page: number });
}

/** The position of the chapter at a time in seconds; -1 before the first. */
export function currentChapter(chapters: NamedChapter[], at: number): number {
  // A video that was sought to a chapter may show a time a little before it.
  return chapters.filter((chapter) => chapter.at <= at + 0.05).length - 1;
}

/** A part of the class that a video shows without a pause. Times are in milliseconds, `time` since the epoch. */
export interface Part {
  position: number;
  time: number;
  length: number;
}

/** The position in the video, in milliseconds, of a time in the class; null for a time that the video does not show. */
export function positionOf(parts: Part[], time: number): number | null {
  const part = parts.find((part) => time >= part.time && time < part.time + part.length);
  return part ? part.position + time - part.time : null;
}

/** Loads the chapters of a video, and the times that it shows. */
export async function loadChapters(caller: Caller, class_id: number, video_id: string): Promise<{ list: Chapter[]; parts: Part[] }> {
  return await post<{ list: Chapter[]; parts: Part[] }>("record/chapters", caller, { class_id, video_id });
}
