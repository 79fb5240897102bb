// Settings in the browser's storage. The storage may be disabled or full, so every function ignores its errors.

const PREFIX = "lectern.";

/** Returns a setting of this browser, or `null`. */
export function loadSetting(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Stores a setting in this browser. */
export function saveSetting(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // The setting is lost with the page.
  }
}

/** Returns a value that this tab keeps across reloads, or `null`. */
export function loadTabState(name: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Stores a value that this tab keeps across reloads; `null` removes it. */
export function saveTabState(name: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, value);
  } catch {
    // The value is lost with a reload.
  }
}
