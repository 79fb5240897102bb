// A question that is being written. It survives a reload.

import { FALSE, MIN_OPTIONS, MAX_OPTIONS, MAX_OPTION_CHARS, MAX_TITLE_CHARS, TRUE, keyAt, trueFalse, type Kind, type Option } from "./options";

export interface QuestionDraft {
  kind: Kind;
  title: string;
  count: number;
  /** The texts of all options, including those beyond `count`. */
  texts: string[];
  right: string[];
  /** In seconds; 0 for none. */
  limit: number;
}

export const NEW_DRAFT: QuestionDraft = { kind: "single", title: "", count: 4, texts: [], right: [], limit: 60 };

/** The options of a draft. */
export function optionsOf(draft: QuestionDraft): Option[] {
  if (draft.kind === "true_false") return trueFalse();
  return Array.from({ length: draft.count }, (_, index) => ({ key: keyAt(index), text: (draft.texts[index] ?? "").trim().slice(0, MAX_OPTION_CHARS) }));
}

/** Toggles whether an option is right. Only a multiple-choice question has several right options. */
export function toggled(draft: QuestionDraft, key: string): QuestionDraft {
  const without = draft.right.filter((other) => other !== key);
  if (without.length < draft.right.length) return { ...draft, right: without };
  return { ...draft, right: draft.kind === "multiple" ? [...draft.right, key].sort() : [key] };
}

/** Changes the kind and clears right options that do not fit it. */
export function ofKind(draft: QuestionDraft, kind: Kind): QuestionDraft {
  return { ...draft, kind, right: kind === draft.kind ? draft.right : kind === "multiple" && draft.kind === "single" ? draft.right : [] };
}

/** Changes the number of options. */
export function ofCount(draft: QuestionDraft, count: number): QuestionDraft {
  const bounded = Math.min(MAX_OPTIONS, Math.max(MIN_OPTIONS, count));
  const isThere = (key: string): boolean => draft.kind === "true_false" || key.charCodeAt(0) < 65 + bounded;
  return { ...draft, count: bounded, right: draft.right.filter(isThere) };
}

/** The body of `question/launch`, without the class. */
export function launchBody(draft: QuestionDraft, question_id: string): object {
  const title = draft.title.trim().slice(0, MAX_TITLE_CHARS);
  const body = { question_id, options: { kind: draft.kind, title, list: optionsOf(draft) }, limit_time: draft.limit };
  return draft.right.length > 0 ? { ...body, correct_answer: draft.right } : body;
}

/** The draft after a question was launched: the next one is mostly of the same kind. */
export function nextDraft(draft: QuestionDraft): QuestionDraft {
  return { ...NEW_DRAFT, kind: draft.kind, count: draft.count, limit: draft.limit };
}

/** Restores a draft, or returns a new one when that fails. */
export function readDraft(text: string | null): QuestionDraft {
  try {
    const value = JSON.parse(text ?? "null") as Partial<QuestionDraft> | null;
    if (value === null || typeof value !== "object") return NEW_DRAFT;
    const { kind, title, count, texts, right, limit } = value;
    const isList = (list: unknown): list is string[] => Array.isArray(list) && list.every((item) => typeof item === "string");
    const isKind = kind === "single" || kind === "multiple" || kind === "true_false";
    if (!isKind || typeof title !== "string" || typeof count !== "number" || !isList(texts) || !isList(right) || typeof limit !== "number") return NEW_DRAFT;
    const keys = kind === "true_false" ? [TRUE, FALSE] : Array.from({ length: MAX_OPTIONS }, (_, index) => keyAt(index));
    return ofCount({ kind, title, count, texts: texts.slice(0, MAX_OPTIONS), right: right.filter((key) => keys.includes(key)), limit }, count);
  } catch {
    return NEW_DRAFT;
  }
}
