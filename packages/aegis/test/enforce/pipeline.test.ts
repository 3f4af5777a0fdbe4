import { describe, expect, it } from 'vitest';
import { createHarness, reply, scriptedPerson } from './harness.ts';

describe('the pipeline', () => {
  it('seals five events for an allowed call, in order', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const answer = await harness.call(session, 'query', { sql: 'select 1' });
    expect(answer).toMatchObject({ kind: 'result' });
    expect((await harness.events(session)).map(({ type }) => type)).toEqual([
      'SESSION_STARTED',
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_ALLOWED',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
    ]);
  });

  it('has the intent durable before anything runs', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    let seen: string[] = [];
    await harness.call(session, 'slow', {}, async () => {
      seen = (await harness.events(session)).map(({ type }) => type);
      return reply({});
    });
    expect(seen.at(-1)).toBe('TOOL_CALL_ALLOWED');
  });

  it('denies a tool that nobody knows, and runs nothing', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    let executions = 0;
    const answer = await harness.call(session, 'unknown', {}, () => {
      executions++;
      return Promise.resolve(reply({}));
    });
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'DEFAULT_DENY' } });
    expect(executions).toBe(0);
  });

  it('denies a DROP by what the statement is, and tells the remedy', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const answer = await harness.call(session, 'query', { sql: '/* tidy */ drop table customers' });
    expect(answer).toMatchObject({ kind: 'denied', denial: { rule: 'never-drop' } });
    expect(answer.kind === 'denied' && answer.denial.remedy).toBeTruthy();
  });

  it('masks personal data before anything is released or stored', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const answer = await harness.call(session, 'slow', {}, () =>
      Promise.resolve(reply({ mail: 'ada@example.com' }, 'write to ada@example.com')),
    );
    expect(JSON.stringify(answer)).not.toContain('ada@example.com');
    const last = (await harness.events(session)).at(-1);
    expect(last).toMatchObject({ payload: { outcome: 'executed', masked: 2 } });
  });

  it('masks personal data in the errors of an upstream as well', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const answer = await harness.call(session, 'slow', {}, () =>
      Promise.resolve({
        kind: 'error',
        code: 1,
        message: 'no row for ada@example.com',
        data: ['ada@example.com'],
      }),
    );
    expect(answer).toMatchObject({ kind: 'upstream_error', code: 1 });
    expect(JSON.stringify(answer)).not.toContain('ada@example.com');
  });

  it('keeps arguments and results out of the envelope', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    await harness.call(session, 'slow', { note: 'the-argument' }, () =>
      Promise.resolve(reply({ v: 'the-result' })),
    );
    const text = JSON.stringify(await harness.events(session));
    expect(text).not.toContain('the-argument');
    expect(text).not.toContain('the-result');
    expect(text).toContain('$sealed');
  });

  it('keeps the error of an upstream as it keeps a result', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    await harness.call(session, 'slow', {}, () =>
      Promise.resolve({ kind: 'error', code: -32602, message: 'no such row', data: { row: 7 } }),
    );
    const last = (await harness.events(session)).at(-1);
    expect(last).toMatchObject({ payload: { outcome: 'failed', code: 'UPSTREAM_FAILED' } });
    const sealed = last?.payload['$sealed'] as { '/error': { h: string } };
    const bytes = await harness.store.blob(sealed['/error'].h, (await harness.events(session)).length);
    expect(JSON.parse(Buffer.from(bytes?.subarray(32) ?? []).toString())).toEqual({
      code: -32602,
      message: 'no such row',
      data: { row: 7 },
    });
  });

  it('records the denial of a resource whose name is longer than an envelope', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const uri = `file:///${'x'.repeat(100_000)}`;
    const answer = await harness.kernel.mediate(session, {
      method: 'resources/read',
      resource: { kind: 'resource', server: 'data', name: uri },
      args: { uri },
      execute: () => Promise.reject(new Error('never')),
    });
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'GUARD_PATH' } });
    expect((await harness.events(session)).map(({ type }) => type)).toEqual([
      'SESSION_STARTED',
      'ACCESS_PROPOSED',
      'POLICY_DECISION',
      'ACCESS_DENIED',
    ]);
  });

  it('keeps the outcome when the clock is set back while the call runs', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const answer = await harness.call(session, 'slow', {}, () => {
      harness.clock.value -= 60_000;
      return Promise.resolve(reply({}));
    });
    expect(answer).toMatchObject({ kind: 'result' });
    expect((await harness.events(session)).at(-2)).toMatchObject({
      type: 'TOOL_CALL_EXECUTED',
      payload: { duration_ms: 0 },
    });
  });

  it('in shadow mode records the denial that would be, and goes on', async () => {
    const harness = await createHarness({ mode: 'shadow' });
    const session = await harness.open();
    expect(await harness.call(session, 'unknown')).toMatchObject({ kind: 'result' });
    const events = await harness.events(session);
    expect(events[2]).toMatchObject({ type: 'POLICY_DECISION', payload: { effect: 'deny', mode: 'shadow' } });
    expect(events[3]).toMatchObject({ type: 'TOOL_CALL_ALLOWED', payload: { decision: 'shadow' } });
  });

  it('records a protocol violation as one denied access', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const denial = await harness.kernel.refuse(session, 'no/such', 'PROTOCOL_VIOLATION', 'unknown method');
    expect(denial).toMatchObject({ code: 'PROTOCOL_VIOLATION' });
    expect((await harness.events(session)).map(({ type }) => type)).toEqual([
      'SESSION_STARTED',
      'ACCESS_PROPOSED',
      'POLICY_DECISION',
      'ACCESS_DENIED',
    ]);
  });
});

describe('budgets are exact', () => {
  it('100 parallel sessions of 50 parallel calls, 12 allowed in each', async () => {
    const harness = await createHarness({ limits: { maxToolCalls: 12 } });
    const sessions = await Promise.all(Array.from({ length: 100 }, () => harness.open()));
    const answers = await Promise.all(
      sessions.map((session) =>
        Promise.all(Array.from({ length: 50 }, (_, n) => harness.call(session, 'slow', { n }))),
      ),
    );
    for (const [index, session] of sessions.entries()) {
      expect(answers[index]?.filter(({ kind }) => kind === 'result')).toHaveLength(12);
      const events = await harness.events(session);
      expect(events.filter(({ type }) => type === 'TOOL_CALL_ALLOWED')).toHaveLength(12);
      expect(events.filter(({ type }) => type === 'TOOL_CALL_DENIED')).toHaveLength(38);
    }
  });

  it('the same call is allowed five times and no more', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    for (let n = 0; n < 5; n++) {
      expect(await harness.call(session, 'slow', { q: 1 })).toMatchObject({ kind: 'result' });
    }
    expect(await harness.call(session, 'slow', { q: 1 })).toMatchObject({
      denial: { code: 'LOOP_DETECTED' },
    });
    expect(await harness.call(session, 'slow', { q: 2 })).toMatchObject({ kind: 'result' });
  });

  it('wall time fires in the middle of a session', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    expect(await harness.call(session, 'slow', { n: 1 })).toMatchObject({ kind: 'result' });
    harness.clock.value += 120_001;
    expect(await harness.call(session, 'slow', { n: 2 })).toMatchObject({
      denial: { code: 'BUDGET_EXCEEDED' },
    });
  });
});

describe('approval', () => {
  it('without anybody to ask, a held call is denied and says so', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    expect(await harness.call(session, 'held')).toMatchObject({
      kind: 'denied',
      denial: { code: 'APPROVAL_REQUIRED' },
    });
    expect((await harness.events(session)).map(({ type }) => type)).toEqual([
      'SESSION_STARTED',
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'APPROVAL_REQUESTED',
      'APPROVAL_DECIDED',
      'TOOL_CALL_DENIED',
    ]);
  });

  it('runs when a person approves, is denied when a person refuses', async () => {
    for (const kind of ['approved', 'refused'] as const) {
      const harness = await createHarness({
        approver: scriptedPerson(() => Promise.resolve({ kind, by: 'ann' })),
      });
      const session = await harness.open();
      const answer = await harness.call(session, 'held');
      expect(answer.kind).toBe(kind === 'approved' ? 'result' : 'denied');
      if (answer.kind === 'denied') expect(answer.denial.code).toBe('APPROVAL_DENIED');
    }
  });

  it('an approval does not carry content that was changed while it was asked for', async () => {
    const harness = await createHarness({
      policy: `
[[policies]]
name = "a-person-promotes"
action = "require_approval"
when = { tool_name = "promote" }

[[policies]]
name = "others"
action = "allow"
when = { tool_name = "validate" }
`,
      approver: scriptedPerson(() => {
        harness.contents.set('a', 'swapped while the person was thinking');
        return Promise.resolve({ kind: 'approved', by: 'ann' });
      }),
    });
    const session = await harness.open();
    harness.contents.set('a', 'clean');
    await harness.call(session, 'validate', { key: 'a' }, () => Promise.resolve(reply({ valid: true })));
    expect(await harness.call(session, 'promote', { key: 'a' })).toMatchObject({
      kind: 'denied',
      denial: { code: 'PRECONDITION_FAILED' },
    });
  });

  it('an approval does not outlive the budget that was spent while it waited', async () => {
    let approve: () => void = () => {};
    const asked = new Promise<void>((done) => {
      approve = done;
    });
    const harness = await createHarness({
      limits: { maxToolCalls: 1 },
      approver: scriptedPerson(() => asked.then(() => ({ kind: 'approved', by: 'ann' }))),
    });
    const session = await harness.open();
    const held = harness.call(session, 'held');
    expect(await harness.call(session, 'slow')).toMatchObject({ kind: 'result' });
    approve();
    expect(await held).toMatchObject({ kind: 'denied', denial: { code: 'BUDGET_EXCEEDED' } });
  });
});
