// The icons, drawn as outlines on a grid of 24. Add one here when a component needs it.

const PATHS = {
  alert: "M12 9v4M12 17h.01M10.3 4 2.7 17.5A2 2 0 0 0 4.4 20.5h15.2a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0z",
  arrow: "M5 19 19 5M10 5h9v9",
  board: "M3 4h18v12H3zM12 16v4M8 20h8",
  camera: "M3 7h11v10H3zM14 11l7-4v10l-7-4z",
  cameraOff: "M3 7h4m4 0h3v3m0 4v3H3V7M14 11l7-4v10l-4-2.3M3 3l18 18",
  chart: "M5 20V11M12 20V4M19 20v-6",
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  check: "M5 12.5 10 17 19 7",
  checkIn: "M8 4H5v17h14V4h-3M8 3h8v3H8zM8.5 14l2.5 2.5 4.5-5",
  chevronDown: "M6 9l6 6 6-6",
  chevronLeft: "M15 6l-6 6 6 6",
  chevronRight: "M9 6l6 6-6 6",
  chevronUp: "M6 15l6-6 6 6",
  circle: "M3 12a9 6.5 0 1 0 18 0a9 6.5 0 1 0-18 0",
  clock: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 7v5l3.5 2",
  close: "M6 6l12 12M18 6 6 18",
  cursor: "M5 3l14 8-6 2-3 6z",
  download: "M12 4v11M7 11l5 5 5-5M4 20h16",
  eraser: "M8 20h12M4.5 14.5l9-9a2 2 0 0 1 2.8 0l3.2 3.2a2 2 0 0 1 0 2.8L11 20H8l-3.5-3.5a1.4 1.4 0 0 1 0-2zM9.5 9.5l6 6",
  exit: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  globe: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  grid: "M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z",
  hand: "M8 13V6a1.5 1.5 0 0 1 3 0v5M11 11V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6a1.5 1.5 0 0 1 3 0v8c0 4-2 7-6 7-3 0-4.600-1.500-6-4.500L3.500 13a1.500 1.500 0 0 1 2.600-1.400L8 14",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
  keyboard: "M3 6h18v12H3zM7 10h.01M10.300 10h.01M13.700 10h.01M17 10h.01M8 14h8",
  laser: "M4 20 13 11M16 3v3M21 8h-3M19.500 4.500l-2 2M12.500 4.500l1.500 1.500M19.500 11.500 18 10",
  line: "M5 19 19 5",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
  marker: "M5 20h5M6 16l9-12 4.500 3.500L10.500 19H6z",
  mic: "M9 6a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zM5 11a7 7 0 0 0 14 0M12 18v3",
  micOff: "M9 9v2a3 3 0 0 0 4.500 2.600M15 11V6a3 3 0 0 0-5.800-1M5 11a7 7 0 0 0 10.500 6M19 11a7 7 0 0 1-.600 2.800M12 18v3M3 3l18 18",
  minus: "M5 12h14",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
  more: "M4.2 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M11.200 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M18.200 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0",
  panel: "M4 5h16v14H4zM14.5 5v14",
  pause: "M8 5v14M16 5v14",
  pen: "M4 20l1-4.500L16.500 4 20 7.500 8.500 19zM14 6.500 17.500 10",
  penOff: "M4 20l1-4.500 4-4M12 8.500 16.500 4 20 7.500 15.500 12M12.500 15l-4 4L4 20M3 3l18 18",
  play: "M7 4.500v15l12-7.500z",
  plus: "M12 5v14M5 12h14",
  question: "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.700.300-1 .900-1 1.700M12 17h.01",
  recall: "M4 10h10a5 5 0 0 1 0 10h-3M8 6l-4 4 4 4",
  redo: "M20 9H10a5 5 0 0 0 0 10h4M16 5l4 4-4 4",
  screen: "M3 4h18v12H3zM9 20h6M12 7v6M9 10l3-3 3 3",
  send: "M4 12 20 4l-5 16-4-7z",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 7m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0M8 17m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
  sound: "M4 10v4h4l5 4V6l-5 4zM16 9a4 4 0 0 1 0 6M18.500 6.500a8 8 0 0 1 0 11",
  soundOff: "M4 10v4h4l5 4V6l-5 4zM16.500 9.500l5 5M21.500 9.500l-5 5",
  square: "M4 6h16v12H4z",
  stage: "M4 19h16M6 19v-4h12v4M12 4a3 3 0 1 0 .01 0M8 15a4 4 0 0 1 8 0",
  sun: "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500 19 19M19 5l-1.500 1.500M6.500 17.500 5 19",
  text: "M5 7V4h14v3M12 4v16M9 20h6",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  undo: "M4 9h10a5 5 0 0 1 0 10h-4M8 5 4 9l4 4",
  upload: "M12 16V5M7 9l5-5 5 5M4 20h16",
  user: "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4 21c0-4 3.500-6 8-6s8 2 8 6",
  users: "M5 8a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0M2 20c0-3.500 2.500-5.500 6.500-5.500S15 16.500 15 20M15 5a3.500 3.500 0 0 1 0 6.500M17.500 14.800c2.700.600 4.500 2.400 4.500 5.200",
  wifiOff: "M3 3l18 18M5 12.500a10 10 0 0 1 4-2.300M8.500 16a5 5 0 0 1 7 0M12 20h.01M2 9a15 15 0 0 1 4-2.500M13 9.500a10 10 0 0 1 6 3M10 5a15 15 0 0 1 12 4",
  zoomIn: "M4 10.500a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0M15.500 15.500 21 21M10.500 8v5M8 10.500h5",
  zoomOut: "M4 10.500a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0M15.500 15.500 21 21M8 10.500h5",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon. Without a `label` it is decorative, and screen readers ignore it. */
export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : "true"} focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
