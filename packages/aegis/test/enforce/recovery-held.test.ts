import { describe, expect, it, vi } from 'vitest';
import { recoverSessions } from '../../src/enforce/recovery.ts';
import type { Verdict } from '../../src/ports.ts';
import { createHarness, scriptedPerson } from './harness.ts';

describe('a session of a process that is gone', () => {
  it('has its held calls denied, for nobody waits for them, and goes on', async () => {
    const answer = Promise.withResolvers<Verdict>();
    const harness = await createHarness({ approver: scriptedPerson(() => answer.promise) });
    const session = await harness.open();
    void harness.call(session, 'held');
    const types = async () => (await harness.events(session)).map(({ type }) => type);
    await vi.waitFor(async () => expect((await types()).at(-1)).toBe('APPROVAL_REQUESTED'));
    const place = { tenant: 'acme', session: session.id };
    expect(await recoverSessions(harness.ports, [place])).toEqual([]);
    const denied = (await harness.events(session)).at(-1);
    expect(denied).toMatchObject({ type: 'TOOL_CALL_DENIED', payload: { code: 'APPROVAL_EXPIRED' } });
    expect(await recoverSessions(harness.ports, [place])).toEqual([]);
    expect(await types()).not.toContain('TERMINATION');
  });
});
