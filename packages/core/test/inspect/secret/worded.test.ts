import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWorded } from '../../../src/inspect/secret/worded.ts';

describe('words in a value', () => {
  it.each([
    'X509WorkloadIdentity',
    'uint8ArrayData',
    'LanguageModelV4Prompt',
    'w32-register-hot-key',
    'tslib_1.__importStar',
    'customer_order_2024_items',
    'before-after-hook',
  ])('are told from what is drawn at random: %s', (value) => {
    expect(isWorded(value)).toBe(true);
  });

  it.each([
    'q7ZtX2mB9dVcR4kLw8PfYs3N',
    '9f3c1a7be5d20486c7b1e94f',
    'eduf0pezfibcmvlvdtbpf5s8',
    'ABCDEFGHIJKLMNOPQRSTUVWX',
    '1234567890123456',
    '',
  ])('are not in %s', (value) => {
    expect(isWorded(value)).toBe(false);
  });

  it('are hardly ever in random characters', () => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    const key = fc.string({ unit: fc.constantFrom(...digits), minLength: 24, maxLength: 40 });
    const worded = fc.sample(key, { numRuns: 2000, seed: 1 }).filter(isWorded);
    expect(worded.length).toBeLessThanOrEqual(10);
  });
});
