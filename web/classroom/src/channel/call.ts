// A call over the channel, its options and its error.

/** A call that failed: with the error code of the answer, or with code 0 when there was no answer. */
export class CallError extends Error {
  /** `isOver`: the connection has ended for good, so the error need not be shown. */
  constructor(readonly code: number, message: string, readonly isOver = false) {
    super(message);
  }
}

export interface CallOptions {
  /**
   * The call is idempotent, so it is sent again when the connection broke before its answer.
   * Otherwise such a call fails with code 0. A call that was not sent yet always waits for the connection.
   */
  repeatable?: boolean;
}

/** A call without an answer yet. */
export interface Pending {
  id: number;
  call: string;
  body: object;
  repeatable: boolean;
  sent: boolean;
  resolve: (body: any) => void;
  reject: (error: CallError) => void;
}
