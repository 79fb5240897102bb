// The wire types of the classroom channel, as docs/protocols/classroom.md describes them.

/** The role of a user in a class. */
export type Role = "teacher" | "assistant" | "student" | "supervisor" | "visitor" | "admin" | "superadmin";

/** Somebody in the class. States are 0 or 1. `silence` is 1 when set by a moderator, 2 when set by the user's own client. */
export interface Member {
  user_id: string;
  nickname: string;
  avatar: string;
  role: Role;
  camera: number;
  mic: number;
  speaker: number;
  screen: number;
  silence: number;
  hand_up: number;
  /** When the hand was raised, in milliseconds; 0 when it is not. */
  hand_up_time: number;
  enable_draw: number;
  enter_time: number;
  /** False while the connection is lost. */
  connected: boolean;
}

export interface ClassInfo {
  class_id: number;
  class_topic: string;
  class_type: string;
  class_status: "will" | "ing" | "end";
  teacher_id: string;
  assistant_id: string;
  start_time: number;
  stop_time: number;
  real_start_time: number;
  real_stop_time: number;
  enable_all_silence: number;
  max_member_limit: number;
  has_password: boolean;
}

export interface Message {
  message_id: string;
  group_id: string;
  sequence: number;
  user_id: string;
  nickname: string;
  avatar: string;
  role: Role;
  type: "text" | "image" | "custom";
  content: string;
  send_time: number;
  /** The receiver of a private message, else empty. */
  to: string;
  recalled: boolean;
}

export interface CheckIn {
  check_id: string;
  user_id: string;
  start_time: number;
  /** The time limit in milliseconds; 0 for none. */
  limit: number;
  end_time: number | null;
  /** Whether this user has checked in; only in a snapshot. */
  checked?: boolean;
  /** Who has checked in; only in a snapshot, for the teacher and assistants. */
  checked_users?: string[];
}

export interface CheckedIn {
  check_id: string;
  user_id: string;
  time: number;
}

export interface QuestionResult {
  answered: number;
  right: number;
  pupils: number;
  counts: Record<string, number>;
}

export interface Question {
  question_id: string;
  user_id: string;
  options: unknown;
  launch_time: number;
  limit: number;
  end_time: number | null;
  correct_answer: unknown;
  result: QuestionResult | null;
  /** This user's answer; only in a snapshot. */
  answer?: unknown;
  /** Whether that answer is final; only in a snapshot. */
  answer_is_final?: boolean;
  /** All answers; only in a snapshot, for the teacher and assistants. */
  answers?: QuestionAnswered[];
}

export interface QuestionAnswered {
  question_id: string;
  user_id: string;
  select: unknown;
  is_right: boolean | number | null;
  time: number;
}

export interface ClassDocument {
  doc_id: string;
  doc_name: string;
  doc_ext: string;
  doc_size: number;
  state: "none" | "pending" | "converting" | "ready" | "failed";
  progress: number;
  failure: string;
  pages: number;
  width: number;
  height: number;
  media: string;
  images: string[];
  thumbnails: string[];
  html: string;
}

/** A page name: `w1` for a whiteboard page, `<doc_id>/3` for the third page of a document. */
export type PageName = string;

export interface Board {
  shown: { page: PageName; step: number };
  whiteboards: PageName[];
}

export interface Timer {
  start_time: number;
  duration: number;
  remaining: number;
  state: "running" | "paused";
}

export type ItemKind = "pen" | "marker" | "line" | "arrow" | "rectangle" | "ellipse" | "text";

/** A drawn item. Coordinates, `width` and `size` are in page units: a page is 10000 wide. */
export interface Item {
  id: string;
  kind: ItemKind;
  color: string;
  /** Absent for a text. */
  width?: number;
  points: number[];
  text?: string;
  size?: number;
  /** Who drew it. */
  user_id?: string;
}

export type Operation =
  | { op: "add"; item: Item }
  | { op: "remove"; ids: string[] }
  | { op: "restore"; ids: string[] }
  | { op: "clear" };

export interface Drawn {
  page: PageName;
  user_id: string;
  operations: Operation[];
}

export interface Control {
  type: string;
  user_id: string;
  role: Role;
  data: { action: string; [key: string]: unknown };
}

export interface Snapshot {
  class: ClassInfo;
  members: Member[];
  members_total: number;
  messages: Message[];
  check_in: CheckIn | null;
  question: Question | null;
  documents: ClassDocument[];
  board: Board;
  timer: Timer | null;
  recording: Recording;
}

/** Whether the class is recorded. */
export type Recording = "off" | "on" | "paused";

export type LeaveReason =
  | "quit" | "class_ended" | "kicked" | "replaced" | "timeout" | "moved" | "deleted" | "removed" | "class_deleted";

/** The data of each event. */
export interface EventData {
  member: Member;
  member_left: { user_id: string; reason: LeaveReason };
  /** All members who do not moderate were silenced (1), or may write again (0). */
  all_silence: { silence: number };
  class: ClassInfo;
  message: Message;
  message_recalled: { message_id: string; user_id: string };
  control: Control;
  check_in: CheckIn;
  checked_in: CheckedIn;
  question: Question;
  question_answered: QuestionAnswered;
  document: ClassDocument;
  document_removed: { doc_id: string };
  board: Board;
  drawn: Drawn;
  timer: Timer | null;
  recording: { recording: Recording };
}

export type EventName = keyof EventData;

/** An event of the class. `sequence` increases within the class; numbers may be missing. */
export type ClassEvent = {
  [Name in EventName]: { type: "event"; sequence: number; time: number; event: Name; data: EventData[Name] };
}[EventName];

export interface Welcome {
  type: "welcome";
  id: number;
  user_id: string;
  role: Role;
  sequence: number;
  time: number;
  ping_seconds: number;
  snapshot?: Snapshot;
}

export interface Pong {
  type: "pong";
  sequence: number;
  time: number;
}

/** The body of the answer to a call. */
export interface ReplyBody {
  error_code: number;
  error_msg: string;
  [key: string]: unknown;
}

export interface Reply {
  type: "reply";
  id: number;
  body: ReplyBody;
}

export interface Refused {
  type: "refused";
  id?: number;
  error_code: number;
  error_msg: string;
}

export type SignalKind = "pointer" | "laser" | "stroke" | "connection";

export interface SignalMessage {
  type: "signal";
  kind: SignalKind;
  user_id: string;
  data: any;
}

export type ServerMessage = Welcome | Pong | Reply | Refused | SignalMessage | ClassEvent;

/** The fields of `sign_in`, without its id and `last`. */
export interface Credentials {
  sdkappid: number;
  user_id: string;
  token: string;
  class_id: number;
  password: string;
}
