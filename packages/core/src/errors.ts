/** The one table of error codes: what a failing command or request is called, and how it ends. */
export const ERRORS = {
  USAGE: { exit: 2, http: 400 },
  CONFIG_INVALID: { exit: 5, http: 400 },
  POLICY_INVALID: { exit: 5, http: 400 },
  MANIFEST_INVALID: { exit: 5, http: 400 },
  INPUT_INVALID: { exit: 5, http: 400 },
  INPUT_TOO_LARGE: { exit: 5, http: 413 },
  FILE_UNREADABLE: { exit: 5, http: 400 },
  CHAIN_BROKEN: { exit: 6, http: 500 },
  ADDRESS_IN_USE: { exit: 1, http: 503 },
  UPSTREAM_UNAVAILABLE: { exit: 1, http: 502 },
  STORE_UNAVAILABLE: { exit: 1, http: 503 },
  UNAUTHENTICATED: { exit: 4, http: 401 },
  FORBIDDEN: { exit: 4, http: 403 },
  NOT_FOUND: { exit: 5, http: 404 },
  CONFLICT: { exit: 1, http: 409 },
  TOO_MANY: { exit: 1, http: 429 },
  PROTOCOL: { exit: 1, http: 400 },
  INTERNAL: { exit: 1, http: 500 },
} as const satisfies Record<string, { exit: number; http: number }>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * The one error class. Match on `code`, never on the class.
 * `message` may leave the process; `internal` may not.
 */
export class AegisError extends Error {
  override readonly name = 'AegisError';
  readonly code: ErrorCode;
  readonly help: string | undefined;
  /** Why it is so, where that is known better than from the code. */
  readonly why: string | undefined;
  readonly internal: string | undefined;
  /** When the same may work, in milliseconds from now; undefined where nobody knows. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      help?: string;
      why?: string;
      internal?: string;
      retryAfterMs?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.help =
      options.help ??
      (options.retryAfterMs === undefined ? undefined : `try again in ${options.retryAfterMs} ms`);
    this.why = options.why;
    this.retryAfterMs = options.retryAfterMs;
    this.internal = options.internal;
  }
}

/** The error's code when it is one of ours. */
export function codeOf(error: unknown): ErrorCode | undefined {
  const code = error instanceof Error && error.name === 'AegisError' ? (error as AegisError).code : undefined;
  return code !== undefined && code in ERRORS ? code : undefined;
}

/** Makes the compiler prove that a union was switched exhaustively. */
export function assertNever(value: never): never {
  throw new AegisError('INTERNAL', `unexpected value: ${String(value)}`);
}
