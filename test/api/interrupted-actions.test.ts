import { afterEach, describe, expect, it } from 'vitest';
import { aegis } from '../e2e/aegis.ts';
import { type ApiDaemon, type Parsed, startApi, TOKENS } from './daemon.ts';

const SLOW = 60_000;

let api: ApiDaemon;

afterEach(() => api.remove());

/** A daemon that gives an action a minute, and a person ten seconds. */
async function open(): Promise<string> {
  api = await startApi('', 2000, { timeout_ms: SLOW, wait_ms: 10_000 });
  return api.session('builder');
}

const propose = (session: string, type = 'read', more: object = {}) =>
  api.ask('builder', 'POST', '/v1/actions', { session, type, target: 'database', ...more });

const report = (action: string) =>
  api.ask('builder', 'POST', `/v1/actions/${action}/result`, { outcome: 'success', result: {} });

const eventsOf = async (session: string): Promise<Parsed[]> =>
  (await api.ask('auditor', 'GET', `/v1/sessions/${session}/events`)).body.events.map(
    ({ envelope }: Parsed) => envelope,
  );

async function isIntact(): Promise<void> {
  const { code, stdout } = await aegis(['verify-ledger', '--config', api.configuration]);
  expect(stdout).toContain('INTACT');
  expect(code).toBe(0);
}

describe('an action under way', () => {
  it('is given up at once when its session ends, and cannot be reported any more', async () => {
    const session = await open();
    const { body } = await propose(session);
    const before = performance.now();
    expect((await api.ask('builder', 'DELETE', `/v1/sessions/${session}`)).status).toBe(200);
    // The kernel would wait five seconds for what does not listen.
    expect(performance.now() - before).toBeLessThan(4_000);
    expect((await report(body.action)).status).toBe(404);
    const [executed, result, end] = (await eventsOf(session)).slice(-3);
    expect(executed.payload).toMatchObject({ call_id: body.action, upstream: 'cancelled' });
    expect(result.payload).toMatchObject({
      call_id: body.action,
      outcome: 'failed',
      code: 'UPSTREAM_FAILED',
    });
    expect(end.event_type).toBe('TERMINATION');
  });

  it('outlives the request that proposed it', async () => {
    const session = await open();
    const { body } = await propose(session);
    await new Promise((done) => setTimeout(done, 300));
    expect((await report(body.action)).body.status).toBe('recorded');
  });

  it('is on record when the daemon is stopped, with streams open', async () => {
    const session = await open();
    await propose(session);
    const streams = await Promise.all(
      Array.from({ length: 8 }, () =>
        fetch(`${api.url}/v1/stream`, { headers: { Authorization: `Bearer ${TOKENS.auditor}` } }),
      ),
    );
    const read = Promise.allSettled(streams.map((stream) => stream.text()));
    const before = performance.now();
    expect(await api.daemon.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(4_000);
    await read;
    await isIntact();
    const shown = await aegis(['sessions', 'show', session, '--config', api.configuration]);
    expect(shown.stdout).toContain('0 under way, ended');
    expect(shown.stdout).toContain('upstream=cancelled');
  });

  it('is on record as allowed when the daemon is killed, and nobody goes on with it', async () => {
    const session = await open();
    const { body } = await propose(session);
    await api.daemon.stop('SIGKILL');
    await api.restart();
    expect((await report(body.action)).status).toBe(404);
    expect((await propose(session)).status).toBe(404);
    // Its outcome is recorded as unknown when the lease of the killed process has run out.
    expect((await eventsOf(session)).at(-1)).toMatchObject({
      event_type: 'TOOL_CALL_ALLOWED',
      payload: { call_id: body.action },
    });
    await isIntact();
  });

  it('is one of 1,024 at most', async () => {
    const session = await open();
    const sessions = [
      session,
      ...(await Promise.all(Array.from({ length: 21 }, () => api.session('builder')))),
    ];
    const proposed = await Promise.all(
      sessions.flatMap((one) =>
        Array.from({ length: 48 }, (_, call) => propose(one, 'read', { params: { call } })),
      ),
    );
    const allowed = proposed.filter(({ body }) => body.status === 'allowed');
    const refused = proposed.filter(({ status }) => status === 429);
    expect(allowed).toHaveLength(1_024);
    expect(refused).toHaveLength(proposed.length - 1_024);
    const [first] = allowed;
    expect((await report(first?.body.action)).body.status).toBe('recorded');
    expect((await propose(session, 'read', { params: { call: 'next' } })).body.status).toBe('allowed');
  }, 60_000);
});

describe('an action about which a person is asked', () => {
  const approvalOf = async (session: string): Promise<Parsed> => {
    const pending = async () => {
      const { body } = await api.ask('approver', 'GET', '/v1/approvals');
      return body.approvals.find((one: Parsed) => one.session === session);
    };
    await expect.poll(pending, { timeout: 5_000 }).toBeDefined();
    return pending();
  };

  it('is carried out with what the person gave', async () => {
    const session = await open();
    const proposing = propose(session, 'pay', { params: { amount: 100 } });
    const { id } = await approvalOf(session);
    await api.ask('approver', 'POST', `/v1/approvals/${id}`, { approved: true, args: { amount: 1 } });
    const { body } = await proposing;
    expect(body).toMatchObject({ status: 'allowed', params: { amount: 1 } });
    const reported = await report(body.action);
    expect(reported.body.status).toBe('recorded');
    await isIntact();
  });

  it('is not carried out when its client is gone, whatever the person says then', async () => {
    const session = await open();
    const gone = new AbortController();
    const proposing = fetch(`${api.url}/v1/actions`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${TOKENS.builder}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ session, type: 'pay', target: 'database' }),
      signal: gone.signal,
    });
    const { id } = await approvalOf(session);
    gone.abort();
    await expect(proposing).rejects.toThrow();
    await expect
      .poll(async () => (await api.ask('auditor', 'GET', `/v1/sessions/${session}`)).body.open_calls, {
        timeout: 5_000,
      })
      .toBe(0);
    await api.ask('approver', 'POST', `/v1/approvals/${id}`, { approved: true });
    expect((await eventsOf(session)).map(({ event_type }) => event_type)).not.toContain('TOOL_CALL_EXECUTED');
    expect((await propose(session, 'pay')).body.status).toBe('allowed');
  });
});

describe('a report', () => {
  it('of two at once is taken once', async () => {
    const session = await open();
    const { body } = await propose(session);
    const reports = await Promise.all(Array.from({ length: 8 }, () => report(body.action)));
    expect(reports.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(reports.filter(({ status }) => status === 404)).toHaveLength(7);
  });

  it('that cannot be taken leaves the action open for one that can', async () => {
    const session = await open();
    const { body } = await propose(session);
    const bad = '{"outcome":"success","result":{"a":1,"a":2}}';
    expect((await api.ask('builder', 'POST', `/v1/actions/${body.action}/result`, bad)).status).toBe(400);
    expect((await report(body.action)).body.status).toBe('recorded');
  });

  it('may hold what the ledger itself writes, and the ledger verifies', async () => {
    const session = await open();
    const { body } = await propose(session);
    const result = { $sealed: 'x', isError: true, _meta: { 'aegis/approval': 1 } };
    const path = `/v1/actions/${body.action}/result`;
    const answer = await api.ask('builder', 'POST', path, { outcome: 'success', result });
    expect(answer.body).toEqual({ status: 'recorded', result });
    await isIntact();
  });
});
