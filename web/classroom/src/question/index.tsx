// Questions. `QuestionTool` is the teacher's part in the panel of tools; `QuestionCard` is what pupils see over the board.

export function QuestionTool() {
  return null;
}

export function QuestionCard() {
  return null;
}
