import type { SessionHead } from '@aegis/core';
import type { LinkedEntry } from '../../ledger-ports.ts';
import type { StoredPin } from '../../ports.ts';
import type { Row } from './statement.ts';

// What is read may have been tampered with: a number that JavaScript cannot hold, a row whose session is
// gone, bytes that are not UTF-8. None of it may stop the reading; the verifier judges.

/** The lowest number that a column can hold, as the server reads it. */
export const LOWEST = '-9223372036854775808';

/** A whole number; what no program can hold comes near it. */
export function exact(value: unknown): number {
  return Math.min(Math.max(Number(value), -1), Number.MAX_SAFE_INTEGER);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// SECURITY: a lenient decoder gives the same text for different bytes. Bytes that are not UTF-8
// have no text, and the empty text has no entry's hash.
function textOf(bytes: unknown): string {
  try {
    return decoder.decode(bytes as Uint8Array);
  } catch {
    return '';
  }
}

export function hexOf(bytes: unknown): string {
  return (bytes as Buffer | null)?.toString('hex') ?? '';
}

export function entryOf(row: Row): LinkedEntry {
  return {
    position: exact(row['position']),
    tenant: String(row['tenant'] ?? ''),
    session: String(row['session'] ?? ''),
    seq: exact(row['seq']),
    hash: hexOf(row['hash']),
    body: textOf(row['body']),
    prev: exact(row['prev']),
  };
}

export function sessionHeadOf(row: Row): SessionHead {
  return {
    tenant: String(row['tenant']),
    session: String(row['session']),
    nextSeq: exact(row['next_seq']),
    hash: hexOf(row['head']),
    newest: exact(row['newest']),
  };
}

export function pinOf(row: Row): StoredPin {
  return {
    key: String(row['key']),
    newest: exact(row['newest']),
    ...(row['pinned'] === null ? {} : { pinned: exact(row['pinned']) }),
    ...(row['offered'] === null ? {} : { offered: exact(row['offered']) }),
  };
}
