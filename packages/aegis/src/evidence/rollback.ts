import { codeOf, consistencyProof, rootOf, verifyConsistency } from '@aegis/core';
import { INSTALLATION_LOG, type LogState, type TreeStore } from '../ledger-ports.ts';
import { digest } from '../platform.ts';
import type { SignedHead, SignedHeads } from './keys/heads.ts';
import { type Lineage, originOf } from './origin.ts';
import { tilesOf } from './tree-tiles.ts';

/** By log, the newest size that was found to extend what was signed, and to have a checkpoint. */
export type KnownSizes = Map<string, number>;

/** A log that is not what was signed of it. */
export interface Rollback {
  readonly origin: string;
  /** What was signed. */
  readonly head: SignedHead;
  readonly why: string;
}

/**
 * Says why the logs are not what was signed of them, grown; undefined when they are. So an older copy of
 * the ledger, or another one, is noticed, as far back as anything was ever signed.
 */
export async function rollbackOf(
  trees: TreeStore,
  logs: readonly LogState[],
  lineage: Lineage,
  heads: SignedHeads,
  known: KnownSizes = new Map(),
): Promise<Rollback | undefined> {
  const whole = originOf(lineage, INSTALLATION_LOG);
  const states = new Map(logs.map((state) => [originOf(lineage, state.log), state]));
  // In order, so that the log of the installation, which has all the others in it, comes first.
  const signed = Object.entries(heads).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [origin, head] of signed) {
    // What was signed in an epoch that is over was given up when the next one began.
    if (head.size === 0 || (origin !== whole && !origin.startsWith(`${whole}/`))) continue;
    const state = states.get(origin);
    if (state === undefined || state.size < head.size) {
      const why = `the log \`${origin}\` has ${state?.size ?? 0} leaves, and was signed with ${head.size}`;
      return { origin, head, why };
    }
    if (known.get(state.log) === state.size) continue;
    const why = await difference(trees, origin, state, head);
    if (why !== undefined) return { origin, head, why };
  }
  return undefined;
}

async function difference(
  trees: TreeStore,
  origin: string,
  { log, size, edge }: LogState,
  head: SignedHead,
): Promise<string | undefined> {
  try {
    const root = rootOf(size, edge, digest);
    const signed = new Uint8Array(Buffer.from(head.root, 'hex'));
    const proof =
      size === head.size ? [] : await consistencyProof(head.size, size, tilesOf(trees, log), digest);
    if (verifyConsistency(head.size, signed, size, root, proof, digest)) return undefined;
  } catch (error) {
    if (codeOf(error) !== 'CHAIN_BROKEN') throw error;
    return `the tree of the log \`${origin}\` is damaged: ${(error as Error).message}`;
  }
  return `the log \`${origin}\` is not the one that was signed with ${head.size} leaves`;
}
