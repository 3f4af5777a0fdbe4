import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../../src/ledger/log/base64.ts';
import { formatCheckpoint } from '../../../src/ledger/log/checkpoint.ts';
import { rootOf } from '../../../src/ledger/log/grow.ts';
import { inclusionProof } from '../../../src/ledger/log/inclusion.ts';
import { formatNote } from '../../../src/ledger/log/note.ts';
import {
  formatLogProof,
  type LogProof,
  openLogProof,
  parseLogProof,
} from '../../../src/ledger/log/tlog-proof.ts';
import { digest } from './digest.ts';
import { testKey, verify } from './ed25519.ts';
import { leavesOf, TileShelf } from './tree.ts';

const ORIGIN = 'aegis-0123456789ab/acme';
const log = testKey(ORIGIN, 1);
const leaves = leavesOf(300);
const shelf = new TileShelf(leaves);
const text = formatCheckpoint({ origin: ORIGIN, size: 300, root: rootOf(300, shelf.edge, digest) });
const checkpoint = formatNote(text, [{ name: ORIGIN, keyId: log.key.keyId, bytes: log.sign(text) }]);
const proof = await inclusionProof(41, 300, shelf, digest);
const file = formatLogProof({ index: 41, proof, checkpoint });
const leaf = leaves[41] as Uint8Array;

/** The example of C2SP tlog-proof, with a checkpoint in place of its elided signatures. */
const EXAMPLE = `c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog AAAAAAA=
`;

describe('a proof file', () => {
  test('is read and written as C2SP tlog-proof describes it', () => {
    const read = parseLogProof(EXAMPLE) as LogProof;
    expect(read).toMatchObject({ index: 73_894, checkpoint: EXAMPLE.slice(EXAMPLE.indexOf('\n\n') + 2) });
    expect(read.proof).toHaveLength(2);
    expect(Buffer.from(read.extra ?? []).toString()).toBe('age-v1.2.1-darwin-arm64.tar.gz');
    expect(formatLogProof(read)).toBe(EXAMPLE);
  });

  test('round-trips', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(hash, { maxLength: 63 }),
        fc.option(fc.uint8Array(), { nil: undefined }),
        (index, hashes, extra) => {
          const value = { index, proof: hashes, checkpoint, ...(extra === undefined ? {} : { extra }) };
          expect(parseLogProof(formatLogProof(value))).toEqual(value);
        },
      ),
    );
  });

  test('shows that the leaf is in the signed log', () => {
    expect(openLogProof(file, leaf, [log.key], verify, digest)).toMatchObject({
      index: 41,
      checkpoint: { origin: ORIGIN, size: 300 },
      by: [log.key],
    });
  });

  test('does not show it of another leaf, place or hash, nor under another key', () => {
    const open = (changed: string, hash = leaf, key = log.key) =>
      openLogProof(changed, hash, [key], verify, digest);
    const missing = 'leaf 41 is not in the tree of 300 leaves';
    expect(open(file, leaves[42])).toBe(missing);
    expect(open(file.replace('index 41', 'index 42'))).toContain('leaf 42 is not');
    expect(open(formatLogProof({ index: 41, proof: proof.slice(1), checkpoint }))).toBe(missing);
    expect(open(formatLogProof({ index: 41, proof: proof.with(2, leaf), checkpoint }))).toBe(missing);
    expect(open(file, leaf, testKey(ORIGIN, 2).key)).toContain('no known key');
    expect(open(file.replace('\n300\n', '\n301\n'))).toContain('is not valid');
  });

  test.each([
    ['another first line', EXAMPLE.replace('@v1', '@v2')],
    ['no index', EXAMPLE.replace(/index .*\n/, '')],
    ['an index that is none', EXAMPLE.replace('73894', '073894')],
    ['extra data after the index', EXAMPLE.replace(/(extra .*\n)(index .*\n)/, '$2$1')],
    ['extra data that is not base64', EXAMPLE.replace('YWdl', 'YWd')],
    ['a hash of 31 bytes', EXAMPLE.replace(/^gSKy.*$/m, encodeBase64(new Uint8Array(31)))],
    ['a hash that is not base64', EXAMPLE.replace('gSKy', 'gSK*')],
    ['64 hashes', EXAMPLE.replace(/^gSKy.*\n/m, (line) => line.repeat(63))],
    ['no blank line', EXAMPLE.replaceAll('\n\n', '\n')],
    ['too many characters', EXAMPLE + 'x'.repeat(1 << 21)],
    ['nothing', ''],
  ])('with %s is refused', (_, wrong) => {
    expect(parseLogProof(wrong)).toBeTypeOf('string');
  });

  test.each<[string, Partial<LogProof>]>([
    ['a place that is none', { index: -1 }],
    ['a hash of other length', { proof: [new Uint8Array(31)] }],
    ['too many hashes', { proof: Array<Uint8Array>(64).fill(leaf) }],
  ])('with %s is not written', (_, change) => {
    expect(() => formatLogProof({ index: 1, proof, checkpoint, ...change })).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
  });

  test('whatever is changed in it, opening answers in words', () => {
    const cut = fc.tuple(
      fc.nat(file.length),
      fc.nat(file.length),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(cut, ([from, to, middle]) => {
        const changed = file.slice(0, Math.min(from, to)) + middle + file.slice(Math.max(from, to));
        fc.pre(changed !== file);
        expect(openLogProof(changed, leaf, [log.key], verify, digest)).toBeTypeOf('string');
      }),
      { numRuns: 500 },
    );
  });
});
