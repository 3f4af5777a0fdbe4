import { AegisError, type VerifierKey, verifierKey } from '@aegis/core';
import { keyFolderOf } from '../daemon/evidence.ts';
import { type Keys, publicKeyOf, readKeys } from '../evidence/keys/key-folder.ts';
import type { KeyRecord } from '../evidence/keys/record.ts';
import { digest } from '../platform.ts';
import type { LedgerPlace } from './place.ts';

/** What the key folder says of those who signed, and of what. */
export type SigningRecord = Pick<Keys, 'record' | 'heads'>;

/** Reads the key folder without touching it. Fails with `CONFIG_INVALID` when it is not what it should be. */
export function readSigningRecord({ configuration }: LedgerPlace): Promise<SigningRecord> {
  return readKeys(keyFolderOf(configuration));
}

/** The keys of an installation under the name of one of its logs, in whatever epoch. */
export function keysUnder(origin: string, record: KeyRecord | undefined): readonly VerifierKey[] {
  if (record === undefined || !origin.startsWith(`aegis-${record.installation}`)) return [];
  return record.keys.map((key) => verifierKey(origin, 'ed25519', publicKeyOf(key), digest));
}

/** Given keys under the name of a log: each counts for all logs of its installation. */
export function givenUnder(origin: string, given: readonly VerifierKey[]): readonly VerifierKey[] {
  const installation = (name: string): string => name.split('/', 1)[0] ?? '';
  return given
    .filter(({ name }) => installation(name) === installation(origin))
    .map(({ publicKey }) => verifierKey(origin, 'ed25519', publicKey, digest));
}

/** The log that an origin names: a tenant, or the empty text for that of the installation. */
export function logOf(origin: string): string {
  const [, log] = /^aegis-[0-9a-f]{12}(?:@[0-9]+)?(?:\/(.+))?$/.exec(origin) ?? [undefined, undefined];
  if (!origin.startsWith('aegis-')) {
    throw new AegisError('INPUT_INVALID', `\`${origin}\` is no log of Aegis`);
  }
  return log ?? '';
}
