import {
  equalHashes,
  growTree,
  HASH_BYTES,
  hashesAt,
  parseCheckpoint,
  parseNote,
  rootOf,
  TILE_HASHES,
  tilePath,
} from '@aegis/core';
import { INSTALLATION_LOG, type LogState, type StoredCheckpoint, type TreeView } from '../../ledger-ports.ts';
import { digest } from '../../platform.ts';
import type { Found } from './found.ts';
import { LeafBatch } from './leaf-batch.ts';
import { SealCheck, type SealedPositions } from './seal-check.ts';

/** Leaves gathered before the tree grows. */
const BATCH_LEAVES = 1024;

/** A Merkle log as its leaves give it. */
export interface VerifiedLog {
  /** The tenant, or `INSTALLATION_LOG`. */
  readonly log: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** How many signed checkpoints agree with it. */
  readonly checkpoints: number;
}

/**
 * Rebuilds one Merkle log from its leaves, and compares it with the tiles and the checkpoints that the
 * store keeps. Who signed the checkpoints is not looked at.
 */
export class LogCheck {
  readonly #trees: TreeView;
  readonly #state: LogState;
  readonly #checkpoints: AsyncIterator<StoredCheckpoint>;
  #checkpoint: StoredCheckpoint | undefined;
  #agreed = 0;
  #size = 0;
  #edge: readonly Uint8Array[] = [];
  readonly #leaves = new LeafBatch(BATCH_LEAVES);
  /** Positions of the leaves from the start of the open tile on. */
  #positions: number[] = [];
  /** Position of the newest leaf. */
  #newest = 0;
  #kept: { readonly n: number; readonly hashes: Uint8Array | undefined } | undefined;
  /** Set when leaves are needed that nobody has any more. */
  #lost = false;
  readonly #seals: SealCheck;
  readonly #installation: string | undefined;

  private constructor(trees: TreeView, state: LogState, { positions, installation }: Shared, found: Found) {
    this.#trees = trees;
    this.#state = state;
    this.#installation = installation;
    this.#seals = new SealCheck(state.log, trees.sealed(state.log), positions, found);
    this.#checkpoints = trees.checkpoints(state.log)[Symbol.asyncIterator]();
  }

  static async over(trees: TreeView, state: LogState, shared: Shared, found: Found): Promise<LogCheck> {
    const check = new LogCheck(trees, state, shared, found);
    await check.#seals.prepare(BATCH_LEAVES);
    check.#checkpoint = (await check.#checkpoints.next()).value;
    await check.#compareRoots(found);
    return check;
  }

  /** Leaves so far. */
  get count(): number {
    return this.#size + this.#leaves.count;
  }

  /** Whether an event at this position has to be among the leaves. */
  holds(position: number): boolean {
    return !this.#lost && position <= this.#state.through && this.count < this.#state.size;
  }

  /** Whether `flush` has to be called before the next leaf. */
  get due(): boolean {
    return this.#leaves.isFull || this.count === this.#checkpoint?.size;
  }

  /** Takes the leaf of the next event, by its hash in hex. */
  addEvent(hash: string, position: number): void {
    if (position > this.#seals.through) this.#seals.next(position, this.count);
    this.#leaves.addEvent(hash);
    this.#note(position);
  }

  /** Takes the next leaf, which is no event's. */
  add(data: Uint8Array): void {
    this.#leaves.add(data);
    this.#note(0);
  }

  /** Takes the next leaf as the store keeps it, and gives it: its event went into an archive. */
  async addKept(position: number, found: Found): Promise<Uint8Array | undefined> {
    if (position > this.#seals.through) this.#seals.next(position, this.count);
    const n = Math.floor(this.count / TILE_HASHES);
    if (this.#kept?.n !== n) this.#kept = { n, hashes: await this.#trees.tile(this.#state.log, 0, n) };
    const at = (this.count % TILE_HASHES) * HASH_BYTES;
    const hash = this.#kept.hashes?.slice(at, at + HASH_BYTES);
    if (hash?.length === HASH_BYTES) {
      this.#leaves.addHash(hash);
      this.#note(position);
      return hash;
    }
    this.#lost = true;
    this.#seals.stop();
    const { log } = this.#state;
    const message = `\`${tilePath(0, n)}\` does not have leaf ${this.count}, whose event was archived`;
    found({ kind: 'tile-missing', log, position, message });
    return undefined;
  }

  /** Lets the tree grow, and compares the tiles that became full, and the checkpoints of this size. */
  async flush(found: Found): Promise<void> {
    const { size, edge, full } = growTree(this.#size, this.#edge, this.#leaves.take(), digest);
    for (const { level, n, hashes } of full) {
      await this.#compareTile(level, n, hashes, found);
      if (level === 0) this.#positions.splice(0, TILE_HASHES);
    }
    this.#size = size;
    this.#edge = edge;
    await this.#seals.prepare(BATCH_LEAVES);
    await this.#compareRoots(found);
  }

  /** After the last leaf. */
  async end(found: Found): Promise<VerifiedLog> {
    await this.flush(found);
    const { log } = this.#state;
    for (const [level, hashes] of this.#edge.entries()) {
      const n = hashesAt(level + 1, this.#size);
      if (hashes.length > 0) await this.#compareTile(level, n, hashes, found);
    }
    const { size, through } = this.#state;
    // Where leaves are missing, what the store says of them cannot be judged.
    if (this.#size === size) this.#seals.end(size);
    if (this.#size !== size || this.#newest !== through) {
      const message = `it should have ${size} leaves and end at position ${through}: it has ${this.#size} and ends at ${this.#newest}`;
      found({ kind: 'tree-mismatch', log, size: this.#size, message });
    }
    for (; this.#checkpoint !== undefined; await this.#nextCheckpoint()) {
      const { size: signed } = this.#checkpoint;
      const message = `a checkpoint was signed over ${signed} leaves, and there are ${this.#size}`;
      found({ kind: 'checkpoint-mismatch', log, size: signed, message });
    }
    const root = rootOf(this.#size, this.#edge, digest);
    return { log, size: this.#size, root, checkpoints: this.#agreed };
  }

  #note(position: number): void {
    this.#positions.push(position);
    this.#newest = position;
  }

  async #compareTile(level: number, n: number, hashes: Uint8Array, found: Found): Promise<void> {
    const kept = await this.#trees.tile(this.#state.log, level, n);
    if (kept !== undefined && equalBytes(kept, hashes)) return;
    const path = tilePath(level, n, hashes.length / HASH_BYTES);
    const { log } = this.#state;
    const at = firstDifference(kept ?? new Uint8Array(), hashes);
    const leaf = n * TILE_HASHES + at;
    const position = level === 0 ? (this.#positions[at] ?? 0) : 0;
    const place = { log, ...(position > 0 ? { position } : {}) };
    if (kept === undefined) {
      found({ kind: 'tile-missing', ...place, message: `\`${path}\` is missing` });
    } else {
      const what = level === 0 ? `leaf ${leaf} is not the event that stands there` : `hash ${at} is wrong`;
      found({ kind: 'tile-mismatch', ...place, message: `\`${path}\`: ${what}` });
    }
  }

  async #compareRoots(found: Found): Promise<void> {
    if (this.#checkpoint === undefined || this.#checkpoint.size > this.#size) return;
    const root = rootOf(this.#size, this.#edge, digest);
    for (; this.#checkpoint !== undefined; await this.#nextCheckpoint()) {
      if (this.#checkpoint.size > this.#size) return;
      const problem = problemOf(this.#checkpoint, this.#size, root, this.#installation);
      const { log } = this.#state;
      if (problem === undefined) this.#agreed += 1;
      else found({ kind: 'checkpoint-mismatch', log, size: this.#checkpoint.size, message: problem });
    }
  }

  async #nextCheckpoint(): Promise<void> {
    this.#checkpoint = (await this.#checkpoints.next()).value;
  }
}

/** What all logs of a ledger have in common. */
export interface Shared {
  readonly positions: SealedPositions;
  /** The id of the installation, as the store keeps it. */
  readonly installation: string | undefined;
}

function problemOf(
  { log, note, size }: StoredCheckpoint,
  at: number,
  root: Uint8Array,
  installation: string | undefined,
): string | undefined {
  const signed = parseNote(note);
  if (typeof signed === 'string') return `the checkpoint over ${size} leaves cannot be read: ${signed}`;
  const checkpoint = parseCheckpoint(signed.text);
  if (typeof checkpoint === 'string') {
    return `the checkpoint over ${size} leaves cannot be read: ${checkpoint}`;
  }
  if (checkpoint.size !== size || size !== at) {
    return `a checkpoint over ${checkpoint.size} leaves is kept as one over ${size}`;
  }
  if (!equalHashes(checkpoint.root, root)) {
    return `what was signed over ${size} leaves is not what the events give`;
  }
  return isOriginOf(checkpoint.origin, log, installation)
    ? undefined
    : `what was signed over ${size} leaves is no log of the installation \`${installation ?? ''}\` by this name`;
}

/** In whatever epoch. */
function isOriginOf(origin: string, log: string, installation: string | undefined): boolean {
  const whole = `aegis-${installation ?? ''}`;
  const rest = log === INSTALLATION_LOG ? '' : `/${log}`;
  if (!origin.startsWith(whole) || !origin.endsWith(rest)) return false;
  const epoch = origin.slice(whole.length, origin.length - rest.length);
  return origin.length >= whole.length + rest.length && /^(?:@[0-9]+)?$/.test(epoch);
}

function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** The first hash in which two tiles differ. */
function firstDifference(one: Uint8Array, other: Uint8Array): number {
  const at = other.findIndex((byte, i) => byte !== one[i]);
  return Math.floor((at === -1 ? Math.max(0, other.length - HASH_BYTES) : at) / HASH_BYTES);
}
