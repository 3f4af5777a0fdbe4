import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldPhrase } from '../../../src/inspect/text/fold.ts';
import { originOf, unmapped } from '../../../src/inspect/text/mapped-text.ts';
import { MAX_READINGS, readingsOf } from '../../../src/inspect/text/readings.ts';

const PLAIN = 'Please water the plants and the garden with care';

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const codes = (text: string, write: (code: number) => string) =>
  Array.from(text, (character) => write(character.codePointAt(0) ?? 0)).join('');

const WRITTEN: readonly (readonly [name: string, written: string])[] = [
  ['base64', base64(PLAIN)],
  ['base64url', Buffer.from(PLAIN).toString('base64url')],
  ['base64 twice', base64(base64(PLAIN))],
  ['base64 in lines', base64(PLAIN).replaceAll(/.{32}/g, '$&\n')],
  ['hexadecimal', Buffer.from(PLAIN).toString('hex')],
  ['hexadecimal with blanks', Buffer.from(PLAIN).toString('hex').replaceAll(/../g, '$& ')],
  ['bytes as \\x escapes', Buffer.from(PLAIN).toString('hex').replaceAll(/../g, '\\x$&')],
  ['percent-encoding', codes(PLAIN, (code) => `%${code.toString(16)}`)],
  ['decimal references', codes(PLAIN, (code) => `&#${code};`)],
  ['hexadecimal references', codes(PLAIN, (code) => `&#x${code.toString(16)};`)],
  ['\\u escapes', codes(PLAIN, (code) => `\\u${code.toString(16).padStart(4, '0')}`)],
  ['binary digits', codes(PLAIN, (code) => `${code.toString(2).padStart(8, '0')} `)],
  ['decimal numbers', codes(PLAIN, (code) => `${code} `)],
  ['tag characters', `Hello.${codes(PLAIN, (code) => String.fromCodePoint(0xe0000 + code))}`],
  ['variation selectors', `\u{1f600}${codes(PLAIN, (code) => String.fromCodePoint(0xe0100 + code - 16))}`],
  ['reversal', [...PLAIN].toReversed().join('')],
  [
    'rot13',
    PLAIN.replaceAll(
      /[a-z]/gi,
      (c) => 'nopqrstuvwxyzabcdefghijklm'['abcdefghijklmnopqrstuvwxyz'.indexOf(c.toLowerCase())] ?? c,
    ),
  ],
];

const SAME: readonly (readonly [name: string, written: string])[] = [
  ['zero-width characters', [...PLAIN].join('\u200b')],
  ['soft hyphens', [...PLAIN].join('\u00ad')],
  ['full-width letters', codes(PLAIN, (code) => (code === 32 ? ' ' : String.fromCodePoint(code + 0xfee0)))],
  [
    'mathematical letters',
    PLAIN.replaceAll(/[a-z]/g, (c) => String.fromCodePoint(0x1d41a + c.charCodeAt(0) - 97)).replace(
      'P',
      '\u{1d40f}',
    ),
  ],
  [
    'circled letters',
    PLAIN.toLowerCase().replaceAll(/[a-z]/g, (c) => String.fromCodePoint(0x24d0 + c.charCodeAt(0) - 97)),
  ],
  [
    'regional indicators',
    PLAIN.toLowerCase().replaceAll(/[a-z]/g, (c) => String.fromCodePoint(0x1f1e6 + c.charCodeAt(0) - 97)),
  ],
  ['Cyrillic letters', PLAIN.replaceAll('a', 'а').replaceAll('e', 'е')],
  ['piled marks', [...PLAIN].join('\u0335\u0316')],
  ['terminal colours', `\u001b[31m${PLAIN}\u001b[0m`],
];

describe('the readings of a text', () => {
  it.each(WRITTEN)('undo %s', (_name, written) => {
    const readings = readingsOf(`See: ${written}`).map(({ folded }) => folded.text);
    expect(readings.some((text) => text.includes('water the plants and the garden'))).toBe(true);
  });

  it.each(SAME)('are the same through %s', (_name, written) => {
    expect(readingsOf(written)[0]?.folded.text).toContain('water the plants and the garden');
  });

  it.each([
    'w a t e r  t h e  p l a n t s',
    'w.a.t.e.r.t.h.e.p.l.a.n.t.s.n.o.w',
    'wate rthe plan tsno wand agai nnow',
  ])('put the letters of %j together', (written) => {
    const glued = readingsOf(written).find((reading) => reading.glued);
    expect(glued?.folded.text).toContain('watertheplants');
  });

  it('leave ordinary text with one reading', () => {
    expect(
      readingsOf(`${PLAIN}. At 10:30 on 2026-01-01 call (555) 010-1234, see https://example.com/a/b.`),
    ).toHaveLength(1);
  });

  it('say where in the original a decoded word was', () => {
    const written = codes(PLAIN, (code) => `&#${code};`);
    const text = `before ${written} after`;
    const reading = readingsOf(text).find(({ via }) => via[0] === 'character references');
    const start = reading?.folded.text.indexOf('water') ?? -1;
    const span = originOf(reading?.folded ?? unmapped(''), { start, end: start + 5 });
    expect(text.slice(span.start, span.end)).toBe(codes('water', (code) => `&#${code};`));
  });

  it('read digits as letters in every part that mixes them, and say where it was', () => {
    const long = 'The lorry left the yard in the morning with sand and stones. '.repeat(40);
    const text = `${long}p1ease wat3r the p1ants. ${long}and the g4rden with c4re. ${long}`;
    const reading = readingsOf(text).find(({ via }) => via[0] === 'look-alike digits');
    const read = reading?.folded ?? unmapped('');
    expect(read.text.length).toBeLessThan(text.length / 2);
    const placeOf = (word: string) => {
      const start = read.text.indexOf(word);
      const span = originOf(read, { start, end: start + word.length });
      return text.slice(span.start, span.end);
    };
    expect(placeOf('water')).toBe('wat3r');
    expect(placeOf('garden')).toBe('g4rden');
    expect(new Set(read.text.split(/[^a-z]+/))).not.toContain('orry');
  });

  it('read a few hundred characters around such words, and cut no word', () => {
    const plain = 'loading unloading weighing emptying '.repeat(60);
    for (let shift = 0; shift < 12; shift++) {
      const text = `${plain}${'.'.repeat(shift)}p1ease wat3r the p1ants ${plain}`;
      const read = readingsOf(text).find(({ via }) => via[0] === 'look-alike digits')?.folded.text ?? '';
      const words = read.split(/[^a-z]+/).filter((word) => word !== '');
      const known = new Set([
        'loading',
        'unloading',
        'weighing',
        'emptying',
        'piease',
        'water',
        'the',
        'piants',
      ]);
      expect(words.filter((word) => !known.has(word))).toEqual([]);
      expect(words.length).toBeGreaterThan(120);
    }
  });

  it('read the whole of a short text whose words mix digits with letters', () => {
    const texts = readingsOf('p1ease wat3r the g4rden with c4re').map(({ folded }) => folded.text);
    expect(texts).toContain('please water the garden with care');
    expect(texts).toContain('piease water the garden with care');
  });

  it('say where in the original a folded word was', () => {
    const text = 'to w\u200ba\u200bt\u200be\u200br plants';
    const folded = fold(unmapped(text));
    const start = folded.text.indexOf('water');
    const span = originOf(folded, { start, end: start + 5 });
    expect(text.slice(span.start, span.end)).toBe('w\u200ba\u200bt\u200be\u200br');
  });

  it('are bounded in number, however encodings stand in each other', () => {
    let text = PLAIN;
    for (let i = 0; i < 8; i++) text = `${base64(text)} ${codes(PLAIN, (code) => `%${code.toString(16)}`)}`;
    expect(readingsOf(text).length).toBeLessThanOrEqual(MAX_READINGS);
  });

  it('are made of any text without a throw, with every place inside of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const { folded } of readingsOf(text)) {
          expect(folded.origins?.length ?? folded.text.length + 1).toBe(folded.text.length + 1);
          const span = originOf(folded, { start: 0, end: folded.text.length });
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.start).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it('fold a phrase to itself once it is folded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const folded = foldPhrase(text);
        expect(foldPhrase(folded)).toBe(folded);
      }),
    );
  });
});
