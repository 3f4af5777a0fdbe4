import { describe, expect, it } from 'vitest';
import { type Check, compare, type Outcome } from './comparison.ts';
import { verdictOf } from './report.ts';

const check = (id: string, status: Check['status'], name = id): Check => ({ id, name, status });
const outcome = (...checks: readonly Check[]): Outcome => new Map([['scenario', checks]]);
const only = (direct: Outcome, through: Outcome) => {
  const [comparison, ...more] = compare(direct, through);
  if (comparison === undefined || more.length > 0) throw new Error('one scenario was expected');
  return comparison;
};

describe('the comparison of two runs', () => {
  it.each([
    ['fails', [check('a', 'FAILURE')]],
    ['is only a warning', [check('a', 'WARNING')]],
    ['is skipped', [check('a', 'SKIPPED')]],
    ['is no longer made', []],
  ] as const)('counts a check as lost that %s through the gateway', (_, through) => {
    const comparison = only(outcome(check('a', 'SUCCESS')), outcome(...through));
    expect(comparison.lost.map(({ id }) => id)).toEqual(['a']);
    expect(verdictOf('http', comparison)).toBe('lost');
  });

  it('counts a whole scenario as lost that did not run', () => {
    expect(verdictOf('http', only(outcome(check('a', 'SUCCESS')), new Map()))).toBe('lost');
  });

  it('counts a failure as lost that there is only through the gateway', () => {
    const comparison = only(
      outcome(check('a', 'SUCCESS')),
      outcome(check('a', 'SUCCESS'), check('b', 'FAILURE')),
    );
    expect(comparison.lost).toMatchObject([{ id: 'b', direct: 'ABSENT', through: 'FAILURE' }]);
  });

  it('compares the second check of an id with the second', () => {
    const direct = outcome(check('a', 'SUCCESS'), check('a', 'SUCCESS'));
    const through = outcome(check('a', 'SUCCESS'), check('a', 'FAILURE'));
    expect(only(direct, through).lost).toMatchObject([{ check: 'a #2' }]);
    expect(only(direct, outcome(check('a', 'SUCCESS'))).lost).toMatchObject([{ check: 'a #2' }]);
  });

  it('does not hold against the gateway what fails directly', () => {
    const comparison = only(outcome(check('a', 'FAILURE')), outcome(check('a', 'WARNING')));
    expect(verdictOf('http', comparison)).toBe('differs');
  });

  it('overlooks what the suite only notes down', () => {
    const comparison = only(
      outcome(check('a', 'SUCCESS'), check('seen', 'INFO'), check('seen', 'INFO')),
      outcome(check('a', 'SUCCESS')),
    );
    expect(verdictOf('http', comparison)).toBe('equal');
    expect(comparison.direct).toEqual({ passed: 1, of: 1 });
  });
});
