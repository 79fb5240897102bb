// Detects changes of the network, such as from Wi-Fi to mobile.

/** The Network Information API, which some browsers have. */
interface NetworkInformation extends EventTarget {
  /** `wifi`, `cellular`, `none` …; absent in desktop browsers. */
  type?: string;
}

/** Calls `listener` when the network has changed. Returns a function that stops this. */
export function onNetworkChange(listener: () => void): () => void {
  const information = (navigator as { connection?: NetworkInformation }).connection;
  let before = information?.type;
  // The same event also reports new bandwidth estimates.
  const change = () => {
    const now = information?.type;
    if (now === before) return;
    before = now;
    if (now !== "none") listener();
  };
  addEventListener("online", listener);
  information?.addEventListener?.("change", change);
  return () => {
    removeEventListener("online", listener);
    information?.removeEventListener?.("change", change);
  };
}
