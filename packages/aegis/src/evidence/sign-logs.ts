import { codeOf, formatCheckpoint, formatNote, keyId, rootOf } from '@aegis/core';
import { INSTALLATION_LOG, type LogState, type StoredCheckpoint, type TreeStore } from '../ledger-ports.ts';
import { digest, utf8 } from '../platform.ts';
import type { SignedHeads } from './keys/heads.ts';
import { type HeldKeys, keysLost } from './keys/key-folder.ts';
import type { SigningKey } from './keys/key-pair.ts';
import { type Lineage, originOf } from './origin.ts';
import { type KnownSizes, rollbackOf } from './rollback.ts';

/** What came of a round of signing. */
export type Signing =
  /** `installation`: the checkpoint over all logs, when a new one was due. */
  | { readonly kind: 'signed'; readonly installation: StoredCheckpoint | undefined }
  | { readonly kind: 'rolled_back'; readonly why: string };

/**
 * Signs every tenant's log that has grown, then the log of the installation, which each of these
 * checkpoints has entered.
 *
 * INVARIANT: nothing is signed that is not committed, nor what does not extend all that was signed before.
 */
export async function signLogs(
  trees: TreeStore,
  held: HeldKeys,
  known: KnownSizes,
  nowMs: number,
): Promise<Signing> {
  const { record } = held;
  if (record === undefined || held.heads === undefined) throw keysLost('the key folder is gone');
  const logs = await trees.logs();
  const before = await rollbackOf(trees, logs, record, held.heads, known);
  if (before !== undefined) return { kind: 'rolled_back', why: before.why };
  const signing: SigningRound = { trees, held, known, nowMs, lineage: record, signers: undefined };
  try {
    const tenants = logs.filter(({ log }) => log !== INSTALLATION_LOG);
    const { heads } = await sign(tenants, held.heads, signing);
    const after = await trees.logs();
    const between = await rollbackOf(trees, after, record, heads, known);
    if (between !== undefined) return { kind: 'rolled_back', why: between.why };
    const whole = after.filter(({ log }) => log === INSTALLATION_LOG);
    const { checkpoints } = await sign(whole, heads, signing);
    await held.removeRetired(record, nowMs);
    return { kind: 'signed', installation: checkpoints[0] };
  } catch (error) {
    if (codeOf(error) !== 'CHAIN_BROKEN') throw error;
    return { kind: 'rolled_back', why: (error as Error).message };
  }
}

interface SigningRound {
  readonly trees: TreeStore;
  readonly held: HeldKeys;
  readonly known: KnownSizes;
  readonly nowMs: number;
  readonly lineage: Lineage;
  /** Read when there is something to sign. */
  signers: readonly SigningKey[] | undefined;
}

async function sign(
  logs: readonly LogState[],
  heads: SignedHeads,
  round: SigningRound,
): Promise<{ readonly heads: SignedHeads; readonly checkpoints: readonly StoredCheckpoint[] }> {
  const { trees, held, known, nowMs, lineage } = round;
  const due: { readonly checkpoint: StoredCheckpoint; readonly text: string }[] = [];
  const grown: Record<string, { size: number; root: string }> = {};
  for (const { log, size, edge } of logs) {
    if (size === 0 || known.get(log) === size) continue;
    if ((await trees.checkpoint(log, size)) === undefined) {
      round.signers ??= await held.signers(nowMs);
      const origin = originOf(lineage, log);
      const root = rootOf(size, edge, digest);
      const text = formatCheckpoint({ origin, size, root });
      grown[origin] = { size, root: Buffer.from(root).toString('hex') };
      due.push({ checkpoint: { log, size, note: signed(text, origin, round.signers), atMs: nowMs }, text });
    } else {
      known.set(log, size);
    }
  }
  if (due.length === 0) return { heads, checkpoints: [] };
  const next = { ...heads, ...grown };
  await held.writeHeads(next);
  for (const { checkpoint, text } of due) {
    const { log, size } = checkpoint;
    if (log === INSTALLATION_LOG) await trees.addCheckpoint(checkpoint);
    else await trees.addCheckpoint(checkpoint, digest(utf8(text)));
    known.set(log, size);
  }
  return { heads: next, checkpoints: due.map(({ checkpoint }) => checkpoint) };
}

function signed(text: string, origin: string, signers: readonly SigningKey[]): string {
  const message = utf8(text);
  const signatures = signers.map((key) => ({
    name: origin,
    keyId: keyId(origin, 'ed25519', key.publicKey, digest),
    bytes: key.sign(message),
  }));
  return formatNote(text, signatures);
}
