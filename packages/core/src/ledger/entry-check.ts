import { codeOf } from '../errors.ts';
import type { Envelope } from '../model/event.ts';
import type { Sha256 } from '../model/hash.ts';
import type { JsonValue } from '../model/json.ts';
import { canonicalJson } from './canonical.ts';
import { asEnvelope } from './envelope.ts';
import type { LedgerFindingKind } from './finding.ts';

/** A stored entry as a verifier reads it: the bytes kept, nothing recomputed. */
export interface LedgerRow {
  /** Position in the whole log, from 1. */
  readonly position: number;
  readonly tenant: string;
  readonly session: string;
  readonly seq: number;
  readonly hash: string;
  readonly body: string;
  /** Position of the entry before it in its session, 0 where it is the first; absent where a store leads nowhere. */
  readonly prev?: number;
}

export interface EntryProblem {
  readonly kind: LedgerFindingKind;
  readonly message: string;
}

/** The body of a row does not have its hash. */
export const UNHASHED: EntryProblem = {
  kind: 'hash-mismatch',
  message: 'the body does not have the stored hash',
};

/** What one row says when it is looked at alone. */
export interface CheckedEntry {
  readonly envelope: Envelope | undefined;
  readonly problems: readonly EntryProblem[];
}

/** Looks at one row alone: its hash, its canonical form, its shape, and its columns. */
export function checkEntry(row: LedgerRow, sha256: Sha256): CheckedEntry {
  const problems: EntryProblem[] = [];
  if (sha256(row.body) !== row.hash) problems.push(UNHASHED);
  const { envelope, problems: inBody } = checkBody(row.body);
  problems.push(...inBody);
  const columns = envelope === undefined ? [] : wrongColumns(row, envelope);
  if (columns.length > 0) {
    problems.push({
      kind: 'column-mismatch',
      message: `the body was sealed for another place: it has another ${columns.join(' and ')}`,
    });
  }
  return { envelope, problems };
}

/** Looks at a body alone: its canonical form and its shape. */
export function checkBody(body: string): CheckedEntry {
  const value = parse(body);
  const problems: EntryProblem[] = [];
  if (value === undefined || !isCanonical(value, body)) {
    problems.push({ kind: 'not-canonical', message: 'the body is not canonical JSON' });
  }
  if (value === undefined) return { envelope: undefined, problems };
  const envelope = asEnvelope(value);
  if (envelope === undefined) {
    problems.push({ kind: 'not-an-envelope', message: 'the body is not an event envelope' });
  }
  return { envelope, problems };
}

function parse(body: string): JsonValue | undefined {
  try {
    return JSON.parse(body) as JsonValue;
  } catch {
    return undefined;
  }
}

function isCanonical(value: JsonValue, body: string): boolean {
  try {
    return canonicalJson(value) === body;
  } catch (error) {
    if (codeOf(error) === 'INPUT_INVALID') return false;
    throw error;
  }
}

function wrongColumns(row: LedgerRow, envelope: Envelope): string[] {
  const wrong = [];
  if (envelope.tenant_id !== row.tenant) wrong.push('tenant');
  if (envelope.session_id !== row.session) wrong.push('session');
  if (envelope.seq !== row.seq) wrong.push('seq');
  return wrong;
}
