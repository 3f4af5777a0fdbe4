import { AegisError, type EventDraft, formatVerifierKey, verifierKey } from '@aegis/core';
import { INSTALLATION_LOG } from '../ledger-ports.ts';
import { digest } from '../platform.ts';
import type { Clock } from '../ports.ts';
import { type HeldKeys, holdKeys, keysLost, publicKeyOf } from './keys/key-folder.ts';
import type { KeyEntry, KeyRecord } from './keys/record.ts';
import { type Lineage, originOf } from './origin.ts';

export interface RotationPorts {
  /** The key folder. */
  readonly folder: string;
  readonly clock: Clock;
  /** Makes an event durable in a session of Aegis itself. */
  readonly record: (draft: EventDraft) => Promise<void>;
  /** Seals and signs everything up to here. */
  readonly sealNow: () => Promise<void>;
}

/** Keys as lines of text, under the name of the installation's log. */
export interface Rotation {
  readonly oldKey: string;
  readonly newKey: string;
}

/**
 * Puts a new key in place of the one that signs; for `overlapMs` milliseconds both sign, then the old
 * one's private part is removed. Fails with `STORE_UNAVAILABLE`.
 *
 * The event that names the new key is signed by the old one before the new one signs anything, so that
 * whoever trusts the old key can go on to the new one.
 */
export async function rotateKey(
  { folder, clock, record, sealNow }: RotationPorts,
  overlapMs: number,
): Promise<Rotation> {
  const overlapUntilMs = clock.now() + overlapMs;
  const { lineage, old, next } = await holdKeys(folder, async (held) => {
    const now = clock.now();
    const known = recordOf(held);
    return { lineage: known, old: signingKey(known), next: await held.addKey(now) };
  });
  const rotation = { oldKey: keyLine(lineage, old), newKey: keyLine(lineage, next) };
  try {
    await record({
      type: 'LEDGER_KEY_ROTATED',
      payload: { old_key: rotation.oldKey, new_key: rotation.newKey, overlap_until_ms: overlapUntilMs },
    });
    await sealNow();
    await holdKeys(folder, (held) => putInPlace(held, old, next, clock.now(), overlapUntilMs));
  } catch (error) {
    await holdKeys(folder, (held) => held.removeKey(next));
    throw error;
  }
  return rotation;
}

async function putInPlace(
  held: HeldKeys,
  old: KeyEntry,
  next: KeyEntry,
  nowMs: number,
  overlapUntilMs: number,
): Promise<void> {
  const known = recordOf(held);
  if (signingKey(known).id !== old.id) {
    throw new AegisError('STORE_UNAVAILABLE', 'another process has put a key in place at the same moment');
  }
  const keys = known.keys.map((key) =>
    key.id === old.id ? { ...key, retired_ms: nowMs, overlap_until_ms: overlapUntilMs } : key,
  );
  const replaced = { ...known, keys: [...keys, next] };
  await held.writeRecord(replaced);
  await held.removeRetired(replaced, nowMs);
}

/** A key under the name of the installation's log, as a line of text. */
export function keyLine(lineage: Lineage, key: KeyEntry): string {
  const name = originOf(lineage, INSTALLATION_LOG);
  return formatVerifierKey(verifierKey(name, 'ed25519', publicKeyOf(key), digest));
}

function recordOf({ record }: HeldKeys): KeyRecord {
  if (record === undefined) throw keysLost('there are no keys');
  return record;
}

function signingKey({ keys }: KeyRecord): KeyEntry {
  const key = keys.findLast(({ retired_ms }) => retired_ms === undefined);
  if (key === undefined) throw keysLost('no key in ledger.json signs');
  return key;
}
