// English. Each part of the page has its section. `{name}` is filled in; "one|many" is chosen by `{n}`.

export const en = {
  common: {
    cancel: "Cancel",
    close: "Close",
    loading: "Loading…",
    retry: "Try again",
    language: "Language",
    save: "Save",
    send: "Send",
    you: "you",
  },
  role: {
    teacher: "Teacher",
    assistant: "Assistant",
    student: "Student",
    supervisor: "Observer",
    visitor: "Visitor",
  },
  layout: {},
  enter: {},
  roster: {},
  board: {},
  documents: {},
  chat: {},
  checkin: {},
  question: {},
  timer: {},
  attendance: {},
  errors: {},
};
