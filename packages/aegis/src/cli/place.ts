import type { LedgerFinding } from '@aegis/core';

/** Where in the ledger, in words. */
export function placeOf({ session, seq, position }: LedgerFinding): string {
  const inSession =
    session === undefined ? undefined : `session ${session}${seq === undefined ? '' : ` seq ${seq}`}`;
  const inLog = position === undefined ? undefined : `position ${position}`;
  return [inSession, inLog].filter((part) => part !== undefined).join(', ') || 'the whole log';
}
