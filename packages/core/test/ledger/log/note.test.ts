import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../../src/ledger/log/base64.ts';
import {
  formatVerifierKey,
  isKeyName,
  keyId,
  parseVerifierKey,
  verifierKey,
} from '../../../src/ledger/log/key.ts';
import {
  formatNote,
  type NoteSignature,
  parseNote,
  parseSignatures,
  type SignedNote,
} from '../../../src/ledger/log/note.ts';
import { digest } from './digest.ts';
import { testKey, verify } from './ed25519.ts';

/** The examples of C2SP signed-note. */
const QUASIMODO = `Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
`;
const FOO_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const FOO_NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

const parsed = (note: string): SignedNote => {
  const read = parseNote(note);
  if (typeof read === 'string') throw new Error(read);
  return read;
};

describe('a note', () => {
  test('is read as in the examples of C2SP signed-note', () => {
    const { text, signatures } = parsed(QUASIMODO);
    expect(text.endsWith('\n\ned è subito sera.\n')).toBe(true);
    expect(signatures.map(({ name, keyId: id, bytes }) => [name, id, bytes.length])).toEqual([
      ['quasimodo.example/salvatore', '367ba04b', 64],
    ]);
    expect(formatNote(text, signatures)).toBe(QUASIMODO);
  });

  test('is verified by the key of the example', () => {
    const key = parseVerifierKey(FOO_KEY, digest);
    const { text, signatures } = parsed(FOO_NOTE);
    if (typeof key === 'string') throw new Error(key);
    const signature = signatures[0] as NoteSignature;
    expect(text).toBe('This is an example message.\n');
    expect([signature.name, signature.keyId]).toEqual([key.name, key.keyId]);
    expect(verify(key.publicKey, Buffer.from(text), signature.bytes)).toBe(true);
    expect(verify(key.publicKey, Buffer.from(`${text} `), signature.bytes)).toBe(false);
  });

  const line = `— example.com/foo ${encodeBase64(new Uint8Array(68))}\n`;

  test.each([
    ['nothing', ''],
    ['no signature', 'text\n\n'],
    ['no blank line', `text\n${line}`],
    ['no text', `\n${line}`],
    ['no newline at the end', `text\n\n${line.slice(0, -1)}`],
    ['a line that is no signature', `text\n\n${line}more\n`],
    ['a hyphen for the dash', `text\n\n${line.replace('—', '-')}`],
    ['no space after the dash', `text\n\n${line.replace('— ', '—')}`],
    ['two spaces', `text\n\n${line.replace('foo ', 'foo  ')}`],
    ['a space at the end', `text\n\n${line.replace('\n', ' \n')}`],
    ['a signature without a name', `text\n\n${line.replace('example.com/foo', '')}`],
    ['a plus in a name', `text\n\n${line.replace('foo', 'f+o')}`],
    ['a Unicode space in a name', `text\n\n${line.replace('foo', 'f\u2003o')}`],
    ['a signature that is not base64', `text\n\n${line.replace('AAAA', 'AA*A')}`],
    ['a signature that is the id alone', 'text\n\n— example.com/foo AAAAAA==\n'],
    ['a carriage return', `text\r\n\n${line}`],
    ['a tab', `te\txt\n\n${line}`],
    ['a NUL', `te\0xt\n\n${line}`],
    ['a lone surrogate', `te\ud800xt\n\n${line}`],
    ['too many signatures', `text\n\n${line.repeat(65)}`],
    ['too many characters', `${'x'.repeat(1 << 20)}\n\n${line}`],
  ])('with %s is refused', (_, note) => {
    expect(parseNote(note)).toBeTypeOf('string');
  });

  test('may have blank lines in its text and 64 signatures', () => {
    expect(parsed(`\n\na\n\n\n${line.repeat(64)}`)).toMatchObject({ text: '\n\na\n\n' });
    expect(parsed(`\n\n${line}`).text).toBe('\n');
  });

  test('what a witness answers is read as signature lines alone', () => {
    expect(parseSignatures(line.repeat(2))).toHaveLength(2);
    expect(parseSignatures(`${line}\n`)).toBe('signature line 2 is malformed');
    expect(parseSignatures('')).toBeTypeOf('string');
  });

  const signature: NoteSignature = { name: 'a', keyId: '01020304', bytes: new Uint8Array(64) };

  test('a text cannot bring signatures of its own', () => {
    const forged = `text\n\n${line.slice(0, -1)}`;
    expect(() => formatNote(forged, [signature])).toThrow('the text does not end in a newline');
    expect(() => formatNote(`${forged}\n`, [])).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(parsed(formatNote(`${forged}\n`, [signature])).signatures).toEqual([signature]);
  });

  test.each<[string, Partial<NoteSignature>]>([
    ['an id of other length', { keyId: '0102' }],
    ['an id that is not hex', { keyId: 'xxxxxxxx' }],
    ['no name', { name: '' }],
    ['a line feed in its name', { name: 'a\nb' }],
    ['no bytes', { bytes: new Uint8Array() }],
  ])('a signature with %s is not written', (_, change) => {
    expect(() => formatNote('text\n', [{ ...signature, ...change }])).toThrow(
      expect.objectContaining({ code: 'INTERNAL' }),
    );
  });
});

describe('notes at large', () => {
  const text = fc
    .array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 6 })
    .map((lines) => `${lines.join('\n')}\n`.replaceAll(/[\0-\x09\x0b-\x1f]/g, ''));
  const signatures = fc.array(
    fc.record({
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(isKeyName),
      keyId: fc.uint8Array({ minLength: 4, maxLength: 4 }).map((id) => Buffer.from(id).toString('hex')),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    }),
    { minLength: 1, maxLength: 5 },
  );

  test('are read back as they were written', () => {
    fc.assert(
      fc.property(text, signatures, (body, signed) => {
        const note = formatNote(body, signed);
        const read = parsed(note);
        expect(read.text).toBe(body);
        expect(read.signatures).toEqual(signed);
      }),
    );
  });

  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\n\n',
        '— ',
        '—',
        ' ',
        '+',
        '=',
        'AAAA',
        'AAAAAAAA',
        'example.com',
        '\r',
        '\0',
        '\ud800',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 20 },
  );

  test('are either refused in words or written again as they were', () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((parts) => parts.join('')),
          pieces.map((parts) => `${parts.join('')}\n\n— a AAAAAAA=\n`),
        ),
        (note) => {
          const result = parseNote(note);
          if (typeof result === 'string') return;
          read += 1;
          expect(formatNote(result.text, result.signatures)).toBe(note);
        },
      ),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(50);
  });
});

describe('a verifier key', () => {
  test('of the example has its id and is written as it was read', () => {
    const key = parseVerifierKey(FOO_KEY, digest);
    if (typeof key === 'string') throw new Error(key);
    expect(key).toMatchObject({ name: 'example.com/foo', keyId: '530d903a', algorithm: 'ed25519' });
    expect(formatVerifierKey(key)).toBe(FOO_KEY);
  });

  test('has another id under another name and for another purpose', () => {
    const { key } = testKey('aegis-0123456789ab/acme', 1);
    const ids = [
      key.keyId,
      keyId('aegis-0123456789ab/beta', 'ed25519', key.publicKey, digest),
      keyId(key.name, 'ed25519-cosignature', key.publicKey, digest),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  test('round-trips for every key, also when its base64 has a plus', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.constantFrom('ed25519' as const, 'ed25519-cosignature' as const),
        (publicKey, algorithm) => {
          const key = verifierKey('witness.example/w1', algorithm, publicKey, digest);
          expect(parseVerifierKey(formatVerifierKey(key), digest)).toEqual(key);
        },
      ),
    );
    const plus = verifierKey('a', 'ed25519', new Uint8Array(32).fill(0xfb), digest);
    expect(formatVerifierKey(plus)).toContain('+/v7');
    expect(parseVerifierKey(formatVerifierKey(plus), digest)).toEqual(plus);
  });

  const [name, id, base64] = FOO_KEY.split('+') as [string, string, string];

  test.each([
    ['nothing', ''],
    ['no name', `+${id}+${base64}`],
    ['a space in its name', `a b+${id}+${base64}`],
    ['another id', `${name}+00000000+${base64}`],
    ['an id in capitals', `${name}+${id.toUpperCase()}+${base64}`],
    ['another name', `example.com/bar+${id}+${base64}`],
    ['another key', `${name}+${id}+${base64.replace('eky', 'ekz')}`],
    ['no key', `${name}+${id}`],
    ['a key that is not base64', `${name}+${id}+${base64}=`],
    ['an unknown algorithm', `${name}+${id}+${encodeBase64(new Uint8Array(33).fill(7))}`],
    ['a key too short', `${name}+${id}+${encodeBase64(new Uint8Array(32).fill(1))}`],
  ])('with %s is refused', (_, text) => {
    expect(parseVerifierKey(text, digest)).toBeTypeOf('string');
  });

  test('under a name that cannot stand in a note is not made', () => {
    const { publicKey } = testKey('a', 1).key;
    for (const wrong of ['', 'a b', 'a+b', 'a\n', 'a\u00a0b', '\ud800']) {
      expect(() => verifierKey(wrong, 'ed25519', publicKey, digest)).toThrow('cannot name a key');
    }
    expect(() => verifierKey('a', 'ed25519', publicKey.subarray(1), digest)).toThrow('has 32 bytes');
  });

  test('is refused in words, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseVerifierKey(text, digest)).toBeTypeOf('string');
      }),
    );
  });
});
