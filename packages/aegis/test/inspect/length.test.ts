import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '@aegis/core';
import { isShort } from '../../src/inspect/content/length.ts';

describe('content that is short', () => {
  it('holds no text, and no texts together, that are longer', () => {
    const around: fc.Arbitrary<(text: string) => JsonValue> = fc.constantFrom<(text: string) => JsonValue>(
      (text) => text,
      (text) => ({ content: [{ type: 'text', text }] }),
      (text) => ({ [text]: null }),
      (text) => [text.slice(0, 20), text.slice(20)],
    );
    fc.assert(
      fc.property(around, fc.integer({ min: 40, max: 4_000 }), (within, max) => {
        expect(isShort(within('x'.repeat(max + 1)), max)).toBe(false);
        expect(isShort(within('x'.repeat(max - 40)), max)).toBe(true);
      }),
    );
  });

  it('has not many values either, however small', () => {
    expect(
      isShort(
        Array.from({ length: 1_000 }, () => 0),
        1_000,
      ),
    ).toBe(false);
    expect(isShort({ some: [1, true, null] }, 1_000)).toBe(true);
  });

  it('has no more long numbers than a text could have', () => {
    const numbers = Array.from({ length: 4_000 }, (_, i) => 4_111_111_111_111_111 + i);
    expect(JSON.stringify(numbers).length).toBeGreaterThan(65_536);
    expect(isShort(numbers, 65_536)).toBe(false);
    expect(isShort(numbers.slice(0, 3_000), 65_536)).toBe(true);
  });
});
