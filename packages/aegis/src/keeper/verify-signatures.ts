import {
  bytesToHex,
  type Checkpoint,
  equalHashes,
  hexToBytes,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  type VerifierKey,
} from '@aegis/core';
import { originOf } from '../evidence/origin.ts';
import { INSTALLATION_LOG, type LogState, type TreeView } from '../ledger-ports.ts';
import { verifyEd25519 } from '../platform.ts';
import type { StoreFinding } from './findings.ts';
import { givenUnder, keysUnder, logOf, type SigningRecord } from './signed-by.ts';
import { rootAt } from './tree-root.ts';

/** What whoever verifies brings along. */
export interface LedgerAnchors {
  /** Keys that are believed in the place of those in the key folder. */
  readonly keys: readonly VerifierKey[];
  /** An older checkpoint of one of the logs. */
  readonly older?: string;
}

type Found = (finding: StoreFinding) => void;

/**
 * Verifies who signed the stored checkpoints. Gives how many were looked at.
 *
 * SECURITY: of given keys one must have signed the newest checkpoint of the installation, which has all
 * others as its leaves. These may be older than the key.
 */
export async function verifyStoredSignatures(
  trees: TreeView,
  { record }: SigningRecord,
  { keys: given }: LedgerAnchors,
  found: Found,
): Promise<number> {
  let count = 0;
  for (const { log } of await trees.logs()) {
    const newest = await trees.checkpoint(log);
    for await (const { size, note } of trees.checkpoints(log)) {
      count += 1;
      const origin = note.split('\n', 1)[0] ?? '';
      const mustBeGiven = given.length > 0 && log === INSTALLATION_LOG && note === newest?.note;
      const own = mustBeGiven ? [] : keysUnder(origin, record);
      const opened = openCheckpoint(note, [...givenUnder(origin, given), ...own], verifyEd25519);
      if (typeof opened === 'string') found({ kind: 'bad-signature', log, size, message: opened });
    }
  }
  return count;
}

/** Holds the logs against the newest sizes that were signed, as noted outside of the store. */
export async function verifyHeads(
  trees: TreeView,
  { record, heads }: SigningRecord,
  found: Found,
): Promise<number> {
  if (record === undefined || heads === undefined) return 0;
  const states = new Map((await trees.logs()).map((state) => [originOf(record, state.log), state]));
  const whole = originOf(record, '');
  let count = 0;
  for (const [origin, { size, root }] of Object.entries(heads)) {
    if (size === 0 || (origin !== whole && !origin.startsWith(`${whole}/`))) continue;
    count += 1;
    const checkpoint = { origin, size, root: hexToBytes(root) ?? new Uint8Array() };
    await extend(trees, states.get(origin), logOf(origin), checkpoint, found);
  }
  return count;
}

/** Holds a log against an older checkpoint of it. */
export async function verifyOlder(
  trees: TreeView,
  { record }: SigningRecord,
  { keys, older = '' }: LedgerAnchors,
  found: Found,
): Promise<void> {
  const read = parseNote(older);
  const checkpoint = typeof read === 'string' ? read : parseCheckpoint(read.text);
  if (typeof checkpoint === 'string') {
    found({ kind: 'bad-signature', message: `the older checkpoint is none: ${checkpoint}` });
    return;
  }
  const { origin } = checkpoint;
  const trusted = keys.length > 0 ? givenUnder(origin, keys) : keysUnder(origin, record);
  const opened = openCheckpoint(older, trusted, verifyEd25519);
  if (typeof opened === 'string') {
    found({ kind: 'bad-signature', message: `the older checkpoint: ${opened}` });
    return;
  }
  const log = logOf(origin);
  const state = (await trees.logs()).find((one) => one.log === log);
  await extend(trees, state, log, checkpoint, found);
}

async function extend(
  trees: TreeView,
  state: LogState | undefined,
  log: string,
  { size, root }: Checkpoint,
  found: Found,
): Promise<void> {
  if (state === undefined || state.size < size) {
    const message = `it has ${state?.size ?? 0} leaves, and was signed with ${size}`;
    found({ kind: 'rolled-back', log, size, message });
    return;
  }
  const now = await rootAt(trees, log, size);
  if (now !== undefined && equalHashes(now, root)) return;
  const message = `its first ${size} leaves are not those that were signed with the root ${bytesToHex(root)}`;
  found({ kind: 'forked', log, size, message });
}
