import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiDaemon, startApi } from './daemon.ts';

let api: ApiDaemon;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.remove());

const EVENT = {
  event_type: 'TOOL_CALL_PROPOSED',
  payload: { tool_name: 'read', server: 'database', call_id: 'c1', args: {} },
};
const MANIFEST = {
  schema: 'aegis.dev/manifest/v0.1',
  name: 'reader',
  version: '1.0.0',
  publisher: 'acme',
  permissions: { tools: ['read'], budgets: { max_tool_calls: 2, timeout_ms: 500 } },
  sandbox: { required: false },
  integrity: {},
};

async function decide(body: object, who: 'builder' | 'admin' = 'builder') {
  const { status, body: answer } = await api.ask(who, 'POST', '/v1/policy/decide', body);
  return { status, ...answer };
}

it('a question as an event is answered with what the call may take', async () => {
  expect(await decide({ event: EVENT })).toEqual({
    status: 200,
    outcome: 'allow',
    reason: 'OK',
    constraints: { max_output_bytes: 2000, timeout_ms: 1000 },
  });
});

it('the manifest of a question counts in place of the own one', async () => {
  const allowed = await decide({ event: EVENT, manifest: MANIFEST });
  expect(allowed.constraints).toEqual({ max_output_bytes: 2000, timeout_ms: 500 });
  const event = { ...EVENT, payload: { ...EVENT.payload, tool_name: 'write' } };
  expect(await decide({ event, manifest: MANIFEST })).toEqual({
    status: 200,
    outcome: 'deny',
    reason: 'PERMISSION_UNDECLARED',
  });
});

it.each([
  [{ steps_consumed: 50 }, 'BUDGET_EXCEEDED'],
  [{ tool_calls_consumed: 2 }, 'BUDGET_EXCEEDED'],
  [{ wall_time_ms: 120_001 }, 'BUDGET_EXCEEDED'],
  [{ steps_consumed: 49, tool_calls_consumed: 1, wall_time_ms: 119_000 }, 'OK'],
])('what the session has spent, %j, leads to %s', async (snapshot, reason) => {
  expect((await decide({ event: EVENT, snapshot, manifest: MANIFEST })).reason).toBe(reason);
});

it('a rule denies and asks as it does anywhere', async () => {
  const of = (tool: string) => ({ event: { ...EVENT, payload: { ...EVENT.payload, tool_name: tool } } });
  expect(await decide(of('delete'))).toEqual({ status: 200, outcome: 'deny', reason: 'POLICY_DENY' });
  expect(await decide(of('pay'))).toEqual({
    status: 200,
    outcome: 'require_approval',
    reason: 'APPROVAL_REQUIRED',
  });
});

it('an agent asks about itself, a person about any', async () => {
  expect((await decide({ event: EVENT, agent: 'other' })).status).toBe(403);
  expect((await decide({ event: EVENT, agent: 'other' }, 'admin')).outcome).toBe('allow');
  expect((await decide({ event: EVENT }, 'admin')).status).toBe(400);
});

it('what is wrong is said of the form that was meant', async () => {
  const { detail } = await decide({ event: { ...EVENT, event_type: 'TOOL_RESULT' } });
  expect(detail).toContain('`event.event_type` of the body');
  expect(detail).not.toContain('`server`');
  const { permissions: _, ...rest } = MANIFEST;
  const wrong = await decide({ event: EVENT, manifest: rest });
  expect(wrong).toMatchObject({ status: 400, detail: expect.stringContaining('the manifest: ') });
  expect((await decide({ server: 'a', name: 'b', extra: 1 })).detail).toContain('extra');
});

it('an agent cannot put a tool call on record by saying that there was one', async () => {
  const session = await api.session('builder');
  const said = await api.ask('builder', 'POST', '/v1/events', { session, ...EVENT });
  expect(said.status).toBe(400);
  expect(said.body.detail).toContain('when it is made at `/mcp` or proposed at `/v1/actions`');
});
