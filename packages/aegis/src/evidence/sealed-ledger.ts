import { createHmac } from 'node:crypto';
import { INSTALLATION_LOG, type LedgerStore } from '../ledger-ports.ts';
import type { Clock } from '../ports.ts';
import { keysLost } from './keys/key-folder.ts';
import { openKeys } from './keys/open-keys.ts';
import { type LogIdentity, readLogIdentity } from './keys/log-identity.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { type Anchor, Publisher } from './publisher.ts';
import { rollbackOf } from './rollback.ts';
import { rolledBack, Sequencer } from './sequencer.ts';
import type { Witness } from './witness/client.ts';

/** How long the end waits for witnesses and anchors, in milliseconds. */
const PUBLISH_AT_CLOSE_MS = 2_000;

export interface SealedLedgerOptions {
  /** Closed with the ledger, and when it cannot be opened. */
  readonly store: LedgerStore;
  /** The key folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly sealIntervalMs: number;
  /** How long sessions belong to this process after its last sign of life; default 20 seconds. */
  readonly leaseMs?: number;
  readonly witnesses: readonly Witness[];
  readonly anchor: Anchor | undefined;
  /** Hears what goes wrong beside the appends. */
  readonly warn: (text: string) => void;
}

/** A ledger whose events are sealed into Merkle logs, signed and published, beside the appends. */
export interface SealedLedger extends LedgerStore {
  /** Seals and signs everything that was committed. Rejects with `STORE_UNAVAILABLE`. */
  sealNow(): Promise<void>;
  /** Resolves when witnesses and anchors have the newest checkpoint, or after `maxMs`: what cannot be reached. */
  published(maxMs: number): Promise<readonly string[]>;
  readonly lease: LeaseKeeper;
  /** Authenticates a text with a secret that only those who have the keys have; hex. */
  readonly mac: (text: string) => string;
  readonly warn: (text: string) => void;
  /** The name of a log, and the keys that it is or was signed with in this epoch, the newest last. */
  identity(log: string): Promise<LogIdentity>;
}

/**
 * Opens a store as a ledger that is sealed: with its keys, which are made when there are none. Fails with
 * `STORE_UNAVAILABLE` when the keys are lost or the store does not reach what was signed of it, and with
 * `CONFIG_INVALID` when others can read the keys.
 */
export async function openSealedLedger(options: SealedLedgerOptions): Promise<SealedLedger> {
  try {
    return await open(options);
  } catch (error) {
    await options.store.close();
    throw error;
  }
}

async function open(options: SealedLedgerOptions): Promise<SealedLedger> {
  const { store, folder, clock, sealIntervalMs, leaseMs, warn } = options;
  const { trees, leases } = store;
  const secret = await checkedSecret(options);
  const newest = await trees.checkpoint(INSTALLATION_LOG);
  const lease = new LeaseKeeper({ leases, clock, ...(leaseMs === undefined ? {} : { leaseMs }) });
  await lease.start();
  const publisher = new Publisher({ ...options, trees });
  const sequencer = new Sequencer({
    trees,
    folder,
    clock,
    intervalMs: sealIntervalMs,
    onSigned: (checkpoint) => publisher.offer(checkpoint),
    warn,
  });
  // What a process that was killed had no time to publish; whoever has it already takes it again.
  if (newest !== undefined) publisher.renew(newest);
  // What it had no time to seal.
  sequencer.sealNow().catch(() => {});
  let closed: Promise<void> | undefined;

  /** Tells the sequencer of what `work` has committed. */
  const noticed = async <T>(work: () => Promise<T>): Promise<T> => {
    if (sequencer.rollback !== undefined) throw sequencer.rollback;
    const result = await work();
    sequencer.noticed();
    return result;
  };

  return {
    durability: store.durability,
    trees,
    leases,
    lease,
    permits: store.permits,
    append: (request) => noticed(() => store.append(request)),
    erase: (request, values) => noticed(() => store.erase(request, values)),
    archive: (request, segment, sessions) => noticed(() => store.archive(request, segment, sessions)),
    session: (tenant, session) => store.session(tenant, session),
    entries: (range) => store.entries(range),
    ofTypes: (types, after) => store.ofTypes(types, after),
    pins: (after) => store.pins(after),
    blob: (hash, position) => store.blob(hash, position),
    view: () => store.view(),
    putSnapshot: (snapshot) => store.putSnapshot(snapshot),
    snapshot: (place) => store.snapshot(place),
    problem: () => store.problem() ?? sequencer.problem() ?? lease.problem(),
    sealNow: () => sequencer.sealNow(),
    async published(maxMs) {
      await publisher.idle(maxMs);
      return publisher.problems();
    },
    mac: (text) => createHmac('sha256', secret).update(text).digest('hex'),
    warn,
    identity: (log) => readLogIdentity(folder, log),
    close() {
      closed ??= close(lease, sequencer, publisher, store);
      return closed;
    },
  };
}

async function close(
  lease: LeaseKeeper,
  sequencer: Sequencer,
  publisher: Publisher,
  store: LedgerStore,
): Promise<void> {
  await sequencer.close();
  await publisher.close(PUBLISH_AT_CLOSE_MS);
  await lease.close();
  await store.close();
}

/** Checks the keys and what was signed with them before anything is written; gives a secret for MACs. */
async function checkedSecret({ store, folder, clock }: SealedLedgerOptions): Promise<Uint8Array> {
  const { trees } = store;
  const keys = await openKeys(folder, trees, clock.now());
  // The heads were read first: a log that another process signs meanwhile only grows beyond them.
  const rollback = await rollbackOf(trees, await trees.logs(), keys.record, keys.heads ?? {});
  if (rollback !== undefined) throw rolledBack(rollback.why);
  const key = (await keys.signers(clock.now())).at(-1);
  if (key === undefined) throw keysLost('no key in ledger.json signs');
  return key.derive('aegis session snapshots');
}
