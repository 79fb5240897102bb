// Closes a popup, such as a menu.

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** While `open`, calls `close` after a press outside of the boxes and when the window is resized. */
export function useDismiss(open: boolean, boxes: readonly RefObject<HTMLElement | null>[], close: () => void): void {
  useEffect(() => {
    if (!open) return;
    const onPress = ({ target }: Event): void => {
      if (!boxes.some((box) => box.current?.contains(target as Node))) close();
    };
    document.addEventListener("pointerdown", onPress, true);
    addEventListener("resize", close);
    return () => {
      document.removeEventListener("pointerdown", onPress, true);
      removeEventListener("resize", close);
    };
  }, [open]);
}
