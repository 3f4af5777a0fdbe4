import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis } from '../e2e/aegis.ts';
import { type ApiDaemon, type Parsed, startApi } from './daemon.ts';

let api: ApiDaemon;

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.remove());

const propose = (session: string, type: string, params: object = {}) =>
  api.ask('builder', 'POST', '/v1/actions', { session, type, target: 'database', params });

const report = (action: string, result: object) =>
  api.ask('builder', 'POST', `/v1/actions/${action}/result`, { outcome: 'success', result });

describe('an action of an agent’s own code', () => {
  it('is allowed, carried out, reported, masked and on record', async () => {
    const session = await api.session('builder');
    const allowed = await propose(session, 'read', { table: 'users' });
    expect(allowed.body).toMatchObject({ status: 'allowed', params: { table: 'users' }, timeout_ms: 1000 });
    const recorded = await report(allowed.body.action, { text: 'write to ada@example.org' });
    expect(recorded.body).toEqual({ status: 'recorded', result: { text: 'write to [masked:email]' } });
    const { body } = await api.ask('builder', 'GET', `/v1/sessions/${session}/events`);
    expect(body.events.map((event: Parsed) => event.envelope.event_type)).toEqual([
      'SESSION_STARTED',
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_ALLOWED',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
    ]);
    expect(body.events[1].envelope.payload.call_id).toBe(allowed.body.action);
    const state = await api.ask('builder', 'GET', `/v1/sessions/${session}`);
    expect(state.body).toMatchObject({ agent: 'builder', tool_calls: 1, denied: 0, open_calls: 0 });
    const verified = await api.ask('builder', 'GET', `/v1/sessions/${session}/verify`);
    expect(verified.body).toEqual({ intact: true, events: 6, findings: [] });
  });

  it('is denied with the rule, the reason and the id of the record', async () => {
    const session = await api.session('builder');
    const { body } = await propose(session, 'delete');
    expect(body.denial).toMatchObject({ code: 'POLICY_DENY', rule: 'no-deleting' });
    const events = await api.ask('builder', 'GET', `/v1/sessions/${session}/events?type=TOOL_CALL_DENIED`);
    expect(events.body.events[0].envelope.payload.call_id).toBe(body.denial.decision_id);
  });

  it('that asks for a person is answered with the question', async () => {
    const { body } = await propose(await api.session('builder'), 'pay');
    expect(body.status).toBe('denied');
    expect(body.denial.code).toBe('APPROVAL_REQUIRED');
    expect(body.denial.approval).toMatchObject({ status: 'pending' });
  });

  it('is denied beyond the budget, which the server keeps', async () => {
    const session = await api.session('builder');
    for (let call = 0; call < 4; call++) {
      const { body } = await propose(session, 'read', { call });
      await report(body.action, {});
    }
    expect((await propose(session, 'read', { call: 5 })).body.denial.code).toBe('BUDGET_EXCEEDED');
  });

  it('whose outcome nobody reports is on record as such, and cannot be reported any more', async () => {
    const session = await api.session('builder');
    const { body } = await propose(session, 'read');
    await expect
      .poll(async () => (await api.ask('builder', 'GET', `/v1/sessions/${session}`)).body.open_calls, {
        timeout: 10_000,
      })
      .toBe(0);
    expect((await report(body.action, {})).status).toBe(404);
    const { body: page } = await api.ask('builder', 'GET', `/v1/sessions/${session}/events`);
    expect(page.events.at(-1).envelope.payload).toMatchObject({ outcome: 'failed', code: 'TIMEOUT' });
  });

  it('is reported once', async () => {
    const { body } = await propose(await api.session('builder'), 'read');
    expect((await report(body.action, {})).status).toBe(200);
    expect((await report(body.action, {})).status).toBe(404);
  });

  it('whose result is too large is withheld', async () => {
    const { body } = await propose(await api.session('builder'), 'read');
    const answer = await report(body.action, { text: 'x'.repeat(3000) });
    expect(answer.body).toMatchObject({ status: 'withheld', denial: { code: 'OUTPUT_TOO_LARGE' } });
  });

  it('that failed is on record as failed', async () => {
    const { body } = await propose(await api.session('builder'), 'read');
    const answer = await api.ask('builder', 'POST', `/v1/actions/${body.action}/result`, {
      outcome: 'failed',
      error: 'the disk is full',
    });
    expect(answer.body).toEqual({ status: 'failed', error: 'the disk is full' });
  });

  it('belongs to its agent alone', async () => {
    const session = await api.session('builder');
    const { body } = await propose(session, 'read');
    for (const who of ['other', 'foreign'] as const) {
      const path = `/v1/actions/${body.action}/result`;
      expect((await api.ask(who, 'POST', path, { outcome: 'success', result: {} })).status).toBe(404);
      expect((await api.ask(who, 'POST', '/v1/actions', { session, type: 'read', target: 'x' })).status).toBe(
        404,
      );
      expect((await api.ask(who, 'GET', `/v1/sessions/${session}`)).status).toBe(404);
      expect((await api.ask(who, 'GET', `/v1/sessions/${session}/events`)).status).toBe(404);
      expect((await api.ask(who, 'DELETE', `/v1/sessions/${session}`)).status).toBe(404);
    }
  });

  it('leaves a ledger that verifies', async () => {
    const { code, stdout } = await aegis(['verify-ledger', '--config', api.configuration]);
    expect(stdout).toContain('INTACT');
    expect(code).toBe(0);
  });
});

describe('what an agent says of itself', () => {
  it('is put on record', async () => {
    const session = await api.session('builder');
    const started = { model_call_id: 'm1', model: 'a-model' };
    const answer = await api.ask('builder', 'POST', '/v1/events', {
      session,
      event_type: 'MODEL_CALL_STARTED',
      payload: started,
    });
    expect(answer.status).toBe(201);
    const { body } = await api.ask('builder', 'GET', `/v1/sessions/${session}/events`);
    expect(body.events.at(-1).envelope).toMatchObject({ event_type: 'MODEL_CALL_STARTED', payload: started });
  });

  it.each([
    ['TOOL_CALL_ALLOWED', { call_id: 'x', fingerprint: 'x', decision: 'allow' }],
    ['RECEIPT_MINTED', {}],
    ['TERMINATION', { cause: 'x' }],
    ['MODEL_CALL_STARTED', { model: 7 }],
    ['MODEL_CALL_STARTED', { model_call_id: 'm', model: 'm', more: true }],
  ])('is refused as %s %j', async (event_type, payload) => {
    const session = await api.session('builder');
    const answer = await api.ask('builder', 'POST', '/v1/events', { session, event_type, payload });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('INPUT_INVALID');
  });
});
