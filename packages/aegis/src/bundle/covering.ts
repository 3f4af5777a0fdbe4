import {
  AegisError,
  type Checkpoint,
  formatInstallationProof,
  inclusionProof,
  parseCheckpoint,
  parseNote,
  tilePath,
} from '@aegis/core';
import { INSTALLATION_LOG, type InstallationLeaf, type TreeView } from '../ledger-ports.ts';
import { digest } from '../platform.ts';

/** A tenant's checkpoint, the installation's newest one, and the proof that it covers the first. */
export interface Covering {
  readonly checkpoint: Checkpoint;
  readonly note: string;
  readonly installationNote: string;
  readonly installationProof: string;
}

/** How far back the leaves of the installation's log are looked through at first. */
const FIRST_WINDOW = 1024;

/**
 * The newest checkpoint of a tenant's log that the newest one of the installation covers. Fails with
 * `STORE_UNAVAILABLE` when nothing was signed yet.
 */
export async function newestCovered(trees: TreeView, tenant: string, origin: string): Promise<Covering> {
  const whole = await trees.checkpoint(INSTALLATION_LOG);
  const found = whole && (await newestLeaf(trees, tenant, whole.size));
  if (whole === undefined || found === undefined) {
    throw new AegisError('STORE_UNAVAILABLE', `no checkpoint of tenant \`${tenant}\` was signed yet`, {
      help: '`aegis ledger checkpoint` signs one',
    });
  }
  const checkpoint = checkpointIn(found.leaf.note);
  if (checkpoint.origin !== origin) {
    throw new AegisError(
      'STORE_UNAVAILABLE',
      `the newest checkpoint is of \`${checkpoint.origin}\`, not \`${origin}\``,
    );
  }
  const reader = {
    async tile(level: number, n: number, width: number): Promise<Uint8Array> {
      const hashes = await trees.tile(INSTALLATION_LOG, level, n);
      if (hashes !== undefined) return hashes;
      throw new AegisError(
        'CHAIN_BROKEN',
        `the log of the installation lacks \`${tilePath(level, n, width)}\``,
      );
    },
  };
  const { at } = found;
  const proof = await inclusionProof(at, whole.size, reader, digest);
  return {
    checkpoint,
    note: found.leaf.note,
    installationNote: whole.note,
    installationProof: formatInstallationProof({ leaf: at, size: whole.size, proof }),
  };
}

/** Reads the checkpoint in a note that Aegis has stored. Fails with `CHAIN_BROKEN`. */
export function checkpointIn(note: string): Checkpoint {
  const read = parseNote(note);
  const checkpoint = typeof read === 'string' ? read : parseCheckpoint(read.text);
  if (typeof checkpoint !== 'string') return checkpoint;
  throw new AegisError('CHAIN_BROKEN', `a stored checkpoint is none: ${checkpoint}`);
}

async function newestLeaf(
  trees: TreeView,
  tenant: string,
  size: number,
): Promise<{ readonly at: number; readonly leaf: InstallationLeaf } | undefined> {
  for (let window = FIRST_WINDOW, end = size; end > 0; window *= 4) {
    const first = Math.max(0, end - window);
    let newest: { readonly at: number; readonly leaf: InstallationLeaf } | undefined;
    let at = first;
    for await (const leaf of trees.installationLeaves(first)) {
      if (at >= end) break;
      if (leaf.log === tenant) newest = { at, leaf };
      at += 1;
    }
    if (newest !== undefined) return newest;
    end = first;
  }
  return undefined;
}
