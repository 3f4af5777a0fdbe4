import { type Envelope, type LedgerFinding, splitSealed } from '@aegis/core';
import type { LedgerView } from '../../ledger-ports.ts';
import { sha256 } from '../../platform.ts';
import type { StoredEntry } from '../../ports.ts';
import type { ErasureCheck } from './erasure-check.ts';
import { strayValues } from './stray-values.ts';

type Commitments = NonNullable<ReturnType<typeof splitSealed>>['commitments'];

/** The sealed values of an entry are those that it committed to; one that is gone was erased; and there are no others. */
export class ValueCheck {
  readonly #view: LedgerView;
  readonly #erasures: ErasureCheck;
  #present = 0;

  constructor(view: LedgerView, erasures: ErasureCheck) {
    this.#view = view;
    this.#erasures = erasures;
  }

  /** Undefined when the entry has none. */
  next(entry: StoredEntry, { payload }: Envelope): Promise<readonly LedgerFinding[]> | undefined {
    const commitments = splitSealed(payload)?.commitments ?? [];
    return commitments.length === 0 ? undefined : this.#compare(entry, commitments);
  }

  async #compare(
    { tenant, session, seq, position }: StoredEntry,
    commitments: Commitments,
  ): Promise<readonly LedgerFinding[]> {
    const findings: LedgerFinding[] = [];
    const found = (kind: LedgerFinding['kind'], message: string): void => {
      findings.push({ kind, tenant, session, seq, position, message });
    };
    for (const { at, h, n } of commitments) {
      const bytes = await this.#view.blob(h, position);
      const erased = this.#erasures.explains(h, position);
      if (bytes !== undefined) this.#present += 1;
      if (bytes === undefined && !erased) {
        found('blob-missing', `the value sealed at \`${at}\` is gone`);
      } else if (bytes !== undefined && erased) {
        found('erasure-mismatch', `the value sealed at \`${at}\` was erased, and is there`);
      } else if (bytes !== undefined && (bytes.length !== n || sha256(bytes) !== h)) {
        found('blob-mismatch', `the value sealed at \`${at}\` is not the one that was committed to`);
      }
    }
    return findings;
  }

  /** After the last entry: values that no entry committed to. They are only looked for where there are any. */
  async end(): Promise<readonly LedgerFinding[]> {
    return (await this.#view.countValues()) === this.#present ? [] : strayValues(this.#view);
  }
}
