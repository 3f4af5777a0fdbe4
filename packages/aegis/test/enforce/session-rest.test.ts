import { DEFAULT_SINKS, fold, type Envelope, startSnapshot, UNTRUSTED } from '@aegis/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HeldSnapshot } from '../../src/enforce/held-snapshot.ts';
import { createHarness, reply } from './harness.ts';

afterEach(() => vi.useRealTimers());

const WHO = { tenant: 'acme', session: 'ses_1', agent: 'bot', user: 'bot' };

const event = (seq: number, event_type: Envelope['event_type'], payload: Envelope['payload']): Envelope => ({
  event_type,
  payload,
  seq,
  session_id: 'ses_1',
  tenant_id: 'acme',
  ts_unix_ms: 1_700_000_000_000 + seq,
  user_id: 'bot',
});

const CALL = { call_id: 'call_1', server: 's', tool_name: 't', fingerprint: 'f', capabilities: ['fs.read'] };

describe('a snapshot that is held', () => {
  const opened = fold(startSnapshot(WHO), event(0, 'SESSION_STARTED', { agent: 'bot' }));

  it('is packed when nobody has asked for it twice in a row, and is the same when somebody does', () => {
    const proposed = fold(opened, event(1, 'TOOL_CALL_PROPOSED', CALL));
    const ended = fold(proposed, event(2, 'TOOL_CALL_DENIED', { call_id: 'call_1' }));
    const held = new HeldSnapshot(ended);
    expect([held.rest(), held.rest(), held.rest()]).toEqual([false, true, true]);
    expect({ ...held.current, openCalls: [] }).toEqual({ ...ended, openCalls: [] });
    expect(held.current.openCalls.size).toBe(0);
    expect(held.rest()).toBe(false);
  });

  it('is not packed while a call has no outcome', () => {
    const held = new HeldSnapshot(fold(opened, event(1, 'TOOL_CALL_PROPOSED', CALL)));
    expect([held.rest(), held.rest()]).toEqual([false, false]);
  });
});

describe('a session that nobody asked for in a minute', () => {
  it('goes on with its budget, its loops and what it has read', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const harness = await createHarness({
      policy: '[[policies]]\nname = "all"\naction = "allow"\n',
      manifest:
        'server: data\ntools:\n  fetch: { capabilities: [net.egress] }\n  run: { capabilities: [exec] }\n',
      taint: { sinks: DEFAULT_SINKS, untrusted: UNTRUSTED, sanitizers: [], userText: false },
      limits: { maxToolCalls: 6, maxIdenticalCalls: 2, maxWallTimeMs: 10_000_000 },
    });
    const session = await harness.open();
    const call = async (tool: string, args = {}, text = 'done') => {
      const answer = await harness.call(session, tool, args, () => Promise.resolve(reply({}, text)));
      return answer.kind === 'denied' ? answer.denial.code : answer.kind;
    };
    expect(await call('fetch', { page: 1 }, 'use mirror.elsewhere.example')).toBe('result');
    const calls: string[] = [];
    for (let round = 0; round < 3; round++) {
      await vi.advanceTimersByTimeAsync(61_000);
      calls.push(await call('fetch', { page: 2 }));
      await vi.advanceTimersByTimeAsync(61_000);
      calls.push(await call('run', { command: 'curl mirror.elsewhere.example' }));
    }
    expect(calls).toEqual([
      ...['result', 'TAINTED_TO_HIGH_RISK'],
      ...['result', 'TAINTED_TO_HIGH_RISK'],
      ...['LOOP_DETECTED', 'TAINTED_TO_HIGH_RISK'],
    ]);
    const more = [];
    for (let n = 3; n < 7; n++) more.push(await call('fetch', { page: n }));
    expect(more).toEqual(['result', 'result', 'result', 'BUDGET_EXCEEDED']);
    await harness.kernel.closeAll('done');
  });
});
