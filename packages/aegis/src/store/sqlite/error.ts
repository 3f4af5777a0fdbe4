import { AegisError, codeOf } from '@aegis/core';

/** Primary result codes of SQLite (sqlite.org/rescode.html) in words. */
const REASONS: Readonly<Record<number, string>> = {
  5: 'another process holds it',
  8: 'it is read-only',
  10: 'the disk failed',
  11: 'the file is damaged',
  13: 'the disk or the allowed size is full',
  14: 'the file cannot be opened',
  19: 'an entry contradicts what is stored',
  26: 'the file is not a SQLite database',
};

/** After these nothing that the connection says can be believed: it is not used again. */
const FATAL: ReadonlySet<number> = new Set([10, 11, 26]);

function primaryCode(error: unknown): number | undefined {
  const code = error instanceof Error ? (error as { errcode?: unknown }).errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Whether the store must be opened again before it can be used again. */
export function isFatal(error: unknown): boolean {
  return FATAL.has(primaryCode(error) ?? 0);
}

/** Whether another process was in the way. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === 5;
}

/** Whether a failure of the store, as `storeError` tells it, is that of a file which is damaged or none of SQLite. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error ? primaryCode(error.cause) : undefined;
  return code === 11 || code === 26;
}

/** Any failure of the store as `STORE_UNAVAILABLE`; errors that are ours pass through. */
export function storeError(what: string, error: unknown): AegisError {
  if (codeOf(error) !== undefined) return error as AegisError;
  const reason = REASONS[primaryCode(error) ?? 0] ?? fileReason(error) ?? 'it failed';
  const detail = error instanceof Error ? error.message : String(error);
  return new AegisError('STORE_UNAVAILABLE', `${what}: ${reason}`, { internal: detail, cause: error });
}

/** A failure of the file system, by its name in POSIX: `EACCES`. */
function fileReason(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
