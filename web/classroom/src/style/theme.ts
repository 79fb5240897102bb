// Light or dark: as the system says, or as it was chosen. And the language of the document.

import { effect, signal } from "@preact/signals";
import { locale } from "../i18n";
import { keep, kept } from "../ui/kept";

export type Theme = "auto" | "light" | "dark";

function first(): Theme {
  const chosen = kept("theme");
  return chosen === "light" || chosen === "dark" ? chosen : "auto";
}

export const theme = signal<Theme>(first());

export function setTheme(next: Theme): void {
  keep("theme", next);
  theme.value = next;
}

/** Keeps `<html>` as the theme and the language say. */
export function followTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const systemIsDark = signal(system.matches);
  system.addEventListener("change", () => (systemIsDark.value = system.matches));
  effect(() => {
    const dark = theme.value === "auto" ? systemIsDark.value : theme.value === "dark";
    document.documentElement.dataset.theme = dark ? "dark" : "light";
  });
  effect(() => {
    document.documentElement.lang = locale();
  });
}
