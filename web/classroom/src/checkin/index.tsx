// Check-ins. `CheckInTool` is the teacher's part in the panel of tools; `CheckInCard` is what pupils see over the board.

export function CheckInTool() {
  return null;
}

export function CheckInCard() {
  return null;
}
