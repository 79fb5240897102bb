// The toolbar, for those who may draw.

import { t, type Key } from "../i18n";
import type { Room } from "../state/room";
import { confirmAction, IconButton, type IconName } from "../ui";
import type { Drawing } from "./drawing";
import { Popover } from "./popover";
import { color, COLORS, hasStyle, setColor, setWidth, tool, TOOL_KEYS, TOOLS, width, type Tool, type Width } from "./tools";

const ICONS: Record<Tool, IconName> = {
  cursor: "cursor", pen: "pen", marker: "marker", line: "line", arrow: "arrow", rectangle: "square", ellipse: "circle", text: "text",
  eraser: "eraser", laser: "laser",
};

const COLOR_NAMES: readonly Key[] = ["board.black", "board.red", "board.orange", "board.yellow", "board.green", "board.blue", "board.purple", "board.white"];
const WIDTH_NAMES: readonly Key[] = ["board.thin", "board.medium", "board.thick"];

function keyOf(chosen: Tool): string {
  const key = Object.keys(TOOL_KEYS).find((each) => TOOL_KEYS[each] === chosen);
  return key ? ` (${key.toUpperCase()})` : "";
}

export function Toolbar({ room, drawing }: { room: Room; drawing: Drawing }) {
  const clear = async (): Promise<void> => {
    const all = room.moderator.value;
    const yes = await confirmAction({
      title: t(all ? "board.clearTitle" : "board.clearOwnTitle"), text: t("board.clearText"), yes: t(all ? "board.clear" : "board.clearOwn"), danger: true,
    });
    if (yes) drawing.clear();
  };
  return (
    <div class="board-tools" role="toolbar" aria-label={t("board.tools")} onKeyDown={moveFocus}>
      {TOOLS.map((each) => (
        <IconButton key={each} icon={ICONS[each]} label={t(`board.${each}`) + keyOf(each)} pressed={tool.value === each} onClick={() => (tool.value = each)} />
      ))}
      <IconButton icon="trash" label={t(room.moderator.value ? "board.clear" : "board.clearOwn")} onClick={() => void clear()} />
      <div class="board-always">
        <Popover label={t("board.style")} disabled={!hasStyle.value} face={<Swatch color={color.value} width={width.value} />}>
          <Styles />
        </Popover>
        <IconButton icon="undo" label={t("board.undo")} disabled={!drawing.canUndo.value} onClick={() => drawing.undo()} />
        <IconButton icon="redo" label={t("board.redo")} disabled={!drawing.canRedo.value} onClick={() => drawing.redo()} />
      </div>
    </div>
  );
}

/** Arrow keys move the focus between tools, as WAI-ARIA describes for toolbars. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!by || (event.target as HTMLElement).closest(".board-popover")) return;
  const buttons = Array.from(event.currentTarget.querySelectorAll<HTMLButtonElement>(".icon-button:not(:disabled)"));
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  buttons[(at + by + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

function Swatch({ color: fill, width: size }: { color: string; width: Width }) {
  return (
    <svg class="board-swatch" viewBox="0 0 24 24" aria-hidden="true">
      <circle class="ring" cx="12" cy="12" r={5.5 + size * 2.5} />
      <circle cx="12" cy="12" r={4 + size * 2.5} fill={fill} />
    </svg>
  );
}

function Styles() {
  return (
    <>
      <div class="board-colors" role="group" aria-label={t("board.colors")}>
        {COLORS.map((each, i) => (
          <button key={each} type="button" class="board-choice" aria-label={t(COLOR_NAMES[i]!)} title={t(COLOR_NAMES[i]!)} aria-pressed={color.value === each} onClick={() => setColor(each)}>
            <Swatch color={each} width={2} />
          </button>
        ))}
      </div>
      <div class="board-widths" role="group" aria-label={t("board.widths")}>
        {([0, 1, 2] as const).map((each) => (
          <button key={each} type="button" class="board-choice" aria-label={t(WIDTH_NAMES[each]!)} title={t(WIDTH_NAMES[each]!)} aria-pressed={width.value === each} onClick={() => setWidth(each)}>
            <Swatch color={color.value} width={each} />
          </button>
        ))}
      </div>
    </>
  );
}
