import { join } from 'node:path';
import type { LogHead } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { DatabaseRole } from '../config/configured/ledger.ts';
import type { SessionPorts } from '../enforce/session.ts';
import { createSnapshotCache } from '../enforce/snapshot-cache.ts';
import { makeKeys } from '../evidence/keys/open-keys.ts';
import { type SealedLedger, openSealedLedger } from '../evidence/sealed-ledger.ts';
import type { LedgerStore, LedgerView } from '../ledger-ports.ts';
import { createIds, sha256, systemClock, utf8 } from '../platform.ts';
import type { SecretStore } from '../ports.ts';
import { openSqliteStore, openSqliteView } from '../store/sqlite.ts';
import { type VerificationReport, verifyLedger } from '../store/verify.ts';
import type { Environment } from './environment.ts';
import { secretsOf } from './secrets.ts';

export type { SealedLedger };

/** Opens where the ledger is kept, without its keys. Fails with `STORE_UNAVAILABLE`. */
export async function openStore(
  configuration: Pick<Configuration, 'directory' | 'store' | 'vault'>,
  environment: Environment,
): Promise<LedgerStore> {
  const { store } = configuration;
  const { durability } = store;
  if (store.kind === 'sqlite') return openSqliteStore(store.file, { durability });
  const secrets = secretsOf(configuration, environment);
  const ownerDsn = store.owner && (await withPassword(store.owner, secrets));
  const dsn = await withPassword(store, secrets);
  // Loaded when it is needed: most ledgers are files.
  const { openPostgresStore } = await import('../store/postgres.ts');
  return openPostgresStore(dsn, { durability, ...(ownerDsn === undefined ? {} : { ownerDsn }) });
}

/** A connection string as the driver needs it. */
async function withPassword({ dsn, password }: DatabaseRole, secrets: SecretStore): Promise<string> {
  if (password === undefined) return dsn;
  const secret = await secrets.resolve(password, 'the ledger');
  return dsn.replace('@', () => `:${encodeURIComponent(secret.reveal())}@`);
}

/** Where a ledger is, as it may be shown. */
export function placeOfLedger({ store }: Configuration): string {
  return store.kind === 'sqlite' ? store.file : store.dsn;
}

/** Opens the ledger for reading as it is now: nothing is written, not even a missing file. Fails with `STORE_UNAVAILABLE`. */
export async function openEvidenceView(
  configuration: Configuration,
  environment: Environment,
): Promise<LedgerView> {
  const { store } = configuration;
  if (store.kind === 'sqlite') return openSqliteView(store.file);
  const dsn = await withPassword(store, secretsOf(configuration, environment));
  const { openPostgresView } = await import('../store/postgres.ts');
  return openPostgresView(dsn);
}

/** The folder of the keys that the ledger is signed with. */
export function keyFolderOf({ directory }: Pick<Configuration, 'directory'>): string {
  return join(directory, '.aegis', 'keys');
}

/** Makes the keys for a ledger that is still to come, beside a configuration. Fails with `CONFIG_INVALID`. */
export function makeLedgerKeys(directory: string): Promise<void> {
  return makeKeys(keyFolderOf({ directory }), systemClock.now());
}

/**
 * Opens the ledger for writing: from here on its events are sealed and signed. `warn` hears what goes wrong
 * beside the appends. Fails with `STORE_UNAVAILABLE`, also when the keys are lost or the ledger does not
 * reach what was signed of it.
 */
export async function openEvidence(
  configuration: Configuration,
  environment: Environment,
  warn: (text: string) => void,
): Promise<SealedLedger> {
  const { ledger, store } = configuration;
  return openSealedLedger({
    store: await openStore(configuration, environment),
    folder: keyFolderOf(configuration),
    clock: systemClock,
    sealIntervalMs: ledger.sealIntervalMs,
    leaseMs: store.leaseMs,
    witnesses: ledger.witnesses,
    anchor: ledger.anchor,
    warn,
  });
}

/** What a verification found, and the end of the log that it verified: what a copy must agree with. */
export type VerifiedEvidence = VerificationReport & { readonly head: LogHead };

/** Recomputes the whole ledger from its file, without writing to it. */
export async function verifyEvidence(
  configuration: Configuration,
  environment: Environment,
  onProgress?: (entries: number) => void,
): Promise<VerifiedEvidence> {
  const view = await openEvidenceView(configuration, environment);
  try {
    const report = await verifyLedger(view, ({ entries }) => onProgress?.(entries));
    return { ...report, head: view.head };
  } finally {
    await view.close();
  }
}

/** What sessions are recorded with. */
export function sessionPorts(ledger: SealedLedger): SessionPorts {
  return {
    clock: systemClock,
    ids: createIds(systemClock),
    store: ledger,
    sha256,
    utf8,
    durability: ledger.durability,
    snapshots: createSnapshotCache(ledger, ledger.mac),
  };
}
