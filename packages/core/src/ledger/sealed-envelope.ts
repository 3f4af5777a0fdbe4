import { AegisError } from '../errors.ts';
import type { Envelope } from '../model/event.ts';
import type { Sha256 } from '../model/hash.ts';
import { checkEntry, type LedgerRow } from './entry-check.ts';
import type { SessionHead } from './verify.ts';

/**
 * What a stored entry says, read by itself. Throws `CHAIN_BROKEN` when it does not have its hash, is no event, or was
 * sealed for another tenant, session or seq than the store says.
 *
 * SECURITY: what is copied out of an envelope into columns decides who sees it. It is never believed without the envelope.
 */
export function sealedEnvelope(row: LedgerRow, sha256: Sha256): Envelope {
  const { envelope, problems } = checkEntry(row, sha256);
  const [problem] = problems;
  if (envelope !== undefined && problem === undefined) return envelope;
  const why = problem?.message ?? 'it is no event';
  throw new AegisError(
    'CHAIN_BROKEN',
    `the event at position ${row.position} is not as it was sealed: ${why}`,
    {
      help: '`aegis ledger verify` shows all that is wrong',
    },
  );
}

/** Says why the end that a store keeps of a session is not that of its newest entry; undefined when it is. */
export function endProblem(
  { tenant, session, nextSeq, hash }: SessionHead,
  newest: LedgerRow,
  sha256: Sha256,
): string | undefined {
  const isIts = newest.tenant === tenant && newest.session === session;
  const isSound = isIts && checkEntry(newest, sha256).problems.length === 0;
  return isSound && newest.seq === nextSeq - 1 && newest.hash === hash
    ? undefined
    : `the store keeps another end of session \`${session}\` than its newest event`;
}
