import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Anchors, canonicalJson, codeOf, type JsonValue } from '@aegis/core';
import { Forger } from '../../packages/aegis/test/bundle/forger.ts';
import { verifyEd25519 } from '../../packages/aegis/src/platform.ts';
import { aegis } from '../e2e/aegis.ts';
import { anchorsOf, cosigned, newWitness } from './anchors.ts';
import { FILE_DAMAGES } from './damage/any-file.ts';
import { CLAIM_DAMAGES } from './damage/claims.ts';
import { EVENT_DAMAGES } from './damage/events.ts';
import { LEAF_DAMAGES } from './damage/leaves.ts';
import { MANIFEST_DAMAGES } from './damage/manifest.ts';
import { NOTE_DAMAGES } from './damage/notes.ts';
import { SIGNED_DAMAGES } from './damage/signed.ts';
import { SPELLING_DAMAGES } from './damage/spellings.ts';
import { TILE_DAMAGES } from './damage/tiles.ts';
import { VALUE_DAMAGES } from './damage/values.ts';
import { makeProduct, type Product } from './product.ts';
import { Answerer, hasPython, python, pythonFolder } from './python.ts';
import { type Outcome, verdictIn, verdictOfAegis, verdictOfPython } from './verdict.ts';

const MISSING = 'there is no python3 of version 3.9 or newer';

/** What nobody signs and no proof needs, what another may add to a note, and what is true as well. */
const HARMLESS: ReadonlySet<string> = new Set([
  'a checkpoint with its signature twice',
  'a checkpoint with a stranger under it',
  'a schema that allows everything',
  'another scope: a segment',
  'no schemas',
  'the whole log rewritten and signed with another key',
]);

const anywhere = { ...EVENT_DAMAGES, ...SPELLING_DAMAGES, ...LEAF_DAMAGES, ...VALUE_DAMAGES };
const DAMAGED = [
  { bundle: 'everything', damages: { ...anywhere, ...TILE_DAMAGES, ...NOTE_DAMAGES, ...CLAIM_DAMAGES } },
  { bundle: 'a time', damages: anywhere },
  { bundle: 'everything after a rotation', damages: NOTE_DAMAGES },
].flatMap(({ bundle, damages }) =>
  Object.entries(damages).map(([name, damage]) => ({ bundle, name, damage })),
);

if (!hasPython) process.stderr.write(`skipped: the second verifier: ${MISSING}\n`);

// Where nothing may be skipped a missing Python is a failure.
describe.skipIf(!hasPython && process.env['AEGIS_NO_SKIPS'] !== '1')('the second verifier', () => {
  let product: Product;
  let answerer: Answerer;
  let copies = 0;

  beforeAll(async () => {
    if (!hasPython) throw new Error(MISSING);
    answerer = new Answerer();
    product = await makeProduct();
  }, 300_000);

  afterAll(async () => {
    if (!hasPython) return;
    await answerer.close();
    product.remove();
  });

  const nothing: Anchors = { keys: [], witnesses: [] };
  const bundle = (name: string): string => product.bundles.get(name) ?? '';
  const copy = (name = 'everything'): Forger =>
    new Forger(bundle(name), join(product.folder, `copy-${++copies}`, 'bundle'));

  /** What both verifiers say; the code of the error where there is nothing that can be read. */
  async function verdicts(
    folder: string,
    anchors = nothing,
    segments: readonly string[] = [],
  ): Promise<readonly [Outcome, Outcome]> {
    return [
      await verdictOfAegis(folder, anchors, segments).catch(codeOf),
      await verdictOfPython(answerer, folder, anchors, segments).catch(codeOf),
    ];
  }

  it('agrees about what was archived and what was not, as one log', async () => {
    const [rest, segment] = [bundle('what was not archived'), bundle('an archived segment')];
    const changed = copy('an archived segment');
    changed.edit('events.jsonl', (lines) => lines.slice(1));
    const given = [...anchorsOf(product)].find(({ keys }) => keys.length === 1);
    const cases: readonly [string, readonly string[], object][] = [
      [rest, [segment], { intact: true, levels: { completeness: 'pass' } }],
      [rest, [], { intact: true, levels: { completeness: 'not_checked' } }],
      [rest, [changed.folder], { intact: false, levels: { completeness: 'fail' } }],
      [rest, [segment, bundle('everything')], { intact: false }],
      // It was exported before, and no event in it speaks of the segment.
      [bundle('everything'), [segment], { intact: false }],
      [bundle('one session'), [segment], { intact: false }],
    ];
    for (const [folder, segments, outcome] of cases) {
      for (const anchors of [nothing, given ?? nothing]) {
        const [aegis, second] = await verdicts(folder, anchors, segments);
        expect(second).toEqual(aegis);
        if (anchors === nothing) expect(aegis).toMatchObject(outcome);
      }
    }
    expect(await verdicts(rest, nothing, [product.folder])).toEqual(['FILE_UNREADABLE', 'FILE_UNREADABLE']);
  });

  it('is there, and its own tests hold', async () => {
    const { code, stderr } = await python('-B', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.');
    expect(stderr).toMatch(/\nOK\n$/);
    expect(code).toBe(0);
  }, 300_000);

  it('finds every bundle of the product sound, as the first one does', async () => {
    expect(product.bundles.size).toBe(11);
    for (const [name, folder] of product.bundles) {
      const [ours, theirs] = await verdicts(folder);
      expect({ name, verdict: theirs }).toEqual({ name, verdict: ours });
      expect(ours).toMatchObject({ intact: true, levels: { inclusion: 'pass' } });
    }
    const { size } = JSON.parse(readFileSync(join(bundle('everything'), 'bundle.json'), 'utf8'));
    expect(size).toBeGreaterThan(512);
  });

  it('believes the same keys and older checkpoints', async () => {
    for (const anchors of anchorsOf(product)) {
      const [ours, theirs] = await verdicts(bundle('everything'), anchors);
      expect({ anchors, verdict: theirs }).toEqual({ anchors, verdict: ours });
    }
    for (const [name, folder] of product.bundles) {
      const [ours, theirs] = await verdicts(folder, { ...nothing, older: product.older });
      expect({ name, verdict: theirs }).toEqual({ name, verdict: ours });
    }
  }, 60_000);

  it('takes the same cosignatures of a witness', async () => {
    const witness = newWitness('witness.example/w1');
    for (const path of ['checkpoint', 'checkpoint.installation']) {
      const forger = copy();
      const note = forger.text(path);
      const other = note.replace('\n', '2\n');
      for (const [lines, state] of [
        ['', 'fail'],
        [cosigned(witness, note), 'pass'],
        [cosigned(witness, note) + cosigned(witness, note), 'pass'],
        [cosigned(witness, note, 0), 'fail'],
        [cosigned(witness, other), 'fail'],
        [cosigned(witness, note) + cosigned(witness, other), 'fail'],
        [cosigned(newWitness('witness.example/w1'), note), 'fail'],
      ] as const) {
        forger.write(path, note + lines);
        const [ours, theirs] = await verdicts(forger.folder, { ...nothing, witnesses: [witness.key] });
        expect(theirs).toEqual(ours);
        expect(ours).toMatchObject({ levels: { checkpoint: 'pass', witnesses: state } });
      }
    }
  });

  it.each(Object.entries(FILE_DAMAGES))(
    'says the same of a bundle with any file %s',
    async (_, damage) => {
      const paths = copy().files();
      for (const path of paths.filter((one) => !one.startsWith('schema/') || one.includes('TERMINATION'))) {
        const forger = copy();
        damage(forger, path);
        const [ours, theirs] = await verdicts(forger.folder);
        expect({ path, verdict: theirs }).toEqual({ path, verdict: ours });
        expect(ours).not.toMatchObject({ intact: true });
      }
    },
    60_000,
  );

  it.each(DAMAGED)('says the same of $bundle with $name', async ({ bundle: from, name, damage }) => {
    const forger = copy(from);
    damage(forger);
    const [ours, theirs] = await verdicts(forger.folder);
    expect(theirs).toEqual(ours);
    expect(ours).toMatchObject({ intact: HARMLESS.has(name) });
    const [compared, theirsCompared] = await verdicts(forger.folder, { ...nothing, older: product.older });
    expect(theirsCompared).toEqual(compared);
  });

  it.each(Object.entries(SIGNED_DAMAGES))('says the same of a signed log with %s', async (_, damage) => {
    const forger = copy();
    damage(forger);
    const [ours, theirs] = await verdicts(forger.folder);
    expect(theirs).toEqual(ours);
    expect(ours).toMatchObject({
      intact: false,
      levels: { hashes: 'pass', inclusion: 'pass', checkpoint: 'pass' },
    });
  });

  it.each(Object.entries(MANIFEST_DAMAGES))('says the same of a bundle.json with %s', async (_, damage) => {
    const forger = copy();
    damage(forger);
    const [ours, theirs] = await verdicts(forger.folder);
    expect(theirs).toEqual(ours);
    expect(ours).toMatchObject({ intact: false, levels: { hashes: 'fail', events: 'not_checked' } });
  });

  it('says the same of any bytes in the place of others', async () => {
    const paths = copy().files();
    const anyChange = fc.record({
      path: fc.constantFrom(...paths.filter((path) => !path.startsWith('schema/'))),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      removed: fc.nat(40),
      put: fc.uint8Array({ maxLength: 40 }),
      agrees: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(anyChange, async ({ path, at, removed, put, agrees }) => {
        const forger = copy();
        const bytes = forger.bytes(path);
        const from = Math.floor(at * bytes.length);
        forger.write(path, Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + removed)]));
        if (agrees && path !== 'bundle.json') forger.agree();
        const [ours, theirs] = await verdicts(forger.folder);
        expect(theirs).toEqual(ours);
        rmSync(forger.folder, { recursive: true });
      }),
      { numRuns: 80 },
    );
  }, 60_000);

  it('ends its command as the first one does, and prints the same members', async () => {
    const damaged = copy();
    damaged.remove('keys');
    const calls: readonly (readonly [number, string, ...string[]])[] = [
      [0, bundle('everything'), '--key', product.key, '--since', join(product.folder, 'older')],
      [0, bundle('one session')],
      [6, damaged.folder],
      [5, join(product.folder, 'nowhere')],
      [5, product.folder],
      [2, bundle('everything'), '--key', 'x'],
      [2, bundle('everything'), '--witness', product.key],
      [5, bundle('everything'), '--since', join(product.folder, 'nowhere')],
      [2, bundle('everything'), '--nothing'],
    ];
    for (const [code, folder, ...options] of calls) {
      const first = await aegis(['ledger', 'verify', '--bundle', folder, ...options, '--json']);
      const second = await python('-m', 'aegis_verify', folder, ...options, '--json');
      const codes = { first: first.code, second: second.code };
      expect({ folder, options, codes }).toEqual({ folder, options, codes: { first: code, second: code } });
      if (code === 2 || code === 5) continue;
      const [ours, theirs] = [JSON.parse(first.stdout), JSON.parse(second.stdout)];
      expect(Object.keys(theirs)).toEqual(Object.keys(ours));
      expect(Object.keys(theirs.levels)).toEqual(Object.keys(ours.levels));
      expect(verdictIn(theirs)).toEqual(verdictIn(ours));
      for (const name of ['bundle', 'bundle_sha256', 'tenant', 'origin', 'size', 'root', 'scope']) {
        expect(theirs[name]).toEqual(ours[name]);
      }
    }
  }, 120_000);

  it('writes any JSON in the same canonical form', async () => {
    const key = fc.string({ unit: 'binary' });
    const number = fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true }), fc.maxSafeInteger());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, false),
        number,
        key,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 6 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(value, async (one) => {
        const text = JSON.stringify(one, undefined, 1);
        expect(await answerer.ask({ json: text })).toEqual({ canonical: canonicalOf(text) });
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('takes the same signatures, at every edge that RFC 8032 leaves open', () => {
    const file = join(pythonFolder, 'tests/vectors/ed25519.json');
    const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly vectors: readonly SignatureVector[];
    };
    expect(vectors.length).toBeGreaterThan(30);
    const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
    for (const { name, public_key, message, signature, valid } of vectors) {
      const taken = verifyEd25519(bytes(public_key), bytes(message), bytes(signature));
      expect({ name, taken }).toEqual({ name, taken: valid });
    }
  });
});

interface SignatureVector {
  readonly name: string;
  readonly public_key: string;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

function canonicalOf(text: string): string | null {
  try {
    return canonicalJson(JSON.parse(text) as JsonValue);
  } catch (error) {
    if (codeOf(error) === 'INPUT_INVALID') return null;
    throw error;
  }
}
