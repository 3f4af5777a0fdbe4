import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { type Sanitizer, sanitize } from '../../src/taint/sanitizer.ts';

const place = { server: 'shop', tool: 'refund' };
const SANITIZERS: readonly Sanitizer[] = [
  { ...place, name: 'small-sum', argument: 'amount', kind: 'number', min: 0, max: 50 },
  {
    ...place,
    name: 'known-reason',
    argument: 'options.reason',
    kind: 'one_of',
    values: ['broken', 'late', 7],
  },
];

function left(args: JsonObject, at: string, server = 'shop') {
  const taint = { at, labels: ['external'], from: [], agreement: 'value', use: 'authority' } as const;
  const resource = { kind: 'tool', server, name: 'refund' } as const;
  const { taints, declassified } = sanitize([taint], SANITIZERS, { resource, args });
  return { left: taints.length, by: declassified.map(({ by }) => by) };
}

describe('a sanitizer', () => {
  it('clears a number within its bounds, also as a text', () => {
    expect(left({ amount: 12.5 }, '/amount')).toEqual({ left: 0, by: ['small-sum'] });
    expect(left({ amount: '12.5' }, '/amount')).toEqual({ left: 0, by: ['small-sum'] });
  });

  it.each([51, -1, '51', '1e1', '0x10', ' 12', '12 and more', 'NaN', '', null, true])(
    'does not clear %j',
    (amount) => {
      expect(left({ amount }, '/amount').left).toBe(1);
    },
  );

  it('clears one of the values that it names, and every item of a list', () => {
    expect(left({ options: { reason: 'late' } }, '/options/reason').left).toBe(0);
    expect(left({ options: { reason: ['late', 7] } }, '/options/reason/0').left).toBe(0);
    expect(left({ options: { reason: ['late', 'never'] } }, '/options/reason/0').left).toBe(1);
    expect(left({ options: { reason: 'LATE' } }, '/options/reason').left).toBe(1);
  });

  it('speaks of one argument of one tool of one server', () => {
    expect(left({ amount: 1, other: 1 }, '/other').left).toBe(1);
    expect(left({ amount: 1 }, '/amount', 'bank').left).toBe(1);
    expect(left({ amounts: 1, amount: 1 }, '/amounts').left).toBe(1);
  });
});
