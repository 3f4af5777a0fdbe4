import { AegisError, bytesToHex, codeOf, type EventDraft, parseCheckpoint, parseNote } from '@aegis/core';
import { INSTALLATION_LOG, type TreeStore } from '../ledger-ports.ts';
import type { Clock } from '../ports.ts';
import { type HeldKeys, holdKeys } from './keys/key-folder.ts';
import { newInstallation } from './keys/open-keys.ts';
import type { KeyEntry, KeyRecord } from './keys/record.ts';
import { originOf } from './origin.ts';
import { rollbackOf } from './rollback.ts';
import { keyLine } from './rotation.ts';

export interface EpochPorts {
  readonly trees: TreeStore;
  /** The key folder. */
  readonly folder: string;
  readonly clock: Clock;
  /** Makes events durable in a session of Aegis itself. */
  readonly record: (drafts: readonly [EventDraft, ...EventDraft[]]) => Promise<void>;
}

/** What a person gives up, and says why. */
export interface Acceptance {
  readonly because: string;
  readonly by: string;
}

/** The last checkpoint of an epoch that is over. */
interface LastCheckpoint {
  readonly origin: string;
  readonly size: number;
  /** In hex. */
  readonly root: string;
}

/**
 * Goes on with a ledger that does not reach what was signed of it. The next epoch begins: its logs have
 * new names, so that what is signed of them never contradicts what was signed before. Gives the epoch.
 *
 * Fails with `INPUT_INVALID` when nothing is missing.
 */
export async function acceptRestored(ports: EpochPorts, acceptance: Acceptance): Promise<number> {
  const { folder, trees, record } = ports;
  const { known, last } = await holdKeys(folder, async (held) => {
    if (held.record === undefined) throw nothingMissing('there are no keys, and so nothing was signed');
    return { known: held.record, last: await missing(trees, held, held.record) };
  });
  if (last === undefined) throw nothingMissing('the ledger reaches everything that was signed of it');
  const epoch = known.epoch + 1;
  await record([restored(epoch, last, acceptance)]);
  await holdKeys(folder, async (held) => {
    if (held.heads === undefined) await held.writeHeads({});
    await held.writeRecord({ ...known, epoch });
  });
  return epoch;
}

/**
 * Goes on with a ledger whose keys are lost, with a new key, in the next epoch. Gives the key as a line of
 * text. Fails with `INPUT_INVALID` when the keys are there, or nothing was ever signed.
 */
export async function replaceLostKeys(ports: EpochPorts, acceptance: Acceptance): Promise<string> {
  const { folder, trees, clock, record } = ports;
  const { known, heads } = await holdKeys(folder, async (held) => {
    if (await usable(held, clock.now())) {
      throw new AegisError('INPUT_INVALID', `the keys in \`${folder}\` are not lost`, {
        help: 'say `aegis ledger rotate-key` without --lost',
      });
    }
    return { known: held.record, heads: held.heads };
  });
  const stored = await newestCheckpoint(trees);
  const head = known && heads?.[originOf(known, INSTALLATION_LOG)];
  const last =
    known !== undefined && head !== undefined
      ? { origin: originOf(known, INSTALLATION_LOG), ...head }
      : stored;
  if (last === undefined) {
    throw new AegisError('INPUT_INVALID', 'nothing was ever signed: no key is lost', {
      help: 'remove the key folder, and start Aegis: it makes a new one',
    });
  }
  const epoch = Math.max(known?.epoch ?? 1, epochOf(stored?.origin)) + 1;
  const installation = known?.installation ?? (await trees.installation(newInstallation()));
  const lineage = { installation, epoch };
  const next = await holdKeys(folder, (held) => held.addKey(clock.now()));
  const newKey = keyLine(lineage, next);
  const old = known?.keys.at(-1);
  await record([
    restored(epoch, last, acceptance),
    {
      type: 'LEDGER_KEY_ROTATED',
      payload: {
        old_key: known === undefined || old === undefined ? 'lost' : keyLine(known, old),
        new_key: newKey,
        overlap_until_ms: 0,
      },
    },
  ]);
  await holdKeys(folder, async (held) => {
    const now = clock.now();
    const retired = (known?.keys ?? []).map((key) => retire(key, now));
    const replaced = { ...lineage, keys: [...retired, next] };
    if (held.heads === undefined) await held.writeHeads({});
    await held.writeRecord(replaced);
    await held.removeRetired(replaced, now);
  });
  return newKey;
}

function retire(key: KeyEntry, nowMs: number): KeyEntry {
  return { ...key, retired_ms: key.retired_ms ?? nowMs, overlap_until_ms: 0 };
}

function nothingMissing(what: string): AegisError {
  return new AegisError('INPUT_INVALID', what, { help: 'nothing has to be accepted: start Aegis' });
}

function restored(epoch: number, last: LastCheckpoint, { because, by }: Acceptance): EventDraft {
  return {
    type: 'LEDGER_RESTORED',
    payload: { epoch, lost_origin: last.origin, lost_size: last.size, lost_root: last.root, because, by },
  };
}

/** The newest signed checkpoint that the ledger does not reach; where nobody knows it, the newest stored one. */
async function missing(
  trees: TreeStore,
  { heads }: HeldKeys,
  known: KeyRecord,
): Promise<LastCheckpoint | undefined> {
  if (heads === undefined) return newestCheckpoint(trees);
  const rollback = await rollbackOf(trees, await trees.logs(), known, heads);
  return rollback && { origin: rollback.origin, ...rollback.head };
}

async function newestCheckpoint(trees: TreeStore): Promise<LastCheckpoint | undefined> {
  const stored = await trees.checkpoint(INSTALLATION_LOG);
  const note = stored && parseNote(stored.note);
  const read =
    note === undefined || typeof note === 'string' ? undefined : parseCheckpoint(note.text, 'keep');
  if (read === undefined || typeof read === 'string') return undefined;
  return { origin: read.origin, size: read.size, root: bytesToHex(read.root) };
}

function epochOf(origin: string | undefined): number {
  return Number(/^aegis-[0-9a-f]{12}@(\d{1,7})$/.exec(origin ?? '')?.[1] ?? 1);
}

async function usable(held: HeldKeys, nowMs: number): Promise<boolean> {
  if (held.record === undefined) return false;
  try {
    return (await held.signers(nowMs)).length > 0;
  } catch (error) {
    // Keys that others can read are there: that has another remedy.
    if (codeOf(error) === 'STORE_UNAVAILABLE') return false;
    throw error;
  }
}
