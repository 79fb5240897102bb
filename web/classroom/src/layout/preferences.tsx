// Language, theme, sounds and devices.

import { LANGUAGES, language, setLanguage, t, type Language } from "../i18n";
import { useMedia } from "../media";
import { openDevices } from "../stage/entrance";
import { setTheme, theme, type Theme } from "../style/theme";
import { Menu, type MenuItem } from "../ui";
import { setSound, soundOn } from "../ui/sound";
import { openKeys } from "./keys";

function languages(): MenuItem[] {
  return (Object.keys(LANGUAGES) as Language[]).map((id) => ({
    label: LANGUAGES[id],
    checked: language.value === id,
    onSelect: () => setLanguage(id),
  }));
}

function themes(): MenuItem[] {
  const names: Record<Theme, string> = { auto: t("layout.themeAuto"), light: t("layout.themeLight"), dark: t("layout.themeDark") };
  return (Object.keys(names) as Theme[]).map((id, at) => ({
    label: names[id],
    checked: theme.value === id,
    line: at === 0,
    onSelect: () => setTheme(id),
  }));
}

/** The menu of the screens before the class. */
export function LanguageMenu() {
  return <Menu label={t("layout.preferences")} icon="globe" items={[...languages(), ...themes()]} />;
}

/** The menu in the class. */
export function ClassMenu({ onLeave }: { onLeave: () => void }) {
  const media = useMedia();
  const items: MenuItem[] = [
    ...languages(),
    ...themes(),
    { label: t("layout.sounds"), checked: soundOn.value, line: true, onSelect: () => setSound(!soundOn.value) },
    ...(media.mode.value === "on" ? [{ label: t("media.devices"), icon: "camera" as const, onSelect: openDevices }] : []),
    { label: t("layout.keys"), icon: "keyboard", onSelect: openKeys },
    { label: t("layout.leave"), icon: "exit", line: true, danger: true, onSelect: onLeave },
  ];
  return <Menu label={t("layout.menu")} icon="settings" items={items} />;
}
