// A ledger that grows to a million events: what an event costs at its beginning and at its end, what it
// takes to verify, and what a proof of inclusion costs. Argument: JSON of `GrowthRequest`. Prints JSON.
import { hash } from 'node:crypto';
import {
  type Growth,
  growTree,
  inclusionProof,
  LedgerVerifier,
  leafHashAt,
  verifyInclusion,
} from '@aegis/core';
import { tilesOf } from '../../../packages/aegis/src/evidence/tree-tiles.ts';
import { digest, sha256 } from '../../../packages/aegis/src/platform.ts';
import type { StoredEntry } from '../../../packages/aegis/src/ports.ts';
import { LeafBatch } from '../../../packages/aegis/src/store/verify/leaf-batch.ts';
import { verifyLedger } from '../../../packages/aegis/src/store/verify.ts';
import { ChainWriter } from './chain-writer.ts';
import { openStore } from './open-store.ts';
import { writeConcurrently } from './load.ts';

export interface GrowthRequest {
  readonly dsn: string;
  readonly events: number;
  /** Events between two looks at the cost. */
  readonly step: number;
}

export interface GrowthResult {
  /** CPU microseconds per event at the beginning and at the end. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly verifyCpuSeconds: number;
  readonly verifySeconds: number;
  /** The same by the bytes: hashes, chains and trees. */
  readonly bytesCpuSeconds: number;
  /** CPU seconds over bodies that were read before: chains and trees; their hashes alone; SHA-256 of the bodies alone. */
  readonly chainCpuSeconds: number;
  readonly hashesCpuSeconds: number;
  readonly hashCpuSeconds: number;
  readonly entries: number;
  readonly findings: number;
  readonly proofP50Ms: number;
  readonly proofP99Ms: number;
  readonly proofBytes: number;
}

const WRITERS = 64;
const GROUP = 3;
const PROOFS = 500;
/** Entries that are read before they are worked on: few, as in a verification. */
const AT_HAND = 1_000;

/** As long as what is hashed for a leaf and for a node. */
const LEAF = new Uint8Array(33);
const NODE = new Uint8Array(65);
const DIGEST = new Uint8Array(32);

const { dsn, events, step } = JSON.parse(process.argv[2] ?? '{}') as GrowthRequest;
const store = await openStore(dsn);
const writer = new ChainWriter(store, 'growth');

const costs: number[] = [];
for (let written = 0; written < events; written += step) {
  const { cpuUs } = await writeConcurrently(
    WRITERS,
    Math.ceil(step / GROUP),
    (session) => writer.append(session, GROUP),
    async () => {
      await store.trees.seal();
    },
  );
  costs.push(cpuUs / step);
}

const view = await store.view();
const verified = await measured(() => verifyLedger(view));
const overBytes = await measured(() => verifyLedger(view, () => {}, 'bytes'));
const alone = await overReadBytes();
await view.close();
const proofs = await proveSome();
const result: GrowthResult = {
  // The first step also compiles.
  firstUs: costs[1] ?? Number.NaN,
  lastUs: costs.at(-1) ?? Number.NaN,
  verifyCpuSeconds: verified.cpuSeconds,
  verifySeconds: verified.value.seconds,
  bytesCpuSeconds: overBytes.cpuSeconds,
  ...alone,
  entries: verified.value.entries,
  findings: verified.value.findingCount + overBytes.value.findingCount,
  ...proofs,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
await store.close();

async function measured<T>(work: () => Promise<T>): Promise<{ value: T; cpuSeconds: number }> {
  const cpu = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { value, cpuSeconds: (user + system) / 1e6 };
}

type Alone = Pick<GrowthResult, 'chainCpuSeconds' | 'hashesCpuSeconds' | 'hashCpuSeconds'>;

/** Entries are read first, so that only the work on them counts. */
async function overReadBytes(): Promise<Alone> {
  const verifier = new LedgerVerifier(sha256, 'log');
  const leaves = new LeafBatch(AT_HAND);
  let tree: Pick<Growth, 'size' | 'edge'> = { size: 0, edge: [] };
  let wrong = 0;
  const work = {
    chainCpuSeconds(entries: readonly StoredEntry[]) {
      for (const entry of entries) wrong += verifier.link(entry).length;
      for (const entry of entries) leaves.addEvent(entry.hash);
      tree = growTree(tree.size, tree.edge, leaves.take(), digest);
    },
    // What cannot be left out: each body, each leaf and, for each leaf, one node.
    hashesCpuSeconds(entries: readonly StoredEntry[]) {
      for (const { body } of entries) {
        hash('sha256', body, 'hex');
        digest(LEAF, DIGEST, 0);
        digest(NODE, DIGEST, 0);
      }
    },
    hashCpuSeconds(entries: readonly StoredEntry[]) {
      for (const { body } of entries) hash('sha256', body, 'hex');
    },
  };
  const us = { chainCpuSeconds: 0, hashesCpuSeconds: 0, hashCpuSeconds: 0 };
  let entries: StoredEntry[] = [];
  const names = Object.keys(work) as (keyof typeof work)[];
  const runAll = (): void => {
    // By turns: who comes first finds nothing of the bodies in the caches.
    names.push(names.shift() as keyof typeof work);
    for (const name of names) {
      const cpu = process.cpuUsage();
      work[name](entries);
      const { user, system } = process.cpuUsage(cpu);
      us[name] += (user + system) / 1e6;
    }
    entries = [];
  };
  for await (const entry of view.entries()) if (entries.push(entry) === AT_HAND) runAll();
  runAll();
  if (wrong > 0) throw new Error(`${wrong} findings in a sound ledger`);
  return us;
}

async function proveSome(): Promise<Pick<GrowthResult, 'proofP50Ms' | 'proofP99Ms' | 'proofBytes'>> {
  const tenant = (await store.trees.logs()).find(({ log }) => log === 'bench');
  if (tenant === undefined) throw new Error('there is no log of the tenant');
  const { size } = tenant;
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < PROOFS; i++) {
    const position = 1 + ((i * 104_729) % events);
    const started = performance.now();
    const place = await store.trees.leafOf(position);
    if (place === undefined) throw new Error(`position ${position} is not sealed`);
    const tiles = tilesOf(store.trees, place.log);
    const proof = await inclusionProof(place.leaf, size, tiles, digest);
    times.push(performance.now() - started);
    bytes = Math.max(bytes, proof.length * 32);
    if (i % 50 === 0) await check(place.leaf, size, proof, tiles);
  }
  times.sort((a, b) => a - b);
  return {
    proofP50Ms: times[PROOFS >> 1] ?? Number.NaN,
    proofP99Ms: times[Math.floor(PROOFS * 0.99)] ?? Number.NaN,
    proofBytes: bytes,
  };
}

async function check(
  leaf: number,
  size: number,
  proof: readonly Uint8Array[],
  tiles: ReturnType<typeof tilesOf>,
): Promise<void> {
  const root = await rootAt(size);
  const leafHash = await leafHashAt(leaf, size, tiles);
  if (!verifyInclusion(leafHash, leaf, size, root, proof, digest))
    throw new Error(`no proof of leaf ${leaf}`);
}

async function rootAt(size: number): Promise<Uint8Array> {
  const { rootOf } = await import('@aegis/core');
  const state = (await store.trees.logs()).find(({ log, size: found }) => log === 'bench' && found === size);
  if (state === undefined) throw new Error('the tree has grown meanwhile');
  return rootOf(size, state.edge, digest);
}
