// What is known of a class: made of a snapshot, changed by events. Pure functions; nothing here is changed in place.

import type {
  Board, CheckIn, ClassDocument, ClassEvent, ClassInfo, Member, Message, Question, QuestionAnswered, Snapshot, Timer,
} from "../channel/types";

/** A check-in, and who has checked in. `checked` is whether the reader has. */
export interface CheckInState extends CheckIn {
  checked: boolean;
  /** For the teacher and assistants: when each user checked in, by user id; 0 when only that is known. */
  checkedTimes: Record<string, number>;
}

/** A question; for the teacher and assistants with what each user answered. */
export interface QuestionState extends Omit<Question, "answers"> {
  answers: Record<string, Answer>;
}

export interface Answer {
  select: unknown;
  is_right: boolean | number | null;
  time: number;
}

export interface ClassState {
  class: ClassInfo;
  /** By user id. */
  members: Record<string, Member>;
  /** How many are inside; more than `members` has when the class is very large. */
  membersTotal: number;
  /** In the order in which they came. */
  messages: Message[];
  checkIn: CheckInState | null;
  question: QuestionState | null;
  documents: ClassDocument[];
  board: Board;
  timer: Timer | null;
}

/** The state that a snapshot says. */
export function fromSnapshot(snapshot: Snapshot): ClassState {
  const members: Record<string, Member> = {};
  snapshot.members.forEach((member) => (members[member.user_id] = member));
  const checkIn = snapshot.check_in;
  const checkedTimes: Record<string, number> = {};
  checkIn?.checked_users?.forEach((user_id) => (checkedTimes[user_id] = 0));
  return {
    class: snapshot.class,
    members,
    membersTotal: Math.max(snapshot.members_total, snapshot.members.length),
    messages: snapshot.messages,
    checkIn: checkIn && { ...checkIn, checked: checkIn.checked ?? false, checkedTimes },
    question: snapshot.question && { ...snapshot.question, answers: byUser(snapshot.question.answers ?? []) },
    documents: snapshot.documents,
    board: snapshot.board,
    timer: snapshot.timer,
  };
}

function byUser(answers: QuestionAnswered[]): Record<string, Answer> {
  const found: Record<string, Answer> = {};
  answers.forEach(({ user_id, select, is_right, time }) => (found[user_id] = { select, is_right, time }));
  return found;
}

/** The state after an event. `me` is who reads. The same event again changes nothing. */
export function apply(state: ClassState, event: ClassEvent, me: string): ClassState {
  switch (event.event) {
    case "member": {
      const isNew = !(event.data.user_id in state.members);
      return {
        ...state,
        members: { ...state.members, [event.data.user_id]: event.data },
        membersTotal: state.membersTotal + (isNew ? 1 : 0),
      };
    }
    case "member_left": {
      if (!(event.data.user_id in state.members)) return state;
      const { [event.data.user_id]: _left, ...members } = state.members;
      return { ...state, members, membersTotal: Math.max(0, state.membersTotal - 1) };
    }
    case "all_silence": {
      const members: Record<string, Member> = {};
      Object.values(state.members).forEach((member) => {
        members[member.user_id] = moderates(member) ? member : { ...member, silence: event.data.silence };
      });
      return { ...state, members };
    }
    case "class":
      // Nobody is inside a class that is over; no event says so of each.
      if (event.data.class_status === "end") return { ...state, class: event.data, members: {}, membersTotal: 0 };
      return { ...state, class: event.data };
    case "message":
      return { ...state, messages: withMessage(state.messages, event.data) };
    case "message_recalled":
      return {
        ...state,
        messages: state.messages.map((message) =>
          message.message_id === event.data.message_id ? { ...message, recalled: true, content: "" } : message,
        ),
      };
    case "check_in": {
      const same = state.checkIn?.check_id === event.data.check_id ? state.checkIn : null;
      return {
        ...state,
        checkIn: { ...event.data, checked: same?.checked ?? false, checkedTimes: same?.checkedTimes ?? {} },
      };
    }
    case "checked_in": {
      const { check_id, user_id, time } = event.data;
      if (state.checkIn?.check_id !== check_id) return state;
      return {
        ...state,
        checkIn: {
          ...state.checkIn,
          checked: state.checkIn.checked || user_id === me,
          checkedTimes: { ...state.checkIn.checkedTimes, [user_id]: time },
        },
      };
    }
    case "question": {
      const same = state.question?.question_id === event.data.question_id ? state.question : null;
      const answers = event.data.answers ? byUser(event.data.answers) : (same?.answers ?? {});
      return { ...state, question: { ...event.data, answer: same?.answer ?? null, answers } };
    }
    case "question_answered": {
      const { question_id, user_id, select, is_right, time } = event.data;
      if (state.question?.question_id !== question_id) return state;
      return {
        ...state,
        question: {
          ...state.question,
          answer: user_id === me ? select : state.question.answer,
          answers: { ...state.question.answers, [user_id]: { select, is_right, time } },
        },
      };
    }
    case "document": {
      const { documents } = state;
      const known = documents.some((document) => document.doc_id === event.data.doc_id);
      return {
        ...state,
        documents: known
          ? documents.map((document) => (document.doc_id === event.data.doc_id ? event.data : document))
          : [...documents, event.data],
      };
    }
    case "document_removed":
      return { ...state, documents: state.documents.filter((document) => document.doc_id !== event.data.doc_id) };
    case "board":
      return { ...state, board: event.data };
    case "timer":
      return { ...state, timer: event.data };
    case "control":
    case "drawn":
      return state;
    default:
      // An event of a newer server.
      return state;
  }
}

/** The messages with one more; one that is known is replaced where it stands. */
export function withMessage(messages: Message[], message: Message): Message[] {
  const at = messages.findIndex((known) => known.message_id === message.message_id);
  if (at < 0) return [...messages, message];
  const next = messages.slice();
  next[at] = message;
  return next;
}

/** The messages with older ones before them. */
export function withHistory(messages: Message[], older: Message[]): Message[] {
  const known = new Set(messages.map((message) => message.message_id));
  return [...older.filter((message) => !known.has(message.message_id)), ...messages];
}

/** The members with those of a list whom we don't know yet: what we know is newer than the list. */
export function withMembers(state: ClassState, listed: Member[]): ClassState {
  const members = { ...state.members };
  listed.forEach((member) => (members[member.user_id] ??= member));
  return { ...state, members, membersTotal: Math.max(state.membersTotal, Object.keys(members).length) };
}

const MODERATORS = new Set(["teacher", "assistant", "admin", "superadmin"]);

/** Who moderates: the teacher, assistants, and administrators of the school. */
export function moderates(member: { role: string } | undefined): boolean {
  return member !== undefined && MODERATORS.has(member.role);
}

/** Whose hand is up, in the order of raising. */
export function handsUp(members: Record<string, Member>): Member[] {
  return Object.values(members)
    .filter((member) => member.hand_up === 1)
    .sort((a, b) => a.hand_up_time - b.hand_up_time || (a.user_id < b.user_id ? -1 : 1));
}
