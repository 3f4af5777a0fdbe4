import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExampleValue, isFilledIn, isFiller } from '../../../src/inspect/secret/example-value.ts';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';

const real = (text: string): readonly string[] =>
  findSecrets(text)
    .filter(({ example }) => !example)
    .map(({ start, end }) => text.slice(start, end));

describe('a value that only fills its place', () => {
  it.each([
    'abcdefghijklmnopqrstuvwxyz',
    '1234567890abcdef1234567890abcdef',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ123456',
    'fedcba9876543210fedcba9876543210',
    'qwertyuiop1234567890',
  ])('%s is typed in order', (value) => {
    expect(isFiller(value)).toBe(true);
    expect(real(`api_key = "${value}"`)).toEqual([]);
    expect(real(`Authorization: Bearer ${value}`)).toEqual([]);
  });

  it.each([
    'abcd1234efgh5678ijkl9012',
    'q7ZtX2mB9dVcR4kLw8Pf',
    '9f3c1a7be5d20486c7b1e94f0a6d8352',
    'abc12345',
  ])('%s may be a secret of somebody', (value) => {
    expect(isFiller(value)).toBe(false);
  });

  it.each(['sk-proj-', 'ghp_', 'glpat-', 'figd_'])('stands behind %s in documents', (prefix) => {
    expect(real(`${prefix}abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz`)).toEqual([]);
    expect(isFilledIn('a1b2c3d4e5f6g7h8i9j0')).toBe(true);
  });

  it('is a key all the same where a service is named', () => {
    expect(real('datadog_api_key: 1234567890abcdef1234567890abcdef')).toHaveLength(1);
    expect(real('float_key=1234567890abcdef1234567890abcdef')).toHaveLength(1);
  });

  it('is no example where the rest of it is drawn', () => {
    expect(isExampleValue('xoxa-2-511111111-31111111111')).toBe(true);
    expect(isExampleValue('2-511111111-e039d02840a0b9379c4f')).toBe(false);
  });

  it('is hardly ever drawn at random', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 24, maxLength: 64 });
    let fillers = 0;
    fc.assert(
      fc.property(digits, (value) => {
        if (/(.)\1{4}/.test(value)) return;
        fillers += Number(isFiller(value));
      }),
      { seed: 7, numRuns: 2000 },
    );
    expect(fillers).toBeLessThan(20);
  });
});
