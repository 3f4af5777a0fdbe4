import { setTimeout } from 'node:timers/promises';
import { consistencyProof } from '@aegis/core';
import { INSTALLATION_LOG, type StoredCheckpoint, type TreeStore } from '../ledger-ports.ts';
import { digest } from '../platform.ts';
import { appendToAnchor } from './anchor/anchor-file.ts';
import { postToAnchor } from './anchor/anchor-url.ts';
import { withSignatures, witnessing } from './cosigned.ts';
import { Delivery } from './delivery.ts';
import { holding } from './keys/folder-lock.ts';
import { tilesOf } from './tree-tiles.ts';
import { type Witness, WitnessClient } from './witness/client.ts';

/** Where checkpoints are kept that no one who can write to the ledger can change. */
export type Anchor =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'url'; readonly url: string };

export interface PublisherOptions {
  readonly trees: TreeStore;
  /** The key folder. */
  readonly folder: string;
  readonly witnesses: readonly Witness[];
  readonly anchor: Anchor | undefined;
  /** Hears what cannot be reached, once, and when it can be again. */
  readonly warn: (text: string) => void;
  /** Waits between attempts, in milliseconds. */
  readonly retryAfterMs?: readonly number[];
}

/**
 * Brings the checkpoints of the installation to witnesses and anchors. Nothing waits for it, and its
 * failures stop nothing: a later checkpoint says everything that an earlier one said.
 */
export class Publisher {
  readonly #witnesses: readonly Delivery[];
  readonly #deliveries: readonly Delivery[];

  constructor(options: PublisherOptions) {
    const { witnesses, anchor } = options;
    const anchors = anchor === undefined ? [] : [anchorDelivery(anchor, options)];
    this.#witnesses = witnesses.map((witness) => witnessDelivery(witness, options));
    this.#deliveries = [...this.#witnesses, ...anchors];
  }

  /** Takes a checkpoint of the installation's log. */
  offer(checkpoint: StoredCheckpoint): void {
    for (const delivery of this.#deliveries) delivery.offer(checkpoint);
  }

  /** Takes a checkpoint that was offered before, perhaps by a process that is gone. */
  renew(checkpoint: StoredCheckpoint): void {
    for (const delivery of this.#witnesses) delivery.offer(checkpoint);
  }

  /** What cannot be reached, and why. */
  problems(): readonly string[] {
    return this.#deliveries.flatMap(({ problem }) => problem ?? []);
  }

  /** Resolves when everything is delivered, or after `maxMs` milliseconds. */
  async idle(maxMs: number): Promise<void> {
    const deadline = new AbortController();
    await Promise.race([
      Promise.all(this.#deliveries.map((delivery) => delivery.idle())),
      setTimeout(maxMs, undefined, { signal: deadline.signal }).catch(() => {}),
    ]);
    deadline.abort();
  }

  /** Gives what is under way `maxMs` milliseconds, and ends it. */
  async close(maxMs: number): Promise<void> {
    for (const delivery of this.#deliveries) delivery.noMoreRetries();
    await this.idle(maxMs);
    await Promise.all(this.#deliveries.map((delivery) => delivery.stop()));
  }
}

type Shared = Pick<PublisherOptions, 'trees' | 'folder' | 'warn' | 'retryAfterMs'>;

function witnessDelivery(witness: Witness, { trees, folder, warn, retryAfterMs }: Shared): Delivery {
  const client = new WitnessClient(witness);
  const name = `witness \`${witness.key.name}\``;
  return new Delivery({
    name,
    // A witness cosigns what is newest.
    keep: 'newest',
    async deliver({ size, note }, signal) {
      if (isCosigned(note, witness)) return;
      const proofFrom = (old: number) =>
        consistencyProof(old, size, tilesOf(trees, INSTALLATION_LOG), digest);
      const answer = await client.cosign(size, note, proofFrom, signal);
      if (answer.kind === 'ahead') {
        if ((await sizeOf(trees)) >= answer.size) return;
        throw new Error(
          `it has cosigned ${answer.size} leaves, more than this ledger has: is it an older copy?`,
        );
      }
      await holding(folder, async () => {
        const stored = await trees.checkpoint(INSTALLATION_LOG, size);
        if (stored === undefined) return;
        const cosigned = withSignatures(stored.note, answer.cosignatures);
        if (cosigned !== stored.note) await trees.addCheckpoint({ ...stored, note: cosigned });
      });
    },
    onProblem: (problem) => warn(problem ?? `${name}: it cosigns again`),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Another process may have asked before. */
function isCosigned(note: string, { key }: Witness): boolean {
  return witnessing(note, { witnesses: [key], quorum: 1 }).enough;
}

async function sizeOf(trees: TreeStore): Promise<number> {
  return (await trees.logs()).find(({ log }) => log === INSTALLATION_LOG)?.size ?? 0;
}

function anchorDelivery(anchor: Anchor, { warn, retryAfterMs }: Shared): Delivery {
  const place = anchor.kind === 'file' ? anchor.file : withoutCredentials(anchor.url);
  const name = `anchor \`${place}\``;
  return new Delivery({
    name,
    keep: 'every',
    deliver: ({ note }, signal) =>
      anchor.kind === 'file' ? appendToAnchor(anchor.file, note) : postToAnchor(anchor.url, note, signal),
    onProblem: (problem) => warn(problem ?? `${name}: it takes checkpoints again`),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** An address as it may be shown: it may have a password or a token in it. */
function withoutCredentials(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}
