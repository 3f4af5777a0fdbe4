import { randomBytes } from 'node:crypto';
import { AegisError } from '@aegis/core';
import { INSTALLATION_LOG, type TreeStore } from '../../ledger-ports.ts';
import { type HeldKeys, holdKeys, type Keys, keysLost, readKeys } from './key-folder.ts';
import type { KeyRecord } from './record.ts';

/** Makes the keys of a ledger that is still to come; keys that are there stay. */
export async function makeKeys(folder: string, nowMs: number): Promise<void> {
  await holdKeys(folder, async (held) => {
    if (held.record === undefined) await begin(held, newInstallation(), nowMs);
  });
}

/** Keys of which the record is there. */
export interface OpenedKeys extends Keys {
  readonly record: KeyRecord;
}

/**
 * Opens the keys of a ledger, and makes them when neither has signed anything yet. Of several processes
 * that start at once one makes them. Fails with `STORE_UNAVAILABLE` when the ledger was signed and the
 * keys are gone or another ledger's, with `CONFIG_INVALID` when others can read them.
 */
export async function openKeys(folder: string, trees: TreeStore, nowMs: number): Promise<OpenedKeys> {
  const signed = await wasSigned(trees);
  let keys = await readKeys(folder);
  if (keys.record === undefined) {
    if (signed) throw keysLost(`the ledger was signed, and its keys are not in \`${folder}\``);
    await holdKeys(folder, async (held) => {
      if (held.record === undefined) await begin(held, await trees.installation(newInstallation()), nowMs);
    });
    keys = await readKeys(folder);
  }
  const { record } = keys;
  if (record === undefined) throw keysLost(`the keys in \`${folder}\` went away`);
  const installation = await trees.installation(record.installation);
  if (installation !== record.installation) {
    throw new AegisError(
      'STORE_UNAVAILABLE',
      `the keys in \`${folder}\` are of installation ${record.installation}, the ledger is of ${installation}`,
      { help: 'use the key folder that belongs to this ledger, or another `store.dsn`' },
    );
  }
  await keys.signers(nowMs);
  // SECURITY: without it an older copy of the ledger would pass for the newest.
  if (signed && keys.heads === undefined) {
    throw new AegisError(
      'STORE_UNAVAILABLE',
      `the record of what was signed is gone: \`${folder}/head.json\``,
      {
        help: 'put it back from a backup, or say `aegis ledger restore-accept --because TEXT`',
      },
    );
  }
  return { ...keys, record };
}

/** Whether a checkpoint was ever stored: each of a tenant's is a leaf in the log of the installation. */
async function wasSigned(trees: TreeStore): Promise<boolean> {
  return (await trees.logs()).some(({ log, size }) => log === INSTALLATION_LOG && size > 0);
}

async function begin(held: HeldKeys, installation: string, nowMs: number): Promise<void> {
  const record = { installation, epoch: 1, keys: [await held.addKey(nowMs)] };
  // The record comes last: until then whoever comes begins again.
  if (held.heads === undefined) await held.writeHeads({});
  await held.writeRecord(record);
}

export function newInstallation(): string {
  return randomBytes(6).toString('hex');
}
