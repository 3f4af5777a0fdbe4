import { LedgerVerifier } from '@aegis/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SessionHandle } from '../../src/enforce/door.ts';
import { sha256 } from '../../src/platform.ts';
import type { UpstreamReply, Verdict } from '../../src/ports.ts';
import { createHarness, type Harness, reply, scriptedPerson } from './harness.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A call that has reached its upstream and waits there until `answer` is called. */
async function callUnderWay(harness: Harness, session: SessionHandle) {
  const reached = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<UpstreamReply>();
  const answer = harness.call(session, 'slow', {}, () => {
    reached.resolve();
    return answered.promise;
  });
  await reached.promise;
  return { answer, reply: () => answered.resolve(reply({ ok: true })) };
}

async function closing(harness: Harness, session: SessionHandle) {
  const types = (await harness.events(session)).map(({ type }) => type);
  return types.slice(types.indexOf('POLICY_DECISION') + 1);
}

async function verified(harness: Harness, session: SessionHandle): Promise<boolean> {
  const verifier = new LedgerVerifier(sha256, 'sessions');
  for await (const entry of harness.store.session('acme', session.id)) {
    if (verifier.next(entry).findings.length > 0) return false;
  }
  return true;
}

describe('the end of a session', () => {
  it('comes after the outcome of a call that is under way', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const call = await callUnderWay(harness, session);
    const closed = harness.kernel.closeSession(session, 'the client left');
    expect(await harness.call(session, 'slow', { n: 2 })).toMatchObject({ kind: 'denied' });
    call.reply();
    expect(await call.answer).toMatchObject({ kind: 'result' });
    await closed;
    expect(await closing(harness, session)).toEqual([
      'TOOL_CALL_ALLOWED',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
      'TERMINATION',
    ]);
  });

  it('is waited for by everybody who asks for it', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const call = await callUnderWay(harness, session);
    void harness.kernel.closeSession(session, 'the client left');
    const all = harness.kernel.closeAll('stopped');
    call.reply();
    await all;
    const events = await harness.events(session);
    expect(events.at(-1)).toMatchObject({ type: 'TERMINATION', payload: { cause: 'the client left' } });
  });

  it('records as unknown the outcome of a call that does not come back', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const call = await callUnderWay(harness, session);
    vi.useFakeTimers();
    const closed = harness.kernel.closeAll('stopped');
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    expect(await closing(harness, session)).toEqual(['TOOL_CALL_ALLOWED', 'TOOL_RESULT', 'TERMINATION']);
    expect((await harness.events(session)).at(-2)).toMatchObject({ payload: { outcome: 'unknown' } });
    expect(await verified(harness, session)).toBe(true);

    call.reply();
    expect(await call.answer).toMatchObject({ kind: 'denied' });
    expect((await harness.events(session)).at(-1)?.type).toBe('TERMINATION');
  });

  it('lets nothing run that was still waiting to', async () => {
    const harness = await createHarness();
    const read = Promise.withResolvers<UpstreamReply>();
    Object.assign(harness.ports, { upstream: () => ({ name: 'data', request: () => read.promise }) });
    const session = await harness.open();
    let executions = 0;
    const waiting = harness.call(session, 'validate', { key: 'a' }, () => {
      executions++;
      return Promise.resolve(reply({ valid: true }));
    });
    await vi.waitFor(async () => expect(await closing(harness, session)).toEqual(['TOOL_CALL_ALLOWED']));
    vi.useFakeTimers();
    const closed = harness.kernel.closeSession(session, 'the client left');
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    read.resolve(reply({ key: 'a', sha256: 'a'.repeat(64) }));
    expect(await waiting).toMatchObject({ kind: 'denied', denial: { code: 'PROTOCOL_VIOLATION' } });
    expect(executions).toBe(0);
    expect((await harness.events(session)).at(-1)?.type).toBe('TERMINATION');
  });

  it('denies a call that is still held, and a late approval changes nothing', async () => {
    const verdict = Promise.withResolvers<Verdict>();
    const harness = await createHarness({ approver: scriptedPerson(() => verdict.promise) });
    const session = await harness.open();
    let executions = 0;
    const held = harness.call(session, 'held', {}, () => {
      executions++;
      return Promise.resolve(reply({}));
    });
    await vi.waitFor(async () => expect(await closing(harness, session)).toEqual(['APPROVAL_REQUESTED']));
    vi.useFakeTimers();
    const closed = harness.kernel.closeSession(session, 'the client left');
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    verdict.resolve({ kind: 'approved', by: 'ann' });
    expect(await held).toMatchObject({ kind: 'denied' });
    expect(executions).toBe(0);
    const [denial, end] = (await harness.events(session)).slice(-2);
    expect(denial).toMatchObject({ type: 'TOOL_CALL_DENIED', payload: { code: 'APPROVAL_EXPIRED' } });
    expect(end?.type).toBe('TERMINATION');
    expect(await verified(harness, session)).toBe(true);
  });

  it('is sealed once, however often it is asked for', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    await Promise.all([
      harness.kernel.closeSession(session, 'one'),
      harness.kernel.closeSession(session, 'two'),
    ]);
    await harness.kernel.closeSession(session, 'three');
    expect((await harness.events(session)).map(({ type }) => type)).toEqual([
      'SESSION_STARTED',
      'TERMINATION',
    ]);
  });
});
