// The official suite, held against Aegis: what passes directly must pass through.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare } from './comparison.ts';
import type { Gateway } from './gateway.ts';
import { PAIRINGS } from './pairings.ts';
import { reasonOf, unneeded } from './reasons.ts';
import { lossesOf, total } from './report.ts';
import { type Result, Run } from './run.ts';

let run: Run;
const seen: Result[] = [];

beforeAll(async () => {
  run = await Run.open();
});
afterAll(() => run.close());

describe('the reference server', () => {
  // Pinned, so that a suite that runs less is noticed.
  it.each([
    ['2025-03-26', 3],
    ['2025-06-18', 56],
    ['2025-11-25', 84],
    ['2026-07-28', 164],
  ] as const)('passes what %s requires: %i checks', async (revision, passed) => {
    const comparisons = compare(await run.direct(revision), new Map());
    const failing = comparisons.filter(({ direct }) => direct.passed < direct.of);
    expect(failing.filter(({ scenario }) => reasonOf(scenario) === undefined)).toEqual([]);
    expect(total(comparisons.map(({ direct }) => direct)).passed).toBe(passed);
  });
});

describe.each(PAIRINGS)('Aegis before $name', (pairing) => {
  let gateway: Gateway | undefined;

  beforeAll(async () => {
    gateway = await run.openGateway(pairing);
  });
  afterAll(() => gateway?.close());

  it.each(pairing.fronts)('loses no check of %s', async (revision) => {
    if (gateway === undefined) throw new Error('the gateway did not start');
    const result = await run.through(pairing, gateway, revision);
    seen.push(result);
    expect(lossesOf(result)).toEqual([]);
  });
});

it('accepts no difference that there is not', () => {
  expect(unneeded(seen)).toEqual([]);
});
