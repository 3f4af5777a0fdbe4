import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { heard, HttpDoor, type Message, messageOf, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { type RunningTasks, tasksOverHttp } from './task-server.ts';
import {
  http,
  libraryOverHttp,
  type RunningServer,
  serverFile,
  startAll,
  stdio,
  textOf,
  until,
} from './upstreams.ts';

const FORM = { elicitation: { form: {} } };

let tasks: RunningTasks;
let library: RunningServer;
let catalogue: Catalogue;
let kernel: NamedKernel;
let door: HttpDoor;

beforeAll(async () => {
  [tasks, library] = await Promise.all([tasksOverHttp(), libraryOverHttp('library')]);
  catalogue = new Catalogue([
    http({ name: 'tasks', url: tasks.url, isolated: true }),
    http({ name: 'library', url: library.url }),
    stdio({ name: 'child', command: [process.execPath, serverFile('task-stdio')], isolated: true }),
  ]);
  await startAll(catalogue);
});

afterAll(async () => {
  await catalogue.close();
  await tasks.close();
  await library.close();
});

beforeEach(async () => {
  kernel = new NamedKernel({ denied: ['tasks__fail'], hidden: [] });
  door = await HttpDoor.open(catalogue, {}, kernel);
  tasks.tasks.splice(0);
  tasks.cancelled.splice(0);
  tasks.answers.splice(0);
});

afterEach(() => door.close());

const PATH = '/s/tasks/mcp';

const open = (capabilities: object = {}, path = PATH) => door.connectClient('alice', path, capabilities);

/** Everything that a stock client hears of a call that it makes as a task. */
async function stream(client: Client, name: string, args: Record<string, string> = {}, ttl = 60_000) {
  const messages: {
    type: string;
    task?: { taskId: string; status: string };
    result?: unknown;
    error?: Error;
  }[] = [];
  const call = client.experimental.tasks.callToolStream({ name, arguments: args }, undefined, {
    task: { ttl },
  });
  for await (const message of call) messages.push(message);
  return messages;
}

async function session(path = PATH): Promise<(body: object) => Promise<Message>> {
  const { headers } = await door.send(
    {
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
    },
    { path },
  );
  const id = headers['mcp-session-id'] as string;
  return async (body) => messageOf(await door.send(body, { path, session: id }));
}

const asTask = (id: number, name: string, args: object = {}, task: unknown = { ttl: 60_000 }) => {
  const call = toolCall(id, name, args);
  return { ...call, params: { ...call.params, task } };
};

const about = (id: number, method: string, params: object = {}) => ({ jsonrpc: '2.0', id, method, params });

const taskOf = ({ result }: Message) => result?.['task'] as { taskId: string; ttl: number } | undefined;

describe('what a client is told of tasks', () => {
  it('is that they are there, where a server behind has them, and which tools', async () => {
    const { client } = await open();
    expect(client.getServerCapabilities()?.tasks).toEqual({
      list: {},
      cancel: {},
      requests: { tools: { call: {} } },
    });
    const { tools } = await client.listTools();
    const support = Object.fromEntries(tools.map(({ name, execution }) => [name, execution?.taskSupport]));
    expect(support).toMatchObject({ work: 'optional', must: 'required', plain: undefined });
  });

  it('is nothing where no server has them, and `task` is then passed over', async () => {
    const path = '/s/library/mcp';
    const { client } = await open({}, path);
    expect(client.getServerCapabilities()?.tasks).toBeUndefined();
    const send = await session(path);
    expect(textOf((await send(asTask(1, 'greet', { who: 'Ann' }))).result)).toContain('Ann');
    expect((await send(about(2, 'tasks/list'))).error?.code).toBe(-32601);
    expect(kernel.refusals).toMatchObject([{ method: 'tasks/list', code: 'PROTOCOL_VIOLATION' }]);
  });

  it('is nothing in a revision that does not know them', async () => {
    const id = await door.openSession('alice', '2025-06-18');
    const send = async (body: object) => messageOf(await door.send(body, { session: id }));
    const tools = (await send(about(1, 'tools/list'))).result?.['tools'] as object[];
    expect(tools.length).toBeGreaterThan(0);
    expect(tools.filter((tool) => 'execution' in tool)).toEqual([]);
    expect((await send(about(2, 'tasks/get', { taskId: 'x' }))).error?.code).toBe(-32601);
  });
});

describe('a tool call as a task', () => {
  it('goes on after its request, and gives its result to a stock client', async () => {
    const { client } = await open();
    const messages = await stream(client, 'work', { text: 'worked', ms: '100' });
    expect(messages[0]).toMatchObject({ type: 'taskCreated', task: { status: 'working', ttl: 60_000 } });
    expect(messages.at(-2)).toMatchObject({ type: 'taskStatus', task: { status: 'completed' } });
    const last = messages.at(-1);
    expect(last?.type).toBe('result');
    expect(textOf(last?.result)).toBe('worked');
    expect(last?.result).toMatchObject({
      _meta: { 'io.modelcontextprotocol/related-task': { taskId: messages[0]?.task?.taskId } },
    });
  });

  it('is one action, and each request about it is one as well', async () => {
    const send = await session();
    const task = taskOf(await send(asTask(1, 'work', { text: 'once' })));
    await send(about(2, 'tasks/result', { taskId: task?.taskId }));
    await send(about(3, 'tasks/get', { taskId: task?.taskId }));
    await send(about(4, 'tasks/list'));
    await send(about(5, 'tasks/cancel', { taskId: task?.taskId }));
    expect(
      kernel.calls.map(({ method, resource: { server, name } }) => `${method} ${server} ${name}`),
    ).toEqual([
      'tools/call tasks work',
      'tasks/result aegis tasks',
      'tasks/get aegis tasks',
      'tasks/list aegis tasks',
      'tasks/cancel aegis tasks',
    ]);
    expect(kernel.refusals).toEqual([]);
  });

  it('has an id of our own, and its server no other client', async () => {
    const send = await session();
    const mine = taskOf(await send(asTask(1, 'work')));
    expect(mine?.taskId).toMatch(/^[\w-]{22}$/);
    expect(tasks.tasks.map(({ taskId }) => taskId)).not.toContain(mine?.taskId);
    const other = await session();
    for (const [id, method] of ['tasks/get', 'tasks/result', 'tasks/cancel'].entries()) {
      for (const taskId of [mine?.taskId, tasks.tasks[0]?.taskId, 'x', 7, undefined]) {
        expect((await other(about(id + 1, method, { taskId }))).error?.code).toBe(-32602);
      }
    }
    expect(kernel.refusals).toHaveLength(15);
    expect(await other(about(9, 'tasks/list'))).toMatchObject({ result: { tasks: [] } });
    expect(await send(about(9, 'tasks/list'))).toMatchObject({
      result: { tasks: [{ taskId: mine?.taskId }] },
    });
  });

  it('is the only way to call a tool that demands it', async () => {
    const { client } = await open();
    expect(textOf((await stream(client, 'must', { text: 'as a task' })).at(-1)?.result)).toBe('as a task');
    const { result } = await (await session())(toolCall(1, 'must'));
    expect(textOf(result)).toContain('requires task augmentation');
  });

  it('fails as its tool does', async () => {
    const send = await session();
    const { taskId } = taskOf(await send(asTask(1, 'fail'))) ?? {};
    expect(await send(about(2, 'tasks/result', { taskId }))).toMatchObject({ result: { isError: true } });
    expect(await send(about(3, 'tasks/get', { taskId }))).toMatchObject({ result: { status: 'failed' } });
  });

  it('is denied with an error, and its server hears nothing of it', async () => {
    const denying = await HttpDoor.open(catalogue, {}, new NamedKernel({ denied: ['work'] }));
    const { client } = await denying.connectClient('alice', PATH);
    const [only] = await stream(client, 'work');
    expect(only).toMatchObject({ type: 'error', error: { code: -31403 } });
    expect(tasks.tasks).toEqual([]);
    await denying.close();
  });

  it.each([
    ['a tool that takes none', asTask(1, 'plain'), -32601],
    ['a word instead of an object', asTask(1, 'work', {}, 'yes'), -32602],
    ['a time that is none', asTask(1, 'work', {}, { ttl: 'long' }), -32602],
    ['a time before its beginning', asTask(1, 'work', {}, { ttl: -1 }), -32602],
  ])('is refused with %s, and recorded once', async (_, call, code) => {
    expect((await (await session())(call)).error?.code).toBe(code);
    expect(kernel.refusals).toHaveLength(1);
    expect(kernel.calls).toEqual([]);
    expect(tasks.tasks).toEqual([]);
  });

  // SECURITY: what policy hides is answered as if it did not exist, whatever it is.
  it('of a tool that is hidden is one of a tool that there is not', async () => {
    const hiding = await HttpDoor.open(catalogue, {}, new NamedKernel({ hidden: ['plain', 'work'] }));
    const id = await hiding.openSession();
    const path = '/mcp';
    const answers = await Promise.all(
      ['plain', 'tasks__work', 'nothing'].map(async (name, n) => {
        const { text } = await hiding.send(asTask(n + 1, name), { session: id, path });
        const { code, message } = (JSON.parse(text) as Message).error ?? {};
        return [code, message?.replace(name, 'X')];
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await hiding.close();
  });

  it('of two servers under one endpoint stays at its own', async () => {
    const { client } = await open({}, '/mcp');
    const all = await Promise.all(
      ['tasks__work', 'child__work'].map((name) => stream(client, name, { text: name, ms: '50' })),
    );
    expect(all.map((messages) => textOf(messages.at(-1)?.result))).toEqual(['tasks__work', 'child__work']);
    expect(tasks.tasks).toHaveLength(1);
  });
});

describe('what a task says on its way', () => {
  it('is asked for, and told of when it changes', async () => {
    const { client } = await open();
    const statuses: string[] = [];
    client.setNotificationHandler(
      (await import('@modelcontextprotocol/sdk/types.js')).TaskStatusNotificationSchema,
      ({ params }) =>
        void statuses.push(`${params.taskId} ${params.status} ${params.statusMessage ?? ''}`.trim()),
    );
    const messages = await stream(client, 'work', { ms: '50' });
    const id = messages[0]?.task?.taskId;
    await expect.poll(() => statuses).toContain(`${id} completed`);
  });

  it('is masked as its result is, and nothing of it is told without a record', async () => {
    kernel.mask = ['email'];
    const send = await session();
    const made = await send(asTask(1, 'hint', { text: 'ask ann@example.com' }));
    expect(JSON.stringify(made)).not.toContain('statusMessage');
    const { taskId } = taskOf(made) ?? {};
    let words: unknown;
    await expect
      .poll(async () => {
        const { result } = await send(about(2, 'tasks/get', { taskId }));
        words = result?.['statusMessage'];
        return words;
      })
      .toBeDefined();
    expect(words).toContain('ask ');
    expect(words).not.toContain('ann@example.com');
  });
});

describe('a task whose server asks', () => {
  it('asks the client that waits for its result, about the task as the client knows it', async () => {
    const { client } = await open(FORM);
    const asked: unknown[] = [];
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params);
      return { action: 'accept', content: { ok: true } };
    });
    const messages = await stream(client, 'ask');
    expect(textOf(messages.at(-1)?.result)).toBe('accept');
    const id = messages[0]?.task?.taskId;
    expect(asked).toMatchObject([{ _meta: { 'io.modelcontextprotocol/related-task': { taskId: id } } }]);
    const [{ taskId } = { taskId: '' }] = tasks.tasks;
    expect(tasks.answers).toMatchObject([{ _meta: { 'io.modelcontextprotocol/related-task': { taskId } } }]);
    expect(kernel.calls.map(({ method }) => method)).toContain('elicitation/create');
  });

  it('is not asked for its result before the client does', async () => {
    const send = await session();
    const { taskId } = taskOf(await send(asTask(1, 'ask'))) ?? {};
    await expect
      .poll(async () => (await send(about(2, 'tasks/get', { taskId }))).result?.['status'])
      .toBe('input_required');
    expect(kernel.calls.map(({ method }) => method)).not.toContain('elicitation/create');
    expect(kernel.refusals).toEqual([]);
    // This client declared nothing: what is asked of it is refused, and recorded.
    const { result } = await send(about(3, 'tasks/result', { taskId }));
    expect(result).toMatchObject({ isError: true });
    expect(kernel.refusals).toMatchObject([{ method: 'elicitation/create' }]);
  });
});

describe('the end of a task', () => {
  it('comes when the client cancels it: its server hears of it, and it stays cancelled', async () => {
    const send = await session();
    const { taskId } = taskOf(await send(asTask(1, 'never'))) ?? {};
    expect(await send(about(2, 'tasks/cancel', { taskId }))).toMatchObject({
      result: { status: 'cancelled' },
    });
    await until('the server was told', () => tasks.cancelled.length === 1);
    expect((await send(about(3, 'tasks/cancel', { taskId }))).error?.code).toBe(-32602);
    expect((await send(about(4, 'tasks/result', { taskId }))).error?.message).toBe('the task was cancelled');
    expect(await send(about(5, 'tasks/get', { taskId }))).toMatchObject({ result: { status: 'cancelled' } });
  });

  it('comes with the session: its server is told', async () => {
    const id = await door.openSession('alice', '2025-11-25');
    await door.send(asTask(1, 'tasks__never'), { session: id });
    await until('it is under way', () => tasks.tasks.length === 1);
    await door.send(undefined, { method: 'DELETE', session: id });
    expect(tasks.cancelled).toHaveLength(1);
  });

  it('comes when its time is over: nobody finds it, or asks for it, any more', async () => {
    const send = await session();
    const made = taskOf(await send(asTask(1, 'never', {}, { ttl: 300 })));
    expect(made?.ttl).toBe(300);
    let id = 2;
    await expect
      .poll(async () => (await send(about(id++, 'tasks/get', { taskId: made?.taskId }))).error?.code)
      .toBe(-32602);
    // What was under way towards the server may still arrive.
    await new Promise((resolve) => setTimeout(resolve, 200));
    tasks.polls = 0;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(tasks.polls).toBe(0);
  });

  it('is not later than an hour after its beginning', async () => {
    const send = await session();
    expect(taskOf(await send(asTask(1, 'work', {}, { ttl: 1e12 })))?.ttl).toBe(3_600_000);
    expect(taskOf(await send(asTask(2, 'work', {}, {})))?.ttl).toBe(3_600_000);
  });

  it('is not the end of what the client had cancelled of its requests', async () => {
    const id = await door.openSession('alice', '2025-11-25');
    const { taskId } =
      taskOf(messageOf(await door.send(asTask(1, 'tasks__work', { ms: '400' }), { session: id }))) ?? {};
    const waiting = door.send(about(2, 'tasks/result', { taskId }), { session: id });
    await until('it is waited for', () => kernel.calls.some(({ method }) => method === 'tasks/result'));
    await door.send(
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } },
      { session: id },
    );
    expect((await waiting).status).toBe(202);
    const { text } = await door.send(about(3, 'tasks/result', { taskId }), { session: id });
    expect(text).toContain('done');
    expect(tasks.cancelled).toEqual([]);
  });
});

describe('tasks are bounded', () => {
  it('in their number: one that is over makes room, one that goes on does not', async () => {
    const small = await HttpDoor.open(catalogue, { maxTasks: 2 }, kernel);
    const id = await small.openSession();
    const send = async (body: object) => messageOf(await small.send(body, { session: id }));
    const first = taskOf(await send(asTask(1, 'tasks__work')));
    await send(about(2, 'tasks/result', { taskId: first?.taskId }));
    await send(asTask(3, 'tasks__never'));
    expect(taskOf(await send(asTask(4, 'tasks__never')))).toBeDefined();
    expect((await send(about(5, 'tasks/get', { taskId: first?.taskId }))).error?.code).toBe(-32602);
    expect((await send(asTask(6, 'tasks__work'))).error?.message).toContain('too many tasks');
    expect(kernel.refusals.at(-1)?.code).toBe('RATE_LIMITED');
    await small.close();
  });

  it('in what is kept of their results, over all sessions', async () => {
    const small = await HttpDoor.open(catalogue, { maxTaskChars: 1_000 }, kernel);
    const id = await small.openSession();
    const send = async (body: object) => messageOf(await small.send(body, { session: id }));
    const result = async (n: number, text: string) => {
      const { taskId } = taskOf(await send(asTask(n, 'tasks__work', { text }))) ?? {};
      return { taskId, answer: await send(about(n + 1, 'tasks/result', { taskId })) };
    };
    const first = await result(1, 'x'.repeat(600));
    expect(textOf(first.answer.result)).toHaveLength(600);
    // The next one takes its place.
    expect(textOf((await result(3, 'y'.repeat(600))).answer.result)).toHaveLength(600);
    expect((await send(about(5, 'tasks/get', { taskId: first.taskId }))).error?.code).toBe(-32602);
    expect((await result(6, 'z'.repeat(2_000))).answer.error?.message).toContain('no room to keep it');
    await small.close();
  });

  it('in the size of their results, as any call', async () => {
    kernel.limits = { timeoutMs: 5_000, maxOutputBytes: 500 };
    const send = await session();
    const { taskId } = taskOf(await send(asTask(1, 'work', { text: 'x'.repeat(1_000) }))) ?? {};
    const { result } = await send(about(2, 'tasks/result', { taskId }));
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result)).toContain('OUTPUT_TOO_LARGE');
  });

  it('in how often their servers are asked for them', async () => {
    const send = await session();
    tasks.polls = 0;
    await send(asTask(1, 'never'));
    await new Promise((resolve) => setTimeout(resolve, 550));
    expect(tasks.polls).toBeGreaterThan(1);
    expect(tasks.polls).toBeLessThan(8);
  });
});

it('a stock client on its streams hears of a task until its end', async () => {
  const id = await door.openSession();
  const news = await door.stream(undefined, { method: 'GET', session: id });
  const { text } = await door.send(asTask(1, 'child__work', { ms: '100' }), { session: id });
  const { taskId } = taskOf(JSON.parse(text)) ?? {};
  const told = await heard(news, 'it was told', ({ method }) => method === 'notifications/tasks/status');
  expect(told.params).toMatchObject({ taskId, status: 'completed' });
  news.drop();
});
