// One call over the channel, and how it fails.

/** A call that was answered with an error, or (`code` 0) was not answered. */
export class CallError extends Error {
  /** `isOver`: nobody waits for the answer any more, because the connection was ended for good. */
  constructor(readonly code: number, message: string, readonly isOver = false) {
    super(message);
  }
}

export interface CallOptions {
  /**
   * Doing it twice is the same as doing it once, so it is sent again when the answer was lost with the connection.
   * Without this such a call fails with code 0. A call that was not sent yet always waits for the connection.
   */
  repeatable?: boolean;
}

/** A call that waits for its answer. */
export interface Pending {
  id: number;
  call: string;
  body: object;
  repeatable: boolean;
  sent: boolean;
  resolve: (body: any) => void;
  reject: (error: CallError) => void;
}
