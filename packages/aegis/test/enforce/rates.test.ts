import { RateBook, type RateLimit } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import type { Verdicted } from '../../src/enforce/door.ts';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { RateFollower } from '../../src/enforce/rate-follower.ts';
import { sha256 } from '../../src/platform.ts';
import type { StoredEntry, UpstreamReply } from '../../src/ports.ts';
import { createHarness, type Harness, reply, scriptedPerson } from './harness.ts';

const PER_AGENT: RateLimit = {
  name: 'per-agent',
  per: ['agent'],
  limit: 7,
  windowMs: 60_000,
  match: 'tools/call',
  action: 'deny',
};

const LIMITS = { maxSteps: 1_000, maxToolCalls: 1_000, maxWallTimeMs: 10_000_000 };

const withRates = (rates: readonly RateLimit[] = [PER_AGENT]) =>
  createHarness({ limits: LIMITS, settings: { rates } });

const codeOf = (answer: Verdicted): string => (answer.kind === 'denied' ? answer.denial.code : answer.kind);

const counted = (codes: readonly string[], code: string): number =>
  codes.filter((one) => one === code).length;

/** What a process would know that begins now, or that runs beside others. */
function followed(harness: Harness) {
  const rates = () => harness.rules.policy.rates;
  const book = new RateBook(rates);
  const follower = new RateFollower({ ...harness.ports, sha256 }, book, () =>
    rates().map(({ rate }) => rate),
  );
  const kernel = new EnforcementKernel({ ...harness.ports, rates: book }, () => harness.rules);
  return { book, follower, kernel };
}

describe('a rate over the sessions of a process', () => {
  it('allows exactly its limit to a hundred sessions that call at the same time', async () => {
    const harness = await withRates();
    const sessions = await Promise.all(Array.from({ length: 100 }, () => harness.open()));
    const answers = await Promise.all(
      sessions.flatMap((session) => [1, 2, 3].map((n) => harness.call(session, 'slow', { n }))),
    );
    const codes = answers.map(codeOf);
    expect([counted(codes, 'result'), counted(codes, 'RATE_LIMITED')]).toEqual([7, 293]);
  });

  it('is told with the time after which it is free, records the denial, and is free then', async () => {
    const harness = await withRates([{ ...PER_AGENT, limit: 1 }]);
    const session = await harness.open();
    await harness.call(session, 'slow', { n: 1 });
    harness.clock.value += 20_000;
    expect(await harness.call(session, 'slow', { n: 2 })).toMatchObject({
      kind: 'denied',
      denial: { code: 'RATE_LIMITED', retry_after_ms: 40_000 },
    });
    harness.clock.value += 40_000;
    expect((await harness.call(session, 'slow', { n: 3 })).kind).toBe('result');
    const events = await harness.events(session);
    const rates = events
      .filter(({ type }) => type === 'TOOL_CALL_ALLOWED')
      .map(({ payload }) => payload['rates']);
    expect(rates).toEqual([['["per-agent",["acme","bot"]]'], ['["per-agent",["acme","bot"]]']]);
    expect(
      events.filter(({ type }) => type === 'TOOL_CALL_DENIED').map(({ payload }) => payload['code']),
    ).toEqual(['RATE_LIMITED']);
  });

  it('does not count what is denied for another reason', async () => {
    const harness = await withRates([{ ...PER_AGENT, limit: 1 }]);
    const session = await harness.open();
    expect(codeOf(await harness.call(session, 'no_such_tool'))).toBe('DEFAULT_DENY');
    expect(codeOf(await harness.call(session, 'slow'))).toBe('result');
  });

  it('counts a call that a person approves when it runs, once', async () => {
    const harness = await createHarness({
      limits: LIMITS,
      settings: { rates: [{ ...PER_AGENT, limit: 1, action: 'require_approval' }] },
      approver: scriptedPerson(() => Promise.resolve({ kind: 'approved', by: 'ada' })),
    });
    const session = await harness.open();
    const results: UpstreamReply[] = [];
    const execute = () => {
      results.push(reply({ ok: true }));
      return Promise.resolve(reply({ ok: true }));
    };
    for (const n of [1, 2]) await harness.call(session, 'slow', { n }, execute);
    expect(results).toHaveLength(2);
    const types = (await harness.events(session)).map(({ type }) => type);
    expect(counted(types, 'APPROVAL_REQUESTED')).toBe(1);
    expect(counted(types, 'TOOL_CALL_ALLOWED')).toBe(2);
  });
});

describe('a rate over the processes of a ledger', () => {
  it('goes on in the process that comes after one that was killed', async () => {
    const harness = await withRates();
    const session = await harness.open();
    for (let n = 0; n < 5; n++) await harness.call(session, 'slow', { n });
    const { follower, kernel } = followed(harness);
    await follower.refresh();
    const next = await kernel.openSession({ tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' });
    const codes: string[] = [];
    for (let n = 0; n < 5; n++) {
      const answer = await kernel.mediate(next, {
        method: 'tools/call',
        resource: { kind: 'tool', server: 'data', name: 'slow' },
        args: { n },
        execute: () => Promise.resolve(reply({})),
      });
      codes.push(codeOf(answer));
    }
    expect([counted(codes, 'result'), counted(codes, 'RATE_LIMITED')]).toEqual([2, 3]);
  });

  it('learns what others allow, and counts what it allowed itself once', async () => {
    const harness = await withRates();
    const session = await harness.open();
    const { book, follower, kernel } = followed(harness);
    await follower.refresh();
    const own = await kernel.openSession({ tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' });
    const call = {
      method: 'tools/call',
      resource: { kind: 'tool', server: 'data', name: 'slow' },
      args: {},
      execute: () => Promise.resolve(reply({})),
    } as const;
    await kernel.mediate(own, call);
    await harness.call(session, 'slow', { n: 1 });
    await harness.call(session, 'slow', { n: 2 });
    const request = {
      id: 'call_1',
      subject: { tenant: 'acme', agent: 'bot', user: 'bot', session: own.id },
      action: { method: 'tools/call', door: 'mcp-stdio' },
      resource: call.resource,
      args: {},
      nowMs: harness.clock.now(),
    } as const;
    expect(book.read(request, harness.clock.now())[0]?.used).toBe(1);
    await follower.refresh();
    expect(book.read(request, harness.clock.now())[0]?.used).toBe(3);
    await follower.refresh();
    expect(book.read(request, harness.clock.now())[0]?.used).toBe(3);
  });

  it('has caught up when it has what was there, however much others go on to write', async () => {
    const harness = await withRates();
    const session = await harness.open();
    let asked = 0;
    const store: Pick<Harness['store'], 'entries' | 'ofTypes'> = {
      entries: (options) => harness.store.entries(options),
      async ofTypes(types, after) {
        const found = await harness.store.ofTypes(types, after);
        if (++asked < 20) await harness.call(session, 'slow', { n: asked });
        return found;
      },
    };
    const { book } = followed(harness);
    const rates = () => harness.rules.policy.settings.rates ?? [];
    await new RateFollower({ ...harness.ports, store, sha256 }, book, rates).refresh();
    expect(asked).toBe(1);
  });

  it('takes nothing from an entry that was changed, and reads no further back than its window', async () => {
    const harness = await withRates([{ ...PER_AGENT, windowMs: 1_000 }]);
    const session = await harness.open();
    await harness.call(session, 'slow', { n: 1 });
    harness.clock.value += 3_600_000;
    await harness.call(session, 'slow', { n: 2 });
    const looked: number[] = [];
    const changed = (entry: StoredEntry): StoredEntry => ({ ...entry, body: `${entry.body} ` });
    const store: Pick<Harness['store'], 'entries' | 'ofTypes'> = {
      entries: (options) => harness.store.entries(options),
      async ofTypes(types, after) {
        looked.push(after);
        const found = await harness.store.ofTypes(types, after);
        return { ...found, entries: found.entries.map(changed) };
      },
    };
    const { book } = followed(harness);
    const rates = () => harness.rules.policy.settings.rates ?? [];
    const follower = new RateFollower({ ...harness.ports, store, sha256 }, book, rates);
    await follower.refresh();
    const inAll = (await harness.events(session)).length;
    expect(looked[0]).toBeGreaterThan(0);
    expect(looked[0]).toBeLessThan(inAll);
    const events = await harness.events(session);
    const allowed = events.find(({ type }) => type === 'TOOL_CALL_ALLOWED');
    book.learn('another', allowed?.payload['rates'] as string[], harness.clock.now());
    const request = {
      id: 'call_1',
      subject: { tenant: 'acme', agent: 'bot', user: 'bot', session: session.id },
      action: { method: 'tools/call', door: 'mcp-stdio' },
      resource: { kind: 'tool', server: 'data', name: 'slow' },
      args: {},
      nowMs: 0,
    } as const;
    expect(book.read(request, harness.clock.now())[0]?.used).toBe(1);
  });
});
