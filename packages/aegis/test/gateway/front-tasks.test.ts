import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { heard, HttpDoor, type Message, messageOf, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import {
  about,
  asTask,
  catalogue,
  door,
  kernel,
  PATH,
  session,
  taskOf,
  tasks,
  tasksBehind,
} from './task-front.ts';
import { textOf } from './upstreams.ts';

tasksBehind();

const FORM = { elicitation: { form: {} } };

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

it('a stock client on its streams hears of a task until its end', async () => {
  const id = await door.openSession();
  const news = await door.stream(undefined, { method: 'GET', session: id });
  const { text } = await door.send(asTask(1, 'child__work', { ms: '100' }), { session: id });
  const { taskId } = taskOf(JSON.parse(text)) ?? {};
  const told = await heard(news, 'it was told', ({ method }) => method === 'notifications/tasks/status');
  expect(told.params).toMatchObject({ taskId, status: 'completed' });
  news.drop();
});
