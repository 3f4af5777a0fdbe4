import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';

/** `line code: message` of every mistake. */
function faults(text: string): string[] {
  return readConfiguration('/aegis.toml', text).diagnostics.map(
    ({ at, code, message }) => `${at.line} ${code}: ${message}`,
  );
}

const rate = (more: string) => `[[rates]]\nname = "few"\nlimit = 10\nwindow_ms = 60000\n${more}`;
const sequence = (first: string, next: string) =>
  `[[sequences]]\nname = "order"\nfirst = ${first}\nnext = ${next}\n`;

describe('rates in the configuration', () => {
  it('count every call of a tool together where they say nothing else', () => {
    const { configuration } = readConfiguration('/aegis.toml', rate(''));
    expect(configuration?.rates).toEqual([
      { name: 'few', per: [], limit: 10, windowMs: 60_000, match: 'tools/call', action: 'deny' },
    ]);
  });

  it('are refused where they would have no effect, or are no patterns', () => {
    expect(faults(rate('burst = 10'))).toEqual(['5 no-effect: `limit` allows no more than 10 in any case']);
    expect(faults('[[rates]]\nname = "few"\nlimit = 10\nwindow_ms = 1000\nburst = 2')).toEqual([
      '5 no-effect: the window is no longer than the second that `burst` is about',
    ]);
    expect(faults(rate('match = "tools\\\\"\ntools = ["a", ""]'))).toEqual([
      '5 bad-pattern: `tools\\` is not a glob',
      '6 bad-pattern: `` is not a glob',
    ]);
    expect(faults(rate(rate('')))).toEqual(['6 duplicate-name: `few` is already the name of another rate']);
    expect(faults(rate('per = ["planet"]'))).toHaveLength(1);
  });
});

describe('loops in the configuration', () => {
  it('slow down by a time that is said, and nothing else has one', () => {
    expect(faults('[loops]\nerrors = { times = 2, action = "slow_down" }')).toEqual([
      '2 bad-value: `slow_down` needs `delay_ms`',
    ]);
    expect(faults('[loops]\nerrors = { times = 2, delay_ms = 5 }')).toEqual([
      '2 bad-value: `delay_ms` belongs to `slow_down`',
    ]);
    expect(faults('[loops]\nsequence = { times = 9 }')).toHaveLength(1);
  });
});

describe('sequences in the configuration', () => {
  it('say what each of their steps is about, in patterns that are ones', () => {
    expect(faults(sequence('{}', '{ tool = "send" }'))).toEqual([
      '3 bad-value: say which actions it is about',
    ]);
    expect(faults(sequence('{ tool = "read" }', '{ server = "a\\\\" }'))).toEqual([
      '4 bad-pattern: `a\\` is not a glob',
    ]);
    const once = sequence('{ tool = "read" }', '{ tool = "send" }');
    expect(faults(once + once)).toEqual([
      '6 duplicate-name: `order` is already the name of another sequence',
    ]);
  });

  it('cannot end with a label, which only a result has', () => {
    expect(faults(sequence('{ tool = "read" }', '{ label = "secret" }'))).toHaveLength(1);
  });
});

describe('prices in the configuration', () => {
  it('belong to a cost that is limited, and that needs them', () => {
    const price = '[[prices]]\nmodel = "large"\ninput = 3\noutput = 15\n';
    expect(faults(price)).toEqual([
      '1 no-effect: `prices` has an effect with `max_cost` under `[limits]` alone',
    ]);
    expect(faults('[limits]\nmax_cost = 2')).toEqual(['2 bad-value: no model has a price']);
    expect(faults(`[limits]\nmax_cost = 2\n${price.replace('large', 'a\\\\')}`)).toEqual([
      '4 bad-pattern: `a\\` is not a glob',
    ]);
  });
});
