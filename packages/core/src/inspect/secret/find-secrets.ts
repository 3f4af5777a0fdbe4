import { findAssigned } from './assignment.ts';
import { findAuthorization } from './authorization.ts';
import { findInColumns } from './column-secrets.ts';
import { findEncoded } from './encoded-secrets.ts';
import { findJwts } from './jwt.ts';
import { findPrivateKeys } from './private-key.ts';
import { findCallPasswords } from './call-passwords.ts';
import { findCommandPasswords } from './command-passwords.ts';
import { findCurlCredentials } from './curl-credentials.ts';
import { readOnce } from './read-once.ts';
import type { Secret } from './secret.ts';
import { findKeyed } from './find-keyed.ts';
import { findMarked } from './find-marked.ts';
import { findNearNames } from './near-name.ts';
import { runsAround } from './number-runs.ts';
import { findTokens } from './find-tokens.ts';
import { findUrlPasswords } from './url-password.ts';
import { findWholeRuns } from './whole-runs.ts';

/** Every way to recognise a secret, the more certain ones first. */
const FINDERS = [
  findPrivateKeys,
  findTokens,
  findJwts,
  findEncoded,
  findUrlPasswords,
  findMarked,
  findAuthorization,
  findCurlCredentials,
  findCommandPasswords,
  findCallPasswords,
  findAssigned,
  findNearNames,
  findInColumns,
] as const;

/**
 * Finds credentials in a text, in order and without overlaps: what several ways find is what the first of them
 * says. Takes time linear in the text.
 */
export function findSecrets(text: string): readonly Secret[] {
  if (text.length < SHORTEST) return NOTHING;
  const { pairs, numbers } = readOnce(text);
  const lower = text.toLowerCase();
  const seen: (Secret & { readonly rank: number })[] = [];
  for (const [rank, find] of FINDERS.entries()) {
    for (const secret of find(text, pairs, lower)) seen.push({ ...secret, rank });
  }
  const runs = runsAround(text, numbers);
  for (const secret of findWholeRuns(text, runs)) seen.push({ ...secret, rank: WHOLE_RANK });
  for (const secret of findKeyed(text, runs)) seen.push({ ...secret, rank: FINDERS.length });
  if (seen.length === 0) return NOTHING;
  seen.sort((a, b) => a.start - b.start || a.rank - b.rank);
  const settled: (Secret & { readonly rank: number })[] = [];
  for (const next of seen) {
    const last = settled.at(-1);
    if (last === undefined || next.start >= last.end) settled.push(next);
    else if (next.rank < last.rank) {
      settled[settled.length - 1] = { ...next, start: last.start, end: Math.max(last.end, next.end) };
    } else settled[settled.length - 1] = { ...last, end: Math.max(last.end, next.end) };
  }
  return settled.map(({ kind, start, end, certainty, example }) => ({
    kind,
    start,
    end,
    certainty,
    example,
  }));
}

/** As certain as tokens that begin with a prefix. */
const WHOLE_RANK = 1.5;
const NOTHING: readonly Secret[] = [];
const SHORTEST = 10;
