import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Checkpoint,
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
} from '../../../src/ledger/log/checkpoint.ts';
import { cosignature, cosignatureMessage, verifyCosignatures } from '../../../src/ledger/log/cosignature.ts';
import { EMPTY_ROOT } from '../../../src/ledger/log/hash.ts';
import { formatNote, type NoteSignature, parseNote, type SignedNote } from '../../../src/ledger/log/note.ts';
import { type TestKey, testKey, verify } from './ed25519.ts';

const ORIGIN = 'aegis-0123456789ab/acme';
const root = new Uint8Array(32).fill(9);
const log = testKey(ORIGIN, 1);
const next = testKey(ORIGIN, 2);
const stranger = testKey(ORIGIN, 3);
const witness = testKey('witness.example/w1', 4, 'ed25519-cosignature');
const other = testKey('witness.example/w2', 5, 'ed25519-cosignature');

const checkpoint: Checkpoint = { origin: ORIGIN, size: 812, root };
const text = formatCheckpoint(checkpoint);

const signed = ({ key, sign }: TestKey, message = text): NoteSignature => ({
  name: key.name,
  keyId: key.keyId,
  bytes: sign(message),
});

const cosigned = ({ key, sign }: TestKey, time = 1_763_683_200, message = text): NoteSignature =>
  cosignature(key, time, sign(cosignatureMessage(time, message)));

const noteOf = (note: string): SignedNote => parseNote(note) as SignedNote;

/** The example of C2SP tlog-cosignature. */
const BEHIND_THE_SOFA = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

describe('the text of a checkpoint', () => {
  test('is read as in the example of C2SP tlog-checkpoint', () => {
    const read = parseCheckpoint(noteOf(BEHIND_THE_SOFA).text);
    expect(read).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(formatCheckpoint(read as Checkpoint)).toBe(noteOf(BEHIND_THE_SOFA).text);
  });

  test('round-trips', () => {
    const lines = fc.string({ minLength: 1 }).filter((line) => !line.includes('\n'));
    fc.assert(
      fc.property(
        lines,
        fc.maxSafeInteger(),
        fc.array(lines, { maxLength: 2 }),
        (origin, number, extensions) => {
          const size = Math.abs(number);
          const value = { origin, size, root, ...(extensions.length === 0 ? {} : { extensions }) };
          expect(parseCheckpoint(formatCheckpoint(value), 'keep')).toEqual(value);
        },
      ),
    );
  });

  const base64 = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';

  test.each([
    ['nothing', ''],
    ['no newline at the end', `a\n1\n${base64}`],
    ['two lines', `a\n${base64}\n`],
    ['no origin', `\n1\n${base64}\n`],
    ['a size with a leading zero', `a\n01\n${base64}\n`],
    ['a negative size', `a\n-1\n${base64}\n`],
    ['a size beyond what is exact', `a\n9007199254740992\n${base64}\n`],
    ['a root that is not base64', `a\n1\n${base64.slice(1)}\n`],
    ['a root of 31 bytes', `a\n1\n${'A'.repeat(41)}===\n`],
    ['a root of 33 bytes', `a\n1\n${'A'.repeat(44)}\n`],
    ['a root with bits left over', `a\n1\n${base64.replace('I=', 'J=')}\n`],
    ['an empty extension line', `a\n1\n${base64}\n\n`],
  ])('with %s is refused', (_, wrong) => {
    expect(parseCheckpoint(wrong, 'keep')).toBeTypeOf('string');
  });

  test('has extension lines only where they are asked for', () => {
    const extended = `${text}an extension\n`;
    expect(parseCheckpoint(extended)).toBe('the checkpoint has extension lines');
    expect(parseCheckpoint(extended, 'keep')).toMatchObject({ extensions: ['an extension'] });
    const note = formatNote(extended, [signed(log, extended)]);
    expect(openCheckpoint(note, [log.key], verify)).toBe('the checkpoint has extension lines');
    expect(openCheckpoint(note, [log.key], verify, 'keep')).toMatchObject({ by: [log.key] });
  });

  test.each<[string, Partial<Checkpoint>]>([
    ['no origin', { origin: '' }],
    ['a line feed in its origin', { origin: 'a\n1' }],
    ['a size that is none', { size: -1 }],
    ['a size beyond what is exact', { size: 2 ** 53 }],
    ['a root of other length', { root: new Uint8Array(31) }],
    ['an empty extension line', { extensions: [''] }],
  ])('with %s is not written', (_, change) => {
    expect(() => formatCheckpoint({ ...checkpoint, ...change })).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
  });
});

describe('opening a checkpoint', () => {
  const note = formatNote(text, [signed(log)]);

  test('tells what is signed, and by whom', () => {
    expect(openCheckpoint(note, [stranger.key, log.key], verify)).toEqual({
      checkpoint,
      note: { text, signatures: [signed(log)] },
      by: [log.key],
    });
  });

  test('while keys change, names both', () => {
    const both = formatNote(text, [signed(log), signed(next), signed(log)]);
    expect(openCheckpoint(both, [log.key, next.key], verify)).toMatchObject({ by: [log.key, next.key] });
    expect(openCheckpoint(both, [next.key], verify)).toMatchObject({ by: [next.key] });
  });

  test('needs a known key', () => {
    const problem = `no known key has signed the checkpoint of \`${ORIGIN}\``;
    expect(openCheckpoint(note, [], verify)).toBe(problem);
    expect(openCheckpoint(note, [stranger.key], verify)).toBe(problem);
    expect(openCheckpoint(note, [{ ...log.key, algorithm: 'ed25519-cosignature' }], verify)).toBe(problem);
  });

  test('one bad signature of a known key refuses the note, whatever else stands there', () => {
    const bad = { ...signed(next), bytes: signed(log).bytes };
    const problem = `the signature of \`${ORIGIN}\` (${next.key.keyId}) is not valid`;
    for (const signatures of [
      [signed(log), bad],
      [bad, signed(log)],
      [signed(next), bad],
    ]) {
      expect(openCheckpoint(formatNote(text, signatures), [log.key, next.key], verify)).toBe(problem);
    }
    expect(openCheckpoint(formatNote(text, [signed(log), bad]), [log.key], verify)).toMatchObject({
      by: [log.key],
    });
  });

  test('the key of one log cannot sign for another', () => {
    const elsewhere = formatCheckpoint({ ...checkpoint, origin: 'aegis-0123456789ab/beta' });
    const forged = formatNote(elsewhere, [signed(log, elsewhere)]);
    expect(openCheckpoint(forged, [log.key], verify)).toContain('no known key');
  });

  test('what is said of a foreign note cannot move the cursor', () => {
    const hostile = formatCheckpoint({ ...checkpoint, origin: 'a\u009b2J\u202eb' });
    const problem = openCheckpoint(formatNote(hostile, [signed(log, hostile)]), [log.key], verify);
    expect(problem).toBe('no known key has signed the checkpoint of `a\ufffd2J\ufffdb`');
  });

  test('two keys with the same name and id are both tried', () => {
    const collision = { ...stranger.key, keyId: log.key.keyId };
    expect(openCheckpoint(note, [collision, log.key], verify)).toMatchObject({ by: [log.key] });
    expect(openCheckpoint(note, [collision], verify)).toContain('is not valid');
  });

  test('one changed character in a signed checkpoint is found', () => {
    for (let i = 0; i < note.length; i++) {
      const changed = `${note.slice(0, i)}${note[i] === 'A' ? 'B' : 'A'}${note.slice(i + 1)}`;
      expect(openCheckpoint(changed, [log.key], verify)).toBeTypeOf('string');
    }
  });

  test('whatever is no signed checkpoint is refused in words', () => {
    const cut = fc.tuple(
      fc.nat(note.length),
      fc.nat(note.length),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(cut, ([from, to, middle]) => {
        const changed = note.slice(0, Math.min(from, to)) + middle + note.slice(Math.max(from, to));
        fc.pre(changed !== note);
        expect(openCheckpoint(changed, [log.key], verify)).toBeTypeOf('string');
      }),
      { numRuns: 1000 },
    );
  });

  test('an empty log has the empty root', () => {
    const empty = formatCheckpoint({ origin: ORIGIN, size: 0, root: EMPTY_ROOT });
    const opened = openCheckpoint(formatNote(empty, [signed(log, empty)]), [log.key], verify);
    expect(opened).toMatchObject({ checkpoint: { size: 0 } });
  });
});

describe('cosignatures', () => {
  test('sign the text under the header and the time of C2SP tlog-cosignature', () => {
    expect(Buffer.from(cosignatureMessage(1_679_315_147, noteOf(BEHIND_THE_SOFA).text)).toString()).toBe(
      `cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n`,
    );
  });

  test('carry the time of the example', () => {
    const [, example] = noteOf(BEHIND_THE_SOFA).signatures as [NoteSignature, NoteSignature];
    const key = { ...witness.key, name: example.name, keyId: example.keyId };
    const accepting = () => true;
    expect(verifyCosignatures(noteOf(BEHIND_THE_SOFA), [key], accepting)).toEqual([
      { by: key, time: 1_679_315_147 },
    ]);
    expect(cosignature(key, 1_679_315_147, example.bytes.subarray(8))).toEqual(example);
  });

  test('of known witnesses are verified, those of others ignored', () => {
    const note = noteOf(formatNote(text, [signed(log), cosigned(witness), cosigned(other, 1_763_683_201)]));
    expect(verifyCosignatures(note, [witness.key], verify)).toEqual([
      { by: witness.key, time: 1_763_683_200 },
    ]);
    expect(verifyCosignatures(note, [other.key, witness.key], verify)).toHaveLength(2);
    expect(verifyCosignatures(note, [], verify)).toEqual([]);
    expect(openCheckpoint(formatNote(text, note.signatures), [log.key, witness.key], verify)).toMatchObject({
      by: [log.key],
    });
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['another time', (bytes) => bytes.with(7, 1)],
    ['no time', (bytes) => bytes.fill(0, 0, 8)],
    ['a time that is not exact', (bytes) => bytes.with(0, 255)],
    ['another signature', (bytes) => bytes.with(20, (bytes[20] ?? 0) ^ 1)],
    ['a byte less', (bytes) => bytes.slice(0, -1)],
    ['nothing but a time', (bytes) => bytes.slice(0, 8)],
  ])('with %s are refused, and the note with them', (_, change) => {
    const good = cosigned(witness);
    const note = noteOf(formatNote(text, [signed(log), { ...good, bytes: change(good.bytes) }]));
    expect(verifyCosignatures(note, [witness.key], verify)).toBe(
      `the cosignature of \`witness.example/w1\` (${witness.key.keyId}) is not valid`,
    );
  });

  test('a note signature under the key of a witness is no cosignature, nor the other way round', () => {
    const asNote = { ...signed(witness), bytes: witness.sign(text) };
    expect(verifyCosignatures(noteOf(formatNote(text, [asNote])), [witness.key], verify)).toContain(
      'not valid',
    );
    const asCosignature = cosigned(log);
    expect(openCheckpoint(formatNote(text, [asCosignature]), [log.key], verify)).toContain('not valid');
  });

  test.each([0, -1, 1.5, 2 ** 53])('at the time %d are not made', (time) => {
    expect(() => cosignature(witness.key, time, new Uint8Array(64))).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
  });
});
