import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { bundleExported, copy, kindsOf, ledger, nothing, sound } from './damaged-copy.ts';
import { Forger } from './forger.ts';

bundleExported();

const FILES = [
  'bundle.json',
  'checkpoint',
  'checkpoint.installation',
  'installation.json',
  'keys',
  'events.jsonl',
  'leaves',
  'blobs.jsonl',
  'tile/0/000',
  'tile/0/001.p/152',
  'tile/1/000.p/1',
  'schema/TOOL_RESULT.json',
];

it('the bundle is sound before anybody touches it, and has these files', async () => {
  const forger = copy();
  expect((await verifyBundle(forger.folder, nothing)).findings).toEqual([]);
  for (const path of FILES) expect(forger.has(path), path).toBe(true);
  expect(
    forger
      .files()
      .filter((path) => !path.startsWith('schema/'))
      .toSorted(),
  ).toEqual(FILES.filter((path) => !path.startsWith('schema/')).toSorted());
});

describe.each(FILES)('%s', (path) => {
  it('with one bit changed is found', async () => {
    const forger = copy();
    const bytes = forger.bytes(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    forger.write(path, bytes);
    expect(await verifyBundle(forger.folder, nothing)).not.toMatchObject({ findingCount: 0 });
  });

  it('without its last byte is found', async () => {
    const forger = copy();
    forger.write(path, forger.bytes(path).subarray(0, -1));
    expect(await verifyBundle(forger.folder, nothing)).not.toMatchObject({ findingCount: 0 });
  });

  it('empty is found', async () => {
    const forger = copy();
    forger.write(path, '');
    expect(await verifyBundle(forger.folder, nothing)).not.toMatchObject({ findingCount: 0 });
  });

  it('missing is found by its name', async () => {
    const forger = copy();
    forger.remove(path);
    if (path === 'bundle.json') {
      await expect(verifyBundle(forger.folder, nothing)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
      return;
    }
    const { findings } = await verifyBundle(forger.folder, nothing);
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'missing-file', file: path }));
  });

  it('a link in its place is found by its name', async () => {
    const forger = copy();
    forger.remove(path);
    symlinkSync(join(sound, path), join(forger.folder, path));
    const report = verifyBundle(forger.folder, nothing);
    if (path === 'bundle.json') await expect(report).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    else
      expect((await report).findings).toContainEqual(
        expect.objectContaining({ kind: 'bad-file', file: path }),
      );
  });
});

describe('files', () => {
  it.each(['events.jsonl~', 'tile/0/002', 'notes/readme.md', 'schema/EVIL.json', '.DS_Store'])(
    'one more, %s, is found by its name',
    async (path) => {
      const forger = copy();
      forger.write(path, 'x');
      const { findings } = await verifyBundle(forger.folder, nothing);
      expect(findings).toContainEqual(expect.objectContaining({ kind: 'unexpected-file', file: path }));
    },
  );

  it('two that are swapped are found', async () => {
    const forger = copy();
    const [one, two] = [forger.bytes('tile/0/000'), forger.bytes('leaves')];
    forger.write('tile/0/000', two);
    forger.write('leaves', one);
    const report = await verifyBundle(forger.folder, nothing);
    expect(report.findings).toContainEqual(expect.objectContaining({ kind: 'changed-file', file: 'leaves' }));
    expect(report.findings).toContainEqual(
      expect.objectContaining({ kind: 'changed-file', file: 'tile/0/000' }),
    );
  });

  it('any byte changed anywhere is found, and nothing crashes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FILES),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (path, where, mask) => {
          const forger = copy();
          const bytes = forger.bytes(path);
          const at = Math.floor(where * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ mask;
          forger.write(path, bytes);
          const { findingCount } = await verifyBundle(forger.folder, nothing);
          forger.remove('.');
          expect(findingCount).toBeGreaterThan(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('any bytes in the place of any file that proves something are found, and nothing crashes', async () => {
    // A schema is a help for readers: whoever may write bundle.json may write another.
    const proving = FILES.filter((path) => !path.startsWith('schema/'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...proving),
        fc.uint8Array({ maxLength: 400 }),
        async (path, bytes) => {
          const forger = copy();
          forger.write(path, bytes);
          if (path !== 'bundle.json') forger.agree();
          const { findingCount } = await verifyBundle(forger.folder, nothing);
          forger.remove('.');
          expect(findingCount).toBeGreaterThan(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('bundle.json', () => {
  it.each<[string, (text: string) => string]>([
    ['an unknown member', (text) => text.replace('{', '{"extra":1,')],
    ['a member twice', (text) => text.replace('{', '{"events":1,')],
    ['white space', (text) => text.replace('{', '{ ')],
    ['another format', (text) => text.replace('aegis-bundle/1', 'aegis-bundle/2')],
    ['a path out of the bundle', (text) => text.replace('"keys":', '"../keys":')],
    ['a tile that the tree does not have', (text) => text.replace('tile/1/000.p/1"', 'tile/1/000.p/2"')],
    ['a scope of no known kind', (text) => text.replace('"kind":"all"', '"kind":"most"')],
    ['a tenant that the log is not of', (text) => text.replace('"tenant":"acme"', '"tenant":"acm"')],
    ['more events than leaves', (text) => text.replace(/"events":\d+/, '"events":100000')],
    ['a size beyond all numbers', (text) => text.replace(/"size":\d+/, '"size":9007199254740993')],
    ['two lines', (text) => `${text}\n`],
  ])('with %s is refused', async (_, change) => {
    const forger = copy();
    const text = forger.text('bundle.json');
    const changed = change(text);
    expect(changed).not.toBe(text);
    forger.write('bundle.json', changed);
    const { findings } = await verifyBundle(forger.folder, nothing);
    expect(findings).toMatchObject([{ level: 'hashes', kind: 'bad-manifest' }]);
  });

  it('that claims a log of any size answers at once', async () => {
    const forger = copy();
    forger.agree({ size: Number.MAX_SAFE_INTEGER });
    const report = await verifyBundle(forger.folder, nothing);
    expect(report.findingCount).toBeGreaterThan(0);
    expect(report.seconds).toBeLessThan(2);
  });
});

describe('a log that was rewritten as a whole, and signed with another key', () => {
  const rewritten = (): Forger =>
    copy()
      .rewriteEvent(40, ({ payload }) => ((payload as { message: string }).message = 'nothing'))
      .rewriteLog();

  it('passes where nobody brings a key: that is why the report says so', async () => {
    const report = await verifyBundle(rewritten().folder, nothing);
    expect(report).toMatchObject({ findingCount: 0, trust: { ground: 'first_use' } });
  });

  it('is found with the key', async () => {
    const { keys } = await ledger.store.identity('acme');
    expect(kindsOf(await verifyBundle(rewritten().folder, { ...nothing, keys }))).toEqual(['bad-signature']);
  });

  it('is found with an older checkpoint', async () => {
    const older = await ledger.checkpoint();
    const report = await verifyBundle(rewritten().folder, { ...nothing, older });
    expect(kindsOf(report)).toContain('bad-signature');
    expect(report.levels.checkpoint.state).toBe('fail');
  });

  it('is found with an older checkpoint when the old key still stands among the keys', async () => {
    const forger = rewritten();
    const old = new Forger(sound, `${forger.folder}-2`).text('keys');
    forger.write('keys', old + forger.text('keys'));
    const older = await ledger.checkpoint();
    const report = await verifyBundle(forger.agree().folder, { ...nothing, older });
    expect(kindsOf(report)).toEqual(['bad-signature', 'forked']);
  });
});

describe('a bundle with the right key', () => {
  it('is not the newest: an older checkpoint says more', async () => {
    const before = (await ledger.export()).folder;
    await ledger.session('ses_later');
    const report = await verifyBundle(before, { ...nothing, older: await ledger.checkpoint() });
    expect(kindsOf(report)).toEqual(['rolled-back']);
  });

  it('lacks a cosignature that was asked for', async () => {
    const { keys } = await ledger.store.identity('acme');
    const [key] = keys;
    if (key === undefined) throw new Error('no key');
    const report = await verifyBundle(sound, {
      keys: [],
      witnesses: [{ ...key, name: 'w', algorithm: 'ed25519-cosignature' }],
    });
    expect(kindsOf(report)).toEqual(['missing-cosignature']);
  });
});
