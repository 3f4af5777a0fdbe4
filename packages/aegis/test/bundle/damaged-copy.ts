import { join } from 'node:path';
import type { Anchors } from '@aegis/core';
import { afterAll, beforeAll } from 'vitest';
import type { BundleReport } from '../../src/bundle/report.ts';
import { Forger } from './forger.ts';
import { SignedLedger } from './signed-ledger.ts';

/** The ledger that {@link bundleExported} has filled, and the folders of its bundles. */
export let ledger: SignedLedger;
export let sound: string;
export let other: string;
let copies = 0;

/** Exports one sound bundle, and one of another tenant, for all tests of the file. */
export function bundleExported(): void {
  beforeAll(async () => {
    ledger = await SignedLedger.open();
    for (let n = 0; n < 24; n++) await ledger.session(`ses_${n}`, { notes: 10 });
    await ledger.session('ses_else', { tenant: 'other' });
    sound = (await ledger.export()).folder;
    other = (await ledger.export({ kind: 'all' }, { tenant: 'other' })).folder;
  });

  afterAll(() => ledger.remove());
}

export const nothing: Anchors = { keys: [], witnesses: [] };
export const copy = (): Forger => new Forger(sound, join(ledger.folder, `copy-${++copies}`));
export const kindsOf = ({ findings }: BundleReport): string[] => [
  ...new Set(findings.map(({ kind }) => kind)),
];
