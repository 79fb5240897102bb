// Keeps the focus near when what had it goes away: a keyboard would else begin at the top of the page again.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/**
 * Watches a box that can have the focus (`tabIndex` -1). When `state` changes and takes away what had the focus, the box gets it;
 * when the box itself goes, what had the focus before gets it.
 */
export function useKeepsFocus(box: RefObject<HTMLElement | null>, state: unknown): void {
  const inside = useRef(false);
  const before = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const came = (event: FocusEvent): void => {
      if (!inside.current && event.relatedTarget instanceof HTMLElement) before.current = event.relatedTarget;
      inside.current = true;
    };
    const went = (event: FocusEvent): void => {
      // Without a target it went nowhere: what had it may have been taken away.
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) inside.current = false;
    };
    const pressed = (event: Event): void => {
      if (!element.contains(event.target as Node)) inside.current = false;
    };
    element.addEventListener("focusin", came);
    element.addEventListener("focusout", went);
    document.addEventListener("pointerdown", pressed);
    return () => {
      document.removeEventListener("pointerdown", pressed);
      if (inside.current && isLost() && before.current?.isConnected) before.current.focus({ preventScroll: true });
    };
  }, []);
  useLayoutEffect(() => {
    if (!inside.current) return;
    // After the change was drawn, and after a button that is busy can be pressed again.
    const frame = requestAnimationFrame(() => {
      if (inside.current && isLost()) box.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [state]);
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
