import type { Sha256 } from '../model/hash.ts';

/** The running hash of a log without entries. */
export const EMPTY_LOG_HASH = '0'.repeat(64);

/**
 * The running hash of the whole log after one more entry: SHA-256 over the hex text of the hash
 * so far followed by the hex text of the entry's hash.
 *
 * It binds the entries of all sessions in commit order. Whoever can write to the store can also
 * recompute it: it finds accidents and partial edits, not a careful rewrite.
 */
export function extendLog(logHash: string, entryHash: string, sha256: Sha256): string {
  return sha256(logHash + entryHash);
}
