// The timer. `TimerTool` is the teacher's part in the panel of tools; `TimerView` is the small clock that all see.

export function TimerTool() {
  return null;
}

export function TimerView() {
  return null;
}
