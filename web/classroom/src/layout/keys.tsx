// The dialog with the keyboard shortcuts.

import { signal } from "@preact/signals";
import { TOOL_KEYS } from "../board/tools";
import { t } from "../i18n";
import { Dialog } from "../ui";

const open = signal(false);

export function openKeys(): void {
  open.value = true;
}

/** The list of shortcuts. Rendered once. */
export function KeysDialog() {
  if (!open.value) return null;
  const rows: [keys: string[], meaning: string][] = [
    [[t("layout.key_space_name")], t("layout.key_talk")],
    [Object.keys(TOOL_KEYS).map((key) => key.toUpperCase()), t("layout.key_draw")],
    [["Ctrl+Z", "Ctrl+Y"], t("layout.key_undo")],
    [["←", "→", "Page Up", "Page Down"], t("layout.key_pages")],
    [["+", "-", "0"], t("layout.key_zoom")],
    [["Esc"], t("layout.key_escape")],
  ];
  return (
    <Dialog title={t("layout.keys")} onClose={() => (open.value = false)}>
      <dl class="keys">
        {rows.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
