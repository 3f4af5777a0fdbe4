import { growTree, leafHash } from '@aegis/core';
import { expect, test } from 'vitest';
import { digest } from '../../src/platform.ts';
import { LeafBatch } from '../../src/store/verify/leaf-batch.ts';

const HASH = 'ab'.repeat(31) + '0f';

test.each([
  HASH,
  HASH.toUpperCase(),
  '',
  'a',
  HASH.slice(2),
  `${HASH}00`,
  `zz${HASH.slice(2)}`,
  HASH.slice(1),
])('the leaf of an event with the hash `%s` is that of the bytes that it stands for', (hash) => {
  const batch = new LeafBatch(2);
  // What another hash has left behind must not show.
  batch.addEvent('11'.repeat(32));
  batch.addEvent(hash);
  expect([batch.count, batch.isFull]).toEqual([2, true]);
  const [leaves] = batch.take();
  const expected = leafHash(Buffer.from(hash, 'hex'), digest);
  expect(Buffer.from(leaves?.subarray(32) ?? []).toString('hex')).toBe(Buffer.from(expected).toString('hex'));
});

test('a batch that was taken begins anew, and what the tree took of it stays', () => {
  const batch = new LeafBatch(2);
  expect(batch.take()).toEqual([]);
  batch.add(Buffer.from('one'));
  const tree = growTree(0, [], batch.take(), digest);
  const before = tree.edge.map((hashes) => Buffer.from(hashes).toString('hex'));
  batch.addHash(new Uint8Array(32));
  expect(batch.count).toBe(1);
  expect(tree.edge.map((hashes) => Buffer.from(hashes).toString('hex'))).toEqual(before);
});
