import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Checkpoint, openCheckpoint, type VerifierKey } from '@aegis/core';
import {
  openSealedLedger,
  type SealedLedger,
  type SealedLedgerOptions,
} from '../../src/evidence/sealed-ledger.ts';
import { readLogIdentity } from '../../src/evidence/keys/log-identity.ts';
import { INSTALLATION_LOG } from '../../src/ledger-ports.ts';
import { systemClock, verifyEd25519 } from '../../src/platform.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

/** Where one ledger and its keys lie. */
export interface Ground {
  readonly folder: string;
  readonly ledger: string;
  readonly keys: string;
}

/** A folder that goes with the test. */
export function ground(): Ground {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-evidence-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, ledger: join(folder, 'data', 'aegis.db'), keys: join(folder, 'keys') };
}

/** Opens the ledger there; it seals only when told to, unless said otherwise. */
export async function openLedger(
  { ledger, keys }: Ground,
  options: Partial<SealedLedgerOptions> = {},
): Promise<SealedLedger> {
  const opened = await openSealedLedger({
    store: openSqliteStore(ledger),
    folder: keys,
    clock: systemClock,
    sealIntervalMs: 3_600_000,
    witnesses: [],
    anchor: undefined,
    warn: () => {},
    ...options,
  });
  onTestFinished(() => opened.close());
  return opened;
}

/** A stored checkpoint, opened with the keys of its log. */
export async function checkpointOf(
  { trees }: Pick<SealedLedger, 'trees'>,
  { keys }: Ground,
  log: string = INSTALLATION_LOG,
): Promise<Checkpoint & { readonly by: readonly VerifierKey[]; readonly note: string }> {
  const stored = await trees.checkpoint(log);
  if (stored === undefined) throw new Error(`the log \`${log}\` has no checkpoint`);
  const opened = openCheckpoint(stored.note, (await readLogIdentity(keys, log)).keys, verifyEd25519);
  if (typeof opened === 'string') throw new Error(opened);
  return { ...opened.checkpoint, by: opened.by, note: stored.note };
}
