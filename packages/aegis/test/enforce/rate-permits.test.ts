import { RateBook, type RateReading } from '@aegis/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { RatePermits } from '../../src/enforce/rate-permits.ts';
import type { LedgerStore, PermitStore } from '../../src/ledger-ports.ts';
import { spentAt } from '../../src/store/permits.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { ledgerPath } from '../store/folder.ts';
import { createHarness, reply } from './harness.ts';

const LIMIT = 4;
const harness = await createHarness({
  settings: {
    rates: [{ name: 'few', per: ['agent'], limit: LIMIT, windowMs: 60_000, match: '*', action: 'deny' }],
  },
});
const rates = () => harness.rules.policy.rates;

const READINGS = new RateBook(rates).read(
  {
    id: 'call_1',
    subject: { tenant: 'acme', agent: 'bot', user: 'bot', session: 'ses_1' },
    action: { method: 'tools/call', door: 'mcp-stdio' },
    resource: { kind: 'tool', server: 'data', name: 'slow' },
    args: {},
    nowMs: 0,
  },
  0,
);

describe('permits that a process has leased', () => {
  let store: LedgerStore;
  const now = { steady: 0, wall: 1_700_000_000_000 };
  beforeEach(() => {
    store = openSqliteStore(ledgerPath());
  });
  afterEach(() => store.close());

  const permitsOf = (permits: PermitStore) => new RatePermits(permits, rates, () => ({ ...now }));
  const waitOf = (readings: readonly RateReading[]) => readings[0]?.waitMs ?? Number.NaN;
  const free = async () => {
    const request = { place: `60000 ${READINGS[0]?.key}`, most: LIMIT, windowMs: 60_000, wanted: 1 };
    let count = 0;
    while ((await store.permits.lease([request]))[0]?.permits === 1) count++;
    return count;
  };

  it('are not those of a window that was full when they were asked for, and is not any more', async () => {
    const reserved = await permitsOf(store.permits).reserve(READINGS.map((one) => ({ ...one, waitMs: 5 })));
    expect(waitOf(reserved.settle(READINGS))).toBeGreaterThan(0);
    const asked = await permitsOf(store.permits).reserve([]);
    expect(waitOf(asked.settle(READINGS))).toBeGreaterThan(0);
  });

  it.each([
    ['the machine slept', 60_000],
    ['its clock was set back', -60_000],
  ])('are not spent after %s', async (_, ms) => {
    const reserved = await permitsOf(store.permits).reserve(READINGS);
    expect(waitOf(reserved.settle(READINGS))).toBe(0);
    now.wall += ms;
    expect(waitOf(reserved.settle(READINGS))).toBeGreaterThan(0);
  });

  it('are given back later when the store could not take them', async () => {
    let failures = 1;
    const settle: PermitStore['settle'] = (blocks) =>
      failures-- > 0 ? Promise.reject(new Error('busy')) : store.permits.settle(blocks);
    const permits = permitsOf({ lease: (requests) => store.permits.lease(requests), settle });
    (await permits.reserve(READINGS)).release();
    now.steady += 1_000;
    await expect.poll(() => failures).toBe(0);
    await permits.close();
    expect(await free()).toBe(LIMIT);
  });

  it("are no one else's while a call holds them, also when the process ends", async () => {
    const permits = permitsOf(store.permits);
    await permits.reserve(READINGS);
    await permits.close();
    expect(await free()).toBe(LIMIT - 1);
  });

  it('leave their window no sooner than what the ledger says was allowed on them', async () => {
    let time = now.wall;
    const tick = () => ++time;
    let spent = 0;
    const settle: PermitStore['settle'] = async ([block]) => {
      spent = time - (block?.ageMs ?? Number.NaN);
    };
    const permits = new RatePermits(
      { lease: (requests) => store.permits.lease(requests), settle },
      rates,
      () => {
        const wall = tick();
        return { steady: wall, wall };
      },
    );
    const kernel = new EnforcementKernel(
      { ...harness.ports, clock: { now: tick }, permits },
      () => harness.rules,
    );
    const session = await kernel.openSession({
      tenant: 'acme',
      agent: 'bot',
      user: 'bot',
      door: 'mcp-stdio',
    });
    await kernel.mediate(session, {
      method: 'tools/call',
      resource: { kind: 'tool', server: 'data', name: 'slow' },
      args: {},
      execute: () => Promise.resolve(reply({})),
    });
    await permits.close();
    let allowed = Number.NaN;
    for await (const { body } of harness.store.session('acme', session.id)) {
      const { event_type, ts_unix_ms } = JSON.parse(body);
      if (event_type === 'TOOL_CALL_ALLOWED') allowed = ts_unix_ms;
    }
    expect(spent).toBeGreaterThanOrEqual(allowed);
  });
});

it('a moment on a clock of whole milliseconds is never taken for an earlier one', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (now, age) => {
        expect(spentAt(Math.floor(now), age)).toBeGreaterThanOrEqual(now - age);
      },
    ),
  );
});
