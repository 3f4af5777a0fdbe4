import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** The path of a ledger file, not yet there, in a folder that goes with the test. */
export function ledgerPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data', 'aegis.db');
}
