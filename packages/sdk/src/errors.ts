/**
 * Aegis could not be asked, or refused the request as such. An action that policy denies is no error but
 * a result.
 */
export class AegisRequestError extends Error {
  override readonly name = 'AegisRequestError';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** `UNAUTHENTICATED`, `NOT_FOUND`, `STORE_UNAVAILABLE`, ...; undefined when Aegis did not say. */
  readonly code: string | undefined;
  /** To be told to whoever runs Aegis. */
  readonly requestId: string | undefined;
  /** Whether the action ran, and only what came of it could not be told: then it is on record as not reported. */
  readonly ran: boolean;
  /** When the same may work, in milliseconds from now; undefined where nobody knows. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    details: {
      status: number;
      code?: string;
      requestId?: string;
      retryAfterMs?: number;
      ran?: boolean;
      cause?: unknown;
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.ran = details.ran ?? false;
    this.retryAfterMs = details.retryAfterMs;
  }
}
