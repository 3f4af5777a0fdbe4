import { join } from 'node:path';
import { type VerifierKey, verifierKey } from '@aegis/core';
import { digest } from '../../platform.ts';
import { originOf } from '../origin.ts';
import { keysLost, publicKeyOf } from './key-folder.ts';
import { readRecord } from './record.ts';

/** How a log is known to those who verify it. */
export interface LogIdentity {
  readonly origin: string;
  /** The public keys that it is or was signed with, under its name, the newest last. */
  readonly keys: readonly VerifierKey[];
}

/** Reads from a key folder how a log is known in this epoch. Fails with `STORE_UNAVAILABLE` when there are no keys. */
export async function readLogIdentity(folder: string, log: string): Promise<LogIdentity> {
  const record = await readRecord(join(folder, 'ledger.json'));
  if (record === undefined) throw keysLost(`there are no keys in \`${folder}\``);
  const origin = originOf(record, log);
  const keys = record.keys.map((key) => verifierKey(origin, 'ed25519', publicKeyOf(key), digest));
  return { origin, keys };
}
