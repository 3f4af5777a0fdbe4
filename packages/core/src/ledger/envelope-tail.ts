import type { ChainHead } from './extension.ts';
import { isIdentifierUnit, MAX_IDENTIFIER } from './identifier.ts';

/** What the bytes of every entry of a session have before their time. */
export function sessionMembers(tenant: string, session: string): string {
  return `,"session_id":"${session}","tenant_id":"${tenant}","ts_unix_ms":`;
}

const PREV = '},"prev_hash":"';

/**
 * Whether the bytes of an entry say that it was sealed for this place, on the entry before it: its link, without
 * parsing it, from its end. Ids have no character that JSON would escape.
 *
 * In the canonical order `prev_hash` and all that follows stand behind the payload. A quote within a string has a
 * backslash before it, and no brace stands among these members: when a body is JSON at all, they are those of the
 * envelope and not of something within.
 */
export function isLinked(body: string, seq: number, members: string, hash: ChainHead['hash']): boolean {
  const end = beforeTime(body);
  const sessionAt = end - members.length;
  const link = hash === undefined ? `},"seq":${seq}` : `","seq":${seq}`;
  const linkAt = sessionAt - link.length;
  // Parts are compared: the engine does that much faster than it looks for one, or joins them.
  if (linkAt <= 0) return false;
  if (body.substring(sessionAt, end) !== members || body.substring(linkAt, sessionAt) !== link) return false;
  if (hash === undefined) return true;
  const hashAt = linkAt - hash.length;
  const prevAt = hashAt - PREV.length;
  return prevAt > 0 && body.substring(hashAt, linkAt) === hash && body.substring(prevAt, hashAt) === PREV;
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
