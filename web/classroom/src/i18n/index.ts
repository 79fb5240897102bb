// Translations, in the language of the browser or in the chosen one.

import { signal } from "@preact/signals";
import { loadSetting, saveSetting } from "../ui/storage";
import { twoDigits } from "./digits";
import { en } from "./en";
import { zh } from "./zh";

export type Language = "en" | "zh";
export const LANGUAGES: Record<Language, string> = { en: "English", zh: "中文" };

const WORDS: Record<Language, typeof en> = { en, zh };

type Words = typeof en;
/** `section.key` */
export type Key = { [Section in keyof Words]: `${Section}.${keyof Words[Section] & string}` }[keyof Words];

function first(): Language {
  const chosen = loadSetting("language");
  if (chosen === "en" || chosen === "zh") return chosen;
  const preferred = typeof navigator === "undefined" ? "en" : navigator.language;
  return preferred.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The current language. Components that call `t` render again when it changes. */
export const language = signal<Language>(first());

export function setLanguage(next: Language): void {
  saveSetting("language", next);
  language.value = next;
}

/** Translates a key. `{name}` is replaced from `values`; "one|many" is selected by `values.n`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const [section = "", name = ""] = key.split(".");
  const words = (WORDS[language.value] as unknown as Record<string, Record<string, string>>)[section]?.[name] ?? key;
  const forms = words.split("|");
  const form = (values.n === 1 ? forms[0] : forms[forms.length - 1]) ?? words;
  return form.replace(/\{(\w+)\}/g, (_, value: string) => String(values[value] ?? ""));
}

/** The tag for `Intl` and for the `lang` attribute. */
export function locale(): string {
  return language.value === "zh" ? "zh-CN" : "en";
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The time of day, for example 14:05. */
export function timeOfDay(time: number): string {
  // Creating a format is slow, and a chat has many times.
  const format = formats.get(locale()) ?? new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" });
  formats.set(locale(), format);
  return format.format(time);
}

/** Formats a duration in milliseconds as 05:09, or as 1:05:09 from an hour on. */
export function clock(duration: number): string {
  const seconds = Math.max(0, Math.round(duration / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${twoDigits(Math.floor((seconds % 3600) / 60))}:${twoDigits(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
