// The theme (light, dark or that of the system) and the language of the document.

import { effect, signal } from "@preact/signals";
import { locale } from "../i18n";
import { loadSetting, saveSetting } from "../ui/storage";

export type Theme = "auto" | "light" | "dark";

function first(): Theme {
  const chosen = loadSetting("theme");
  return chosen === "light" || chosen === "dark" ? chosen : "auto";
}

export const theme = signal<Theme>(first());

export function setTheme(next: Theme): void {
  saveSetting("theme", next);
  theme.value = next;
}

/** Applies the theme and the language to `<html>`. */
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
