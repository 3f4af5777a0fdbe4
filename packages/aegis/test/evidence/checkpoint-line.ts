import { consistencyProof, openCheckpoint, verifyConsistency } from '@aegis/core';
import { expect } from 'vitest';
import { readLogIdentity } from '../../src/evidence/keys/log-identity.ts';
import type { SealedLedger } from '../../src/evidence/sealed-ledger.ts';
import { tilesOf } from '../../src/evidence/tree-tiles.ts';
import { digest, verifyEd25519 } from '../../src/platform.ts';
import { collect } from '../store/session-writer.ts';
import type { Ground } from './ground.ts';

/** Every checkpoint of a log, each verified and shown to extend the one before. */
export async function line(ledger: SealedLedger, { keys }: Ground, log: string): Promise<readonly number[]> {
  const identity = await readLogIdentity(keys, log);
  const checkpoints = (await collect(ledger.trees.checkpoints(log))).map((stored) => {
    const opened = openCheckpoint(stored.note, identity.keys, verifyEd25519);
    if (typeof opened === 'string') throw new Error(opened);
    return opened.checkpoint;
  });
  for (const [i, after] of checkpoints.entries()) {
    const before = checkpoints[i - 1];
    if (before === undefined) continue;
    const proof = await consistencyProof(before.size, after.size, tilesOf(ledger.trees, log), digest);
    expect(verifyConsistency(before.size, before.root, after.size, after.root, proof, digest)).toBe(true);
  }
  return checkpoints.map(({ size }) => size);
}
