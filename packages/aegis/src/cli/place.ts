import type { LedgerFinding } from '@aegis/core';

type Place = Pick<LedgerFinding, 'session' | 'seq' | 'position' | 'log' | 'size'>;

/** Where in the ledger, in words. */
export function placeOf({ session, seq, position, log, size }: Place): string {
  const inSession =
    session === undefined ? undefined : `session ${session}${seq === undefined ? '' : ` seq ${seq}`}`;
  const inLog = position === undefined ? undefined : `position ${position}`;
  const inTree = log === '' ? 'log of the installation' : log && `log of ${log}`;
  const atSize = size === undefined ? undefined : `at ${size} leaves`;
  return (
    [inSession, inLog, inTree, atSize].filter((part) => part !== undefined).join(', ') || 'the whole log'
  );
}
