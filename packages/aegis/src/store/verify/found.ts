import type { LedgerFinding } from '@aegis/core';

/** Takes a finding. */
export type Found = (finding: LedgerFinding) => void;
