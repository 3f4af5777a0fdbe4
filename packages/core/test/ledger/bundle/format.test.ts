import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBlobLine, parseBlobLine, parseLeaf } from '../../../src/ledger/bundle/lines.ts';
import { type BundleManifest, formatManifest, parseManifest } from '../../../src/ledger/bundle/manifest.ts';
import { installationOriginOf } from '../../../src/ledger/bundle/origin.ts';
import { isBundlePath, parseTilePath } from '../../../src/ledger/bundle/path.ts';
import { tilePath, tilesOf } from '../../../src/ledger/log/tile.ts';

const HASH = 'ab'.repeat(32);

const manifest: BundleManifest = {
  created_ms: 1,
  events: 3,
  files: {
    'events.jsonl': HASH,
    'installation.json': HASH,
    keys: HASH,
    leaves: HASH,
    'tile/0/000.p/3': HASH,
  },
  format: 'aegis-bundle/1',
  origin: 'aegis-0123456789ab/acme',
  root: HASH,
  scope: { kind: 'all' },
  size: 3,
  tenant: 'acme',
};

describe('bundle.json', () => {
  it('is one line of canonical JSON', () => {
    const text = formatManifest(manifest);
    expect(text).toMatch(
      /^\{"created_ms":1,"events":3,"files":\{[^\n]*\},"format":"aegis-bundle\/1",[^\n]*\}\n$/,
    );
    expect(parseManifest(text)).toEqual(manifest);
  });

  it.each<[Partial<BundleManifest>, string]>([
    [{ size: 0 }, '`size` is not as it must be'],
    [{ events: 4 }, '`events` is more than `size`'],
    [{ tenant: 'other' }, '`origin` is not the name of a log of tenant `other`'],
    [{ files: { ...manifest.files, '/etc/passwd': HASH } }, '`files` names `/etc/passwd`'],
    [{ files: { ...manifest.files, 'tile/0/000.p/2': HASH } }, '`files` names `tile/0/000.p/2`'],
    [{ files: { keys: HASH } }, '`files` does not name `events.jsonl`'],
    [
      { scope: { kind: 'range', from_ms: 0, to_ms: 1, first: 2, end: 4 } },
      '`scope` names no leaves of the log',
    ],
  ])('that contradicts itself, %j, is refused in words', (change, why) => {
    expect(parseManifest(formatManifest({ ...manifest, ...change }))).toContain(why);
  });

  it('is refused or read, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof parseManifest(text)).toBe('string');
      }),
    );
  });
});

describe('a path in a bundle', () => {
  it('names a tile of the tree exactly when the tree has that tile', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70_000 }), fc.integer({ min: 1, max: 70_000 }), (size, other) => {
        for (const tile of tilesOf(size)) {
          const path = tilePath(tile.level, tile.n, tile.width);
          expect(parseTilePath(path, size)).toEqual(tile);
          if (tile.width < 256 && other !== size) {
            const same = [...tilesOf(other)].some((one) => tilePath(one.level, one.n, one.width) === path);
            expect(parseTilePath(path, other) !== undefined).toBe(same);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    '',
    '.',
    '..',
    '../keys',
    'tile',
    'tile/0/000/../000',
    'tile/00/000',
    'tile/0/0',
    'tile/0/x000/000',
    'Keys',
    'keys\0',
  ])('is never %j', (path) => expect(isBundlePath(path, 1_000_000)).toBe(false));
});

describe('lines', () => {
  it('a leaf has one spelling', () => {
    expect(['0', '7', '9007199254740991'].map(parseLeaf)).toEqual([0, 7, Number.MAX_SAFE_INTEGER]);
    for (const bad of ['', '00', '01', '+1', '-1', '1 ', '1.0', '1e3', '9007199254740992', '١']) {
      expect(parseLeaf(bad), bad).toBeUndefined();
    }
  });

  it('a value is read as it was written', () => {
    const line = { hash: HASH, base64: 'AAEC' };
    expect(parseBlobLine(formatBlobLine(line))).toEqual(line);
    for (const bad of [
      '{}',
      `{"h":"${HASH}","b":"AAEC"}`,
      `{"b":"AA EC","h":"${HASH}"}`,
      `{"b":"AAEC","h":"ab"}`,
    ]) {
      expect(parseBlobLine(bad)).toBeUndefined();
    }
  });
});

describe('the name of a log', () => {
  it.each([
    ['aegis-0123456789ab/acme', 'acme', 'aegis-0123456789ab'],
    ['aegis-0123456789ab@2/acme', 'acme', 'aegis-0123456789ab@2'],
    ['aegis-0123456789ab/a/b', 'a/b', 'aegis-0123456789ab'],
    ['aegis-0123456789ab@1/acme', 'acme', undefined],
    ['aegis-0123456789ab@02/acme', 'acme', undefined],
    ['aegis-0123456789ab/acme', 'cme', undefined],
    ['aegis-0123456789ab', '', undefined],
    ['example.org/acme', 'acme', undefined],
  ])('%s of tenant %s belongs to %s', (origin, tenant, installation) => {
    expect(installationOriginOf(origin, tenant)).toBe(installation);
  });
});
