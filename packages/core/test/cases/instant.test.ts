import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../src/cases/instant.ts';

describe('an instant', () => {
  it('is what the platform reads', () => {
    const date = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (moment, minutes) => {
        const local = new Date(moment.getTime() + minutes * 60_000).toISOString();
        const two = (count: number): string => String(count).padStart(2, '0');
        const size = Math.abs(minutes);
        const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        const text = `${local.slice(0, -1)}${offset}`;
        expect(parseInstant(text)).toBe(moment.getTime());
      }),
    );
  });

  it.each([
    ['2026-11-24T03:00:00+01:00', Date.UTC(2026, 10, 24, 2)],
    ['2026-11-24T03:00Z', Date.UTC(2026, 10, 24, 3)],
    ['2024-02-29T00:00:00.5Z', Date.UTC(2024, 1, 29, 0, 0, 0, 500)],
    ['2023-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-11-24T24:00:00Z', undefined],
    ['2026-11-24T03:00:00', undefined],
    ['2026-11-24', undefined],
    ['2026-11-24T03:00:00+24:00', undefined],
  ])('%s is %s', (text, wanted) => {
    expect(parseInstant(text)).toBe(wanted);
  });
});
