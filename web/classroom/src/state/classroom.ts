// The state of a class: created from a snapshot and updated by events. All functions are pure.

import type {
  Board, CheckedIn, CheckIn, ClassDocument, ClassEvent, ClassInfo, Member, Message, Question, QuestionAnswered, Recording, Snapshot, Timer,
} from "../channel/types";

/** A check-in, and who has checked in. `checked` is whether this user has. */
export interface CheckInState extends CheckIn {
  checked: boolean;
  /** When each user checked in, by user id; 0 when the time is unknown. Only for the teacher and assistants. */
  checkedTimes: Record<string, number>;
}

/** A question. The teacher and assistants also have the answers. */
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
  /** The number of people in the class. In a very large class, `members` has fewer. */
  membersTotal: number;
  /** In order of arrival. */
  messages: Message[];
  checkIn: CheckInState | null;
  question: QuestionState | null;
  documents: ClassDocument[];
  board: Board;
  timer: Timer | null;
  recording: Recording;
}

/** Converts a snapshot. */
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
    // An older server does not say it.
    recording: snapshot.recording ?? "off",
  };
}

function byUser(answers: QuestionAnswered[]): Record<string, Answer> {
  const found: Record<string, Answer> = {};
  answers.forEach(({ user_id, select, is_right, time }) => (found[user_id] = { select, is_right, time }));
  return found;
}

/** Applies an event. `me` is this user. Applying the same event again changes nothing. */
export function apply(state: ClassState, event: ClassEvent, me: string): ClassState {
  switch (event.event) {
    case "member":
      return withMember(state, event.data);
    case "member_left":
      return withoutMember(state, event.data.user_id);
    case "all_silence":
      return withAllSilence(state, event.data.silence);
    case "class":
      // The end of a class removes everybody without an event for each.
      if (event.data.class_status === "end") return { ...state, class: event.data, members: {}, membersTotal: 0 };
      return { ...state, class: event.data };
    case "message":
      return { ...state, messages: withMessage(state.messages, event.data) };
    case "message_recalled":
      return { ...state, messages: withRecalled(state.messages, event.data.message_id) };
    case "check_in":
      return withCheckIn(state, event.data);
    case "checked_in":
      return withCheckedIn(state, event.data, me);
    case "question":
      return withQuestion(state, event.data);
    case "question_answered":
      return withAnswer(state, event.data, me);
    case "document":
      return { ...state, documents: withDocument(state.documents, event.data) };
    case "document_removed":
      return { ...state, documents: state.documents.filter((document) => document.doc_id !== event.data.doc_id) };
    case "board":
      return { ...state, board: event.data };
    case "recording":
      return { ...state, recording: event.data.recording };
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

function withMember(state: ClassState, member: Member): ClassState {
  const isNew = !(member.user_id in state.members);
  return { ...state, members: { ...state.members, [member.user_id]: member }, membersTotal: state.membersTotal + (isNew ? 1 : 0) };
}

function withoutMember(state: ClassState, user_id: string): ClassState {
  if (!(user_id in state.members)) return state;
  const { [user_id]: _left, ...members } = state.members;
  return { ...state, members, membersTotal: Math.max(0, state.membersTotal - 1) };
}

function withAllSilence(state: ClassState, silence: number): ClassState {
  const members: Record<string, Member> = {};
  Object.values(state.members).forEach((member) => {
    members[member.user_id] = moderates(member) ? member : { ...member, silence };
  });
  return { ...state, members };
}

function withCheckIn(state: ClassState, checkIn: CheckIn): ClassState {
  const same = state.checkIn?.check_id === checkIn.check_id ? state.checkIn : null;
  return { ...state, checkIn: { ...checkIn, checked: same?.checked ?? false, checkedTimes: same?.checkedTimes ?? {} } };
}

function withCheckedIn(state: ClassState, { check_id, user_id, time }: CheckedIn, me: string): ClassState {
  const { checkIn } = state;
  if (checkIn?.check_id !== check_id) return state;
  const checkedTimes = { ...checkIn.checkedTimes, [user_id]: time };
  return { ...state, checkIn: { ...checkIn, checked: checkIn.checked || user_id === me, checkedTimes } };
}

function withQuestion(state: ClassState, question: Question): ClassState {
  const same = state.question?.question_id === question.question_id ? state.question : null;
  // The end of an earlier question does not replace the current one.
  if (!same && state.question && question.end_time !== null) return state;
  const answers = question.answers ? byUser(question.answers) : (same?.answers ?? {});
  return { ...state, question: { ...question, answer: same?.answer ?? null, answer_is_final: same?.answer_is_final, answers } };
}

function withAnswer(state: ClassState, { question_id, user_id, select, is_right, time }: QuestionAnswered, me: string): ClassState {
  const { question } = state;
  if (question?.question_id !== question_id) return state;
  const answers = { ...question.answers, [user_id]: { select, is_right, time } };
  return { ...state, question: { ...question, answer: user_id === me ? select : question.answer, answers } };
}

function withDocument(documents: ClassDocument[], document: ClassDocument): ClassDocument[] {
  const isOld = documents.some(({ doc_id }) => doc_id === document.doc_id);
  return isOld ? documents.map((other) => (other.doc_id === document.doc_id ? document : other)) : [...documents, document];
}

function withRecalled(messages: Message[], message_id: string): Message[] {
  return messages.map((message) => (message.message_id === message_id ? { ...message, recalled: true, content: "" } : message));
}

/** Adds or replaces a message. */
export function withMessage(messages: Message[], message: Message): Message[] {
  const at = messages.findIndex((other) => other.message_id === message.message_id);
  if (at < 0) return [...messages, message];
  const next = messages.slice();
  next[at] = message;
  return next;
}

/** Inserts older messages before the others. */
export function withHistory(messages: Message[], older: Message[]): Message[] {
  const ids = new Set(messages.map((message) => message.message_id));
  return [...older.filter((message) => !ids.has(message.message_id)), ...messages];
}

/** Adds listed members that are missing. Existing members are newer than the list. */
export function withMembers(state: ClassState, listed: Member[]): ClassState {
  const members = { ...state.members };
  listed.forEach((member) => (members[member.user_id] ??= member));
  return { ...state, members, membersTotal: Math.max(state.membersTotal, Object.keys(members).length) };
}

/** Sets whether a member is connected. */
export function withConnection(state: ClassState, user_id: string, connected: boolean): ClassState {
  const member = state.members[user_id];
  if (!member || member.connected === connected) return state;
  return { ...state, members: { ...state.members, [user_id]: { ...member, connected } } };
}

/** Sets all members as connected. After a reconnection without a snapshot, signals follow for those who are not. */
export function allConnected(state: ClassState): ClassState {
  const members: Record<string, Member> = {};
  Object.values(state.members).forEach((member) => (members[member.user_id] = { ...member, connected: true }));
  return { ...state, members };
}

const MODERATORS = new Set(["teacher", "assistant", "admin", "superadmin"]);

/** Whether a member moderates: teachers, assistants, and administrators of the school. */
export function moderates(member: { role: string } | undefined): boolean {
  return member !== undefined && MODERATORS.has(member.role);
}

/** Whether somebody takes part as a pupil: students and visitors. */
export function isPupil({ role }: { role: string }): boolean {
  return role === "student" || role === "visitor";
}

/** The members with raised hands, in the order of raising. */
export function handsUp(members: Record<string, Member>): Member[] {
  return Object.values(members)
    .filter((member) => member.hand_up === 1)
    .sort((a, b) => a.hand_up_time - b.hand_up_time || (a.user_id < b.user_id ? -1 : 1));
}
