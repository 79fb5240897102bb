// Shows a picture in full screen.

type OnPhones = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

/** Whether the browser supports full screen. */
export function canFillScreen(): boolean {
  return typeof document.body.requestFullscreen === "function" || "webkitEnterFullscreen" in HTMLVideoElement.prototype;
}

/** Shows the picture of a box in full screen. iPhones support that for videos only. */
export function fillScreen(box: HTMLElement | null): void {
  if (box && typeof box.requestFullscreen === "function") box.requestFullscreen().catch(() => {});
  else (box?.querySelector("video") as OnPhones | null)?.webkitEnterFullscreen?.();
}
