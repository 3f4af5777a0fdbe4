import type { JsonValue } from '@aegis/core';

/** Lines on their way, and which events they are of. */
export interface Delivery {
  readonly lines: readonly string[];
  /** Positions of the first and the newest event that was looked at for them. */
  readonly first: number;
  readonly last: number;
}

/** Where a follower brings what it reads. */
export interface Sink {
  /** Makes the sink what it was when this was saved; answers with what it is now. */
  resume(saved: JsonValue): Promise<JsonValue>;
  /** Whether what it writes to is not there any more, and has to be resumed elsewhere. */
  hasMoved(): Promise<boolean>;
  /** Resolves when the lines are where they belong, with what is to be saved. Rejects when `signal` ends. */
  write(delivery: Delivery, signal: AbortSignal): Promise<JsonValue>;
  close(): Promise<void>;
}

/** The sink of what is only counted. */
export const nowhere: Sink = {
  resume: async () => null,
  hasMoved: async () => false,
  write: async () => null,
  close: async () => {},
};
