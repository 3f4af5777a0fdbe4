import type { SQLOutputValue } from 'node:sqlite';
import type { SessionHead } from '@aegis/core';
import type { LinkedEntry, SessionPlace } from '../../ledger-ports.ts';
import type { StoredPin } from '../../ports.ts';

// What is read may have been tampered with: a number that JavaScript cannot hold, a row whose
// session is gone, a text that is not UTF-8. None of it may stop the reading; the verifier judges.
export function exact(column: string): string {
  return `ifnull(${exactOrNull(column)}, -1)`;
}

/** Where there may be no number. */
export function exactOrNull(column: string): string {
  return `min(max(${column}, -1), ${Number.MAX_SAFE_INTEGER})`;
}

/** Reads entries; a condition and an order are appended, over `event.position` or `event.seq` itself. */
export const SELECT_ENTRY = `
  SELECT ${exact('position')} AS position, ${exact('sid')} AS sid, ${exact('seq')} AS seq, ${exact('prev')} AS prev,
    lower(hex(hash)) AS hash, iif(typeof(body) = 'text', body, NULL) AS body, octet_length(body) AS size
  FROM event`;

/** The bytes of a body, which its text need not show. */
export const SELECT_BYTES = 'SELECT CAST(body AS BLOB) AS bytes FROM event WHERE position = ?';

export const SELECT_SESSION = `
  SELECT ${exact('sid')} AS sid, tenant, session, ${exact('next_seq')} AS next_seq, ${exact('newest')} AS newest,
    lower(hex(head)) AS head FROM session`;

/** Where a session is, and where its newest entry stands. */
export const SELECT_SESSION_END = `
  SELECT ${exact('sid')} AS sid, ${exact('newest')} AS newest FROM session WHERE tenant = ? AND session = ?`;

/**
 * Where a session's entries are, as a JSON array, the newest first; from its newest entry and its number.
 *
 * SECURITY: only ever backwards and only over entries of this session: no damage leads in a circle, or
 * into what another session did.
 */
export const SELECT_POSITIONS = `
  WITH RECURSIVE walk (position, prev) AS (
    SELECT position, prev FROM event WHERE position = ?1 AND position > 0 AND sid = ?2
    UNION ALL
    SELECT event.position, event.prev FROM walk CROSS JOIN event ON event.position = walk.prev
    WHERE event.position > 0 AND event.position < walk.position AND event.sid = ?2
  )
  SELECT json_group_array(${exact('position')}) AS positions FROM walk`;

export const SELECT_PIN = `
  SELECT key, ${exactOrNull('pin.pinned')} AS pinned, ${exactOrNull('pin.offered')} AS offered,
    ${exact('pin.newest')} AS newest FROM pin`;

type Row = Record<string, SQLOutputValue>;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Whether a text was surely read from so many bytes, and could not have been read from any others: it has as many,
 * and no character that stands for something that could not be read. Others have to be read as bytes.
 */
export function isPlain(text: string, bytes: number): boolean {
  if (text.length !== bytes && Buffer.byteLength(text) !== bytes) return false;
  return !text.includes('\ufffd');
}

// SECURITY: a lenient decoder gives the same text for different bytes. Bytes that are not UTF-8
// have no text, and the empty text has no entry's hash.
export function textOf(bytes: SQLOutputValue | undefined): string {
  try {
    return decoder.decode(bytes as Uint8Array);
  } catch {
    return '';
  }
}

/** Bytes of a row that is there. What is of another type has none, and is no value and no tile. */
export function bytesIn(row: Row | undefined, column: string): Uint8Array | undefined {
  if (row === undefined) return undefined;
  const value = row[column];
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** The bytes of a hash in hex. */
export function hashBytes(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

/** An entry of the session that it is said to belong to. */
export function entryOf(row: Row, { tenant, session }: SessionPlace, body: string): LinkedEntry {
  return {
    position: Number(row['position']),
    tenant,
    session,
    seq: Number(row['seq']),
    hash: String(row['hash']),
    body,
    prev: Number(row['prev']),
  };
}

export function sessionHeadOf(row: Row): SessionHead {
  return {
    tenant: String(row['tenant']),
    session: String(row['session']),
    nextSeq: Number(row['next_seq']),
    hash: String(row['head']),
    newest: Number(row['newest']),
  };
}

export function pinOf(row: Row): StoredPin {
  return {
    key: String(row['key']),
    newest: Number(row['newest']),
    ...(row['pinned'] === null ? {} : { pinned: Number(row['pinned']) }),
    ...(row['offered'] === null ? {} : { offered: Number(row['offered']) }),
  };
}
