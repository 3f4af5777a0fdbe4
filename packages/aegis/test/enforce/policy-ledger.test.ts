import { type PolicyBundle, bundleFingerprint } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { type Activation, PolicyLedger } from '../../src/enforce/policy-ledger.ts';
import { policiesIn, readActivations, readRecordedBundle } from '../../src/enforce/policy-reading.ts';
import { createIds, sha256, systemClock, utf8 } from '../../src/platform.ts';
import type { EventStore, StoredPin } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';

const DIGEST = '0'.repeat(64);

function bundle(rules: string): PolicyBundle {
  return { entry: 'aegis.toml', files: { 'aegis.toml': rules } };
}

function activation(rules: string, more: Partial<Activation> = {}): Activation {
  const own = bundle(rules);
  const fingerprint = bundleFingerprint(own, sha256);
  return { policyDigest: sha256(rules), bundle: own, fingerprint, cause: 'reload', by: 'aegis', ...more };
}

const ledgerOn = (store: EventStore) =>
  new PolicyLedger({ clock: systemClock, ids: createIds(systemClock), store, sha256, utf8 }, () => DIGEST);

async function policies(store: EventStore) {
  const rows: StoredPin[] = [];
  for await (const row of store.pins()) rows.push(row);
  return policiesIn(rows);
}

const recorded = async (store: EventStore) =>
  (await readActivations(store, sha256)).map(({ event: { payload } }) => payload);

describe('the record of policies', () => {
  it('has each change once, and the texts of each policy once, to be had again', async () => {
    const store = createMemoryStore();
    const ledger = ledgerOn(store);
    const [a, b] = [activation('a'), activation('b', { by: 'ada', cause: 'apply' })];
    for (const one of [a, a, b, a]) await ledger.activate(one);
    const payloads = await recorded(store);
    expect(
      payloads.map(({ fingerprint, known, previous, by }) => [fingerprint, known, previous, by]),
    ).toEqual([
      [a.fingerprint, false, undefined, 'aegis'],
      [b.fingerprint, false, a.fingerprint, 'ada'],
      [a.fingerprint, true, b.fingerprint, 'aegis'],
    ]);
    const known = await policies(store);
    expect(known.at(-1)?.fingerprint).toBe(a.fingerprint);
    for (const policy of known) {
      const texts = await readRecordedBundle(policy, store, sha256);
      expect(texts && bundleFingerprint(texts, sha256)).toBe(policy.fingerprint);
    }
  });

  it('of two processes that take the same texts in the same moment has them sealed once', async () => {
    const store = createMemoryStore();
    const both = [ledgerOn(store), ledgerOn(store)];
    await Promise.all(both.map((ledger) => ledger.activate(activation('a'))));
    const payloads = await recorded(store);
    expect(payloads.filter(({ known }) => known === false)).toHaveLength(1);
  });

  it('gives no texts that are others than the event says', async () => {
    const store = createMemoryStore();
    await ledgerOn(store).activate(activation('a'));
    const [policy] = await policies(store);
    if (policy === undefined) throw new Error('nothing is recorded');
    const gone = { ...store, blob: () => Promise.resolve(undefined) };
    expect(await readRecordedBundle(policy, gone, sha256)).toBeUndefined();
    const swapped = {
      ...store,
      blob: () => Promise.resolve(utf8(`${'s'.repeat(32)}${JSON.stringify({ entry: 'x' })}`)),
    };
    expect(await readRecordedBundle(policy, swapped, sha256)).toBeUndefined();
    expect(await readRecordedBundle({ ...policy, fingerprint: DIGEST }, store, sha256)).toBeUndefined();
  });

  it('is refused, and nothing of it is kept, when the store takes nothing', async () => {
    const store = { ...createMemoryStore(), append: () => Promise.reject(new Error('full')) };
    await expect(ledgerOn(store).activate(activation('a'))).rejects.toThrow('full');
  });
});
