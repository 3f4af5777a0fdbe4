import type { ChainHead } from './extension.ts';
import { isIdentifierUnit, MAX_IDENTIFIER } from './identifier.ts';

/** Which place an entry has in its session. */
interface EntryPlace {
  readonly tenant: string;
  readonly session: string;
  readonly seq: number;
}

/**
 * Whether the bytes of an entry say that it was sealed for this place, on the entry before it: its link, without
 * parsing it, from its end. Ids have no character that JSON would escape.
 *
 * In the canonical order `prev_hash` and all that follows stand behind the payload. A quote within a string has a
 * backslash before it, and no brace stands among these members: when a body is JSON at all, they are those of the
 * envelope and not of something within.
 */
export function isLinked(
  body: string,
  { tenant, session, seq }: EntryPlace,
  hash: ChainHead['hash'],
): boolean {
  const prev = hash === undefined ? '' : `,"prev_hash":"${hash}"`;
  const link = `}${prev},"seq":${seq},"session_id":"${session}","tenant_id":"${tenant}","ts_unix_ms":`;
  const end = beforeTime(body);
  const start = end - link.length;
  // The engine compares a part much faster than it looks for one.
  return start > 0 && body.substring(start, end) === link;
}

const TIME_END = ',"user_id":"';
const ID_END = '"}';

/** Where the time begins that stands before the user and the end; 0 when it does not. */
function beforeTime(body: string): number {
  const idEnd = body.length - ID_END.length;
  let id = idEnd;
  while (id > 0 && isIdentifierUnit(body.charCodeAt(id - 1))) id -= 1;
  const timeEnd = id - TIME_END.length;
  let time = timeEnd;
  while (time > 0 && isDigit(body.charCodeAt(time - 1))) time -= 1;
  const isLast = body.substring(idEnd) === ID_END && body.substring(timeEnd, id) === TIME_END;
  return isLast && isId(idEnd - id) && isNumber(timeEnd - time, body[time]) ? time : 0;
}

function isId(length: number): boolean {
  return length > 0 && length <= MAX_IDENTIFIER;
}

const MAX_DIGITS = 16;

/** Whether so many digits are a whole number as JSON and the canonical form have it. */
function isNumber(digits: number, first: string | undefined): boolean {
  return digits === 1 || (digits > 1 && digits <= MAX_DIGITS && first !== '0');
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
