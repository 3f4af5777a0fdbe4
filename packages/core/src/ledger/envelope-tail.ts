import type { ChainHead } from './extension.ts';

/** Which place an entry has in its session. */
interface EntryPlace {
  readonly tenant: string;
  readonly session: string;
  readonly seq: number;
}

const REST = /(?:0|[1-9][0-9]{0,15}),"user_id":"[A-Za-z0-9._:@-]{1,128}"\}$/y;

/**
 * Whether the bytes of an entry say that it was sealed for this place, on the entry before it: its link, without
 * parsing it. Ids have no character that JSON would escape.
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
  const at = body.lastIndexOf(link);
  if (at <= 0) return false;
  REST.lastIndex = at + link.length;
  return REST.test(body);
}
