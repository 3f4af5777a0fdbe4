import { AegisError } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { mediate, PIPELINE } from '../../src/enforce/pipeline.ts';
import { Sessions } from '../../src/enforce/sessions.ts';
import { type EventStore, UpstreamError } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { createHarness, reply } from './harness.ts';

const BEFORE_EXECUTION = ['identify', 'inspect', 'consult', 'reserve', 'decide', 'approve', 'record'];

describe('whatever a step throws is a recorded denial', () => {
  for (const { name } of PIPELINE) {
    for (const how of ['throws', 'rejects'] as const) {
      it(`when ${name} ${how}`, async () => {
        const { ports, rules, store, clock } = await createHarness();
        const sessions = new Sessions({ ...ports, clock });
        const session = await sessions.open(
          { tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' },
          rules.policy.digest,
        );
        let executions = 0;
        const pipeline = PIPELINE.map((step) =>
          step.name === name
            ? {
                name,
                run: () => {
                  if (how === 'rejects') return Promise.reject(new Error('planted'));
                  throw new Error('planted');
                },
              }
            : step,
        );
        const call = {
          method: 'tools/call',
          resource: { kind: 'tool', server: 'data', name: 'query' },
          args: { sql: 'select 1' },
          execute: () => {
            executions++;
            return Promise.resolve(reply({ secret: 'not to be released' }));
          },
        } as const;
        const answer = await mediate(ports, () => rules, session, call, pipeline);
        expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'INTERNAL_ERROR' } });
        expect(JSON.stringify(answer)).not.toContain('planted');
        expect(executions).toBe(BEFORE_EXECUTION.includes(name) || name === 'execute' ? 0 : 1);

        const types: string[] = [];
        let last: unknown;
        for await (const entry of store.session('acme', session.identity.session)) {
          const { event_type, payload } = JSON.parse(entry.body);
          types.push(event_type);
          last = payload;
        }
        expect(types.filter((type) => type === 'POLICY_DECISION')).toHaveLength(1);
        if (BEFORE_EXECUTION.includes(name)) {
          expect(types.at(-1)).toBe('TOOL_CALL_DENIED');
          expect(last).toMatchObject({ code: 'INTERNAL_ERROR' });
        } else {
          expect(types.at(-1)).toBe('TOOL_RESULT');
          const ran = name !== 'execute';
          expect(types.includes('TOOL_CALL_EXECUTED')).toBe(ran);
          expect(last).toMatchObject({ outcome: ran ? 'withheld' : 'failed', code: 'INTERNAL_ERROR' });
        }
        expect(session.snapshot.openCalls.size).toBe(0);
      });
    }
  }
});

describe('what is outside can fail too', () => {
  it('an inspector that throws denies', async () => {
    const harness = await createHarness({
      platform: (platform) => ({
        ...platform,
        resolvePath: () => {
          throw new Error('planted');
        },
      }),
    });
    const session = await harness.open();
    const answer = await harness.call(session, 'slow', { path: '/srv/data/x' });
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'INTERNAL_ERROR' } });
    expect((await harness.events(session)).at(-1)?.type).toBe('TOOL_CALL_DENIED');
  });

  it('a store that refuses the intent denies, and nothing runs', async () => {
    const store = createMemoryStore();
    let broken = false;
    const failing: EventStore = {
      append: (request) =>
        broken ? Promise.reject(new AegisError('STORE_UNAVAILABLE', 'disk full')) : store.append(request),
      session: (tenant, session) => store.session(tenant, session),
      entries: (options) => store.entries(options),
      ofTypes: (types, after) => store.ofTypes(types, after),
      pins: (after) => store.pins(after),
      blob: (hash, position) => store.blob(hash, position),
      close: () => store.close(),
    };
    const harness = await createHarness({ store: failing });
    const session = await harness.open();
    let executions = 0;
    const execute = () => {
      executions++;
      return Promise.resolve(reply({}));
    };
    broken = true;
    expect(await harness.call(session, 'slow', {}, execute)).toMatchObject({
      kind: 'denied',
      denial: { code: 'LEDGER_UNAVAILABLE' },
    });
    expect(executions).toBe(0);
    broken = false;
    expect(await harness.call(session, 'slow', { n: 2 }, execute)).toMatchObject({ kind: 'result' });
    expect(executions).toBe(1);
  });

  it('a store that refuses the outcome withholds the result', async () => {
    const store = createMemoryStore();
    let appends = 0;
    const failing: EventStore = {
      append: (request) =>
        ++appends === 3
          ? Promise.reject(new AegisError('STORE_UNAVAILABLE', 'disk full'))
          : store.append(request),
      session: (tenant, session) => store.session(tenant, session),
      entries: (options) => store.entries(options),
      ofTypes: (types, after) => store.ofTypes(types, after),
      pins: (after) => store.pins(after),
      blob: (hash, position) => store.blob(hash, position),
      close: () => store.close(),
    };
    const harness = await createHarness({ store: failing });
    const session = await harness.open();
    const answer = await harness.call(session, 'slow', {});
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'LEDGER_UNAVAILABLE' } });
    const last = (await harness.events(session)).at(-1);
    expect(last).toMatchObject({ type: 'TOOL_RESULT', payload: { outcome: 'withheld' } });
  });

  it.each([
    ['timeout', 'TIMEOUT'],
    ['too_large', 'OUTPUT_TOO_LARGE'],
    ['unavailable', 'UPSTREAM_FAILED'],
    ['cancelled', 'UPSTREAM_FAILED'],
    ['protocol', 'UPSTREAM_FAILED'],
  ] as const)('an upstream that fails by %s is recorded as %s', async (failure, code) => {
    const harness = await createHarness();
    const session = await harness.open();
    const answer = await harness.call(session, 'slow', {}, () =>
      Promise.reject(new UpstreamError(failure, 'no answer')),
    );
    expect(answer).toMatchObject({ kind: 'denied', denial: { code } });
    expect(await harness.events(session)).toMatchObject([
      { type: 'SESSION_STARTED' },
      { type: 'TOOL_CALL_PROPOSED' },
      { type: 'POLICY_DECISION' },
      { type: 'TOOL_CALL_ALLOWED' },
      { type: 'TOOL_CALL_EXECUTED', payload: { upstream: failure } },
      { type: 'TOOL_RESULT', payload: { outcome: 'failed', code } },
    ]);
  });

  it('a door that throws something else is a kernel failure, recorded', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const answer = await harness.call(session, 'slow', {}, () => Promise.reject(new TypeError('planted')));
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'INTERNAL_ERROR' } });
    expect((await harness.events(session)).at(-1)).toMatchObject({
      type: 'TOOL_RESULT',
      payload: { outcome: 'withheld', code: 'INTERNAL_ERROR' },
    });
  });

  it('a session that is not open carries no calls', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    await harness.kernel.closeSession(session, 'test');
    expect(await harness.call(session, 'slow')).toMatchObject({
      kind: 'denied',
      denial: { code: 'PROTOCOL_VIOLATION' },
    });
  });
});
