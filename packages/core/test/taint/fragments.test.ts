import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fragments } from '../../src/taint/fragments.ts';
import { wordsOf } from '../../src/taint/words.ts';

const first = (before: number): number => before;

describe('an index of fragments', () => {
  const word = fc.stringMatching(/^[a-z]{1,6}$/);

  it('finds every sequence of up to four words of every text that was added', () => {
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 30 }), { maxLength: 20 }), (texts) => {
        const index = new Fragments(3);
        for (const [origin, text] of texts.entries()) index.add(wordsOf(text.join(' ')), origin, first);
        for (const text of texts) {
          const words = wordsOf(text.join(', '));
          for (let from = 0; from < text.length; from++) {
            for (let to = from + 1; to <= Math.min(from + 4, text.length); to++) {
              expect(index.find(words, from, to)).toBeTypeOf('number');
            }
          }
        }
      }),
    );
  });

  it('keeps what it holds when it grows', () => {
    const index = new Fragments(3);
    for (let i = 0; i < 20_000; i++) index.add(wordsOf(`only${i}`), i, first);
    const wrong = Array.from({ length: 20_000 }, (_, i) => index.find(wordsOf(`only${i}`), 0, 1)).filter(
      (origin, i) => origin !== i,
    );
    // Of 20,000 hashes of 32 bits two are equal with a chance of 1 in 20.
    expect(wrong.length).toBeLessThan(3);
  });

  it('says so when it is full, and holds no more', () => {
    const index = new Fragments(3, 10);
    expect(index.add(wordsOf('a b c'), 0, first)).toBe(true);
    expect(index.add(wordsOf('a b c'), 1, first)).toBe(true);
    expect(index.add(wordsOf('d e f g h i'), 2, first)).toBe(false);
    expect(index.size).toBe(10);
  });

  it('asks which origin counts of what was seen twice', () => {
    const index = new Fragments(3);
    index.add(wordsOf('same'), 4, first);
    index.add(wordsOf('same'), 5, (before, now) => before * 10 + now);
    expect(index.find(wordsOf('same'), 0, 1)).toBe(45);
  });
});
