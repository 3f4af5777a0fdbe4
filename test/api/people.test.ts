import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiDaemon, type Parsed, startApi, TOKENS, type Who } from './daemon.ts';

let api: ApiDaemon;
let session: string;

beforeAll(async () => {
  api = await startApi();
  session = await api.session('builder');
  await api.ask('builder', 'POST', '/v1/actions', { session, type: 'delete', target: 'database' });
});

afterAll(() => api.remove());

const PEOPLE_ROUTES = [
  ['GET', '/v1/events'],
  ['GET', '/v1/sessions'],
  ['GET', '/v1/stream'],
  ['GET', '/v1/policies'],
  ['GET', '/v1/ledger/checkpoint'],
  ['GET', '/v1/ledger/proof/ses_1/0'],
] as const;

describe('the API', () => {
  it.each(PEOPLE_ROUTES)('gives nobody %s %s without a token', async (method, path) => {
    const answer = await api.ask(undefined, method, path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(answer.body).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(answer.body.request_id).toBe(answer.headers.get('x-request-id'));
  });

  it.each(PEOPLE_ROUTES)('gives no agent %s %s', async (method, path) => {
    expect((await api.ask('builder', method, path)).status).toBe(403);
  });

  it('gives an approver nothing of the ledger', async () => {
    expect((await api.ask('approver', 'GET', '/v1/events')).status).toBe(403);
    expect((await api.ask('approver', 'GET', '/v1/sessions')).status).toBe(200);
  });

  it.each(['auditor', 'admin'] as const)('lets no person act: %s', async (who) => {
    expect((await api.ask(who, 'POST', '/v1/sessions', {})).status).toBe(403);
    expect((await api.ask(who, 'POST', '/v1/actions', { session, type: 'read', target: 'x' })).status).toBe(
      403,
    );
  });

  it('answers everybody with its description, and headers that keep browsers from guessing', async () => {
    const { status, body, headers } = await api.ask(undefined, 'GET', '/openapi.json');
    expect(status).toBe(200);
    expect(body.openapi).toBe('3.1.0');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('refuses a page of another origin', async () => {
    const headers = { Authorization: `Bearer ${TOKENS.admin}`, Origin: 'https://evil.example' };
    expect((await fetch(`${api.url}/v1/events`, { headers })).status).toBe(403);
  });
});

describe('a person', () => {
  it('of one tenant sees that tenant', async () => {
    const seen = async (who: Who) =>
      new Set(
        (await api.ask(who, 'GET', '/v1/events')).body.events.map(
          (event: Parsed) => event.envelope.tenant_id,
        ),
      );
    await api.session('foreign');
    expect(await seen('auditor')).toEqual(new Set(['default']));
    expect(await seen('stranger')).toEqual(new Set(['elsewhere']));
    expect((await seen('admin')).has('elsewhere')).toBe(true);
    const listed = (await api.ask('stranger', 'GET', '/v1/sessions')).body.sessions;
    expect(new Set(listed.map(({ tenant }: Parsed) => tenant))).toEqual(new Set(['elsewhere']));
    expect((await api.ask('stranger', 'GET', `/v1/sessions/${session}`)).status).toBe(404);
    expect((await api.ask('stranger', 'GET', `/v1/sessions/${session}?tenant=default`)).status).toBe(404);
    expect((await api.ask('stranger', 'GET', '/v1/ledger/checkpoint?tenant=default')).status).toBe(404);
    expect((await api.ask('stranger', 'GET', `/v1/ledger/proof/${session}/0?tenant=default`)).status).toBe(
      404,
    );
    expect((await api.ask('auditor', 'GET', `/v1/sessions/${session}`)).body.denied).toBe(1);
  });

  it('reads the ledger page by page, each event once', async () => {
    const whole = (await api.ask('admin', 'GET', '/v1/events?limit=500')).body.events;
    const paged = [];
    for (let after = 0; ; ) {
      const { events, next } = (await api.ask('admin', 'GET', `/v1/events?limit=3&after=${after}`)).body;
      paged.push(...events);
      if (next === after) break;
      after = next;
    }
    expect(paged.slice(0, whole.length)).toEqual(whole);
    expect(new Set(paged.map(({ position }) => position)).size).toBe(paged.length);
  });

  it('is shown a checkpoint and the proof of an event', async () => {
    await expect
      .poll(async () => (await api.ask('auditor', 'GET', '/v1/ledger/checkpoint')).status, {
        timeout: 10_000,
      })
      .toBe(200);
    expect((await api.ask('auditor', 'GET', '/v1/ledger/checkpoint')).body).toMatch(/^[^\n]+\n\d+\n/);
    await expect
      .poll(async () => (await api.ask('auditor', 'GET', `/v1/ledger/proof/${session}/0`)).status, {
        timeout: 10_000,
      })
      .toBe(200);
    const { body } = await api.ask('auditor', 'GET', `/v1/ledger/proof/${session}/0`);
    expect(JSON.parse(body.body).event_type).toBe('SESSION_STARTED');
    expect(body.proof).toContain('c2sp.org/tlog-proof');
  });

  it('follows the ledger as it grows, and goes on where a stream broke off', async () => {
    const follow = async (headers: Record<string, string>, wanted: number) => {
      const stop = new AbortController();
      const response = await fetch(`${api.url}/v1/stream`, {
        headers: { Authorization: `Bearer ${TOKENS.auditor}`, ...headers },
        signal: stop.signal,
      });
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        if (text.split('\n\n').length > wanted) break;
      }
      stop.abort();
      return text
        .split('\n\n')
        .slice(0, wanted)
        .map((message) => ({
          id: Number(/^id: (\d+)$/m.exec(message)?.[1]),
          data: JSON.parse(/^data: (.*)$/m.exec(message)?.[1] ?? 'null'),
        }));
    };
    const first = await follow({ 'Last-Event-ID': '0' }, 3);
    expect(first.map(({ data }) => data.envelope.tenant_id)).toEqual(['default', 'default', 'default']);
    const next = await follow({ 'Last-Event-ID': String(first[2]?.id) }, 1);
    expect(next[0]?.id).toBeGreaterThan(first[2]?.id ?? 0);
    const live = follow({}, 1);
    const grow = setInterval(() => void api.session('builder'), 200);
    const [newest] = await live;
    clearInterval(grow);
    expect(newest?.data.envelope.tenant_id).toBe('default');
  });
});

describe('a question about a call', () => {
  const body = { server: 'database', name: 'delete', arguments: {} };

  it('is answered with the decision, and nothing is recorded', async () => {
    const before = (await api.ask('admin', 'GET', `/v1/sessions/${session}`)).body.events;
    const { body: decision } = await api.ask('builder', 'POST', '/v1/policy/decide', body);
    expect(decision).toMatchObject({ effect: 'deny', rule: 'no-deleting' });
    expect((await api.ask('admin', 'GET', `/v1/sessions/${session}`)).body.events).toBe(before);
    const spent = { ...body, name: 'read', session: { tool_calls: 4, steps: 4 } };
    expect((await api.ask('builder', 'POST', '/v1/policy/decide', spent)).body.reasons[0].code).toBe(
      'BUDGET_EXCEEDED',
    );
  });

  it('about another agent is for people', async () => {
    expect((await api.ask('builder', 'POST', '/v1/policy/decide', { ...body, agent: 'other' })).status).toBe(
      403,
    );
    expect((await api.ask('auditor', 'POST', '/v1/policy/decide', { ...body, agent: 'other' })).status).toBe(
      200,
    );
    expect((await api.ask('auditor', 'POST', '/v1/policy/decide', body)).status).toBe(400);
  });

  it('can be asked as AuthZEN says', async () => {
    const evaluation = (name: string) => ({
      subject: { type: 'agent', id: 'builder' },
      action: { name: 'tools/call', properties: { arguments: {} } },
      resource: { type: 'tool', id: name, properties: { server: 'database' } },
      context: { time: '2026-01-01T00:00:00Z' },
    });
    const denied = await api.ask('builder', 'POST', '/access/v1/evaluation', evaluation('delete'));
    expect(denied.body).toMatchObject({ decision: false, context: { effect: 'deny' } });
    const allowed = await api.ask('builder', 'POST', '/access/v1/evaluation', evaluation('read'));
    expect(allowed.body.decision).toBe(true);
    const asked = await api.ask('builder', 'POST', '/access/v1/evaluation', evaluation('pay'));
    expect(asked.body).toMatchObject({ decision: false, context: { effect: 'require_approval' } });
  });
});

describe('a word for data that a session has read', () => {
  const path = () => `/v1/sessions/${session}/declassifications`;
  const word = { labels: ['external'], why: 'our own pages' };

  it('is taken from people who approve, of their own tenant, and from no agent', async () => {
    expect((await api.ask('builder', 'POST', path(), word)).status).toBe(403);
    expect((await api.ask('auditor', 'POST', path(), word)).status).toBe(403);
    expect((await api.ask('foreman', 'POST', path(), word)).status).toBe(404);
    expect((await api.ask('foreman', 'POST', path(), { ...word, tenant: 'default' })).status).toBe(404);
    const taken = await api.ask('approver', 'POST', path(), word);
    expect([taken.status, taken.body]).toEqual([
      200,
      { tenant: 'default', session, by: 'approver', labels: ['external'], why: 'our own pages' },
    ]);
  });

  it('has a reason, and names labels or a text', async () => {
    const status = async (body: object) => (await api.ask('approver', 'POST', path(), body)).status;
    expect(await status({ labels: ['external'] })).toBe(400);
    expect(await status({ labels: ['external'], why: ' ' })).toBe(400);
    expect(await status({ why: 'x' })).toBe(400);
    expect(await status({ ...word, value: 'a text' })).toBe(400);
    expect(await status({ ...word, labels: ['No label'] })).toBe(400);
    expect(await status({ value: 'a text', why: 'x' })).toBe(200);
  });
});
