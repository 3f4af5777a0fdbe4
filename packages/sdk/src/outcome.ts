import type { Outcome } from './door.ts';

/** What work gives, as long as it takes no longer than it may; what comes later is not waited for. */
export async function inTime<T>(timeoutMs: number, work: (signal: AbortSignal) => T): Promise<Awaited<T>> {
  const late = new AbortController();
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new Error(`it took longer than ${timeoutMs} ms`);
    late.abort(error);
    reject(error);
  }, timeoutMs);
  try {
    return await Promise.race([work(late.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Longest text of an error that is recorded. */
const MAX_ERROR_CHARS = 4096;

/** A failure as it is reported. */
export function failure(error: unknown): Outcome {
  return { outcome: 'failed', error: textOf(error).slice(0, MAX_ERROR_CHARS).toWellFormed() };
}

/** An error in words. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
