import type { Approval, ApprovalQuestion } from '@aegis/core';

/** That people are asked something. */
export interface Notice {
  readonly approval: Approval;
  readonly question: ApprovalQuestion;
}

/** A way to people who do not look by themselves. */
export interface Channel {
  /** Tells of a question, now or soon. Never throws. */
  tell(notice: Notice): void;
  /** Gives up what is still to be told. Never rejects. */
  close(): Promise<void>;
}
