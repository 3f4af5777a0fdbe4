import { describe, expect, test } from 'vitest';
import { RateBook } from '../../src/rate/rate-book.ts';
import { compileRate, type RateLimit } from '../../src/rate/rate-limit.ts';
import { call, NOW } from '../policy/call.ts';

const rate = (more: Partial<RateLimit> = {}): RateLimit => ({
  name: 'few',
  per: ['agent'],
  limit: 2,
  windowMs: 60_000,
  match: 'tools/call',
  action: 'deny',
  ...more,
});

function bookOf(...rates: readonly RateLimit[]) {
  const compiled = rates.map(compileRate);
  const book = new RateBook(() => compiled);
  let calls = 0;
  /** Makes a call when every rate lets it, and says whether it did. */
  const ask = (sketch: Parameters<typeof call>[0] = {}, nowMs = NOW): boolean => {
    const readings = book.read(call(sketch).request, nowMs);
    if (readings.some(({ waitMs }) => waitMs > 0)) return false;
    const keys = readings.map(({ key }) => key);
    if (keys.length > 0) book.take(`call_${++calls}`, keys, nowMs);
    return true;
  };
  return { book, ask };
}

describe('rates', () => {
  test('are counted for each agent, and agents of one name in two tenants are two', () => {
    const { ask } = bookOf(rate());
    expect([ask(), ask(), ask()]).toEqual([true, true, false]);
    expect(ask({ agent: 'bob' })).toBe(true);
    expect(ask({ tenant: 'other' })).toBe(true);
  });

  test('by several keys are counted for each combination', () => {
    const { ask } = bookOf(rate({ per: ['agent', 'tool'], limit: 1 }));
    expect([ask({ tool: 'a' }), ask({ tool: 'b' }), ask({ tool: 'a' })]).toEqual([true, true, false]);
    expect([ask({ tool: 'a', agent: 'bob' }), ask({ tool: 'a', server: 'web' })]).toEqual([true, true]);
  });

  test('by nothing are counted for all calls together', () => {
    const { ask } = bookOf(rate({ per: [], limit: 1 }));
    expect([ask(), ask({ agent: 'bob', tenant: 'other', tool: 'x' })]).toEqual([true, false]);
  });

  test('are about the methods and tools that they name, alone or with their server', () => {
    const { ask } = bookOf(rate({ limit: 1, tools: ['fetch*', 'web.get'] }));
    expect([ask({ tool: 'fetch_page' }), ask({ tool: 'fetch_page' })]).toEqual([true, false]);
    expect(ask({ server: 'web', tool: 'get' })).toBe(false);
    expect([ask({ tool: 'get' }), ask({ tool: 'get' })]).toEqual([true, true]);
    expect(ask({ tool: 'fetch_page', method: 'resources/read', kind: 'resource' })).toBe(true);
  });

  test('with a burst allow no more than that in any second, and the limit in the window', () => {
    const { ask } = bookOf(rate({ limit: 4, burst: 2 }));
    expect([ask(), ask(), ask()]).toEqual([true, true, false]);
    expect([ask({}, NOW + 1_000), ask({}, NOW + 1_001), ask({}, NOW + 2_500)]).toEqual([true, true, false]);
  });

  test('say when the next call is free', () => {
    const { book, ask } = bookOf(rate({ limit: 1 }));
    ask();
    const [reading] = book.read(call().request, NOW + 10_000);
    expect(reading).toMatchObject({ used: 1, waitMs: 50_000 });
  });

  test('count a call that the ledger tells of once, whichever process has allowed it', () => {
    const { book, ask } = bookOf(rate({ limit: 3 }));
    ask();
    const [{ key } = { key: '' }] = book.read(call().request, NOW);
    book.learn('call_1', [key], NOW);
    expect(book.read(call().request, NOW)[0]?.used).toBe(1);
    book.learn('call_of_another_process', [key], NOW);
    expect(book.read(call().request, NOW)[0]?.used).toBe(2);
    book.learn('call_of_an_old_rate', ['["gone"]', 'not a key'], NOW);
    expect(book.read(call().request, NOW)[0]?.used).toBe(2);
  });

  test('let a new key wait when too many are counted, and forget none of those that count', () => {
    const { ask } = bookOf(rate({ per: ['session'], limit: 1 }));
    const inSession = (session: number, nowMs: number) => {
      const { request } = call();
      return { request: { ...request, subject: { ...request.subject, session: `ses_${session}` } }, nowMs };
    };
    const { book } = bookOf(rate({ per: ['session'], limit: 1 }));
    for (let session = 0; session < 20_000; session++) {
      const { request, nowMs } = inSession(session, NOW);
      book.take(
        `call_${session}`,
        book.read(request, nowMs).map(({ key }) => key),
        nowMs,
      );
    }
    expect(ask()).toBe(true);
    expect(book.read(inSession(20_000, NOW).request, NOW + 1)[0]?.waitMs).toBe(59_999);
    expect(book.read(inSession(0, NOW).request, NOW + 1)[0]?.waitMs).toBe(59_999);
    expect(book.read(inSession(20_000, NOW).request, NOW + 60_000)[0]?.waitMs).toBe(0);
  });
});
