import { createServer } from 'node:http';
import type { JsonObject } from '@aegis/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { createMcpHandler } from '../../src/gateway/front/http/front.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { HEADERS, initialize, type Message, toolCall } from './http-door.ts';
import { type GatewayOptions, openKernel } from './modern-gateway.ts';
import { type RunningTasks, tasksOverHttp } from './task-server.ts';
import { http, listen, startAll, stop, textOf } from './upstreams.ts';

interface Recorded {
  readonly type: string;
  readonly payload: JsonObject;
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Gateway {
  readonly tasks: RunningTasks;
  readonly kernel: EnforcementKernel;
  readonly events: () => Promise<readonly Recorded[]>;
  /** Sends a message in a session of its own. */
  readonly send: (body: object) => Promise<Message>;
  readonly end: () => Promise<void>;
}

/** The gateway with the kernel itself, before a server with tasks. */
async function open(options: GatewayOptions): Promise<Gateway> {
  const tasks = await tasksOverHttp();
  cleanups.push(() => tasks.close());
  const upstreams = [http({ name: 'tasks', url: tasks.url, isolated: true })];
  const store = createMemoryStore();
  const kernel = await openKernel(upstreams, store, options);
  const catalogue = new Catalogue(upstreams);
  await startAll(catalogue);
  cleanups.push(() => catalogue.close());
  const handler = createMcpHandler({
    kernel,
    catalogue,
    version: '1',
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: [],
    authenticate: () => ({ tenant: 'default', agent: 'alice', user: 'alice', door: 'mcp-http' }),
  });
  const server = createServer(handler);
  const url = `${await listen(server)}/mcp`;
  cleanups.push(async () => {
    await handler.close();
    await stop(server);
  });
  const post = (body: unknown, more: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: 'POST', headers: { ...HEADERS, ...more }, body: JSON.stringify(body) });
  const opened = await post(initialize());
  const session = { 'Mcp-Session-Id': opened.headers.get('mcp-session-id') ?? '' };
  return {
    tasks,
    kernel,
    send: async (body) => {
      const text = await (await post(body, session)).text();
      const data = text.split('\n').findLast((line) => line.startsWith('data: {'));
      return JSON.parse(data?.slice('data: '.length) ?? text) as Message;
    },
    end: async () => {
      await fetch(url, { method: 'DELETE', headers: { ...HEADERS, ...session } });
    },
    events: async () => {
      const events: Recorded[] = [];
      for await (const { body } of store.entries()) {
        const { event_type: type, payload } = JSON.parse(body) as { event_type: string; payload: JsonObject };
        events.push({ type, payload });
      }
      return events;
    },
  };
}

const ALLOWED = `
[[policies]]
name = "work"
match = "tools/call"
action = "allow"
mask = ["email"]
`;

const begin = (id: number, name: string, args: object = {}) => {
  const call = toolCall(id, name, args);
  return { ...call, params: { ...call.params, task: { ttl: 60_000 } } };
};

const about = (id: number, method: string, params: object = {}) => ({ jsonrpc: '2.0', id, method, params });

async function taskId(sent: Promise<Message>): Promise<string> {
  const { result } = await sent;
  return String((result?.['task'] as { taskId?: string } | undefined)?.taskId);
}

const typesOf = (events: readonly Recorded[]) => events.map(({ type }) => type);

const TOOL_CALL = [
  'TOOL_CALL_PROPOSED',
  'POLICY_DECISION',
  'TOOL_CALL_ALLOWED',
  'TOOL_CALL_EXECUTED',
  'TOOL_RESULT',
];
const ACCESS = ['ACCESS_PROPOSED', 'POLICY_DECISION', 'ACCESS_ALLOWED', 'ACCESS_RESULT'];
const DENIED = ['ACCESS_PROPOSED', 'POLICY_DECISION', 'ACCESS_DENIED'];

describe('the record of a task', () => {
  it('is one decision and one outcome of its call, and one of each request about it', async () => {
    const { send, events } = await open({ policy: ALLOWED });
    const id = await taskId(send(begin(1, 'work', { text: 'ask ann@example.com' })));
    const { result } = await send(about(2, 'tasks/result', { taskId: id }));
    expect(textOf(result)).toMatch(/^ask /);
    expect(textOf(result)).not.toContain('ann@example.com');
    await send(about(3, 'tasks/get', { taskId: id }));
    await send(about(4, 'tasks/list'));
    const recorded = (await events()).slice(1);
    const calls = Map.groupBy(recorded, ({ payload }) => String(payload['call_id']));
    expect([...calls.values()].map(typesOf)).toEqual([TOOL_CALL, ACCESS, ACCESS, ACCESS]);
    const outcome = recorded.find(({ type }) => type === 'TOOL_RESULT');
    expect(outcome?.payload).toMatchObject({ outcome: 'executed', masked: 1 });
  });

  it('has the outcome of the call before its result is given to anybody', async () => {
    const { send, events } = await open({ policy: ALLOWED });
    const id = await taskId(send(begin(1, 'work', { ms: '300' })));
    expect(typesOf((await events()).slice(1))).toEqual(TOOL_CALL.slice(0, 3));
    await send(about(2, 'tasks/result', { taskId: id }));
    const types = typesOf(await events());
    expect(types.indexOf('TOOL_RESULT')).toBeLessThan(types.indexOf('ACCESS_RESULT'));
  });

  it('is a denial, and no task, where policy denies the call', async () => {
    const { tasks, send, events } = await open({
      policy: ALLOWED.replace('"allow"\nmask = ["email"]', '"deny"'),
    });
    expect((await send(begin(1, 'work'))).error).toMatchObject({ code: -31403 });
    expect(typesOf((await events()).slice(1))).toEqual([
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_DENIED',
    ]);
    expect(tasks.tasks).toEqual([]);
  });

  it('is a denial of what policy denies about tasks', async () => {
    const deny = '\n[[policies]]\nname = "no lists"\nmatch = "tasks/list"\naction = "deny"\n';
    const { send, events } = await open({ policy: ALLOWED + deny });
    expect((await send(about(1, 'tasks/list'))).error?.code).toBe(-31403);
    expect(typesOf((await events()).slice(1))).toEqual(DENIED);
  });

  it('is one denied access for a task that there is not', async () => {
    const { send, events } = await open({ policy: ALLOWED });
    expect((await send(about(1, 'tasks/result', { taskId: 'x' }))).error?.code).toBe(-32602);
    expect(typesOf((await events()).slice(1))).toEqual(DENIED);
  });

  it('takes no poll for a loop', async () => {
    const { send } = await open({ policy: ALLOWED, budget: { maxIdenticalCalls: 3 } });
    const id = await taskId(send(begin(1, 'never')));
    for (let n = 0; n < 10; n++) {
      expect(await send(about(n + 2, 'tasks/get', { taskId: id }))).toMatchObject({
        result: { status: 'working' },
      });
    }
  });

  it('ends with the session: no call stays without an outcome', async () => {
    const { tasks, send, events, end } = await open({ policy: ALLOWED });
    await send(begin(1, 'never'));
    await end();
    expect(tasks.cancelled).toHaveLength(1);
    const types = typesOf((await events()).slice(1));
    expect(types).toEqual([...TOOL_CALL, 'TERMINATION']);
    const outcome = (await events()).find(({ type }) => type === 'TOOL_RESULT');
    expect(outcome?.payload).toMatchObject({ outcome: 'failed', code: 'UPSTREAM_FAILED' });
  });
});
