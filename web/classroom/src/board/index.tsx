// The board: the page that is shown, and what is drawn on it.

export function Board() {
  return null;
}
