// Keeps the focus in a box when the focused element is removed. Otherwise the keyboard would start at the top of the page.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/**
 * Watches a focusable box (`tabIndex` -1). When a change of `state` removes the focused element, the box gets the focus.
 * When the box itself is removed, the previously focused element gets it.
 */
export function useKeepsFocus(box: RefObject<HTMLElement | null>, state: unknown): void {
  const inside = useRef(false);
  const before = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onFocusIn = (event: FocusEvent): void => {
      if (!inside.current && event.relatedTarget instanceof HTMLElement) before.current = event.relatedTarget;
      inside.current = true;
    };
    const onFocusOut = (event: FocusEvent): void => {
      // Without a related target the focused element may have been removed.
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) inside.current = false;
    };
    const onPointerDown = (event: Event): void => {
      if (!element.contains(event.target as Node)) inside.current = false;
    };
    element.addEventListener("focusin", onFocusIn);
    element.addEventListener("focusout", onFocusOut);
    document.addEventListener("pointerdown", onPointerDown);
    return () => {
      document.removeEventListener("pointerdown", onPointerDown);
      if (inside.current && isLost() && before.current?.isConnected) before.current.focus({ preventScroll: true });
    };
  }, []);
  useLayoutEffect(() => {
    if (!inside.current) return;
    // After rendering, and after a busy button is enabled again.
    const frame = requestAnimationFrame(() => {
      if (inside.current && isLost()) box.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [state]);
}

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
